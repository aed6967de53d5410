/* The params of `http.request`: one request as a case writes it, which fixtures/README.md describes. */
#ifndef HOLDPOINT_ADAPTERS_HTTP_PLAIN_H
#define HOLDPOINT_ADAPTERS_HTTP_PLAIN_H

#include "harness/adapters/adapter.h"
#include "harness/adapters/http_line.h"
#include "harness/adapters/profile.h"

#include <stdbool.h>

enum { PLAIN_LINES_MAX = 48, PLAIN_WHY_SIZE = 160 };

/* A request that is ready to be sent, or shown. Zeroed it holds nothing; release with http_plain_release. */
struct http_plain {
    char *verb;
    struct text url;
    struct text body;
    bool has_body;
    char *lines
        [PLAIN_LINES_MAX]; /* "Name: value", "Name;" for one without a value, "Name:" for one that is not to be sent */
    size_t line_count;
};

enum plain_end {
    PLAIN_DONE,
    PLAIN_CANNOT, /* the profile does not say how: nobody's fault, the case is unsupported */
    PLAIN_MISUSE, /* the params are no request */
    PLAIN_NO_MEMORY,
};

/* Makes the request out of the params. base_url is the server's, prefix included. The profile's headers are added, those for
 * operators where the params ask for them; `shown` takes them as people may see them. `why` says what is wrong. The caller
 * releases *plain in any case. */
enum plain_end http_plain_read(const struct profile *profile, const char *base_url, bool shown,
                               const struct request *request, struct http_plain *plain,
                               char why[PLAIN_WHY_SIZE]);
void http_plain_release(struct http_plain *plain);

/* The same for http_line_start: it borrows from the plain one. */
struct http_request http_plain_request(const struct http_plain *plain);

#endif
