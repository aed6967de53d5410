#include "harness/case/baseline.h"
#include "suites/self/support_baseline.h"
#include "suites/self/support_play.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* One entry, one result of kinds.a on the target t, and what comes of them on 2026-06-15. The texts about the
 * file begin with its path and line, which are left out here. */
static const struct {
    const char *entry;
    enum verdict before, after;
    const char *mark; /* of the result */
    bool in_file;     /* the result's `baseline` begins with the place in the file */
    const char *baseline, *problem;
} rows[] = {
    /* matching */
    {KNOWN("a", ""), VERDICT_FAILED, VERDICT_EXPECTED_FAILURE, MARK, false, "r", NULL},
    {KNOWN("a", ",\"link\":\"https://x\""), VERDICT_FAILED, VERDICT_EXPECTED_FAILURE, MARK, false,
     "r (https://x)", NULL},
    {KNOWN("a", ",\"target\":\"t\",\"until\":\"2026-06-15\""), VERDICT_FAILED, VERDICT_EXPECTED_FAILURE, MARK,
     false, "r", NULL},
    /* stale */
    {KNOWN("a", ""), VERDICT_PASSED, VERDICT_UNEXPECTED_PASS, "", true,
     "kinds.a passes now: delete the entry (or run with --update-baseline)", NULL},
    /* changed */
    {KNOWN("a", ""), VERDICT_FAILED, VERDICT_FAILED, OTHER_MARK, true,
     "fails otherwise than recorded: if that is known too, set \"fingerprint\" to \"" OTHER_MARK
     "\" (or run with --update-baseline)",
     NULL},
    /* past its date */
    {KNOWN("a", ",\"until\":\"2026-06-14\""), VERDICT_FAILED, VERDICT_FAILED, MARK, true,
     "known, but only until 2026-06-14: mend the target, or set a later \"until\"",
     "past its date 2026-06-14: delete the entry, or set a later \"until\""},
    {KNOWN("a", ",\"until\":\"2026-06-14\""), VERDICT_FAILED, VERDICT_FAILED, OTHER_MARK, true,
     "fails otherwise than recorded: if that is known too, set \"fingerprint\" to \"" OTHER_MARK
     "\" (or run with --update-baseline)",
     "past its date 2026-06-14: delete the entry, or set a later \"until\""},
    {KNOWN("a", ",\"until\":\"2026-06-14\""), VERDICT_PASSED, VERDICT_UNEXPECTED_PASS, "", true,
     "kinds.a passes now: delete the entry (or run with --update-baseline)",
     "past its date 2026-06-14: delete the entry, or set a later \"until\""},
    /* other verdicts keep theirs */
    {KNOWN("a", ""), VERDICT_UNSUPPORTED, VERDICT_UNSUPPORTED, "", false, NULL,
     "matches nothing: kinds.a is unsupported on t: delete the entry"},
    {KNOWN("a", ""), VERDICT_UNTESTABLE, VERDICT_UNTESTABLE, MARK, false, NULL,
     "matches nothing: kinds.a is untestable on t: delete the entry"},
    {KNOWN("a", ""), VERDICT_ERRORED, VERDICT_ERRORED, MARK, false, NULL, NULL},
    {KNOWN("a", ""), VERDICT_NOT_RUN, VERDICT_NOT_RUN, "", false, NULL, NULL},
    /* not for this result */
    {KNOWN("a", ",\"target\":\"u\",\"until\":\"2020-01-01\""), VERDICT_FAILED, VERDICT_FAILED, MARK, false,
     NULL, NULL},
    {KNOWN("b", ",\"until\":\"2020-01-01\""), VERDICT_FAILED, VERDICT_FAILED, MARK, false, NULL, NULL},
    {KNOWN("aa", ""), VERDICT_FAILED, VERDICT_FAILED, MARK, false, NULL,
     "there is no case kinds.aa (did you mean kinds.a?): delete the entry, or mend its \"case\""},
    {KNOWN("dd", ""), VERDICT_FAILED, VERDICT_FAILED, MARK, false, NULL,
     "there is no case kinds.dd (did you mean kinds.d?): delete the entry, or mend its \"case\""},
    {KNOWN("zzzzzzzzzz.zzzzzzzzz", ""), VERDICT_FAILED, VERDICT_FAILED, MARK, false, NULL,
     "there is no case kinds.zzzzzzzzzz.zzzzzzzzz: delete the entry, or mend its \"case\""},
    {KNOWN("aa", ",\"target\":\"u\""), VERDICT_FAILED, VERDICT_FAILED, MARK, false, NULL, NULL},
};

