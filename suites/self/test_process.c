#include "harness/adapters/deadline.h"
#include "harness/adapters/process.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { PATIENCE_MS = 20000, MEBIBYTE = 1024 * 1024 };

static struct process *start(const char *command) {
    struct process *process = NULL;
    struct hp_problem problem = {0};
    assert_int_equal(process_start(command, &process, &problem), HP_OK);
    return process;
}

/* Waits for a line or for the end of the output. */
static enum process_line wait_line(struct process *process, const char **line, size_t *length_bytes) {
    int64_t deadline_us = deadline_after_ms(PATIENCE_MS);
    enum process_line found = process_next_line(process, line, length_bytes);
    while (found == PROCESS_NO_LINE && deadline_remaining_ms(deadline_us) > 0) {
        struct pollfd watched[PROCESS_POLL_COUNT];
        nfds_t count = process_prepare(process, watched);
        poll(watched, count, deadline_remaining_ms(deadline_us));
        process_pump(process);
        found = process_next_line(process, line, length_bytes);
    }
    return found;
}

/* Killed grandchildren are reaped by the system, which may take a moment. */
static bool group_is_gone(pid_t group) {
    int64_t deadline_us = deadline_after_ms(5000);
    while (kill(-group, 0) == 0 && deadline_remaining_ms(deadline_us) > 0) {
        poll(NULL, 0, 5);
    }
    return kill(-group, 0) != 0 && errno == ESRCH;
}

static void lines_come_as_they_are_written(void **state) {
    (void)state;
    static const struct {
        const char *command;
        const char *first;
        const char *rest;
    } rows[] = {{"printf 'one\\ntwo\\n'", "one", ""},
                {"printf 'one\\nhalf'", "one", "half"},
                {"printf o; sleep 0.05; printf 'ne\\n'", "one", ""},
                {"printf 'one\\r\\n'", "one\r", ""},
                {"printf '\\n'", "", ""}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct process *process = start(rows[i].command);
        const char *line;
        size_t length_bytes;
        assert_int_equal(wait_line(process, &line, &length_bytes), PROCESS_LINE);
        assert_string_equal(line, rows[i].first);
        assert_int_equal(length_bytes, strlen(rows[i].first));
        enum process_line found;
        do {
            found = wait_line(process, &line, &length_bytes);
        } while (found == PROCESS_LINE);
        assert_int_equal(found, PROCESS_NO_OUTPUT);
        assert_int_equal(length_bytes, strlen(rows[i].rest));
        assert_memory_equal(line, rows[i].rest, length_bytes);
        process_end(process, NULL);
    }
}

static void big_lines_go_through_while_stderr_floods(void **state) {
    (void)state;
    struct process *process = start("(yes noise | head -c 1000000 >&2) & exec cat");
    char *sent = malloc(MEBIBYTE + 1);
    assert_non_null(sent);
    memset(sent, 'x', MEBIBYTE);
    sent[MEBIBYTE] = '\n';
    for (size_t i = 0; i < 3; i++) {
        assert_true(process_write(process, sent, MEBIBYTE + 1));
    }
    assert_true(process_unwritten(process) > 0);
    for (size_t i = 0; i < 3; i++) {
        const char *line;
        size_t length_bytes;
        assert_int_equal(wait_line(process, &line, &length_bytes), PROCESS_LINE);
        assert_int_equal(length_bytes, MEBIBYTE);
    }
    assert_int_equal(process_unwritten(process), 0);
    free(sent);
    process_end(process, NULL);
}

static void an_endless_line_is_noticed(void **state) {
    (void)state;
    struct process *process = start("exec tr '\\0' x </dev/zero");
    const char *line;
    size_t length_bytes;
    assert_int_equal(wait_line(process, &line, &length_bytes), PROCESS_ENDLESS);
    assert_true(length_bytes > PROCESS_LINE_MAX);
    process_end(process, NULL);
}

static void how_it_ended_is_known(void **state) {
    (void)state;
    static const struct {
        const char *command;
        enum process_exit exit;
        int code;
    } rows[] = {{"exit 0", PROCESS_EXITED, 0},
                {"exit 7", PROCESS_EXITED, 7},
                {"/no/such/command", PROCESS_EXITED, 127},
                {"kill -KILL $$", PROCESS_KILLED, SIGKILL},
                {"kill -PIPE $$", PROCESS_KILLED, SIGPIPE}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct process *process = start(rows[i].command);
        int code = -1;
        assert_int_equal(process_wait(process, PATIENCE_MS, &code), rows[i].exit);
        assert_int_equal(code, rows[i].code);
        assert_int_equal(process_wait(process, 0, &code), rows[i].exit);
        process_end(process, NULL);
    }
    struct process *process = start("read line");
    int code = -1;
    assert_int_equal(process_wait(process, 20, &code), PROCESS_RUNNING);
    assert_int_equal(code, -1);
    process_end(process, NULL);
}

static void nobody_is_left_behind(void **state) {
    (void)state;
    static const char *const commands[] = {
        "echo up; read line",
        "echo up; exec sleep 1000",
        "trap '' TERM; echo up; while :; do sleep 1; done",
        "sleep 1000 & sh -c 'trap \"\" TERM; sleep 1000; :' & echo up; exit 3",
        "echo up; cat >/dev/null; exit 0",
    };
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        struct process *process = start(commands[i]);
        const char *line;
        size_t length_bytes;
        pid_t id = process_id(process);
        assert_int_equal(wait_line(process, &line, &length_bytes), PROCESS_LINE);
        int64_t deadline_us = deadline_after_ms(5000);
        process_end(process, NULL);
        assert_true(deadline_remaining_ms(deadline_us) > 0);
        assert_int_equal(waitpid(id, NULL, WNOHANG), -1);
        if (!group_is_gone(id)) {
            fail_msg("%s: somebody is left", commands[i]);
        }
    }
    process_end(NULL, NULL);
}

