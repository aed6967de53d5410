/* The first bytes of something that may be anything, shown to a person. */
#ifndef HOLDPOINT_ADAPTERS_EXCERPT_H
#define HOLDPOINT_ADAPTERS_EXCERPT_H

#include <stddef.h>

enum { EXCERPT_SIZE = 128 };

/* Writes the first bytes in quotes: "Traceback (most recent\x1b"..., and how many there are when not all
 * are shown. Control characters and whatever is not ASCII become \xNN, so that the text is UTF-8 whatever
 * came. */
void excerpt_put(char buffer[EXCERPT_SIZE], const char *bytes, size_t length_bytes);

#endif
