#include "harness/adapters/deadline.h"
#include "harness/adapters/stdio.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FAULTY "exec python3 suites/self/children/faulty.py "

enum { PATIENCE_MS = 20000, SHORT_MS = 300 };

/* What a test holds; teardown ends it whatever an assertion did. */
struct fixture {
    struct target *target;
    struct session *session;
    struct answer answer;
    struct hello hello;
    struct text log;
};

static int set_up(void **state) {
    *state = calloc(1, sizeof(struct fixture));
    return *state ? 0 : -1;
}

static void close_target(struct fixture *fixture) {
    answer_release(&fixture->answer);
    hello_release(&fixture->hello);
    session_close(fixture->session);
    target_free(fixture->target);
    fixture->session = NULL;
    fixture->target = NULL;
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;
    close_target(fixture);
    text_release(&fixture->log);
    free(fixture);
    return 0;
}

static void make_target(struct fixture *fixture, const char *prefix, const char *command,
                        unsigned timeout_ms) {
    char text[512];
    snprintf(text, sizeof text, "%s%s", prefix, command);
    fixture->target = stdio_new(text, timeout_ms);
    assert_non_null(fixture->target);
}

static void open_session(struct fixture *fixture, unsigned endpoint) {
    struct hp_problem problem = {0};
    if (target_open(fixture->target, endpoint, &fixture->session, &problem) != HP_OK) {
        fail_msg("open: %s", problem.detail);
    }
}

static void call(struct fixture *fixture, const char *method, const char *params, bool raw,
                 unsigned deadline_ms) {
    const struct request request = {method, params, strlen(params), raw};
    answer_release(&fixture->answer);
    session_call(fixture->session, &request, deadline_ms, &fixture->answer);
}

static void assert_holds(const char *text, const char *part, const char *name) {
    if (!strstr(text, part)) {
        fail_msg("%s: \"%s\" does not hold \"%s\"", name, text, part);
    }
}

/* The children write "group N" to stderr first. */
static pid_t logged_group(struct fixture *fixture) {
    long group = 0;
    text_clear(&fixture->log);
    target_take_log(fixture->target, &fixture->log);
    const char *at = fixture->log.bytes ? strstr(fixture->log.bytes, "group ") : NULL;
    if (at) {
        group = strtol(at + 6, NULL, 10);
    }
    return (pid_t)group;
}

/* Killed grandchildren are reaped by the system, which may take a moment. */
static void assert_group_gone(pid_t group, const char *name) {
    int64_t deadline_us = deadline_after_ms(5000);
    while (kill(-group, 0) == 0 && deadline_remaining_ms(deadline_us) > 0) {
        poll(NULL, 0, 5);
    }
    if (kill(-group, 0) == 0 || errno != ESRCH) {
        fail_msg("%s: a process of group %ld is left", name, (long)group);
    }
}

struct hello_row {
    const char *prefix;
    const char *command;
    unsigned timeout_ms;
    enum hp_status status;
    const char *detail;
};

static const struct hello_row hello_rows[] = {
    {"", "/no/such/adapter", PATIENCE_MS, HP_UNAVAILABLE, "found no such command (exit status 127)"},
    {"", "./README-is-no-command-x; exit 126", PATIENCE_MS, HP_UNAVAILABLE, "cannot be executed"},
    {"", "exit 0", PATIENCE_MS, HP_UNAVAILABLE, "before its first answer: the child died with exit status 0"},
    {"", "exit 5", PATIENCE_MS, HP_UNAVAILABLE, "exit status 5"},
    {"", "kill -SEGV $$", PATIENCE_MS, HP_UNAVAILABLE, "killed by signal 11 (SIGSEGV)"},
    {"", "echo oops >&2; exit 1", PATIENCE_MS, HP_UNAVAILABLE, "last words on stderr: \"oops\""},
    {"", "printf half; exit 1", PATIENCE_MS, HP_UNAVAILABLE, "in the middle of the line \"half\""},
    {"", "exec >&-; read line; read line; sleep 1000", PATIENCE_MS, HP_UNAVAILABLE,
     "closed its stdout but still runs"},
    {"", "echo group $$ >&2; sleep 1000", SHORT_MS, HP_UNAVAILABLE, "no hello within 300 ms"},
    {"", "sh -c 'kill -9 $$'; exit $?", PATIENCE_MS, HP_UNAVAILABLE, "signal 9, SIGKILL"},
    {"", "yes", PATIENCE_MS, HP_INVALID, "not JSON"},
    {"", "echo '{}'", PATIENCE_MS, HP_INVALID, "the answer's id is missing"},
    {"", "cat", PATIENCE_MS, HP_INVALID, "neither result nor error"},
    {FAULTY, "hello-wrong-nonce", PATIENCE_MS, HP_INVALID, "wrong nonce: \"0000\""},
    {FAULTY, "hello-no-nonce", PATIENCE_MS, HP_INVALID, "wrong nonce: none"},
    {FAULTY, "hello-wrong-protocol", PATIENCE_MS, HP_INVALID, "wrong protocol version: 2"},
    {FAULTY, "hello-no-capabilities", PATIENCE_MS, HP_INVALID, "no list of texts"},
    {FAULTY, "hello-bad-capability", PATIENCE_MS, HP_INVALID, "no list of texts"},
    {FAULTY, "hello-no-endpoint", PATIENCE_MS, HP_INVALID, "limits.endpoints"},
    {FAULTY, "hello-text", PATIENCE_MS, HP_INVALID, "no object"},
    {FAULTY, "hello-refused", PATIENCE_MS, HP_INVALID, "refused the hello: unsupported"},
    {FAULTY, "hello-hangs", 1500, HP_UNAVAILABLE, "no hello within"},
    {FAULTY, "hello-babbles", PATIENCE_MS, HP_INVALID, "\"Listening on port 8080\""},
    {FAULTY, "hello-dies", PATIENCE_MS, HP_UNAVAILABLE, "exit status 9"},
};

