#include "harness/drift/source/language.h"
#include "harness/drift/source/syntax.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct syntax_library *library;

static int set_up(void **state) {
    (void)state;
    struct hp_problem problem = {0};
    if (syntax_open(&library, &problem) != HP_OK) {
        print_error("%s\n", problem.detail);
        return -1;
    }
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    syntax_close(library);
    return 0;
}

static void the_patterns_of_each_language_fit_its_grammar(void **state) {
    (void)state;
    for (size_t i = 0; i < LANGUAGE_COUNT; i++) {
        const struct language *language = &languages[i];
        struct syntax_patterns *patterns = NULL;
        struct hp_problem problem = {0};
        enum hp_status status = syntax_compile(library, language->grammar, language->patterns,
                                               *language->patterns_length_bytes, &patterns, &problem);
        if (status != HP_OK) {
            print_error("%s\n", problem.detail);
        }
        assert_int_equal(status, HP_OK);
        syntax_free(patterns);
    }
}

static void wrong_patterns_are_refused_with_their_line(void **state) {
    (void)state;
    static const char wrong[] = "(module)\n(nonsense) @x\n";
    struct syntax_patterns *patterns = NULL;
    struct hp_problem problem = {0};
    assert_int_equal(syntax_compile(library, "python", wrong, sizeof wrong - 1, &patterns, &problem),
                     HP_INTERNAL);
    assert_non_null(strstr(problem.detail, "line 2"));
    problem = (struct hp_problem){0};
    assert_int_equal(syntax_compile(library, "cobol", wrong, sizeof wrong - 1, &patterns, &problem),
                     HP_UNAVAILABLE);
    assert_non_null(strstr(problem.detail, "cobol"));
}

static void count(void *context, const struct syntax_match *match) {
    size_t *lines = context;
    lines[0]++;
    lines[1] += match->captures[0].line;
}

static void a_predicate_keeps_some_matches(void **state) {
    (void)state;
    static const char text[] = "f(1)\ng(2)\nf(3)\n";
    static const char wanted[] = "((call function: (identifier) @how) (#any-of? @how \"f\" \"h\"))";
    struct syntax_patterns *patterns = NULL;
    size_t lines[2] = {0, 0};
    assert_int_equal(syntax_compile(library, "python", wanted, sizeof wanted - 1, &patterns, NULL), HP_OK);
    assert_int_equal(syntax_search(patterns, text, sizeof text - 1, count, lines, NULL), HP_OK);
    assert_int_equal(lines[0], 2);
    assert_int_equal(lines[1], 1 + 3);
    syntax_free(patterns);
}

static void what_could_break_the_parser_is_known(void **state) {
    (void)state;
    enum { MANY = 70000 };
    char *text = malloc(MANY);
    assert_non_null(text);
    memset(text, '(', MANY);
    assert_false(syntax_can_read(text, MANY));
    memset(text, 'a', MANY);
    assert_true(syntax_can_read(text, MANY));
    free(text);
}

static void a_library_that_is_not_there_says_what_to_do(void **state) {
    (void)state;
    struct syntax_library *none = NULL;
    struct hp_problem problem = {0};
    setenv("HOLDPOINT_GRAMMARS", "/nowhere.so", 1);
    enum hp_status status = syntax_open(&none, &problem);
    unsetenv("HOLDPOINT_GRAMMARS");
    assert_int_equal(status, HP_UNAVAILABLE);
    assert_null(none);
    assert_non_null(strstr(problem.detail, "scripts/grammars"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_patterns_of_each_language_fit_its_grammar),
        cmocka_unit_test(wrong_patterns_are_refused_with_their_line),
        cmocka_unit_test(a_predicate_keeps_some_matches),
        cmocka_unit_test(what_could_break_the_parser_is_known),
        cmocka_unit_test(a_library_that_is_not_there_says_what_to_do),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down) == 0 ? 0 : 1;
}
