#include "harness/adapters/in_process.h"
#include "harness/adapters/mutant.h"
#include "harness/adapters/mutant_courier.h"
#include "harness/base/value.h"
#include "suites/chapters/receiver.h"
#include "suites/chapters/webhook_record.h"
#include "suites/self/support_json.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

/* A mutant in front of memory that sends webhooks to boxes of a receiver. */
struct stage {
    struct receiver *receiver;
    struct mutant mutant;
    json_t *fault;
    struct target *target;
    struct session *session;
};

static void begin(struct stage *stage, const char *fault) {
    char id[] = "faulty";
    *stage = (struct stage){.fault = json_short(fault)};
    stage->mutant = (struct mutant){.id = text_copy(id), .where = MUTANT_ADAPTER, .fault = stage->fault};
    assert_int_equal(receiver_start(&stage->receiver, NULL), HP_OK);
    assert_int_equal(mutant_wrap(in_process_memory_new(), &stage->mutant, &stage->target, NULL), HP_OK);
    assert_int_equal(target_open(stage->target, 0, &stage->session, NULL), HP_OK);
}

static void end(struct stage *stage) {
    session_close(stage->session);
    target_free(stage->target);
    receiver_stop(stage->receiver);
    free(stage->mutant.id);
    json_decref(stage->fault);
}

/* The result of a call that is not refused, for the caller to drop. */
static json_t *call(struct stage *stage, const char *method, const char *params) {
    struct answer answer = {0};
    const struct request request = {method, params, strlen(params), false};
    session_call(stage->session, &request, 10000, &answer);
    if (answer.kind != ANSWER_RESULT) {
        fail_msg("%s: %s", method, answer.detail);
    }
    json_t *result = json_incref(answer.result);
    answer_release(&answer);
    return result;
}

/* A box that answers so; a subscription to it when there is a number for what was asked. */
static unsigned subscribe_box(struct stage *stage, const struct receiver_reply *script, size_t count,
                              char url[RECEIVER_URL_SIZE], const char *more) {
    char params[256];
    unsigned box = receiver_open(stage->receiver, script, count, url);
    assert_true(box > 0);
    if (more) {
        snprintf(params, sizeof params, "{\"url\":\"%s\",\"events\":[\"*\"]%s}", url, more);
        json_decref(call(stage, "webhook.subscribe", params));
    }
    return box;
}

static void make(struct stage *stage) {
    json_decref(call(stage, "interrupt.create",
                     "{\"kind\":\"timeout\",\"request_id\":\"r\",\"user_id\":\"ann\",\"session_id\":\"s\"}"));
}

static json_int_t flush(struct stage *stage, const char *count) {
    json_t *counts = call(stage, "webhook.flush", "{}");
    json_int_t number = json_integer_value(json_object_get(counts, count));
    json_decref(counts);
    return number;
}

static struct receiver_list got(struct stage *stage, unsigned box, size_t count) {
    struct receiver_list list;
    assert_true(receiver_read(stage->receiver, box, &list));
    assert_int_equal(list.count, count);
    return list;
}

static void got_count(struct stage *stage, unsigned box, size_t count) {
    struct receiver_list list = got(stage, box, count);
    receiver_list_release(&list);
}

