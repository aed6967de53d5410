#include "harness/commands/outputs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *const three[] = {"text", "json", "junit", NULL};
static const char *const one[] = {"text", NULL};

static void pairs_belong_together(void **state) {
    (void)state;
    struct outputs outputs = {.formats = three};
    assert_int_equal(outputs_take_format(&outputs, "json", NULL), HP_OK);
    assert_int_equal(outputs_take_path(&outputs, "a.json", NULL), HP_OK);
    assert_int_equal(outputs_take_format(&outputs, "text", NULL), HP_OK);
    assert_int_equal(outputs_check(&outputs, NULL), HP_OK);
    assert_int_equal(outputs.count, 2);
    assert_string_equal(outputs.items[0].format, "json");
    assert_string_equal(outputs.items[0].path, "a.json");
    assert_string_equal(outputs.items[1].format, "text");
    assert_null(outputs.items[1].path);
}

static void unknown_formats_are_refused_with_the_known_ones(void **state) {
    (void)state;
    struct outputs outputs = {.formats = three};
    struct hp_problem problem = {0}, other = {0};
    assert_int_equal(outputs_take_format(&outputs, "html", &problem), HP_INVALID);
    assert_string_equal(problem.detail, "there is no format \"html\"; text, json and junit are known");
    outputs.formats = one;
    assert_int_equal(outputs_take_format(&outputs, "", &other), HP_INVALID);
    assert_string_equal(other.detail, "there is no format \"\"; text is known");
    assert_int_equal(outputs.count, 0);
}

static void a_file_needs_a_format_of_its_own(void **state) {
    (void)state;
    struct outputs outputs = {.formats = three};
    assert_int_equal(outputs_take_path(&outputs, "a", NULL), HP_INVALID);
    assert_int_equal(outputs_take_format(&outputs, "json", NULL), HP_OK);
    assert_int_equal(outputs_take_path(&outputs, "a", NULL), HP_OK);
    assert_int_equal(outputs_take_path(&outputs, "b", NULL), HP_INVALID);
    assert_string_equal(outputs.items[0].path, "a");
}

static void stdout_is_for_one(void **state) {
    (void)state;
    struct outputs outputs = {.formats = three};
    struct hp_problem problem = {0};
    assert_int_equal(outputs_check(&outputs, NULL), HP_OK);
    outputs_take_format(&outputs, "json", NULL);
    outputs_take_format(&outputs, "junit", NULL);
    assert_int_equal(outputs_check(&outputs, &problem), HP_INVALID);
    assert_non_null(strstr(problem.detail, "would share stdout"));
    outputs_take_path(&outputs, "b", NULL);
    assert_int_equal(outputs_check(&outputs, NULL), HP_OK);
}

static void there_is_an_end_to_them(void **state) {
    (void)state;
    struct outputs outputs = {.formats = three};
    for (size_t i = 0; i < OUTPUTS_MAX; i++) {
        assert_int_equal(outputs_take_format(&outputs, "text", NULL), HP_OK);
    }
    assert_int_equal(outputs_take_format(&outputs, "text", NULL), HP_INVALID);
    assert_int_equal(outputs.count, OUTPUTS_MAX);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_belong_together),
        cmocka_unit_test(unknown_formats_are_refused_with_the_known_ones),
        cmocka_unit_test(a_file_needs_a_format_of_its_own),
        cmocka_unit_test(stdout_is_for_one),
        cmocka_unit_test(there_is_an_end_to_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) == 0 ? 0 : 1;
}
