#include "harness/case/baseline.h"
#include "suites/self/support_baseline.h"
#include "suites/self/support_folder.h"
#include "suites/self/support_play.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* The entries of a baseline file as "case@target mark reason link until" a line, for the caller to free. */
static char *summarize(const struct shelf *shelf) {
    struct text text = {0};
    size_t index;
    json_t *entry;
    json_t *root = json_load_file(shelf->path, 0, NULL);
    assert_non_null(root);
    json_array_foreach(json_object_get(root, "known_failures"), index, entry) {
        const char *target = json_string_value(json_object_get(entry, "target"));
        const char *link = json_string_value(json_object_get(entry, "link"));
        const char *until = json_string_value(json_object_get(entry, "until"));
        text_addf(&text, "%s@%s %s %s%s%s%s%s\n", json_string_value(json_object_get(entry, "case")),
                  target ? target : "*", json_string_value(json_object_get(entry, "fingerprint")),
                  json_string_value(json_object_get(entry, "reason")), link ? " " : "", link ? link : "",
                  until ? " " : "", until ? until : "");
    }
    json_decref(root);
    return text.length_bytes ? text_take(&text) : text_copy("");
}

#define NEXT_MARK "1123456789abcdef" /* the least that is more than MARK by its first letter */

/* One result of kinds.a on t, and of kinds.b on u. */
static const struct {
    const char *entries;
    enum verdict on_t, on_u;
    const char *marks[2];
    size_t added;
    const char *summary;
} rows[] = {
    /* kept as they are */
    {KNOWN("a", ""), VERDICT_FAILED, VERDICT_PASSED, {MARK, ""}, 0, "kinds.a@* " MARK " r\n"},
    {KNOWN("a", ""), VERDICT_EXPECTED_FAILURE, VERDICT_PASSED, {MARK, ""}, 0, "kinds.a@* " MARK " r\n"},
    {KNOWN("a", ""), VERDICT_ERRORED, VERDICT_PASSED, {MARK, ""}, 0, "kinds.a@* " MARK " r\n"},
    {KNOWN("a", ""), VERDICT_NOT_RUN, VERDICT_PASSED, {MARK, ""}, 0, "kinds.a@* " MARK " r\n"},
    {KNOWN("a", ""), VERDICT_UNTESTABLE, VERDICT_PASSED, {MARK, ""}, 0, "kinds.a@* " MARK " r\n"},
    {KNOWN("c", ""), VERDICT_PASSED, VERDICT_PASSED, {"", ""}, 0, "kinds.c@* " MARK " r\n"},
    {KNOWN("a", ",\"target\":\"v\""), VERDICT_PASSED, VERDICT_PASSED, {"", ""}, 0, "kinds.a@v " MARK " r\n"},
    {KNOWN("a", "") "," KNOWN("c", "") "," KNOWN("d", ""),
     VERDICT_PASSED,
     VERDICT_PASSED,
     {"", ""},
     0,
     "kinds.c@* " MARK " r\nkinds.d@* " MARK " r\n"},
    /* dropped */
    {KNOWN("a", ""), VERDICT_PASSED, VERDICT_PASSED, {"", ""}, 0, ""},
    {KNOWN("a", ""), VERDICT_UNEXPECTED_PASS, VERDICT_PASSED, {"", ""}, 0, ""},
    {KNOWN("zz", ""), VERDICT_PASSED, VERDICT_PASSED, {"", ""}, 0, ""},
    /* failed otherwise: the new mark, all else as it was */
    {KNOWN("a", ",\"link\":\"https://x\",\"until\":\"2026-12-31\""),
     VERDICT_FAILED,
     VERDICT_PASSED,
     {OTHER_MARK, ""},
     0,
     "kinds.a@* " OTHER_MARK " r https://x 2026-12-31\n"},
    {KNOWN("a", ""), VERDICT_FAILED, VERDICT_PASSED, {NEXT_MARK, ""}, 0, "kinds.a@* " NEXT_MARK " r\n"},
    /* added */
    {KNOWN("c", ""),
     VERDICT_FAILED,
     VERDICT_FAILED,
     {MARK, OTHER_MARK},
     2,
     "kinds.c@* " MARK " r\nkinds.a@t " MARK " \nkinds.b@u " OTHER_MARK " \n"},
    {KNOWN("a", ",\"target\":\"u\""),
     VERDICT_FAILED,
     VERDICT_PASSED,
     {MARK, ""},
     1,
     "kinds.a@u " MARK " r\nkinds.a@t " MARK " \n"},
    {KNOWN("a", ",\"target\":\"t\""),
     VERDICT_FAILED,
     VERDICT_PASSED,
     {MARK, ""},
     0,
     "kinds.a@t " MARK " r\n"},
    {NULL, VERDICT_FAILED, VERDICT_PASSED, {MARK, ""}, 1, "kinds.a@t " MARK " \n"},
    {NULL, VERDICT_PASSED, VERDICT_UNTESTABLE, {"", MARK}, 0, ""},
};

