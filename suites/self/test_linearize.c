/* The layers behind one door. */
#include "harness/lab/linearize.h"
#include "suites/self/support_history.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static enum linearity judge(const struct linearize_options *options, const char *operations, char lines[64],
                            char reason[JUDGEMENT_REASON_SIZE]) {
    struct history history;
    struct judgement judgement;
    struct linearizer *linearizer = linearizer_new(options);
    assert_non_null(linearizer);
    history_short(&history, operations);
    assert_int_equal(linearizer_check(linearizer, &history, 0, &judgement, NULL), HP_OK);
    snprintf(lines, 64, "%s", judgement_lines(&judgement));
    snprintf(reason, JUDGEMENT_REASON_SIZE, "%s", judgement.reason);
    history_release(&history);
    linearizer_free(linearizer);
    return judgement.linearity;
}

static void every_method_explains_alike(void **state) {
    (void)state;
    for (int method = METHOD_DEFAULT; method <= METHOD_BRUTE; method++) {
        struct linearize_options options = {.method = (enum linearize_method)method};
        char lines[64], reason[JUDGEMENT_REASON_SIZE];
        assert_int_equal(judge(&options, "0 respond ok 0 10; 1 get pending 5 20", lines, reason),
                         LINEARIZABLE);
        assert_string_equal(lines, "");
        assert_int_equal(judge(&options, "0 respond ok 0 10; 1 get pending 11 20", lines, reason), VIOLATION);
        assert_string_equal(lines, "1 2");
        assert_non_null(strstr(reason, "which found it not ended, was only called at +11 ns"));
    }
}

static void options_arrive(void **state) {
    (void)state;
    static const char late[] = "0 create/ann/50 ok 0 5; 1 respond ok 53 60";
    static const char lost[] =
        "0 respond unknown 0 -; 1 respond unknown 0 -; 2 get resolved:1 5 9; 3 get pending 10 11";
    char lines[64], reason[JUDGEMENT_REASON_SIZE];
    for (int method = METHOD_INTERVAL; method <= METHOD_BRUTE; method++) {
        struct linearize_options options = {.method = (enum linearize_method)method, .clock_error_ns = 2};
        assert_int_equal(judge(&options, late, lines, reason), VIOLATION);
        options.clock_error_ns = 3;
        assert_int_equal(judge(&options, late, lines, reason), LINEARIZABLE);
    }
    struct linearize_options few = {.method = METHOD_SEARCH, .steps = 1};
    assert_int_equal(judge(&few, lost, lines, reason), UNDECIDED);
    struct linearize_options small = {.method = METHOD_SEARCH, .memo_bytes = 1};
    assert_int_equal(judge(&small, lost, lines, reason), UNDECIDED);
    struct linearize_options plenty = {.method = METHOD_SEARCH};
    assert_int_equal(judge(&plenty, lost, lines, reason), VIOLATION);
}

static void methods_and_verdicts_have_names(void **state) {
    (void)state;
    static const char *const names[] = {"interval", "interval", "search", "brute"};
    for (int method = METHOD_DEFAULT; method <= METHOD_BRUTE; method++) {
        struct linearize_options options = {.method = (enum linearize_method)method};
        struct linearizer *linearizer = linearizer_new(&options);
        assert_string_equal(linearizer_layer(linearizer), names[method]);
        linearizer_free(linearizer);
        enum linearize_method found = METHOD_DEFAULT;
        assert_true(linearize_method_from_name(names[method], &found));
        assert_int_equal(found, method == METHOD_DEFAULT ? METHOD_INTERVAL : method);
    }
    enum linearize_method found = METHOD_SEARCH;
    assert_false(linearize_method_from_name("porcupine", &found));
    assert_int_equal(found, METHOD_SEARCH);
    assert_string_equal(linearity_name(LINEARIZABLE), "ok");
    assert_string_equal(linearity_name(VIOLATION), "illegal");
    assert_string_equal(linearity_name(UNDECIDED), "undecided");
    linearizer_free(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_method_explains_alike),
        cmocka_unit_test(options_arrive),
        cmocka_unit_test(methods_and_verdicts_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
