/* Schemas that a harness makes in a database of somebody else's, and how the next one knows which of them are left over
 * from a harness that was killed: each is claimed by an advisory lock, keyed by its name, that lives as long as the
 * session of its owner. Process ids would not do: they are used again, and machines share databases.
 *
 * It takes a session of the server's own: a pooler that lends sessions by the transaction loses the lock. */
#ifndef HOLDPOINT_ADAPTERS_CLAIM_H
#define HOLDPOINT_ADAPTERS_CLAIM_H

#include "harness/adapters/database.h"

enum { CLAIM_NAME_SIZE = 64 };

/* Writes the name of a schema of ours: "holdpoint_", the process, eight hexadecimal digits of what is random. */
void claim_name(char name[CLAIM_NAME_SIZE], const char *random);

/* Claims the name for the session of the database, which claims no other; does nothing when it holds it already. Before
 * the schema is made, and again when the session may be a new one. */
enum hp_status claim_schema(struct database *database, const char *name, struct hp_problem *problem);

/* Drops every schema that bears such a name, holds the ledger of our migrations, and is claimed by nobody. The session
 * holds no claim yet. One that cannot be dropped now is left to the next. */
enum hp_status claim_drop_orphans(struct database *database, struct hp_problem *problem);

#endif
