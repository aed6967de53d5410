#include "harness/case/digest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

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

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(digests_are_sha_256),
                                       cmocka_unit_test(no_digest_is_a_failure)};
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
