#include "reference/server/route.h"
#include "reference/base/text.h"
#include "reference/server/query_string.h"

#include <string.h>

/* A part of the path, as it stands there. */
struct span {
    const char *bytes;
    size_t length;
};

static void copy_id(char id[ROUTE_ID_SIZE], struct span segment) {
    char decoded[3 * ROUTE_ID_SIZE]; /* where each byte may stand as %XX */
    bool fits = segment.length < sizeof decoded &&
                percent_decode(segment.bytes, segment.length, decoded, false) &&
                strlen(decoded) < ROUTE_ID_SIZE;
    text_put(id, ROUTE_ID_SIZE, fits ? decoded : "");
}

/* Cuts the first segment, behind its slash, off the path. False at the path's end. */
static bool cut_segment(struct span *path, struct span *segment) {
    if (path->length == 0 || path->bytes[0] != '/') {
        return false;
    }
    const char *slash = memchr(path->bytes + 1, '/', path->length - 1);
    segment->bytes = path->bytes + 1;
    segment->length = slash ? (size_t)(slash - segment->bytes) : path->length - 1;
    path->bytes += segment->length + 1;
    path->length -= segment->length + 1;
    return true;
}

static bool fits(const char *pattern, struct span path, char id[ROUTE_ID_SIZE]) {
    struct span wanted = {pattern, strlen(pattern)}, part, segment;
    while (cut_segment(&wanted, &part)) {
        if (!cut_segment(&path, &segment) || segment.length == 0) {
            return false;
        }
        if (part.bytes[0] == '{') {
            copy_id(id, segment);
        } else if (part.length != segment.length || memcmp(part.bytes, segment.bytes, part.length) != 0) {
            return false;
        }
    }
    return path.length == 0;
}

/* The path behind the prefix, without a slash at its end. False when it does not begin with the prefix. */
static bool strip_prefix(const char *prefix, struct span *path) {
    size_t length = strlen(prefix);
    if (path->length < length || memcmp(path->bytes, prefix, length) != 0) {
        return false;
    }
    path->bytes += length;
    path->length -= length;
    return true;
}

static void allow(char text[ROUTE_ALLOW_SIZE], const char *method) {
    size_t length = strlen(text);
    text_put(text + length, ROUTE_ALLOW_SIZE - length, method);
    length = strlen(text);
    text_put(text + length, ROUTE_ALLOW_SIZE - length, strcmp(method, "GET") == 0 ? ", HEAD, " : ", ");
}

void route_find(const struct route *routes, size_t count, const char *prefix, const char *path,
                size_t length_bytes, const char *method, struct route_match *match) {
    const char *wanted = strcmp(method, "HEAD") == 0 ? "GET" : method;
    struct span whole = {path, length_bytes};
    if (whole.length > 1 && path[whole.length - 1] == '/') {
        whole.length--;
    }
    struct span behind = whole;
    bool below = strip_prefix(prefix, &behind);
    const char *found = NULL;
    *match = (struct route_match){0};
    for (size_t i = 0; i < count; i++) {
        const struct route *route = &routes[i];
        if (found ? strcmp(found, route->pattern) != 0
                  : !(below && fits(route->pattern, behind, match->id)) &&
                        !(route->wants & ROUTE_ANYWHERE && fits(route->pattern, whole, match->id))) {
            continue;
        }
        found = route->pattern;
        allow(match->allow, route->method);
        if (!match->route && strcmp(route->method, wanted) == 0) {
            match->route = route;
        }
    }
    match->known = found != NULL;
    if (match->known) {
        size_t length = strlen(match->allow);
        text_put(match->allow + length, ROUTE_ALLOW_SIZE - length, "OPTIONS");
    }
}
