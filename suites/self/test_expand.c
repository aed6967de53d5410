#include "harness/base/value.h"
#include "harness/case/expand.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *const names[] = {"id", "n", "part", "quoted"};

static json_t *parse(const char *text) {
    json_t *value = json_loads(text, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    assert_non_null(value);
    return value;
}

static void scope_fill(struct scope *scope, int64_t cycles) {
    static const char *const values[] = {"\"i-1\"", "3", "{\"list\":[1,{\"a\":2}]}", "\"q\\\"\\u0000\""};
    *scope = (struct scope){
        .run = "abcd1234", .index = 12, .start_us = INT64_C(1765445400000000), .cycles = cycles};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        json_t *value = parse(values[i]);
        assert_true(scope_bind(scope, names[i], value));
        json_decref(value);
    }
}

static struct template *compile(const char *text, json_t **source) {
    struct surroundings surroundings = {.names = names, .name_count = 4, .fixed = true};
    const struct place root = {0};
    struct template *template = NULL;
    struct hp_problem problem = {0};
    *source = parse(text);
    if (template_compile(*source, &surroundings, &root, true, &template, &problem) != HP_OK) {
        fail_msg("%s: %s", text, problem.detail);
    }
    return template;
}

static void templates_become_compact_json(void **state) {
    (void)state;
    static const struct {
        const char *source, *written;
    } rows[] = {
        {"null", "null"},
        {"{}", "{}"},
        {"[]", "[]"},
        {"\"\"", "\"\""},
        {"[true,false,1,-2.5,\"x\"]", "[true,false,1,-2.5,\"x\"]"},
        {"{\"a\":{\"b\":[]},\"c\":1}", "{\"a\":{\"b\":[]},\"c\":1}"},
        {"{\"a\\\"\":1}", "{\"a\\\"\":1}"},
        {"{\"{run}\":1}", "{\"{run}\":1}"},
        {"\"a\\u0000{run}\\u0000b\"", "\"a\\u0000abcd1234\\u0000b\""},
        {"\"{run}{index}-{run}\"", "\"abcd123412-abcd1234\""},
        {"\"{index}{run}{\"", "\"12abcd1234{\""},
        {"\"{ru{run}{indexes}\"", "\"{ruabcd1234{indexes}\""},
        {"\"$id\"", "\"i-1\""},
        {"\"$n\"", "3"},
        {"[\"$part/list\",\"$part/list/1/a\"]", "[[1,{\"a\":2}],2]"},
        {"\"$quoted\"", "\"q\\\"\\u0000\""},
        {"\"$$id\"", "\"$id\""},
        {"\"a$b\"", "\"a$b\""},
        {"\"abcdefgh{run}{index}\"", "\"abcdefghabcd123412\""},
        {"\"$${run}\"", "\"$abcd1234\""},
        {"{\"$at\":60}", "\"2025-12-11T09:31:00.000000Z\""},
        {"{\"$instant\":\"2024-02-29T23:59:59.5+05:45\"}", "\"2424-02-29T23:59:59.5+05:45\""},
        {"{\"$literal\":{\"$at\":\"{run}$id\"}}", "{\"$at\":\"{run}$id\"}"},
        {"{\"$repeat\":{\"text\":\"a\",\"times\":5}}", "\"aaaaa\""},
        {"{\"$repeat\":{\"text\":\"a\",\"times\":0}}", "\"\""},
        {"{\"$repeat\":{\"text\":\"\",\"times\":5}}", "\"\""},
        {"{\"$repeat\":{\"text\":\"ab\",\"times\":1}}", "\"ab\""},
        {"{\"$repeat\":{\"text\":\"\\u00e9\\\"\",\"times\":2}}", "\"\xc3\xa9\\\"\xc3\xa9\\\"\""},
        {"{\"$repeat\":{\"text\":\"{run}.\",\"times\":\"$n\"}}", "\"abcd1234.abcd1234.abcd1234.\""},
        {"{\"$repeat\":{\"text\":\"$id\",\"times\":2}}", "\"i-1i-1\""},
        {"{\"$repeat\":{\"text\":\"$quoted\",\"times\":2}}", "\"q\\\"\\u0000q\\\"\\u0000\""},
        {"{\"$repeat\":{\"text\":{\"$repeat\":{\"text\":\"ab\",\"times\":2}},\"times\":2}}", "\"abababab\""},
        {"{\"$repeat\":{\"text\":{\"$concat\":[{\"$repeat\":{\"text\":\"a\",\"times\":2}},\"b\"]},\"times\":"
         "2}}",
         "\"aabaab\""},
        {"{\"a\":{\"$repeat\":{\"text\":\"ab\",\"times\":2}},\"b\":\"c\"}", "{\"a\":\"abab\",\"b\":\"c\"}"},
        {"{\"$concat\":[]}", "\"\""},
        {"{\"$concat\":[\"a\",\"$n\",\"$id\",\"$$\",\"{index}\",{\"$concat\":[\"z\"]}]}", "\"a3i-1$12z\""},
        {"{\"$concat\":[\"a\",{\"$repeat\":{\"text\":\"b\",\"times\":3}},\"c\",{\"$repeat\":{\"text\":\"de\","
         "\"times\":2}}]}",
         "\"abbbcdede\""},
        {"{\"$nest\":{\"depth\":1,\"of\":\"object\"}}", "{}"},
        {"{\"$nest\":{\"depth\":3,\"of\":\"object\"}}", "{\"k\":{\"k\":{}}}"},
        {"{\"$nest\":{\"depth\":\"$n\",\"of\":\"array\"}}", "[[[]]]"},
        {"{\"$wide\":{\"keys\":0}}", "{}"},
        {"{\"$wide\":{\"keys\":\"$n\"}}", "{\"k0\":0,\"k1\":1,\"k2\":2}"},
        {"{\"$fill\":{\"bytes\":5}}", "\"xxx\""},
        {"{\"a\":{\"$fill\":{\"bytes\":20}},\"b\":\"{run}\"}", NULL},
        {"{\"a\":{\"$concat\":[\"<\",{\"$fill\":{\"bytes\":14}},\">\"]},\"b\":1}", NULL},
        {"{\"a\":{\"$concat\":[\"<\",{\"$fill\":{\"bytes\":20}},\">\"]},\"b\":1}",
         "{\"a\":\"<xxxx>\",\"b\":1}"},
    };
    struct scope scope;
    scope_fill(&scope, 1);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *source;
        struct template *template = compile(rows[i].source, &source);
        struct text text = {0};
        text_add(&text, "before");
        enum hp_status status = template_write(template, &scope, &text, NULL);
        if (status != (rows[i].written ? HP_OK : HP_INVALID) ||
            (rows[i].written && strcmp(text.bytes + 6, rows[i].written) != 0)) {
            fail_msg("%s became %s", rows[i].source, text.bytes);
        }
        text_release(&text);
        template_free(template);
        json_decref(source);
    }
    scope_release(&scope);
}

