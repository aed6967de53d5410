/* The reference on its memory store behind somebody who changes what it answers, for tests of what is to be noticed. One
 * thread. */
#ifndef HOLDPOINT_SELF_SUPPORT_TAMPER_TARGET_H
#define HOLDPOINT_SELF_SUPPORT_TAMPER_TARGET_H

#include "harness/adapters/adapter.h"

/* What becomes of one call, or of each of a method. A table ends with a row without a method. */
struct tamper {
    const char *method;
    unsigned nth; /* which call of that method, from 1; 0: each */
    /* Changes of the result, JSON with ' for ", each one of
     *   {"set": POINTER, "to": VALUE}       a last token "-" appends to a list; "$id1" is the id of the second creation
     *   {"drop": POINTER}
     *   {"copy": POINTER, "to": POINTER}
     *   {"swap": [POINTER, POINTER]}
     *   {"respell": POINTER}                every instant below it, in another way to write it */
    const char *changes;
    const char *refused; /* answered in place of the result: the error's name, */
    const char *status;  /* and its interrupt_status, or NULL */
    bool lost;           /* no answer */
    bool again;          /* the answer that the call of this method before had */
    bool undone; /* the operation is not carried out; its result is {}, unless something else is said */
};

/* Makes one in front of a new memory store; target_free frees both. The table is borrowed; NULL: nothing is changed. */
struct target *tamper_target_new(const struct tamper *tampers);

/* The instant as others write it, an hour and a half east: static, until the next call. */
const char *instant_respelled(const char *text);

#endif
