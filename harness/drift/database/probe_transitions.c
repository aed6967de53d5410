#include "harness/drift/database/probe_transitions.h"

#include <stdio.h>
#include <string.h>

enum { CHANGE_SIZE = 256 };

/* What makes a row of the status, with all that belongs to it. */
static void add_turn(const char *status, struct text *sql) {
    bool resolved = strcmp(status, probe_resolved) == 0;
    text_add(sql, "status = ");
    catalog_add_literal(sql, status);
    text_addf(sql, ", response = %s, resolved_at = %s", resolved ? probe_response_sql : "null",
              resolved ? "pg_catalog.now()" : "null");
}

static struct probe_outcome turn(struct probe *probe, size_t from, const char *to) {
    const struct words *statuses = &probe->inspection->vocabulary->statuses;
    struct probe_row row = {.status = statuses->items[from]};
    struct text changes = {0}, condition = {0};
    struct probe_outcome outcome = {.end = PROBE_FAILED};
    add_turn(to, &changes);
    text_add(&condition, "status::text = ");
    catalog_add_literal(&condition, to);
    if (changes.failed || condition.failed) {
        probe->inspection->report->failed = true;
    } else {
        outcome = probe_change(probe, &row, (unsigned)probe->reach[from], changes.bytes, condition.bytes);
    }
    text_release(&changes);
    text_release(&condition);
    return outcome;
}

static bool is_final(const struct probe *probe, size_t status) {
    const struct vocabulary *vocabulary = probe->inspection->vocabulary;
    return words_hold(&vocabulary->final_statuses, vocabulary->statuses.items[status]);
}

static size_t status_count(const struct probe *probe) {
    size_t count = probe->inspection->vocabulary->statuses.count;
    return count < PROBE_STATUSES_MAX ? count : PROBE_STATUSES_MAX;
}

static void add_item(struct text *list, const char *format, const char *from, const char *to) {
    text_add(list, list->length_bytes > 0 ? ", " : "");
    text_addf(list, "%s %s %s", from, format, to);
}

/* Every way out of a final status to one that the table has. False when one could not be decided. */
static bool try_leaving(struct probe *probe, size_t from, struct text *list) {
    const struct words *statuses = &probe->inspection->vocabulary->statuses;
    for (size_t to = 0; to < status_count(probe); to++) {
        if (to == from || probe->reach[to] < 0) {
            continue;
        }
        struct probe_outcome outcome = turn(probe, from, statuses->items[to]);
        if (outcome.end == PROBE_YES) {
            add_item(list, "to", statuses->items[from], statuses->items[to]);
        } else if (outcome.end == PROBE_FAILED) {
            inspection_unknown(probe->inspection, CHECK_TRANSITION_OPEN, &outcome);
            return false;
        }
    }
    return true;
}

/* An answer that is given stays: another response, another time of it. */
static bool try_rewriting(struct probe *probe, size_t resolved, struct text *list) {
    static const struct {
        const char *what, *changes, *condition;
    } rows[] = {
        {"response", "response = '{\"text\": \"another\"}'", "response ->> 'text' = 'another'"},
        {"resolved_at", "resolved_at = '2001-01-01 00:00:00+00'", "resolved_at = '2001-01-01 00:00:00+00'"},
    };
    struct probe_row row = {.status = probe_resolved};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct probe_outcome outcome =
            probe_change(probe, &row, (unsigned)probe->reach[resolved], rows[i].changes, rows[i].condition);
        if (outcome.end == PROBE_YES) {
            add_item(list, "with another", probe_resolved, rows[i].what);
        } else if (outcome.end == PROBE_FAILED) {
            inspection_unknown(probe->inspection, CHECK_TRANSITION_OPEN, &outcome);
            return false;
        }
    }
    return true;
}

static void inspect_open(struct probe *probe) {
    const struct words *statuses = &probe->inspection->vocabulary->statuses;
    struct inspection *inspection = probe->inspection;
    struct text list = {0};
    bool decided = true;
    for (size_t i = 0; decided && i < status_count(probe); i++) {
        if (is_final(probe, i) && probe->reach[i] >= 0) {
            decided = try_leaving(probe, i, &list) &&
                      (strcmp(statuses->items[i], probe_resolved) != 0 || try_rewriting(probe, i, &list));
        }
    }
    inspection->report->failed = inspection->report->failed || list.failed;
    if (list.length_bytes > 0 && !inspection_excused(inspection, CHECK_TRANSITION_OPEN)) {
        struct text object = {0}, mend = {0}, what = {0};
        text_add(&object, probe->relation->label);
        text_addf(&what, "The database lets a row change that is final: %s.", list.bytes);
        inspection_find(inspection, CHECK_TRANSITION_OPEN, &object, &mend, &what);
    }
    drift_examined(inspection->report, check_of(CHECK_TRANSITION_OPEN));
    text_release(&list);
}

/* False when it could not be decided. */
static bool try_ending(struct probe *probe, size_t pending, size_t to, struct text *list,
                       char why[PROBE_WORDS_SIZE]) {
    const struct words *statuses = &probe->inspection->vocabulary->statuses;
    struct probe_outcome outcome = turn(probe, pending, statuses->items[to]);
    if (outcome.end == PROBE_FAILED) {
        inspection_unknown(probe->inspection, CHECK_TRANSITION_CLOSED, &outcome);
        return false;
    }
    if (outcome.end != PROBE_YES) {
        add_item(list, "to", statuses->items[pending], statuses->items[to]);
        text_put(why, PROBE_WORDS_SIZE, outcome.end == PROBE_NO ? "the update does nothing" : outcome.words);
    }
    return true;
}

