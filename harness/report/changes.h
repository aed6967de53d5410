/* What changed between two runs. */
#ifndef HOLDPOINT_REPORT_CHANGES_H
#define HOLDPOINT_REPORT_CHANGES_H

#include "harness/report/past_run.h"

/* One row a kind: constant, name in reports, whether it is for the worse, heading. */
#define CHANGE_LIST(X)                                                                                       \
    X(CHANGE_NEWLY_FAILING, "newly_failing", true, "newly failing")                                          \
    X(CHANGE_NEW_FAILING, "new_failing", true, "new, and failing")                                           \
    X(CHANGE_NO_LONGER_PROVED, "no_longer_proved", true, "passed, and is no longer run")                     \
    X(CHANGE_OTHERWISE_FAILING, "otherwise_failing", false, "still failing, for another reason")             \
    X(CHANGE_STILL_FAILING, "still_failing", false, "still failing")                                         \
    X(CHANGE_NEWLY_PASSING, "newly_passing", false, "newly passing")                                         \
    X(CHANGE_NO_LONGER_RUN, "no_longer_run", false, "failed, and is no longer run")                          \
    X(CHANGE_NEW, "new", false, "new")                                                                       \
    X(CHANGE_REMOVED, "removed", false, "removed")

enum change_kind {
#define X(constant, name, worse, heading) constant,
    CHANGE_LIST(X)
#undef X
        CHANGE_COUNT
};

const char *change_name(enum change_kind kind);
const char *change_heading(enum change_kind kind);
bool change_is_worse(enum change_kind kind);

/* A case on one target that is not as it was, or fails as before. Borrowed. */
struct change {
    enum change_kind kind;
    const char *target;            /* as the new run names it; a removed one's as the old run did */
    const struct case_result *old; /* NULL: it was not there */
    const struct case_result *new; /* NULL: it is there no more, or was not selected */
};

/* All of them, by kind, then in the order of the runs. A known failure of a baseline fails, and a pass that a baseline did
 * not expect passes: what the service does counts, not what is written about it. Zeroed it holds nothing. */
struct changes {
    const struct past_run *old, *new;
    struct change *items;
    size_t count;
    size_t kinds[CHANGE_COUNT]; /* how many of each */
    size_t compared;            /* cases that both runs have, on targets that both have */
};

/* Targets are matched by name; when each run has one alone, they are the same whatever their names. A case that the new run
 * does not have on a target that it has was removed, unless both are of one suite: then a filter or a part left it out, and it
 * is no longer run. HP_INTERNAL when memory runs out. The runs stay the caller's, until the changes are released. */
enum hp_status changes_find(const struct past_run *old, const struct past_run *new, struct changes *changes,
                            struct hp_problem *problem);
void changes_release(struct changes *changes);

/* True when the runs are not of one suite. */
bool changes_span_suites(const struct changes *changes);

/* True when something is for the worse. */
bool changes_are_worse(const struct changes *changes);

#endif
