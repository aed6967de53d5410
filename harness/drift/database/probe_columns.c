#include "harness/drift/database/probe_columns.h"

#include "harness/drift/database/columns.h"

#include <string.h>

static bool is_state(const struct probe_outcome *outcome, const char *state) {
    return strcmp(outcome->state, state) == 0;
}

/* Puts null into a column; the question is whether it stays null. */
static struct probe_outcome put_null(struct probe *probe, const char *kind, const char *column) {
    struct probe_row row = {.kind = kind, .values = {{column, "null"}}, .value_count = 1};
    struct text condition = {0};
    text_addf(&condition, "%s is null", column);
    struct probe_outcome outcome = {.end = PROBE_FAILED};
    if (condition.failed) {
        probe->inspection->report->failed = true;
    } else {
        outcome = probe_put(probe, &row, condition.bytes, NULL);
    }
    text_release(&condition);
    return outcome;
}

/* A column that is never null: NOT NULL says so, or a constraint or a trigger does. */
static void try_null(struct probe *probe, const struct wanted_column *wanted,
                     const struct relation_column *column) {
    struct inspection *inspection = probe->inspection;
    if (column->obliged) {
        return;
    }
    struct probe_outcome outcome = put_null(probe, NULL, wanted->name);
    if (outcome.end == PROBE_YES) {
        if (!inspection_excused(inspection, CHECK_COLUMN_NULLABLE)) {
            columns_find_nullable(inspection, probe->relation, wanted->name);
        }
    } else if (outcome.end == PROBE_FAILED && !is_state(&outcome, "23502")) {
        inspection_unknown(inspection, CHECK_COLUMN_NULLABLE, &outcome);
    }
}

static void find_obliged(struct probe *probe, const char *column, const struct probe_outcome *outcome) {
    struct text object = {0}, mend = {0}, what = {0};
    relation_add_label(probe->relation, column, &object);
    text_add(&mend, "Drop the constraint or trigger that keeps null out.");
    text_addf(&what, "%s cannot be null, and an interrupt may be without it: %s.", column, outcome->words);
    inspection_find(probe->inspection, CHECK_COLUMN_NULLABLE, &object, &mend, &what);
}

/* Where the plain row went in, for every kind, every column that may be null was null. */
static void try_filled(struct probe *probe, const struct wanted_column *wanted,
                       const struct relation_column *column) {
    bool text = wanted->type == COLUMN_TEXT || strcmp(wanted->name, "expires_at") == 0;
    if ((probe->variant == 0 && !probe->picky) || column->obliged || !text) {
        return;
    }
    struct probe_outcome outcome = put_null(probe, probe->variant == 0 ? probe->picky : NULL, wanted->name);
    if (outcome.end == PROBE_REFUSED) {
        find_obliged(probe, wanted->name, &outcome);
    } else if (outcome.end != PROBE_YES && outcome.end != PROBE_NO) {
        inspection_unknown(probe->inspection, CHECK_COLUMN_NULLABLE, &outcome);
    }
}

/* An id of 255 characters, a question of 10,000: a CHECK may forbid them as well as a type does. The plain row went in, so it is
 * the length that is refused. */
static void try_long(struct probe *probe, const struct wanted_column *wanted) {
    bool prose = strcmp(wanted->name, "question") == 0 || strcmp(wanted->name, "message") == 0;
    const char *sql = prose ? "pg_catalog.repeat('x', 10000)" : "pg_catalog.repeat('x', 255)";
    struct probe_row row = {.values = {{wanted->name, sql}}, .value_count = 1};
    struct probe_outcome outcome = probe_put(probe, &row, NULL, NULL);
    if (outcome.end == PROBE_REFUSED || is_state(&outcome, "22001")) {
        struct text object = {0}, mend = {0}, what = {0};
        relation_add_label(probe->relation, wanted->name, &object);
        text_add(&mend, "Drop the constraint or trigger that limits it.");
        text_addf(&what, "%s refuses a text of %s characters: %s.", wanted->name, prose ? "10,000" : "255",
                  outcome.words);
        inspection_find(probe->inspection, CHECK_COLUMN_TYPE, &object, &mend, &what);
    } else if (outcome.end != PROBE_YES) {
        inspection_unknown(probe->inspection, CHECK_COLUMN_TYPE, &outcome);
    }
}

