/* The catalogue of mutants, fixtures/mutants.json: faults as engineers make them, one a mutant. */
#ifndef HOLDPOINT_ADAPTERS_MUTANTS_H
#define HOLDPOINT_ADAPTERS_MUTANTS_H

#include "reference/base/problem.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum mutant_where {
    MUTANT_ADAPTER,  /* in front of any target: rewrites its calls and answers */
    MUTANT_HTTP,     /* the same, of a service over HTTP: its requests and their answers too */
    MUTANT_WEBHOOK,  /* between the reference's webhooks and the network */
    MUTANT_STORE,    /* inside the reference, around its store */
    MUTANT_DATABASE, /* in the schema of the reference's database */
};

/* One fault. Texts and JSON are borrowed from the catalogue and never change. */
struct mutant {
    char *id;                /* with the row's name: "loses-a-kind.timeout" */
    const char *requirement; /* the one that it breaks, "REQ-KIND-1" */
    const char *sentence;    /* what an engineer did */
    const char *suffers;     /* and what a user sees of it */
    const json_t *findings;  /* array of "F4", "C1": the audit's; may be empty */
    enum mutant_where where;
    bool on_postgres; /* of the store: of the one on PostgreSQL; else any */
    /* A text or an array of them, "http", or "http.body", or a whole id: cases whose ids begin so judge it alone; NULL: it
     * names none. */
    const json_t *chapter;
    const json_t *fault; /* of the adapter, over HTTP or of webhooks: a list of rules, mutant_fault.h */
    const char *store;   /* of the store: its name, mutant_store.h */
    const json_t *sql;   /* of the database: a list of statements */
};

/* All mutants of a folder of fixtures, in the file's order. Immutable once it is loaded. */
struct mutants {
    struct mutant *items;
    size_t count;
    const json_t *unreached; /* object finding -> why it has no mutant */
    json_t *root;            /* what all is borrowed from */
    json_t *rows;            /* the mutants as their rows make them */
};

/* Reads DIRECTORY/mutants.json and holds it against schema/mutants.json. Refuses with file, line and JSON Pointer
 * what does not fit, two mutants of one id, a row that does not bind what the others bind, a name that no row
 * binds, and an unknown fault of the store. Whether there is such a requirement is for others to say. The
 * caller frees *mutants. */
enum hp_status mutants_load(const char *directory, struct mutants **mutants, struct hp_problem *problem);
void mutants_free(struct mutants *mutants); /* NULL is allowed */

/* The mutant of that id; NULL when there is none. */
const struct mutant *mutants_find(const struct mutants *mutants, const char *id);

/* "adapter", "http", "webhook", "store" or "database". */
const char *mutant_where_name(enum mutant_where where);

#endif
