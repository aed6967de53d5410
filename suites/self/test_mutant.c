#include "harness/adapters/in_process.h"
#include "harness/adapters/mutant.h"
#include "harness/base/value.h"
#include "suites/self/support_json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <pthread.h>

/* A mutant of one fault in front of memory, with a session on each endpoint. */
struct line {
    struct mutant mutant;
    json_t *fault;
    struct target *target;
    struct session *sessions[2];
    struct answer answer;
    char id[64]; /* of what was created last */
};

static void line_init(struct line *line, const char *fault) {
    char id[] = "faulty";
    *line = (struct line){.fault = json_short(fault)};
    line->mutant = (struct mutant){.id = text_copy(id), .where = MUTANT_ADAPTER, .fault = line->fault};
    assert_int_equal(mutant_wrap(in_process_memory_new(), &line->mutant, &line->target, NULL), HP_OK);
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(target_open(line->target, i, &line->sessions[i], NULL), HP_OK);
    }
}

static void line_release(struct line *line) {
    answer_release(&line->answer);
    session_close(line->sessions[0]);
    session_close(line->sessions[1]);
    target_free(line->target);
    free(line->mutant.id);
    json_decref(line->fault);
}

static char *double_quotes(const char *text) {
    char *copy = text_copy(text);
    for (char *at = copy; *at; at++) {
        *at = *at == '\'' ? '"' : *at;
    }
    return copy;
}

/* Params with single quotes, in which ID stands for the last id. */
static const struct answer *ask(struct line *line, const char *method, const char *params, bool raw) {
    char *quoted = double_quotes(params), *at = strstr(quoted, "ID");
    struct text text = {0};
    text_append(&text, quoted, at ? (size_t)(at - quoted) : strlen(quoted));
    if (at) {
        text_addf(&text, "%s%s", line->id, at + 2);
    }
    const struct request request = {
        .method = method, .params = text.bytes, .params_length_bytes = text.length_bytes, .raw = raw};
    answer_release(&line->answer);
    session_call(line->sessions[0], &request, 1000, &line->answer);
    const char *id = json_string_value(value_at(line->answer.result, "/interrupt/id"));
    if (strcmp(method, "interrupt.create") == 0 && id) {
        text_put(line->id, sizeof line->id, id);
    }
    text_release(&text);
    free(quoted);
    return &line->answer;
}

#define CREATE "{'kind':'clarification','request_id':'r','user_id':'ann','session_id':'s'}"

static void a_changed_request_reaches_the_target(void **state) {
    (void)state;
    struct line line;
    line_init(&line, "[{'on':'interrupt.create','before':[{'set':'/sent/question','to':'forged'}]}]");
    const struct answer *answer = ask(&line, "interrupt.create", CREATE, false);
    assert_string_equal(json_string_value(value_at(answer->result, "/interrupt/question")), "forged");
    answer = ask(&line, "interrupt.get", "{'id':'ID'}", false);
    assert_string_equal(json_string_value(value_at(answer->result, "/interrupt/question")), "forged");
    line_release(&line);
}

static void an_untouched_request_stays_as_it_is(void **state) {
    (void)state;
    struct line line;
    line_init(&line, "[{'on':'interrupt.get','after':[{'set':'/result/x','to':1}]}]");
    const struct answer *answer = ask(&line, "interrupt.create", "{'kind':'timeout','kind':'timeout'}", true);
    assert_int_equal(answer->kind, ANSWER_REFUSED);
    assert_string_equal(answer->error_name, "invalid");
    assert_true(answer->detail[0] != '\0');
    line_release(&line);
}

static void a_call_may_be_spared(void **state) {
    (void)state;
    struct line line;
    line_init(&line, "[{'on':'interrupt.create','before':[{'refuse':{'name':'invalid','field':'/kind'}}]},"
                     "{'on':'describe','before':[{'answer':{'kinds':[]}}]}]");
    const struct answer *answer = ask(&line, "interrupt.create", CREATE, false);
    assert_int_equal(answer->kind, ANSWER_REFUSED);
    assert_string_equal(answer->error_name, "invalid");
    assert_string_equal(answer->field, "/kind");
    assert_json(ask(&line, "describe", "{}", false)->result, "{'kinds':[]}");
    answer = ask(&line, "interrupt.list", "{'user_id':'ann'}", false);
    assert_int_equal(json_integer_value(json_object_get(answer->result, "total")), 0);
    line_release(&line);
}

