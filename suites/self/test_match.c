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

/* What a person reads of each difference. */
static const struct {
    const char *expectation, *value, *path, *expected, *got; /* value NULL: the member is missing */
} differences[] = {
    {"1", "2", "", "1", "2"},
    {"9007199254740993", "9007199254740992", "", "9007199254740993", "9007199254740992"},
    {"\"a\"", "null", "", "\"a\"", "null"},
    {"null", NULL, NULL, NULL, NULL},
    {"{\"a\":1,\"b\":{\"c\":2}}", "{\"a\":1,\"b\":{\"c\":3}}", "/b/c", "2", "3"},
    {"[]", "{}", "", "[]", "{}"},
    /* what was null may be missing, unless it is compared exactly */
    {"{\"a\":\"$none\"}", "{}", NULL, NULL, NULL},
    {"{\"a\":\"$none\"}", "{\"a\":null}", NULL, NULL, NULL},
    {"{\"a\":\"$none\"}", "{\"a\":1}", "/a", "null (\"$none\")", "1"},
    {"{\"a\":\"$two\"}", "{}", "/a", "2 (\"$two\")", "nothing"},
    {"{\"$exactly\":{\"a\":\"$none\"}}", "{}", "/a", "null (\"$none\")", "nothing"},
    {"{\"$exactly\":null}", NULL, "", "null ({\"$exactly\":null})", "nothing"},
    {"\"u-{run}\"", "\"u-other\"", "", "\"u-abcd1234\" (\"u-{run}\")", "\"u-other\""},
    {"\"$id\"", "\"x\"", "", "\"" UUID "\" (\"$id\")", "\"x\""},
    {"\"$id/x\"", "1", "", "a value that was never there (\"$id/x\")", "1"},
    {"{\"a\":{\"b\":1}}", "{\"a\":{}}", "/a/b", "1", "nothing"},
    {"{\"a\":{\"b\":1}}", "{\"a\":[1]}", "/a", "{\"b\":1}", "[1]"},
    {"{\"a/b\":{\"~\":1}}", "{\"a/b\":{\"~\":2}}", "/a~1b/~0", "1", "2"},
    {"{\"$exactly\":{\"a\":1}}", "{\"a\":1,\"b\":2}", "/b", "no such member", "2"},
    {"{\"$exactly\":{\"a\":{\"$type\":\"object\"}}}", "{\"a\":{\"free\":1}}", NULL, NULL, NULL},
    {"{\"$exactly\":{\"a\":[{\"b\":1}]}}", "{\"a\":[{\"b\":1,\"c\":2}]}", "/a/0/c", "no such member", "2"},
    {"[1,2]", "[1]", "", "[1,2]", "[1]"},
    {"[1,2]", "[1,2,3]", "", "[1,2]", "[1,2,3]"},
    {"[1,2]", "{}", "", "[1,2]", "{}"},
    {"[1,2]", "[1,3]", "/1", "2", "3"},
    {"{\"$at\":60}", "\"2025-12-11T09:31:00.000001Z\"", "", "\"2025-12-11T09:31:00.000000Z\" ({\"$at\":60})",
     "\"2025-12-11T09:31:00.000001Z\""},
    {"{\"$at\":60}", "17", "", "\"2025-12-11T09:31:00.000000Z\" ({\"$at\":60})", "17"},
    {"{\"$plus\":{\"of\":\"$id\",\"seconds\":1}}", "\"2025-12-11T09:31:00Z\"", "",
     "expected a bound instant, got \"" UUID "\"", "\"2025-12-11T09:31:00Z\""},
    {"{\"$plus\":{\"of\":\"$then\",\"seconds\":1}}", "\"2026-01-01T00:00:02Z\"", "",
     "\"2026-01-01T00:00:01.000000Z\" ({\"$plus\":{\"of\":\"$then\",\"seconds\":1}})",
     "\"2026-01-01T00:00:02Z\""},
    {"{\"$plus\":{\"of\":\"$then\",\"seconds\":1}}", "\"2026-01-01T01:00:01+01:00\"", NULL, NULL, NULL},
    {"{\"$uuid\":true}", "\"00000000-0000-4000-8000-00000000000A\"", "",
     "a UUID in lower-case canonical text", "\"00000000-0000-4000-8000-00000000000A\""},
    {"{\"$uuid\":true}", "\"00000000-0000-4000-8000x000000000001\"", "",
     "a UUID in lower-case canonical text", "\"00000000-0000-4000-8000x000000000001\""},
    {"{\"$uuid\":true}", "\"" UUID "0\"", "", "a UUID in lower-case canonical text", "\"" UUID "0\""},
    {"{\"$uuid\":true}", "\":0000000-0000-4000-8000-000000000001\"", "",
     "a UUID in lower-case canonical text", "\":0000000-0000-4000-8000-000000000001\""},
    {"{\"$uuid\":true}", "\"x0000000-0000-4000-8000-000000000001\"", "",
     "a UUID in lower-case canonical text", "\"x0000000-0000-4000-8000-000000000001\""},
    {"{\"$uuid\":true}", NULL, "", "a UUID in lower-case canonical text", "nothing"},
    {"{\"$absent\":true}", "null", "", "no such member", "null"},
    {"{\"$absent\":true}", NULL, NULL, NULL, NULL},
    {"{\"$absent_or_null\":true}", "0", "", "null, or no such member", "0"},
    {"{\"$absent_or_null\":true}", "null", NULL, NULL, NULL},
    {"{\"$type\":\"string\"}", "1", "", "a value of the type string", "1"},
    {"{\"$type\":\"number\"}", "\"1\"", "", "a value of the type number", "\"1\""},
    {"{\"$type\":\"number\"}", "1.5", NULL, NULL, NULL},
    {"{\"$type\":\"null\"}", NULL, "", "a value of the type null", "nothing"},
    {"{\"$pattern\":\"^a+$\"}", "\"b\"", "", "{\"$pattern\":\"^a+$\"}", "\"b\""},
    {"{\"$pattern\":\"^a+$\"}", "7", "", "{\"$pattern\":\"^a+$\"}", "7"},
    {"{\"$pattern\":\"^a+$\"}", "\"aa\"", NULL, NULL, NULL},
    {"{\"$one_of\":[1,\"$id\"]}", "1", NULL, NULL, NULL},
    {"{\"$one_of\":[1,\"$id\"]}", "3", "", "{\"$one_of\":[1,\"$id\"]}", "3"},
    {"{\"$one_of\":[{\"$repeat\":{\"text\":\"a\",\"times\":2}},[1],{\"a\":1},{\"$at\":0}]}", "\"aaa\"", "",
     "{\"$one_of\":[{\"$repeat\":{\"text\":\"a\",\"times\":2}},[1],{\"a\":1},{\"$at\":0}]}", "\"aaa\""},
    {"{\"$not\":{\"$one_of\":[{\"$exactly\":{\"a\":1}},{\"$each\":1},{\"$type\":\"null\"},{\"$length\":9},"
     "{\"$uuid\":true},{\"$contains\":[1]}]}}",
     "{\"a\":1,\"b\":1}", NULL, NULL, NULL},
    {"{\"$not\":1}", "1", "", "{\"$not\":1}", "1"},
    {"{\"$not\":{\"$contains\":[7]}}", "[1]", NULL, NULL, NULL},
    {"{\"$between\":[1,3]}", "4", "", "{\"$between\":[1,3]}", "4"},
    {"{\"$between\":[1,3]}", "0", "", "{\"$between\":[1,3]}", "0"},
    {"{\"$between\":[1,3]}", "\"2\"", "", "{\"$between\":[1,3]}", "\"2\""},
    {"{\"$between\":[\"$then\",{\"$plus\":{\"of\":\"$then\",\"seconds\":1}}]}", "\"2026-01-01T00:00:01Z\"",
     NULL, NULL, NULL},
    {"{\"$between\":[\"$then\",{\"$plus\":{\"of\":\"$then\",\"seconds\":1}}]}", "\"2026-01-01T00:00:00Z\"",
     NULL, NULL, NULL},
    {"{\"$between\":[\"$then\",\"$then\"]}", "\"2025-12-31T23:59:59.999999Z\"", "",
     "{\"$between\":[\"$then\",\"$then\"]}", "\"2025-12-31T23:59:59.999999Z\""},
    {"{\"$between\":[\"$then\",{\"$at\":0}]}", "\"2026-01-01T00:00:00Z\"", "",
     "{\"$between\":[\"$then\",{\"$at\":0}]}", "\"2026-01-01T00:00:00Z\""},
    {"{\"$between\":[{\"$at\":0},\"$id\"]}", "\"2025-12-11T09:30:00Z\"", "",
     "{\"$between\":[{\"$at\":0},\"$id\"]}", "\"2025-12-11T09:30:00Z\""},
    {"{\"$between\":[1,\"$then\"]}", "\"2025-01-01T00:00:00Z\"", "", "{\"$between\":[1,\"$then\"]}",
     "\"2025-01-01T00:00:00Z\""},
    {"{\"$between\":[\"$two\",\"$two\"]}", "2.0", NULL, NULL, NULL},
    {"{\"$length\":2}", "[1]", "", "the length 2 (it is 1)", "[1]"},
    {"{\"$length\":\"$two\"}", "{\"a\":1}", "", "the length 2 (it is 1)", "{\"a\":1}"},
    {"{\"$length\":2}", "{\"a\":1,\"b\":1}", NULL, NULL, NULL},
    {"{\"$length\":2}", "17", "", "the length 2", "17"},
    {"{\"$length\":0}", NULL, "", "the length 0", "nothing"},
    {"{\"$any_order\":[1,2]}", "[2,2]", "", "an element of its own for 1", "[2,2]"},
    {"{\"$any_order\":[1,2]}", "[2,1,1]", "", "{\"$any_order\":[1,2]}", "[2,1,1]"},
    {"{\"$any_order\":[1,2]}", "{}", "", "{\"$any_order\":[1,2]}", "{}"},
    {"{\"$any_order\":[]}", "[]", NULL, NULL, NULL},
    {"{\"$contains\":[1,1]}", "[1,2]", "", "an element of its own for 1", "[1,2]"},
    {"{\"$contains\":[1,1]}", "[1,2,1]", NULL, NULL, NULL},
    {"{\"$each\":{\"a\":1}}", "[{\"a\":1},{\"a\":2}]", "/1/a", "1", "2"},
    {"{\"$each\":1}", "[2,1]", "/0", "1", "2"},
    {"{\"$each\":1}", "1", "", "{\"$each\":1}", "1"},
    {"{\"$each\":1}", "[]", NULL, NULL, NULL},
    {"{\"$descending\":\"/id\"}", "[{\"id\":\"c\"},{\"id\":\"b\"},{\"id\":\"a\"}]", NULL, NULL, NULL},
    {"{\"$descending\":\"/id\"}", "[]", NULL, NULL, NULL},
    {"{\"$descending\":\"\"}", "[\"b\",\"a\"]", NULL, NULL, NULL},
    {"{\"$descending\":\"/id\"}", "[{\"id\":\"b\"},{\"id\":\"b\"}]", "/1",
     "a text below \"b\", that of the element before, at /id", "\"b\""},
    {"{\"$descending\":\"/id\"}", "[{\"id\":\"c\"},{\"id\":\"a\"},{\"id\":\"b\"}]", "/2",
     "a text below \"a\", that of the element before, at /id", "\"b\""},
    {"{\"$descending\":\"/id\"}", "[{\"id\":\"c\"},{}]", "/1",
     "a text below \"c\", that of the element before, at /id", "nothing"},
    {"{\"$descending\":\"\"}", "[1]", "/0", "a text", "1"},
    {"{\"$descending\":\"/id\"}", "{\"id\":\"c\"}", "", "{\"$descending\":\"/id\"}", "{\"id\":\"c\"}"},
    {"{\"$own\":[\"" UUID "\",\"x\"]}", "[\"other\",\"" UUID "\"]", "", "[\"" UUID "\",\"x\"]",
     "[\"" UUID "\"]"},
    {"{\"$own\":[]}", "{}", "", "{\"$own\":[]}", "{}"},
    {"{\"$about\":{\"id\":\"$id\",\"match\":{\"$length\":1}}}", "[{\"id\":\"x\"}]", "",
     "the length 1 (it is 0)", "[]"},
    {"{\"$about\":{\"id\":\"$id/x\",\"match\":[]}}", "[]", "", "{\"$about\":{\"id\":\"$id/x\",\"match\":[]}}",
     "[]"},
    {"{\"$about\":{\"id\":\"$id\",\"match\":[]}}", "{}", "", "{\"$about\":{\"id\":\"$id\",\"match\":[]}}",
     "{}"},
    {"{\"$repeat\":{\"text\":\"ab\",\"times\":\"$id\"}}", "1", "", "expected a count from 0 to 4194304", "1"},
};

