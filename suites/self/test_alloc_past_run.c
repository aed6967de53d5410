/* Every allocation fails once while reports are read back, put together, compared, and drawn. */
#include "harness/report/changes_report.h"
#include "harness/report/past_run_merge.h"
#include "suites/self/support_fail_alloc.h"
#include "suites/self/support_past.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { FILE_COUNT = 2 };

/* Reports that were written before any allocation fails. */
struct files {
    char paths[FILE_COUNT][SCRATCH_PATH_SIZE];
};

static void write_file(char path[SCRATCH_PATH_SIZE], char *text) {
    scratch_path(path, "past-XXXXXX");
    int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, text, strlen(text)), (ssize_t)strlen(text));
    close(file);
    free(text);
}

static void remove_files(const struct files *files) {
    for (size_t i = 0; i < FILE_COUNT; i++) {
        unlink(files->paths[i]);
    }
}

/* getline's memory is the library's own, and it may fail as a file does. */
static enum hp_status as_memory(enum hp_status status) {
    return status == HP_UNAVAILABLE ? HP_INTERNAL : status;
}

static enum hp_status read_both(const struct files *files, struct past_run runs[FILE_COUNT],
                                struct hp_problem *problem) {
    enum hp_status status = HP_OK;
    for (size_t i = 0; i < FILE_COUNT && status == HP_OK; i++) {
        status = as_memory(past_run_read(files->paths[i], &runs[i], problem));
    }
    return status;
}

static void release(struct past_run runs[FILE_COUNT]) {
    for (size_t i = 0; i < FILE_COUNT; i++) {
        past_run_release(&runs[i]);
    }
}

/* Into nothing: what is tested is that a page that lacks memory says that it was not written. */
static enum hp_status draw(const struct past_run *run, struct reporter *(*make)(FILE *out), FILE *out) {
    struct reporter *reporter = make(out);
    bool written = reporter && past_run_tell(run, reporter);
    written = reporter && reporter->ops->close(reporter) && written;
    return written ? HP_OK : HP_INTERNAL;
}

static FILE *nothing;

static enum hp_status merge(void *context) {
    struct past_run runs[FILE_COUNT] = {{0}}, merged = {0};
    struct hp_problem problem = {0};
    enum hp_status status = read_both(context, runs, &problem);
    if (status == HP_OK) {
        status = past_run_merge(runs, FILE_COUNT, &merged, &problem);
    }
    if (status == HP_OK) {
        status = draw(&merged, reporter_ndjson_new, nothing);
    }
    past_run_release(&merged);
    release(runs);
    return status;
}

static enum hp_status compare_and_draw(void *context) {
    struct past_run runs[FILE_COUNT] = {{0}}, joined = {0};
    struct changes changes = {0};
    struct hp_problem problem = {0};
    struct text text = {0};
    enum hp_status status = read_both(context, runs, &problem);
    if (status == HP_OK) {
        status = past_run_join(runs, 1, &joined, &problem);
    }
    if (status == HP_OK) {
        status = draw(&joined, reporter_page_new, nothing);
    }
    if (status == HP_OK) {
        status = changes_find(&runs[0], &runs[1], &changes, &problem);
    }
    if (status == HP_OK) {
        changes_add_terminal(&text, &changes, paint_get(false));
        changes_add_markdown(&text, &changes);
        changes_add_json(&text, &changes);
        status = text.failed ? HP_INTERNAL : HP_OK;
    }
    text_release(&text);
    changes_release(&changes);
    past_run_release(&joined);
    release(runs);
    return status;
}

static void parts_are_merged(void **state) {
    (void)state;
    static const char *const whole[] = {"kinds.a", "users.b", NULL};
    static const char *const first[] = {"users.b failed so", NULL}, *const second[] = {"kinds.a passed",
                                                                                       NULL};
    struct files files;
    write_file(files.paths[0], past_text(first, "1/2", whole));
    write_file(files.paths[1], past_text(second, "2/2", whole));
    assert_in_range(fail_alloc_sweep(merge, &files, false), 100, 10000);
    remove_files(&files);
}

static void runs_are_compared_and_drawn(void **state) {
    (void)state;
    static const enum sample samples[] = {SAMPLE_MIXED, SAMPLE_PARITY, SAMPLE_DOWN};
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        struct files files;
        write_file(files.paths[0], sample_write(samples[i], reporter_ndjson_new));
        write_file(files.paths[1], sample_write(SAMPLE_MATRIX, reporter_ndjson_new));
        assert_in_range(fail_alloc_sweep(compare_and_draw, &files, false), 500, 100000);
        remove_files(&files);
    }
}

static int set_up(void **state) {
    (void)state;
    fail_alloc_install();
    nothing = fopen("/dev/null", "wb");
    /* The library's buffer of the file is made once. */
    return nothing && fputc(' ', nothing) == ' ' && fflush(nothing) == 0 ? 0 : -1;
}

static int tear_down(void **state) {
    (void)state;
    return fclose(nothing);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_are_merged),
        cmocka_unit_test(runs_are_compared_and_drawn),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down) != 0;
}
