#include "harness/case/expand.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *const names[] = {"id", "count"};
static const struct place root = {NULL, "/args", 0};

static json_t *parse(const char *text) {
    json_t *value = json_loads(text, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    assert_non_null(value);
    return value;
}

static enum hp_status compile(const json_t *source, bool fill_allowed, struct template **template,
                              struct hp_problem *problem) {
    struct surroundings surroundings = {.names = names, .name_count = 2};
    return template_compile(source, &surroundings, &root, fill_allowed, template, problem);
}

#define REPEAT_SHAPE "expected {\"text\": ..., \"times\": n}"
#define NEST_SHAPE "expected {\"depth\": n, \"of\": \"object\" or \"array\"}"
#define LONELY " is no generator, or does not stand alone in its object"
#define LITERAL "; a key that really begins with $ goes into $literal"
#define NO_TEXT "expected text, a bound name, $repeat or $concat"

static struct hp_problem problem_of_others; /* something to point at */

static void what_cannot_be_written_out_is_refused_at_its_place(void **state) {
    (void)state;
    static const struct {
        const char *source, *field, *detail;
    } rows[] = {
        {"{\"a\":[0,\"$ib\"]}", "/args/a/1", "$ib is bound by no earlier step and no row; did you mean $id?"},
        {"\"$ x\"", "/args",
         "expected a bound name, \"$name\" or \"$name/pointer\"; text that begins with $ is written $$"},
        {"{\"a\":{\"$repaet\":1}}", "/args/a/$repaet", "$repaet" LONELY "; did you mean $repeat?" LITERAL},
        {"{\"$zzzzzzz\":1}", "/args/$zzzzzzz", "$zzzzzzz" LONELY LITERAL},
        {"{\"$at\":1,\"b\":2}", "/args/$at", "$at" LONELY LITERAL},
        {"{\"$repeat\":{\"text\":\"a\",\"times\":1},\"b\":2}", "/args/$repeat", "$repeat" LONELY LITERAL},
        {"{\"$plus\":{\"of\":\"$id\",\"seconds\":1}}", "/args/$plus", "$plus" LONELY LITERAL},
        {"{\"$repeat\":5}", "/args/$repeat", REPEAT_SHAPE},
        {"{\"$repeat\":{\"times\":5}}", "/args/$repeat", REPEAT_SHAPE},
        {"{\"$repeat\":{\"times\":5,\"txet\":1}}", "/args/$repeat", REPEAT_SHAPE},
        {"{\"$repeat\":{\"text\":\"a\",\"times\":5,\"x\":1}}", "/args/$repeat", REPEAT_SHAPE},
        {"{\"$repeat\":{\"text\":\"a\",\"times\":1.5}}", "/args/$repeat",
         "expected \"times\": a whole number or a bound name"},
        {"{\"$repeat\":{\"text\":\"a\",\"tmies\":1}}", "/args/$repeat",
         "expected \"times\": a whole number or a bound name"},
        {"{\"$repeat\":{\"text\":\"a\",\"times\":\"$coutn\"}}", "/args/$repeat/times",
         "$coutn is bound by no earlier step and no row; did you mean $count?"},
        {"{\"$repeat\":{\"text\":5,\"times\":1}}", "/args/$repeat/text", NO_TEXT},
        {"{\"$repeat\":{\"text\":\"$x\",\"times\":1}}", "/args/$repeat/text",
         "$x is bound by no earlier step and no row"},
        {"{\"$repeat\":{\"text\":{\"$nest\":{\"depth\":1,\"of\":\"array\"}},\"times\":1}}",
         "/args/$repeat/text", NO_TEXT},
        {"{\"$concat\":\"a\"}", "/args/$concat", "expected an array of texts"},
        {"{\"$concat\":[\"a\",5]}", "/args/$concat/1", NO_TEXT},
        {"{\"$concat\":[{\"$literal\":\"a\"}]}", "/args/$concat/0", NO_TEXT},
        {"{\"$concat\":[{\"$repeat\":{}}]}", "/args/$concat/0/$repeat", REPEAT_SHAPE},
        {"{\"$nest\":{\"depth\":1}}", "/args/$nest", NEST_SHAPE},
        {"{\"$nest\":{\"depth\":1,\"fo\":\"array\"}}", "/args/$nest",
         "expected \"of\": \"object\" or \"array\""},
        {"{\"$nest\":{\"depth\":1,\"of\":\"list\"}}", "/args/$nest",
         "expected \"of\": \"object\" or \"array\""},
        {"{\"$nest\":{\"depth\":1,\"of\":\"array\",\"x\":1}}", "/args/$nest", NEST_SHAPE},
        {"{\"$nest\":{\"depth\":[],\"of\":\"array\"}}", "/args/$nest",
         "expected \"depth\": a whole number or a bound name"},
        {"{\"$wide\":{\"keys\":1,\"x\":1}}", "/args/$wide", "expected {\"keys\": n}"},
        {"{\"$wide\":{\"kyes\":1}}", "/args/$wide", "expected \"keys\": a whole number or a bound name"},
        {"{\"$fill\":100}", "/args/$fill", "expected {\"bytes\": n}"},
        {"{\"$fill\":{\"bytes\":null}}", "/args/$fill", "expected \"bytes\": a whole number or a bound name"},
        {"{\"a\":{\"$fill\":{\"bytes\":1}},\"b\":{\"$fill\":{\"bytes\":1}}}", "/args/b/$fill",
         "$fill stands once, in args only"},
        {"{\"$at\":true}", "/args/$at", "expected seconds: a number or a bound name"},
        {"{\"$instant\":\"2025-01-01T00:00:00Z\"}", "/args/$instant",
         "$instant is for cases with \"fixed\": true; use $at"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *source = parse(rows[i].source);
        struct template *template = (struct template *)&problem_of_others;
        struct hp_problem problem = {0};
        assert_int_equal(compile(source, true, &template, &problem), HP_INVALID);
        assert_string_equal(problem.detail, rows[i].detail);
        assert_string_equal(problem.field, rows[i].field);
        assert_null(template);
        json_decref(source);
    }
}

static void a_fill_is_refused_outside_of_args(void **state) {
    (void)state;
    json_t *source = parse("{\"$concat\":[{\"$fill\":{\"bytes\":9}}]}");
    struct template *template = NULL;
    struct hp_problem problem = {0};
    assert_int_equal(compile(source, false, &template, &problem), HP_INVALID);
    assert_string_equal(problem.detail, "$fill stands once, in args only");
    assert_string_equal(problem.field, "/args/$concat/0/$fill");
    assert_int_equal(compile(source, true, &template, NULL), HP_OK);
    template_free(template);
    json_decref(source);
}

static void what_depends_on_nothing_is_constant(void **state) {
    (void)state;
    static const struct {
        const char *source;
        bool constant, generator;
    } rows[] = {{"1", true, false},
                {"\"a\"", true, false},
                {"\"$$id\"", true, false},
                {"\"run}\"", true, false},
                {"{\"a\":[1,{\"b\":null},\"{\"]}", true, false},
                {"{\"$literal\":{\"$at\":\"{run}\"}}", true, false},
                {"{\"$concat\":[\"a\",\"b\"]}", true, true},
                {"{\"$concat\":[]}", true, true},
                {"\"a{run}\"", false, false},
                {"\"{index}\"", false, false},
                {"\"$id\"", false, false},
                {"{\"$at\":1}", false, false},
                {"{\"$fill\":{\"bytes\":1}}", false, true},
                {"{\"$wide\":{\"keys\":1}}", false, true},
                {"{\"$nest\":{\"depth\":1,\"of\":\"object\"}}", false, true},
                {"{\"$repeat\":{\"text\":\"a\",\"times\":1}}", false, true},
                {"{\"a\":{\"$wide\":{\"keys\":1}}}", false, false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *source = parse(rows[i].source);
        struct template *template = NULL;
        assert_int_equal(compile(source, true, &template, NULL), HP_OK);
        assert_int_equal(template_is_constant(template), rows[i].constant);
        assert_int_equal(template_is_generator(source), rows[i].generator);
        template_free(template);
        json_decref(source);
    }
}

static void raw_params_are_refused_for_unbound_names(void **state) {
    (void)state;
    static const struct {
        const char *raw, *detail; /* NULL: it is taken */
    } rows[] = {
        {"{\"a\":{$id}}", NULL},
        {"{\"a\":{$id/0/x}, not JSON", NULL},
        {"{$id", NULL},
        {"{", NULL},
        {"{\"a\":{$ib}}", "$ib is bound by no earlier step and no row; did you mean $id?"},
        {"{$}",
         "expected a bound name, \"$name\" or \"$name/pointer\"; text that begins with $ is written $$"},
        {"{run}{$none}", "$none is bound by no earlier step and no row"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct surroundings surroundings = {.names = names, .name_count = 2};
        struct template *template = (struct template *)&problem_of_others;
        struct hp_problem problem = {0};
        enum hp_status status = template_compile_raw(rows[i].raw, &surroundings, &root, &template, &problem);
        assert_int_equal(status, rows[i].detail ? HP_INVALID : HP_OK);
        assert_string_equal(problem.detail, rows[i].detail ? rows[i].detail : "");
        assert_string_equal(problem.field, rows[i].detail ? "/args" : "");
        assert_int_equal(template != NULL, status == HP_OK);
        template_free(template);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_cannot_be_written_out_is_refused_at_its_place),
                                       cmocka_unit_test(a_fill_is_refused_outside_of_args),
                                       cmocka_unit_test(what_depends_on_nothing_is_constant),
                                       cmocka_unit_test(raw_params_are_refused_for_unbound_names)};
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
