#include "harness/adapters/http.h"

#include "suites/self/support_script_server.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <stdio.h>

enum { PATIENT_MS = 20000 };

/* A target of the contract's routes at a scripted server, with controls there too when asked. */
static struct target *target_at(struct script_server *server, bool controlled) {
    struct profile *profile = NULL;
    char controls[128];
    snprintf(controls, sizeof controls, "%s/controls", script_server_url(server));
    assert_int_equal(
        profile_of_contract(script_server_url(server), controlled ? controls : NULL, &profile, NULL), HP_OK);
    struct target *target = http_new(profile, PATIENT_MS);
    assert_non_null(target);
    return target;
}

static void call(struct session *session, const char *method, const char *params, struct answer *answer) {
    const struct request request = {method, params, strlen(params), false};
    session_call(session, &request, PATIENT_MS, answer);
}

static struct session *open_at(struct target *target) {
    struct session *session = NULL;
    assert_int_equal(target_open(target, 0, &session, NULL), HP_OK);
    return session;
}

#define WHO "{\"id\":\"i-1\",\"user_id\":\"ann\"}"

static void cancels_and_reads(void **state) {
    (void)state;
    const struct script_reply replies[] = {
        {.bytes = "HTTP/1.1 204 No Content\r\n\r\n"},
        {.bytes = reply_json("200 OK", "{\"id\":\"i-1\",\"status\":\"cancelled\"}")},
        /* A stranger's cancel goes through, and then he may not read: it was accepted all the same. */
        {.bytes = "HTTP/1.1 204 No Content\r\n\r\n"},
        {.bytes = reply_json("403 Forbidden", "{}")},
        {.bytes = reply_json("409 Conflict", "{\"interrupt_status\":\"cancelled\"}")},
        {.bytes = "HTTP/1.1 204 No Content\r\n\r\n"},
        {.bytes = NULL, .close = 1}};
    struct script_server *server = script_server_start(replies, 7);
    struct target *target = target_at(server, false);
    struct session *session = open_at(target);
    struct answer answer;
    call(session, "interrupt.cancel", "{\"id\":\"i-1\",\"user_id\":\"ann\",\"reason\":\"x\"}", &answer);
    assert_int_equal(answer.kind, ANSWER_RESULT);
    assert_non_null(json_object_get(answer.result, "interrupt"));
    answer_release(&answer);
    assert_non_null(
        strstr(script_server_request(server, 0), "DELETE /interrupts/i-1?user_id=ann&reason=x HTTP"));
    assert_non_null(strstr(script_server_request(server, 1), "GET /interrupts/i-1?user_id=ann HTTP"));
    call(session, "interrupt.cancel", WHO, &answer);
    assert_int_equal(answer.kind, ANSWER_RESULT);
    assert_null(json_object_get(answer.result, "interrupt"));
    answer_release(&answer);
    call(session, "interrupt.cancel", WHO, &answer);
    assert_string_equal(answer.interrupt_status, "cancelled");
    answer_release(&answer);
    call(session, "interrupt.cancel", WHO, &answer);
    assert_int_equal(answer.kind, ANSWER_BROKEN);
    answer_release(&answer);
    session_close(session);
    target_free(target);
    script_server_stop(server);
}

