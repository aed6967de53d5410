#include "harness/base/schema.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void faults_say_where_and_what(void **state) {
    (void)state;
    static const struct {
        const char *schema, *value, *field, *detail;
    } rows[] = {
        {"{\"type\":[\"string\",\"null\"]}", "5", "", "expected null or string, got 5"},
        {"{\"type\":\"number\"}", "\"x\"", "", "expected number, got \"x\""},
        {"{\"properties\":{\"a\":{\"items\":{\"enum\":[1,2]}}}}", "{\"a\":[1,3]}", "/a/1",
         "expected one of [1,2], got 3"},
        {"{\"properties\":{\"expect\":true},\"additionalProperties\":false}", "{\"expcet\":1}", "/expcet",
         "expected a known key, got the unknown key \"expcet\"; did you mean \"expect\"?"},
        {"{\"properties\":{\"expect\":true},\"additionalProperties\":false}", "{\"qqqqqqqqq\":1}",
         "/qqqqqqqqq", "expected a known key, got the unknown key \"qqqqqqqqq\""},
        {"{\"required\":[\"id\"]}", "{\"a\":1}", "", "expected the key \"id\", got {\"a\":1}"},
        {"{\"minItems\":2}", "[1]", "", "expected at least 2 elements, got [1]"},
        {"{\"maxProperties\":0}", "{\"a\":1}", "", "expected at most 0 members, got {\"a\":1}"},
        {"{\"minProperties\":1}", "{}", "", "expected at least 1 members, got {}"},
        {"{\"pattern\":\"^a\"}", "\"b\"", "", "expected text that matches ^a, got \"b\""},
        {"{\"const\":1}", "2", "", "expected 1, got 2"},
        {"{\"minimum\":1}", "0", "", "expected at least 1, got 0"},
        {"{\"maximum\":1}", "2", "", "expected at most 1, got 2"},
        {"{\"exclusiveMinimum\":1}", "1", "", "expected more than 1, got 1"},
        {"{\"exclusiveMaximum\":1}", "1", "", "expected less than 1, got 1"},
        {"{\"uniqueItems\":true}", "[1,1]", "", "expected elements that all differ, got [1,1]"},
        {"{\"not\":{\"type\":\"null\"}}", "null", "", "expected anything but {\"type\":\"null\"}, got null"},
        {"{\"oneOf\":[true,true]}", "1", "", "expected exactly one of the alternatives to hold, got 1"},
        {"{\"anyOf\":[{\"type\":\"null\"},{\"items\":{\"type\":\"string\"}}]}", "[\"a\",1]", "/1",
         "expected string, got 1"},
        {"{\"oneOf\":[{\"properties\":{\"a\":{\"const\":1}}},{\"type\":\"null\"}]}", "{\"a\":2}", "/a",
         "expected 1, got 2"},
        {"{\"propertyNames\":{\"maxLength\":1}}", "{\"ab\":1}", "/ab",
         "expected at most 1 characters, got \"ab\""},
        {"{\"anyOf\":[{\"type\":\"null\"},{\"type\":\"string\"}]}", "1", "", "expected null, got 1"},
        {"{\"maxLength\":1}", "\"\u00e9\u00e9\"", "",
         "expected at most 1 characters, got \"\xc3\xa9\xc3\xa9\""},
        {"{\"minLength\":2}", "\"\u00e9\"", "", "expected at least 2 characters, got \"\xc3\xa9\""},
        {"{\"type\":[\"number\",\"object\",\"array\",\"boolean\"]}", "null", "",
         "expected boolean or number or array or object, got null"},
        {"{\"if\":{\"type\":\"string\"},\"then\":{\"minLength\":1},\"else\":{\"minimum\":1}}", "0", "",
         "expected at least 1, got 0"},
        {"{\"patternProperties\":{\"^x\":{\"type\":\"null\"}},\"additionalProperties\":{\"type\":\"string\"}"
         "}",
         "{\"x/1\":null,\"x~2\":3}", "/x~02", "expected null, got 3"},
        {"{\"additionalProperties\":{\"type\":\"string\"}}", "{\"x\":3}", "/x", "expected string, got 3"},
        {"false", "1", "", "expected nothing here, got 1"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *source = json_loads(rows[i].schema, JSON_DECODE_ANY, NULL);
        json_t *value = json_loads(rows[i].value, JSON_DECODE_ANY, NULL);
        struct schema *schema = NULL;
        struct hp_problem problem = {0};
        assert_int_equal(schema_compile(source, &schema, &problem), HP_OK);
        assert_int_equal(schema_check(schema, value, &problem), HP_INVALID);
        assert_string_equal(problem.field, rows[i].field);
        assert_string_equal(problem.detail, rows[i].detail);
        schema_free(schema);
        json_decref(source);
        json_decref(value);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(faults_say_where_and_what)};
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
