#include "harness/drift/migrations/trial.h"

#include "harness/drift/migrations/migration_checks.h"

/* Looks what is otherwise in a copy, and says it: *text stays empty when nothing is. */
static enum hp_status compare(const struct rehearsal *rehearsal, const char *copy,
                              const struct snapshot *expected, struct text *text,
                              struct hp_problem *problem) {
    struct snapshot now = {0};
    enum hp_status status = rehearsal_look(rehearsal, copy, &now, problem);
    if (status == HP_OK) {
        snapshot_tell_difference(expected, &now, text);
        status = text->failed ? hp_problem_no_memory(problem) : HP_OK;
    }
    snapshot_release(&now);
    return status;
}

/* Breaks off at one statement. *over: nothing more is to be learnt. */
static enum hp_status break_off(struct rehearsal *rehearsal, const struct step *step, size_t at,
                                const char *copy, const struct snapshot *before, bool *over, bool *clean,
                                struct hp_problem *problem) {
    struct text left = {0};
    struct script_fault fault;
    bool done;
    const struct script_options options = {.fail_at = at, .roles_made = true};
    enum hp_status status = rehearsal_play(rehearsal, copy, step, &options, &done, &fault, problem);
    if (status == HP_OK) {
        status = compare(rehearsal, copy, before, &left, problem);
    }
    *clean = left.length_bytes == 0;
    *over = left.length_bytes > 0 || (status == HP_OK && fault.statement < at);
    if (status == HP_OK && left.length_bytes > 0) {
        const struct drift_place place = {.file = step->path, .line = fault.line};
        drift_find(rehearsal->report, migration_check(NOT_ATOMIC), &place, NULL,
                   "When the statement in line %zu of %s fails, the database is not as before: %s.",
                   fault.line, step->name, left.bytes);
    }
    text_release(&left);
    return status;
}

static size_t find_last(const struct step *step, const struct script_options *options) {
    size_t last = 0;
    for (size_t i = 0; i < step->statements.count; i++) {
        last = script_runs(step, i, options) ? i : last;
    }
    return last;
}

enum hp_status trial_atomic(struct rehearsal *rehearsal, const struct step *step, const char *copy,
                            const struct snapshot *before, bool *clean, struct hp_problem *problem) {
    const struct script_options every = {.fail_at = SCRIPT_NO_FAILURE, .roles_made = true};
    enum hp_status status = HP_OK;
    size_t runs = 0, statements = 0;
    *clean = true;
    bool over = step->statements.count == 0;
    for (size_t i = 0; status == HP_OK && !over && i < step->statements.count; i++) {
        bool bounded = runs >= TRIAL_RUNS_MAX || statements + i > TRIAL_STATEMENTS_MAX;
        if (bounded && step->alone) {
            drift_undecided(
                rehearsal->report, migration_check(NOT_ATOMIC),
                "%s has %zu statements and no transaction around them; only the first %zu were tried",
                step->name, step->statements.count, i);
            return HP_OK;
        }
        if (script_runs(step, i, &every)) {
            size_t at = bounded ? find_last(step, &every) : i;
            status = break_off(rehearsal, step, at, copy, before, &over, clean, problem);
            over = over || bounded;
            runs++;
            statements += i;
        }
    }
    return status;
}

static enum hp_status repeat(struct rehearsal *rehearsal, const struct step *step, const char *copy,
                             const struct snapshot *after, struct hp_problem *problem) {
    struct text changes = {0};
    struct script_fault fault;
    bool done;
    const struct script_options options = {.fail_at = SCRIPT_NO_FAILURE};
    enum hp_status status = rehearsal_play(rehearsal, copy, step, &options, &done, &fault, problem);
    struct drift_place place = {.file = step->path};
    if (status == HP_OK && !done) {
        place.line = fault.line;
        drift_find(rehearsal->report, migration_check(NOT_REPEATABLE), &place, NULL,
                   "%s fails when it is run a second time: %s.", step->name, fault.message);
        return HP_OK;
    }
    if (status == HP_OK) {
        status = compare(rehearsal, copy, after, &changes, problem);
    }
    if (status == HP_OK && changes.length_bytes > 0) {
        drift_find(rehearsal->report, migration_check(NOT_REPEATABLE), &place, NULL,
                   "%s changes something when it is run a second time: %s.", step->name, changes.bytes);
    }
    text_release(&changes);
    return status;
}

/* Runs the step on the copy for the first time. *done is false when it fails there: what all databases of the server
 * share is made already. */
static enum hp_status run_first(struct rehearsal *rehearsal, const struct step *step, const char *copy,
                                bool *done, struct hp_problem *problem) {
    struct script_fault fault;
    const struct script_options options = {.fail_at = SCRIPT_NO_FAILURE, .roles_made = true};
    *done = false;
    return copy ? rehearsal_play(rehearsal, copy, step, &options, done, &fault, problem) : HP_OK;
}

/* Looks at the copy, and runs the step once more there. */
static enum hp_status look_and_repeat(struct rehearsal *rehearsal, const struct step *step, const char *copy,
                                      struct hp_problem *problem) {
    struct snapshot after = {0};
    enum hp_status status = rehearsal_look(rehearsal, copy, &after, problem);
    if (status == HP_OK) {
        status = repeat(rehearsal, step, copy, &after, problem);
    }
    snapshot_release(&after);
    return status;
}

enum hp_status trial_repeat(struct rehearsal *rehearsal, const struct step *step, const char *copy,
                            struct hp_problem *problem) {
    char made[SCRATCH_NAME_SIZE];
    bool done;
    enum hp_status status = run_first(rehearsal, step, copy, &done, problem);
    if (status != HP_OK || done) {
        return status == HP_OK ? look_and_repeat(rehearsal, step, copy, problem) : status;
    }
    status = scratch_create(rehearsal->scratch, rehearsal->database, made, problem);
    if (status == HP_OK) {
        status = look_and_repeat(rehearsal, step, made, problem);
    }
    enum hp_status dropped = status == HP_OK ? scratch_drop(rehearsal->scratch, made, problem) : HP_OK;
    return status == HP_OK ? dropped : status;
}
