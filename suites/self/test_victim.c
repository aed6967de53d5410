#include "suites/chapters/victim.h"

#include "harness/adapters/deadline.h"
#include "harness/adapters/http_line.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { PATIENCE_MS = 20000, SLICE_MS = 20 };

static const struct victim_options in_memory = {.store = "memory"};

static struct victim *start(const struct victim_options *options) {
    struct victim *victim = NULL;
    struct hp_problem problem = {0};
    assert_int_equal(victim_start(options, &victim, &problem), HP_OK);
    if (victim_await(victim, PATIENCE_MS, &problem) != HP_OK) {
        fail_msg("%s", problem.detail);
    }
    return victim;
}

static void ask(struct http_line *line, const char *base, const char *path, const char *body) {
    char url[256];
    static const char *const headers[] = {"Content-Type: application/json"};
    snprintf(url, sizeof url, "%s%s", base, path);
    const struct http_request request = {.verb = body ? "POST" : "GET",
                                         .url = url,
                                         .headers = headers,
                                         .header_count = 1,
                                         .body = body,
                                         .body_length_bytes = body ? strlen(body) : 0};
    assert_int_equal(http_line_start(line, &request, NULL), HP_OK);
}

static void it_serves_until_it_is_killed(void **state) {
    (void)state;
    struct http_line *line = http_line_new(HTTP_REPLY_MAX_BYTES);
    struct http_reply reply = {0}, gone = {0};
    struct victim *victim = start(&in_memory);
    char url[256];
    snprintf(url, sizeof url, "%s", victim_url(victim));
    assert_non_null(victim_controls(victim));
    ask(line, url, "/healthz", NULL);
    assert_true(http_line_wait(line, PATIENCE_MS, &reply));
    assert_int_equal(reply.status, 200);
    victim_kill(victim);
    ask(line, url, "/healthz", NULL);
    assert_true(http_line_wait(line, PATIENCE_MS, &gone));
    assert_true(gone.broken);
    http_reply_release(&reply);
    http_reply_release(&gone);
    http_line_free(line);
    victim_kill(NULL);
}

static void it_says_that_a_call_is_held(void **state) {
    (void)state;
    const struct victim_options options = {.store = "memory", .hold = "create"};
    struct http_line *line = http_line_new(HTTP_REPLY_MAX_BYTES);
    struct http_reply reply = {0};
    struct victim *victim = start(&options);
    int64_t deadline_us = deadline_after_ms(PATIENCE_MS);
    assert_false(victim_holds(victim));
    ask(line, victim_url(victim), "/interrupts",
        "{\"kind\":\"timeout\",\"request_id\":\"r\",\"user_id\":\"u\",\"session_id\":\"s\"}");
    while (!victim_holds(victim) && deadline_remaining_ms(deadline_us) > 0) {
        victim_look(victim, SLICE_MS);
    }
    assert_true(victim_holds(victim));
    assert_false(http_line_wait(line, 0, &reply));
    victim_kill(victim);
    assert_true(http_line_wait(line, PATIENCE_MS, &reply));
    assert_true(reply.broken);
    http_reply_release(&reply);
    http_line_free(line);
}

static void one_that_does_not_come_up_tells_why(void **state) {
    (void)state;
    const struct victim_options options = {.store = "nothing"};
    struct victim *victim = NULL;
    struct hp_problem problem = {0};
    assert_int_equal(victim_start(&options, &victim, &problem), HP_OK);
    assert_int_equal(victim_await(victim, PATIENCE_MS, &problem), HP_UNAVAILABLE);
    assert_non_null(strstr(problem.detail, "--store takes memory"));
    assert_null(victim_url(victim));
    victim_kill(victim);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_serves_until_it_is_killed),
        cmocka_unit_test(it_says_that_a_call_is_held),
        cmocka_unit_test(one_that_does_not_come_up_tells_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
