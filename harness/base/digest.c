#include "harness/base/digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdlib.h>

struct digest {
    EVP_MD_CTX *context;
    bool failed;
};

struct digest *digest_new(void) {
    struct digest *digest = calloc(1, sizeof *digest);
    if (!digest) {
        return NULL;
    }
    /* A digest needs nothing of the system's OpenSSL configuration, and reading that takes longer than the
     * digest. */
    OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
    digest->context = EVP_MD_CTX_new();
    digest->failed = !digest->context || EVP_DigestInit_ex(digest->context, EVP_sha256(), NULL) != 1;
    return digest;
}

void digest_add(struct digest *digest, const void *bytes, size_t length_bytes) {
    digest->failed = digest->failed || EVP_DigestUpdate(digest->context, bytes, length_bytes) != 1;
}

bool digest_finish(struct digest *digest, char hex[DIGEST_HEX_SIZE]) {
    static const char digits[] = "0123456789abcdef";
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    bool done = digest && !digest->failed && EVP_DigestFinal_ex(digest->context, bytes, &length) == 1;
    for (unsigned i = 0; done && i < length; i++) {
        hex[2 * i] = digits[bytes[i] >> 4];
        hex[2 * i + 1] = digits[bytes[i] & 15];
    }
    hex[2 * length] = '\0';
    if (digest) {
        EVP_MD_CTX_free(digest->context);
    }
    free(digest);
    return done;
}
