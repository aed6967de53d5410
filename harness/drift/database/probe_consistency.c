#include "harness/drift/database/probe_consistency.h"

#include <string.h>

/* A row that must not go in, with the words for it. */
struct wrong_row {
    const char *what;
    struct probe_row row;
};

static void add_item(struct text *list, const char *status, const char *what) {
    text_addf(list, "%s%s%s%s", list->length_bytes > 0 ? ", " : "", status ? status : "", status ? " " : "",
              what);
}

/* Lists what goes in. False when one could not be decided. */
static bool try_row(struct probe *probe, enum database_check check, const struct wrong_row *wrong,
                    struct text *list) {
    struct probe_outcome outcome = probe_put(probe, &wrong->row, NULL, NULL);
    if (outcome.end == PROBE_YES) {
        add_item(list, wrong->row.status, wrong->what);
    } else if (outcome.end == PROBE_FAILED && strcmp(outcome.state, "23502") != 0) {
        inspection_unknown(probe->inspection, check, &outcome);
        return false;
    }
    return true;
}

static void try_resolved(struct probe *probe, struct text *list) {
    static const struct wrong_row rows[] = {
        {"without a response",
         {.status = probe_resolved, .values = {{"response", "null"}}, .value_count = 1}},
        {"with the response null of JSON",
         {.status = probe_resolved, .values = {{"response", "'null'"}}, .value_count = 1}},
        {"with a list as response",
         {.status = probe_resolved, .values = {{"response", "'[]'"}}, .value_count = 1}},
        {"with a text as response",
         {.status = probe_resolved, .values = {{"response", "'\"yes\"'"}}, .value_count = 1}},
        {"without resolved_at",
         {.status = probe_resolved, .values = {{"resolved_at", "null"}}, .value_count = 1}},
        {"with neither",
         {.status = probe_resolved,
          .values = {{"response", "null"}, {"resolved_at", "null"}},
          .value_count = 2}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (!try_row(probe, CHECK_RESOLVED_INCOMPLETE, &rows[i], list)) {
            return;
        }
    }
}

static bool is_reached(const struct probe *probe, const char *status) {
    const struct words *statuses = &probe->inspection->vocabulary->statuses;
    for (size_t i = 0; i < statuses->count && i < PROBE_STATUSES_MAX; i++) {
        if (strcmp(statuses->items[i], status) == 0) {
            return probe->reach[i] >= 0;
        }
    }
    return false;
}

static void try_open(struct probe *probe, struct text *list) {
    static const struct wrong_row rows[] = {
        {"with a response", {.values = {{"response", "'{}'"}}, .value_count = 1}},
        {"with resolved_at", {.values = {{"resolved_at", "pg_catalog.now()"}}, .value_count = 1}},
    };
    const struct words *statuses = &probe->inspection->vocabulary->statuses;
    for (size_t i = 0; i < statuses->count; i++) {
        bool tried = strcmp(statuses->items[i], probe_resolved) != 0 && is_reached(probe, statuses->items[i]);
        for (size_t j = 0; tried && j < sizeof rows / sizeof rows[0]; j++) {
            struct wrong_row wrong = rows[j];
            wrong.row.status = statuses->items[i];
            if (!try_row(probe, CHECK_OPEN_WITH_ANSWER, &wrong, list)) {
                return;
            }
        }
    }
}

static size_t find(struct probe *probe, enum database_check check, const char *column,
                   const struct text *list, const struct text *more, const char *mend_sql) {
    struct text object = {0}, mend = {0}, what = {0};
    if (column) {
        relation_add_label(probe->relation, column, &object);
    } else {
        text_add(&object, probe->relation->label);
    }
    text_addf(&mend, "alter table %s add check (%s);", probe->relation->sql, mend_sql);
    text_addf(&what, "The table accepts rows: %s%s%s.", list->bytes, more->length_bytes > 0 ? ", " : "",
              more->length_bytes > 0 ? more->bytes : "");
    return inspection_find(probe->inspection, check, &object, &mend, &what);
}

static void conclude(struct probe *probe, const struct text *resolved, const struct text *open) {
    static const char mend[] = "case when status = 'resolved' then response is not null and"
                               " jsonb_typeof(response) = 'object' and resolved_at is not null"
                               " else response is null and resolved_at is null end";
    static const struct text nothing;
    struct inspection *inspection = probe->inspection;
    if (resolved->length_bytes > 0) {
        if (!inspection_excused(inspection, CHECK_RESOLVED_INCOMPLETE)) {
            size_t finding = find(probe, CHECK_RESOLVED_INCOMPLETE, NULL, resolved, open, mend);
            if (open->length_bytes > 0) {
                inspection_spare(inspection, CHECK_OPEN_WITH_ANSWER, finding);
            }
        }
    } else if (open->length_bytes > 0 && !inspection_excused(inspection, CHECK_OPEN_WITH_ANSWER)) {
        find(probe, CHECK_OPEN_WITH_ANSWER, NULL, open, &nothing, mend);
    }
}

static void inspect_answers(struct probe *probe) {
    static const char *const columns[] = {"status", "response", "resolved_at"};
    enum { COLUMNS = sizeof columns / sizeof columns[0] };
    struct inspection *inspection = probe->inspection;
    if (relation_spares(inspection, probe->relation, CHECK_RESOLVED_INCOMPLETE, columns, COLUMNS)) {
        relation_spares(inspection, probe->relation, CHECK_OPEN_WITH_ANSWER, columns, COLUMNS);
        return;
    }
    struct text resolved = {0}, open = {0};
    if (is_reached(probe, probe_resolved)) {
        try_resolved(probe, &resolved);
    } else {
        drift_skipped(inspection->report, check_of(CHECK_RESOLVED_INCOMPLETE),
                      "status-missing comes first: no resolved row goes in");
    }
    try_open(probe, &open);
    inspection->report->failed = inspection->report->failed || resolved.failed || open.failed;
    conclude(probe, &resolved, &open);
    drift_examined(inspection->report, check_of(CHECK_RESOLVED_INCOMPLETE));
    drift_examined(inspection->report, check_of(CHECK_OPEN_WITH_ANSWER));
    text_release(&resolved);
    text_release(&open);
}

static void inspect_data(struct probe *probe) {
    static const char *const column = "data";
    static const struct wrong_row rows[] = {
        {"with a list as data", {.values = {{"data", "'[]'"}}, .value_count = 1}},
        {"with a text as data", {.values = {{"data", "'\"text\"'"}}, .value_count = 1}},
        {"with a number as data", {.values = {{"data", "'1'"}}, .value_count = 1}},
        {"with the data null of JSON", {.values = {{"data", "'null'"}}, .value_count = 1}},
    };
    static const struct text nothing;
    struct inspection *inspection = probe->inspection;
    if (relation_spares(inspection, probe->relation, CHECK_DATA_NOT_OBJECT, &column, 1)) {
        return;
    }
    struct text list = {0};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (!try_row(probe, CHECK_DATA_NOT_OBJECT, &rows[i], &list)) {
            break;
        }
    }
    inspection->report->failed = inspection->report->failed || list.failed;
    if (list.length_bytes > 0 && !inspection_excused(inspection, CHECK_DATA_NOT_OBJECT)) {
        find(probe, CHECK_DATA_NOT_OBJECT, column, &list, &nothing, "jsonb_typeof(data) = 'object'");
    }
    drift_examined(inspection->report, check_of(CHECK_DATA_NOT_OBJECT));
    text_release(&list);
}

void probe_consistency(struct probe *probe) {
    inspect_answers(probe);
    inspect_data(probe);
}
