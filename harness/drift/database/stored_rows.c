#include "harness/drift/database/stored_rows.h"

#include <string.h>

enum { SHOWN_MAX = 10 };

/* One of the three checks: the rows are grouped by what is wrong with them. */
struct row_check {
    enum database_check check;
    const char *column; /* whose value is shown; NULL: the table is the object */
    const char *columns[4];
    size_t column_count;
};

static const struct row_check checks[] = {
    {CHECK_ROW_KIND, "kind", {"kind"}, 1},
    {CHECK_ROW_STATUS, "status", {"status"}, 1},
    {CHECK_ROW_INCONSISTENT, NULL, {"status", "response", "resolved_at", "data"}, 4},
};

static void add_words(struct text *sql, const struct words *words) {
    for (size_t i = 0; i < words->count; i++) {
        text_add(sql, i > 0 ? ", " : "");
        catalog_add_literal(sql, words->items[i]);
    }
}

static void add_closed(struct text *sql, const char *column, const struct words *words) {
    text_addf(sql, "case when %s is null then 'null' when %s::text not in (", column, column);
    add_words(sql, words);
    text_addf(sql, ") then '\"' || %s::text || '\"' end", column);
}

/* What is wrong with a row, as SQL that gives a text, or null for a row in order. */
static void add_fault(const struct inspection *inspection, const struct row_check *check, struct text *sql) {
    const struct vocabulary *vocabulary = inspection->vocabulary;
    if (check->check == CHECK_ROW_KIND) {
        add_closed(sql, "kind", &vocabulary->kinds);
        return;
    }
    if (check->check == CHECK_ROW_STATUS) {
        add_closed(sql, "status", &vocabulary->statuses);
        return;
    }
    text_add(
        sql,
        "case when data is null or jsonb_typeof(data) <> 'object' then 'data that is no object'"
        " when status::text = 'resolved' and (response is null or jsonb_typeof(response) <> 'object')"
        " then 'resolved without a response that is an object'"
        " when status::text = 'resolved' and resolved_at is null then 'resolved without resolved_at'"
        " when status::text <> 'resolved' and response is not null then status::text || ' with a response'"
        " when status::text <> 'resolved' and resolved_at is not null"
        " then status::text || ' with resolved_at' end");
}

static const char *alias_of(const struct inspection *inspection, const char *quoted) {
    const struct word_pairs *aliases = &inspection->vocabulary->aliases;
    for (size_t i = 0; i < aliases->count; i++) {
        size_t length = strlen(aliases->items[i].name);
        if (strncmp(quoted + 1, aliases->items[i].name, length) == 0 &&
            strcmp(quoted + 1 + length, "\"") == 0) {
            return aliases->items[i].value;
        }
    }
    return NULL;
}

static void add_group(const struct inspection *inspection, const struct row_check *check,
                      const struct catalog_answer *answer, size_t row, struct text *what) {
    const char *fault = catalog_value(answer, row, 0), *count = catalog_value(answer, row, 1);
    const char *id = catalog_value(answer, row, 2);
    const char *alias = check->check == CHECK_ROW_KIND ? alias_of(inspection, fault) : NULL;
    text_addf(what, "%s%s %s: %s", row > 0 ? "; " : "", count, strcmp(count, "1") == 0 ? "row" : "rows",
              fault);
    if (alias) {
        text_addf(what, " (an alias of %s)", alias);
    }
    if (id) {
        text_addf(what, ", such as %s", id);
    }
}

static void find(struct inspection *inspection, const struct relation *relation,
                 const struct row_check *check, const struct catalog_answer *answer) {
    struct text object = {0}, mend = {0}, what = {0};
    if (check->column) {
        relation_add_label(relation, check->column, &object);
        text_addf(&what, "Rows with another %s than the vocabulary's: ", check->column);
    } else {
        text_add(&object, relation->label);
        text_add(&what, "Rows that contradict themselves: ");
    }
    for (size_t i = 0; i < answer->row_count && i < SHOWN_MAX; i++) {
        add_group(inspection, check, answer, i, &what);
    }
    text_add(&what, answer->row_count > SHOWN_MAX ? "; and more." : ".");
    inspection_find(inspection, check->check, &object, &mend, &what);
}

static void inspect(struct inspection *inspection, const struct relation *relation,
                    const struct row_check *check) {
    if (relation_spares(inspection, relation, check->check, check->columns, check->column_count)) {
        return;
    }
    struct text sql = {0};
    struct catalog_answer answer = {0};
    text_add(&sql, "select fault, count(*), min(id) from (select ");
    text_add(&sql, relation_find(relation, "id") ? "id::text" : "null");
    text_add(&sql, " as id, ");
    add_fault(inspection, check, &sql);
    text_addf(&sql,
              " as fault from %s) as row where fault is not null group by 1 order by 2 desc, 1 limit %d",
              relation->sql, SHOWN_MAX + 1);
    struct probe_outcome outcome = inspection_peek(inspection, &sql, &answer);
    if (outcome.end == PROBE_FAILED || outcome.end == PROBE_REFUSED) {
        inspection_unknown(inspection, check->check, &outcome);
    } else if (answer.row_count > 0) {
        find(inspection, relation, check, &answer);
    }
    drift_examined(inspection->report, check_of(check->check));
    catalog_answer_release(&answer);
    text_release(&sql);
}

void stored_rows_inspect(struct inspection *inspection, const struct relation *relation) {
    inspection_limit(inspection, "30s");
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++) {
        inspect(inspection, relation, &checks[i]);
    }
}
