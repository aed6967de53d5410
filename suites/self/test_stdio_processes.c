/* A stdio target whose hello lets several children of its command run over one state. */
#include "harness/adapters/serve.h"
#include "harness/adapters/stdio.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { PATIENCE_MS = 20000, ENDPOINTS = 4 };

struct fixture {
    char path[32]; /* of the children's state */
    struct target *target;
    struct session *sessions[ENDPOINTS];
    struct answer answer;
};

static int set_up(void **state) {
    struct fixture *fixture = calloc(1, sizeof *fixture);
    if (!fixture) {
        return -1;
    }
    strcpy(fixture->path, "/tmp/holdpoint-shared-XXXXXX");
    int file = mkstemp(fixture->path);
    if (file < 0) {
        free(fixture);
        return -1;
    }
    close(file);
    *state = fixture;
    return 0;
}

static void close_sessions(struct fixture *fixture) {
    for (size_t i = 0; i < ENDPOINTS; i++) {
        session_close(fixture->sessions[i]);
        fixture->sessions[i] = NULL;
    }
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;
    answer_release(&fixture->answer);
    close_sessions(fixture);
    target_free(fixture->target);
    unlink(fixture->path);
    free(fixture);
    return 0;
}

static void make_target(struct fixture *fixture, const char *oddity) {
    char command[128];
    snprintf(command, sizeof command, "exec python3 suites/self/children/shared.py %s %s", fixture->path,
             oddity);
    fixture->target = stdio_new(command, PATIENCE_MS);
    assert_non_null(fixture->target);
}

/* Calls on an endpoint, whose session is opened when it is not yet. */
static const struct answer *ask(struct fixture *fixture, unsigned endpoint, const char *method,
                                const char *params) {
    const struct request request = {method, params, strlen(params), false};
    struct session **session = &fixture->sessions[endpoint];
    struct hp_problem problem = {0};
    if (!*session && target_open(fixture->target, endpoint, session, &problem) != HP_OK) {
        fail_msg("open: %s", problem.detail);
    }
    answer_release(&fixture->answer);
    session_call(*session, &request, PATIENCE_MS, &fixture->answer);
    return &fixture->answer;
}

static json_int_t number_in(const struct answer *answer, const char *member) {
    assert_int_equal(answer->kind, ANSWER_RESULT);
    return json_integer_value(json_object_get(answer->result, member));
}

static pid_t process_of(struct fixture *fixture, unsigned endpoint) {
    const struct answer *answer = ask(fixture, endpoint, "describe", "{}");
    assert_int_equal(number_in(answer, "endpoint"), endpoint);
    return (pid_t)number_in(answer, "process");
}

/* True when the log since the last call holds that text. */
static bool logged(struct fixture *fixture, const char *part) {
    struct text log = {0};
    target_take_log(fixture->target, &log);
    bool found = log.bytes && strstr(log.bytes, part);
    text_release(&log);
    return found;
}

static void the_hello_declares_them(void **state) {
    struct fixture *fixture = *state;
    struct hello hello = {0};
    make_target(fixture, "none");
    assert_int_equal(target_hello(fixture->target, &hello, NULL), HP_OK);
    assert_int_equal(hello.endpoints, ENDPOINTS);
    assert_int_equal(hello.processes, 2);
    assert_int_equal(hello.clock_error_us, 2500);
    bool declared = hello_declares(&hello, "processes") && hello_declares(&hello, "concurrent");
    hello_release(&hello);
    assert_true(declared);
}

/* Endpoints 0 and 2 need the first child only. */
static void each_endpoint_has_its_child(void **state) {
    struct fixture *fixture = *state;
    make_target(fixture, "none");
    pid_t first = process_of(fixture, 0);
    assert_int_equal(process_of(fixture, 2), first);
    assert_true(logged(fixture, "child 1"));
    assert_false(logged(fixture, "child 2"));
    pid_t second = process_of(fixture, 3);
    assert_int_not_equal(second, first);
    assert_int_equal(process_of(fixture, 1), second);
    assert_true(logged(fixture, "child 2"));
    close_sessions(fixture);
    target_free(fixture->target);
    fixture->target = NULL;
    assert_int_equal(kill(first, 0), -1);
    assert_int_equal(kill(second, 0), -1);
}

