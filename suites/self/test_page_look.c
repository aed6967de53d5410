#include "harness/report/page_look.h"
#include "suites/self/support_results.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void bytes_are_written_in_base_64(void **state) {
    (void)state;
    /* RFC 4648, section 10. */
    static const char *const rows[][2] = {{"", ""},
                                          {"f", "Zg=="},
                                          {"fo", "Zm8="},
                                          {"foo", "Zm9v"},
                                          {"foob", "Zm9vYg=="},
                                          {"fooba", "Zm9vYmE="},
                                          {"foobar", "Zm9vYmFy"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct text out = {0};
        page_look_add_base64(&out, (const unsigned char *)rows[i][0], strlen(rows[i][0]));
        assert_string_equal(out.bytes ? out.bytes : "", rows[i][1]);
        text_release(&out);
    }
}

/* Another program's digest: the policy lets this script run and no other. */
static void the_policy_names_the_script_that_is_there(void **state) {
    (void)state;
    struct text head = {0}, script = {0}, wanted = {0};
    int exit_code = -1;
    page_look_add_head(&head, "title");
    page_look_add_script(&script);
    char *end = strstr(script.bytes, "</script>");
    assert_non_null(end);
    *end = '\0';
    char *digest =
        command_feed("openssl dgst -sha256 -binary | base64", script.bytes + strlen("<script>"), &exit_code);
    assert_int_equal(exit_code, 0);
    text_addf(&wanted, "script-src 'sha256-%.*s';", (int)strcspn(digest, "\n"), digest);
    assert_non_null(strstr(head.bytes, wanted.bytes));
    assert_non_null(strstr(head.bytes, "default-src 'none'"));
    free(digest);
    text_release(&head);
    text_release(&script);
    text_release(&wanted);
}

static void a_title_is_text(void **state) {
    (void)state;
    struct text head = {0};
    page_look_add_head(&head, "</title><script>alert(1)</script>");
    assert_non_null(strstr(head.bytes, "<title>&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;</title>"));
    text_release(&head);
}

/* Neither may end the element that it stands in, or lead out of the page. */
static void style_and_script_stay_inside(void **state) {
    (void)state;
    static const char *const barred[] = {"</",      "http:",  "https:",    "url(",
                                         "@import", "fetch(", "innerHTML", "eval("};
    assert_int_equal(strlen(page_css), page_css_length_bytes);
    assert_int_equal(strlen(page_js), page_js_length_bytes);
    for (size_t i = 0; i < sizeof barred / sizeof barred[0]; i++) {
        assert_null(strstr(page_css, barred[i]));
        assert_null(strstr(page_js, barred[i]));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_are_written_in_base_64),
        cmocka_unit_test(the_policy_names_the_script_that_is_there),
        cmocka_unit_test(a_title_is_text),
        cmocka_unit_test(style_and_script_stay_inside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
