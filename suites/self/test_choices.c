#include "harness/lab/choices.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void turns_come_back_from_json(void **state) {
    (void)state;
    struct choices choices = {0}, read = {0};
    for (unsigned i = 0; i < 200; i++) {
        assert_true(choices_add(&choices, i * 7 % 256));
    }
    json_t *value = choices_encode(&choices);
    assert_int_equal(choices_decode(value, &read, NULL), HP_OK);
    assert_int_equal(read.count, 200);
    assert_memory_equal(read.turns, choices.turns, 200 * sizeof *read.turns);
    json_decref(value);
    choices_release(&read);
    choices_release(&choices);
    assert_null(choices.turns);
}

static void other_json_is_refused_where_it_is_wrong(void **state) {
    (void)state;
    static const struct {
        const char *json, *field;
    } rows[] = {{"{}", ""}, {"[0,1,\"a\"]", "/2"}, {"[-1]", "/0"}, {"[65536]", "/0"}, {"[0,1.5]", "/1"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct choices choices = {0};
        struct hp_problem problem = {0};
        json_t *value = json_loads(rows[i].json, JSON_DECODE_ANY, NULL);
        assert_int_equal(choices_decode(value, &choices, &problem), HP_INVALID);
        assert_string_equal(problem.field, rows[i].field);
        json_decref(value);
        choices_release(&choices);
    }
}

static void there_is_an_end_to_them(void **state) {
    (void)state;
    struct choices choices = {0};
    for (unsigned i = 0; i < CHOICES_MAX; i++) {
        assert_true(choices_add(&choices, 1));
    }
    assert_false(choices_add(&choices, 1));
    assert_int_equal(choices.count, CHOICES_MAX);
    choices_release(&choices);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(turns_come_back_from_json),
        cmocka_unit_test(other_json_is_refused_where_it_is_wrong),
        cmocka_unit_test(there_is_an_end_to_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
