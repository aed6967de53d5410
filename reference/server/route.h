/* Which path takes which method. */
#ifndef HOLDPOINT_SERVER_ROUTE_H
#define HOLDPOINT_SERVER_ROUTE_H

#include "reference/base/status.h"

#include <stdbool.h>
#include <stddef.h>

enum { ROUTE_ID_SIZE = 256, ROUTE_ALLOW_SIZE = 64 };

struct server_call;

/* What a route wants of a request, a sum of these. */
enum route_wants {
    ROUTE_WANTS_USER = 1,     /* the parameter user_id, or the header of a proxy */
    ROUTE_NAMES_USER = 2,     /* the body names him; the header of a proxy has to be there all the same */
    ROUTE_WANTS_OPERATOR = 4, /* his token */
    ROUTE_WANTS_BODY = 8,     /* a JSON object */
    ROUTE_WANTS_STORE = 16,   /* it is carried out while nobody resets the deployment */
    ROUTE_ANYWHERE = 32,      /* it is there without the prefix too */
};

/* One row of a table. Rows of one pattern stand together, and the first pattern that fits a path counts. */
struct route {
    const char *pattern; /* "/interrupts/{id}": a segment {id} fits any that is not empty */
    const char *method;
    unsigned wants;
    enum hp_status (*answer)(struct server_call *call); /* makes the response, or records a problem */
};

/* What was found. */
struct route_match {
    const struct route *route; /* NULL: the path is unknown, or does not take the method */
    bool known;                /* the path is */
    char id
        [ROUTE_ID_SIZE]; /* the segment {id}, decoded; "" for one that is longer, or no UTF-8: it names nothing */
    char allow[ROUTE_ALLOW_SIZE]; /* for a known path: "GET, HEAD, DELETE, OPTIONS" */
};

/* Finds the row for a path as it stands in the target, which begins with the prefix; one slash at its end makes no
 * difference. HEAD finds what GET would. */
void route_find(const struct route *routes, size_t count, const char *prefix, const char *path,
                size_t length_bytes, const char *method, struct route_match *match);

#endif
