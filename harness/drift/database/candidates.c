#include "harness/drift/database/candidates.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

const char candidates_nonsense[] = "zz_probe";

static bool holds(const struct candidates *candidates, const char *word) {
    for (size_t i = 0; i < candidates->count; i++) {
        if (strcmp(candidates->items[i], word) == 0) {
            return true;
        }
    }
    return false;
}

/* Words past the maximum, and what is too long to be one, are left out. */
static void add(struct inspection *inspection, struct candidates *candidates, const char *bytes,
                size_t length) {
    if (candidates->count >= CANDIDATES_MAX || length > CANDIDATE_LENGTH_MAX) {
        return;
    }
    char *word = text_copy_bytes(bytes, length);
    if (!candidates->items) {
        candidates->items = calloc(CANDIDATES_MAX, sizeof *candidates->items);
    }
    if (!word || !candidates->items) {
        inspection->report->failed = true;
        free(word);
    } else if (holds(candidates, word)) {
        free(word);
    } else {
        candidates->items[candidates->count++] = word;
    }
}

static void add_word(struct inspection *inspection, struct candidates *candidates, const char *word) {
    add(inspection, candidates, word, strlen(word));
}

/* Every text in single quotes; a doubled quote ends one and begins the next, which does no harm here. */
static void add_quoted(struct inspection *inspection, struct candidates *candidates, const char *source) {
    for (const char *from = strchr(source, '\''); from; from = strchr(from, '\'')) {
        const char *until = strchr(from + 1, '\'');
        if (!until) {
            return;
        }
        add(inspection, candidates, from + 1, (size_t)(until - from - 1));
        from = until + 1;
    }
}

static bool is_part(char byte) {
    return isalnum((unsigned char)byte) || byte == '_' || byte == '-';
}

static void add_prose(struct inspection *inspection, struct candidates *candidates, const char *prose) {
    for (const char *at = prose; at && *at;) {
        size_t length = 0;
        while (is_part(at[length])) {
            length++;
        }
        if (length > 2) {
            add(inspection, candidates, at, length);
        }
        at += length > 0 ? length : 1;
    }
}

/* Rows of one text each: whole words, or texts that hold them in quotes. */
static void add_rows(struct inspection *inspection, struct candidates *candidates,
                     const struct catalog_answer *answer, bool quoted) {
    for (size_t i = 0; i < answer->row_count; i++) {
        const char *value = catalog_value(answer, i, 0);
        if (value && quoted) {
            add_quoted(inspection, candidates, value);
        } else if (value) {
            add_word(inspection, candidates, value);
        }
    }
}

static void add_sources(struct inspection *inspection, const struct relation *relation,
                        struct candidates *candidates) {
    static const struct {
        const char *sql;
        bool quoted;
    } sources[] = {
        {"select pg_catalog.pg_get_constraintdef(c.oid) from pg_catalog.pg_constraint c"
         " where c.conrelid = $1::pg_catalog.oid and c.contype = 'c'",
         true},
        {"with recursive d (oid) as (select a.atttypid from pg_catalog.pg_attribute a"
         " where a.attrelid = $1::pg_catalog.oid and a.attnum > 0 union select t.typbasetype from d"
         " join pg_catalog.pg_type t on t.oid = d.oid where t.typtype = 'd')"
         " select pg_catalog.pg_get_constraintdef(c.oid) from d"
         " join pg_catalog.pg_constraint c on c.contypid = d.oid",
         true},
        {"select p.prosrc from pg_catalog.pg_trigger t join pg_catalog.pg_proc p on p.oid = t.tgfoid"
         " where t.tgrelid = $1::pg_catalog.oid and not t.tgisinternal",
         true},
        {"select e.enumlabel from pg_catalog.pg_enum e join pg_catalog.pg_attribute a on a.atttypid = "
         "e.enumtypid"
         " where a.attrelid = $1::pg_catalog.oid and a.attnum > 0 order by e.enumsortorder",
         false},
    };
    for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
        struct catalog_answer answer = {0};
        inspection_read(inspection, sources[i].sql, relation->oid, &answer);
        add_rows(inspection, candidates, &answer, sources[i].quoted);
        catalog_answer_release(&answer);
    }
}

