#include "harness/drift/migrations/rehearsal.h"

#include "harness/drift/migrations/migration_checks.h"
#include "harness/drift/migrations/trial.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { ROLES_MAX = 50, ROLE_SIZE = 64 };

void rehearsal_release(struct rehearsal *rehearsal) {
    snapshot_release(&rehearsal->now);
    lineage_release(&rehearsal->lineage);
}

enum hp_status rehearsal_look(const struct rehearsal *rehearsal, const char *database,
                              struct snapshot *snapshot, struct hp_problem *problem) {
    struct catalog *catalog = NULL;
    enum hp_status status = scratch_open(rehearsal->scratch, database, &catalog, problem);
    if (status == HP_OK) {
        status = snapshot_take(catalog, rehearsal->since, snapshot, problem);
    }
    catalog_close(catalog);
    return status;
}

enum hp_status rehearsal_play(const struct rehearsal *rehearsal, const char *database,
                              const struct step *step, const struct script_options *options, bool *done,
                              struct script_fault *fault, struct hp_problem *problem) {
    struct catalog *catalog = NULL;
    *fault = (struct script_fault){0};
    *done = false;
    enum hp_status status = scratch_open(rehearsal->scratch, database, &catalog, problem);
    if (status == HP_OK) {
        *done = script_run(catalog, step, options, fault);
    }
    catalog_close(catalog);
    return status;
}

/* Drops a database and makes it again as a copy, under a new name. */
static enum hp_status restore(struct rehearsal *rehearsal, const char *copy, struct hp_problem *problem) {
    enum hp_status status = scratch_drop(rehearsal->scratch, rehearsal->database, problem);
    return status == HP_OK ? scratch_create(rehearsal->scratch, copy, rehearsal->database, problem) : status;
}

/* "role "app" does not exist": the role, or "". */
static void read_role(const char *message, char role[ROLE_SIZE]) {
    const char *start = strncmp(message, "role \"", 6) == 0 ? message + 6 : "";
    const char *end = strchr(start, '"');
    size_t length = end && (size_t)(end - start) < ROLE_SIZE ? (size_t)(end - start) : 0;
    memcpy(role, start, length);
    role[length] = '\0';
}

/* A grant to somebody who is elsewhere: he is made. */
static bool make_role(struct rehearsal *rehearsal, const struct step *step,
                      const struct script_fault *fault) {
    char role[ROLE_SIZE];
    struct text sql = {0};
    struct catalog_answer answer = {0};
    read_role(fault->message, role);
    if (role[0] == '\0' || strncasecmp(step->statements.items[fault->statement].text, "drop", 4) == 0) {
        return false;
    }
    text_add(&sql, "create role ");
    catalog_add_name(&sql, role);
    rehearsal->report->failed = rehearsal->report->failed || sql.failed;
    bool made = !sql.failed && scratch_run(rehearsal->scratch, sql.bytes, &answer) == CATALOG_DONE;
    if (made) {
        const struct drift_place place = {.file = step->path, .line = fault->line};
        drift_find(rehearsal->report, migration_check(ROLE_MISSING), &place, NULL,
                   "%s needs the role %s, which no step makes; it was made for this rehearsal.", step->name,
                   role);
    }
    catalog_answer_release(&answer);
    text_release(&sql);
    return made;
}

static bool is_state(const struct script_fault *fault, const char *const *states) {
    for (; *states; states++) {
        if (strcmp(fault->state, *states) == 0) {
            return true;
        }
    }
    return false;
}

/* Leaves out the statement that wants an extension which the server does not have. */
static bool leave_out_extension(struct rehearsal *rehearsal, struct step *step,
                                const struct script_fault *fault) {
    static const char *const states[] = {"0A000", "58P01", "42704", NULL};
    if (step->statements.items[fault->statement].kind != STATEMENT_EXTENSION || !is_state(fault, states)) {
        return false;
    }
    const struct drift_place place = {.file = step->path, .line = fault->line};
    drift_find(rehearsal->report, migration_check(EXTENSION_MISSING), &place, NULL,
               "%s wants an extension that this server does not have: %s.", step->name, fault->message);
    step->left_out[fault->statement] = true;
    rehearsal->gap = true;
    return true;
}

/* Leaves out what fails since something was passed over before. */
static bool leave_out_consequence(struct rehearsal *rehearsal, struct step *step,
                                  const struct script_fault *fault) {
    static const char *const states[] = {"42704", "42883", "42P01", "42703", "3F000", "42P17", NULL};
    if (!rehearsal->gap || !is_state(fault, states) || step->left_out[fault->statement]) {
        return false;
    }
    step->left_out[fault->statement] = true;
    rehearsal->incomplete = true;
    drift_undecided(rehearsal->report, migration_check(STEP_FAILS),
                    "%s:%zu rests on something that was passed over: %s", step->name, fault->line,
                    fault->message);
    return true;
}

