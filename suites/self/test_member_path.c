#include "reference/core/member_path.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void goes_down_and_back(void **state) {
    (void)state;
    struct member_path path;
    member_path_init(&path, "/envelope");
    size_t before = member_path_add(&path, "a/b~c");
    assert_string_equal(path.text, "/envelope/a~1b~0c");
    member_path_add_index(&path, 12);
    assert_string_equal(path.text, "/envelope/a~1b~0c/12");
    member_path_cut(&path, before);
    assert_string_equal(path.text, "/envelope");
    member_path_add(&path, "");
    assert_string_equal(path.text, "/envelope/");
    member_path_init(&path, "");
    member_path_add(&path, "x");
    assert_string_equal(path.text, "/x");
}

/* What does not fit is cut between characters, and taken back all the same. */
static void long_names_are_cut(void **state) {
    (void)state;
    struct member_path path;
    char name[HP_PROBLEM_FIELD_SIZE + 10];
    for (size_t offset = 0; offset < 3; offset++) {
        memset(name, 'x', offset);
        size_t at = offset;
        while (at + 3 < sizeof name) {
            memcpy(name + at, "\xe2\x82\xac", 3); /* the euro's sign */
            at += 3;
        }
        name[at] = '\0';
        member_path_init(&path, "/a");
        size_t before = member_path_add(&path, name);
        assert_int_equal(path.length_bytes, strlen(path.text));
        assert_true(path.length_bytes > sizeof path.text - 4);
        assert_int_equal((path.length_bytes - 3 - offset) % 3, 0);
        member_path_add(&path, "more");
        member_path_cut(&path, before);
        assert_string_equal(path.text, "/a");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(goes_down_and_back),
                                       cmocka_unit_test(long_names_are_cut)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
