/* One table as the catalog shows it: its name in every form, its columns by meaning. */
#ifndef HOLDPOINT_DRIFT_RELATION_H
#define HOLDPOINT_DRIFT_RELATION_H

#include "harness/drift/database/inspection.h"

#include <stdint.h>

/* A column. Domains are resolved to what lies under them. Borrowed from the relation. */
struct relation_column {
    const char *name;
    const char *type;     /* as SQL writes it, for people: "character varying(20)" */
    const char *base;     /* the type of pg_catalog under all domains: "varchar"; "" when it is another's */
    char sort;            /* of that type: b base, e enum, c composite, ... */
    char category;        /* the same: S text, N number, D time, B boolean, A array, ... */
    int64_t limit;        /* of varchar and char: characters; of timestamps: digits of a second; -1: none */
    bool obliged;         /* NOT NULL, its own or a domain's */
    const char *fallback; /* its default or a domain's, as SQL; NULL: none */
    bool generated;       /* computed: nothing can be put there */
    bool drawn;           /* comes from a sequence */
    const char *first_label; /* of an enum; NULL else */
    const char *comment;     /* NULL: none */
    const char *
        parent_sql; /* a key of the table that it refers to, as SQL; null where that is empty. NULL: it refers to none */
};

/* A table. Release with relation_release. */
struct relation {
    const char *oid, *schema, *name, *comment; /* borrowed from the list of tables; comment may be NULL */
    char *label;                               /* "schema.table", for people */
    char *sql;                                 /* the same for SQL, quoted where it must be */
    struct relation_column *columns;
    size_t column_count;
    size_t *flaws; /* for each wanted column: the finding (from 1) about it; 0: none */
    struct catalog_answer source;
};

/* Makes label and sql; schema and name are set. False, with inspection->report->failed, when memory runs out. */
bool relation_name(struct inspection *inspection, struct relation *relation);

/* Reads the columns; oid is set too. False when inspection->status or inspection->report->failed says why. */
bool relation_read(struct inspection *inspection, struct relation *relation);
void relation_release(struct relation *relation);

/* NULL: it has no such column. */
const struct relation_column *relation_find(const struct relation *relation, const char *name);

/* The finding (from 1) about a wanted column; 0: none. */
size_t relation_flaw(const struct inspection *inspection, const struct relation *relation,
                     const char *column);

/* True, and said to be skipped, when a finding about one of the columns comes before the check. */
bool relation_spares(struct inspection *inspection, const struct relation *relation,
                     enum database_check check, const char *const *columns, size_t count);

/* Adds "schema.table.column". */
void relation_add_label(const struct relation *relation, const char *column, struct text *text);
/* Adds "alter table NAME alter column COLUMN ". */
void relation_add_alter(const struct relation *relation, const char *column, struct text *sql);

/* True for text and varchar, whatever their limit, citext, and enums. */
bool column_takes_words(const struct relation_column *column);

#endif
