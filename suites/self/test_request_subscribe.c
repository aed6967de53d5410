#include "reference/core/json.h"
#include "reference/core/request.h"
#include "suites/self/support_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct reading {
    json_t *params;
    struct hp_subscription subscription;
    char *texts;
    enum hp_status status;
    struct hp_problem problem;
};

static void reading_init(struct reading *reading, const char *json) {
    *reading = (struct reading){0};
    assert_int_equal(request_read(json, strlen(json), &reading->params, &reading->problem), HP_OK);
    reading->status =
        request_read_subscribe(reading->params, &reading->subscription, &reading->texts, &reading->problem);
}

static void reading_release(struct reading *reading) {
    json_decref(reading->params);
    free(reading->texts);
}

static void what_is_absent_takes_its_default(void **state) {
    (void)state;
    static const char *const rows[] = {
        "{\"url\":\"http://h\",\"events\":[\"a.*\",\"b\"]}",
        "{\"url\":\"http://"
        "h\",\"events\":[\"a.*\",\"b\"],\"secret\":null,\"request_id\":null,\"headers\":null,"
        "\"timeout_seconds\":null,\"max_tries\":null,\"base_delay_seconds\":null,\"more\":1}"};
    for (size_t i = 0; i < 2; i++) {
        struct reading reading;
        reading_init(&reading, rows[i]);
        assert_int_equal(reading.status, HP_OK);
        assert_string_equal(reading.subscription.url, "http://h");
        assert_string_equal(reading.subscription.events, "a.*,b");
        assert_string_equal(reading.subscription.headers, "{}");
        assert_null(reading.subscription.secret);
        assert_null(reading.subscription.request_id);
        assert_int_equal(reading.subscription.max_tries, 3);
        assert_true(reading.subscription.timeout_us == 10 * HP_SECOND_US);
        assert_true(reading.subscription.base_delay_us == HP_SECOND_US);
        reading_release(&reading);
    }
}

static void everything_is_read(void **state) {
    (void)state;
    struct reading reading;
    reading_init(&reading,
                 "{\"url\":\"http://h\",\"events\":[\"*\"],\"secret\":\"s\",\"request_id\":\"r\",\"headers\":"
                 "{\"A\":\"b\"},\"timeout_seconds\":0.25,\"max_tries\":7,\"base_delay_seconds\":2.5}");
    assert_int_equal(reading.status, HP_OK);
    assert_string_equal(reading.subscription.secret, "s");
    assert_string_equal(reading.subscription.request_id, "r");
    assert_string_equal(reading.subscription.headers, "{\"A\":\"b\"}");
    assert_int_equal(reading.subscription.max_tries, 7);
    assert_true(reading.subscription.timeout_us == 250000);
    assert_true(reading.subscription.base_delay_us == 2500000);
    reading_release(&reading);
}

static void each_wrong_member_is_named(void **state) {
    (void)state;
    static const char *const rows[][2] = {
        {"\"url\":7,\"events\":[\"*\"]", "/url"},
        {"\"events\":[\"*\"]", "/url"},
        {"\"url\":\"http://h\"", "/events"},
        {"\"url\":\"http://h\",\"events\":[]", "/events"},
        {"\"url\":\"http://h\",\"events\":\"*\"", "/events"},
        {"\"url\":\"http://h\",\"events\":[1]", "/events"},
        {"\"url\":\"http://h\",\"events\":[\"a,b\"]", "/events"},
        {"\"url\":\"http://h\",\"events\":[\"*\"],\"secret\":1", "/secret"},
        {"\"url\":\"http://h\",\"events\":[\"*\"],\"request_id\":[]", "/request_id"},
        {"\"url\":\"http://h\",\"events\":[\"*\"],\"max_tries\":1.5", "/max_tries"},
        {"\"url\":\"http://h\",\"events\":[\"*\"],\"max_tries\":\"3\"", "/max_tries"},
        {"\"url\":\"http://h\",\"events\":[\"*\"],\"max_tries\":0", "/max_tries"},
        {"\"url\":\"http://h\",\"events\":[\"*\"],\"max_tries\":1e300", "/max_tries"},
        {"\"url\":\"http://h\",\"events\":[\"*\"],\"timeout_seconds\":0", "/timeout_seconds"},
        {"\"url\":\"http://h\",\"events\":[\"*\"],\"timeout_seconds\":1e300", "/timeout_seconds"},
        {"\"url\":\"http://h\",\"events\":[\"*\"],\"timeout_seconds\":true", "/timeout_seconds"},
        {"\"url\":\"http://h\",\"events\":[\"*\"],\"base_delay_seconds\":-1", "/base_delay_seconds"},
        {"\"url\":\"http://h\",\"events\":[\"*\"],\"headers\":[]", "/headers"},
        {"\"url\":\"http://h\",\"events\":[\"*\"],\"headers\":{\"a\":1}", "/headers"},
        {"\"url\":\"http://h\",\"events\":[\"*\"],\"headers\":{\"a\":\"\\u0007\"}", "/headers"},
        {"\"url\":\"http://h\",\"events\":[\"*\"],\"headers\":{\"a b\":\"c\"}", "/headers"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char json[512];
        struct reading reading;
        snprintf(json, sizeof json, "{%s}", rows[i][0]);
        reading_init(&reading, json);
        assert_refused(reading.status, &reading.problem, HP_INVALID, rows[i][1]);
        reading_release(&reading);
    }
}

/* The rule of headers for whoever has them as text. */
static void headers_by_themselves(void **state) {
    (void)state;
    static const char *const good[] = {"{}", "{\"A\":\"\"}", "{\"x-y\":\"a b\",\"Z\":\"~\"}"};
    static const char *const bad[] = {"",
                                      "[]",
                                      "{",
                                      "{\"\":\"x\"}",
                                      "{\"a:\":\"x\"}",
                                      "{\"a\":\"\\n\"}",
                                      "{\"a\":\"\\u00e4\"}",
                                      "{\"a\":null}"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_int_equal(request_check_headers(good[i], NULL), HP_OK);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct hp_problem problem = {0};
        assert_refused(request_check_headers(bad[i], &problem), &problem, HP_INVALID, "/headers");
    }
    struct text many = {0};
    text_add(&many, "{");
    for (int i = 0; i < 33; i++) {
        text_addf(&many, "%s\"a%d\":\"\"", i > 0 ? "," : "", i);
    }
    text_add(&many, "}");
    assert_int_equal(request_check_headers(many.bytes, NULL), HP_INVALID);
    text_release(&many);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_absent_takes_its_default), cmocka_unit_test(everything_is_read),
        cmocka_unit_test(each_wrong_member_is_named), cmocka_unit_test(headers_by_themselves)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
