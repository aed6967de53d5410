#include "suites/chapters/drift.h"

#include "harness/drift/database/database.h"

#include <string.h>

static const struct drift_check *find_check(const char *id) {
    for (size_t i = 0; i < database_check_count; i++) {
        if (strcmp(database_checks[i].id, id) == 0) {
            return &database_checks[i];
        }
    }
    return NULL;
}

/* The check of an element of args.checks; NULL, and the problem says so, when there is none. */
static const struct drift_check *read_check(const json_t *id, struct hp_problem *problem) {
    const struct drift_check *check = json_is_string(id) ? find_check(json_string_value(id)) : NULL;
    if (!check) {
        hp_problem_set(problem, HP_INVALID, "/checks", "there is no check %s of databases",
                       json_is_string(id) ? json_string_value(id) : "without a name");
    }
    return check;
}

static const struct drift_row *find_row(const struct drift_report *report, const struct drift_check *check) {
    size_t at = 0;
    while (report->rows[at].check != check) {
        at++;
    }
    return &report->rows[at];
}

static json_t *make_finding(const struct drift_finding *finding) {
    return json_pack("{s:s, s:s, s:s?, s:s, s:s}", "check", finding->check->id, "severity",
                     drift_severity_name(finding->check->severity), "object", finding->object, "what",
                     finding->what, "mend", finding->mend);
}

/* Adds the findings of one check; false when memory runs out. */
static bool add_findings(const struct drift_report *report, const struct drift_check *check, json_t *list) {
    for (size_t i = 0; i < report->finding_count; i++) {
        if (report->findings[i].check == check &&
            json_array_append_new(list, make_finding(&report->findings[i])) != 0) {
            return false;
        }
    }
    return true;
}

static enum play_end take_check(const struct drift_report *report, const json_t *id, json_t *list,
                                struct hp_problem *problem) {
    const struct drift_check *check = read_check(id, problem);
    if (!check) {
        return PLAY_BROKEN;
    }
    const struct drift_row *row = find_row(report, check);
    if (row->state == DRIFT_UNDECIDED || row->state == DRIFT_SKIPPED) {
        hp_problem_set(problem, HP_CONFLICT, NULL, "%s is %s: %s", check->id, drift_state_name(row->state),
                       row->reason ? row->reason : "the database did not come to it");
        return PLAY_UNTESTABLE;
    }
    if (!add_findings(report, check, list)) {
        hp_problem_no_memory(problem);
        return PLAY_BROKEN;
    }
    return PLAY_DONE;
}

static enum play_end take_findings(const struct drift_report *report, const json_t *args, json_t **result,
                                   struct hp_problem *problem) {
    const json_t *checks = json_object_get(args, "checks");
    json_t *list = json_array();
    enum play_end end = PLAY_DONE;
    if (!list) {
        hp_problem_no_memory(problem);
        return PLAY_BROKEN;
    }
    for (size_t i = 0; end == PLAY_DONE && i < json_array_size(checks); i++) {
        end = take_check(report, json_array_get(checks, i), list, problem);
    }
    /* What an earlier check found may be why a later one cannot be tried: a column of a table that is not there. */
    if (end == PLAY_UNTESTABLE && json_array_size(list) > 0) {
        end = PLAY_DONE;
    }
    if (end != PLAY_DONE) {
        json_decref(list);
        return end;
    }
    *result = json_pack("{s:o}", "findings", list);
    if (!*result) {
        hp_problem_no_memory(problem);
        return PLAY_BROKEN;
    }
    return PLAY_DONE;
}

static enum hp_status look(const struct play_stage *stage, struct drift_report *report,
                           struct hp_problem *problem) {
    const struct database_drift options = {.conninfo = stage->hello->database,
                                           .schema = stage->hello->schema};
    struct vocabulary *vocabulary = NULL;
    enum hp_status status = vocabulary_load(stage->fixtures, &vocabulary, problem);
    if (status == HP_OK) {
        status = database_drift(&options, vocabulary, report, problem);
    }
    vocabulary_free(vocabulary);
    return status == HP_OK && report->failed ? hp_problem_no_memory(problem) : status;
}

enum play_end drift_database_play(const struct play_stage *stage, const json_t *args, json_t **result,
                                  struct hp_problem *problem) {
    struct drift_report report = {0};
    if (!stage->hello->database) {
        hp_problem_set(problem, HP_UNAVAILABLE, NULL,
                       "the target declares database, but its hello does not say where that is");
        return PLAY_UNTESTABLE;
    }
    if (json_array_size(json_object_get(args, "checks")) == 0) {
        hp_problem_set(problem, HP_INVALID, "/checks", "no checks are named");
        return PLAY_BROKEN;
    }
    enum play_end end =
        look(stage, &report, problem) == HP_OK ? take_findings(&report, args, result, problem) : PLAY_BROKEN;
    drift_report_release(&report);
    return end;
}

void chapter_drift_register(void) {
    play_register("drift.database", drift_database_play);
}
