/* Finds lines in JSON text. jansson keeps none, so the text is scanned again, once something has to be
 * named. */
#ifndef HOLDPOINT_HARNESS_BASE_LOCATE_H
#define HOLDPOINT_HARNESS_BASE_LOCATE_H

#include <stddef.h>

/* The line (from 1) of the value that a JSON Pointer leads to; for a member the line of its key. When it
 * leads nowhere, the line of the last part that exists. The text must be valid JSON; for other text the
 * answer is some line of it. */
size_t locate_pointer(const char *text, size_t length_bytes, const char *pointer);

/* Fills in the lines on which the elements of the array at the pointer begin, up to count, in one pass.
 * Returns how many were found. */
size_t locate_elements(const char *text, size_t length_bytes, const char *pointer, size_t *lines,
                       size_t count);

#endif