static void each_bad_hello_has_its_diagnosis(void **state) {
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof hello_rows / sizeof hello_rows[0]; i++) {
        const struct hello_row *row = &hello_rows[i];
        struct hp_problem problem = {0};
        make_target(fixture, row->prefix, row->command, row->timeout_ms);
        enum hp_status status = target_hello(fixture->target, &fixture->hello, &problem);
        assert_holds(problem.detail, row->detail, row->command);
        assert_holds(problem.detail, row->command, row->command);
        assert_int_equal(status, row->status);
        assert_int_equal(problem.status, row->status);
        pid_t group = logged_group(fixture);
        close_target(fixture);
        if (group) {
            assert_group_gone(group, row->command);
        }
    }
}

struct call_row {
    const char *fault;
    unsigned deadline_ms;
    const char *detail;
};

static const struct call_row call_rows[] = {
    {"dies", PATIENCE_MS, "after 1 answer: the child died with exit status 3"},
    {"dies-by-signal", PATIENCE_MS, "signal 9"},
    {"dies-with-last-words", PATIENCE_MS, "last words on stderr: \"KeyError: 'kind'\""},
    {"dies-in-a-line", PATIENCE_MS, "in the middle of the line \"{\"jsonrpc\": \"2.0\", \"id\"\""},
    {"leaves-grandchild", PATIENCE_MS, "exit status 4"},
    {"hangs", SHORT_MS, "no answer within 300 ms"},
    {"closes-stdout", PATIENCE_MS, "closed its stdout but still runs"},
    {"endless", PATIENCE_MS, "without an end of line"},
    {"babbles", PATIENCE_MS, "of \"Starting up...\""},
    {"blank", PATIENCE_MS, "not JSON"},
    {"not-utf8", PATIENCE_MS, "not UTF-8"},
    {"array", PATIENCE_MS, "the answer is an array"},
    {"scalar", PATIENCE_MS, "the answer is an integer"},
    {"twice", PATIENCE_MS, "answered id 2 a second time"},
    {"never-asked", PATIENCE_MS, "answered id 4711, which was never asked"},
    {"earlier-id", PATIENCE_MS, "answered id 1 a second time"},
    {"text-id", PATIENCE_MS, "the answer's id is text"},
    {"no-id", PATIENCE_MS, "the answer's id is missing"},
    {"null-id", PATIENCE_MS, "answered with the id null"},
    {"null-id-result", PATIENCE_MS, "a result and the id null"},
    {"both", PATIENCE_MS, "both result and error"},
    {"neither", PATIENCE_MS, "neither result nor error"},
    {"no-jsonrpc", PATIENCE_MS, "lacks \"jsonrpc\": \"2.0\""},
    {"wrong-jsonrpc", PATIENCE_MS, "lacks \"jsonrpc\": \"2.0\""},
    {"error-text", PATIENCE_MS, "the error is not {\"code\""},
    {"error-without-name", PATIENCE_MS, "error.data.name is missing"},
    {"error-unknown-name", PATIENCE_MS, "error.data.name is \"teapot\""},
    {"error-bad-field", PATIENCE_MS, "error.data.field is an integer"},
    {"twice-a-key", PATIENCE_MS, "duplicate"},
    {"huge-real", PATIENCE_MS, "not JSON"},
};