static void find_closed(struct probe *probe, const struct text *list, const char *why) {
    struct text object = {0}, mend = {0}, what = {0};
    text_add(&object, probe->relation->label);
    text_addf(&what, "The database refuses to end a pending row: %s (%s).", list->bytes, why);
    inspection_find(probe->inspection, CHECK_TRANSITION_CLOSED, &object, &mend, &what);
}

static size_t find_pending(const struct probe *probe) {
    size_t at = 0;
    while (at < status_count(probe) && is_final(probe, at)) {
        at++;
    }
    return at;
}

static void inspect_closed(struct probe *probe) {
    struct inspection *inspection = probe->inspection;
    size_t pending = find_pending(probe);
    if (pending == status_count(probe) || probe->reach[pending] < 0) {
        drift_skipped(inspection->report, check_of(CHECK_TRANSITION_CLOSED),
                      "status-missing comes first: no pending row goes in");
        return;
    }
    struct text list = {0};
    char why[PROBE_WORDS_SIZE] = "";
    for (size_t i = 0; i < status_count(probe); i++) {
        bool tried = i != pending && probe->reach[i] >= 0;
        if (tried && !try_ending(probe, pending, i, &list, why)) {
            break;
        }
    }
    inspection->report->failed = inspection->report->failed || list.failed;
    if (list.length_bytes > 0 && !list.failed) {
        find_closed(probe, &list, why);
    }
    drift_examined(inspection->report, check_of(CHECK_TRANSITION_CLOSED));
    text_release(&list);
}

/* An update, the column that it needs, and how a row looks on which it was not carried out. */
struct change {
    const char *column, *changes, *undone;
};

/* The row is of the year 2001 until the update. PROBE_NO: it still is, though the update was carried out. */
static struct probe_outcome touch(struct probe *probe, const struct change *change) {
    static const char old[] = "'2001-01-01 00:00:00+00'";
    struct probe_row row = {.values = {{"updated_at", old}}, .value_count = 1};
    struct text condition = {0};
    struct probe_outcome outcome = {.end = PROBE_FAILED};
    if (relation_flaw(probe->inspection, probe->relation, "created_at") == 0) {
        row.values[row.value_count++] = (struct probe_value){"created_at", old};
    }
    text_addf(&condition,
              "updated_at between now() - interval '1 s' and clock_timestamp() + interval '1 s' or %s",
              change->undone);
    if (condition.failed) {
        probe->inspection->report->failed = true;
    } else {
        outcome = probe_change(probe, &row, probe->variant, change->changes, condition.bytes);
    }
    text_release(&condition);
    return outcome;
}

static void find_untouched(struct probe *probe, const char *changes) {
    struct text object = {0}, mend = {0}, what = {0};
    relation_add_label(probe->relation, "updated_at", &object);
    text_addf(&what, "An update (set %s) leaves updated_at at another time than the database's.", changes);
    inspection_find(probe->inspection, CHECK_UPDATED_AT, &object, &mend, &what);
}

/* False when there is no more to try. An end that the table refuses is no matter of updated_at. */
static bool try_change(struct probe *probe, const struct change *change) {
    struct inspection *inspection = probe->inspection;
    bool turns = strcmp(change->column, "status") == 0;
    struct probe_outcome outcome = touch(probe, change);
    if (outcome.end == PROBE_NO) {
        if (!inspection_excused(inspection, CHECK_UPDATED_AT)) {
            find_untouched(probe, change->changes);
        }
        return false;
    }
    if (outcome.end == PROBE_FAILED || (outcome.end == PROBE_REFUSED && !turns)) {
        inspection_unknown(inspection, CHECK_UPDATED_AT, &outcome);
        return false;
    }
    return true;
}

static void inspect_touch(struct probe *probe) {
    static const char *const column = "updated_at";
    static const struct change changes[] = {
        {"message", "message = 'probed'", "message is distinct from 'probed'"},
        {"data", "data = '{\"probe\": 1}'", "not data ? 'probe'"},
        {"status", "status = 'expired'", "status::text <> 'expired'"},
        {"updated_at", "updated_at = '2002-02-02 00:00:00+00'", "updated_at = '2001-01-01 00:00:00+00'"},
    };
    struct inspection *inspection = probe->inspection;
    if (relation_spares(inspection, probe->relation, CHECK_UPDATED_AT, &column, 1)) {
        return;
    }
    bool open = true;
    for (size_t i = 0; open && i < sizeof changes / sizeof changes[0]; i++) {
        if (relation_flaw(inspection, probe->relation, changes[i].column) == 0) {
            open = try_change(probe, &changes[i]);
        }
    }
    drift_examined(inspection->report, check_of(CHECK_UPDATED_AT));
}

void probe_transitions(struct probe *probe) {
    static const char *const columns[] = {"status", "response", "resolved_at"};
    enum { COLUMNS = sizeof columns / sizeof columns[0] };
    struct inspection *inspection = probe->inspection;
    if (relation_spares(inspection, probe->relation, CHECK_TRANSITION_OPEN, columns, COLUMNS)) {
        relation_spares(inspection, probe->relation, CHECK_TRANSITION_CLOSED, columns, COLUMNS);
    } else {
        inspect_open(probe);
        inspect_closed(probe);
    }
    inspect_touch(probe);
}
