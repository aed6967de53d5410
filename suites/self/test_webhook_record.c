#include "suites/chapters/webhook_record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static char body[] = "{\"event_id\":\"e\",\"request_id\":\"r\",\"data\":{\"a\":1}}";

static const char *text_of(const json_t *record, const char *key) {
    return json_string_value(json_object_get(record, key));
}

static void a_request_as_json(void **state) {
    (void)state;
    static char head[] = "POST /box/1 HTTP/1.1\r\nX-Webhook-Timestamp: t\r\nwebhook-timestamp: 1765445400\r\n"
                         "X-A: 1\r\nx-a: 2\r\nX-Odd: \xff\r\n\r\n";
    const struct receiver_request request = {
        .order = 7, .head = head, .body = body, .body_bytes = strlen(body), .answer = 503};
    json_t *record = webhook_record(&request, NULL);
    assert_non_null(record);
    assert_int_equal(json_integer_value(json_object_get(record, "order")), 7);
    assert_int_equal(json_integer_value(json_object_get(record, "answer")), 503);
    assert_string_equal(text_of(record, "method"), "POST");
    assert_string_equal(text_of(record, "event_id"), "e");
    assert_string_equal(text_of(record, "request_id"), "r");
    assert_string_equal(text_of(record, "timestamp"), "t");
    assert_string_equal(text_of(record, "tried_at"), "2025-12-11T09:30:00.000000Z");
    assert_int_equal(strlen(text_of(record, "body_digest")), 64);
    const json_t *headers = json_object_get(record, "headers");
    assert_int_equal(json_object_size(headers), 4);
    assert_string_equal(text_of(headers, "x-a"), "1, 2"); /* both, so that nothing hides behind another */
    assert_string_equal(text_of(headers, "x-odd"), "(no UTF-8)");
    assert_int_equal(json_object_size(json_object_get(record, "body")), 3);
    assert_string_equal(text_of(record, "signature"), "missing");
    assert_string_equal(text_of(record, "standard_signature"), "missing");
    json_decref(record);
}

static void what_is_not_there_is_null(void **state) {
    (void)state;
    static char head[] = "PUT / HTTP/1.1\r\nwebhook-timestamp: soon\r\n\r\n", garbage[] = "no\0json";
    const struct receiver_request request = {.order = 1, .head = head, .body = garbage, .body_bytes = 7};
    json_t *record = webhook_record(&request, "s");
    static const char *const nulls[] = {"body", "event_id", "request_id", "timestamp", "tried_at", "answer"};
    for (size_t i = 0; i < sizeof nulls / sizeof nulls[0]; i++) {
        assert_true(json_is_null(json_object_get(record, nulls[i])));
    }
    assert_string_equal(text_of(record, "method"), "PUT");
    json_decref(record);
}

/* The body's members in another order are another body. */
static void bodies_are_compared_by_bytes(void **state) {
    (void)state;
    static char head[] = "POST / HTTP/1.1\r\n\r\n", one[] = "{\"a\":1,\"b\":2}",
                other[] = "{\"b\":2,\"a\":1}";
    const struct receiver_request requests[] = {
        {.head = head, .body = one, .body_bytes = sizeof one - 1},
        {.head = head, .body = other, .body_bytes = sizeof other - 1}};
    json_t *records[] = {webhook_record(&requests[0], NULL), webhook_record(&requests[1], NULL)};
    assert_true(json_equal(json_object_get(records[0], "body"), json_object_get(records[1], "body")));
    assert_string_not_equal(text_of(records[0], "body_digest"), text_of(records[1], "body_digest"));
    json_decref(records[0]);
    json_decref(records[1]);
}

static void signatures_are_checked_with_the_secret(void **state) {
    (void)state;
    static char head[] =
        "POST / HTTP/1.1\r\nX-Webhook-Signature: "
        "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843\r\nwebhook-id: i\r\n"
        "webhook-timestamp: 1\r\nwebhook-signature: v1,AAAA\r\n\r\n";
    static char question[] = "what do ya want for nothing?";
    const struct receiver_request request = {.head = head, .body = question, .body_bytes = strlen(question)};
    static const struct {
        const char *secret, *signature, *standard;
    } rows[] = {{"Jefe", "valid", "wrong"}, {"Jeff", "wrong", "wrong"}, {NULL, "unchecked", "unchecked"}};
    for (size_t i = 0; i < 3; i++) {
        json_t *record = webhook_record(&request, rows[i].secret);
        assert_string_equal(text_of(record, "signature"), rows[i].signature);
        assert_string_equal(text_of(record, "standard_signature"), rows[i].standard);
        json_decref(record);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_request_as_json),
                                       cmocka_unit_test(what_is_not_there_is_null),
                                       cmocka_unit_test(bodies_are_compared_by_bytes),
                                       cmocka_unit_test(signatures_are_checked_with_the_secret)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