static void assert_describes(struct fixture *fixture, const char *name) {
    call(fixture, "describe", "{}", false, PATIENCE_MS);
    if (fixture->answer.kind != ANSWER_RESULT) {
        fail_msg("%s: the fresh child does not answer: %s", name, fixture->answer.detail);
    }
    assert_string_equal(json_string_value(json_object_get(fixture->answer.result, "method")), "describe");
}

static void each_bad_answer_has_its_diagnosis(void **state) {
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof call_rows / sizeof call_rows[0]; i++) {
        const struct call_row *row = &call_rows[i];
        make_target(fixture, FAULTY, row->fault, PATIENCE_MS);
        open_session(fixture, 0);
        call(fixture, "interrupt.get", "{\"id\":\"x\"}", false, row->deadline_ms);
        assert_int_equal(fixture->answer.kind, ANSWER_BROKEN);
        assert_holds(fixture->answer.detail, row->detail, row->fault);
        session_close(fixture->session);
        fixture->session = NULL;
        pid_t first = logged_group(fixture);
        assert_true(first > 1);
        target_restart(fixture->target);
        assert_group_gone(first, row->fault);
        open_session(fixture, 0);
        assert_describes(fixture, row->fault);
        pid_t second = logged_group(fixture);
        assert_true(second > 1 && second != first);
        close_target(fixture);
        assert_group_gone(second, row->fault);
    }
}

static void odd_but_good_answers_are_taken(void **state) {
    static const struct {
        const char *fault;
        const char *member;
    } rows[] = {
        {"none", "method"}, {"pieces", "pieces"}, {"huge-integer", "n"}, {"floods-stderr", "flooded"}};
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        make_target(fixture, FAULTY, rows[i].fault, PATIENCE_MS);
        open_session(fixture, 0);
        call(fixture, "interrupt.get", "{}", false, PATIENCE_MS);
        if (fixture->answer.kind != ANSWER_RESULT) {
            fail_msg("%s: %s", rows[i].fault, fixture->answer.detail);
        }
        assert_non_null(json_object_get(fixture->answer.result, rows[i].member));
        close_target(fixture);
    }
}

static void an_integer_past_64_bits_is_the_nearest_double(void **state) {
    struct fixture *fixture = *state;
    make_target(fixture, FAULTY, "huge-integer", PATIENCE_MS);
    open_session(fixture, 0);
    call(fixture, "interrupt.get", "{}", false, PATIENCE_MS);
    const json_t *number = json_object_get(fixture->answer.result, "n");
    assert_true(json_is_real(number));
    assert_true(json_real_value(number) == 1e22);
}

static void a_refusal_comes_with_all_it_says(void **state) {
    struct fixture *fixture = *state;
    make_target(fixture, FAULTY, "error-good", PATIENCE_MS);
    open_session(fixture, 0);
    call(fixture, "interrupt.get", "{}", false, PATIENCE_MS);
    assert_int_equal(fixture->answer.kind, ANSWER_REFUSED);
    assert_string_equal(fixture->answer.error_name, "conflict");
    assert_string_equal(fixture->answer.interrupt_status, "resolved");
    assert_string_equal(fixture->answer.field, "");
    assert_string_equal(fixture->answer.detail, "no");
}

static void an_id_of_null_answers_a_raw_call(void **state) {
    struct fixture *fixture = *state;
    make_target(fixture, FAULTY, "null-id", PATIENCE_MS);
    open_session(fixture, 0);
    call(fixture, "interrupt.get", "{{\"broken\":", true, PATIENCE_MS);
    assert_int_equal(fixture->answer.kind, ANSWER_REFUSED);
    assert_string_equal(fixture->answer.error_name, "invalid");
    assert_describes(fixture, "null-id");
}

static void the_end_of_a_flood_on_stderr_is_kept(void **state) {
    struct fixture *fixture = *state;
    make_target(fixture, FAULTY, "floods-stderr", PATIENCE_MS);
    open_session(fixture, 0);
    call(fixture, "interrupt.get", "{}", false, PATIENCE_MS);
    assert_int_equal(fixture->answer.kind, ANSWER_RESULT);
    target_restart(fixture->target);
    target_take_log(fixture->target, &fixture->log);
    assert_true(fixture->log.length_bytes >= 64 * 1024 && fixture->log.length_bytes < 65 * 1024);
    assert_holds(fixture->log.bytes, "bytes before this are lost", "flood");
    assert_holds(fixture->log.bytes, "019999 xxx", "flood");
    text_clear(&fixture->log);
    target_take_log(fixture->target, &fixture->log);
    assert_int_equal(fixture->log.length_bytes, 0);
}

