#include "harness/drift/migrations/lineage.h"

#include "harness/drift/migrations/migration_checks.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { VERBS_MAX = 4 };

void lineage_release(struct lineage *lineage) {
    for (size_t i = 0; i < lineage->count; i++) {
        free(lineage->tables[i].oid);
        free(lineage->tables[i].schema);
        free(lineage->tables[i].name);
        free(lineage->tables[i].why);
    }
    free(lineage->tables);
    *lineage = (struct lineage){0};
}

static struct lineage_table *find(const struct lineage *lineage, const char *oid) {
    for (size_t i = 0; i < lineage->count; i++) {
        if (strcmp(lineage->tables[i].oid, oid) == 0) {
            return &lineage->tables[i];
        }
    }
    return NULL;
}

static bool begins_with(const char *text, const char *verb) {
    return strncasecmp(text, verb, strlen(verb)) == 0;
}

/* The line where a step does something to a table: in a statement that begins with one of the verbs, else one that has
 * both words, else any that has the name, else any that begins with a verb; 0 when there is none. */
static size_t find_line(const struct step *step, const char *const verbs[VERBS_MAX], const char *name) {
    size_t named = 0, begun = 0, both = 0;
    for (size_t i = 0; i < step->statements.count; i++) {
        const struct statement *statement = &step->statements.items[i];
        size_t line = statement_find_word(statement, name);
        for (size_t v = 0; v < VERBS_MAX && verbs[v]; v++) {
            bool begins = begins_with(statement->text, verbs[v]);
            if (begins && line > 0) {
                return line;
            }
            begun = begun == 0 && begins ? statement->line : begun;
            both = both == 0 && line > 0 && statement_find_word(statement, verbs[v]) > 0 ? line : both;
        }
        named = named == 0 ? line : named;
    }
    return both ? both : named ? named : begun;
}

static size_t find_making(const struct step *step, const char *name) {
    static const char *const verbs[VERBS_MAX] = {"create"};
    return find_line(step, verbs, name);
}

static size_t find_dropping(const struct step *step, const char *name) {
    static const char *const verbs[VERBS_MAX] = {"drop"};
    return find_line(step, verbs, name);
}

static size_t find_losing(const struct step *step, const char *name) {
    static const char *const verbs[VERBS_MAX] = {"drop", "delete", "truncate"};
    return find_line(step, verbs, name);
}

static bool add_table(struct lineage *lineage, const struct snapshot_table *source,
                      const struct step *maker) {
    struct lineage_table *tables = realloc(lineage->tables, (lineage->count + 1) * sizeof *tables);
    if (!tables) {
        return false;
    }
    lineage->tables = tables;
    struct lineage_table *table = &tables[lineage->count];
    *table = (struct lineage_table){.oid = text_copy(source->oid),
                                    .schema = text_copy(source->schema),
                                    .name = text_copy(source->name),
                                    .maker = maker,
                                    .maker_line = maker ? find_making(maker, source->name) : 0};
    table->sentinel.number = (unsigned)++lineage->count;
    return table->oid && table->schema && table->name;
}

bool lineage_add(struct lineage *lineage, const struct snapshot *snapshot, const struct step *maker) {
    for (size_t i = 0; i < snapshot->table_count; i++) {
        if (!find(lineage, snapshot->tables[i].oid) && !add_table(lineage, &snapshot->tables[i], maker)) {
            return false;
        }
    }
    return true;
}

static bool set_text(char **member, const char *string) {
    char *copy = text_copy(string);
    if (copy) {
        free(*member);
        *member = copy;
    }
    return copy != NULL;
}

/* Where the table is now: by its oid, else one that took its name and is nobody else. NULL: gone. */
static const struct snapshot_table *find_now(const struct lineage *lineage, const struct lineage_table *table,
                                             const struct snapshot *snapshot) {
    const struct snapshot_table *now = snapshot_find(snapshot, table->oid);
    if (now) {
        return now;
    }
    now = snapshot_find_named(snapshot, table->schema, table->name);
    return now && !find(lineage, now->oid) ? now : NULL;
}

/* A table that became a partition is no table of its own any more, and is not dropped. */
static bool is_still_there(const struct lineage_table *table, struct catalog *catalog) {
    struct catalog_answer answer = {0};
    const char *oid = table->oid;
    bool there =
        catalog_ask(catalog, "select from pg_class where oid = $1::oid", &oid, 1, &answer) == CATALOG_DONE &&
        answer.row_count > 0;
    catalog_answer_release(&answer);
    return there;
}