/* Whether a step that failed may go better now. */
static bool mend(struct rehearsal *rehearsal, struct step *step, const struct script_fault *fault) {
    static const char *const own_transaction[] = {"25001", "2D000", NULL};
    if (step->statements.count == 0) {
        return false;
    }
    if (!step->alone && is_state(fault, own_transaction)) {
        step->alone = true;
        return true;
    }
    return leave_out_extension(rehearsal, step, fault) || make_role(rehearsal, step, fault) ||
           leave_out_consequence(rehearsal, step, fault);
}

/* Runs the step on the database, and again as long as something can be done about its failure. copy is the
 * database as it was before. */
static enum hp_status apply(struct rehearsal *rehearsal, struct step *step, const char *copy, bool *done,
                            struct script_fault *fault, struct hp_problem *problem) {
    const struct script_options options = {.fail_at = SCRIPT_NO_FAILURE};
    enum hp_status status = HP_OK;
    *done = false;
    for (bool again = true; again && status == HP_OK;) {
        status = rehearsal_play(rehearsal, rehearsal->database, step, &options, done, fault, problem);
        again = status == HP_OK && !*done && mend(rehearsal, step, fault);
        if (again) {
            status = restore(rehearsal, copy, problem);
        }
    }
    return status;
}

enum hp_status rehearsal_replay(struct rehearsal *rehearsal, size_t step_count,
                                char database[SCRATCH_NAME_SIZE], bool *done, struct script_fault *fault,
                                struct hp_problem *problem) {
    const struct script_options options = {.fail_at = SCRIPT_NO_FAILURE, .roles_made = true};
    enum hp_status status = scratch_create(rehearsal->scratch, NULL, database, problem);
    *done = true;
    if (status == HP_OK && rehearsal->before) {
        status = rehearsal_play(rehearsal, database, rehearsal->before, &options, done, fault, problem);
    }
    for (size_t i = 0; status == HP_OK && *done && i < step_count; i++) {
        status =
            rehearsal_play(rehearsal, database, &rehearsal->steps->items[i], &options, done, fault, problem);
    }
    return status;
}

/* The step in its surroundings. */
struct scene {
    struct step *step;
    size_t index;
    char copy[SCRATCH_NAME_SIZE]; /* the database as it was before */
};

/* Takes everything back to before the step, in a database without sentinels. */
static enum hp_status start_bare(struct rehearsal *rehearsal, struct scene *scene, bool *done,
                                 struct hp_problem *problem) {
    struct script_fault fault;
    char bare[SCRATCH_NAME_SIZE];
    enum hp_status status = rehearsal_replay(rehearsal, scene->index, bare, done, &fault, problem);
    if (status != HP_OK || !*done) {
        return status;
    }
    snapshot_release(&rehearsal->now);
    status = rehearsal_look(rehearsal, bare, &rehearsal->now, problem);
    if (status == HP_OK && !lineage_forget_rows(&rehearsal->lineage, &rehearsal->now)) {
        status = hp_problem_no_memory(problem);
    }
    if (status == HP_OK) {
        status = scratch_drop(rehearsal->scratch, scene->copy, problem);
    }
    if (status == HP_OK) {
        status = scratch_create(rehearsal->scratch, bare, scene->copy, problem);
    }
    return status == HP_OK ? restore(rehearsal, bare, problem) : status;
}

/* Any row at all would stop this: a column that is added without a value. */
static bool stops_at_any_row(const struct step *step, const struct script_fault *fault) {
    return strcmp(fault->state, "23502") == 0 &&
           statement_find_word(&step->statements.items[fault->statement], "add") > 0;
}

/* Tries a step that failed without the sentinels, which may have been what it stumbled over. */
static enum hp_status apply_bare(struct rehearsal *rehearsal, struct scene *scene, bool *done,
                                 struct script_fault *fault, struct hp_problem *problem) {
    struct script_fault first = *fault;
    bool bare = false;
    *done = false;
    if (fault->state[0] == '\0' || strncmp(fault->state, "42", 2) == 0 ||
        stops_at_any_row(scene->step, fault)) {
        return HP_OK;
    }
    enum hp_status status = start_bare(rehearsal, scene, &bare, problem);
    if (status == HP_OK && bare) {
        status = apply(rehearsal, scene->step, scene->copy, done, fault, problem);
    }
    if (status == HP_OK && *done) {
        drift_undecided(rehearsal->report, migration_check(ROWS_LOST),
                        "%s:%zu does not take made-up rows: %s", scene->step->name, first.line,
                        first.message);
    }
    return status;
}

/* What is found out about a step that was carried out. */
static enum hp_status examine(struct rehearsal *rehearsal, struct scene *scene, struct hp_problem *problem) {
    struct snapshot after = {0};
    struct catalog *catalog = NULL;
    bool clean;
    enum hp_status status = rehearsal_look(rehearsal, rehearsal->database, &after, problem);
    if (status == HP_OK) {
        status = trial_atomic(rehearsal, scene->step, scene->copy, &rehearsal->now, &clean, problem);
    }
    if (status == HP_OK) {
        status = trial_repeat(rehearsal, scene->step, clean ? scene->copy : NULL, problem);
    }
    if (status == HP_OK) {
        status = scratch_open(rehearsal->scratch, rehearsal->database, &catalog, problem);
    }
    if (status == HP_OK) {
        const struct lineage_event event = {scene->step, &rehearsal->now, &after, catalog, rehearsal->report};
        status = lineage_follow(&rehearsal->lineage, &event, problem);
    }
    if (status == HP_OK) {
        status = lineage_plant(&rehearsal->lineage, &after, catalog, problem);
    }
    catalog_close(catalog);
    snapshot_release(&after);
    snapshot_release(&rehearsal->now);
    return status == HP_OK ? rehearsal_look(rehearsal, rehearsal->database, &rehearsal->now, problem)
                           : status;
}

