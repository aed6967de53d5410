/* What an answer must match: compiled once to a tree of matchers. fixtures/README.md, "Expectations", is what
 * it understands. */
#ifndef HOLDPOINT_CASE_EXPECTATION_H
#define HOLDPOINT_CASE_EXPECTATION_H

#include "harness/base/pattern.h"
#include "harness/case/expand.h"
#include "harness/case/operand.h"

#include <jansson.h>
#include <stdbool.h>

enum matcher_kind {
    MATCH_LITERAL,    /* an equal scalar, or with `exact` set an equal value */
    MATCH_TEMPLATE,   /* what a template comes to */
    MATCH_BOUND,      /* a bound value, by shape_equals */
    MATCH_OBJECT,     /* members; open unless exact */
    MATCH_ARRAY,      /* element by element */
    MATCH_MOMENT,     /* any text of an instant */
    MATCH_UUID,       /* lower-case canonical */
    MATCH_ABSENT,     /* no member */
    MATCH_NOTHING,    /* no member, or null */
    MATCH_TYPE,       /* a JSON type */
    MATCH_PATTERN,    /* a regular expression */
    MATCH_ONE_OF,     /* any of the children */
    MATCH_NOT,        /* the child does not match */
    MATCH_BETWEEN,    /* two operands */
    MATCH_LENGTH,     /* one operand */
    MATCH_ANY_ORDER,  /* an array: each element by one child, each child by one element */
    MATCH_CONTAINS,   /* an array: each child by an element of its own */
    MATCH_EACH,       /* an array: every element by the child */
    MATCH_DESCENDING, /* an array: the texts at a pointer into each element descend strictly */
    MATCH_OWN,        /* an array: of what belongs to the case, the child */
    MATCH_ABOUT,      /* an array: of what is about one interrupt, the child */
};

/* One matcher. Immutable once compiled; borrows from its source. */
struct matcher {
    enum matcher_kind kind;
    bool exact;            /* of an object: it has no further members */
    const json_t *source;  /* as the case writes it */
    const json_t *literal; /* of MATCH_LITERAL: the value */
    const char *key;       /* as a member of an object: its key */
    struct matcher *children;
    size_t child_count;
    struct template *template;
    struct operand operand; /* the bound value, the instant, the low end, the length, the interrupt's id */
    struct operand high;
    const char *type;
    const char *pointer; /* of MATCH_DESCENDING */
    struct pattern *pattern;
};

/* Compiles an expectation. HP_INVALID, with the JSON Pointer in problem->field, for an unknown matcher, one
 * that is written wrongly, an unbound name, an empty object (it would match every object). The caller frees
 * *matcher. */
enum hp_status expectation_compile(const json_t *source, struct surroundings *surroundings,
                                   const struct place *place, struct matcher **matcher,
                                   struct hp_problem *problem);
void expectation_free(struct matcher *matcher); /* NULL is allowed */

#endif
