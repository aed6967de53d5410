#include "harness/drift/database/inspection.h"

#include <string.h>

const struct drift_check *check_of(enum database_check check) {
    return &database_checks[check];
}

static bool is_one_of(const char *state, const char *const *states, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (strcmp(state, states[i]) == 0) {
            return true;
        }
    }
    return false;
}

bool inspection_is_busy(const char *state) {
    static const char *const states[] = {"55P03", "57014", "40P01"};
    return is_one_of(state, states, sizeof states / sizeof states[0]);
}

/* Busy, no privilege, a transaction that reads only: no finding about the table explains these. */
static bool is_foreign(const char *state) {
    return inspection_is_busy(state) || strcmp(state, "42501") == 0 || strcmp(state, "25006") == 0;
}

/* A table, function, type or schema that is not found. */
static bool is_unknown_name(const char *state) {
    static const char *const states[] = {"42P01", "42883", "42704", "3F000"};
    return is_one_of(state, states, sizeof states / sizeof states[0]);
}

/* Integrity constraints, except not null and unique, which a probe breaks by accident; a word that an enum
 * lacks; what a trigger raises. */
static bool is_refusal(const char *state) {
    return (strncmp(state, "23", 2) == 0 && strcmp(state, "23502") != 0 && strcmp(state, "23505") != 0) ||
           strcmp(state, "22P02") == 0 || strcmp(state, "P0001") == 0;
}

static void complain(struct inspection *inspection, const struct catalog_answer *answer) {
    enum hp_status status =
        answer->end == CATALOG_LOST || inspection_is_busy(answer->state) ? HP_UNAVAILABLE : HP_INTERNAL;
    inspection->status =
        hp_problem_set(inspection->problem, status, NULL, "PostgreSQL: %.400s%s%s", answer->message,
                       answer->state[0] ? ", SQLSTATE " : "", answer->state);
}

bool inspection_read(struct inspection *inspection, const char *sql, const char *parameter,
                     struct catalog_answer *answer) {
    if (inspection->status != HP_OK || inspection->report->failed) {
        return false;
    }
    if (catalog_ask(inspection->catalog, sql, &parameter, 1, answer) == CATALOG_DONE) {
        return true;
    }
    complain(inspection, answer);
    catalog_answer_release(answer);
    return false;
}

/* What must work and has no answer of interest. */
static bool carry_out(struct inspection *inspection, const char *sql) {
    struct catalog_answer answer = {0};
    bool done = inspection->status == HP_OK && catalog_run(inspection->catalog, sql, &answer) == CATALOG_DONE;
    if (!done && inspection->status == HP_OK) {
        complain(inspection, &answer);
    }
    catalog_answer_release(&answer);
    return done;
}

static struct probe_outcome judge(const struct catalog_answer *answer) {
    struct probe_outcome outcome = {.end = PROBE_FAILED};
    if (answer->end == CATALOG_DONE) {
        bool yes = answer->row_count > 0 && answer->column_count > 0 && catalog_true(answer, 0, 0);
        outcome.end = yes ? PROBE_YES : PROBE_NO;
        return outcome;
    }
    memcpy(outcome.state, answer->state, sizeof outcome.state);
    text_put(outcome.words, sizeof outcome.words, answer->message);
    if (answer->end == CATALOG_REFUSED && is_refusal(answer->state)) {
        outcome.end = PROBE_REFUSED;
    }
    return outcome;
}

static struct probe_outcome run_once(struct inspection *inspection, const struct text *script,
                                     struct catalog_answer *answer) {
    struct probe_outcome outcome = {.end = PROBE_FAILED};
    struct text whole = {0};
    text_addf(&whole, "savepoint holdpoint; %s", script->bytes ? script->bytes : "");
    inspection->report->failed = inspection->report->failed || script->failed || whole.failed;
    if (inspection->report->failed) {
        text_put(outcome.words, sizeof outcome.words, "out of memory");
    } else if (inspection->status == HP_OK) {
        catalog_run(inspection->catalog, whole.bytes, answer);
        outcome = judge(answer);
        if (answer->end == CATALOG_LOST) {
            complain(inspection, answer);
        }
        carry_out(inspection, "rollback to savepoint holdpoint; release savepoint holdpoint");
    }
    text_release(&whole);
    return outcome;
}

static bool widen(struct inspection *inspection) {
    struct text sql = {0};
    text_add(&sql, "set local search_path = ");
    catalog_add_name(&sql, inspection->schema);
    inspection->report->failed = inspection->report->failed || sql.failed;
    inspection->widened = !sql.failed && carry_out(inspection, sql.bytes);
    text_release(&sql);
    return inspection->widened;
}

struct probe_outcome inspection_peek(struct inspection *inspection, const struct text *query,
                                     struct catalog_answer *answer) {
    struct probe_outcome outcome = run_once(inspection, query, answer);
    if (outcome.end == PROBE_FAILED && is_unknown_name(outcome.state) && inspection->schema &&
        !inspection->widened && widen(inspection)) {
        outcome = run_once(inspection, query, answer);
    }
    return outcome;
}

struct probe_outcome inspection_try(struct inspection *inspection, const struct text *script) {
    struct catalog_answer answer = {0};
    struct probe_outcome outcome = inspection_peek(inspection, script, &answer);
    catalog_answer_release(&answer);
    return outcome;
}

size_t inspection_find(struct inspection *inspection, enum database_check check, struct text *object,
                       struct text *mend, struct text *what) {
    struct drift_report *report = inspection->report;
    if (object->failed || mend->failed || what->failed) {
        report->failed = true;
    } else {
        drift_find(report, check_of(check), &(struct drift_place){.object = object->bytes}, mend->bytes, "%s",
                   what->bytes);
    }
    text_release(object);
    text_release(mend);
    text_release(what);
    return report->finding_count;
}

/* NULL when memory ran out as it was made. */
static const struct drift_finding *finding_of(const struct inspection *inspection, size_t finding) {
    return finding > 0 && finding <= inspection->report->finding_count
               ? &inspection->report->findings[finding - 1]
               : NULL;
}

void inspection_spare(struct inspection *inspection, enum database_check check, size_t finding) {
    const struct drift_finding *first = finding_of(inspection, finding);
    drift_skipped(inspection->report, check_of(check), "%s at %s comes first",
                  first ? first->check->id : "something",
                  first && first->object ? first->object : "this table");
}

void inspection_unknown(struct inspection *inspection, enum database_check check,
                        const struct probe_outcome *outcome) {
    const char *words = outcome->words[0] ? outcome->words : "the row did not arrive";
    const struct drift_finding *first = finding_of(inspection, inspection->blame);
    if (first && !is_foreign(outcome->state)) {
        drift_skipped(inspection->report, check_of(check), "%s at %s comes first: %s", first->check->id,
                      first->object ? first->object : "this table", words);
        return;
    }
    drift_undecided(inspection->report, check_of(check),
                    "what was tried at %s failed for a reason of its own: %s%s%s",
                    inspection->label ? inspection->label : "the database", words,
                    outcome->state[0] ? ", SQLSTATE " : "", outcome->state);
}

bool inspection_excused(struct inspection *inspection, enum database_check check) {
    if (inspection->disabled > 0) {
        inspection_spare(inspection, check, inspection->disabled);
    }
    return inspection->disabled > 0;
}

void inspection_limit(struct inspection *inspection, const char *time) {
    struct text sql = {0};
    text_addf(&sql, "set local statement_timeout = '%s'", time);
    inspection->report->failed = inspection->report->failed || sql.failed;
    if (!sql.failed) {
        carry_out(inspection, sql.bytes);
    }
    text_release(&sql);
}
