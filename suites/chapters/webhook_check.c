#include "suites/chapters/webhook_check.h"

#include "harness/base/digest.h"
#include "reference/base/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_BYTES = 64 };

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static unsigned digit_of(char digit) {
    return (unsigned)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

/* SHA-256 of two pieces. */
static bool digest(const void *first, size_t first_bytes, const void *second, size_t second_bytes,
                   unsigned char bytes[CHECK_MAC_BYTES]) {
    char hex[DIGEST_HEX_SIZE];
    struct digest *made = digest_new();
    if (made) {
        digest_add(made, first, first_bytes);
        digest_add(made, second, second_bytes);
    }
    bool done = digest_finish(made, hex);
    for (size_t i = 0; done && i < CHECK_MAC_BYTES; i++) {
        bytes[i] = (unsigned char)(digit_of(hex[2 * i]) << 4 | digit_of(hex[2 * i + 1]));
    }
    return done;
}

bool check_digest(const void *bytes, size_t length_bytes, char hex[CHECK_HEX_SIZE]) {
    struct digest *made = digest_new();
    if (made) {
        digest_add(made, bytes, length_bytes);
    }
    return digest_finish(made, hex);
}

bool check_mac(const void *key, size_t key_bytes, const void *text, size_t text_bytes,
               unsigned char mac[CHECK_MAC_BYTES]) {
    unsigned char block[BLOCK_BYTES] = {0}, inner[BLOCK_BYTES], outer[BLOCK_BYTES];
    if (key_bytes > BLOCK_BYTES) {
        if (!digest(key, key_bytes, "", 0, block)) {
            return false;
        }
    } else {
        memcpy(block, key, key_bytes);
    }
    for (size_t i = 0; i < BLOCK_BYTES; i++) {
        inner[i] = block[i] ^ 0x36;
        outer[i] = block[i] ^ 0x5c;
    }
    unsigned char hash[CHECK_MAC_BYTES];
    return digest(inner, sizeof inner, text, text_bytes, hash) &&
           digest(outer, sizeof outer, hash, sizeof hash, mac);
}

size_t check_base64_decode(const char *text, unsigned char *bytes) {
    size_t length = strlen(text), count = 0;
    unsigned held = 0, bits = 0;
    size_t plain = strspn(text, letters);
    if (length % 4 != 0 || length - plain > 2 || strspn(text + plain, "=") != length - plain) {
        return SIZE_MAX;
    }
    for (size_t i = 0; i < plain; i++) {
        held = held << 6 | (unsigned)(strchr(letters, text[i]) - letters);
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            bytes[count++] = (unsigned char)(held >> bits & 0xff);
        }
    }
    return count;
}

void check_base64_encode(const unsigned char mac[CHECK_MAC_BYTES], char text[CHECK_BASE64_SIZE]) {
    size_t at = 0;
    for (size_t i = 0; i < CHECK_MAC_BYTES; i += 3) {
        size_t left = CHECK_MAC_BYTES - i;
        unsigned held = (unsigned)mac[i] << 16 | (left > 1 ? (unsigned)mac[i + 1] << 8 : 0) |
                        (left > 2 ? (unsigned)mac[i + 2] : 0);
        for (size_t j = 0; j < 4; j++) {
            text[at++] = j <= left ? letters[held >> (18 - 6 * j) & 63] : '=';
        }
    }
    text[at] = '\0';
}

const char *check_signature(const char *header, const char *secret, const char *body, size_t body_bytes) {
    static const char digits[] = "0123456789abcdef";
    unsigned char mac[CHECK_MAC_BYTES];
    char expected[CHECK_HEX_SIZE + 7] = "sha256=";
    if (!header) {
        return "missing";
    }
    if (!check_mac(secret, strlen(secret), body, body_bytes, mac)) {
        return NULL;
    }
    for (size_t i = 0; i < CHECK_MAC_BYTES; i++) {
        expected[7 + 2 * i] = digits[mac[i] >> 4];
        expected[8 + 2 * i] = digits[mac[i] & 15];
    }
    expected[7 + 2 * CHECK_MAC_BYTES] = '\0';
    return strcmp(header, expected) == 0 ? "valid" : "wrong";
}

/* The right signature, "v1,...". False without memory, or when the secret is no base64. */
static bool sign_standard(const char *id, const char *timestamp, const char *secret, const char *body,
                          size_t body_bytes, char expected[CHECK_BASE64_SIZE + 3]) {
    unsigned char mac[CHECK_MAC_BYTES], *key = malloc(strlen(secret) + 1);
    size_t key_bytes = strlen(secret);
    struct text text = {0};
    text_addf(&text, "%s.%s.", id, timestamp);
    bool done = key && text_append(&text, body, body_bytes);
    if (done && strncmp(secret, "whsec_", 6) == 0) {
        key_bytes = check_base64_decode(secret + 6, key);
    } else if (done) {
        memcpy(key, secret, key_bytes);
    }
    done = done && key_bytes != SIZE_MAX && check_mac(key, key_bytes, text.bytes, text.length_bytes, mac);
    if (done) {
        memcpy(expected, "v1,", 3);
        check_base64_encode(mac, expected + 3);
    }
    text_release(&text);
    free(key);
    return done;
}

const char *check_standard(const char *header, const char *id, const char *timestamp, const char *secret,
                           const char *body, size_t body_bytes) {
    char expected[CHECK_BASE64_SIZE + 3];
    if (!header || !id || !timestamp) {
        return "missing";
    }
    if (!sign_standard(id, timestamp, secret, body, body_bytes, expected)) {
        return NULL;
    }
    for (const char *at = header; *at;) {
        size_t length = strcspn(at, " ");
        if (length == strlen(expected) && strncmp(at, expected, length) == 0) {
            return "valid";
        }
        at += length + (at[length] == ' ');
    }
    return "wrong";
}
