/* What a source file says that drift can be seen in, whatever its language is: members of enums, fields of records, entries of
 * maps, texts, imports. The patterns of the languages (*.scm) find it; a pattern's outer capture says which of these it is. */
#ifndef HOLDPOINT_DRIFT_SOURCE_FACTS_H
#define HOLDPOINT_DRIFT_SOURCE_FACTS_H

#include "harness/drift/source/syntax.h"

#include <stdbool.h>
#include <stddef.h>

#define FACT_TYPE_LIST(X)                                                                                    \
    X(CLOSED, "closed")     /* a member of an enum, a union, constants of one type: all members are there */ \
    X(LOOSE, "loose")       /* a constant beside others that may have nothing to do with it */               \
    X(OPEN, "open")         /* an element of a list or set: there may be good reason that one is missing */  \
    X(FIELD, "record")      /* a field of a record type; value: its tag */                                   \
    X(ENTRY, "map")         /* an entry of a map, a case of a switch; name: the key */                       \
    X(BRANCH, "branch")     /* what is done under a condition; name: the condition */                        \
    X(STAGE, "stage")       /* a text given to something; name: to what */                                   \
    X(HANDLER, "handler")   /* a function; value: its decorator or its parameters */                         \
    X(PROVIDER, "provider") /* a function that returns what it constructs */                                 \
    X(MADE, "made")         /* a call or construction; value: its arguments */                               \
    X(SCOPE, "scope")       /* a type or function, by its name `of` */                                       \
    X(DEFINE, "define")     /* a name that others may import */                                              \
    X(IMPORT, "import")     /* of: the module; name: what of it, or NULL */                                  \
    X(TEXT, "text")         /* a text that may be SQL or name a table */                                     \
    X(TAG, "tag")           /* a decorator, attribute or annotation */                                       \
    X(DOC, "doc")           /* a text for people */

enum fact_type {
#define X(name, capture) FACT_##name,
    FACT_TYPE_LIST(X)
#undef X
        FACT_TYPE_COUNT
};

/* One of them. Texts are as they stand in the source, and owned; NULL where the pattern has none. */
struct fact {
    enum fact_type type;
    size_t from, to, line; /* the outer capture: what holds the member, field, entry */
    size_t at, at_line;    /* where the name begins; the outer capture's begin when there is none */
    char *of, *name, *value;
};

/* The facts of one file, in the order of their begins. Zeroed it is empty. */
struct facts {
    struct fact *items;
    size_t count;
    size_t room;
    size_t of_type[FACT_TYPE_COUNT]; /* how many there are */
    bool failed;                     /* memory ran out */
};

/* Reads a text by the patterns of its language. Statuses as syntax_search. The caller releases *facts in every case. */
enum hp_status facts_read(const struct syntax_patterns *patterns, const char *text, size_t length_bytes,
                          struct facts *facts, struct hp_problem *problem);
void facts_release(struct facts *facts);

/* The next fact of a type from an index on; NULL when there is none. *index is then that of the fact. */
const struct fact *facts_next(const struct facts *facts, enum fact_type type, size_t *index);

/* The innermost fact of a type that holds the byte; NULL when there is none. */
const struct fact *facts_around(const struct facts *facts, enum fact_type type, size_t at);

#endif