static void each_difference_is_told_in_words(void **state) {
    (void)state;
    static const char *const names[] = {"id", "then", "two", "none"};
    json_t *values[] = {json_string(UUID), json_string("2026-01-01T00:00:00Z"), json_integer(2), json_null()};
    struct scope scope = {.run = "abcd1234", .start_us = INT64_C(1765445400000000)};
    for (size_t i = 0; i < 4; i++) {
        assert_true(scope_bind(&scope, names[i], values[i]));
    }
    assert_true(scope_add_own(&scope, values[0]));
    for (size_t i = 0; i < sizeof differences / sizeof differences[0]; i++) {
        const char *text = differences[i].value;
        json_t *source = json_loads(differences[i].expectation, JSON_DECODE_ANY, NULL);
        json_t *value = text ? json_loads(text, JSON_DECODE_ANY, NULL) : NULL;
        struct surroundings surroundings = {.names = names, .name_count = 4};
        struct place place = {0};
        struct matcher *matcher = NULL;
        struct difference difference = {0};
        struct hp_problem problem = {0};
        if (expectation_compile(source, &surroundings, &place, &matcher, &problem) != HP_OK) {
            fail_msg("row %zu: %s", i, problem.detail);
        }
        memset(&difference, 0xa5, sizeof difference); /* it is set whatever it held */
        enum hp_status wanted = differences[i].path ? HP_INVALID : HP_OK;
        enum hp_status status = expectation_match(matcher, value, &scope, &difference);
        if (status != wanted || expectation_match(matcher, value, &scope, NULL) != wanted) {
            fail_msg("row %zu: %s against %s", i, differences[i].expectation, text ? text : "nothing");
        }
        if (wanted == HP_INVALID && (strcmp(difference.path, differences[i].path) != 0 ||
                                     strcmp(difference.expected, differences[i].expected) != 0 ||
                                     strcmp(difference.got, differences[i].got) != 0)) {
            fail_msg("row %zu: at \"%s\": %s, not %s", i, difference.path, difference.expected,
                     difference.got);
        }
        difference_release(&difference);
        expectation_free(matcher);
        json_decref(source);
        json_decref(value);
    }
    scope_release(&scope);
    for (size_t i = 0; i < 4; i++) {
        json_decref(values[i]);
    }
}