static void find_dropped(const struct lineage_table *table, const struct lineage_event *event) {
    const struct step *step = event->step;
    if (!table->maker || table->maker == step || is_still_there(table, event->catalog)) {
        return;
    }
    const struct drift_place place = {.file = step->path, .line = find_dropping(step, table->name)};
    drift_find(event->report, migration_check(TABLE_CREATED_AND_DROPPED), &place, NULL,
               "%s.%s is created by %s:%zu and dropped by %s:%zu; a new database makes it in vain.",
               table->schema, table->name, table->maker->name, table->maker_line, step->name, place.line);
}

/* Whether the row is in another table than this. */
static enum hp_status look_elsewhere(const struct lineage_table *table, size_t row,
                                     const struct lineage_event *event, bool *found,
                                     struct hp_problem *problem) {
    enum hp_status status = HP_OK;
    *found = false;
    for (size_t i = 0; status == HP_OK && !*found && i < event->after->table_count; i++) {
        const struct snapshot_table *other = &event->after->tables[i];
        if (strcmp(other->oid, table->oid) != 0 && other->rows > 0) {
            status = sentinel_look(event->catalog, other, &table->sentinel, row, found, problem);
        }
    }
    return status;
}

/* How many rows all the other tables won in the step. */
static size_t count_won(const struct lineage_table *table, const struct lineage_event *event) {
    size_t won = 0;
    for (size_t i = 0; i < event->after->table_count; i++) {
        const struct snapshot_table *other = &event->after->tables[i];
        const struct snapshot_table *before = snapshot_find(event->before, other->oid);
        size_t rows = before ? before->rows : 0;
        won += strcmp(other->oid, table->oid) != 0 && other->rows > rows ? other->rows - rows : 0;
    }
    return won;
}

/* What became of a table's rows. */
struct loss {
    size_t missing; /* sentinels that are not in the table any more */
    size_t lost;    /* of these: nowhere else either */
};

static enum hp_status count_sentinels(struct lineage_table *table, const struct snapshot_table *now,
                                      const struct lineage_event *event, struct loss *loss,
                                      struct hp_problem *problem) {
    enum hp_status status = HP_OK;
    for (size_t row = 0; status == HP_OK && row < SENTINEL_ROWS; row++) {
        bool here = false, elsewhere = false;
        if (!table->sentinel.present[row]) {
            continue;
        }
        if (now) {
            status = sentinel_look(event->catalog, now, &table->sentinel, row, &here, problem);
        }
        if (status == HP_OK && !here) {
            status = look_elsewhere(table, row, event, &elsewhere, problem);
            loss->missing++;
            loss->lost += !elsewhere;
            table->sentinel.present[row] = false;
        }
    }
    return status;
}

/* Rows without a mark are taken to be carried over when other tables won as many. */
static enum hp_status judge_rows(struct lineage_table *table, const struct snapshot_table *now,
                                 const struct lineage_event *event, struct hp_problem *problem) {
    const struct snapshot_table *before = snapshot_find(event->before, table->oid);
    struct loss loss = {0};
    if (!before || before->rows == 0) {
        return HP_OK;
    }
    enum hp_status status = count_sentinels(table, now, event, &loss, problem);
    size_t rows_now = now ? now->rows : 0;
    size_t less = before->rows > rows_now ? before->rows - rows_now : 0;
    size_t unmarked = less > loss.missing ? less - loss.missing : 0;
    size_t won = unmarked > 0 ? count_won(table, event) : 0;
    size_t moved = loss.missing - loss.lost;
    won = won > moved ? won - moved : 0;
    size_t lost = loss.lost + (unmarked > won ? unmarked - won : 0);
    if (status == HP_OK && lost > 0) {
        const struct drift_place place = {.file = event->step->path,
                                          .line = find_losing(event->step, table->name)};
        drift_find(event->report, migration_check(ROWS_LOST), &place, NULL,
                   "%s loses %zu of %zu rows of %s.%s, and no other table has them afterwards.",
                   event->step->name, lost, before->rows, table->schema, table->name);
    }
    return status;
}

