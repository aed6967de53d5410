/* How an act of a script becomes calls, and what their answers say of the interrupts. An act is one operation, but that a
 * list takes a call for each page. Every interrupt of a script is made so that what became of it can be told from any
 * answer that shows it: all 16 fields have a value, an answer names who gave it in its data, a cancel in its reason.
 *
 * Threads: a stage is shared by the clients of one script; each player is of one thread. */
#ifndef HOLDPOINT_LAB_ACT_H
#define HOLDPOINT_LAB_ACT_H

#include "harness/adapters/adapter.h"
#include "harness/lab/record.h"
#include "harness/lab/script.h"

#include <pthread.h>

enum { STAGE_NAME_SIZE = 64, STAGE_ID_SIZE = 37 };

/* The stages of the pipeline with which flows are resumed: where they stand, and where the route leads. */
#define ACT_STAGE_LEFT "plan"
#define ACT_STAGE_NEXT "act"

/* One slot of a script on the stage. The id is written once, by whoever created it. */
struct slot {
    char id[STAGE_ID_SIZE];
    bool known; /* the id is there */
};

/* What the clients of one script share. */
struct stage {
    const struct script *script;
    char run[STAGE_NAME_SIZE]; /* makes its names its own: "ann-RUN" */
    int64_t start_us;          /* where the clock stood when it began; HP_INSTANT_NONE without a clock */
    int64_t began_ns;          /* recorder_now_ns then; a clock act without a clock waits from here on */
    bool has_clock;
    int64_t clock_error_ns; /* how far the clock of a target that has none to set may be off from ours */
    unsigned deadline_ms;   /* for each call */
    struct slot *slots;
    pthread_mutex_t *lock; /* guards what is known of the slots, and failed; NULL: only one thread is there */
    unsigned slot_count;
    bool failed; /* memory ran out in some act, so what was recorded is not whole */
};

/* HP_INTERNAL without memory. run is copied; the script is borrowed. */
enum hp_status stage_init(struct stage *stage, const struct script *script, const char *run,
                          struct hp_problem *problem);
void stage_release(struct stage *stage);

/* Notes that memory ran out. */
void stage_fail(struct stage *stage);

/* True when somebody has filled the slot: its id may be read from now on. */
bool stage_knows(const struct stage *stage, unsigned slot);

/* The slot of that id among those known; SCRIPT_SLOTS_MAX when it is none of them. */
unsigned stage_find(const struct stage *stage, const char *id);

/* How an act ended. */
enum act_end {
    ACT_SKIPPED, /* its slot was not filled yet */
    ACT_DONE,    /* the answer is a result */
    ACT_REFUSED,
    ACT_LOST, /* no answer, or one that is none, or a call that could not be made */
};

/* What came of one act. Zeroed it holds nothing; release with outcome_release. */
struct outcome {
    enum act_end end;
    int64_t invoke_ns, return_ns;       /* recorder_now_ns; return_ns of a lost one is when it was given up */
    char error_name[ADAPTER_NAME_SIZE]; /* of a refused one */
    char interrupt_status[ADAPTER_NAME_SIZE];
    bool untold_status;               /* as in struct answer */
    bool unsendable;                  /* of a lost one: the adapter has no way to say the call */
    char detail[ADAPTER_DETAIL_SIZE]; /* of a refused or lost one */
    json_t *
        result; /* of a done one: the result; of a list: {"interrupts": [all pages], "total": of the first page} */
    uint32_t by; /* the recording's client when it was called */
};

void outcome_release(struct outcome *outcome);

/* One client at work. Everything is borrowed. */
struct player {
    struct stage *stage;
    struct session *session;
    struct recording *recording;
};

/* Carries one act out: makes the calls, records them, fills the slot of a create, and says what came of it in *outcome,
 * which is zeroed. */
void act_perform(struct player *player, const struct act *act, struct outcome *outcome);

/* Adds a word for what came of it: "ok", "conflict:resolved", "forbidden", "#0 resolved by 3", "none", "not tried",
 * of a resume "ran, #0 resolved by 3", of a check "let through" or "held back",
 * "no answer (why)"; of a list "[#0 pending, #1 resolved by 3, another pending]", of a sweep "[#0, another]". */
bool outcome_add_word(struct text *text, const struct stage *stage, const struct act *act,
                      const struct outcome *outcome);

/* Adds the act as a person reads it: "respond #0", "cancel #0 as a stranger", "list pending". */
bool act_add_words(struct text *text, const struct act *act);

/* Writes the params of an act's first call. False when memory runs out. by is the client's number. */
bool act_add_params(struct text *params, const struct stage *stage, const struct act *act, uint32_t by);

/* Whose answer a resolved interrupt shows: the `by` in its response's data; UINT32_MAX when it shows none. */
uint32_t interrupt_answered_by(const json_t *interrupt);

/* "ann-RUN" into name. */
void stage_put_name(const struct stage *stage, const char *who, char name[STAGE_NAME_SIZE]);

#endif