static const char *question_of(enum column_default fallback) {
    static const char *const questions[] = {
        "",
        "count(distinct id) = 2",
        "count(*) = 1 and bool_and(data = '{}')",
        "count(*) = 1 and bool_and(%s between now() - interval '1 s' and clock_timestamp() + interval '1 s')",
    };
    return questions[fallback];
}

static struct probe_outcome omit(struct probe *probe, const struct wanted_column *wanted) {
    struct probe_row row = {.values = {{wanted->name, "default"}}, .value_count = 1};
    struct probe_outcome outcome = {.end = PROBE_FAILED};
    struct text question = {0};
    const char *pattern = question_of(wanted->fallback), *mark = strstr(pattern, "%s");
    text_append(&question, pattern, mark ? (size_t)(mark - pattern) : strlen(pattern));
    if (mark) {
        text_addf(&question, "%s%s", wanted->name, mark + 2);
    }
    if (question.failed) {
        probe->inspection->report->failed = true;
    } else {
        outcome = probe_repeat(probe, &row, wanted->fallback == DEFAULT_UUID ? 2 : 1, question.bytes);
    }
    text_release(&question);
    return outcome;
}

static void try_default(struct probe *probe, const struct wanted_column *wanted) {
    struct inspection *inspection = probe->inspection;
    struct probe_outcome outcome = omit(probe, wanted);
    const char *why = NULL;
    if (is_state(&outcome, "23502")) {
        why = "has no default, and a row that does not say is refused";
    } else if (is_state(&outcome, "23505")) {
        why = "gets the same value twice";
    } else if (outcome.end == PROBE_REFUSED) {
        why = "has a default that the table itself refuses";
    } else if (outcome.end == PROBE_NO) {
        why = "gets another value than it should in a row that does not say";
    } else if (outcome.end == PROBE_FAILED) {
        inspection_unknown(inspection, CHECK_COLUMN_DEFAULT, &outcome);
    }
    if (why && !inspection_excused(inspection, CHECK_COLUMN_DEFAULT)) {
        columns_find_default(inspection, probe->relation, wanted, why);
    }
}

/* Rows without an id of the probe's are found by another column. */
static void inspect_column(struct probe *probe, const struct wanted_column *wanted,
                           const struct relation_column *column) {
    static const char *const key = "request_id";
    size_t findings = probe->inspection->report->finding_count;
    /* A key of another table is as long as it is there. */
    if (wanted->type == COLUMN_TEXT && probe_has_id(probe) && !column->parent_sql) {
        try_long(probe, wanted);
    }
    if (wanted->nullable) {
        try_filled(probe, wanted, column);
    } else {
        try_null(probe, wanted, column);
    }
    bool sound = probe->inspection->report->finding_count == findings || column->fallback;
    if (wanted->fallback == DEFAULT_NONE || !sound) {
        return;
    }
    if (!relation_spares(probe->inspection, probe->relation, CHECK_COLUMN_DEFAULT, &key, 1)) {
        try_default(probe, wanted);
    }
}

void probe_columns(struct probe *probe) {
    struct inspection *inspection = probe->inspection;
    for (size_t i = 0; i < inspection->vocabulary->column_count; i++) {
        const struct wanted_column *wanted = &inspection->vocabulary->columns[i];
        const struct relation_column *column = relation_find(probe->relation, wanted->name);
        if (column && probe->relation->flaws[i] == 0) {
            inspect_column(probe, wanted, column);
        }
    }
    drift_examined(inspection->report, check_of(CHECK_COLUMN_NULLABLE));
    drift_examined(inspection->report, check_of(CHECK_COLUMN_DEFAULT));
}
