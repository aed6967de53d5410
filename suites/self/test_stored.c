#include "reference/core/stored.h"
#include "suites/self/support_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void what_is_written(void **state) {
    (void)state;
    static const struct {
        struct hp_response response;
        const char *json;
    } rows[] = {
        {{.text = NULL}, "{}"},
        {{.text = "a\"b"}, "{\"text\":\"a\\\"b\"}"},
        {{.approved = HP_DENIED}, "{\"approved\":false}"},
        {{.text = "t", .approved = HP_APPROVED, .decision = HP_DECISION_MODIFY, .data = "{ \"n\": 1e22 }"},
         "{\"text\":\"t\",\"approved\":true,\"decision\":\"modify\",\"data\":{\"n\":10000000000000000000000."
         "0}}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct text text = {0};
        struct stored_response stored = {0};
        assert_true(stored_write_response(&text, &rows[i].response));
        assert_string_equal(text.bytes, rows[i].json);
        assert_int_equal(stored_read_response(text.bytes, &stored, NULL), HP_OK);
        assert_int_equal(stored.response.approved, rows[i].response.approved);
        assert_int_equal(stored.response.decision, rows[i].response.decision);
        assert_int_equal(stored.response.text == NULL, rows[i].response.text == NULL);
        assert_int_equal(stored.response.data == NULL, rows[i].response.data == NULL);
        stored_response_release(&stored);
        assert_null(stored.text);
        assert_null(stored.response.data);
        assert_int_equal(stored.response.approved, HP_APPROVAL_NONE);
        text_release(&text);
    }
}

static void reasons(void **state) {
    (void)state;
    static const char *const rows[][2] = {{NULL, "{}"}, {"", "{}"}, {"a\n", "{\"cancel_reason\":\"a\\n\"}"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct text text = {0};
        assert_true(stored_write_reason(&text, rows[i][0]));
        assert_string_equal(text.bytes, rows[i][1]);
        text_release(&text);
    }
}

static void what_others_wrote(void **state) {
    (void)state;
    struct stored_response stored = {0};
    assert_int_equal(
        stored_read_response("{\"text\": 1, \"approved\": \"yes\", \"decision\": \"perhaps\", \"data\": []}",
                             &stored, NULL),
        HP_OK);
    assert_null(stored.response.text);
    assert_null(stored.response.data);
    assert_int_equal(stored.response.approved, HP_APPROVAL_NONE);
    assert_int_equal(stored.response.decision, HP_DECISION_NONE);
    stored_response_release(&stored);
    struct hp_interrupt *interrupt = NULL;
    struct hp_problem problem = {0};
    assert_refused(stored_read_interrupt("{\"id\": 1}", &interrupt, &problem), &problem, HP_INVALID, "/id");
    assert_null(interrupt);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_written), cmocka_unit_test(reasons),
                                       cmocka_unit_test(what_others_wrote)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
