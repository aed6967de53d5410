#include "harness/adapters/mutant_webhook.h"

#include "reference/service/webhook.h"
#include "reference/service/webhook_message.h"
#include "suites/self/support_json.h"
#include "suites/self/support_webhook.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* One delivery under a fault: the third try of an answer's event. */
struct stage {
    struct hp_interrupt interrupt;
    struct hp_event event;
    struct hp_subscription subscription;
    struct hp_webhook_delivery delivery;
    struct webhook_message message;
    struct shadow shadow;
    json_t *fault;
    struct mutant mutant;
    struct mutant_webhooks *webhooks;
};

static void begin(struct stage *stage, const char *fault) {
    *stage = (struct stage){.interrupt = bench_full_interrupt(),
                            .subscription = webhook_wish("http://h/x"),
                            .fault = json_short(fault)};
    stage->event = (struct hp_event){.id = "8a1e7c30-52f4-4c1b-b0a4-7d8e9f001122",
                                     .type = "interrupt.resolved",
                                     .timestamp_us = BENCH_NOW_US,
                                     .interrupt = &stage->interrupt};
    stage->subscription.secret = "s";
    stage->subscription.headers = "{\"X-Own\":\"kept\",\"X-Empty\":\"\"}";
    stage->delivery = (struct hp_webhook_delivery){.event = &stage->event,
                                                   .subscription = &stage->subscription,
                                                   .tries = 2,
                                                   .taken_at_us = BENCH_NOW_US};
    assert_int_equal(webhook_message_init(&stage->message, &stage->delivery, NULL), HP_OK);
    assert_true(shadow_init(&stage->shadow));
    stage->mutant.fault = stage->fault;
    stage->webhooks = mutant_webhooks_new(&stage->mutant, &stage->shadow);
    assert_non_null(stage->webhooks);
}

static void end(struct stage *stage) {
    webhook_message_release(&stage->message);
    mutant_webhooks_free(stage->webhooks);
    shadow_release(&stage->shadow);
    json_decref(stage->fault);
}

static bool send_at(struct stage *stage, unsigned endpoint, int *status) {
    const struct hp_webhook_decorator *own = &mutant_webhooks_decorators(stage->webhooks)[endpoint];
    return own->sending(own->context, &stage->delivery, &stage->message, status);
}

static struct hp_webhook_attempt judge(struct stage *stage, struct hp_webhook_attempt attempt) {
    const struct hp_webhook_decorator *own = mutant_webhooks_decorators(stage->webhooks);
    own->judged(own->context, &stage->delivery, &attempt);
    return attempt;
}

static void what_no_rule_touches_goes_as_it_was(void **state) {
    (void)state;
    struct stage stage;
    int status = 7;
    begin(&stage, "[{'on':'webhook.send','when':{'/tries':9},'before':[{'remove':'/sent/headers'}]}]");
    char *body = strdup(stage.message.body.bytes), *headers = strdup(stage.message.headers.bytes);
    assert_true(send_at(&stage, 0, &status));
    assert_string_equal(stage.message.body.bytes, body);
    assert_string_equal(stage.message.headers.bytes, headers);
    const struct hp_webhook_attempt later = {.end = HP_WEBHOOK_LATER, .delay_us = 5, .status = 500};
    assert_int_equal(judge(&stage, later).end, HP_WEBHOOK_LATER);
    assert_true(judge(&stage, later).delay_us == 5);
    assert_int_equal(judge(&stage, (struct hp_webhook_attempt){.end = HP_WEBHOOK_DEAD}).end, HP_WEBHOOK_DEAD);
    free(body);
    free(headers);
    end(&stage);
}

static void the_message_is_changed(void **state) {
    (void)state;
    struct stage stage;
    int status;
    begin(&stage, "[{'on':'webhook.send','when':{'/tries':2,'/subscription/secret':'s','/event/event_type':"
                  "'interrupt.resolved','/sent/url':'http://h/x'},'before':["
                  "{'set':'/sent/headers/X-Own','to':['a','b']},{'remove':'/sent/headers/X-Webhook-ID'},"
                  "{'set':'/sent/body','to':{'n':9007199254740993}}]}]");
    assert_true(send_at(&stage, 0, &status));
    assert_string_equal(stage.message.body.bytes, "{\"n\":9007199254740993}");
    assert_non_null(strstr(stage.message.headers.bytes, "X-Own: a\nX-Own: b\n"));
    assert_non_null(strstr(stage.message.headers.bytes, "X-Empty:\n"));
    assert_null(strstr(stage.message.headers.bytes, "X-Webhook-ID:"));
    assert_non_null(strstr(stage.message.headers.bytes, "X-Webhook-Event: interrupt.resolved\n"));
    end(&stage);
}

static void the_bytes_alone_are_changed(void **state) {
    (void)state;
    struct stage stage;
    int status;
    begin(&stage, "[{'on':'webhook.send','before':[{'change':'/sent/text','by':{'cut':5}}]}]");
    assert_true(send_at(&stage, 0, &status));
    assert_int_equal(stage.message.body.length_bytes, 5);
    end(&stage);
}

static void nothing_is_sent(void **state) {
    (void)state;
    struct stage stage;
    int status = 0;
    begin(&stage, "[{'on':'webhook.send','when':{'/endpoint':1},'before':[{'answer':{'status':204}}]}]");
    assert_true(send_at(&stage, 0, &status));
    assert_false(send_at(&stage, 1, &status));
    assert_int_equal(status, 204);
    end(&stage);
}

static void its_end_is_judged_otherwise(void **state) {
    (void)state;
    struct stage stage;
    begin(
        &stage,
        "[{'on':'webhook.judge','when':{'/sent/status':404,'/sent/end':'dead'},'before':["
        "{'set':'/sent/end','to':'later'},{'set':'/sent/delay_us','to':77}]},"
        "{'on':'webhook.judge','when':{'/sent/status':500},'before':[{'set':'/sent/end','to':'no such'}]}]");
    struct hp_webhook_attempt attempt =
        judge(&stage, (struct hp_webhook_attempt){.end = HP_WEBHOOK_DEAD, .status = 404});
    assert_int_equal(attempt.end, HP_WEBHOOK_LATER);
    assert_true(attempt.delay_us == 77);
    attempt = judge(&stage, (struct hp_webhook_attempt){.end = HP_WEBHOOK_DEAD, .status = 500});
    assert_int_equal(attempt.end, HP_WEBHOOK_DEAD);
    end(&stage);
}

/* What a rule remembers of a try the next one knows, at whichever endpoint, until a reset. */
static void tries_share_a_memory(void **state) {
    (void)state;
    struct stage stage;
    int status;
    begin(&stage, "[{'on':'webhook.send','when':{'/memory/told':{'same':'/event/event_id'}},'before':["
                  "{'answer':{'status':200}}]},"
                  "{'on':'webhook.send','before':[{'remember':'told','to':{'$':'/event/event_id'}}]}]");
    assert_true(send_at(&stage, 0, &status));
    assert_false(send_at(&stage, 1, &status));
    end(&stage);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_no_rule_touches_goes_as_it_was), cmocka_unit_test(the_message_is_changed),
        cmocka_unit_test(the_bytes_alone_are_changed),         cmocka_unit_test(nothing_is_sent),
        cmocka_unit_test(its_end_is_judged_otherwise),         cmocka_unit_test(tries_share_a_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