static void a_late_answer_is_nobody_elses(void **state) {
    struct fixture *fixture = *state;
    struct hp_problem problem = {0};
    const struct request request = {"describe", "{}", 2, false};
    unsigned ticket = 0;
    make_target(fixture, FAULTY, "late", PATIENCE_MS);
    open_session(fixture, 0);
    call(fixture, "interrupt.get", "{}", false, 50);
    assert_string_equal(fixture->answer.detail, "no answer within 50 ms");
    assert_int_equal(fixture->session->ops->start(fixture->session, &request, &ticket, &problem),
                     HP_UNAVAILABLE);
    assert_holds(problem.detail, "still has no answer", "late");
    session_close(fixture->session);
    fixture->session = NULL;
    open_session(fixture, 0);
    assert_describes(fixture, "late");
    assert_describes(fixture, "late");
}

static void a_second_answer_that_comes_later_breaks_the_next_call(void **state) {
    struct fixture *fixture = *state;
    struct hp_problem problem = {0};
    make_target(fixture, FAULTY, "twice-apart", PATIENCE_MS);
    open_session(fixture, 0);
    call(fixture, "interrupt.get", "{}", false, PATIENCE_MS);
    assert_int_equal(fixture->answer.kind, ANSWER_RESULT);
    call(fixture, "describe", "{}", false, PATIENCE_MS);
    assert_int_equal(fixture->answer.kind, ANSWER_BROKEN);
    assert_holds(fixture->answer.detail, "answered id 2 a second time", "twice-apart");
    struct session *session = NULL;
    assert_int_equal(target_open(fixture->target, 0, &session, &problem), HP_INVALID);
    assert_holds(problem.detail, "a second time", "twice-apart");
}

static void a_restart_breaks_sessions_that_are_open(void **state) {
    struct fixture *fixture = *state;
    make_target(fixture, FAULTY, "none", PATIENCE_MS);
    open_session(fixture, 0);
    target_restart(fixture->target);
    call(fixture, "describe", "{}", false, PATIENCE_MS);
    assert_int_equal(fixture->answer.kind, ANSWER_BROKEN);
    assert_holds(fixture->answer.detail, "ended by a restart", "restart");
}

static void endpoints_are_numbered_beside_the_id(void **state) {
    struct fixture *fixture = *state;
    struct hp_problem problem = {0};
    struct session *none = NULL;
    make_target(fixture, FAULTY, "none", PATIENCE_MS);
    assert_int_equal(target_hello(fixture->target, &fixture->hello, &problem), HP_OK);
    assert_int_equal(fixture->hello.endpoints, 2);
    assert_string_equal(fixture->hello.name, "faulty");
    assert_true(hello_declares(&fixture->hello, "get"));
    open_session(fixture, 1);
    call(fixture, "describe", "{}", false, PATIENCE_MS);
    assert_int_equal(json_integer_value(json_object_get(fixture->answer.result, "endpoint")), 1);
    assert_int_equal(target_open(fixture->target, 2, &none, &problem), HP_UNSUPPORTED);
}

static void a_long_line_goes_both_ways(void **state) {
    struct fixture *fixture = *state;
    /* Echoes the line back a hundred bytes a time, as the answer of id 2. */
    make_target(fixture, "",
                "python3 -c \"\nimport json,sys\nfor l in sys.stdin:\n r=json.loads(l); p=r['params']\n "
                "p.update(name='x',version='1',language='y',capabilities=[])\n "
                "print(json.dumps({'jsonrpc':'2.0','id':r['id'],'result':p}),flush=True)\"",
                PATIENCE_MS);
    open_session(fixture, 0);
    struct text params = {0};
    text_add(&params, "{\"text\":\"");
    for (size_t i = 0; i < 200000; i++) {
        text_add(&params, "0123456789");
    }
    text_add(&params, "\"}");
    call(fixture, "describe", params.bytes, false, PATIENCE_MS);
    text_release(&params);
    assert_int_equal(fixture->answer.kind, ANSWER_RESULT);
    assert_int_equal(json_string_length(json_object_get(fixture->answer.result, "text")), 2000000);
}