static enum hp_status judge_values(struct lineage_table *table, const struct snapshot_table *now,
                                   const struct lineage_event *event, struct hp_problem *problem) {
    struct text column = {0};
    enum hp_status status = sentinel_find_cut(event->catalog, now, &table->sentinel, &column, problem);
    if (status == HP_OK && column.failed) {
        status = hp_problem_no_memory(problem);
    } else if (status == HP_OK && column.length_bytes > 0 && !table->cut) {
        const struct drift_place place = {.file = event->step->path,
                                          .line = find_making(event->step, table->name)};
        table->cut = true;
        drift_find(event->report, migration_check(ROWS_CHANGED), &place, NULL,
                   "%s cuts values of the column %s of %s.%s.", event->step->name, column.bytes,
                   table->schema, table->name);
    }
    text_release(&column);
    return status;
}

static enum hp_status follow_table(const struct lineage *lineage, struct lineage_table *table,
                                   const struct lineage_event *event, struct hp_problem *problem) {
    const struct snapshot_table *now = find_now(lineage, table, event->after);
    if (!now) {
        find_dropped(table, event);
    }
    enum hp_status status = judge_rows(table, now, event, problem);
    if (status == HP_OK && now) {
        status = judge_values(table, now, event, problem);
    }
    if (now && (!set_text(&table->oid, now->oid) || !set_text(&table->schema, now->schema) ||
                !set_text(&table->name, now->name))) {
        return hp_problem_no_memory(problem);
    }
    table->gone = !now;
    return status;
}

enum hp_status lineage_follow(struct lineage *lineage, const struct lineage_event *event,
                              struct hp_problem *problem) {
    enum hp_status status = HP_OK;
    for (size_t i = 0; status == HP_OK && i < lineage->count; i++) {
        if (!lineage->tables[i].gone) {
            status = follow_table(lineage, &lineage->tables[i], event, problem);
        }
    }
    if (status == HP_OK && !lineage_add(lineage, event->after, event->step)) {
        status = hp_problem_no_memory(problem);
    }
    return status;
}

/* Keeps the reason why a table has no sentinels, the newest. */
static bool keep_why(struct lineage_table *table, struct text *why) {
    free(table->why);
    table->why = text_take(why);
    return table->why != NULL;
}

static enum hp_status plant_table(struct lineage_table *table, const struct snapshot_table *source,
                                  struct catalog *catalog, struct hp_problem *problem) {
    struct text why = {0};
    size_t rows = 0;
    enum hp_status status = sentinel_plant(catalog, source, &table->sentinel, &rows, &why, problem);
    table->planted = rows > 0;
    if (!keep_why(table, &why) && status == HP_OK) {
        status = hp_problem_no_memory(problem);
    }
    return status;
}

/* Tries the tables without rows once each; says how many took some. */
static enum hp_status plant_round(struct lineage *lineage, const struct snapshot *snapshot,
                                  struct catalog *catalog, size_t *planted, struct hp_problem *problem) {
    enum hp_status status = HP_OK;
    *planted = 0;
    for (size_t i = 0; status == HP_OK && i < lineage->count; i++) {
        struct lineage_table *table = &lineage->tables[i];
        bool bare = !table->gone && table->maker && !table->planted;
        const struct snapshot_table *source = bare ? snapshot_find(snapshot, table->oid) : NULL;
        if (source) {
            status = plant_table(table, source, catalog, problem);
            *planted += table->planted;
        }
    }
    return status;
}

enum hp_status lineage_plant(struct lineage *lineage, const struct snapshot *snapshot,
                             struct catalog *catalog, struct hp_problem *problem) {
    enum hp_status status;
    size_t planted;
    do {
        status = plant_round(lineage, snapshot, catalog, &planted, problem);
    } while (status == HP_OK && planted > 0);
    return status;
}

void lineage_finish(const struct lineage *lineage, struct drift_report *report) {
    for (size_t i = 0; i < lineage->count; i++) {
        const struct lineage_table *table = &lineage->tables[i];
        if (table->maker && !table->planted) {
            drift_undecided(report, migration_check(ROWS_LOST), "no row could be put into %s.%s: %s",
                            table->schema, table->name, table->why ? table->why : "it went at once");
        }
    }
}

bool lineage_forget_rows(struct lineage *lineage, const struct snapshot *snapshot) {
    for (size_t i = 0; i < lineage->count; i++) {
        struct lineage_table *table = &lineage->tables[i];
        const struct snapshot_table *now = snapshot_find_named(snapshot, table->schema, table->name);
        memset(table->sentinel.present, 0, sizeof table->sentinel.present);
        table->planted = false;
        table->gone = table->gone || !now;
        if (now && !table->gone && !set_text(&table->oid, now->oid)) {
            return false;
        }
    }
    return true;
}
