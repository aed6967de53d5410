/* Tables that code names: dropped or unknown ones (F5), and the table of interrupts outside the data layer (F10). */
#include "harness/drift/source/audit.h"
#include "harness/drift/source/spelling.h"
#include "harness/drift/source/sql_text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* A table that the migrations or the code make or drop. */
struct table {
    char name[SQL_NAME_SIZE];
    bool exists; /* in the end */
    const struct source_file *file;
};

struct tables {
    struct table *items;
    size_t count;
    bool migrated; /* the tree has migrations in SQL, so it is known which tables there are */
    bool failed;
};

/* A text that is searched. */
struct search {
    const struct audit *audit;
    const struct source_file *file;
    struct tables *tables;
    size_t from; /* where the text begins in the file */
};

static struct table *find_table(const struct tables *tables, const char *name) {
    for (size_t i = 0; i < tables->count; i++) {
        if (strcmp(tables->items[i].name, name) == 0) {
            return &tables->items[i];
        }
    }
    return NULL;
}

static void note_table(struct tables *tables, const char *name, bool exists, const struct source_file *file) {
    struct table *table = find_table(tables, name);
    if (!table) {
        struct table *items = realloc(tables->items, (tables->count + 1) * sizeof *items);
        if (!items) {
            tables->failed = true;
            return;
        }
        tables->items = items;
        table = &items[tables->count++];
        text_put(table->name, sizeof table->name, name);
    }
    table->exists = exists;
    table->file = file;
}

static void note_change(void *context, enum sql_use use, const char *name, size_t offset) {
    const struct search *search = context;
    (void)offset;
    if (use == SQL_CREATES || use == SQL_DROPS) {
        note_table(search->tables, name, use == SQL_CREATES, search->file);
    }
}

/* How much of a migration leads forward: what undoes it stands behind a mark that its tool knows. */
static size_t forward_length(const struct source_file *file) {
    static const char *const marks[] = {"-- +goose Down", "-- +migrate Down", "-- migrate:down",
                                        "---- create above"};
    size_t length = file->length_bytes;
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        const char *mark = strstr(file->text, marks[i]);
        if (mark && (size_t)(mark - file->text) < length) {
            length = (size_t)(mark - file->text);
        }
    }
    return length;
}

static void read_migrations(const struct audit *audit, struct tables *tables) {
    for (size_t i = 0; i < audit->tree->count; i++) {
        const struct source_file *file = &audit->tree->files[i];
        const char *ending = strrchr(file->path, '.');
        if (file->text && ending && strcmp(ending, ".sql") == 0 && !file->is_test &&
            !strstr(file->path, "down.sql")) {
            struct search search = {audit, file, tables, 0};
            sql_find_tables(file->text, forward_length(file), note_change, &search);
        }
    }
    tables->migrated = tables->count > 0;
}

/* Where the words of a text begin behind its quotes, and how long they are. */
static const char *inner_text(const struct source_file *file, const struct fact *fact, size_t *length) {
    size_t from = fact->from, to = fact->to;
    while (from < to && (isalpha((unsigned char)file->text[from]) || file->text[from] == '#')) {
        from++;
    }
    while (from < to && strchr("\"'`", file->text[from])) {
        from++;
    }
    while (to > from && strchr("\"'`#", file->text[to - 1])) {
        to--;
    }
    *length = to - from;
    return file->text + from;
}

static bool is_doc(const struct source_file *file, const struct fact *text) {
    size_t index = 0;
    for (const struct fact *doc; (doc = facts_next(&file->facts, FACT_DOC, &index)); index++) {
        if (doc->from <= text->from && text->from < doc->to) {
            return true;
        }
    }
    return false;
}

/* Calls take for every statement in the texts of a file. */
static void
search_statements(const struct audit *audit, const struct source_file *file, struct tables *tables,
                  void (*take)(void *context, enum sql_use use, const char *name, size_t offset)) {
    size_t index = 0;
    for (const struct fact *fact; (fact = facts_next(&file->facts, FACT_TEXT, &index)); index++) {
        size_t length = 0;
        const char *text = inner_text(file, fact, &length);
        if (sql_is_statement(text, length) && !is_doc(file, fact)) {
            struct search search = {audit, file, tables, (size_t)(text - file->text)};
            sql_find_tables(text, length, take, &search);
        }
    }
}

/* Tables that code itself makes, by SQL or by a tool's create_table("name"). */
static void read_code(const struct audit *audit, struct tables *tables) {
    for (size_t i = 0; i < audit->tree->count; i++) {
        const struct source_file *file = &audit->tree->files[i];
        size_t index = 0;
        search_statements(audit, file, tables, note_change);
        for (const struct fact *call; (call = facts_next(&file->facts, FACT_STAGE, &index)); index++) {
            char name[SPELLING_SIZE];
            spelling_put(name, call->name ? call->name : "");
            if (strcmp(name, "create_table") == 0 || strcmp(name, "create_table_if_not_exists") == 0 ||
                strcmp(name, "__tablename__") == 0 || strcmp(name, "db_table") == 0) {
                spelling_put(name, call->value ? call->value : "");
                note_table(tables, name, true, file);
            }
        }
    }
}

