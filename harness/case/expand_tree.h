/* The compiled form of a template: private to template.c, which builds it, and expand.c, which writes it
 * out. */
#ifndef HOLDPOINT_CASE_EXPAND_TREE_H
#define HOLDPOINT_CASE_EXPAND_TREE_H

#include "harness/case/expand.h"

enum op_kind {
    OP_TEXT,    /* bytes of template->literals */
    OP_RUN,     /* {run} */
    OP_INDEX,   /* {index} */
    OP_VALUE,   /* a bound value as JSON */
    OP_INNER,   /* a bound value inside a string */
    OP_MOMENT,  /* the text of an operand's instant, in quotes */
    OP_INSTANT, /* the same, spelt as the case spells it */
    OP_REPEAT,  /* the `skip` operations behind it, so many times */
    OP_NEST,
    OP_WIDE,
    OP_FILL,
};

struct op {
    enum op_kind kind;
    size_t begin, length; /* of OP_TEXT */
    struct operand operand;
    size_t skip;
    bool array; /* of OP_NEST: arrays in place of objects */
};

struct template {
    struct op *ops;
    size_t op_count;
    size_t op_room;
    struct text literals;
    char *raw; /* a copy of raw params, cut into names; NULL for JSON templates */
};

#endif
