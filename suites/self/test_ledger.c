#include "harness/drift/migrations/ledger.h"

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

/* Checksums of "a", "b" and "c". */
#define A "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
#define B "3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d"
#define C "2e7d2c03a9507ae265ecf5b5356885a53393a2029d241394997265a1a25aefc6"
#define ENTRY(name, checksum) "{\"name\": \"" name "\", \"checksum\": \"" checksum "\"}"

enum { PATH_SIZE = 256, TEXT_SIZE = 2048, FILES_MAX = 3 };

static char place[64], file[PATH_SIZE];
static struct vocabulary *vocabulary;

static void write_file(const char *path, const char *text) {
    FILE *stream = fopen(path, "wb");
    assert_non_null(stream);
    fputs(text, stream);
    assert_int_equal(fclose(stream), 0);
}

/* Steps 1.sql, 2.sql, 3.sql with these texts, NULL: no such file. */
static void write_steps(const char *const texts[FILES_MAX]) {
    for (int i = 0; i < FILES_MAX; i++) {
        char path[PATH_SIZE];
        snprintf(path, sizeof path, "%s/%d.sql", place, i + 1);
        unlink(path);
        if (texts[i]) {
            write_file(path, texts[i]);
        }
    }
}

static int set_up(void **state) {
    (void)state;
    snprintf(place, sizeof place, "/tmp/ledger-XXXXXX");
    if (!mkdtemp(place) || vocabulary_load("fixtures", &vocabulary, NULL) != HP_OK) {
        return -1;
    }
    snprintf(file, sizeof file, "%s/ledger.json", place);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    static const char *const none[FILES_MAX];
    write_steps(none);
    unlink(file);
    vocabulary_free(vocabulary);
    return rmdir(place);
}

static const struct {
    const char *texts[FILES_MAX];
    const char *entries;
    const char *found; /* "check where: words" each, joined by "|" */
} rows[] = {
    {{"a", "b", "c"}, "", ""},
    {{"a", "b", "c"}, ENTRY("1.sql", A), ""},
    {{"a", "b", "c"}, ENTRY("1.sql", A) ", " ENTRY("2.sql", B) ", " ENTRY("3.sql", C), ""},
    {{"a", "c", "c"}, ENTRY("1.sql", A) ", " ENTRY("2.sql", B), "edited-after-applied 2.sql:0"},
    {{"a", "b", "c"}, ENTRY("1.sql", A) ", " ENTRY("3.sql", C), "step-inserted 2.sql:0"},
    {{"a", "b", "c"}, ENTRY("3.sql", C), "step-inserted 2.sql:0|step-inserted 1.sql:0"},
    {{"a", NULL, "c"}, ENTRY("1.sql", A) ",\n" ENTRY("2.sql", B), "step-gone ledger.json:3"},
    {{"a", NULL, "b"}, ENTRY("1.sql", A) ",\n" ENTRY("2.sql", B), "step-gone ledger.json:3"},
    {{"b", NULL, "a"}, ENTRY("2.sql", A), "step-gone ledger.json:2|step-inserted 1.sql:0"},
};

static void add_finding(struct text *found, const struct drift_finding *finding) {
    text_addf(found, "%s%s %s:%zu", found->length_bytes ? "|" : "", finding->check->id,
              strrchr(finding->file, '/') + 1, finding->line);
}

static void the_ledger_must_still_hold(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[TEXT_SIZE];
        struct steps steps;
        struct ledger ledger;
        struct drift_report report;
        struct text found = {0};
        write_steps(rows[i].texts);
        snprintf(text, sizeof text, "{\"steps\": [\n%s]}", rows[i].entries);
        write_file(file, text);
        assert_int_equal(steps_read(place, &steps, NULL), HP_OK);
        assert_int_equal(ledger_read(file, vocabulary, &ledger, NULL), HP_OK);
        drift_report_init(&report, migration_checks, migration_check_count);
        ledger_judge(&ledger, &steps, &report);
        for (size_t f = 0; f < report.finding_count; f++) {
            add_finding(&found, &report.findings[f]);
        }
        assert_string_equal(found.bytes ? found.bytes : "", rows[i].found);
        assert_int_not_equal(drift_state_of(&report, migration_check(STEP_GONE)), DRIFT_SKIPPED);
        text_release(&found);
        drift_report_release(&report);
        ledger_release(&ledger);
        steps_release(&steps);
    }
}