static void what_cannot_be_is_refused_in_words(void **state) {
    (void)state;
    static const struct {
        const char *source, *detail;
    } rows[] = {
        {"\"$part/none\"", "$part/none leads to nothing"},
        {"{\"$concat\":[\"$id/x\"]}", "$id/x leads to nothing"},
        {"{\"$at\":\"$id\"}", "the seconds to add are string, no number in range"},
        {"{\"$at\":1e12}", "an instant outside the years 0001 to 9999"},
        {"{\"$instant\":\"9999-12-31T00:00:00Z\"}", "no later cycle of 400 years ends before the year 10000"},
        {"{\"$repeat\":{\"text\":\"a\",\"times\":\"$id\"}}", "expected a count from 0 to 4194304"},
        {"{\"$repeat\":{\"text\":\"a\",\"times\":4194305}}", "expected a count from 0 to 4194304"},
        {"{\"$repeat\":{\"text\":\"ab\",\"times\":2097153}}", "a $repeat of more than 4194304 bytes"},
        {"{\"$repeat\":{\"text\":\"$part/x\",\"times\":2}}", "$part/x leads to nothing"},
        {"{\"$repeat\":{\"text\":{\"$concat\":[\"a\",\"$part/x\"]},\"times\":2}}",
         "$part/x leads to nothing"},
        {"{\"$nest\":{\"depth\":0,\"of\":\"array\"}}", "a $nest of no levels"},
        {"{\"$nest\":{\"depth\":1001,\"of\":\"array\"}}", "expected a count from 0 to 1000"},
        {"{\"$wide\":{\"keys\":100001}}", "expected a count from 0 to 100000"},
        {"{\"$wide\":{\"keys\":-1}}", "expected a count from 0 to 100000"},
        {"{\"$fill\":{\"bytes\":4194305}}", "expected a count from 0 to 4194304"},
        {"{\"$fill\":{\"bytes\":1}}", "$fill asks for 1 bytes in all, the rest alone has 2"},
        {"{\"a\":{\"$fill\":{\"bytes\":16}},\"b\":\"{run}\"}",
         "$fill asks for 16 bytes in all, the rest alone has 23"},
    };
    struct scope scope;
    scope_fill(&scope, 1);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *source, *value = json_true();
        struct template *template = compile(rows[i].source, &source);
        struct hp_problem problem = {0};
        assert_int_equal(template_value(template, &scope, &value, &problem), HP_INVALID);
        assert_string_equal(problem.detail, rows[i].detail);
        assert_null(value);
        template_free(template);
        json_decref(source);
    }
    scope_release(&scope);
}

