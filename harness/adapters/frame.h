/* One line of the wire cut into its members, without judging what they hold: so the params of a call, or the
 * id of an answer, are found also where the JSON in between is none that a parser takes. */
#ifndef HOLDPOINT_ADAPTERS_FRAME_H
#define HOLDPOINT_ADAPTERS_FRAME_H

#include <stdbool.h>
#include <stddef.h>

/* The text of one value as it stands in the line, without blanks around it. bytes is NULL when the line has
 * no such member. Borrowed from the line. */
struct slice {
    const char *bytes;
    size_t length_bytes;
};

struct frame {
    struct slice jsonrpc;
    struct slice id;
    struct slice endpoint;
    struct slice method;
    struct slice params;
    bool repeated; /* one of these came twice; the first is kept */
};

/* Cuts a line. False when it is no object from its first brace to its last, or has no colon or comma where
 * one belongs; what was found up to there is kept. Values are only skipped: brackets are counted and text is
 * stepped over. */
bool frame_scan(const char *line, size_t length_bytes, struct frame *frame);

/* True when the slice is exactly this text. */
bool slice_is(struct slice slice, const char *text);

/* Reads a slice of 1 to 9 decimal digits. False for anything else. */
bool slice_number(struct slice slice, unsigned *number);

#endif
