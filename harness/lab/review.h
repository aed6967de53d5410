/* Whether what clients were answered can be: the order of the answers, by the checker; and what an order says nothing of:
 * what became of each field, the events, the ids, the rows of lists, and refusals that nobody should have had. Pure; any
 * thread. */
#ifndef HOLDPOINT_LAB_REVIEW_H
#define HOLDPOINT_LAB_REVIEW_H

#include "harness/lab/crew.h"
#include "harness/lab/linearize.h"

/* What a finding is about. A run that is made smaller must keep finding the same. */
enum finding_class {
    FINDING_ORDER, /* no order of the operations explains the answers */
    FINDING_FIELD, /* an answer shows a field otherwise than it was given, or than the one who ended it left it */
    FINDING_EVENT,  /* an event is missing, too many, out of order, or shows something else */
    FINDING_ID,     /* two creations were given one id */
    FINDING_LIST,   /* a list repeats a row, shows what it was not asked for, or is out of order */
    FINDING_ANSWER, /* refused what must be accepted, or an answer without what it must have */
    FINDING_FLOW, /* a flow that ran twice behind one interrupt, or not at all, or elsewhere than its route says */
    FINDING_LIMIT, /* more calls let through than the limit, fewer than there was room for, or a wait that is not true */
    FINDING_MODEL, /* one after another, and still other than the model has it */
    FINDING_CLASSES,
};

enum { FINDING_SENTENCE_SIZE = 512 };

/* One thing that cannot be. */
struct finding {
    enum finding_class class;
    unsigned slot;              /* SCRIPT_SLOTS_MAX: none */
    size_t key;                 /* in the history; SIZE_MAX: none */
    struct judgement judgement; /* of FINDING_ORDER; else it names no operation */
    char sentence[FINDING_SENTENCE_SIZE];
};

/* Findings of one performance, worst first. Zeroed it is empty; release it with review_release. It borrows from the
 * performance. */
struct review {
    struct finding *findings;
    size_t count;
    size_t room;
    bool undecided; /* a check of an order gave up; never a pass */
    bool failed;    /* memory ran out; then it says nothing */
};

/* Looks at everything, or only at the classes whose bits (1 << class) are set; 0: all. */
enum hp_status review_make(const struct performance *performance, unsigned classes, struct review *review,
                           struct hp_problem *problem);

void review_release(struct review *review);

/* The finding of that class; NULL when there is none. */
const struct finding *review_find(const struct review *review, enum finding_class class);

const char *finding_class_name(enum finding_class class); /* "order"; static */
bool finding_class_from_name(const char *name, enum finding_class *class);

#endif
