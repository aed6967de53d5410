#include "harness/commands/reports.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "suites/self/support_results.h"

#include <sys/stat.h>
#include <unistd.h>

static char folder[SCRATCH_PATH_SIZE];

static int make_folder(void **state) {
    (void)state;
    scratch_path(folder, "reports-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state) {
    (void)state;
    char command[SCRATCH_PATH_SIZE + 16];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

static void put_path(char path[SCRATCH_PATH_SIZE + 32], const char *name) {
    snprintf(path, SCRATCH_PATH_SIZE + 32, "%s/%s", folder, name);
}

static void assert_starts(const char *name, const char *start) {
    char path[SCRATCH_PATH_SIZE + 32], head[64] = "";
    put_path(path, name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_non_null(fgets(head, sizeof head, file));
    fclose(file);
    assert_memory_equal(head, start, strlen(start));
}

static void writes_what_was_asked_for(void **state) {
    (void)state;
    char text_path[SCRATCH_PATH_SIZE + 32], deep[SCRATCH_PATH_SIZE + 32];
    put_path(text_path, "out.txt");
    put_path(deep, "a/b/c");
    struct run_options options = {.report_dir = deep, .outputs.count = 2};
    options.outputs.items[0] = (struct output){"terminal", text_path};
    options.outputs.items[1] = (struct output){"markdown", "/dev/null"};
    struct reports reports = {0};
    struct hp_problem problem = {0};
    assert_int_equal(reports_open(&reports, &options, &problem), HP_OK);
    assert_int_equal(reports.file_count, 6);
    reports.all->ops->close(reports.all);
    reports.all = NULL;
    assert_true(reports_close(&reports));
    assert_int_equal(reports_open(&reports, &options, &problem), HP_OK);
    sample_play(SAMPLE_MIXED, reports.all);
    reports.all = NULL;
    assert_true(reports_close(&reports));
    assert_starts("out.txt", "holdpoint  8 cases");
    assert_starts("a/b/c/junit.xml", "<?xml");
    assert_starts("a/b/c/report.ndjson", "{\"type\":\"run\"");
    assert_starts("a/b/c/summary.md", "## Holdpoint");
    assert_starts("a/b/c/report.html", "<!doctype html>");
}

static void a_place_that_cannot_be_written_is_named(void **state) {
    (void)state;
    char file_path[SCRATCH_PATH_SIZE + 32], below[SCRATCH_PATH_SIZE + 64];
    put_path(file_path, "out.txt");
    FILE *file = fopen(file_path, "wb");
    assert_non_null(file);
    fclose(file);
    snprintf(below, sizeof below, "%s/x", file_path);
    struct run_options rows[2] = {{.report_dir = below}, {.outputs.count = 1, .report_dir = folder}};
    rows[1].outputs.items[0] = (struct output){"junit", below};
    for (size_t i = 0; i < 2; i++) {
        struct reports reports = {0};
        struct hp_problem problem = {0};
        assert_int_equal(reports_open(&reports, &rows[i], &problem), HP_UNAVAILABLE);
        assert_non_null(strstr(problem.detail, below));
        reports_close(&reports);
    }
}

/* Its headline is the conclusion, so it waits for those that are named behind it. */
static void markdown_knows_what_becomes_of_the_others(void **state) {
    (void)state;
    char page[SCRATCH_PATH_SIZE + 16], seen[64] = "";
    snprintf(page, sizeof page, "%s/page.md", folder);
    struct run_options options = {.outputs.count = 2, .report_dir = folder};
    options.outputs.items[0] = (struct output){"markdown", page};
    options.outputs.items[1] = (struct output){"ndjson", "/dev/full"};
    struct reports reports = {0};
    struct hp_problem problem = {0};
    assert_int_equal(reports_open(&reports, &options, &problem), HP_OK);
    struct run_header header = {.suite_digest = "d", .command = "c", .repeat = ""};
    reports.all->ops->begin(reports.all, &header);
    assert_false(reports.all->ops->settle(reports.all, 0));
    reports.all->ops->end(reports.all, REPORT_BROKEN_CODE);
    assert_false(reports_close(&reports));
    FILE *file = fopen(page, "r");
    assert_non_null(file);
    assert_non_null(fgets(seen, sizeof seen, file));
    fclose(file);
    assert_string_equal(seen, "## Holdpoint: no verdict\n");
}

static void a_full_disk_is_noticed(void **state) {
    (void)state;
    struct run_options options = {.outputs.count = 1, .report_dir = folder};
    options.outputs.items[0] = (struct output){"junit", "/dev/full"};
    struct reports reports = {0};
    struct hp_problem problem = {0};
    assert_int_equal(reports_open(&reports, &options, &problem), HP_OK);
    struct run_header header = {.suite_digest = "d", .command = "c", .repeat = ""};
    reports.all->ops->begin(reports.all, &header);
    assert_false(reports.all->ops->settle(reports.all, 0));
    reports.all->ops->end(reports.all, REPORT_BROKEN_CODE);
    assert_false(reports_close(&reports));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(writes_what_was_asked_for, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(a_place_that_cannot_be_written_is_named, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(markdown_knows_what_becomes_of_the_others, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(a_full_disk_is_noticed, make_folder, remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
