/* JSON Pointers (RFC 6901) of what is at fault, built from their segments. The library does not export it. */
#ifndef HOLDPOINT_CORE_POINTER_H
#define HOLDPOINT_CORE_POINTER_H

#include "reference/base/problem.h"

#include <stddef.h>

/* A pointer on its way down. A segment that does not fit is cut, as the field of a problem is. */
struct pointer {
    char text[HP_PROBLEM_FIELD_SIZE];
    size_t length_bytes;
};

void pointer_init(struct pointer *pointer, const char *prefix);

/* Appends a member's name, escaped, or the number of an element. Returns the length before, for pointer_cut. */
size_t pointer_add(struct pointer *pointer, const char *key);
size_t pointer_add_index(struct pointer *pointer, size_t index);

/* Takes back what was appended since. */
void pointer_cut(struct pointer *pointer, size_t length_bytes);

#endif
