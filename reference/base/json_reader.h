/* The strict reader of requests and of data files: jansson's values, but not jansson's lexer, which drops
 * bytes when memory runs out (and then reads past its buffer), takes a byte of zero behind a number, and asks
 * the locale for the decimal point. */
#ifndef HOLDPOINT_BASE_JSON_READER_H
#define HOLDPOINT_BASE_JSON_READER_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum { JSON_READER_LEVELS = 2048 }; /* that nest; deeper text is refused before it costs the stack */

/* Why a text was refused. */
struct json_fault {
    bool no_memory;
    const char *expected; /* a sentence's end, static: "a value was expected" */
    size_t line;          /* from 1 */
    size_t column;        /* from 1, in code points */
};

/* Reads the one value that the bytes hold, by RFC 8259, without U+0000, lone surrogates, duplicate keys,
 * integers outside the signed 64-bit range and numbers outside the doubles. NULL, and *fault filled,
 * when there is none. The caller owns the value. */
json_t *json_parse(const char *bytes, size_t length_bytes, struct json_fault *fault);

#endif
