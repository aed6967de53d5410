#include "reference/service/webhook_signature.h"
#include "reference/base/text.h"

#include <inttypes.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAC_BYTES = 32 };

static bool mac(const void *key, size_t key_bytes, const char *text, size_t length_bytes,
                unsigned char digest[MAC_BYTES]) {
    unsigned length = 0;
    return HMAC(EVP_sha256(), key, (int)key_bytes, (const unsigned char *)text, length_bytes, digest,
                &length) &&
           length == MAC_BYTES;
}

bool webhook_sign(const char *secret, const char *body, size_t length_bytes,
                  char signature[WEBHOOK_SIGNATURE_SIZE]) {
    unsigned char digest[MAC_BYTES];
    if (!mac(secret, strlen(secret), body, length_bytes, digest)) {
        return false;
    }
    char *at = signature + snprintf(signature, WEBHOOK_SIGNATURE_SIZE, "sha256=");
    for (size_t i = 0; i < MAC_BYTES; i++, at += 2) {
        snprintf(at, 3, "%02x", digest[i]);
    }
    return true;
}

/* The key of a secret: the caller frees *key. False for what is no base64, and without memory. */
static bool decode_key(const char *secret, unsigned char **key, size_t *key_bytes) {
    static const char prefix[] = "whsec_";
    size_t length = strlen(secret);
    if (strncmp(secret, prefix, sizeof prefix - 1) != 0) {
        *key = (unsigned char *)text_copy(secret);
        *key_bytes = length;
        return *key != NULL;
    }
    const char *coded = secret + sizeof prefix - 1;
    length -= sizeof prefix - 1;
    *key = malloc(length / 4 * 3 + 1);
    int decoded = *key ? EVP_DecodeBlock(*key, (const unsigned char *)coded, (int)length) : -1;
    if (decoded < 0) {
        free(*key);
        return false;
    }
    /* It counts what the padding stands for. */
    size_t padding = length >= 1 && coded[length - 1] == '=';
    padding += length >= 2 && coded[length - 2] == '=';
    *key_bytes = (size_t)decoded - padding;
    return true;
}

bool webhook_sign_standard(const char *secret, const char *id, int64_t timestamp_s, const char *body,
                           size_t length_bytes, char signature[WEBHOOK_STANDARD_SIZE]) {
    unsigned char digest[MAC_BYTES], *key = NULL;
    size_t key_bytes = 0;
    struct text text = {0};
    text_addf(&text, "%s.%" PRId64 ".", id, timestamp_s);
    bool done = text_append(&text, body, length_bytes) && decode_key(secret, &key, &key_bytes);
    if (done) {
        done = mac(key, key_bytes, text.bytes, text.length_bytes, digest);
        memcpy(signature, "v1,", 3);
        EVP_EncodeBlock((unsigned char *)signature + 3, digest, MAC_BYTES);
        free(key);
    }
    text_release(&text);
    return done;
}
