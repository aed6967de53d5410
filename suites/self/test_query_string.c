#include "reference/base/text.h"
#include "reference/server/query_string.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* What a query reads as, "name=value;" each, or "! FIELD". */
struct row {
    const char *raw, *wanted;
};

static void test_rows(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"", ""},
        {"a=b", "a=b;"},
        {"a=b&c=d", "a=b;c=d;"},
        {"&&a=b&", "a=b;"},
        {"a", "a=;"},
        {"a=", "a=;"},
        {"=b", "=b;"},
        {"a=b=c", "a=b=c;"},
        {"a=%41%2b+%2B%26%3d", "a=A+ +&=;"},
        {"%61%5b%5d=1", "a[]=1;"},
        {"a=%c3%a9\xc3\xa9", "a=\xc3\xa9\xc3\xa9;"},
        {"kind=a&kind=b&kind=a", "kind=a;kind=b;kind=a;"},
        {"a=1&a=1", "! /a"},
        {"a=1&%61=2", "! /a"},
        {"a&a", "! /a"},
        {"=1&=2", "! "},
        {"ann=x%00y", "! /ann"},
        {"x%00y=ann", "! "},
        {"a=%", "! /a"},
        {"a=%4", "! /a"},
        {"a=%4g", "! /a"},
        {"a=%-1", "! /a"},
        {"a=% 1", "! /a"},
        {"%4=a", "! "},
        {"a=%ff", "! /a"},
        {"a=\xff", "! /a"},
        {"a=%c3", "! /a"},
        {"a=%ed%a0%80", "! /a"},
        {"a=%c0%80", "! /a"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct query_string query = {0};
        struct hp_problem problem = {0};
        struct text text = {0};
        text_add(&text, "");
        if (query_string_read(&query, rows[i].raw, strlen(rows[i].raw), "kind", &problem) != HP_OK) {
            assert_int_equal(problem.status, HP_INVALID);
            text_addf(&text, "! %s", problem.field);
        } else {
            for (size_t j = 0; j < query.count; j++) {
                text_addf(&text, "%s=%s;", query.parameters[j].name, query.parameters[j].value);
            }
        }
        assert_string_equal(text.bytes, rows[i].wanted);
        text_release(&text);
        query_string_release(&query);
    }
}

static void test_many(void **state) {
    (void)state;
    struct text raw = {0};
    struct query_string query = {0};
    for (int i = 0; i < QUERY_PARAMETERS_MAX; i++) {
        text_addf(&raw, "p%d=%d&", i, i);
    }
    assert_int_equal(query_string_read(&query, raw.bytes, raw.length_bytes, NULL, NULL), HP_OK);
    assert_int_equal(query.count, QUERY_PARAMETERS_MAX);
    assert_string_equal(query_string_value(&query, "p63"), "63");
    assert_null(query_string_value(&query, "p64"));
    query_string_release(&query);
    text_add(&raw, "x");
    assert_int_equal(query_string_read(&query, raw.bytes, raw.length_bytes, NULL, NULL), HP_INVALID);
    query_string_release(&query);
    text_release(&raw);
}

static void test_decode(void **state) {
    (void)state;
    char decoded[16];
    assert_true(percent_decode("a+b%20", 6, decoded, false));
    assert_string_equal(decoded, "a+b ");
    assert_false(percent_decode("%00", 3, decoded, false));
    assert_true(percent_decode("", 0, decoded, true));
    assert_string_equal(decoded, "");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows), cmocka_unit_test(test_many),
                                       cmocka_unit_test(test_decode)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
