/* The two signatures of a webhook; the one door to libcrypto in the reference. */
#ifndef HOLDPOINT_SERVICE_WEBHOOK_SIGNATURE_H
#define HOLDPOINT_SERVICE_WEBHOOK_SIGNATURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* "sha256=" and 64 hex digits; "v1," and 44 characters of base64. */
enum { WEBHOOK_SIGNATURE_SIZE = 72, WEBHOOK_STANDARD_SIZE = 48 };

/* X-Webhook-Signature: sha256=<hex HMAC-SHA256 of the body>. The key is the secret as it stands, whsec_ and all. False
 * when libcrypto fails. */
bool webhook_sign(const char *secret, const char *body, size_t length_bytes,
                  char signature[WEBHOOK_SIGNATURE_SIZE]);

/* webhook-signature of Standard Webhooks: v1,<base64 HMAC-SHA256 of id.timestamp.body>, timestamp in seconds. The key is
 * what "whsec_" has behind it, decoded from base64, or any other secret as it stands. False when libcrypto fails, memory
 * runs out or the secret is no base64. */
bool webhook_sign_standard(const char *secret, const char *id, int64_t timestamp_s, const char *body,
                           size_t length_bytes, char signature[WEBHOOK_STANDARD_SIZE]);

#endif
