/* The HTTP API without a socket: calls of its site, each of whose answers is held against the OpenAPI description. Everything
 * here fails the running test by cmocka's assertions. */
#ifndef HOLDPOINT_SELF_SUPPORT_API_H
#define HOLDPOINT_SELF_SUPPORT_API_H

#include "reference/server/api.h"
#include "reference/service/door.h"

struct api_bench {
    struct deployment *deployment; /* in memory; its clock stands at BENCH_NOW_US */
    struct site site;
};

/* A request, of which what is zero is not there. */
struct api_request {
    const char *line; /* "POST /interrupts/x/respond?user_id=ann" */
    const char *body;
    size_t body_length_bytes; /* 0: that of the string */
    const char *content_type; /* NULL: application/json when there is a body */
    const char *authorization;
    const char *key;
    const char *user;             /* the header of a proxy */
    enum request_header repeated; /* HEADER_CONTENT_TYPE: none of the others */
};

/* An answer. Release it with api_reply_release. */
struct api_reply {
    unsigned status;
    json_t *json; /* NULL: no body */
    struct server_response response;
};

/* options: NULL, or auth_header, operator_token and prefix. */
void api_bench_init(struct api_bench *bench, const struct server_options *options);
void api_bench_release(struct api_bench *bench);

/* Makes a call. */
void api_call(struct api_bench *bench, const struct api_request *request, struct api_reply *reply);
void api_reply_release(struct api_reply *reply);

/* Makes a call whose status must be that; with a name, the problem must have it, and that field (NULL: none). */
void api_expect(struct api_bench *bench, const struct api_request *request, unsigned status, const char *name,
                const char *field);

/* Creates a confirmation of ann's; its id. */
void api_create(struct api_bench *bench, char id[HP_ID_SIZE]);

/* Carries out a method of the wire beside HTTP; the caller drops the result. */
json_t *api_wire(struct api_bench *bench, const char *method, const char *params);

/* How many events there were since the last time. */
size_t api_count_events(struct api_bench *bench);

/* Fails unless the description knows an answer of that status to that method and pattern, and a body and headers like these.
 * header(context, name) gives the value of one, or NULL. */
void api_check_described(const char *method, const char *pattern, unsigned status, const char *content_type,
                         const json_t *body, const char *(*header)(const void *context, const char *name),
                         const void *context);

#endif
