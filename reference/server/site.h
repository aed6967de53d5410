/* What a server serves: a table of routes over a deployment; and one call of it, from the request to the answer, without a
 * socket. */
#ifndef HOLDPOINT_SERVER_SITE_H
#define HOLDPOINT_SERVER_SITE_H

#include "reference/server/deployment.h"
#include "reference/server/message.h"
#include "reference/server/query_string.h"
#include "reference/server/route.h"

/* Does not change while it is served; any number of threads reads it. */
struct site {
    const struct route *routes; /* static */
    size_t route_count;
    struct deployment *deployment; /* borrowed */
    char *prefix;                  /* "" for none */
    char *auth_header;             /* NULL: parameters say who the user is */
    char *operator_token;          /* NULL: nobody is the operator */
    struct text openapi;           /* the description of the routes, for /openapi.json */
};

/* Copies the texts, of which all but prefix may be NULL. HP_INVALID for a prefix that is no path, or a name of a header that
 * none can have; HP_INTERNAL without memory. Release it in any case. */
enum hp_status site_init(struct site *site, const struct route *routes, size_t route_count,
                         struct deployment *deployment, const char *prefix, struct hp_problem *problem);
enum hp_status site_set_auth_header(struct site *site, const char *name, struct hp_problem *problem);
enum hp_status site_set_operator_token(struct site *site, const char *token, struct hp_problem *problem);
void site_release(struct site *site);

/* One request on its way. Zeroed but for site and request it is new; release it with call_release. */
struct server_call {
    const struct site *site;
    struct server_request request;
    struct server_response response;
    struct route_match match;
    struct query_string query;
    const char *user;           /* who asks, where the route wants one */
    struct hp_service *service; /* lent for the call, where the route wants the store */
    unsigned refusal;           /* the HTTP status of a refusal; 0: the one of the error */
    struct hp_problem problem;
};

/* Looks at everything but the body. True when the answer is there already, and the body is not wanted. */
bool call_screen(struct server_call *call);

/* Carries out a call that call_screen let pass, when its body has come; the answer is there then. */
void call_answer(struct server_call *call);

void call_release(struct server_call *call);

#endif
