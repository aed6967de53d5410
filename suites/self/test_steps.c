#include "harness/drift/migrations/steps.h"

#include "harness/drift/migrations/migration_checks.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { NAMES_MAX = 10, PATH_SIZE = 256 };

static char place[64];

static int set_up(void **state) {
    (void)state;
    snprintf(place, sizeof place, "/tmp/steps-XXXXXX");
    return mkdtemp(place) ? 0 : -1;
}

static int tear_down(void **state) {
    (void)state;
    return rmdir(place);
}

static void write_file(const char *name, const char *text) {
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "%s/%s", place, name);
    FILE *stream = fopen(path, "wb");
    assert_non_null(stream);
    fputs(text, stream);
    assert_int_equal(fclose(stream), 0);
}

static void remove_file(const char *name) {
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "%s/%s", place, name);
    assert_int_equal(unlink(path), 0);
}

/* Names of files, the order in which they are applied, and the checks that find something, in the order of finding. */
struct row {
    const char *files[NAMES_MAX];
    const char *order, *found, *left_out;
};

static const struct row rows[] = {
    {{"1_a.sql"}, "1_a.sql", "", NULL},
    {{"schema.sql"}, "schema.sql", "", NULL},
    {{"0001_a.sql", "0002_b.sql", "readme.md", "0003_c.txt"}, "0001_a.sql 0002_b.sql", "", NULL},
    {{"9_b.sql", "10_a.sql"}, "9_b.sql 10_a.sql", "order-ambiguous ", NULL},
    {{"8_b.sql", "9_b.sql", "10_a.sql", "11_a.sql", "100_b.sql"},
     "8_b.sql 9_b.sql 10_a.sql 11_a.sql 100_b.sql",
     "order-ambiguous ",
     NULL},
    {{"1_b.sql", "01_a.sql"}, "01_a.sql 1_b.sql", "number-doubled ", NULL},
    {{"1_a.sql", "1_b.sql", "1_c.sql"}, "1_a.sql 1_b.sql 1_c.sql", "number-doubled number-doubled ", NULL},
    {{"b.sql", "a.sql", "3_c.sql"}, "3_c.sql a.sql b.sql", "number-missing number-missing ", NULL},
    {{"V1__a.sql", "V1.1__b.sql", "V1_2__c.sql", "V2__d.sql"},
     "V1__a.sql V1.1__b.sql V1_2__c.sql V2__d.sql",
     "order-ambiguous ",
     NULL},
    {{"V1__a.sql", "U1__a.sql", "R__c.sql"}, "V1__a.sql R__c.sql", "number-missing left-out ", "U1__a.sql"},
    {{"1_a.up.sql", "1_a.down.sql"}, "1_a.up.sql", "left-out ", "1_a.down.sql"},
    {{"1_a.sql", "1_a_down.sql", "1_a.undo.sql", "1_a_rollback.sql", "1_a.DOWN.SQL"},
     "1_a.sql",
     "left-out ",
     "1_a.DOWN.SQL, 1_a.undo.sql, 1_a_down.sql, 1_a_rollback.sql"},
    {{"20240101_a.sql", "20240101120000_b.sql"},
     "20240101_a.sql 20240101120000_b.sql",
     "order-ambiguous ",
     NULL},
    {{"00000000000000000000000000000002_a.sql", "1_b.SQL"},
     "1_b.SQL 00000000000000000000000000000002_a.sql",
     "order-ambiguous ",
     NULL},
};

static void check_order(const struct row *row, const struct steps *steps) {
    struct text order = {0};
    for (size_t i = 0; i < steps->count; i++) {
        text_addf(&order, "%s%s", i ? " " : "", steps->items[i].name);
    }
    assert_string_equal(order.bytes, row->order);
    text_release(&order);
    if (row->left_out) {
        assert_string_equal(steps->left_out, row->left_out);
    } else {
        assert_null(steps->left_out);
    }
}

static void check_findings(const struct row *row, const struct steps *steps) {
    struct drift_report report;
    struct text found = {0};
    drift_report_init(&report, migration_checks, migration_check_count);
    steps_judge(steps, &report);
    for (size_t i = 0; i < report.finding_count; i++) {
        text_addf(&found, "%s ", report.findings[i].check->id);
    }
    assert_string_equal(found.bytes ? found.bytes : "", row->found);
    assert_int_not_equal(drift_state_of(&report, migration_check(NUMBER_DOUBLED)), DRIFT_SKIPPED);
    text_release(&found);
    drift_report_release(&report);
}

static void numbers_make_the_order(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct steps steps;
        struct hp_problem problem = {0};
        for (size_t f = 0; f < NAMES_MAX && rows[i].files[f]; f++) {
            write_file(rows[i].files[f], "select 1");
        }
        assert_int_equal(steps_read(place, &steps, &problem), HP_OK);
        check_order(&rows[i], &steps);
        check_findings(&rows[i], &steps);
        steps_release(&steps);
        for (size_t f = 0; f < NAMES_MAX && rows[i].files[f]; f++) {
            remove_file(rows[i].files[f]);
        }
    }
}

