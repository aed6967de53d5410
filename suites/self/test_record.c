/* Recording: what clients do comes back as one history, whoever dies meanwhile. */
#include "harness/lab/record.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[64];

static int make_folder(void **state) {
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/holdpoint-record-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int drop_folder(void **state) {
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

static struct recorder *new_recorder(void) {
    struct recorder *recorder = NULL;
    assert_int_equal(recorder_new(folder, &recorder, NULL), HP_OK);
    return recorder;
}

static struct recording *open_client(struct recorder *recorder) {
    struct recording *recording = NULL;
    assert_int_equal(recording_open(recorder, &recording, NULL), HP_OK);
    return recording;
}

static void merge(struct history *history) {
    struct hp_problem problem = {0};
    *history = (struct history){0};
    recorder_merge(folder, history, &problem);
    assert_string_equal(problem.detail, "");
}

/* The history with each time replaced by T. */
static void check_lines(const struct history *history, const char *wanted) {
    struct text text = {0};
    char got[4096] = "";
    for (size_t i = 0; i < history->count; i++) {
        assert_true(history_write_operation(history, &history->operations[i], &text));
    }
    size_t used = 0;
    for (const char *at = text.bytes; at && *at; at++) {
        if (strncmp(at, "_ns\":", 5) == 0 && at[5] != 'n') {
            used += (size_t)snprintf(got + used, sizeof got - used, "_ns\":T");
            at += 5 + strspn(at + 5, "0123456789") - 1;
        } else {
            got[used++] = *at;
        }
    }
    got[used] = '\0';
    assert_string_equal(got, wanted);
    text_release(&text);
}

static void every_operation_comes_back(void **state) {
    (void)state;
    struct recorder *recorder = new_recorder();
    struct recording *one = open_client(recorder);
    struct recording *two = open_client(recorder);
    const struct recorded create = {
        .kind = OPERATION_CREATE, .key = "k", .user = "a\"b", .expires_ns = HISTORY_NEVER};
    const struct recorded respond = {.kind = OPERATION_RESPOND, .key = "k", .user = "a\"b"};
    const struct recorded rows[] = {
        {.kind = OPERATION_LIST,
         .key = "k",
         .filter = 1u << SHOWN_RESOLVED | 1u << SHOWN_PENDING,
         .result = RESULT_SHOWN,
         .shown = SHOWN_RESOLVED,
         .answered_by = recording_client(one)},
        {.kind = OPERATION_LIST, .key = "k2", .filter = 1u << SHOWN_PENDING, .result = RESULT_OMITTED}};
    const struct recorded cancel = {
        .kind = OPERATION_CANCEL, .key = "k", .result = RESULT_CONFLICT, .shown = SHOWN_RESOLVED};
    const struct recorded sweep[] = {{.kind = OPERATION_EXPIRE, .key = "k", .result = RESULT_NONE},
                                     {.kind = OPERATION_EXPIRE, .key = "k2", .result = RESULT_OK}};
    const struct recorded get = {
        .kind = OPERATION_GET, .key = "k", .result = RESULT_SHOWN, .shown = SHOWN_PENDING};
    const struct recorded timed = {.kind = OPERATION_CREATE,
                                   .key = "k3",
                                   .user = "c",
                                   .expires_ns = 77,
                                   .checkpoint = true,
                                   .result = RESULT_OK};

    recording_call(one, NULL, 0);
    recording_answer(one, &create, 1);
    recording_call(one, &get, 1); /* a read leaves no trace until it is answered */
    recording_answer(one, &get, 1);
    recording_call(one, &respond, 1);
    recording_answer(one, &respond, 1);
    recording_call(two, NULL, 0);
    recording_answer(two, rows, 2);
    recording_call(two, &cancel, 1);
    recording_answer(two, &cancel, 1);
    recording_call(two, sweep, 2);
    recording_answer(two, sweep, 2);
    recording_call(two, &timed, 1);
    recording_answer(two, &timed, 1);
    assert_int_equal(recording_close(one, NULL), HP_OK);
    assert_int_equal(recording_close(two, NULL), HP_OK);
    recorder_free(recorder);

    struct history history;
    merge(&history);
#define END "\",\"invoke_ns\":T,\"return_ns\":T}\n"
    check_lines(
        &history,
        "{\"client\":0,\"key\":\"k\",\"op\":\"create\",\"args\":{\"owner\":\"a\\\"b\",\"expires_ns\":null,"
        "\"checkpoint\":false},\"result\":\"ok" END
        "{\"client\":0,\"key\":\"k\",\"op\":\"get\",\"args\":{},\"result\":\"pending" END
        "{\"client\":0,\"key\":\"k\",\"op\":\"respond\",\"args\":{\"by\":0,\"user\":\"a\\\"b\"},\"result\":"
        "\"ok" END "{\"client\":1,\"key\":\"k\",\"op\":\"list\",\"args\":{\"filter\":[\"pending\","
        "\"resolved\"]},\"result\":"
        "\"resolved:0" END
        "{\"client\":1,\"key\":\"k\",\"op\":\"cancel\",\"args\":{\"by\":1},\"result\":\"conflict:resolved" END
        "{\"client\":1,\"key\":\"k\",\"op\":\"expire\",\"args\":{},\"result\":\"none" END
        "{\"client\":1,\"key\":\"k2\",\"op\":\"list\",\"args\":{\"filter\":[\"pending\"]},\"result\":"
        "\"omitted" END "{\"client\":1,\"key\":\"k2\",\"op\":\"expire\",\"args\":{},\"result\":\"ok" END
        "{\"client\":1,\"key\":\"k3\",\"op\":\"create\",\"args\":{\"owner\":\"c\",\"expires_ns\":T,"
        "\"checkpoint\":true},\"result\":\"ok" END);
    history_release(&history);
}

static void a_lost_answer_makes_a_new_client(void **state) {
    (void)state;
    struct recorder *recorder = new_recorder();
    struct recording *one = open_client(recorder);
    struct recording *two = open_client(recorder);
    const struct recorded respond = {.kind = OPERATION_RESPOND, .key = "k"};
    recording_call(one, &respond, 1);
    recording_lost(one);
    assert_int_equal(recording_client(one), 2);
    recording_call(two, &respond, 1);
    recording_answer(two, &respond, 1);
    recording_call(one, &respond, 1);
    recording_answer(one,
                     &(struct recorded){.kind = OPERATION_RESPOND, .key = "k", .result = RESULT_CONFLICT}, 1);
    recording_close(one, NULL);
    recording_close(two, NULL);
    recorder_free(recorder);
    struct history history;
    merge(&history);
    check_lines(
        &history,
        "{\"client\":0,\"key\":\"k\",\"op\":\"respond\",\"args\":{\"by\":0},\"result\":\"unknown\",\"invoke_"
        "ns\":T,"
        "\"return_ns\":null}\n"
        "{\"client\":1,\"key\":\"k\",\"op\":\"respond\",\"args\":{\"by\":1},\"result\":\"ok" END
        "{\"client\":2,\"key\":\"k\",\"op\":\"respond\",\"args\":{\"by\":2},\"result\":\"conflict" END);
    history_release(&history);
}

enum { THREADS = 8, OPERATIONS = 200 };

static void *respond_often(void *context) {
    struct recording *recording = NULL;
    if (recording_open(context, &recording, NULL) != HP_OK) {
        return NULL;
    }
    for (int i = 0; i < OPERATIONS; i++) {
        const struct recorded respond = {.kind = OPERATION_RESPOND, .key = "k", .result = RESULT_CONFLICT};
        recording_call(recording, &respond, 1);
        recording_answer(recording, &respond, 1);
    }
    return recording_close(recording, NULL) == HP_OK ? context : NULL;
}

static void threads_record_side_by_side(void **state) {
    (void)state;
    pthread_t threads[THREADS];
    struct recorder *recorder = new_recorder();
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, respond_often, recorder), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        void *done;
        assert_int_equal(pthread_join(threads[i], &done), 0);
        assert_ptr_equal(done, recorder);
    }
    recorder_free(recorder);
    struct history history;
    merge(&history);
    assert_int_equal(history.count, THREADS * OPERATIONS);
    assert_int_equal(history.clients.count, THREADS);
    for (size_t i = 0; i < history.count; i++) {
        assert_int_equal(history.operations[i].result, RESULT_CONFLICT);
        assert_true(i == 0 || history.operations[i - 1].invoke_ns <= history.operations[i].invoke_ns);
    }
    history_release(&history);
}

