/* Text: a buffer that grows to a cap, copies, and what UTF-8 asks for. Nothing here depends on the locale. */
#ifndef HOLDPOINT_BASE_TEXT_H
#define HOLDPOINT_BASE_TEXT_H

#include "reference/base/api.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A growing text. Zeroed, or after text_init, it is empty and owns nothing; release it with text_release. The
 * bytes always end with NUL once anything was added. After a failed append `failed` stays set and later
 * appends do nothing, so a writer checks once, at its end. */
struct text {
    char *bytes;         /* NULL while nothing was added */
    size_t length_bytes; /* without the NUL */
    size_t room_bytes;
    size_t cap_bytes; /* 0: TEXT_CAP_DEFAULT */
    bool failed;      /* memory ran out, or the cap was reached */
};

enum { TEXT_CAP_DEFAULT = 64 * 1024 * 1024 };

void text_init(struct text *text, size_t cap_bytes);
void text_release(struct text *text);

/* Empties it and keeps its memory. Clears `failed`. */
void text_clear(struct text *text);

/* Append bytes, a C string, one byte, or printf's output. False (and `failed`) when memory or the cap
 * ends. */
bool text_append(struct text *text, const char *bytes, size_t length_bytes);
bool text_add(struct text *text, const char *string);
bool text_add_byte(struct text *text, char byte);
bool text_addf(struct text *text, const char *format, ...) HP_PRINTF(2, 3);
bool text_addv(struct text *text, const char *format, va_list arguments) HP_PRINTF(2, 0);

/* Hands the bytes to the caller (free) and leaves it empty; "" is allocated when nothing was added. NULL when
 * it had failed or memory runs out; the text is released then. */
char *text_take(struct text *text);

/* A copy for the caller to free; NULL for NULL, or when memory runs out. */
char *text_copy(const char *string);
char *text_copy_bytes(const char *bytes, size_t length_bytes);

/* Copies string into a buffer of fixed size, cut at a character boundary; false when it was cut. */
bool text_put(char *buffer, size_t size_bytes, const char *string);

/* The same as one line: line feeds become blanks, and there are no blanks at the end. */
bool text_put_line(char *buffer, size_t size_bytes, const char *string);

/* Drops an incomplete UTF-8 sequence at the end of a string that was cut. */
void text_trim_partial(char *string);

/* True when the bytes are UTF-8 (RFC 3629) without U+0000: no overlong forms, surrogates or values past
 * U+10FFFF. */
bool text_is_utf8(const char *bytes, size_t length_bytes);

/* How many bytes at the begin stand for themselves inside a JSON string: no control character, quote or
 * backslash among them. */
size_t text_plain_length(const char *bytes, size_t length_bytes);

/* The number of code points of valid UTF-8. */
size_t text_count_code_points(const char *bytes, size_t length_bytes);

/* 64-bit FNV-1a (Fowler, Noll, Vo) of bytes, continuing from hash; start with TEXT_HASH_START. No secret
 * protects it. */
#define TEXT_HASH_START UINT64_C(0xcbf29ce484222325)
uint64_t text_hash(uint64_t hash, const void *bytes, size_t length_bytes);

#endif