static void a_bad_request_is_the_harness_own_fault(void **state) {
    static const char *const rows[] = {"", "[]", "{", "{\"a\":\n1}"};
    struct fixture *fixture = *state;
    make_target(fixture, FAULTY, "none", PATIENCE_MS);
    open_session(fixture, 0);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        call(fixture, "describe", rows[i], false, PATIENCE_MS);
        assert_int_equal(fixture->answer.kind, ANSWER_BROKEN);
        assert_int_equal(strncmp(fixture->answer.detail, "harness: ", 9), 0);
    }
    assert_describes(fixture, "after bad requests");
}

static void a_call_can_be_repeated_by_hand(void **state) {
    struct fixture *fixture = *state;
    struct text text = {0};
    const struct request request = {"interrupt.get", "{\"id\":\"it's\"}", 13, false};
    make_target(fixture, "", "cat | grep -c jsonrpc", PATIENCE_MS);
    target_reproduce(fixture->target, &request, &text);
    assert_non_null(text.bytes);
    assert_holds(text.bytes, "\"id\":\"it'\\''s\"", "reproduce");
    FILE *pipe = popen(text.bytes, "r");
    char count[8] = "";
    assert_non_null(pipe);
    char *read = fgets(count, sizeof count, pipe);
    pclose(pipe);
    text_release(&text);
    assert_non_null(read);
    assert_string_equal(count, "2\n");
}

static void long_params_are_cut_by_hand(void **state) {
    struct fixture *fixture = *state;
    struct text text = {0}, params = {0};
    for (size_t i = 0; i < 1000; i++) {
        text_add(&params, "0123456789");
    }
    const struct request request = {"describe", params.bytes, params.length_bytes, true};
    make_target(fixture, "", "cat", PATIENCE_MS);
    target_reproduce(fixture->target, &request, &text);
    bool cut = text.bytes && strstr(text.bytes, "4096 of 10000 bytes") && text.length_bytes < 5000;
    text_release(&text);
    text_release(&params);
    assert_true(cut);
}

enum { THREADS = 4, THREAD_CALLS = 25 };

static void *call_often(void *argument) {
    struct target *target = argument;
    struct hp_problem problem = {0};
    struct session *session = NULL;
    size_t good = 0;
    if (target_open(target, 0, &session, &problem) != HP_OK) {
        return NULL;
    }
    for (size_t i = 0; i < THREAD_CALLS; i++) {
        static const char *const methods[] = {"describe", "interrupt.list", "events.drain"};
        const char *method = methods[i % 3];
        const struct request request = {method, "{}", 2, false};
        struct answer answer = {0};
        session_call(session, &request, PATIENCE_MS, &answer);
        const char *answered = json_string_value(json_object_get(answer.result, "method"));
        good += answered && strcmp(answered, method) == 0;
        answer_release(&answer);
    }
    session_close(session);
    return good == THREAD_CALLS ? target : NULL;
}

static void threads_share_one_child(void **state) {
    struct fixture *fixture = *state;
    pthread_t threads[THREADS];
    size_t good = 0;
    make_target(fixture, FAULTY, "none", PATIENCE_MS);
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, call_often, fixture->target), 0);
    }
    text_clear(&fixture->log);
    for (size_t i = 0; i < 50; i++) {
        target_take_log(fixture->target, &fixture->log);
    }
    for (size_t i = 0; i < THREADS; i++) {
        void *result = NULL;
        pthread_join(threads[i], &result);
        good += result != NULL;
    }
    assert_int_equal(good, THREADS);
}

int main(void) {
#define ROW(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        ROW(each_bad_hello_has_its_diagnosis),
        ROW(each_bad_answer_has_its_diagnosis),
        ROW(odd_but_good_answers_are_taken),
        ROW(an_integer_past_64_bits_is_the_nearest_double),
        ROW(a_refusal_comes_with_all_it_says),
        ROW(an_id_of_null_answers_a_raw_call),
        ROW(the_end_of_a_flood_on_stderr_is_kept),
        ROW(a_late_answer_is_nobody_elses),
        ROW(a_second_answer_that_comes_later_breaks_the_next_call),
        ROW(a_restart_breaks_sessions_that_are_open),
        ROW(endpoints_are_numbered_beside_the_id),
        ROW(a_long_line_goes_both_ways),
        ROW(a_bad_request_is_the_harness_own_fault),
        ROW(a_call_can_be_repeated_by_hand),
        ROW(long_params_are_cut_by_hand),
        ROW(threads_share_one_child),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