static void an_update_writes_what_the_run_has_shown(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct shelf shelf;
        struct hp_problem problem = {0};
        size_t added = 99;
        shelf_init(&shelf, rows[i].entries);
        struct case_result on_t = shelf_result(&shelf, 'a', rows[i].on_t, rows[i].marks[0]);
        struct case_result on_u = shelf_result(&shelf, 'b', rows[i].on_u, rows[i].marks[1]);
        const struct baseline_outcome outcomes[] = {{"t", &on_t, 1}, {"u", &on_u, 1}};
        assert_int_equal(
            baseline_update(shelf.path, shelf.baseline, shelf.suite, outcomes, 2, &added, &problem), HP_OK);
        char *summary = summarize(&shelf);
        if (strcmp(summary, rows[i].summary) != 0 || added != rows[i].added) {
            fail_msg("row %zu: %zu added\n%s", i, added, summary);
        }
        free(summary);
        shelf_release(&shelf);
    }
}

/* An entry for every target stays while its case fails everywhere alike; where it does not, each target that
 * failed gets one of its own with the same reason: two that share a target would be refused. */
static void an_entry_for_all_targets_is_judged_by_all(void **state) {
    (void)state;
    static const struct {
        enum verdict on_t, on_u;
        const char *marks[2];
        const char *summary;
    } both[] = {
        {VERDICT_PASSED, VERDICT_FAILED, {"", MARK}, "kinds.a@* " MARK " r\n"},
        {VERDICT_FAILED,
         VERDICT_FAILED,
         {MARK, OTHER_MARK},
         "kinds.a@t " MARK " r\nkinds.a@u " OTHER_MARK " r\n"},
        {VERDICT_FAILED,
         VERDICT_FAILED,
         {OTHER_MARK, MARK},
         "kinds.a@t " OTHER_MARK " r\nkinds.a@u " MARK " r\n"},
        {VERDICT_FAILED, VERDICT_PASSED, {OTHER_MARK, ""}, "kinds.a@* " OTHER_MARK " r\n"},
        {VERDICT_FAILED, VERDICT_FAILED, {OTHER_MARK, OTHER_MARK}, "kinds.a@* " OTHER_MARK " r\n"},
        {VERDICT_PASSED, VERDICT_NOT_RUN, {"", ""}, ""},
    };
    for (size_t i = 0; i < sizeof both / sizeof both[0]; i++) {
        struct shelf shelf;
        shelf_init(&shelf, KNOWN("a", ""));
        struct case_result on_t = shelf_result(&shelf, 'a', both[i].on_t, both[i].marks[0]);
        struct case_result on_u = shelf_result(&shelf, 'a', both[i].on_u, both[i].marks[1]);
        const struct baseline_outcome outcomes[] = {{"t", &on_t, 1}, {"u", &on_u, 1}};
        assert_int_equal(baseline_update(shelf.path, shelf.baseline, shelf.suite, outcomes, 2, NULL, NULL),
                         HP_OK);
        char *summary = summarize(&shelf);
        if (strcmp(summary, both[i].summary) != 0) {
            fail_msg("row %zu:\n%s", i, summary);
        }
        struct baseline *again = NULL;
        assert_int_equal(baseline_load(shelf.path, &again, NULL), HP_OK);
        baseline_free(again);
        free(summary);
        shelf_release(&shelf);
    }
}

/* An entry meets the result of its case wherever that stands among the others. */
static void the_last_result_counts_as_the_first(void **state) {
    (void)state;
    struct shelf shelf;
    shelf_init(&shelf, KNOWN("c", ""));
    struct case_result results[] = {shelf_result(&shelf, 'a', VERDICT_PASSED, ""),
                                    shelf_result(&shelf, 'b', VERDICT_PASSED, ""),
                                    shelf_result(&shelf, 'c', VERDICT_PASSED, "")};
    const struct baseline_outcome outcome = {"t", results, 3};
    assert_int_equal(baseline_update(shelf.path, shelf.baseline, shelf.suite, &outcome, 1, NULL, NULL),
                     HP_OK);
    char *summary = summarize(&shelf);
    assert_string_equal(summary, "");
    free(summary);
    shelf_release(&shelf);
}

/* What was added is refused until somebody says why; the schema's name is kept; nothing else is left
 * behind. */
