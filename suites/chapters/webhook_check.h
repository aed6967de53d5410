/* What a receiver of webhooks makes of the signatures, written apart from the service that makes them: HMAC by RFC 2104 on
 * the harness's own digest, base64 by RFC 4648. */
#ifndef HOLDPOINT_CHAPTERS_WEBHOOK_CHECK_H
#define HOLDPOINT_CHAPTERS_WEBHOOK_CHECK_H

#include <stdbool.h>
#include <stddef.h>

enum { CHECK_MAC_BYTES = 32, CHECK_HEX_SIZE = 65, CHECK_BASE64_SIZE = 45 };

/* HMAC-SHA256. False without memory. */
bool check_mac(const void *key, size_t key_bytes, const void *text, size_t text_bytes,
               unsigned char mac[CHECK_MAC_BYTES]);

/* SHA-256 in hex digits. False without memory. */
bool check_digest(const void *bytes, size_t length_bytes, char hex[CHECK_HEX_SIZE]);

/* Base64 with padding, into bytes (3 for each 4 characters); SIZE_MAX when it is none. */
size_t check_base64_decode(const char *text, unsigned char *bytes);
void check_base64_encode(const unsigned char mac[CHECK_MAC_BYTES], char text[CHECK_BASE64_SIZE]);

/* "valid", "wrong" or "missing" (header NULL), of X-Webhook-Signature. NULL without memory. */
const char *check_signature(const char *header, const char *secret, const char *body, size_t body_bytes);

/* The same of webhook-signature, with webhook-id and webhook-timestamp as they came: "valid" when any of the signatures,
 * which stand with blanks between, is v1 and right. */
const char *check_standard(const char *header, const char *id, const char *timestamp, const char *secret,
                           const char *body, size_t body_bytes);

#endif
