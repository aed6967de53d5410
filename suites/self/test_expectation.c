#include "harness/case/expectation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *const names[] = {"id", "count"};
static const struct place root = {NULL, "/expect", 0};

static json_t *parse(const char *text) {
    json_t *value = json_loads(text, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    assert_non_null(value);
    return value;
}

static enum hp_status compile(const json_t *source, struct matcher **matcher, struct hp_problem *problem) {
    struct surroundings surroundings = {.names = names, .name_count = 2, .fixed = true};
    return expectation_compile(source, &surroundings, &root, matcher, problem);
}

#define LONELY " is no matcher, or does not stand alone in its object"
#define NAME "expected a bound name, \"$name\" or \"$name/pointer\""
#define TYPES "expected string, integer, number, boolean, object, array or null"
#define POINTER "expected a JSON Pointer into each element, as \"/id\""

static void what_is_no_expectation_is_refused_at_its_place(void **state) {
    (void)state;
    static const struct {
        const char *source, *field, *detail;
    } rows[] = {
        {"{}", "/expect", "{} matches every object; write {\"$exactly\": {}} or {\"$type\": \"object\"}"},
        {"{\"a\":[{}]}", "/expect/a/0",
         "{} matches every object; write {\"$exactly\": {}} or {\"$type\": \"object\"}"},
        {"{\"a\":{\"$uuidd\":true}}", "/expect/a/$uuidd", "$uuidd" LONELY "; did you mean $uuid?"},
        {"{\"$zzzzzzzzz\":1}", "/expect/$zzzzzzzzz", "$zzzzzzzzz" LONELY},
        {"{\"$uuid\":true,\"a\":1}", "/expect/$uuid", "$uuid" LONELY},
        {"{\"$litteral\":1}", "/expect/$litteral", "$litteral" LONELY "; did you mean $literal?"},
        {"{\"$aboutt\":1}", "/expect/$aboutt", "$aboutt" LONELY "; did you mean $about?"},
        {"{\"$uuid\":1}", "/expect/$uuid", "expected true"},
        {"{\"$absent\":false}", "/expect/$absent", "expected true"},
        {"{\"$absent_or_null\":null}", "/expect/$absent_or_null", "expected true"},
        {"{\"$type\":\"text\"}", "/expect/$type", TYPES},
        {"{\"$type\":5}", "/expect/$type", TYPES},
        {"{\"$pattern\":\"[\"}", "/expect/$pattern", "expected a POSIX extended regular expression"},
        {"{\"$pattern\":5}", "/expect/$pattern", "expected a POSIX extended regular expression"},
        {"{\"$one_of\":[]}", "/expect/$one_of", "expected an array of at least one expectation"},
        {"{\"$one_of\":5}", "/expect/$one_of", "expected an array of at least one expectation"},
        {"{\"$one_of\":[1,{}]}", "/expect/$one_of/1",
         "{} matches every object; write {\"$exactly\": {}} or {\"$type\": \"object\"}"},
        {"{\"$contains\":[]}", "/expect/$contains", "expected an array of at least one expectation"},
        {"{\"$any_order\":{\"a\":1}}", "/expect/$any_order", "expected an array of expectations"},
        {"{\"$not\":\"$x\"}", "/expect/$not", "$x is bound by no earlier step and no row"},
        {"{\"$each\":{\"$own\":{\"$not\":{}}}}", "/expect/$each/$own/$not",
         "{} matches every object; write {\"$exactly\": {}} or {\"$type\": \"object\"}"},
        {"{\"$between\":5}", "/expect/$between", "expected [low, high]"},
        {"{\"$between\":[1]}", "/expect/$between", "expected [low, high]"},
        {"{\"$between\":[1,2,3]}", "/expect/$between", "expected [low, high]"},
        {"{\"$between\":[null,2]}", "/expect/$between/0", NAME},
        {"{\"$between\":[1,\"$ids\"]}", "/expect/$between/1",
         "$ids is bound by no earlier step and no row; did you mean $id?"},
        {"{\"$length\":1.5}", "/expect/$length", "expected a whole number or a bound name"},
        {"{\"$length\":\"3\"}", "/expect/$length", NAME "; text that begins with $ is written $$"},
        {"{\"$descending\":\"id\"}", "/expect/$descending", POINTER},
        {"{\"$descending\":5}", "/expect/$descending", POINTER},
        {"{\"$at\":\"soon\"}", "/expect/$at", NAME "; text that begins with $ is written $$"},
        {"{\"a\":{\"$instant\":\"soon\"}}", "/expect/a/$instant", "expected an RFC 3339 time with an offset"},
        {"{\"$plus\":{\"of\":\"$id\"}}", "/expect/$plus",
         "expected {\"of\": \"$name\", \"seconds\": number}"},
        {"{\"$about\":{\"id\":\"$id\"}}", "/expect/$about", "expected {\"id\": \"$name\", \"match\": ...}"},
        {"{\"$about\":{\"id\":\"$id\",\"x\":1}}", "/expect/$about",
         "expected {\"id\": \"$name\", \"match\": ...}"},
        {"{\"$about\":{\"match\":1}}", "/expect/$about", "expected {\"id\": \"$name\", \"match\": ...}"},
        {"{\"$about\":{\"id\":\"$id\",\"match\":1,\"x\":1}}", "/expect/$about",
         "expected {\"id\": \"$name\", \"match\": ...}"},
        {"{\"$about\":{\"id\":5,\"match\":1}}", "/expect/$about/id", NAME},
        {"{\"$about\":{\"id\":\"$id\",\"match\":{}}}", "/expect/$about/match",
         "{} matches every object; write {\"$exactly\": {}} or {\"$type\": \"object\"}"},
        {"\"$nobody\"", "/expect", "$nobody is bound by no earlier step and no row"},
        {"{\"$fill\":{\"bytes\":5}}", "/expect/$fill", "$fill stands once, in args only"},
        {"{\"$wide\":{}}", "/expect/$wide", "expected {\"keys\": n}"},
        {"{\"$exactly\":{\"a\":{\"$type\":0}}}", "/expect/$exactly/a/$type", TYPES},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *source = parse(rows[i].source);
        struct matcher *matcher = NULL;
        struct hp_problem problem = {0};
        if (compile(source, &matcher, &problem) != HP_INVALID) {
            fail_msg("%s was compiled", rows[i].source);
        }
        assert_string_equal(problem.detail, rows[i].detail);
        assert_string_equal(problem.field, rows[i].field);
        assert_null(matcher);
        json_decref(source);
    }
}

/* The tree that comes of each form: kind, number of children, whether it is exact. */
static void each_form_becomes_its_matcher(void **state) {
    (void)state;
    static const struct {
        const char *source;
        enum matcher_kind kind;
        size_t children;
        bool exact;
    } rows[] = {
        {"1", MATCH_LITERAL, 0, false},
        {"null", MATCH_NOTHING, 0, false},
        {"\"x\"", MATCH_LITERAL, 0, false},
        {"\"a$b\"", MATCH_LITERAL, 0, false},
        {"\"u-{run}\"", MATCH_TEMPLATE, 0, false},
        {"\"$$x\"", MATCH_TEMPLATE, 0, false},
        {"\"$id/a\"", MATCH_BOUND, 0, false},
        {"[1,2,3]", MATCH_ARRAY, 3, false},
        {"[]", MATCH_ARRAY, 0, false},
        {"{\"a\":1,\"b\":2}", MATCH_OBJECT, 2, false},
        {"{\"$exactly\":{\"a\":1}}", MATCH_OBJECT, 1, true},
        {"{\"$exactly\":{}}", MATCH_OBJECT, 0, true},
        {"{\"$exactly\":[1]}", MATCH_ARRAY, 1, true},
        {"{\"$exactly\":{\"$type\":\"null\"}}", MATCH_TYPE, 0, true},
        {"{\"$literal\":{\"$at\":1}}", MATCH_LITERAL, 0, false},
        {"{\"$literal\":null}", MATCH_LITERAL, 0, false},
        {"{\"$at\":1}", MATCH_MOMENT, 0, false},
        {"{\"$instant\":\"2025-01-01T00:00:00Z\"}", MATCH_MOMENT, 0, false},
        {"{\"$plus\":{\"of\":\"$id\",\"seconds\":\"$count\"}}", MATCH_MOMENT, 0, false},
        {"{\"$uuid\":true}", MATCH_UUID, 0, false},
        {"{\"$absent\":true}", MATCH_ABSENT, 0, false},
        {"{\"$absent_or_null\":true}", MATCH_NOTHING, 0, false},
        {"{\"$type\":\"boolean\"}", MATCH_TYPE, 0, false},
        {"{\"$pattern\":\"^a$\"}", MATCH_PATTERN, 0, false},
        {"{\"$one_of\":[1,2]}", MATCH_ONE_OF, 2, false},
        {"{\"$not\":1}", MATCH_NOT, 1, false},
        {"{\"$between\":[\"$count\",{\"$at\":1}]}", MATCH_BETWEEN, 0, false},
        {"{\"$length\":\"$count\"}", MATCH_LENGTH, 0, false},
        {"{\"$any_order\":[]}", MATCH_ANY_ORDER, 0, false},
        {"{\"$contains\":[1]}", MATCH_CONTAINS, 1, false},
        {"{\"$each\":1}", MATCH_EACH, 1, false},
        {"{\"$descending\":\"\"}", MATCH_DESCENDING, 0, false},
        {"{\"$own\":[]}", MATCH_OWN, 1, false},
        {"{\"$about\":{\"id\":\"$id\",\"match\":1}}", MATCH_ABOUT, 1, false},
        {"{\"$concat\":[\"a\",\"$id\"]}", MATCH_TEMPLATE, 0, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *source = parse(rows[i].source);
        struct matcher *matcher = NULL;
        struct hp_problem problem = {0};
        if (compile(source, &matcher, &problem) != HP_OK) {
            fail_msg("%s: %s", rows[i].source, problem.detail);
        }
        assert_int_equal(matcher->kind, rows[i].kind);
        assert_int_equal(matcher->child_count, rows[i].children);
        assert_int_equal(matcher->exact, rows[i].exact);
        assert_ptr_equal(matcher->source, source);
        expectation_free(matcher);
        json_decref(source);
    }
    expectation_free(NULL);
}

/* $exactly reaches everything below it, and nothing beside it. */
static void exactness_ends_with_its_object(void **state) {
    (void)state;
    json_t *source = parse("[{\"$exactly\":{\"a\":[{\"b\":{}}]}},{\"c\":1}]");
    struct matcher *matcher = NULL;
    assert_int_equal(compile(source, &matcher, NULL), HP_OK);
    const struct matcher *inner = &matcher->children[0].children[0];
    assert_string_equal(inner->key, "a");
    assert_true(inner->exact);
    assert_true(inner->children[0].children[0].exact);
    assert_false(matcher->children[1].exact);
    assert_false(matcher->exact);
    expectation_free(matcher);
    json_decref(source);
    source = parse("[{\"$exactly\":{}},{}]");
    struct hp_problem problem = {0};
    assert_int_equal(compile(source, &matcher, &problem), HP_INVALID);
    assert_string_equal(problem.field, "/expect/1");
    json_decref(source);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_no_expectation_is_refused_at_its_place),
                                       cmocka_unit_test(each_form_becomes_its_matcher),
                                       cmocka_unit_test(exactness_ends_with_its_object)};
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
