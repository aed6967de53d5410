#include "harness/doctor/talk.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PATIENCE_MS = 20000, SHORT_MS = 300 };

/* The n-th line that is read is answered by the n-th word. */
#define ANSWERER "exec 3>&1; say() { read -r line && printf '%s' \"$1\" >&3; }; "

struct fixture {
    struct talk *talk;
    struct witness witness;
    struct answer answer;
    struct hp_problem problem;
};

static int set_up(void **state) {
    *state = calloc(1, sizeof(struct fixture));
    return *state ? 0 : -1;
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;
    talk_end(fixture->talk, NULL);
    answer_release(&fixture->answer);
    free(fixture);
    return 0;
}

static void start(struct fixture *fixture, const char *command) {
    talk_end(fixture->talk, NULL);
    fixture->talk = NULL;
    fixture->witness = (struct witness){0};
    assert_int_equal(talk_start(command, &fixture->witness, &fixture->talk, NULL), HP_OK);
}

static unsigned ask(struct fixture *fixture) {
    static const struct request request = {"describe", "{}", 2, false};
    unsigned id = talk_ask(fixture->talk, 0, &request);
    assert_true(id > 0);
    return id;
}

static enum heard hear(struct fixture *fixture, unsigned id, unsigned wait_ms) {
    answer_release(&fixture->answer);
    fixture->problem = (struct hp_problem){0};
    return talk_hear(fixture->talk, id, wait_ms, &fixture->answer, &fixture->problem);
}

#define RESULT(id) "{\"jsonrpc\":\"2.0\",\"id\":" #id ",\"result\":" #id "}\\n"
#define SAY(words) "printf '" words "'; "

/* What a child prints at once, what is heard of the first request, and the slip that is seen. */
static const struct {
    const char *command;
    enum heard heard;
    const char *detail; /* part of the problem */
    enum slip slip;     /* SLIP_COUNT: none */
} rows[] = {
    {SAY(RESULT(1)) "cat >/dev/null", HEARD_ANSWER, "", SLIP_COUNT},
    {SAY(RESULT(1) RESULT(1)) "cat >/dev/null", HEARD_ANSWER, "", SLIP_REPEATED},
    {SAY("Hello\\n" RESULT(1)) "cat >/dev/null", HEARD_ANSWER, "", SLIP_NOISE},
    {SAY("{\\n" RESULT(1)) "cat >/dev/null", HEARD_ANSWER, "", SLIP_PRETTY},
    {SAY("{\\n \"jsonrpc\": \"2.0\"\\n}\\n") "cat >/dev/null", HEARD_BAD, "not JSON", SLIP_PRETTY},
    {SAY(RESULT(7)) "cat >/dev/null", HEARD_BAD, "id 7, which was never asked", SLIP_NEVER_ASKED},
    {SAY("{\"jsonrpc\":\"2.0\",\"id\":1}\\n") "cat >/dev/null", HEARD_BAD, "neither", SLIP_FRAME},
    {SAY("{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":1,\"message\":\"no\",\"data\":{\"name\":"
         "\"invalid\"}}}\\n") "cat >/dev/null",
     HEARD_BAD, "id of its answer is null", SLIP_ID},
    {SAY("\\357\\273\\277" RESULT(1)) "cat >/dev/null", HEARD_ANSWER, "", SLIP_BYTE_ORDER_MARK},
    {"exec cat", HEARD_BAD, "neither", SLIP_ECHO},
    {"tr '\\0' x </dev/zero", HEARD_BAD, "without an end of line", SLIP_ENDLESS},
    {"exec yes", HEARD_BAD, "without an end", SLIP_NOISE},
    {SAY("{\"half") "cat >/dev/null; exit 3", HEARD_NOTHING, "in the middle of the line \"{\"half\"",
     SLIP_COUNT},
    {"read -r line; " SAY("{\"half") "exit 3", HEARD_END,
     "in the middle of the line \"{\"half\": the child died", SLIP_COUNT},
    {"exit 5", HEARD_END, "exit status 5", SLIP_COUNT},
    {"sleep 1000 & exit 5", HEARD_END, "exit status 5", SLIP_COUNT},
    {"exec <&-; sleep 1000", HEARD_NOTHING, "closed its stdin, but still runs", SLIP_COUNT},
    {"exec sleep 1000", HEARD_NOTHING, "no answer within", SLIP_COUNT},
};

static void each_line_is_heard_for_what_it_is(void **state) {
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        start(fixture, rows[i].command);
        unsigned wait_ms = rows[i].heard == HEARD_NOTHING ? SHORT_MS : PATIENCE_MS;
        enum heard heard = hear(fixture, ask(fixture), wait_ms);
        if (heard != rows[i].heard || !strstr(fixture->problem.detail, rows[i].detail)) {
            fail_msg("%s: heard %d: %s", rows[i].command, (int)heard, fixture->problem.detail);
        }
        for (enum slip slip = 0; slip < SLIP_COUNT; slip++) {
            if ((fixture->witness.seen[slip].count > 0) != (slip == rows[i].slip)) {
                fail_msg("%s: slip %d, %zu times", rows[i].command, (int)slip,
                         fixture->witness.seen[slip].count);
            }
        }
    }
}

