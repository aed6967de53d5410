/* Members of an object of JSON text, as they stand there: for text that no JSON value can hold. */
#ifndef HOLDPOINT_ADAPTERS_JSON_SLICE_H
#define HOLDPOINT_ADAPTERS_JSON_SLICE_H

#include <stdbool.h>
#include <stddef.h>

/* Where a member's value stands in the text, or where a text is malformed. */
struct json_slice {
    const char *at;
    size_t length_bytes;
};

enum json_slice_end {
    JSON_SLICE_FOUND,
    JSON_SLICE_NONE,    /* there is no such member */
    JSON_SLICE_UNCLEAR, /* it stands there twice, or the text is no object whose members can be told apart */
};

/* Finds the value of a top-level member. Values are told apart by quotes and brackets only; what is in them may be
 * anything. `name` is compared byte by byte with the key between its quotes: a key with escapes is another one. */
enum json_slice_end json_slice_member(const char *text, size_t length_bytes, const char *name,
                                      struct json_slice *slice);

#endif
