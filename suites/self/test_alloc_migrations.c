/* Allocations fail, one at a time, while a folder of migrations is looked at: each while files are read, then ever fewer
 * of them, since a rehearsal has thousands and takes seconds. */
#include "harness/drift/migrations/migrations.h"
#include "harness/drift/migrations/steps.h"
#include "suites/self/support_cluster.h"
#include "suites/self/support_fail_alloc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct vocabulary *vocabulary;

static int set_up(void **state) {
    struct hp_problem problem = {0};
    return vocabulary_load("fixtures", &vocabulary, &problem) == HP_OK ? support_cluster_start(state) : -1;
}

static int tear_down(void **state) {
    vocabulary_free(vocabulary);
    return support_cluster_stop(state);
}

static enum hp_status read_steps(void *context) {
    struct steps steps;
    enum hp_status status = steps_read(context, &steps, NULL);
    steps_release(&steps);
    return status;
}

static void reading_survives(void **state) {
    (void)state;
    assert_true(fail_alloc_sweep(read_steps, (void *)"suites/self/data/migrations/names", false) > 20);
    assert_true(fail_alloc_sweep(read_steps, (void *)"suites/self/data/migrations/meta", false) > 20);
}

static enum hp_status look(const char *directory) {
    struct hp_problem problem = {0};
    struct drift_report report = {0};
    const struct migration_drift options = {.directory = directory, .scratch = support_conninfo()};
    enum hp_status status = migration_drift(&options, vocabulary, &report, &problem);
    assert_true(status != HP_OK || !report.failed);
    assert_int_equal(status, problem.status);
    drift_report_release(&report);
    return status;
}

static void sweep(const char *directory) {
    size_t swept = 0;
    for (size_t nth = 1;; nth += 1 + nth / 2) {
        fail_alloc_arm(nth);
        enum hp_status status = look(directory);
        if (!fail_alloc_disarm()) {
            assert_int_equal(status, HP_OK);
            break;
        }
        assert_int_equal(status, HP_INTERNAL);
        swept++;
    }
    assert_true(swept > 10);
}

static void a_rehearsal_survives(void **state) {
    (void)state;
    sweep("suites/self/data/migrations/no-table");
    sweep("suites/self/data/migrations/refuses-rows");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reading_survives),
        cmocka_unit_test(a_rehearsal_survives),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down) == 0 ? 0 : 1;
}