static void a_talk_goes_on_behind_a_bad_line(void **state) {
    struct fixture *fixture = *state;
    start(fixture, ANSWERER "say '{\n'; say '{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{}}\n'; read -r end");
    assert_int_equal(hear(fixture, ask(fixture), PATIENCE_MS), HEARD_BAD);
    assert_int_equal(hear(fixture, ask(fixture), PATIENCE_MS), HEARD_ANSWER);
    assert_int_equal(fixture->answer.kind, ANSWER_RESULT);
}

static void a_null_is_allowed_where_it_was_asked_for(void **state) {
    struct fixture *fixture = *state;
    start(fixture, ANSWERER
          "say '{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":1,\"message\":\"no\",\"data\":"
          "{\"name\":\"invalid\"}}}\n'; say '{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n'; read -r end");
    assert_false(talk_was_told_null(fixture->talk));
    assert_true(talk_say(fixture->talk, "garbage\n", 8, true));
    assert_int_equal(hear(fixture, ask(fixture), PATIENCE_MS), HEARD_ANSWER);
    assert_true(talk_was_told_null(fixture->talk));
    assert_int_equal(fixture->witness.seen[SLIP_ID].count, 0);
}

static void what_is_not_read_is_said(void **state) {
    struct fixture *fixture = *state;
    struct text params = {0};
    start(fixture, "exec sleep 1000");
    text_add(&params, "{\"x\":\"");
    for (size_t i = 0; i < 20000; i++) {
        text_add(&params, "0123456789");
    }
    text_add(&params, "\"}");
    const struct request request = {"describe", params.bytes, params.length_bytes, false};
    unsigned id = talk_ask(fixture->talk, 0, &request);
    text_release(&params);
    assert_int_equal(hear(fixture, id, SHORT_MS), HEARD_NOTHING);
    assert_non_null(strstr(fixture->problem.detail, "it has stopped reading its stdin, where "));
}

static void answers_are_told_apart_by_their_ids(void **state) {
    struct fixture *fixture = *state;
    static const struct request request = {"describe", "{}", 2, false};
    struct text batch = {0};
    start(fixture, "read -r one; read -r two; " SAY(RESULT(2) RESULT(1)) "read -r end");
    unsigned first = talk_prepare(fixture->talk, 0, &request, &batch);
    unsigned second = talk_prepare(fixture->talk, 1, &request, &batch);
    assert_non_null(strstr(batch.bytes, "\"endpoint\":1"));
    bool said = talk_say(fixture->talk, batch.bytes, batch.length_bytes, false);
    text_release(&batch);
    assert_true(said);
    assert_int_equal(hear(fixture, first, PATIENCE_MS), HEARD_ANSWER);
    assert_int_equal(json_integer_value(fixture->answer.result), 1);
    assert_int_equal(hear(fixture, second, PATIENCE_MS), HEARD_ANSWER);
    assert_int_equal(json_integer_value(fixture->answer.result), 2);
    assert_int_equal(hear(fixture, first, 0), HEARD_BAD); /* it was handed out */
}

static void the_end_is_waited_for(void **state) {
    struct fixture *fixture = *state;
    struct text log = {0};
    int code = -1;
    start(fixture, "echo up >&2; while read -r line; do :; done; echo last; exit 4");
    assert_int_equal(talk_wait_end(fixture->talk, 20, &code), PROCESS_RUNNING);
    talk_close_input(fixture->talk);
    assert_int_equal(talk_wait_end(fixture->talk, PATIENCE_MS, &code), PROCESS_EXITED);
    assert_int_equal(code, 4);
    assert_true(talk_drain(fixture->talk, PATIENCE_MS));
    assert_int_equal(fixture->witness.seen[SLIP_NOISE].count, 1);
    talk_end(fixture->talk, &log);
    fixture->talk = NULL;
    assert_string_equal(log.bytes, "up\n");
    text_release(&log);
    start(fixture, "sleep 1000 & echo up; exit 0");
    assert_int_equal(talk_wait_end(fixture->talk, PATIENCE_MS, &code), PROCESS_EXITED);
    assert_false(talk_drain(fixture->talk, 20));
    assert_int_equal(kill(-talk_group(fixture->talk), 0), 0);
}

int main(void) {
#define ROW(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        ROW(each_line_is_heard_for_what_it_is),        ROW(a_talk_goes_on_behind_a_bad_line),
        ROW(a_null_is_allowed_where_it_was_asked_for), ROW(what_is_not_read_is_said),
        ROW(answers_are_told_apart_by_their_ids),      ROW(the_end_is_waited_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
