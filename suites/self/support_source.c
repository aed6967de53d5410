#include "suites/self/support_source.h"

#include "harness/base/folder.h"
#include "harness/drift/source/source.h"
#include "suites/self/support_commands.h"
#include "suites/self/support_results.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct vocabulary *vocabulary;
static char tree[512];

int source_set_up(void **state) {
    (void)state;
    bool made = commands_begin("source-XXXXXX") && vocabulary_load("fixtures", &vocabulary, NULL) == HP_OK;
    snprintf(tree, sizeof tree, "%s/tree", commands_folder());
    return made ? 0 : -1;
}

int source_tear_down(void **state) {
    (void)state;
    vocabulary_free(vocabulary);
    commands_end();
    return 0;
}

void source_clear(void) {
    int exit_code = -1;
    free(command_feed("rm -rf \"$S/tree\" && mkdir \"$S/tree\"", "", &exit_code));
    assert_int_equal(exit_code, 0);
}

void source_write(const char *path, const char *text) {
    char whole[1024];
    snprintf(whole, sizeof whole, "%s/%s", tree, path);
    char *slash = strrchr(whole, '/');
    *slash = '\0';
    assert_true(folder_make(whole));
    *slash = '/';
    FILE *file = fopen(whole, "wb");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

/* The path below the folder. */
static const char *below(const char *file, const char *folder) {
    size_t length = strlen(folder);
    return strncmp(file, folder, length) == 0 && file[length] == '/' ? file + length + 1 : file;
}

char *source_find(const char *folder, int with_paths) {
    struct drift_report report = {0};
    struct hp_problem problem = {0};
    struct text found = {0};
    folder = folder ? folder : tree;
    const struct source_drift options = {.directory = folder};
    enum hp_status status = source_drift(&options, vocabulary, &report, &problem);
    if (status != HP_OK) {
        print_error("%s\n", problem.detail);
    }
    for (size_t i = 0; i < report.finding_count; i++) {
        const struct drift_finding *finding = &report.findings[i];
        if (with_paths) {
            text_addf(&found, "%s %s:%zu\n", finding->check->id, below(finding->file, folder), finding->line);
        } else {
            text_addf(&found, "%s%s %zu", i > 0 ? ", " : "", finding->check->id, finding->line);
        }
    }
    drift_report_release(&report);
    assert_int_equal(status, HP_OK);
    return text_take(&found);
}

void source_rows_check(const struct source_row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        source_clear();
        source_write(rows[i].path, rows[i].text);
        char *found = source_find(NULL, 0);
        bool same = found && strcmp(found, rows[i].wanted) == 0;
        if (!same) {
            print_error("%s\n%s\nfound:  %s\nwanted: %s\n", rows[i].path, rows[i].text, found ? found : "?",
                        rows[i].wanted);
        }
        free(found);
        assert_true(same);
    }
}
