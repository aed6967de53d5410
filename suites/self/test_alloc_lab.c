/* Each allocation of the lab fails in turn: the answer is HP_INTERNAL, and nothing leaks or is half done. */
#include "harness/lab/linearize.h"
#include "harness/lab/record.h"
#include "harness/lab/search.h"
#include "suites/self/support_fail_alloc.h"
#include "suites/self/support_generate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char *bytes;
static size_t length_bytes;
static char folder[] = "/tmp/holdpoint-alloc-lab-XXXXXX";

/* Lost answers among them, so that the search has choices to remember. */
static int make_lines(void **state) {
    (void)state;
    fail_alloc_install();
    struct history history = {0};
    struct generate_order order = {9, 4, 30, 70, 1, 0, 500, false};
    generate(&order, &history);
    FILE *out = open_memstream(&bytes, &length_bytes);
    bool done = out && history_group(&history, NULL) == HP_OK && history_write(&history, out, NULL) == HP_OK;
    history_release(&history);
    return done && fclose(out) == 0 && mkdtemp(folder) ? 0 : -1;
}

static int drop_lines(void **state) {
    (void)state;
    char command[64];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    free(bytes);
    return system(command);
}

/* Line by line: the stream of a file is libc's own. */
static enum hp_status read_all(struct history *history, struct hp_problem *problem) {
    enum hp_status status = HP_OK;
    size_t number = 0;
    for (char *line = bytes; status == HP_OK && line < bytes + length_bytes;) {
        char *end = memchr(line, '\n', length_bytes - (size_t)(line - bytes));
        status = history_read_line(history, "h", ++number, line, (size_t)(end - line), problem);
        line = end + 1;
    }
    return status == HP_OK ? history_group(history, problem) : status;
}

static enum hp_status read_lines(void *context) {
    (void)context;
    struct history history = {0};
    struct hp_problem problem = {0};
    enum hp_status status = read_all(&history, &problem);
    assert_true(status == HP_OK || strcmp(problem.detail, "out of memory") == 0);
    history_release(&history);
    return status;
}

static enum hp_status read_stream(void *context) {
    (void)context;
    struct history history = {0};
    struct hp_problem problem = {0};
    enum hp_status status =
        history_read_file(&history, "fixtures/histories/s_hot_c24_200.ok.jsonl", &problem);
    assert_true(status == HP_OK || strcmp(problem.detail, "out of memory") == 0);
    history_release(&history);
    return status;
}

static enum hp_status write_lines(void *context) {
    struct hp_problem problem = {0};
    FILE *out = fopen("/dev/null", "wb");
    if (!out) {
        return HP_INTERNAL;
    }
    enum hp_status status = history_write(context, out, &problem);
    fclose(out);
    assert_true(status == HP_OK || strcmp(problem.detail, "out of memory") == 0);
    return status;
}

static enum hp_status check_all(void *context) {
    struct linearize_options options = {.method = METHOD_SEARCH};
    struct history *history = context;
    struct hp_problem problem = {0};
    struct linearizer *linearizer = linearizer_new(&options);
    enum hp_status status = linearizer ? HP_OK : HP_INTERNAL;
    for (size_t key = 0; status == HP_OK && key < history->key_count; key++) {
        struct judgement judgement;
        status = linearizer_check(linearizer, history, key, &judgement, &problem);
        assert_true(status != HP_OK || judgement.linearity == LINEARIZABLE);
    }
    linearizer_free(linearizer);
    return status;
}

static enum hp_status merge_all(void *context) {
    (void)context;
    struct history history = {0};
    struct hp_problem problem = {0};
    enum hp_status status = recorder_merge(folder, &history, &problem);
    assert_true(status == HP_OK || strcmp(problem.detail, "out of memory") == 0);
    history_release(&history);
    return status;
}

static enum hp_status record_all(void *context) {
    (void)context;
    struct recorder *recorder = NULL;
    struct recording *recording = NULL;
    struct hp_problem problem = {0};
    char path[96];
    const struct recorded respond = {.kind = OPERATION_RESPOND, .key = "k", .user = "ann"};
    snprintf(path, sizeof path, "%s/client-000000.jsonl", folder);
    remove(path);
    enum hp_status status = recorder_new(folder, &recorder, &problem);
    if (status == HP_OK) {
        status = recording_open(recorder, &recording, &problem);
    }
    if (status == HP_OK) {
        recording_call(recording, &respond, 1);
        recording_answer(recording, &respond, 1);
        status = recording_close(recording, &problem) == HP_OK ? HP_OK : HP_INTERNAL;
    }
    recorder_free(recorder);
    return status;
}

static void reading_and_writing(void **state) {
    (void)state;
    struct history history = {0};
    assert_true(fail_alloc_sweep(read_lines, NULL, false) > 100);
    assert_true(fail_alloc_sweep(read_stream, NULL, false) > 100);
    assert_int_equal(read_all(&history, NULL), HP_OK);
    assert_true(fail_alloc_sweep(write_lines, &history, false) > 3);
    assert_true(fail_alloc_sweep(check_all, &history, false) > 3);
    history_release(&history);
}

static void recording_and_merging(void **state) {
    (void)state;
    assert_true(fail_alloc_sweep(record_all, NULL, false) > 3);
    assert_true(fail_alloc_sweep(merge_all, NULL, false) > 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reading_and_writing),
        cmocka_unit_test(recording_and_merging),
    };
    return cmocka_run_group_tests(tests, make_lines, drop_lines);
}
