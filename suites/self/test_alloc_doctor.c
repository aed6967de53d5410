/* Every allocation of a checkup and its reports fails once: what is incomplete says so, and nothing leaks. What reads an
 * adapter's lines is left out: jansson's own parser does not survive that. */
#include "harness/doctor/witness.h"
#include "harness/report/doctor_report.h"
#include "suites/self/support_fail_alloc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void fill(struct checkup *checkup) {
    static const struct witness witness = {.lines = 1, .seen[SLIP_NOISE] = {1, "made noise"}};
    static const char *const ids[] = {"quiet", "lines", "hello", "end"};
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        checkup_add(checkup, ids[i], "does what it should");
    }
    checkup_pass(checkup, "hello", "after %d ms", 3000);
    checkup_skip(checkup, "end", "no %s", "child");
    checkup_fail(checkup, "lines", "one line", "write one", "It wrote %d.", 2);
    witness_judge(&witness, checkup);
    checkup->target = text_copy("stdio:./a");
    checkup->next = text_copy("mend it");
    checkup->failed = checkup->failed || !checkup->target || !checkup->next;
}

static enum hp_status make(void *context) {
    (void)context;
    struct checkup checkup = {0};
    fill(&checkup);
    enum hp_status status = checkup.failed ? HP_INTERNAL : HP_OK;
    if (!checkup.failed) {
        assert_int_equal(checkup_count(&checkup, CHECK_FAILS), 2);
        assert_int_equal(checkup_count(&checkup, CHECK_OK), 1);
    }
    checkup_release(&checkup);
    return status;
}

static enum hp_status render(void *context) {
    const struct checkup *checkup = context;
    struct text text = {0}, json = {0};
    doctor_add_text(&text, checkup, paint_get(false), 60);
    doctor_add_json(&json, checkup);
    enum hp_status status = text.failed || json.failed ? HP_INTERNAL : HP_OK;
    text_release(&text);
    text_release(&json);
    return status;
}

static void a_checkup_survives_every_failure(void **state) {
    (void)state;
    assert_true(fail_alloc_sweep(make, NULL, false) > 20);
}

static void its_reports_survive_every_failure(void **state) {
    (void)state;
    struct checkup checkup = {0};
    fill(&checkup);
    assert_false(checkup.failed);
    checkup.log = text_copy("one\ntwo\n");
    checkup.by_hand = text_copy("printf x");
    size_t swept = fail_alloc_sweep(render, &checkup, false);
    checkup_release(&checkup);
    assert_true(swept > 20);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_checkup_survives_every_failure),
        cmocka_unit_test(its_reports_survive_every_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
