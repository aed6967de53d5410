/* What respond and cancel send along. */
#ifndef HOLDPOINT_STORE_POSTGRES_CHANGE_H
#define HOLDPOINT_STORE_POSTGRES_CHANGE_H

#include "reference/base/text.h"
#include "reference/core/transition.h"
#include "reference/store/postgres_connection.h"

enum { CHANGE_KINDS_SIZE = 160, CHANGE_STATUSES_SIZE = 64 };

/* Texts that parameters borrow until the statement ran. Zeroed it is empty. */
struct change_texts {
    struct text json;
    char kinds[CHANGE_KINDS_SIZE];
};

void change_texts_release(struct change_texts *texts);

/* Adds what RESOLVE or CANCEL needs behind the event id. HP_INTERNAL without memory. */
enum hp_status change_add(struct parameters *parameters, const struct hp_change *change,
                          struct change_texts *texts, struct hp_problem *problem);

/* The names of kinds and statuses in a mask, as the text of an array. */
void array_of_kinds(unsigned kinds, char text[CHANGE_KINDS_SIZE]);
void array_of_statuses(unsigned statuses, char text[CHANGE_STATUSES_SIZE]);

#endif