static void what_it_says_on_stderr_is_kept(void **state) {
    (void)state;
    struct text errors = {0};
    char words[16];
    int code;
    struct process *process = start("echo first >&2; echo 'second  ' >&2; read line; echo last >&2");
    while (process_last_words(process, words, sizeof words), strcmp(words, "second") != 0) {
        assert_int_equal(process_wait(process, 5, &code), PROCESS_RUNNING);
    }
    process_take_errors(process, &errors);
    assert_string_equal(errors.bytes, "first\nsecond  \n");
    text_clear(&errors);
    process_end(process, &errors);
    assert_string_equal(errors.bytes, "last\n");
    text_release(&errors);
}

static void writing_to_a_dead_child_does_no_harm(void **state) {
    (void)state;
    struct process *process = start("exit 0");
    int code;
    assert_int_equal(process_wait(process, PATIENCE_MS, &code), PROCESS_EXITED);
    for (size_t i = 0; i < 3; i++) {
        assert_true(process_write(process, "hello\n", 6));
    }
    assert_int_equal(process_unwritten(process), 0);
    process_end(process, NULL);
}

/* A child that held the write end of another's stdin would keep that one alive. */
static void children_do_not_inherit_each_others_pipes(void **state) {
    (void)state;
    struct process *first = start("cat >/dev/null; echo end");
    struct process *second = start("sleep 1000");
    const char *line;
    size_t length_bytes;
    struct pollfd watched[PROCESS_POLL_COUNT];
    process_wake(first);
    assert_int_equal(poll(watched, process_prepare(first, watched), PATIENCE_MS), 1);
    process_pump(first);
    assert_int_equal(process_next_line(first, &line, &length_bytes), PROCESS_NO_LINE);
    int64_t deadline_us = deadline_after_ms(400);
    process_end(first, NULL);
    assert_true(deadline_remaining_ms(deadline_us) > 0);
    process_end(second, NULL);
}

static void a_closed_stdin_is_seen_from_either_side(void **state) {
    (void)state;
    const char *line;
    size_t length_bytes;
    int code = -1;
    struct process *process = start("echo up; cat >/dev/null; exit 6");
    assert_int_equal(wait_line(process, &line, &length_bytes), PROCESS_LINE);
    assert_true(process_takes_input(process));
    process_close_input(process);
    assert_false(process_takes_input(process));
    assert_int_equal(process_wait(process, PATIENCE_MS, &code), PROCESS_EXITED);
    assert_int_equal(code, 6);
    process_end(process, NULL);
    process = start("exec <&-; echo closed; sleep 1000");
    assert_int_equal(wait_line(process, &line, &length_bytes), PROCESS_LINE);
    assert_false(process_takes_input(process));
    process_end(process, NULL);
}

/* The number that the next descriptor gets. */
static int next_descriptor(void) {
    int descriptor = dup(STDERR_FILENO);
    close(descriptor);
    return descriptor;
}

/* A start that fails says why and keeps nothing open, wherever on the way the descriptors run out. */
static void a_start_that_fails_leaves_nothing_open(void **state) {
    (void)state;
    struct rlimit usual, narrow;
    struct process *process = NULL;
    int first = next_descriptor();
    size_t refused = 0;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &usual), 0);
    enum hp_status status = HP_UNAVAILABLE;
    for (rlim_t room = 0; status != HP_OK && room < 20; room++) {
        struct hp_problem problem = {0};
        narrow = usual;
        narrow.rlim_cur = (rlim_t)first + room;
        assert_int_equal(setrlimit(RLIMIT_NOFILE, &narrow), 0);
        status = process_start("exit 0", &process, &problem);
        assert_int_equal(setrlimit(RLIMIT_NOFILE, &usual), 0);
        if (status != HP_OK) {
            refused++;
            assert_int_equal(status, HP_UNAVAILABLE);
            assert_non_null(strstr(problem.detail, "no process could be started: "));
            assert_int_equal(next_descriptor(), first);
        }
    }
    assert_int_equal(status, HP_OK);
    assert_true(refused >= 8);
    process_end(process, NULL);
    assert_int_equal(next_descriptor(), first);
}

/* No system takes a command of 16 MiB. */
static void a_command_that_is_too_long_is_refused(void **state) {
    (void)state;
    if (getenv("HOLDPOINT_UNDER_VALGRIND")) {
        skip(); /* Valgrind does not survive an exec that fails */
    }
    struct process *process = NULL;
    struct hp_problem problem = {0};
    int first = next_descriptor();
    char *command = malloc(16 * MEBIBYTE);
    assert_non_null(command);
    memset(command, ' ', 16 * MEBIBYTE - 1);
    command[16 * MEBIBYTE - 1] = '\0';
    assert_int_equal(process_start(command, &process, &problem), HP_UNAVAILABLE);
    assert_null(process);
    assert_int_equal(next_descriptor(), first);
    free(command);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_come_as_they_are_written),
        cmocka_unit_test(big_lines_go_through_while_stderr_floods),
        cmocka_unit_test(an_endless_line_is_noticed),
        cmocka_unit_test(how_it_ended_is_known),
        cmocka_unit_test(nobody_is_left_behind),
        cmocka_unit_test(what_it_says_on_stderr_is_kept),
        cmocka_unit_test(writing_to_a_dead_child_does_no_harm),
        cmocka_unit_test(children_do_not_inherit_each_others_pipes),
        cmocka_unit_test(a_closed_stdin_is_seen_from_either_side),
        cmocka_unit_test(a_start_that_fails_leaves_nothing_open),
        cmocka_unit_test(a_command_that_is_too_long_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
