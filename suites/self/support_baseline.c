#include "suites/self/support_baseline.h"

#include "reference/base/text.h"
#include "suites/self/support_folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define CASE(id)                                                                                             \
    "{\"id\":\"kinds." id                                                                                    \
    "\",\"title\":\"t\",\"level\":\"MUST\",\"steps\":[{\"op\":\"describe\",\"args\":{},"                     \
    "\"requirement\":\"REQ-A-1\"}]}"

void shelf_init(struct shelf *shelf, const char *entries) {
    struct text text = {0};
    struct hp_problem problem = {0};
    memset(shelf, 0, sizeof *shelf);
    const char *folder =
        fixtures_new("{\"cases\":[" CASE("a") "," CASE("b") "," CASE("c") "," CASE("d") "," CASE("e") "]}");
    assert_non_null(folder);
    assert_int_equal(suite_load(folder, &shelf->suite, NULL), HP_OK);
    snprintf(shelf->path, sizeof shelf->path, "%s/baseline.json", folder);
    if (entries) {
        assert_true(text_addf(&text, "{\"known_failures\":[\n%s\n]}\n", entries));
        assert_true(fixtures_write("baseline.json", text.bytes));
        if (baseline_load(shelf->path, &shelf->baseline, &problem) != HP_OK) {
            fail_msg("%s", problem.detail);
        }
    }
    text_release(&text);
}

void shelf_release(struct shelf *shelf) {
    baseline_free(shelf->baseline);
    suite_free(shelf->suite);
    fixtures_remove();
}

char *shelf_read(const struct shelf *shelf) {
    struct text text = {0};
    char piece[256];
    FILE *file = fopen(shelf->path, "r");
    while (file && fgets(piece, sizeof piece, file)) {
        text_add(&text, piece);
    }
    if (file) {
        fclose(file);
    }
    return text.length_bytes ? text_take(&text) : NULL;
}

struct case_result shelf_result(const struct shelf *shelf, char letter, enum verdict verdict,
                                const char *fingerprint) {
    struct case_result result = {.test_case = &shelf->suite->cases[letter - 'a'], .verdict = verdict};
    snprintf(result.fingerprint, sizeof result.fingerprint, "%s", fingerprint);
    return result;
}