static void a_refusal_becomes_an_answer_and_back(void **state) {
    (void)state;
    struct line line;
    line_init(
        &line,
        "[{'on':'interrupt.cancel','when':{'/refusal/name':'forbidden'},'after':[{'set':'/sent/user_id','to':"
        "{'$':'/stored/user_id'}},{'retry':true}]},"
        "{'on':'interrupt.get','when':{'/result/interrupt/status':'cancelled'},'after':[{'refuse':{'name':"
        "'conflict','interrupt_status':{'$':'/result/interrupt/status'}}}]},"
        "{'on':'interrupt.respond','when':{'/refusal/name':'conflict'},'after':[{'set':"
        "'/refusal/field','to':'/x'}]}]");
    ask(&line, "interrupt.create", CREATE, false);
    const struct answer *answer = ask(&line, "interrupt.cancel", "{'id':'ID','user_id':'bob'}", false);
    assert_int_equal(answer->kind, ANSWER_RESULT);
    assert_string_equal(json_string_value(value_at(answer->result, "/interrupt/status")), "cancelled");
    answer = ask(&line, "interrupt.get", "{'id':'ID'}", false);
    assert_int_equal(answer->kind, ANSWER_REFUSED);
    assert_string_equal(answer->interrupt_status, "cancelled");
    answer = ask(&line, "interrupt.respond", "{'id':'ID','user_id':'ann','response':{'text':'x'}}", false);
    assert_string_equal(answer->error_name, "conflict");
    assert_string_equal(answer->field, "/x");
    line_release(&line);
}

static void it_says_what_it_is(void **state) {
    (void)state;
    struct line line;
    struct hello hello = {0};
    line_init(&line, "[{'after':[{'retry':true}]}]");
    assert_int_equal(target_hello(line.target, &hello, NULL), HP_OK);
    assert_non_null(strstr(hello.name, "memory store, mutant faulty"));
    assert_true(hello_declares(&hello, "create"));
    hello_release(&hello);
    line_release(&line);
}

/* Answers wait for their own tickets, in any order; what nobody fetches is dropped with the session. */
static void answers_wait_for_their_tickets(void **state) {
    (void)state;
    const struct request describe = {.method = "describe", .params = "{}", .params_length_bytes = 2};
    const struct request reset = {.method = "reset", .params = "{}", .params_length_bytes = 2};
    struct line line;
    unsigned one = 0, other = 0, third = 0;
    line_init(&line, "[{'on':'reset','before':[{'answer':{'n':1}}]}]");
    struct session *session = line.sessions[0];
    assert_int_equal(session->ops->start(session, &reset, &one, NULL), HP_OK);
    assert_int_equal(session->ops->start(session, &describe, &other, NULL), HP_OK);
    assert_int_equal(session->ops->poll(session, other, 0, &line.answer), POLL_ANSWERED);
    assert_non_null(json_object_get(line.answer.result, "kinds"));
    answer_release(&line.answer);
    assert_int_equal(session->ops->poll(session, one, 0, &line.answer), POLL_ANSWERED);
    assert_json(line.answer.result, "{'n':1}");
    struct answer none = {0};
    assert_int_equal(session->ops->poll(session, one, 0, &none), POLL_PENDING);
    assert_int_equal(session->ops->start(session, &describe, &third, NULL), HP_OK);
    line_release(&line);
}

enum { THREADS = 4, CALLS = 200 };

static void *create_many(void *argument) {
    struct line *line = argument;
    struct session *session = NULL;
    if (target_open(line->target, 0, &session, NULL) != HP_OK) {
        return NULL;
    }
    char params[] = "{\"kind\":\"timeout\",\"request_id\":\"r\",\"user_id\":\"u\",\"session_id\":\"s\"}";
    const struct request request = {
        .method = "interrupt.create", .params = params, .params_length_bytes = strlen(params)};
    size_t answered = 0;
    for (size_t i = 0; i < CALLS; i++) {
        struct answer answer = {0};
        session_call(session, &request, 1000, &answer);
        answered += answer.kind == ANSWER_RESULT && value_at(answer.result, "/interrupt/seen");
        answer_release(&answer);
    }
    session_close(session);
    return answered == CALLS ? argument : NULL;
}

/* Sessions of several threads share what the fault remembers. */
static void many_threads_may_call(void **state) {
    (void)state;
    struct line line;
    pthread_t threads[THREADS];
    line_init(&line,
              "[{'on':'interrupt.create','after':[{'set':'/result/interrupt/seen','to':{'$count':'/seen'}},"
              "{'remember':'last','to':{'$':'/result'}}]}]");
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, create_many, &line), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        void *whole = NULL;
        pthread_join(threads[i], &whole);
        assert_ptr_equal(whole, &line);
    }
    line_release(&line);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_changed_request_reaches_the_target),
        cmocka_unit_test(an_untouched_request_stays_as_it_is),
        cmocka_unit_test(a_call_may_be_spared),
        cmocka_unit_test(a_refusal_becomes_an_answer_and_back),
        cmocka_unit_test(it_says_what_it_is),
        cmocka_unit_test(answers_wait_for_their_tickets),
        cmocka_unit_test(many_threads_may_call),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
