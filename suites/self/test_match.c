#include "harness/case/match.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define UUID "00000000-0000-4000-8000-000000000001"

static const struct {
    const char *expectation, *value, *path; /* path NULL: it matches */
} rows[] = {
    {"1", "1.0", NULL},
    {"1", "2", ""},
    {"{\"a\":{\"b\":1}}", "{\"a\":{\"b\":2}}", "/a/b"},
    {"{\"a\":1}", "{\"a\":1,\"b\":2}", NULL},
    {"{\"$exactly\":{\"a\":1}}", "{\"a\":1,\"b\":2}", "/b"},
    {"{\"$exactly\":{\"$literal\":{\"$x\":\"{run}\"}}}", "{\"$x\":\"{run}\"}", NULL},
    {"[1,2]", "[1]", ""},
    {"[1,2]", "[1,3]", "/1"},
    {"\"u-{run}\"", "\"u-abcd1234\"", NULL},
    {"\"$id\"", "\"" UUID "\"", NULL},
    {"\"$id/x\"", "1", ""},
    {"{\"$uuid\":true}", "\"" UUID "\"", NULL},
    {"{\"$uuid\":true}", "\"x\"", ""},
    {"{\"$at\":60}", "\"2025-12-11T15:16:00+05:45\"", NULL},
    {"{\"$at\":60}", "\"2025-12-11T09:31:00.000001Z\"", ""},
    {"{\"a\":{\"$absent\":true}}", "{\"a\":null}", "/a"},
    {"{\"a\":{\"$absent_or_null\":true}}", "{}", NULL},
    {"{\"$type\":\"number\"}", "1", NULL},
    {"{\"$type\":\"integer\"}", "1.5", ""},
    {"{\"$pattern\":\"^a+$\"}", "\"b\"", ""},
    {"{\"$one_of\":[1,2]}", "2", NULL},
    {"{\"$one_of\":[1,2]}", "3", ""},
    {"{\"a\":{\"$not\":1}}", "{}", "/a"},
    {"{\"$not\":1}", "2", NULL},
    {"{\"$between\":[1,3]}", "3", NULL},
    {"{\"$between\":[1,3]}", "3.1", ""},
    {"{\"$length\":2}", "\"\xc3\xa9\xc3\xa9\"", NULL},
    {"{\"$length\":2}", "[1]", ""},
    {"{\"$any_order\":[{\"$type\":\"integer\"},1]}", "[1,2]", NULL},
    {"{\"$any_order\":[1,2]}", "[2,2]", ""},
    {"{\"$contains\":[1,1]}", "[1,2]", ""},
    {"{\"$each\":1}", "[1,2]", "/1"},
    {"{\"$own\":[\"" UUID "\"]}", "[\"other\",\"" UUID "\"]", NULL},
    {"{\"$own\":{\"$length\":1}}", "[{\"request_id\":\"r-abcd1234\"},{\"request_id\":\"r\"}]", NULL},
    {"{\"$about\":{\"id\":\"$id\",\"match\":{\"$length\":3}}}",
     "[\"" UUID "\",{\"id\":\"" UUID "\"},{\"data\":{\"id\":\"" UUID "\"}},{}]", NULL},
    {"{\"$repeat\":{\"text\":\"ab\",\"times\":3}}", "\"ababab\"", NULL},
    {"{\"$nest\":{\"depth\":2,\"of\":\"array\"}}", "[[1]]", ""},
};

static void each_matcher_takes_what_it_should(void **state) {
    (void)state;
    static const char *const names[] = {"id"};
    json_t *id = json_string(UUID);
    struct scope scope = {.run = "abcd1234", .start_us = INT64_C(1765445400000000)};
    assert_true(scope_bind(&scope, "id", id) && scope_add_own(&scope, id));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *source = json_loads(rows[i].expectation, JSON_DECODE_ANY, NULL);
        json_t *value = json_loads(rows[i].value, JSON_DECODE_ANY, NULL);
        struct surroundings surroundings = {.names = names, .name_count = 1};
        struct place place = {0};
        struct matcher *matcher = NULL;
        struct difference difference = {0};
        assert_int_equal(expectation_compile(source, &surroundings, &place, &matcher, NULL), HP_OK);
        enum hp_status status = expectation_match(matcher, value, &scope, &difference);
        if ((status == HP_OK) != (rows[i].path == NULL)) {
            fail_msg("row %zu: %s against %s", i, rows[i].expectation, rows[i].value);
        }
        if (rows[i].path) {
            assert_string_equal(difference.path, rows[i].path);
        }
        difference_release(&difference);
        expectation_free(matcher);
        json_decref(source);
        json_decref(value);
    }
    scope_release(&scope);
    json_decref(id);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_matcher_takes_what_it_should)};
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