/* A text, how many statements are applied, where the way back begins, and whether they come one by one. */
static void files_say_how_they_are_applied(void **state) {
    (void)state;
    static const struct {
        const char *text;
        size_t statements, down_line;
        bool alone;
    } texts[] = {
        {"", 0, 0, false},
        {"select 1; select 2;", 2, 0, false},
        {"begin; select 1; commit;", 3, 0, true},
        {"select 1; commit;", 2, 0, true},
        {"vacuum", 1, 0, true},
        {"savepoint a; release a", 2, 0, false},
        {"-- +goose Up\nselect 1;\n-- +goose Down\nselect 2;", 1, 3, false},
        {"-- +goose NO TRANSACTION\nselect 1;", 1, 0, true},
        {"-- migrate:up transaction:false\nselect 1;\n-- migrate:down\nselect 2; select 3", 1, 3, true},
        {"-- +migrate Up\nselect 1;\n-- +migrate Down\nselect 2;", 1, 3, false},
        {"--//@UNDO\nselect 2;", 0, 1, false},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct steps steps;
        struct hp_problem problem = {0};
        write_file("1.sql", texts[i].text);
        assert_int_equal(steps_read(place, &steps, &problem), HP_OK);
        assert_int_equal(steps.items[0].statements.count, texts[i].statements);
        assert_int_equal(steps.items[0].down_line, texts[i].down_line);
        assert_int_equal(steps.items[0].alone, texts[i].alone);
        steps_release(&steps);
    }
    remove_file("1.sql");
}

static void a_step_has_the_checksum_of_its_bytes(void **state) {
    (void)state;
    struct steps steps;
    char folder[PATH_SIZE];
    write_file("1.sql", "abc");
    snprintf(folder, sizeof folder, "%s/", place);
    assert_int_equal(steps_read(folder, &steps, NULL), HP_OK);
    assert_string_equal(steps.items[0].checksum,
                        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_null(strstr(steps.items[0].path, "//"));
    steps_release(&steps);
    remove_file("1.sql");
}

static void what_cannot_be_read_is_named(void **state) {
    (void)state;
    struct steps steps;
    struct step step;
    struct hp_problem empty = {0}, nowhere = {0}, dangling = {0}, file = {0};
    char path[PATH_SIZE];
    assert_int_equal(steps_read(place, &steps, &empty), HP_INVALID);
    assert_non_null(strstr(empty.detail, "holds no migration"));
    steps_release(&steps);
    assert_int_equal(steps_read("/nowhere", &steps, &nowhere), HP_INVALID);
    assert_non_null(strstr(nowhere.detail, "/nowhere: No such file"));
    steps_release(&steps);
    snprintf(path, sizeof path, "%s/1.sql", place);
    assert_int_equal(symlink("/nowhere/at.all", path), 0);
    assert_int_equal(steps_read(place, &steps, &dangling), HP_UNAVAILABLE);
    assert_non_null(strstr(dangling.detail, "1.sql: No such file"));
    steps_release(&steps);
    remove_file("1.sql");
    assert_int_equal(step_read("/tmp", &step, &file), HP_UNAVAILABLE);
    assert_non_null(strstr(file.detail, "/tmp: Is a directory"));
    step_release(&step);
}

static void what_is_too_long_is_refused(void **state) {
    (void)state;
    char path[PATH_SIZE];
    struct steps steps;
    struct hp_problem problem = {0};
    write_file("1.sql", "select 1");
    snprintf(path, sizeof path, "%s/1.sql", place);
    assert_int_equal(truncate(path, STEP_CAP_BYTES + 1), 0);
    assert_int_equal(steps_read(place, &steps, &problem), HP_INVALID);
    assert_non_null(strstr(problem.detail, "larger than 16777216 bytes"));
    steps_release(&steps);
    remove_file("1.sql");
}

static void nothing_hides_behind_a_nul(void **state) {
    (void)state;
    char path[PATH_SIZE];
    struct steps steps;
    struct hp_problem problem = {0};
    snprintf(path, sizeof path, "%s/1.sql", place);
    FILE *stream = fopen(path, "wb");
    assert_non_null(stream);
    fwrite("select 1;\n\0 drop table a;", 1, 25, stream);
    fclose(stream);
    assert_int_equal(steps_read(place, &steps, &problem), HP_INVALID);
    assert_non_null(strstr(problem.detail, "/1.sql:2: holds a NUL byte"));
    steps_release(&steps);
    remove_file("1.sql");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_make_the_order),
        cmocka_unit_test(files_say_how_they_are_applied),
        cmocka_unit_test(a_step_has_the_checksum_of_its_bytes),
        cmocka_unit_test(what_cannot_be_read_is_named),
        cmocka_unit_test(what_is_too_long_is_refused),
        cmocka_unit_test(nothing_hides_behind_a_nul),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down) == 0 ? 0 : 1;
}
