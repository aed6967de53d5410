#include "harness/base/digest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/crypto.h>

/* The examples of FIPS 180-4, and the empty message. */
static void digests_are_sha_256(void **state) {
    (void)state;
    static const char *const rows[][2] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (size_t cut = 0; cut <= strlen(rows[i][0]); cut++) {
            struct digest *digest = digest_new();
            char hex[DIGEST_HEX_SIZE];
            assert_non_null(digest);
            digest_add(digest, rows[i][0], cut);
            digest_add(digest, rows[i][0] + cut, strlen(rows[i][0]) - cut);
            assert_true(digest_finish(digest, hex));
            assert_string_equal(hex, rows[i][1]);
        }
    }
}

static void no_digest_is_a_failure(void **state) {
    (void)state;
    char hex[DIGEST_HEX_SIZE] = "old";
    assert_false(digest_finish(NULL, hex));
    assert_string_equal(hex, "");
}

static size_t countdown;

static void *allocate(size_t size, const char *file, int line) {
    (void)file, (void)line;
    return countdown > 0 && --countdown == 0 ? NULL : malloc(size);
}

static void *reallocate(void *memory, size_t size, const char *file, int line) {
    (void)file, (void)line;
    return countdown > 0 && --countdown == 0 ? NULL : realloc(memory, size);
}

static void release(void *memory, const char *file, int line) {
    (void)file, (void)line;
    free(memory);
}

/* An allocation of libcrypto that fails is told by digest_finish, at the latest. */
static void failures_of_libcrypto_are_told(void **state) {
    (void)state;
    size_t failures = 0;
    for (size_t nth = 1; nth < 100; nth++) {
        char hex[DIGEST_HEX_SIZE];
        countdown = nth;
        struct digest *digest = digest_new();
        assert_non_null(digest);
        digest_add(digest, "abc", 3);
        bool done = digest_finish(digest, hex);
        bool undisturbed = countdown > 0;
        countdown = 0;
        assert_int_equal(strlen(hex), done ? 64 : 0);
        failures += !done;
        if (undisturbed) {
            assert_true(done);
            break;
        }
    }
    assert_true(failures >= 2);
}

int main(void) {
    if (CRYPTO_set_mem_functions(allocate, reallocate, release) != 1) {
        return 1;
    }
    const struct CMUnitTest tests[] = {cmocka_unit_test(digests_are_sha_256),
                                       cmocka_unit_test(no_digest_is_a_failure),
                                       cmocka_unit_test(failures_of_libcrypto_are_told)};
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
