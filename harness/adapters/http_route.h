/* A route of a service: "GET /interrupts/{id}?user_id={user_id}&kind={kinds*}&limit={limit}". {name} stands for the param
 * of that name, percent-encoded. A pair of the query whose param is absent or null is left out; {name*} in a pair repeats it
 * for each element of a list. */
#ifndef HOLDPOINT_ADAPTERS_HTTP_ROUTE_H
#define HOLDPOINT_ADAPTERS_HTTP_ROUTE_H

#include "reference/base/problem.h"
#include "reference/base/text.h"

#include <jansson.h>
#include <stdbool.h>

enum { ROUTE_WORD_SIZE = 48, ROUTE_PAIRS_MAX = 16 };

/* One pair of the query. */
struct http_route_pair {
    char name[ROUTE_WORD_SIZE];  /* "status_filter" */
    char param[ROUTE_WORD_SIZE]; /* "status"; "": the value is a literal */
    char value[ROUTE_WORD_SIZE]; /* the literal, as it is written */
    bool each;                   /* {kinds*} */
};

/* Zeroed it is none; release with http_route_release. Read by any number of threads. */
struct http_route {
    char verb[8];
    char *path; /* with its {names} */
    struct http_route_pair pairs[ROUTE_PAIRS_MAX];
    size_t pair_count;
};

/* Reads "VERB /path?query". HP_INVALID with what is wrong, HP_INTERNAL without memory. The caller releases *route in each
 * case. */
enum hp_status http_route_read(const char *text, struct http_route *route, struct hp_problem *problem);
void http_route_release(struct http_route *route);

/* True when the path or the query has a place for the param. */
bool http_route_has(const struct http_route *route, const char *param);

/* The param that a pair of the query stands for; NULL when there is no such pair. */
const char *http_route_param_of(const struct http_route *route, const char *pair);

/* Gives a param's value: borrowed, NULL when absent. */
typedef const json_t *http_route_value(void *context, const char *param);

/* Adds path and query of a call. False when a URL cannot say it: then `why`, of why_size bytes, tells; "" when memory ran
 * out. */
bool http_route_write(const struct http_route *route, http_route_value *value_of, void *context,
                      struct text *out, char *why, size_t why_size);

#endif
