/* The parameters of a request: the part of its target behind the question mark. */
#ifndef HOLDPOINT_SERVER_QUERY_STRING_H
#define HOLDPOINT_SERVER_QUERY_STRING_H

#include "reference/base/problem.h"

#include <stddef.h>

enum { QUERY_PARAMETERS_MAX = 64 };

struct query_parameter {
    const char *name;
    const char *value;
};

/* The parameters in their order. Zeroed it is empty; release it with query_string_release. */
struct query_string {
    char *bytes; /* what the parameters borrow */
    struct query_parameter parameters[QUERY_PARAMETERS_MAX];
    size_t count;
};

void query_string_release(struct query_string *query);

/* Decodes %XX, whose digits may be of either case, and + to a blank. False for % without two digits, for U+0000 and for
 * what is no UTF-8; `decoded` has room for the length and a NUL. */
bool percent_decode(const char *raw, size_t length_bytes, char *decoded, bool plus_is_blank);

/* Reads name=value&name=value. HP_INVALID, at /NAME where there is one, for what percent_decode refuses, for too many, and for
 * a name that comes twice, unless it is `repeatable` (NULL: none is): "ann" and "ann%00x" are never the same. HP_INTERNAL
 * without memory. Release it in any case. */
enum hp_status query_string_read(struct query_string *query, const char *raw, size_t length_bytes,
                                 const char *repeatable, struct hp_problem *problem);

/* The value of the first of that name; NULL when there is none. */
const char *query_string_value(const struct query_string *query, const char *name);

#endif
