/* SHA-256 over several pieces; the one door to libcrypto. */
#ifndef HOLDPOINT_BASE_DIGEST_H
#define HOLDPOINT_BASE_DIGEST_H

#include <stdbool.h>
#include <stddef.h>

enum { DIGEST_HEX_SIZE = 65 };

struct digest;

/* NULL when memory runs out. */
struct digest *digest_new(void);

/* Adds bytes. A failure is kept until digest_finish. */
void digest_add(struct digest *digest, const void *bytes, size_t length_bytes);

/* Writes the lower-case hex digits and frees the digest; NULL is allowed, and fails. */
bool digest_finish(struct digest *digest, char hex[DIGEST_HEX_SIZE]);

#endif