static void a_difference_is_short(void **state) {
    (void)state;
    static const char *const beginnings[] = {"aaaaa",
                                             "{run}"}; /* a literal, and what becomes a value first */
    for (size_t i = 0; i < 2; i++) {
        char text[1001];
        memset(text, 'a', 1000);
        text[1000] = '\0';
        memcpy(text, beginnings[i], 5);
        json_t *wanted = json_string(text);
        text[0] = 'b';
        json_t *value = json_string(text);
        struct surroundings surroundings = {0};
        struct place place = {0};
        struct scope scope = {.run = "abcd1234"};
        struct matcher *matcher = NULL;
        struct difference difference = {0};
        assert_int_equal(expectation_compile(wanted, &surroundings, &place, &matcher, NULL), HP_OK);
        assert_int_equal(expectation_match(matcher, value, &scope, &difference), HP_INVALID);
        assert_true(strlen(difference.expected) < (i + 1) * (SHOWN_BYTES_MAX + 20));
        assert_true(strlen(difference.got) < SHOWN_BYTES_MAX + 20);
        assert_non_null(strstr(difference.got, "... (1002 bytes)"));
        difference_release(&difference);
        assert_null(difference.path);
        expectation_free(matcher);
        json_decref(wanted);
        json_decref(value);
    }
}

/* Also of what finds no element of its own only the beginning is shown. */
static void a_lonely_element_is_shown_short(void **state) {
    (void)state;
    char text[1001];
    memset(text, 'a', 1000);
    text[1000] = '\0';
    json_t *source = json_pack("{s:[s]}", "$any_order", text), *value = json_pack("[s]", "b");
    struct surroundings surroundings = {0};
    struct place place = {0};
    struct scope scope = {.run = "abcd1234"};
    struct matcher *matcher = NULL;
    struct difference difference = {0};
    assert_int_equal(expectation_compile(source, &surroundings, &place, &matcher, NULL), HP_OK);
    assert_int_equal(expectation_match(matcher, value, &scope, &difference), HP_INVALID);
    assert_true(strlen(difference.expected) < SHOWN_BYTES_MAX + 50);
    difference_release(&difference);
    expectation_free(matcher);
    json_decref(source);
    json_decref(value);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_matcher_takes_what_it_should),
                                       cmocka_unit_test(each_difference_is_told_in_words),
                                       cmocka_unit_test(a_difference_is_short),
                                       cmocka_unit_test(a_lonely_element_is_shown_short)};
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