static struct audit_place place_at(const struct source_file *file, size_t at, const char *name,
                                   enum drift_confidence confidence) {
    size_t line = 1;
    for (size_t i = 0; i < at; i++) {
        line += file->text[i] == '\n';
    }
    return (struct audit_place){file, line, name, confidence};
}

static bool is_legacy(const struct audit *audit, const char *name) {
    return words_hold(&audit->vocabulary->legacy_tables, name);
}

static void tell_dropped(const struct search *search, const char *name, size_t at,
                         enum drift_confidence confidence) {
    const struct audit_place place = place_at(search->file, at, name, confidence);
    const struct table *table = find_table(search->tables, name);
    bool legacy = is_legacy(search->audit, name);
    const char *mend = legacy ? NULL : "Name a table that is there.";
    if (table && !table->exists) {
        audit_find(search->audit, SOURCE_TABLE_DROPPED, &place, mend, "%s is named here, and %s drops it.",
                   name, table->file->path);
    } else {
        audit_find(search->audit, SOURCE_TABLE_DROPPED, &place, mend,
                   "%s is named here, a legacy table whose place flow_interrupts took.", name);
    }
}

/* True when the byte stands within a type, or for C a function, of the data layer. */
static bool is_in_store(const struct source_file *file, size_t at) {
    static const char *const parts[] = {"store",   "repository", "database", "dao",     "repo",
                                        "storage", "migrator",   "gateway",  "postgres"};
    size_t index = 0;
    for (const struct fact *scope; (scope = facts_next(&file->facts, FACT_SCOPE, &index)); index++) {
        char word[SPELLING_SIZE];
        if (scope->from > at || at >= scope->to || !scope->of) {
            continue;
        }
        size_t lead = strspn(scope->of, "*&");
        bool type = isupper((unsigned char)scope->of[lead]) || file->language->id == LANGUAGE_C;
        spelling_put(word, scope->of);
        for (size_t i = 0; type && i < sizeof parts / sizeof parts[0]; i++) {
            if (spelling_has_part(word, parts[i])) {
                return true;
            }
        }
    }
    return false;
}

/* A script is a program in one file, which has no layers. */
static bool is_script(const struct source_file *file) {
    return strncmp(file->text, "#!", 2) == 0 || strstr(file->text, "__name__ == \"__main__\"");
}

static void judge_use(void *context, enum sql_use use, const char *name, size_t offset) {
    const struct search *search = context;
    const struct table *table = find_table(search->tables, name);
    size_t at = search->from + offset;
    if (use == SQL_DROPS || use == SQL_CREATES) {
        return;
    }
    if (table ? !table->exists : is_legacy(search->audit, name)) {
        tell_dropped(search, name, at, DRIFT_CERTAIN);
    } else if (!table && search->tables->migrated && strcmp(name, search->audit->vocabulary->table) != 0) {
        const struct audit_place place = place_at(search->file, at, name, DRIFT_LIKELY);
        audit_find(search->audit, SOURCE_TABLE_UNKNOWN, &place, NULL,
                   "%s is named here, and no migration of this tree creates it.", name);
    }
    if (strcmp(name, search->audit->vocabulary->table) == 0 && !search->file->is_data_layer &&
        !is_script(search->file) && !is_in_store(search->file, at)) {
        const struct audit_place place = place_at(search->file, at, name, DRIFT_LIKELY);
        audit_find(search->audit, SOURCE_RAW_SQL, &place, NULL,
                   "SQL that %s %s stands outside the data layer.", use == SQL_WRITES ? "changes" : "reads",
                   name);
    }
}

/* A text that is nothing but the name of a table that is gone. */
static void judge_names(const struct search *search) {
    const struct source_file *file = search->file;
    size_t index = 0;
    for (const struct fact *fact; (fact = facts_next(&file->facts, FACT_TEXT, &index)); index++) {
        char name[SQL_NAME_SIZE];
        size_t length = 0;
        const char *text = inner_text(file, fact, &length);
        if (length == 0 || length >= sizeof name) {
            continue;
        }
        memcpy(name, text, length);
        name[length] = '\0';
        const struct table *table = find_table(search->tables, name);
        bool gone = table ? !table->exists && strchr(name, '_') : is_legacy(search->audit, name);
        if (gone && !is_doc(file, fact)) {
            tell_dropped(search, name, fact->from,
                         is_legacy(search->audit, name) ? DRIFT_CERTAIN : DRIFT_LIKELY);
        }
    }
}

void audit_tables(const struct audit *audit) {
    struct tables tables = {0};
    read_migrations(audit, &tables);
    read_code(audit, &tables);
    for (size_t i = 0; i < audit->tree->count; i++) {
        const struct source_file *file = &audit->tree->files[i];
        if (file->language && !file->is_test && !strstr(file->path, "migration")) {
            search_statements(audit, file, &tables, judge_use);
            judge_names(&(struct search){audit, file, &tables, 0});
        }
    }
    audit->report->failed = audit->report->failed || tables.failed;
    free(tables.items);
}