static void a_fault_says_whether_it_needs_one(void **state) {
    (void)state;
    static const struct {
        const char *fault;
        bool needed;
    } rows[] = {{"[{'on':'webhook.send'}]", true},
                {"[{'on':'reset'},{'on':['webhook.flush','webhook.send']}]", true},
                {"[{'on':'webhook.subscribe'},{}]", false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *fault = json_short(rows[i].fault);
        assert_int_equal(courier_is_needed(fault), rows[i].needed);
        json_decref(fault);
    }
    assert_false(courier_is_needed(NULL));
}

/* Byte for byte, but for the host, which is the endpoint's. */
static void what_no_rule_touches_arrives_as_it_was_sent(void **state) {
    (void)state;
    struct stage stage;
    char url[RECEIVER_URL_SIZE];
    begin(&stage, "[{'on':'webhook.send','when':{'/params/url':'x'},'before':[{'answer':{'status':200}}]}]");
    unsigned box = subscribe_box(&stage, NULL, 0, url, ",\"secret\":\"s\",\"headers\":{\"X-Own\":\"kept\"}");
    make(&stage);
    assert_int_equal(flush(&stage, "delivered"), 1);
    struct receiver_list list = got(&stage, box, 1);
    json_t *record = webhook_record(&list.requests[0], "s");
    assert_string_equal(json_string_value(value_at(record, "/signature")), "valid");
    assert_string_equal(json_string_value(value_at(record, "/standard_signature")), "valid");
    assert_string_equal(json_string_value(value_at(record, "/headers/x-own")), "kept");
    assert_string_equal(json_string_value(value_at(record, "/headers/content-type")), "application/json");
    char host[64];
    snprintf(host, sizeof host, "%.*s", (int)strcspn(url + 7, "/"), url + 7);
    assert_string_equal(json_string_value(value_at(record, "/headers/host")), host);
    json_decref(record);
    receiver_list_release(&list);
    end(&stage);
}

static void a_rule_changes_what_is_sent_and_what_came_of_it(void **state) {
    (void)state;
    static const struct receiver_reply refused = {.status = 404};
    struct stage stage;
    char url[RECEIVER_URL_SIZE];
    begin(&stage,
          "[{'on':'webhook.send','when':{'/stored/kind':'timeout','/subscription/secret':'s'},"
          "'before':[{'set':'/sent/body/event_type','to':'forged'}]},"
          "{'on':'webhook.send','when':{'/result/status':404},'after':[{'set':'/result/status','to':200}]}]");
    unsigned box = subscribe_box(&stage, &refused, 1, url, ",\"secret\":\"s\"");
    make(&stage);
    assert_int_equal(flush(&stage, "delivered"), 1);
    struct receiver_list list = got(&stage, box, 1);
    assert_non_null(strstr(list.requests[0].body, "\"event_type\":\"forged\""));
    receiver_list_release(&list);
    end(&stage);
}

static void an_answer_before_spares_the_endpoint(void **state) {
    (void)state;
    struct stage stage;
    char url[RECEIVER_URL_SIZE];
    begin(&stage, "[{'on':'webhook.send','before':[{'answer':{'status':204}}]}]");
    unsigned box = subscribe_box(&stage, NULL, 0, url, "");
    make(&stage);
    assert_int_equal(flush(&stage, "delivered"), 1);
    got_count(&stage, box, 0);
    end(&stage);
}

/* No answer is no answer here, too: a closed connection, and a port where nobody listens. */
static void silence_is_passed_on(void **state) {
    (void)state;
    static const struct receiver_reply closed = {.kind = RECEIVER_CLOSE};
    struct stage stage;
    char url[RECEIVER_URL_SIZE], nowhere[96];
    begin(&stage, "[{'on':'webhook.send','when':{'/refusal/name':'unavailable'},"
                  "'after':[{'remember':'silent','to':true}]},"
                  "{'on':'describe','before':[{'answer':{'silent':{'$':'/memory/silent'}}}]}]");
    unsigned box = subscribe_box(&stage, &closed, 1, url, "");
    make(&stage);
    assert_int_equal(flush(&stage, "failed"), 1);
    got_count(&stage, box, 1);
    json_t *told = call(&stage, "describe", "{}");
    assert_json(told, "{'silent':true}");
    json_decref(told);
    json_decref(call(&stage, "reset", "{}"));
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int bound = socket(AF_INET, SOCK_STREAM, 0); /* and never listens, so the port stays nobody's */
    assert_int_equal(bind(bound, (struct sockaddr *)&address, length), 0);
    assert_int_equal(getsockname(bound, (struct sockaddr *)&address, &length), 0);
    snprintf(nowhere, sizeof nowhere, "{\"url\":\"http://127.0.0.1:%u/x\",\"events\":[\"*\"]}",
             (unsigned)ntohs(address.sin_port));
    json_decref(call(&stage, "webhook.subscribe", nowhere));
    make(&stage);
    assert_int_equal(flush(&stage, "failed"), 1);
    close(bound);
    end(&stage);
}

static void an_answer_without_end_is_passed_on(void **state) {
    (void)state;
    static const struct receiver_reply flood = {.kind = RECEIVER_FLOOD, .status = 200};
    struct stage stage;
    char url[RECEIVER_URL_SIZE];
    begin(&stage, "[{'on':'webhook.send','when':{'/result/headers/content-length':{'absent':true}},"
                  "'after':[{'set':'/result/status','to':201}]}]");
    unsigned box = subscribe_box(&stage, &flood, 1, url, "");
    make(&stage);
    assert_int_equal(flush(&stage, "delivered"), 1);
    got_count(&stage, box, 1);
    end(&stage);
}

/* Sent on to where the answer leads, and once more by a call of the rule's own. */
static void a_rule_sends_by_itself(void **state) {
    (void)state;
    struct receiver_reply moved = {.status = 307};
    struct stage stage;
    char url[RECEIVER_URL_SIZE], elsewhere[RECEIVER_URL_SIZE];
    begin(&stage, "[{'on':'webhook.send','when':{'/result/status':307},'after':["
                  "{'set':'/sent/url','to':{'$':'/result/headers/location'}},{'retry':true},"
                  "{'call':'webhook.send','with':{'$':'/sent'},'as':'again'}]},"
                  "{'on':'describe','before':[{'answer':{'status':{'$':'/memory/again/status'}}}]}]");
    unsigned aside = subscribe_box(&stage, NULL, 0, elsewhere, NULL);
    text_put(moved.location, sizeof moved.location, elsewhere);
    unsigned box = subscribe_box(&stage, &moved, 1, url, "");
    make(&stage);
    assert_int_equal(flush(&stage, "delivered"), 1);
    got_count(&stage, box, 1);
    got_count(&stage, aside, 2);
    json_t *told = call(&stage, "describe", "{}");
    assert_json(told, "{'status':200}");
    json_decref(told);
    end(&stage);
}

/* A call that goes to nobody is refused, and one to the service cannot be made from here. */
static void a_call_of_its_own_may_fail(void **state) {
    (void)state;
    struct answer answer;
    json_t *params = json_short("{'url':'http://example.com/x','text':'x'}");
    assert_true(courier_send(params, &answer));
    assert_int_equal(answer.kind, ANSWER_REFUSED);
    assert_string_equal(answer.error_name, "unavailable");
    json_decref(params);
    struct stage stage;
    char url[RECEIVER_URL_SIZE];
    begin(&stage, "[{'on':'webhook.send','before':[{'call':'interrupt.list','with':{}}]}]");
    unsigned box = subscribe_box(&stage, NULL, 0, url, "");
    make(&stage);
    assert_int_equal(flush(&stage, "failed"), 1);
    got_count(&stage, box, 0);
    end(&stage);
}

/* The first hangs until its time is up; those behind it never go out, and later all do. */
static void a_queue_waits_for_its_head(void **state) {
    (void)state;
    static const struct receiver_reply script[] = {{.kind = RECEIVER_HANG}, {.status = 200}};
    struct stage stage;
    char url[RECEIVER_URL_SIZE];
    begin(&stage, "[{'on':'webhook.send','before':[{'queue':true}]}]");
    json_decref(call(&stage, "clock.set", "{\"now\":\"2025-12-11T09:30:00Z\"}"));
    unsigned box = subscribe_box(&stage, script, 2, url, ",\"timeout_seconds\":0.3");
    make(&stage);
    make(&stage);
    make(&stage);
    assert_int_equal(flush(&stage, "failed"), 3);
    got_count(&stage, box, 1);
    json_decref(call(&stage, "clock.set", "{\"now\":\"2025-12-11T09:30:01Z\"}"));
    assert_int_equal(flush(&stage, "delivered"), 3);
    got_count(&stage, box, 4);
    end(&stage);
}

/* Others than 127.0.0.1 are reached as without a courier, and what is no URL is refused as without. */
static void a_subscription_to_elsewhere_is_left_alone(void **state) {
    (void)state;
    struct answer answer = {0};
    struct stage stage;
    begin(&stage, "[{'on':'webhook.send','before':[{'answer':{'status':200}}]}]");
    json_decref(call(&stage, "webhook.subscribe", "{\"url\":\"http://localhost:1/x\",\"events\":[\"*\"]}"));
    make(&stage);
    assert_int_equal(flush(&stage, "failed"), 1);
    const char *params = "{\"url\":\"127.0.0.1:1/x\",\"events\":[\"*\"]}";
    const struct request request = {"webhook.subscribe", params, strlen(params), false};
    session_call(stage.session, &request, 1000, &answer);
    assert_int_equal(answer.kind, ANSWER_REFUSED);
    assert_string_equal(answer.field, "/url");
    answer_release(&answer);
    end(&stage);
}

/* A subscription that the fault makes, or makes again, is the courier's, too. */
static void subscriptions_of_the_fault_pass_as_well(void **state) {
    (void)state;
    struct stage stage;
    char url[RECEIVER_URL_SIZE], params[256];
    begin(&stage, "[{'on':'webhook.send','before':[{'set':'/sent/body','to':{'via':'courier'}}]},"
                  "{'on':'webhook.subscribe','when':{'/refusal/field':'/events'},'after':["
                  "{'set':'/sent','to':{'url':{'$':'/params/url'},'events':['*']}},{'retry':true}]}]");
    unsigned box = subscribe_box(&stage, NULL, 0, url, NULL);
    snprintf(params, sizeof params, "{\"url\":\"%s\",\"events\":[]}", url);
    json_decref(call(&stage, "webhook.subscribe", params));
    make(&stage);
    assert_int_equal(flush(&stage, "delivered"), 1);
    struct receiver_list list = got(&stage, box, 1);
    assert_string_equal(list.requests[0].body, "{\"via\":\"courier\"}");
    receiver_list_release(&list);
    end(&stage);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_fault_says_whether_it_needs_one),
                                       cmocka_unit_test(what_no_rule_touches_arrives_as_it_was_sent),
                                       cmocka_unit_test(a_rule_changes_what_is_sent_and_what_came_of_it),
                                       cmocka_unit_test(an_answer_before_spares_the_endpoint),
                                       cmocka_unit_test(silence_is_passed_on),
                                       cmocka_unit_test(an_answer_without_end_is_passed_on),
                                       cmocka_unit_test(a_rule_sends_by_itself),
                                       cmocka_unit_test(a_call_of_its_own_may_fail),
                                       cmocka_unit_test(a_queue_waits_for_its_head),
                                       cmocka_unit_test(a_subscription_to_elsewhere_is_left_alone),
                                       cmocka_unit_test(subscriptions_of_the_fault_pass_as_well)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
