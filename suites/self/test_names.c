#include "harness/lab/names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static uint32_t add(struct names *names, const char *name) {
    uint32_t number = NAME_NONE;
    assert_int_equal(names_add(names, name, &number, NULL), HP_OK);
    return number;
}

static void a_name_is_kept_once(void **state) {
    (void)state;
    struct names names = {0};
    char name[16];
    for (unsigned round = 0; round < 2; round++) {
        for (unsigned i = 0; i < 5000; i++) {
            snprintf(name, sizeof name, "n%u", i);
            assert_int_equal(add(&names, name), i);
        }
    }
    assert_int_equal(names.count, 5000);
    assert_string_equal(names_text(&names, 4999), "n4999");
    assert_string_equal(names_text(&names, 0), "n0");
    assert_string_equal(names_text(&names, NAME_NONE), "");
    names_release(&names);
    assert_int_equal(names.count, 0);
}

static void a_long_name_finds_room(void **state) {
    (void)state;
    static char name[9000];
    struct names names = {0};
    for (size_t i = 0; i < sizeof name - 1; i++) {
        name[i] = 'x';
    }
    assert_int_equal(add(&names, "a"), 0);
    assert_int_equal(add(&names, name), 1);
    assert_string_equal(names_text(&names, 1), name);
    assert_string_equal(names_text(&names, 0), "a");
    names_release(&names);
}

static void a_name_has_one_form(void **state) {
    (void)state;
    struct names names = {0};
    uint32_t three = add(&names, "3");
    assert_int_equal(names_form(&names, three), NAME_UNSEEN);
    assert_true(names_set_form(&names, three, NAME_NUMBER));
    assert_true(names_set_form(&names, three, NAME_NUMBER));
    assert_false(names_set_form(&names, three, NAME_TEXT));
    assert_int_equal(names_form(&names, three), NAME_NUMBER);
    assert_int_equal(names_form(&names, NAME_NONE), NAME_UNSEEN);
    names_release(&names);
}

static void numbers_are_ordered_by_value_before_texts(void **state) {
    (void)state;
    static const struct {
        const char *text;
        enum name_form form;
    } sorted[] = {{"-5", NAME_NUMBER}, {"3", NAME_NUMBER}, {"20", NAME_NUMBER}, {"100", NAME_NUMBER},
                  {"19", NAME_TEXT},   {"ann", NAME_TEXT}, {"bob", NAME_TEXT}};
    enum { COUNT = sizeof sorted / sizeof sorted[0] };
    struct names names = {0};
    for (uint32_t i = 0; i < COUNT; i++) {
        assert_true(names_set_form(&names, add(&names, sorted[i].text), sorted[i].form));
    }
    for (uint32_t i = 0; i < COUNT; i++) {
        for (uint32_t j = 0; j < COUNT; j++) {
            int order = names_compare(&names, i, j);
            assert_int_equal((order > 0) - (order < 0), (i > j) - (i < j));
        }
        assert_true(names_compare(&names, NAME_NONE, i) < 0);
        assert_true(names_compare(&names, i, NAME_NONE) > 0);
    }
    assert_int_equal(names_compare(&names, NAME_NONE, NAME_NONE), 0);
    names_release(&names);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_is_kept_once),
        cmocka_unit_test(a_long_name_finds_room),
        cmocka_unit_test(a_name_has_one_form),
        cmocka_unit_test(numbers_are_ordered_by_value_before_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