static void what_one_is_told_counts_in_all(void **state) {
    struct fixture *fixture = *state;
    make_target(fixture, "none");
    assert_int_equal(ask(fixture, 0, "clock.set", "{\"now\":\"2025-12-11T09:30:00.000000Z\"}")->kind,
                     ANSWER_RESULT);
    const struct answer *created = ask(fixture, 1, "interrupt.create", "{\"kind\":\"timeout\"}");
    const json_t *interrupt = json_object_get(created->result, "interrupt");
    assert_string_equal(json_string_value(json_object_get(interrupt, "created_at")),
                        "2025-12-11T09:30:00.000000Z");
    assert_int_equal(number_in(ask(fixture, 0, "interrupt.list", "{}"), "total"), 1);
    assert_int_equal(ask(fixture, 3, "reset", "{}")->kind, ANSWER_RESULT);
    assert_int_equal(number_in(ask(fixture, 2, "interrupt.list", "{}"), "total"), 0);
}

/* Calls to both are under way before either answer is asked for. */
static void both_have_calls_under_way(void **state) {
    struct fixture *fixture = *state;
    const struct request request = {"describe", "{}", 2, false};
    unsigned tickets[2];
    json_int_t processes[2];
    make_target(fixture, "none");
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(target_open(fixture->target, i, &fixture->sessions[i], NULL), HP_OK);
        struct session *session = fixture->sessions[i];
        assert_int_equal(session->ops->start(session, &request, &tickets[i], NULL), HP_OK);
    }
    for (unsigned i = 2; i-- > 0;) {
        struct session *session = fixture->sessions[i];
        answer_release(&fixture->answer);
        assert_int_equal(session->ops->poll(session, tickets[i], PATIENCE_MS, &fixture->answer),
                         POLL_ANSWERED);
        processes[i] = number_in(&fixture->answer, "process");
    }
    assert_int_not_equal(processes[0], processes[1]);
}

static void one_that_dies_leaves_the_other(void **state) {
    struct fixture *fixture = *state;
    struct hp_problem problem = {0};
    struct session *none = NULL;
    make_target(fixture, "none");
    pid_t first = process_of(fixture, 0), second = process_of(fixture, 1);
    assert_int_equal(ask(fixture, 1, "interrupt.get", "{}")->kind, ANSWER_BROKEN);
    assert_non_null(strstr(fixture->answer.detail, "exit status 7"));
    assert_int_equal(process_of(fixture, 0), first);
    assert_int_equal(target_open(fixture->target, 3, &none, &problem), HP_UNAVAILABLE);
    assert_non_null(strstr(problem.detail, "exit status 7"));
    close_sessions(fixture);
    target_restart(fixture->target);
    assert_true(logged(fixture, "child 1"));
    assert_int_equal(kill(first, 0), -1);
    pid_t third = process_of(fixture, 0), fourth = process_of(fixture, 1);
    assert_true(third != first && fourth != second && third != fourth);
}

static void all_must_say_the_same(void **state) {
    struct fixture *fixture = *state;
    struct hp_problem problem = {0};
    struct session *none = NULL;
    make_target(fixture, "other-limits");
    pid_t first = process_of(fixture, 0);
    assert_int_equal(target_open(fixture->target, 1, &none, &problem), HP_INVALID);
    assert_non_null(strstr(problem.detail, "child 1 says limits.endpoints 4 and limits.processes 3"));
    assert_null(none);
    assert_int_equal(process_of(fixture, 2), first);
}

/* The adapter command is one process, whatever stands behind it: two of it would not share their state. */
static void served_they_are_one(void **state) {
    struct fixture *fixture = *state;
    char line[512] = "";
    FILE *input = tmpfile(), *output = tmpfile();
    make_target(fixture, "none");
    fputs("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"hello\",\"params\":{\"protocol\":1,\"nonce\":\"n\"}}\n",
          input);
    rewind(input);
    enum hp_status status = serve_target(fixture->target, fileno(input), output, NULL);
    rewind(output);
    char *read = fgets(line, sizeof line, output);
    fclose(input);
    fclose(output);
    assert_int_equal(status, HP_OK);
    assert_non_null(read);
    assert_non_null(strstr(line, "\"limits\":{\"endpoints\":4,\"clock_error_us\":2500}"));
    assert_non_null(strstr(line, "\"processes\"]"));
}

int main(void) {
#define ROW(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        ROW(the_hello_declares_them),
        ROW(each_endpoint_has_its_child),
        ROW(what_one_is_told_counts_in_all),
        ROW(both_have_calls_under_way),
        ROW(one_that_dies_leaves_the_other),
        ROW(all_must_say_the_same),
        ROW(served_they_are_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
