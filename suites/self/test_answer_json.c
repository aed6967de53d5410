#include "harness/adapters/answer_json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#include <cmocka.h>

static void each_text_is_read(void **state) {
    (void)state;
    static const struct {
        const char *text;
        const char *dump; /* NULL: refused */
    } rows[] = {
        {"{\"a\":[1,-2,3.5,\"x\",null,true]}", "{\"a\":[1,-2,3.5,\"x\",null,true]}"},
        {"9223372036854775807", "9223372036854775807"},
        {"-9223372036854775808", "-9223372036854775808"},
        {"9223372036854775808", "9.2233720368547758e18"},
        {"-9223372036854775809", "-9.2233720368547758e18"},
        {"[18446744073709551616,1]", "[1.8446744073709552e19,1]"},
        {"{\"18446744073709551616\":18446744073709551616}",
         "{\"18446744073709551616\":1.8446744073709552e19}"},
        {"[99999999999999999999,\"\\\\\"]", "[1e20,\"\\\\\"]"},
        {"[99999999999999999999,\"a\\u0000b\"]", "[1e20,\"a\\u0000b\"]"},
        {"[99999999999999999999,0.5e3,1E2]", "[1e20,500.0,100.0]"},
        {"[99999999999999999999,1e999]", NULL},
        {"[99999999999999999999,\"open]", NULL},
        {"1e999", NULL},
        {"NaN", NULL},
        {"{\"a\":1,\"a\":1}", NULL},
        {"[1] 2", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_error_t error, dump_error;
        json_t *value = answer_json_load(rows[i].text, strlen(rows[i].text), &error);
        json_t *expected =
            rows[i].dump ? json_loads(rows[i].dump, JSON_DECODE_ANY | JSON_ALLOW_NUL, &dump_error) : NULL;
        bool same = rows[i].dump ? json_equal(value, expected) : value == NULL;
        json_decref(value);
        json_decref(expected);
        if (!same) {
            fail_msg("row %zu: %s", i, rows[i].text);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_text_is_read)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
