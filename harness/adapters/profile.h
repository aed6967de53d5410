/* What a service's HTTP looks like: base URLs, routes, what its statuses mean, and by whom that is done which HTTP has no
 * route for. docs/profiles.md describes the file; fixtures/schema/profile.json is its schema. */
#ifndef HOLDPOINT_ADAPTERS_PROFILE_H
#define HOLDPOINT_ADAPTERS_PROFILE_H

#include "harness/adapters/http_route.h"
#include "reference/base/problem.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum {
    PROFILE_SERVERS_MAX = 64,
    PROFILE_HEADERS_MAX = 16,
    PROFILE_ROUTES_MAX = 16,
    PROFILE_STATUS_END = 600,
};

/* Text that is sent, and the same as people may see it: with ${NAME} for what the environment holds. */
struct profile_text {
    char *sent;
    char *shown;
};

struct profile_server {
    struct profile_text url;      /* with the prefix, without a slash at the end */
    struct profile_text controls; /* sent is NULL when there are none */
};

struct profile_headers {
    struct profile_text lines[PROFILE_HEADERS_MAX]; /* "Name: value" */
    size_t count;
};

/* How one method of the wire is spoken. */
struct profile_route {
    char *method; /* "interrupt.get" */
    struct http_route route;
    struct profile_headers headers; /* besides those of every request */
    const json_t *body; /* text: a pointer into the params; an object: a template; NULL: no body */
    const json_t
        *result;      /* the result's members -> pointers into the answer, or null; NULL when `then` counts */
    const char *then; /* the method whose result it is; NULL */
};

/* Immutable once read, so any number of threads may read it: they borrow its JSON and count no references. */
struct profile {
    json_t *root; /* what the JSON below is borrowed from */
    char *name;   /* NULL: it says none */
    struct profile_server servers[PROFILE_SERVERS_MAX];
    size_t server_count;
    const char *commands
        [PROFILE_SERVERS_MAX]; /* that start the servers, whose URLs are known only then; NULL: they run */
    struct profile_headers headers;
    struct profile_headers operator_headers; /* by which an operator is known; none: it is not said */
    struct profile_route routes[PROFILE_ROUTES_MAX];
    size_t route_count;
    const json_t *capabilities;               /* those that the file declares; NULL: what is possible */
    const char *statuses[PROFILE_STATUS_END]; /* the error's name, or NULL */
    const char *detail, *field,
        *interrupt_status;       /* pointers into a refusal's body; NULL: it does not tell */
    const json_t *renamed;       /* member of an interrupt -> our name for it; NULL: none */
    const json_t *by;            /* method -> the target that carries it out; NULL: none */
    const json_t *stored_fields; /* of an interrupt, that are kept and not shown; NULL: none */
    const char *stored_by;       /* the target that reads them; NULL */
    size_t body_max_bytes;
};

/* Reads a file and what it names in the environment. Every problem names file, line and JSON path. Statuses as
 * document_read; HP_INVALID also for a variable that is not set. The caller frees *profile. */
enum hp_status profile_read(const char *path, struct profile **profile, struct hp_problem *problem);

/* The contract's own routes (examples/profiles/contract.json) on a server, whose URL is complete; controls may be NULL. */
enum hp_status profile_of_contract(const char *url, const char *controls, struct profile **profile,
                                   struct hp_problem *problem);

/* True when the servers are started by commands. */
bool profile_has_commands(const struct profile *profile);

/* Puts other servers in place of the profile's: count of them, whose texts are copied, with no prefix added. Commands stay. */
enum hp_status profile_move(struct profile *profile, const struct profile_server *servers, size_t count,
                            struct hp_problem *problem);

/* Says by which header an operator is known, in place of what the file says. */
enum hp_status profile_set_operator(struct profile *profile, const char *line, struct hp_problem *problem);

void profile_free(struct profile *profile); /* NULL is allowed */

/* The route of a method; NULL when there is none. */
const struct profile_route *profile_route(const struct profile *profile, const char *method);

/* True when the servers take what HTTP has no route for. */
bool profile_has_controls(const struct profile *profile);

/* The capabilities that it declares, as a new array; NULL when memory runs out. */
json_t *profile_capabilities(const struct profile *profile);

#endif
