#include "harness/adapters/http_curl.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void check(const struct profile *profile, const char *method, const char *params,
                  const char *command) {
    struct text text = {0};
    const struct request request = {method, params, strlen(params), false};
    http_curl_write(profile, &request, &text);
    assert_string_equal(text.bytes ? text.bytes : "", command);
    text_release(&text);
}

static void routes(void **state) {
    (void)state;
    struct profile *profile = NULL;
    assert_int_equal(profile_of_contract("http://h:1/x", NULL, &profile, NULL), HP_OK);
    check(profile, "interrupt.get", "{\"id\":\"a'b\",\"user_id\":\"$HOME\"}",
          "curl -sS -i -X GET \"http://h:1/x/interrupts/a%27b?user_id=%24HOME\"");
    check(profile, "interrupt.create", "{\"message\":\"it's\"}",
          "curl -sS -i -X POST \"http://h:1/x/interrupts\" -H 'Content-Type: application/json' --data-binary "
          "'{\"message\":\"it'\\''s\"}'");
    check(profile, "interrupt.get", "{\"id\":\"a\"}", "");
    check(profile, "reset", "{}", "");
    profile_free(profile);
}

static void plain_requests(void **state) {
    (void)state;
    struct profile *profile = NULL;
    assert_int_equal(profile_of_contract("http://h:1/x", NULL, &profile, NULL), HP_OK);
    check(profile, "http.request", "{\"path\":\"/i/../a%00\",\"query\":{\"user_id\":\"$HOME\"}}",
          "curl -sS -i --path-as-is -X GET \"http://h:1/x/i/../a%00?user_id=%24HOME\"");
    check(profile, "http.request", "{\"method\":\"HEAD\",\"path\":\"/i\"}",
          "curl -sS -I --path-as-is \"http://h:1/x/i\"");
    check(
        profile, "http.request",
        "{\"method\":\"POST\",\"path\":\"/i\",\"text\":\"it's\",\"headers\":{\"Content-Type\":null}}",
        "curl -sS -i --path-as-is -X POST \"http://h:1/x/i\" -H \"Content-Type:\" --data-binary 'it'\\''s'");
    check(profile, "http.request", "{\"method\":\"POST\",\"path\":\"/i\",\"hex\":\"4100\"}",
          "curl -sS -i --path-as-is -X POST \"http://h:1/x/i\" -H \"Content-Type: application/json\" "
          "--data-binary ''  # "
          "the body is cut here: it has 2 bytes");
    check(profile, "http.request", "{\"path\":\"i\"}", "");
    profile_free(profile);
}

static void secrets_and_controls(void **state) {
    (void)state;
    struct profile *profile = NULL;
    const struct profile_server server = {{(char *)"http://u:s3cret@h", (char *)"http://u:${PASSWORD}@h"},
                                          {(char *)"http://c", (char *)"$CONTROLS"}};
    assert_int_equal(profile_of_contract("http://h", NULL, &profile, NULL), HP_OK);
    assert_int_equal(profile_move(profile, &server, 1, NULL), HP_OK);
    profile->headers.lines[0] =
        (struct profile_text){text_copy("X-Token: s3cret"), text_copy("X-Token: ${TOKEN} \"`")};
    profile->headers.count = 1;
    check(profile, "interrupt.cancel", "{\"id\":\"a\",\"user_id\":\"b\"}",
          "curl -sS -i -X DELETE \"http://u:${PASSWORD}@h/interrupts/a?user_id=b\" -H \"X-Token: ${TOKEN} "
          "\\\"\\`\"");
    check(profile, "interrupt.get", "{\"id\":\"a\"}",
          "curl -sS -i -X POST \"$CONTROLS/call\" -H 'Content-Type: application/json' --data-binary "
          "'{\"method\":\"interrupt.get\",\"params\":{\"id\":\"a\"}}'");
    profile_free(profile);
}

static void long_body(void **state) {
    (void)state;
    struct profile *profile = NULL;
    struct text params = {0}, text = {0};
    assert_int_equal(profile_of_contract("http://h", NULL, &profile, NULL), HP_OK);
    text_add(&params, "{\"message\":\"");
    for (size_t i = 0; i < 10000; i++) {
        text_add_byte(&params, 'x');
    }
    text_add(&params, "\"}");
    const struct request request = {"interrupt.create", params.bytes, params.length_bytes, false};
    http_curl_write(profile, &request, &text);
    assert_true(text.length_bytes < 5000);
    assert_non_null(strstr(text.bytes, "# the body is cut here: 4096 of 10014 bytes"));
    text_release(&params);
    text_release(&text);
    profile_free(profile);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(routes), cmocka_unit_test(plain_requests),
                                       cmocka_unit_test(secrets_and_controls), cmocka_unit_test(long_body)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
