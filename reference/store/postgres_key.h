/* What a creation or a response with a key sends along, and what comes back for the key. */
#ifndef HOLDPOINT_STORE_POSTGRES_KEY_H
#define HOLDPOINT_STORE_POSTGRES_KEY_H

#include "reference/core/interrupt.h"
#include "reference/store/postgres_connection.h"

/* Adds the three parameters of a statement with a key; nothing for NULL. */
void key_add(struct parameters *parameters, const struct hp_idempotency *idempotency);

/* Reads the three columns that begin at `column`, and writes the outcome of the key. HP_OK with *kept, for the caller to
 * free, when the answer is repeated, without when the request was carried out or refused as if it had no key;
 * HP_INVALID and HP_CONFLICT as struct hp_idempotency says. For NULL it reads nothing. */
enum hp_status key_read(const PGresult *result, int column, struct hp_idempotency *idempotency,
                        struct hp_interrupt **kept, struct hp_problem *problem);

#endif