/* What cannot be read (no privilege, too slow) gives no words. */
static void peek(struct inspection *inspection, struct candidates *candidates, const struct text *sql) {
    struct catalog_answer answer = {0};
    if (inspection_peek(inspection, sql, &answer).end != PROBE_FAILED) {
        add_rows(inspection, candidates, &answer, false);
    }
    catalog_answer_release(&answer);
}

static void add_lookups(struct inspection *inspection, const struct relation *relation,
                        struct candidates *candidates) {
    static const char keys_sql[] =
        "select n.nspname, c.relname, a.attname from pg_catalog.pg_constraint k"
        " join pg_catalog.pg_class c on c.oid = k.confrelid"
        " join pg_catalog.pg_namespace n on n.oid = c.relnamespace"
        " join pg_catalog.pg_attribute a on a.attrelid = k.confrelid and a.attnum = k.confkey[1]"
        " join pg_catalog.pg_attribute f on f.attrelid = k.conrelid and f.attnum = k.conkey[1]"
        " where k.conrelid = $1::pg_catalog.oid and k.contype = 'f' and f.attname in ('kind', 'status')";
    struct catalog_answer keys = {0};
    inspection_read(inspection, keys_sql, relation->oid, &keys);
    for (size_t i = 0; i < keys.row_count; i++) {
        struct text sql = {0};
        text_add(&sql, "select ");
        catalog_add_name(&sql, catalog_value(&keys, i, 2));
        text_add(&sql, "::text from ");
        catalog_add_name(&sql, catalog_value(&keys, i, 0));
        text_add_byte(&sql, '.');
        catalog_add_name(&sql, catalog_value(&keys, i, 1));
        text_addf(&sql, " limit %d", CANDIDATES_MAX);
        peek(inspection, candidates, &sql);
        text_release(&sql);
    }
    catalog_answer_release(&keys);
}

static void add_stored(struct inspection *inspection, const struct relation *relation,
                       struct candidates *candidates, const char *column) {
    if (relation_find(relation, column)) {
        struct text sql = {0};
        text_addf(&sql, "select distinct %s::text from %s limit 50", column, relation->sql);
        peek(inspection, candidates, &sql);
        text_release(&sql);
    }
}

static void add_vocabulary(struct inspection *inspection, struct candidates *candidates) {
    const struct vocabulary *vocabulary = inspection->vocabulary;
    const struct words *lists[] = {&vocabulary->kinds, &vocabulary->statuses};
    for (size_t i = 0; i < 2; i++) {
        for (size_t j = 0; j < lists[i]->count; j++) {
            add_word(inspection, candidates, lists[i]->items[j]);
        }
    }
    for (size_t i = 0; i < vocabulary->aliases.count; i++) {
        add_word(inspection, candidates, vocabulary->aliases.items[i].name);
    }
}

/* Looks like a word of the vocabulary to who compares loosely: capitals, and more around it. */
static void add_loose(struct inspection *inspection, struct candidates *candidates, const char *word) {
    struct text capitals = {0}, around = {0};
    for (const char *at = word; *at; at++) {
        text_add_byte(&capitals, (char)toupper((unsigned char)*at));
    }
    text_addf(&around, "x%sx", word);
    if (capitals.failed || around.failed) {
        inspection->report->failed = true;
    } else {
        add_word(inspection, candidates, capitals.bytes);
        add_word(inspection, candidates, around.bytes);
    }
    text_release(&capitals);
    text_release(&around);
}

void candidates_gather(struct inspection *inspection, const struct relation *relation,
                       struct candidates *candidates) {
    const struct relation_column *kind = relation_find(relation, "kind");
    const struct relation_column *status = relation_find(relation, "status");
    add_vocabulary(inspection, candidates);
    add_word(inspection, candidates, "");
    add_loose(inspection, candidates, inspection->vocabulary->kinds.items[0]);
    add_loose(inspection, candidates, inspection->vocabulary->statuses.items[0]);
    add_sources(inspection, relation, candidates);
    add_lookups(inspection, relation, candidates);
    add_stored(inspection, relation, candidates, "kind");
    add_stored(inspection, relation, candidates, "status");
    add_prose(inspection, candidates, kind ? kind->comment : NULL);
    add_prose(inspection, candidates, status ? status->comment : NULL);
}

void candidates_release(struct candidates *candidates) {
    for (size_t i = 0; i < candidates->count; i++) {
        free(candidates->items[i]);
    }
    free(candidates->items);
    *candidates = (struct candidates){0};
}
