#include "reference/service/webhook_signature.h"
#include "suites/chapters/webhook_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* RFC 4231, test case 2; the body of the documentation of Standard Webhooks. */
static void known_signatures(void **state) {
    (void)state;
    static const char question[] = "what do ya want for nothing?", body[] = "{\"test\": 2432232314}";
    char signature[WEBHOOK_SIGNATURE_SIZE], standard[WEBHOOK_STANDARD_SIZE];
    assert_true(webhook_sign("Jefe", question, strlen(question), signature));
    assert_string_equal(signature, "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    assert_true(webhook_sign_standard("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                                      "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body, strlen(body),
                                      standard));
    assert_string_equal(standard, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

/* Against the harness's own HMAC and base64, with what could be cut at a NUL or grow past a block. */
static void signatures_agree_with_a_second_opinion(void **state) {
    (void)state;
    static const char *const secrets[] = {
        "s",
        "schlüssel 鍵",
        "whsec_AP8A/wD/AP8=",
        "whsec_YQ==",
        "whsec_",
        "0123456789012345678901234567890123456789012345678901234567890123456789"};
    static const char bodies[][8] = {"", "{}", "a\0b\0c", "ü\n\r\"\\"};
    for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++) {
        for (size_t j = 0; j < sizeof bodies / sizeof bodies[0]; j++) {
            char signature[WEBHOOK_SIGNATURE_SIZE], standard[WEBHOOK_STANDARD_SIZE];
            assert_true(webhook_sign(secrets[i], bodies[j], 7, signature));
            assert_string_equal(check_signature(signature, secrets[i], bodies[j], 7), "valid");
            assert_string_equal(check_signature(signature, secrets[i], bodies[j], 6), "wrong");
            assert_true(webhook_sign_standard(secrets[i], "id", -5, bodies[j], 7, standard));
            assert_string_equal(check_standard(standard, "id", "-5", secrets[i], bodies[j], 7), "valid");
            assert_string_equal(check_standard(standard, "id", "5", secrets[i], bodies[j], 7), "wrong");
            assert_string_equal(check_standard(standard, "ie", "-5", secrets[i], bodies[j], 7), "wrong");
        }
    }
}

static void what_is_no_base64_signs_nothing(void **state) {
    (void)state;
    char standard[WEBHOOK_STANDARD_SIZE];
    assert_false(webhook_sign_standard("whsec_%%%%", "id", 0, "x", 1, standard));
    assert_true(webhook_sign_standard("whsec_eHh4", "id", 0, "x", 1, standard));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(known_signatures),
                                       cmocka_unit_test(signatures_agree_with_a_second_opinion),
                                       cmocka_unit_test(what_is_no_base64_signs_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