/* What a case wrote itself goes out as it is; what it cannot be is told apart from what the service answers. */
static void plain_requests(void **state) {
    (void)state;
    const struct script_reply replies[] = {
        {.bytes = "HTTP/1.1 405 No\r\nAllow: GET\r\nContent-Length: 0\r\n\r\n"},
        {.bytes = reply_json("200 OK", "{\"id\":\"i-1\"}")}};
    struct script_server *server = script_server_start(replies, 2);
    struct target *target = target_at(server, false);
    struct session *session = open_at(target);
    struct answer answer;
    call(session, "http.request",
         "{\"method\":\"BREW\",\"path\":\"/"
         "a%00\",\"query\":\"b=1&b=2\",\"headers\":{\"X-A\":\"c\"},\"text\":\"{\"}",
         &answer);
    assert_int_equal(answer.kind, ANSWER_RESULT);
    assert_int_equal(json_integer_value(json_object_get(answer.result, "status")), 405);
    assert_string_equal(
        json_string_value(json_object_get(json_object_get(answer.result, "headers"), "allow")), "GET");
    answer_release(&answer);
    assert_non_null(strstr(script_server_request(server, 0), "BREW /a%00?b=1&b=2 HTTP/1.1\r\n"));
    assert_non_null(strstr(script_server_request(server, 0), "X-A: c\r\n"));
    call(session, "http.request", "{\"path\":\"a\"}", &answer);
    assert_int_equal(answer.kind, ANSWER_BROKEN);
    assert_non_null(strstr(answer.detail, "at /path"));
    answer_release(&answer);
    call(session, "http.request", "{\"path\":\"/a\",\"operator\":true}", &answer);
    assert_int_equal(answer.kind, ANSWER_UNSENDABLE);
    answer_release(&answer);
    call(session, "interrupt.get", WHO, &answer);
    assert_int_equal(answer.kind, ANSWER_RESULT);
    answer_release(&answer);
    assert_int_equal(script_server_requests(server), 2);
    session_close(session);
    target_free(target);
    script_server_stop(server);
}

static void unsendable(void **state) {
    (void)state;
    const struct script_reply replies[] = {{.bytes = reply_json("200 OK", "{}")}};
    struct script_server *server = script_server_start(replies, 1);
    struct target *target = target_at(server, false);
    struct session *session = open_at(target);
    struct answer answer;
    call(session, "interrupt.get", "{\"id\":\"i-1\"}", &answer);
    assert_int_equal(answer.kind, ANSWER_UNSENDABLE);
    assert_string_equal(answer.detail, "without a user_id the caller is trusted; by HTTP nobody is");
    answer_release(&answer);
    call(session, "reset", "{}", &answer);
    assert_int_equal(answer.kind, ANSWER_REFUSED);
    assert_string_equal(answer.error_name, "unsupported");
    answer_release(&answer);
    assert_int_equal(script_server_requests(server), 0);
    session_close(session);
    target_free(target);
    script_server_stop(server);
}

static void by_controls(void **state) {
    (void)state;
    const struct script_reply replies[] = {
        {.bytes = reply_json("200 OK", "{\"result\":{\"interrupt\":null}}")},
        {.bytes = reply_json("200 OK", "{\"result\":{}}")}};
    struct script_server *server = script_server_start(replies, 2);
    struct target *target = target_at(server, true);
    struct session *session = open_at(target);
    struct answer answer;
    const struct request raw = {"interrupt.cancel", "{\"id\":1,\"id\":2}", 15, true};
    call(session, "interrupt.get", "{\"id\":\"i-1\"}", &answer);
    assert_int_equal(answer.kind, ANSWER_RESULT);
    answer_release(&answer);
    const char *sent = script_server_request(server, 0);
    assert_non_null(strstr(sent, "POST /controls/call HTTP"));
    assert_non_null(strstr(sent, "\r\n\r\n{\"method\":\"interrupt.get\",\"params\":{\"id\":\"i-1\"}}"));
    session_call(session, &raw, PATIENT_MS, &answer);
    answer_release(&answer);
    assert_non_null(strstr(script_server_request(server, 1), "\"params\":{\"id\":1,\"id\":2}}"));
    session_close(session);
    target_free(target);
    script_server_stop(server);
}

