/* A call of the wire as a request of HTTP, by a route of a profile. */
#ifndef HOLDPOINT_ADAPTERS_HTTP_MAP_H
#define HOLDPOINT_ADAPTERS_HTTP_MAP_H

#include "harness/adapters/adapter.h"
#include "harness/adapters/profile.h"

#include <stdbool.h>

enum { MAP_WHY_SIZE = 160 };

/* What is to be asked. Zeroed it holds nothing; release with http_sketch_release. */
struct http_sketch {
    const char *verb; /* borrowed from the route */
    struct text path; /* with the query, without the server */
    struct text body;
    bool has_body;
    bool without_members; /* the body is no object, so that a refusal can name none of its members */
};

void http_sketch_release(struct http_sketch *sketch);

enum map_end {
    MAP_DONE,
    MAP_CANNOT, /* HTTP, or this route, has no way to say the call */
    MAP_NO_MEMORY,
};

/* Makes the request. MAP_CANNOT, with the reason in `why`, is: a value in the URL that is not of its param's type, or not
 * there though the path needs it; a param, or an unknown member, for which the route has no place; text that is no JSON,
 * unless it stands in a body that is sent as it is; get, list and pending_for_request without a user_id, which are calls
 * of a trusted caller and by HTTP there is none. */
enum map_end http_map(const struct profile_route *route, const struct request *request,
                      struct http_sketch *sketch, char why[MAP_WHY_SIZE]);

/* The field of the params that a refusal's pointer means: a pair of the query by our name for it, a pointer into the body by
 * where the body stands in the params; "" is the whole body. */
void http_map_field(const struct profile_route *route, const char *field, char *out, size_t out_size);

#endif