static void a_step_under_a_new_name_is_named(void **state) {
    (void)state;
    static const char *const texts[FILES_MAX] = {"a", NULL, "b"};
    struct steps steps;
    struct ledger ledger;
    struct drift_report report;
    write_steps(texts);
    write_file(file, "{\"steps\": [" ENTRY("2.sql", B) "]}");
    assert_int_equal(steps_read(place, &steps, NULL), HP_OK);
    assert_int_equal(ledger_read(file, vocabulary, &ledger, NULL), HP_OK);
    drift_report_init(&report, migration_checks, migration_check_count);
    ledger_judge(&ledger, &steps, &report);
    assert_non_null(strstr(report.findings[0].what, "its bytes are now in 3.sql"));
    drift_report_release(&report);
    ledger_release(&ledger);
    steps_release(&steps);
}

static void a_bad_ledger_is_refused_with_its_place(void **state) {
    (void)state;
    static const char *const bad[][2] = {
        {"{", "ledger.json:1:"},
        {"[]", "ledger.json:1: at the top"},
        {"{\"steps\": [\n{\"name\": \"1.sql\"}]}", "ledger.json:2: at /steps/0"},
        {"{\"steps\": [\n{\"name\": \"1.sql\", \"checksum\": \"abc\"}]}", "at /steps/0/checksum"},
        {"{\"steps\": [], \"stpes\": []}", "stpes"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct ledger ledger;
        struct hp_problem problem = {0};
        write_file(file, bad[i][0]);
        assert_int_equal(ledger_read(file, vocabulary, &ledger, &problem), HP_INVALID);
        assert_non_null(strstr(problem.detail, bad[i][1]));
        ledger_release(&ledger);
    }
}

static void read_file(char text[TEXT_SIZE]) {
    FILE *stream = fopen(file, "rb");
    assert_non_null(stream);
    text[fread(text, 1, TEXT_SIZE - 1, stream)] = '\0';
    fclose(stream);
}

static void writing_adds_and_never_replaces(void **state) {
    (void)state;
    static const char *const two[FILES_MAX] = {"a", "b"}, *const three[FILES_MAX] = {"a", "b", "c"},
                             *const edited[FILES_MAX] = {"a", "c", "c"},
                             *const less[FILES_MAX] = {"a", NULL, "c"};
    char text[TEXT_SIZE];
    struct hp_problem was_edited = {0}, is_gone = {0}, nowhere = {0};
    unlink(file);
    write_steps(two);
    assert_int_equal(ledger_write(place, file, vocabulary, NULL), HP_OK);
    read_file(text);
    assert_string_equal(text,
                        "{\n  \"steps\": [\n    " ENTRY("1.sql", A) ",\n    " ENTRY("2.sql", B) "\n  ]\n}\n");
    write_file(file, "{\"$schema\": \"x.json\", \"steps\": [" ENTRY("1.sql", A) "]}");
    write_steps(three);
    assert_int_equal(ledger_write(place, file, vocabulary, NULL), HP_OK);
    read_file(text);
    assert_string_equal(text,
                        "{\n  \"$schema\": \"x.json\",\n  \"steps\": [\n    " ENTRY(
                            "1.sql", A) ",\n    " ENTRY("2.sql", B) ",\n    " ENTRY("3.sql", C) "\n  ]\n}\n");
    write_steps(edited);
    assert_int_equal(ledger_write(place, file, vocabulary, &was_edited), HP_CONFLICT);
    assert_non_null(strstr(was_edited.detail, "2.sql was applied and is edited since"));
    write_steps(less);
    assert_int_equal(ledger_write(place, file, vocabulary, &is_gone), HP_CONFLICT);
    assert_non_null(strstr(is_gone.detail, "2.sql was applied and is gone"));
    char again[TEXT_SIZE];
    read_file(again);
    assert_string_equal(again, text);
    assert_int_equal(ledger_write(place, "/nowhere/ledger.json", vocabulary, &nowhere), HP_UNAVAILABLE);
    assert_non_null(strstr(nowhere.detail, "/nowhere/ledger.json: No such file"));
    assert_int_equal(ledger_write("/nowhere", file, vocabulary, NULL), HP_INVALID);
    write_file(file, "{");
    assert_int_equal(ledger_write(place, file, vocabulary, NULL), HP_INVALID);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_ledger_must_still_hold),
        cmocka_unit_test(a_step_under_a_new_name_is_named),
        cmocka_unit_test(a_bad_ledger_is_refused_with_its_place),
        cmocka_unit_test(writing_adds_and_never_replaces),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down) == 0 ? 0 : 1;
}
