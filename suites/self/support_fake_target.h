/* A target that answers by a script, for tests of the engine. */
#ifndef HOLDPOINT_SELF_SUPPORT_FAKE_TARGET_H
#define HOLDPOINT_SELF_SUPPORT_FAKE_TARGET_H

#include "harness/adapters/adapter.h"

#define FAKE_UNSENDABLE "(unsendable)"
#define FAKE_UNTOLD "(untold)"

/* One scripted answer. The script ends with a row whose method is NULL. */
struct fake_answer {
    const char *method;
    const char *result;  /* JSON text of the result; NULL: refused or broken */
    const char *refused; /* the error's name; FAKE_UNSENDABLE: cannot be said; NULL and result NULL: broken */
    const char *status;  /* interrupt_status, FAKE_UNTOLD, or NULL */
    const char *field;   /* the same */
};

/* What the target is. Read and changed by the test at any time; everything in it is borrowed. Calls are
 * answered by the next row of the script, which must name their method; `reset` and `clock.set` are answered
 * with {} unless the next row names them. Any other call is broken: "not in the script". */
struct fake_target {
    struct target target;     /* first, so that a pointer to it is one to the whole */
    const char *capabilities; /* JSON text */
    const char *stand_ins;    /* JSON text, or NULL */
    unsigned endpoints;
    const struct fake_answer *script;
    size_t at; /* the next row */
    bool hello_fails;
    bool open_fails;
    const char *log; /* given out once by take_log; NULL: nothing */
    unsigned restarts, opened, closed;
    /* "method params" a line, every call; "@1 raw method params" for one that is raw and on endpoint 1. */
    struct text calls;
};

/* Fills in a fake; release it with fake_target_release (target_free does nothing to it). */
void fake_target_init(struct fake_target *fake, const char *capabilities, const struct fake_answer *script);
void fake_target_release(struct fake_target *fake);

#endif