static void a_reason_has_to_be_written(void **state) {
    (void)state;
    struct shelf shelf;
    struct hp_problem problem = {0};
    shelf_init(&shelf, NULL);
    assert_true(fixtures_write("baseline.json", "{\"$schema\": \"s.json\", \"known_failures\": []}"));
    assert_int_equal(baseline_load(shelf.path, &shelf.baseline, NULL), HP_OK);
    struct case_result result = shelf_result(&shelf, 'a', VERDICT_FAILED, MARK);
    const struct baseline_outcome outcome = {"t", &result, 1};
    assert_int_equal(baseline_update(shelf.path, shelf.baseline, shelf.suite, &outcome, 1, NULL, &problem),
                     HP_OK);
    struct baseline *again = NULL;
    assert_int_equal(baseline_load(shelf.path, &again, &problem), HP_INVALID);
    assert_non_null(strstr(problem.detail, "/known_failures/0/reason"));
    char *text = shelf_read(&shelf);
    assert_non_null(strstr(text, "{\n  \"$schema\": \"s.json\",\n"));
    assert_int_equal(text[strlen(text) - 1], '\n');
    free(text);
    struct stat written;
    mode_t mask = umask(0);
    umask(mask);
    assert_int_equal(stat(shelf.path, &written), 0);
    assert_int_equal(written.st_mode & 0777, 0644 & ~mask);
    shelf_release(&shelf); /* removes what it knows of, and then the folder, which must be empty */
    *strrchr(shelf.path, '/') = '\0';
    assert_int_equal(access(shelf.path, F_OK), -1);
}

/* Whatever keeps the new file from being written, the old one is as it was. */
static void a_failed_update_leaves_the_old_file(void **state) {
    (void)state;
    struct shelf shelf;
    struct hp_problem problem = {0};
    char temporary[BASELINE_PATH_SIZE + 32];
    shelf_init(&shelf, KNOWN("a", ""));
    struct case_result result = shelf_result(&shelf, 'a', VERDICT_PASSED, "");
    const struct baseline_outcome outcome = {"t", &result, 1};
    char *before = shelf_read(&shelf);

    /* The temporary name is taken. */
    snprintf(temporary, sizeof temporary, "%s.new-%ld", shelf.path, (long)getpid());
    FILE *file = fopen(temporary, "w");
    assert_non_null(file);
    fclose(file);
    assert_int_equal(baseline_update(shelf.path, shelf.baseline, shelf.suite, &outcome, 1, NULL, &problem),
                     HP_UNAVAILABLE);
    assert_non_null(strstr(problem.detail, temporary));
    assert_non_null(strstr(problem.detail, "the baseline is as it was"));
    assert_int_equal(remove(temporary), 0);
    char *after = shelf_read(&shelf);
    assert_text(after, before);
    free(after);

    /* The disk is full after a few bytes, or at the last one. */
    static const rlim_t sizes[] = {5, sizeof "{\n  \"known_failures\": []\n}\n" - 2};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct rlimit usual, narrow;
        memset(&problem, 0, sizeof problem);
        assert_int_equal(getrlimit(RLIMIT_FSIZE, &usual), 0);
        narrow = usual;
        narrow.rlim_cur = sizes[i];
        signal(SIGXFSZ, SIG_IGN);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &narrow), 0);
        enum hp_status status =
            baseline_update(shelf.path, shelf.baseline, shelf.suite, &outcome, 1, NULL, &problem);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &usual), 0);
        assert_int_equal(status, HP_UNAVAILABLE);
        assert_non_null(strstr(problem.detail, "the baseline is as it was"));
        assert_int_equal(access(temporary, F_OK), -1);
        after = shelf_read(&shelf);
        assert_text(after, before);
        free(after);
    }

    /* The place is taken by a folder: it cannot be renamed over, and nothing is left beside it. */
    memset(&problem, 0, sizeof problem);
    assert_int_equal(remove(shelf.path), 0);
    assert_int_equal(mkdir(shelf.path, S_IRWXU), 0);
    assert_int_equal(baseline_update(shelf.path, shelf.baseline, shelf.suite, &outcome, 1, NULL, &problem),
                     HP_UNAVAILABLE);
    assert_non_null(strstr(problem.detail, shelf.path));
    assert_non_null(strstr(problem.detail, strerror(EISDIR)));
    assert_int_equal(access(temporary, F_OK), -1);
    free(before);
    shelf_release(&shelf);
}

static void a_folder_that_is_not_there_is_named(void **state) {
    (void)state;
    struct shelf shelf;
    struct hp_problem problem = {0};
    shelf_init(&shelf, NULL);
    assert_int_equal(baseline_update("/nowhere/at/all.json", NULL, shelf.suite, NULL, 0, NULL, &problem),
                     HP_UNAVAILABLE);
    assert_non_null(strstr(problem.detail, "/nowhere/at/all.json"));
    shelf_release(&shelf);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_update_writes_what_the_run_has_shown),
        cmocka_unit_test(an_entry_for_all_targets_is_judged_by_all),
        cmocka_unit_test(the_last_result_counts_as_the_first),
        cmocka_unit_test(a_reason_has_to_be_written),
        cmocka_unit_test(a_failed_update_leaves_the_old_file),
        cmocka_unit_test(a_folder_that_is_not_there_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
