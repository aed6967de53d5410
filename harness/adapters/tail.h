/* The end of something long: the last so many bytes of all that was appended. */
#ifndef HOLDPOINT_ADAPTERS_TAIL_H
#define HOLDPOINT_ADAPTERS_TAIL_H

#include "reference/base/text.h"

#include <stdbool.h>
#include <stddef.h>

/* A ring of bytes. Release with tail_release; a zeroed one may be released too. */
struct tail {
    char *bytes;
    size_t room_bytes;
    size_t start; /* where the oldest byte lies */
    size_t length_bytes;
    size_t lost_bytes; /* that were overwritten since the last tail_take */
};

/* False when memory ran out. room_bytes is at least 1. */
bool tail_init(struct tail *tail, size_t room_bytes);
void tail_release(struct tail *tail);

void tail_append(struct tail *tail, const char *bytes, size_t length_bytes);

/* Adds what is kept to the text, after a note of how much is lost, and empties the tail. Adds nothing when
 * nothing came. */
void tail_take(struct tail *tail, struct text *text);

/* The last line with anything but blanks in it, cut to fit; "" when there is none. */
void tail_last_line(const struct tail *tail, char *buffer, size_t size_bytes);

#endif