/* Exactly at the caps, and the lengths that a fill is for. */
static void the_largest_things_are_written(void **state) {
    (void)state;
    static const struct {
        const char *source;
        size_t length_bytes;
    } rows[] = {{"{\"$repeat\":{\"text\":\"a\",\"times\":4194304}}", 4194306},
                {"{\"$repeat\":{\"text\":\"ab\",\"times\":2097152}}", 4194306},
                {"{\"$nest\":{\"depth\":1000,\"of\":\"object\"}}", 999 * 6 + 2},
                {"{\"$nest\":{\"depth\":1000,\"of\":\"array\"}}", 2000},
                {"{\"$wide\":{\"keys\":100000}}", 1477781},
                {"{\"a\":{\"$fill\":{\"bytes\":1000000}},\"b\":\"{run}\"}", 1000000},
                {"{\"a\":\"$id\",\"b\":{\"$fill\":{\"bytes\":4194304}}}", 4194304},
                {"{\"a\":{\"$fill\":{\"bytes\":23}},\"b\":\"{run}\"}", 23}};
    struct scope scope;
    scope_fill(&scope, 0);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *source, *value = NULL;
        struct template *template = compile(rows[i].source, &source);
        struct text text = {0};
        assert_int_equal(template_write(template, &scope, &text, NULL), HP_OK);
        assert_int_equal(text.length_bytes, rows[i].length_bytes);
        assert_int_equal(template_value(template, &scope, &value, NULL), HP_OK);
        assert_non_null(value);
        json_decref(value);
        text_release(&text);
        template_free(template);
        json_decref(source);
    }
    scope_release(&scope);
}

static void raw_params_are_kept_as_they_are(void **state) {
    (void)state;
    static const struct {
        const char *raw, *written;
    } rows[] = {{"{\"a\":1,\"a\":2}", "{\"a\":1,\"a\":2}"},
                {"\"\\ud800\" {run}", "\"\\ud800\" abcd1234"},
                {"{\"id\":{$id},\"n\":[{$n}]}", "{\"id\":\"i-1\",\"n\":[3]}"},
                {"{$part/list/1}{index}{", "{\"a\":2}12{"},
                {"{$id", "{$id"},
                {"{{run}}", "{abcd1234}"}};
    struct scope scope;
    scope_fill(&scope, 0);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct surroundings surroundings = {.names = names, .name_count = 4};
        const struct place root = {0};
        struct template *template = NULL;
        struct text text = {0};
        assert_int_equal(template_compile_raw(rows[i].raw, &surroundings, &root, &template, NULL), HP_OK);
        assert_int_equal(template_write(template, &scope, &text, NULL), HP_OK);
        assert_string_equal(text.bytes, rows[i].written);
        text_release(&text);
        template_free(template);
    }
    scope_release(&scope);
}

/* When the text's cap ends, nothing is written half and called whole. */
static void a_full_text_is_an_error(void **state) {
    (void)state;
    static const char *const rows[] = {
        "{\"$repeat\":{\"text\":\"a\",\"times\":5000}}",
        "{\"$repeat\":{\"text\":\"ab\",\"times\":3000}}",
        "{\"$wide\":{\"keys\":2000}}",
        "{\"$nest\":{\"depth\":1000,\"of\":\"object\"}}",
        "{\"$fill\":{\"bytes\":5000}}",
        "[{\"$wide\":{\"keys\":2000}},{\"$instant\":\"2025-01-01T00:00:00Z\"}]",
    };
    struct scope scope;
    scope_fill(&scope, 0);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *source;
        struct template *template = compile(rows[i], &source);
        struct text text;
        struct hp_problem problem = {0};
        text_init(&text, 4096);
        assert_int_equal(template_write(template, &scope, &text, &problem), HP_INTERNAL);
        assert_string_equal(problem.detail, "out of memory");
        text_release(&text);
        template_free(template);
        json_decref(source);
    }
    scope_release(&scope);
}

static void a_template_can_be_read_as_a_value(void **state) {
    (void)state;
    struct scope scope;
    json_t *source, *value = NULL;
    struct template *template = compile("{\"a\":[\"$quoted\",\"{run}\",{\"$at\":0}]}", &source);
    scope_fill(&scope, 0);
    assert_int_equal(template_value(template, &scope, &value, NULL), HP_OK);
    char *shown = value_show(value, 200);
    assert_string_equal(shown, "{\"a\":[\"q\\\"\\u0000\",\"abcd1234\",\"2025-12-11T09:30:00.000000Z\"]}");
    free(shown);
    json_decref(value);
    template_free(template);
    json_decref(source);
    scope_release(&scope);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(templates_become_compact_json),
        cmocka_unit_test(what_cannot_be_is_refused_in_words),
        cmocka_unit_test(the_largest_things_are_written),
        cmocka_unit_test(raw_params_are_kept_as_they_are),
        cmocka_unit_test(a_full_text_is_an_error),
        cmocka_unit_test(a_template_can_be_read_as_a_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