/* A child that records until it is killed, and tells of each operation that it has completed. */
static void record_for_ever(int out) {
    struct recorder *recorder = NULL;
    struct recording *recording = NULL;
    const struct recorded respond = {.kind = OPERATION_RESPOND, .key = "k", .result = RESULT_CONFLICT};
    if (recorder_new(folder, &recorder, NULL) != HP_OK ||
        recording_open(recorder, &recording, NULL) != HP_OK) {
        _exit(1);
    }
    for (;;) {
        recording_call(recording, &respond, 1);
        recording_answer(recording, &respond, 1);
        if (write(out, "x", 1) != 1) {
            _exit(1);
        }
    }
}

static void what_was_completed_survives_sigkill(void **state) {
    (void)state;
    enum { COMPLETED = 500 };
    int ends[2];
    char told[64];
    size_t completed = 0;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(ends[0]);
        record_for_ever(ends[1]);
    }
    close(ends[1]);
    ssize_t got;
    while (completed < COMPLETED && (got = read(ends[0], told, sizeof told)) > 0) {
        completed += (size_t)got;
    }
    kill(child, SIGKILL);
    while ((got = read(ends[0], told, sizeof told)) > 0) {
        completed += (size_t)got;
    }
    close(ends[0]);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_true(completed >= COMPLETED);
    struct history history;
    merge(&history);
    size_t lost = 0;
    for (size_t i = 0; i < history.count; i++) {
        lost += history.operations[i].result == RESULT_UNKNOWN;
    }
    assert_true(lost <= 1);
    assert_in_range(history.count - lost, completed, completed + 1);
    history_release(&history);
}