/* Fails unless the text is the wanted one behind "PATH:2: ". */
static void assert_in_file(const struct shelf *shelf, const char *text, const char *wanted) {
    struct text whole = {0};
    assert_true(text_addf(&whole, "%s:2: %s", shelf->path, wanted));
    assert_text(text, whole.bytes);
    text_release(&whole);
}

static void an_entry_changes_what_it_knows_of(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct shelf shelf;
        struct baseline_problems problems = {0};
        shelf_init(&shelf, rows[i].entry);
        struct case_result result = shelf_result(&shelf, 'a', rows[i].before, rows[i].mark);
        assert_int_equal(baseline_expects(shelf.baseline, "t", "2026-06-15", &result),
                         rows[i].after == VERDICT_EXPECTED_FAILURE);
        assert_int_equal(
            baseline_apply(shelf.baseline, shelf.suite, "t", "2026-06-15", &result, 1, &problems), HP_OK);
        if (result.verdict != rows[i].after) {
            fail_msg("row %zu: %s", i, verdict_name(result.verdict));
        }
        if (rows[i].in_file) {
            assert_in_file(&shelf, result.baseline, rows[i].baseline);
        } else {
            assert_text(result.baseline, rows[i].baseline);
        }
        assert_int_equal(problems.count, rows[i].problem != NULL);
        if (rows[i].problem) {
            assert_in_file(&shelf, problems.texts[0], rows[i].problem);
        }
        baseline_problems_release(&problems);
        assert_int_equal(problems.count, 0);
        case_result_release(&result);
        shelf_release(&shelf);
    }
}

static void each_entry_goes_to_its_own_case(void **state) {
    (void)state;
    struct shelf shelf;
    struct baseline_problems problems = {0};
    shelf_init(&shelf, KNOWN("c", "") ",\n" KNOWN("x", "") ",\n" KNOWN("a", "") ",\n" KNOWN("y", ""));
    struct case_result results[] = {shelf_result(&shelf, 'a', VERDICT_PASSED, ""),
                                    shelf_result(&shelf, 'b', VERDICT_FAILED, MARK),
                                    shelf_result(&shelf, 'c', VERDICT_FAILED, MARK)};
    results[0].baseline = text_copy("an older word");
    assert_int_equal(baseline_apply(shelf.baseline, shelf.suite, "t", "2026-06-15", results, 3, &problems),
                     HP_OK);
    assert_int_equal(results[0].verdict, VERDICT_UNEXPECTED_PASS);
    assert_int_equal(results[1].verdict, VERDICT_FAILED);
    assert_int_equal(results[2].verdict, VERDICT_EXPECTED_FAILURE);
    assert_non_null(strstr(results[0].baseline, "baseline.json:4: kinds.a passes now"));
    assert_null(results[1].baseline);
    assert_int_equal(problems.count, 2);
    assert_non_null(strstr(problems.texts[0], "baseline.json:3: there is no case kinds.x"));
    assert_non_null(strstr(problems.texts[1], "baseline.json:5: there is no case kinds.y"));
    baseline_problems_release(&problems);
    for (size_t i = 0; i < 3; i++) {
        case_result_release(&results[i]);
    }
    shelf_release(&shelf);
}

/* What is wrong with an entry is found whatever place its case has among the results. */
static void the_last_result_counts_as_the_first(void **state) {
    (void)state;
    struct shelf shelf;
    struct baseline_problems problems = {0};
    shelf_init(&shelf, KNOWN("c", ",\"until\":\"2026-06-14\""));
    struct case_result results[] = {shelf_result(&shelf, 'a', VERDICT_PASSED, ""),
                                    shelf_result(&shelf, 'b', VERDICT_PASSED, ""),
                                    shelf_result(&shelf, 'c', VERDICT_FAILED, MARK)};
    assert_int_equal(baseline_apply(shelf.baseline, shelf.suite, "t", "2026-06-15", results, 3, &problems),
                     HP_OK);
    assert_int_equal(problems.count, 1);
    assert_non_null(strstr(problems.texts[0], "past its date 2026-06-14"));
    baseline_problems_release(&problems);
    for (size_t i = 0; i < 3; i++) {
        case_result_release(&results[i]);
    }
    shelf_release(&shelf);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_entry_changes_what_it_knows_of),
        cmocka_unit_test(each_entry_goes_to_its_own_case),
        cmocka_unit_test(the_last_result_counts_as_the_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
