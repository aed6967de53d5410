#include "harness/report/changes.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    bool worse;
    const char *heading;
} rows[CHANGE_COUNT] = {
#define X(constant, name, worse, heading) [constant] = {name, worse, heading},
    CHANGE_LIST(X)
#undef X
};

const char *change_name(enum change_kind kind) {
    return rows[kind].name;
}

const char *change_heading(enum change_kind kind) {
    return rows[kind].heading;
}

bool change_is_worse(enum change_kind kind) {
    return rows[kind].worse;
}

/* What a verdict says of the service. */
enum standing { STANDS_PASSING, STANDS_FAILING, STANDS_SILENT, STANDS_ABSENT, STANDING_COUNT };

static enum standing standing_of(const struct case_result *result) {
    static const enum standing standings[VERDICT_COUNT] = {
        [VERDICT_PASSED] = STANDS_PASSING,           [VERDICT_FAILED] = STANDS_FAILING,
        [VERDICT_EXPECTED_FAILURE] = STANDS_FAILING, [VERDICT_UNEXPECTED_PASS] = STANDS_PASSING,
        [VERDICT_UNSUPPORTED] = STANDS_SILENT,       [VERDICT_UNTESTABLE] = STANDS_FAILING,
        [VERDICT_ERRORED] = STANDS_FAILING,          [VERDICT_NOT_RUN] = STANDS_SILENT,
    };
    return result ? standings[result->verdict] : STANDS_ABSENT;
}

static bool same_text(const char *one, const char *other) {
    return strcmp(one ? one : "", other ? other : "") == 0;
}

/* A fingerprint says what failed and how, without ids and times; where there is none the reason does. */
static bool fails_alike(const struct case_result *old, const struct case_result *new) {
    if (old->fingerprint[0] || new->fingerprint[0]) {
        return strcmp(old->fingerprint, new->fingerprint) == 0;
    }
    return old->verdict == new->verdict &&same_text(old->step, new->step) &&
           same_text(old->reason, new->reason);
}

/* False when nothing is to be said of it. `left` is where a case stands that the new run does not have. */
static bool find_kind(const struct case_result *old, const struct case_result *new, enum standing left,
                      enum change_kind *kind) {
    enum { NOTHING = CHANGE_COUNT };
    static const int kinds[STANDING_COUNT][STANDING_COUNT] = {
        [STANDS_PASSING] = {NOTHING, CHANGE_NEWLY_FAILING, CHANGE_NO_LONGER_PROVED, CHANGE_REMOVED},
        [STANDS_FAILING] = {CHANGE_NEWLY_PASSING, CHANGE_STILL_FAILING, CHANGE_NO_LONGER_RUN, CHANGE_REMOVED},
        [STANDS_SILENT] = {CHANGE_NEWLY_PASSING, CHANGE_NEWLY_FAILING, NOTHING, CHANGE_REMOVED},
        [STANDS_ABSENT] = {CHANGE_NEW, CHANGE_NEW_FAILING, CHANGE_NEW, NOTHING},
    };
    int found = kinds[standing_of(old)][new ? standing_of(new) : left];
    *kind = (enum change_kind)found;
    if (found == CHANGE_STILL_FAILING && !fails_alike(old, new)) {
        *kind = CHANGE_OTHERWISE_FAILING;
    }
    return found != NOTHING;
}

static void note(struct changes *changes, const char *target, const struct case_result *old,
                 const struct case_result *new, enum standing left) {
    struct change change = {.target = target, .old = old, .new = new};
    changes->compared += old && new;
    if (find_kind(old, new, left, &change.kind)) {
        changes->kinds[change.kind]++;
        changes->items[changes->count++] = change;
    }
}

static const struct past_target *find_target(const struct past_run *run, const struct past_run *other,
                                             size_t at) {
    if (run->target_count == 1 && other->target_count == 1) {
        return &run->targets[0];
    }
    for (size_t i = 0; i < run->target_count; i++) {
        if (strcmp(run->targets[i].summary.target, other->targets[at].summary.target) == 0) {
            return &run->targets[i];
        }
    }
    return NULL;
}

/* The cases of the new run's target, in its order. */
static void note_new(struct changes *changes, size_t at) {
    const struct past_run *old = changes->old, *new = changes->new;
    const struct past_target *target = &new->targets[at], *other = find_target(old, new, at);
    size_t hint = 0;
    for (size_t i = 0; i < new->case_count; i++) {
        size_t found = other ? past_run_find(old, new->cases[i].id, hint) : old->case_count;
        bool there = found < old->case_count;
        note(changes, target->summary.target, there ? &other->results[found] : NULL, &target->results[i],
             STANDS_ABSENT);
        hint = there ? found + 1 : hint;
    }
}

static void note_removed(struct changes *changes, size_t at) {
    const struct past_run *old = changes->old, *new = changes->new;
    const struct past_target *target = &old->targets[at];
    bool there = find_target(new, old, at);
    enum standing left = there && !changes_span_suites(changes) ? STANDS_SILENT : STANDS_ABSENT;
    size_t hint = 0;
    for (size_t i = 0; i < old->case_count; i++) {
        size_t found = there ? past_run_find(new, old->cases[i].id, hint) : new->case_count;
        if (found == new->case_count) {
            note(changes, target->summary.target, &target->results[i], NULL, left);
        } else {
            hint = found + 1;
        }
    }
}

static int compare_changes(const void *one, const void *other) {
    const struct change *first = one, *second = other;
    if (first->kind != second->kind) {
        return first->kind < second->kind ? -1 : 1;
    }
    /* Within a kind there are results of the new run, and of the old one where the new has none; each run's lie in one array a
     * target, in order. */
    const struct case_result *left = first->new ? first->new : first->old;
    const struct case_result *right = second->new ? second->new : second->old;
    int order = first->target == second->target ? 0 : strcmp(first->target, second->target);
    if (order == 0 && !first->new != !second->new) {
        return first->new ? -1 : 1;
    }
    return order ? order : (left > right) - (left < right);
}

enum hp_status changes_find(const struct past_run *old, const struct past_run *new, struct changes *changes,
                            struct hp_problem *problem) {
    size_t room = old->target_count * old->case_count + new->target_count *new->case_count;
    *changes = (struct changes){.old = old, .new = new};
    changes->items = calloc(room + 1, sizeof *changes->items);
    if (!changes->items) {
        return hp_problem_no_memory(problem);
    }
    for (size_t i = 0; i < new->target_count; i++) {
        note_new(changes, i);
    }
    for (size_t i = 0; i < old->target_count; i++) {
        note_removed(changes, i);
    }
    qsort(changes->items, changes->count, sizeof *changes->items, compare_changes);
    return HP_OK;
}

void changes_release(struct changes *changes) {
    free(changes->items);
    *changes = (struct changes){0};
}

bool changes_span_suites(const struct changes *changes) {
    return strcmp(changes->old->header.suite_digest, changes->new->header.suite_digest) != 0;
}

bool changes_are_worse(const struct changes *changes) {
    for (size_t kind = 0; kind < CHANGE_COUNT; kind++) {
        if (changes->kinds[kind] > 0 && rows[kind].worse) {
            return true;
        }
    }
    return false;
}
