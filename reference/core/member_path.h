/* JSON Pointers (RFC 6901) of what is at fault, built from their segments. The library does not export it. */
#ifndef HOLDPOINT_CORE_MEMBER_PATH_H
#define HOLDPOINT_CORE_MEMBER_PATH_H

#include "reference/base/problem.h"

#include <stddef.h>

/* A path on its way down. A segment that does not fit is cut, as the field of a problem is. */
struct member_path {
    char text[HP_PROBLEM_FIELD_SIZE];
    size_t length_bytes;
};

void member_path_init(struct member_path *path, const char *prefix);

/* Appends a member's name, escaped, or the number of an element. Returns the length before, for member_path_cut. */
size_t member_path_add(struct member_path *path, const char *key);
size_t member_path_add_index(struct member_path *path, size_t index);

/* Takes back what was appended since. */
void member_path_cut(struct member_path *path, size_t length_bytes);

#endif
