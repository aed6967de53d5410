#include "harness/base/place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct place nowhere = {0};
static const struct place root = {NULL, "/cases/3", 0};
static const struct place member = {&root, "a/b~c", 0};
static const struct place element = {&member, NULL, 12};
static const struct place empty_key = {&element, "", 0};

static void places_become_json_pointers(void **state) {
    (void)state;
    static const struct {
        const struct place *place;
        const char *pointer;
    } rows[] = {{&nowhere, ""},
                {&root, "/cases/3"},
                {&member, "/cases/3/a~1b~0c"},
                {&element, "/cases/3/a~1b~0c/12"},
                {&empty_key, "/cases/3/a~1b~0c/12/"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct text pointer = {0};
        assert_true(place_write(&pointer, rows[i].place));
        assert_string_equal(pointer.bytes, rows[i].pointer);
        text_release(&pointer);
    }
}

static void a_refusal_names_its_place(void **state) {
    (void)state;
    struct hp_problem problem = {0};
    assert_int_equal(place_refuse(&element, &problem, "expected %d, got %s", 1, "two"), HP_INVALID);
    assert_int_equal(problem.status, HP_INVALID);
    assert_string_equal(problem.field, "/cases/3/a~1b~0c/12");
    assert_string_equal(problem.detail, "expected 1, got two");
    assert_int_equal(place_refuse(&root, &problem, "second"), HP_INVALID);
    assert_string_equal(problem.detail, "expected 1, got two");
    assert_int_equal(place_refuse(&root, NULL, "nobody asks"), HP_INVALID);
}

/* A message that does not fit ends with a whole character. */
static void a_long_refusal_is_cut_between_characters(void **state) {
    (void)state;
    char words[HP_PROBLEM_DETAIL_SIZE + 3];
    for (size_t blanks = 0; blanks < 2; blanks++) {
        struct hp_problem problem = {0};
        memset(words, ' ', blanks);
        for (size_t i = blanks; i + 2 < sizeof words; i += 2) {
            memcpy(words + i, "\xc3\xa9", 3);
        }
        assert_int_equal(place_refuse(&root, &problem, "%s", words), HP_INVALID);
        size_t length = strlen(problem.detail);
        assert_int_equal(length, HP_PROBLEM_DETAIL_SIZE - 2 + blanks);
        assert_true(text_is_utf8(problem.detail, length));
    }
}

static void a_full_text_is_said(void **state) {
    (void)state;
    struct text pointer;
    text_init(&pointer, 8);
    assert_false(place_write(&pointer, &element));
    text_release(&pointer);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_become_json_pointers), cmocka_unit_test(a_refusal_names_its_place),
        cmocka_unit_test(a_long_refusal_is_cut_between_characters), cmocka_unit_test(a_full_text_is_said)};
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