static void write_file(const char *name, const char *text) {
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

#define GOOD                                                                                                 \
    "{\"client\":1,\"key\":1,\"op\":\"get\",\"args\":{},\"result\":\"pending\",\"invoke_ns\":1,\"return_"    \
    "ns\":2}\n"

static void a_torn_end_is_dropped_and_no_more(void **state) {
    (void)state;
    static const struct {
        const char *text;
        const char *said; /* NULL: one operation */
    } rows[] = {
        {GOOD, NULL},
        {GOOD "{\"client\":1,\"ke", NULL},
        {GOOD "{\"client\":1,\"ke\n", "client-7.jsonl:2:16: not JSON"},
        {"{\"client\":1,\"ke\n" GOOD, "client-7.jsonl:1:16: not JSON"},
    };
    write_file("notes.txt", "not a client's");
    write_file("client-x", "not a client's");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct history history = {0};
        struct hp_problem problem = {0};
        write_file("client-7.jsonl", rows[i].text);
        enum hp_status status = recorder_merge(folder, &history, &problem);
        assert_int_equal(status, rows[i].said ? HP_INVALID : HP_OK);
        if (rows[i].said && !strstr(problem.detail, rows[i].said)) {
            fail_msg("%s", problem.detail);
        }
        assert_int_equal(history.count, rows[i].said && i == 3 ? 0 : 1);
        history_release(&history);
    }
}

static void an_overlong_line_is_refused(void **state) {
    (void)state;
    struct history history = {0};
    struct hp_problem problem = {0};
    size_t length = HISTORY_LINE_MAX_BYTES + 10;
    char *text = calloc(1, length + 1);
    assert_non_null(text);
    memset(text, ' ', length);
    text[length - 1] = '\n';
    write_file("client-7.jsonl", text);
    free(text);
    assert_int_equal(recorder_merge(folder, &history, &problem), HP_INVALID);
    assert_non_null(strstr(problem.detail, "client-7.jsonl:1: expected a line of at most"));
    history_release(&history);
}

static void what_cannot_be_recorded_is_told(void **state) {
    (void)state;
    struct recorder *recorder = NULL;
    struct recording *recording = NULL;
    struct hp_problem twice = {0}, nowhere = {0}, unread = {0}, full = {0};
    struct history history = {0};
    recorder = new_recorder();
    recording = open_client(recorder);
    assert_int_equal(recording_close(recording, NULL), HP_OK);
    recorder_free(recorder);
    assert_int_equal(recorder_new(folder, &recorder, &twice), HP_CONFLICT);
    assert_non_null(strstr(twice.detail, "there is a recording already"));
    assert_int_equal(recorder_new("/no/such/folder", &recorder, NULL), HP_OK);
    assert_int_equal(recording_open(recorder, &recording, &nowhere), HP_UNAVAILABLE);
    assert_null(recording);
    assert_non_null(strstr(nowhere.detail, "/no/such/folder/client-000000.jsonl: No such file"));
    recorder_free(recorder);
    assert_int_equal(recorder_merge("/no/such/folder", &history, &unread), HP_UNAVAILABLE);
    assert_int_equal(recording_close(NULL, &full), HP_OK);
    recorder_free(NULL);
    history_release(&history);
}

static void a_file_that_is_a_folder_is_told(void **state) {
    (void)state;
    struct history history = {0};
    struct hp_problem problem = {0};
    char path[128];
    snprintf(path, sizeof path, "%s/client-9.jsonl", folder);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(recorder_merge(folder, &history, &problem), HP_UNAVAILABLE);
    assert_non_null(strstr(problem.detail, "client-9.jsonl: Is a directory"));
    history_release(&history);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_operation_comes_back, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(a_lost_answer_makes_a_new_client, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(threads_record_side_by_side, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(what_was_completed_survives_sigkill, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(a_torn_end_is_dropped_and_no_more, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(an_overlong_line_is_refused, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(what_cannot_be_recorded_is_told, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(a_file_that_is_a_folder_is_told, make_folder, drop_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
