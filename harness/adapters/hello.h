/* The hello of the wire, as both sides write and read it. */
#ifndef HOLDPOINT_ADAPTERS_HELLO_H
#define HOLDPOINT_ADAPTERS_HELLO_H

#include "harness/adapters/adapter.h"

enum { HELLO_NONCE_SIZE = 17, HELLO_ENDPOINTS_MAX = 64, HELLO_CLOCK_ERROR_MAX_US = 60 * 1000 * 1000 };

/* Makes a nonce that no earlier process of this machine was given. It tells a stale answer from a fresh one
 * and protects nothing else. */
void hello_make_nonce(char nonce[HELLO_NONCE_SIZE]);

/* Adds the params of the request: {"protocol":1,"nonce":"..."}. */
bool hello_add_params(struct text *text, const char *nonce);

/* Reads the result of a hello. HP_INVALID when it is none, speaks another protocol or repeats another nonce;
 * the problem says what was expected. HP_INTERNAL without memory. *hello is filled in only with HP_OK; the
 * caller releases it. */
enum hp_status hello_decode(const json_t *result, const char *nonce, struct hello *hello,
                            struct hp_problem *problem);

/* The result that answers a hello with that nonce; NULL when memory runs out. The caller decrefs it. */
json_t *hello_encode(const struct hello *hello, const char *nonce);

/* Copies it all; false, and *copy zeroed, when memory runs out. */
bool hello_copy(const struct hello *hello, struct hello *copy);

#endif
