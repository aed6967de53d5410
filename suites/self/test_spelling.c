#include "harness/drift/source/spelling.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void a_word_is_told_from_its_spelling(void **state) {
    (void)state;
    static const char *const rows[][2] = {
        {"CRITIC_REVIEW", "critic_review"},
        {"InterruptKind.CRITIC_REVIEW", "critic_review"},
        {"Kind::CriticReview", "critic_review"},
        {"p->HTTPServer", "http_server"},
        {"EnvelopeID", "envelope_id"},
        {"\"critic-review\"", "critic_review"},
        {"b'x'", "x"},
        {"\"\"\"text\"\"\"", "text"},
        {"Kind.A.value", "a"},
        {"`q`", "q"},
        {"\"\"", ""},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char word[SPELLING_SIZE];
        spelling_put(word, rows[i][0]);
        assert_string_equal(word, rows[i][1]);
    }
}

static const char *items[] = {"timeout", "critic_review"};
static const struct words words = {items, 2};

static void names_end_with_a_word_and_texts_are_one(void **state) {
    (void)state;
    assert_string_equal(spelling_find(&words, "KIND_TIMEOUT"), "timeout");
    assert_string_equal(spelling_find(&words, "InterruptKindCriticReview"), "critic_review");
    assert_string_equal(spelling_find(&words, "'timeout'"), "timeout");
    assert_null(spelling_find(&words, "'kind_timeout'"));
    assert_null(spelling_find(&words, "notimeout"));
}

static void a_condition_speaks_of_constants_and_texts(void **state) {
    (void)state;
    const char *found[4];
    assert_int_equal(spelling_find_all(&words, "k in (K.TIMEOUT, \"critic_review\", K.TIMEOUT)", found, 4),
                     2);
    assert_string_equal(found[0], "timeout");
    assert_string_equal(found[1], "critic_review");
    assert_int_equal(spelling_find_all(&words, "timeout > 3 and self.timeout", found, 4), 0);
    assert_int_equal(spelling_find_all(&words, "\"open", found, 4), 0);
    assert_int_equal(spelling_find_all(&words, "K.TIMEOUT, K.CRITIC_REVIEW", found, 1), 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_word_is_told_from_its_spelling),
        cmocka_unit_test(names_end_with_a_word_and_texts_are_one),
        cmocka_unit_test(a_condition_speaks_of_constants_and_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) == 0 ? 0 : 1;
}
