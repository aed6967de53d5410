/* A play is a step that the harness itself carries out on a target, where one call and its answer do not
 * suffice: it looks into the target's database, or lets many clients call at once. What it comes to is JSON
 * like an answer, and is matched like one. The plays by name are known here; what carries them out lives in
 * suites/chapters and is registered by whoever wants to run them. */
#ifndef HOLDPOINT_CASE_PLAY_H
#define HOLDPOINT_CASE_PLAY_H

#include "harness/adapters/adapter.h"
#include "reference/base/problem.h"
#include "reference/base/text.h"

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

/* What a play works on. Everything is borrowed. */
struct play_stage {
    struct target *target;
    const struct hello *hello;
    const char *fixtures; /* the folder */
    uint64_t seed;
    unsigned deadline_ms; /* for each call */
    const char *case_id;
    int64_t start_us; /* where the case began, on the target's clock */
    int64_t *
        clock_us; /* where the target's clock was set to; a play that moves it says so here. HP_INSTANT_NONE: not known */
    const char
        *evidence; /* a folder, not made yet, to leave files in that show what went wrong; NULL: leave none */
    struct text *exhibit; /* what a person should see, in lines; shown as it is when the step does not pass */
    /* Closes the sessions of the case and has the target start afresh, as after a broken answer; the next call of the case opens
     * new ones. The argument is `restarted`. */
    void (*restart)(void *restarted);
    void *restarted;
};

enum play_end {
    PLAY_DONE,        /* *result holds what it came to */
    PLAY_UNSUPPORTED, /* a call of it cannot be said to the target; the problem says which */
    PLAY_UNTESTABLE,  /* it could not be brought about; the problem says why */
    PLAY_BROKEN,      /* the harness or the adapter broke; the problem says how */
};

/* args is an object. The caller owns *result. */
typedef enum play_end (*play_function)(const struct play_stage *stage, const json_t *args, json_t **result,
                                       struct hp_problem *problem);

/* The capability that a target declares where the play can be tried; NULL for a play that there is not. */
const char *play_capability(const char *name);

/* The known play nearest to a misspelt one, or NULL. */
const char *play_nearest(const char *name);

/* Says what carries out the play of that name, which must be known. Before any thread is started. */
void play_register(const char *name, play_function function);

/* Carries it out. PLAY_BROKEN when nothing is registered for it. */
enum play_end play_perform(const char *name, const struct play_stage *stage, const json_t *args,
                           json_t **result, struct hp_problem *problem);

#endif
