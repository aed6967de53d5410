#include "harness/adapters/http_plain_answer.h"
#include "suites/self/support_json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void read_reply(const char *head, const char *body, size_t body_length_bytes, struct answer *answer) {
    struct http_reply reply = {.status = 404};
    text_add(&reply.head, head);
    text_append(&reply.body, body, body_length_bytes);
    http_plain_answer(&reply, answer);
    http_reply_release(&reply);
}

static void every_status_is_a_result(void **state) {
    (void)state;
    static const struct {
        const char *head, *body, *result;
    } rows[] = {
        {"", "", "{'status':404,'headers':{},'bytes':0}"},
        {"Content-Type: a/b\r\nX-Two:  c d \t\r\n\r\n", "{\"a\":[1]}",
         "{'status':404,'headers':{'content-type':'a/b','x-two':'c d'},'bytes':9,'body':{'a':[1]}}"},
        {"Allow: GET\r\nALLOW: POST\nEmpty:\r\n", "null",
         "{'status':404,'headers':{'allow':'GET, POST','empty':''},'bytes':4,'body':null}"},
        {"no colon\r\n: no name\r\nA: \xff\r\nB: c:d\r\n", "<p>",
         "{'status':404,'headers':{'b':'c:d'},'bytes':3,'text':'<p>'}"},
        {"", "{\"a\":1,\"a\":2}",
         "{'status':404,'headers':{},'bytes':13,'text':'{\\\"a\\\":1,\\\"a\\\":2}'}"},
        {"", "\xff", "{'status':404,'headers':{},'bytes':1}"},
        {"", "123456789012345678901234567890",
         "{'status':404,'headers':{},'bytes':30,'body':123456789012345678901234567890.0}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct answer answer;
        read_reply(rows[i].head, rows[i].body, strlen(rows[i].body), &answer);
        assert_int_equal(answer.kind, ANSWER_RESULT);
        assert_json(answer.result, rows[i].result);
        answer_release(&answer);
    }
}

static void long_text_is_cut_between_characters(void **state) {
    (void)state;
    struct answer answer;
    struct text body = {0};
    text_add(&body, "x");
    for (size_t i = 0; i < 50000; i++) {
        text_add(&body, "\u00e9");
    }
    read_reply("", body.bytes, body.length_bytes, &answer);
    assert_int_equal(answer.kind, ANSWER_RESULT);
    assert_int_equal(json_integer_value(json_object_get(answer.result, "bytes")), 100001);
    assert_int_equal(json_string_length(json_object_get(answer.result, "text")), 65535);
    answer_release(&answer);
    text_release(&body);
}

static void a_broken_reply_is_no_answer(void **state) {
    (void)state;
    struct answer answer;
    struct http_reply reply = {.broken = true};
    text_put(reply.detail, sizeof reply.detail, "nobody answers there");
    http_plain_answer(&reply, &answer);
    assert_int_equal(answer.kind, ANSWER_BROKEN);
    assert_string_equal(answer.detail, "nobody answers there");
    assert_null(answer.result);
    answer_release(&answer);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_status_is_a_result),
        cmocka_unit_test(long_text_is_cut_between_characters),
        cmocka_unit_test(a_broken_reply_is_no_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) > 0;
}