/* A reset of several servers goes to the controls of each before it is answered. */
static void all_servers(void **state) {
    (void)state;
    const struct script_reply replies[] = {{.bytes = reply_json("200 OK", "{\"result\":{}}")},
                                           {.bytes = reply_json("200 OK", "{\"result\":{\"now\":\"x\"}}")},
                                           {.bytes = reply_json("400 Bad", "{\"name\":\"invalid\"}")}};
    struct script_server *server = script_server_start(replies, 3);
    struct profile *profile = NULL;
    char first[128], second[128];
    snprintf(first, sizeof first, "%s/a", script_server_url(server));
    snprintf(second, sizeof second, "%s/b", script_server_url(server));
    const struct profile_server servers[] = {{{first, first}, {first, first}},
                                             {{second, second}, {second, second}}};
    assert_int_equal(profile_of_contract("http://x", NULL, &profile, NULL), HP_OK);
    assert_int_equal(profile_move(profile, servers, 2, NULL), HP_OK);
    struct target *target = http_new(profile, PATIENT_MS);
    struct session *session = NULL;
    struct answer answer;
    assert_int_equal(target_open(target, 1, &session, NULL), HP_OK);
    call(session, "clock.set", "{}", &answer);
    assert_int_equal(answer.kind, ANSWER_RESULT);
    assert_non_null(strstr(script_server_request(server, 0), "POST /a/call HTTP"));
    assert_non_null(strstr(script_server_request(server, 1), "POST /b/call HTTP"));
    answer_release(&answer);
    call(session, "reset", "{}", &answer);
    assert_string_equal(answer.error_name, "invalid");
    assert_int_equal(script_server_requests(server), 3);
    answer_release(&answer);
    session_close(session);
    target_free(target);
    script_server_stop(server);
}

static void hello_and_restart(void **state) {
    (void)state;
    const struct script_reply replies[] = {{.bytes = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"},
                                           {.bytes = NULL, .close = 1},
                                           {.bytes = reply_json("200 OK", "{}")},
                                           {.bytes = NULL, .hold = 1}};
    struct script_server *server = script_server_start(replies, 4);
    struct target *target = target_at(server, false);
    struct hello hello = {0};
    struct hp_problem problem = {0};
    struct answer answer;
    struct text log = {0};
    unsigned ticket;
    assert_int_equal(target_hello(target, &hello, &problem), HP_OK);
    assert_string_equal(hello.name, script_server_url(server));
    assert_int_equal(hello.endpoints, 1);
    assert_true(hello_declares(&hello, "respond"));
    assert_true(hello_declares(&hello, "concurrent"));
    assert_false(hello_declares(&hello, "reset"));
    hello_release(&hello);
    struct session *session = open_at(target);
    call(session, "interrupt.get", WHO, &answer);
    assert_int_equal(answer.kind, ANSWER_BROKEN);
    answer_release(&answer);
    session_close(session);
    target_restart(target);
    session = open_at(target);
    call(session, "interrupt.get", WHO, &answer);
    assert_int_equal(answer.kind, ANSWER_RESULT);
    answer_release(&answer);
    const struct request request = {"interrupt.get", WHO, strlen(WHO), false};
    assert_int_equal(session->ops->start(session, &request, &ticket, NULL), HP_OK);
    assert_int_equal(session->ops->start(session, &request, &ticket, &problem), HP_UNAVAILABLE);
    assert_int_equal(session->ops->poll(session, ticket, 20, &answer), POLL_PENDING);
    assert_int_equal(session->ops->poll(session, ticket + 1, 0, &answer), POLL_PENDING);
    session_close(session);
    assert_int_equal(target_open(target, 1, &session, NULL), HP_INVALID);
    target_take_log(target, &log);
    assert_int_equal(log.length_bytes, 0);
    script_server_stop(server);
    hp_problem_clear(&problem);
    assert_int_equal(target_hello(target, &hello, &problem), HP_UNAVAILABLE);
    assert_non_null(strstr(problem.detail, "nobody answers there"));
    target_free(target);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cancels_and_reads), cmocka_unit_test(plain_requests),
        cmocka_unit_test(unsendable),        cmocka_unit_test(by_controls),
        cmocka_unit_test(all_servers),       cmocka_unit_test(hello_and_restart)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