static enum hp_status carry_out(struct rehearsal *rehearsal, struct scene *scene,
                                struct hp_problem *problem) {
    struct script_fault fault;
    bool done;
    enum hp_status status = apply(rehearsal, scene->step, scene->copy, &done, &fault, problem);
    if (status == HP_OK && !done) {
        status = apply_bare(rehearsal, scene, &done, &fault, problem);
    }
    if (status == HP_OK && done) {
        return examine(rehearsal, scene, problem);
    }
    if (status == HP_OK) {
        const struct drift_place place = {.file = scene->step->path, .line = fault.line};
        rehearsal->failed = true;
        drift_find(rehearsal->report, migration_check(STEP_FAILS), &place, NULL, "%s fails: %s%s%s.",
                   scene->step->name, fault.message, fault.state[0] ? ", SQLSTATE " : "", fault.state);
    }
    return status;
}

static enum hp_status run_step(struct rehearsal *rehearsal, size_t index, struct hp_problem *problem) {
    struct scene scene = {.step = &rehearsal->steps->items[index], .index = index};
    enum hp_status status = scratch_create(rehearsal->scratch, rehearsal->database, scene.copy, problem);
    if (status == HP_OK) {
        status = carry_out(rehearsal, &scene, problem);
    }
    enum hp_status dropped = status == HP_OK ? scratch_drop(rehearsal->scratch, scene.copy, problem) : status;
    return dropped;
}

static enum hp_status note_since(struct rehearsal *rehearsal, struct hp_problem *problem) {
    struct catalog_answer answer = {0};
    enum hp_status status = HP_OK;
    if (scratch_run(rehearsal->scratch,
                    "select to_char(clock_timestamp() at time zone 'UTC', "
                    "'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')",
                    &answer) == CATALOG_DONE) {
        text_put(rehearsal->since, sizeof rehearsal->since, catalog_value(&answer, 0, 0));
    } else {
        status = catalog_complain(&answer, problem);
    }
    catalog_answer_release(&answer);
    return status;
}

/* Makes the database as it is before the first step. */
static enum hp_status begin(struct rehearsal *rehearsal, struct hp_problem *problem) {
    struct script_fault fault;
    bool done = true;
    enum hp_status status = note_since(rehearsal, problem);
    if (status == HP_OK) {
        status = rehearsal_replay(rehearsal, 0, rehearsal->database, &done, &fault, problem);
    }
    if (status == HP_OK && !done) {
        status = hp_problem_set(problem, HP_INVALID, NULL, "%s:%zu: %s", rehearsal->before->path, fault.line,
                                fault.message);
    }
    if (status == HP_OK) {
        status = rehearsal_look(rehearsal, rehearsal->database, &rehearsal->now, problem);
    }
    if (status == HP_OK && !lineage_add(&rehearsal->lineage, &rehearsal->now, NULL)) {
        status = hp_problem_no_memory(problem);
    }
    return status;
}

/* Psql's commands are passed over, and named. */
static void judge_meta(struct rehearsal *rehearsal, const struct step *step) {
    static const char *const harmless[] = {"\\echo",     "\\set",        "\\timing", "\\pset",  "\\encoding",
                                           "\\restrict", "\\unrestrict", "\\unset",  "\\qecho", "\\prompt"};
    for (size_t i = 0; i < step->statements.count; i++) {
        const struct statement *statement = &step->statements.items[i];
        if (statement->kind != STATEMENT_META) {
            continue;
        }
        bool gap = true;
        for (size_t h = 0; h < sizeof harmless / sizeof harmless[0]; h++) {
            gap = gap && strncmp(statement->text, harmless[h], strlen(harmless[h])) != 0;
        }
        rehearsal->gap = rehearsal->gap || gap;
        const struct drift_place place = {.file = step->path, .line = statement->line};
        drift_find(rehearsal->report, migration_check(META_COMMAND), &place, NULL,
                   "%s holds a command of psql, which no other runner knows; it was passed over: %.60s.",
                   step->name, statement->text);
    }
}

enum hp_status rehearsal_run(struct rehearsal *rehearsal, struct hp_problem *problem) {
    enum hp_status status = begin(rehearsal, problem);
    for (size_t i = 0; status == HP_OK && !rehearsal->failed && i < rehearsal->steps->count; i++) {
        judge_meta(rehearsal, &rehearsal->steps->items[i]);
        status = run_step(rehearsal, i, problem);
    }
    return status;
}
