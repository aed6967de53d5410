#include "harness/adapters/http_answer.h"

#include "harness/base/value.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct profile *profile;

static int make_profile(void **state) {
    (void)state;
    return profile_of_contract("http://127.0.0.1:1", NULL, &profile, NULL) == HP_OK ? 0 : -1;
}

static int drop_profile(void **state) {
    (void)state;
    profile_free(profile);
    return 0;
}

static void read_reply(const char *method, unsigned status, const char *type, const char *body,
                       struct answer *answer) {
    struct http_reply reply = {.status = status};
    text_put(reply.content_type, sizeof reply.content_type, type);
    text_add(&reply.body, body);
    http_answer_read(profile, profile_route(profile, method), false, &reply, answer);
    http_reply_release(&reply);
}

#define JSON "application/json; charset=utf-8"

static void results(void **state) {
    (void)state;
    static const struct {
        const char *method;
        unsigned status;
        const char *type, *body, *result;
    } rows[] = {
        {"interrupt.create", 201, JSON, "{\"id\":\"a\"}", "{\"interrupt\":{\"id\":\"a\"}}"},
        {"interrupt.create", 200, "", "{\"id\":\"a\"}", "{\"interrupt\":{\"id\":\"a\"}}"},
        {"interrupt.get", 200, "application/hal+json", "[]", "{\"interrupt\":[]}"},
        {"interrupt.respond", 200, JSON,
         "{\"success\":true,\"interrupt\":{\"id\":\"a\"},\"request_can_resume\":false}",
         "{\"interrupt\":{\"id\":\"a\"},\"request_can_resume\":false}"},
        {"interrupt.respond", 200, JSON, "{\"success\":true}", "{}"},
        {"interrupt.list", 200, JSON, "{\"interrupts\":[],\"total\":0,\"next_cursor\":null}",
         "{\"interrupts\":[],\"total\":0,\"next_cursor\":null}"},
        {"interrupt.cancel", 204, "", "", "{}"},
        {"interrupt.cancel", 200, "text/html", "<p>", "{}"},
        {"interrupt.get", 200, JSON, "{\"data\":{\"n\":123456789012345678901234567890}}",
         "{\"interrupt\":{\"data\":{\"n\":123456789012345678901234567890.0}}}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct answer answer;
        json_t *expected = json_loads(rows[i].result, 0, NULL);
        read_reply(rows[i].method, rows[i].status, rows[i].type, rows[i].body, &answer);
        if (answer.kind != ANSWER_RESULT || !value_equals(answer.result, expected)) {
            fail_msg("row %zu: %s", i, answer.detail);
        }
        json_decref(expected);
        answer_release(&answer);
    }
}

static void broken(void **state) {
    (void)state;
    static const struct {
        unsigned status;
        const char *type, *body, *said;
    } rows[] = {
        {200, "text/html", "<html>",
         "status 200 with a body of type text/html where application/json was expected"},
        {200, JSON, "{\"id\":", "no JSON: \"{\\x22id"},
        {201, JSON, "", "no JSON"},
        {204, "", "", "no JSON"},
        {200, JSON, "{\"a\":1,\"a\":1}", "no JSON"},
    };
    struct answer answer;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        read_reply("interrupt.get", rows[i].status, rows[i].type, rows[i].body, &answer);
        assert_int_equal(answer.kind, ANSWER_BROKEN);
        if (!strstr(answer.detail, rows[i].said) && i != 1) {
            fail_msg("row %zu: %s", i, answer.detail);
        }
        answer_release(&answer);
    }
    const struct http_reply lost = {.broken = true, .detail = "nobody answers there"};
    http_answer_read(profile, profile_route(profile, "interrupt.get"), false, &lost, &answer);
    assert_int_equal(answer.kind, ANSWER_BROKEN);
    assert_string_equal(answer.detail, "nobody answers there");
    answer_release(&answer);
}

static void refusals(void **state) {
    (void)state;
    static const struct {
        unsigned status;
        const char *body, *name, *field, *interrupt_status, *detail;
    } rows[] = {
        {404, "{\"detail\":\"gone\"}", "not_found", "", "", "status 404: gone"},
        {403, "<h1>no</h1>", "forbidden", "", "", "status 403: \"<h1>no</h1>\""},
        {409, "{\"detail\":\"over\",\"interrupt_status\":\"resolved\"}", "conflict", "", "resolved",
         "status 409: over"},
        {422, "{\"detail\":[{\"loc\":[\"body\",\"text\"]}],\"field\":\"/text\"}", "invalid", "/response/text",
         "", "status 422: [{\"loc\":[\"body\",\"text\"]}]"},
        {400, "", "invalid", "", "", "status 400"},
        {413, "", "invalid", "", "", "status 413"},
        {401, "", "forbidden", "", "", "status 401"},
        {405, "", "unsupported", "", "", "status 405"},
        {503, "", "unavailable", "", "", "status 503"},
        {500, "", "internal", "", "", "status 500"},
        {302, "", "HTTP 302", "", "", "status 302"},
        {418, "{}", "HTTP 418", "", "", "status 418: \"{}\""},
        {101, "", "HTTP 101", "", "", "status 101"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct answer answer;
        read_reply("interrupt.respond", rows[i].status, JSON, rows[i].body, &answer);
        assert_int_equal(answer.kind, ANSWER_REFUSED);
        assert_string_equal(answer.error_name, rows[i].name);
        assert_string_equal(answer.field, rows[i].field);
        assert_string_equal(answer.interrupt_status, rows[i].interrupt_status);
        assert_string_equal(answer.detail, rows[i].detail);
        assert_false(answer.untold_field);
        assert_int_equal(answer.error_text != NULL, rows[i].body[0] != '\0');
        answer_release(&answer);
    }
}

/* A body that is no object has no members that could be named. */
static void whole_body(void **state) {
    (void)state;
    struct http_reply reply = {.status = 400};
    struct answer answer;
    http_answer_read(profile, profile_route(profile, "interrupt.respond"), true, &reply, &answer);
    assert_string_equal(answer.field, "/response");
    answer_release(&answer);
    reply.status = 403;
    http_answer_read(profile, profile_route(profile, "interrupt.respond"), true, &reply, &answer);
    assert_string_equal(answer.field, "");
    answer_release(&answer);
}

static void controls(void **state) {
    (void)state;
    struct http_reply reply = {.status = 200};
    struct answer answer;
    text_add(&reply.body, "{\"result\":{\"ids\":[]}}");
    http_answer_read_controls(profile, &reply, &answer);
    assert_int_equal(answer.kind, ANSWER_RESULT);
    assert_true(json_is_array(json_object_get(answer.result, "ids")));
    answer_release(&answer);
    text_clear(&reply.body);
    text_add(&reply.body, "{}");
    http_answer_read_controls(profile, &reply, &answer);
    assert_int_equal(answer.kind, ANSWER_BROKEN);
    answer_release(&answer);
    reply.status = 400;
    text_clear(&reply.body);
    text_add(&reply.body, "{\"detail\":\"no\",\"field\":\"/response/text\"}");
    http_answer_read_controls(profile, &reply, &answer);
    assert_string_equal(answer.error_name, "invalid");
    assert_string_equal(answer.field, "/response/text");
    answer_release(&answer);
    http_reply_release(&reply);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(results), cmocka_unit_test(broken),
                                       cmocka_unit_test(refusals), cmocka_unit_test(whole_body),
                                       cmocka_unit_test(controls)};
    return cmocka_run_group_tests(tests, make_profile, drop_profile);
}
