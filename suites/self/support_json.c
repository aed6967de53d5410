#include "suites/self/support_json.h"

#include "harness/base/value.h"
#include "reference/base/json_reader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

char *text_short(const char *text) {
    char *copy = text_copy(text);
    assert_non_null(copy);
    for (char *at = copy; *at; at++) {
        *at = *at == '\'' ? '"' : *at;
    }
    return copy;
}

json_t *json_short(const char *text) {
    char *copy = text_short(text);
    struct json_fault fault = {0};
    json_t *value = json_parse(copy, strlen(copy), &fault);
    free(copy);
    if (!value) {
        fail_msg("%s: column %zu: %s", text, fault.column, fault.expected);
    }
    return value;
}

void assert_json(const json_t *value, const char *text) {
    json_t *wanted = text ? json_short(text) : NULL;
    bool same = value_equals(value, wanted);
    json_decref(wanted);
    if (!same) {
        char *shown = value_show(value, 4000);
        print_error("got    %s\nwanted %s\n", shown ? shown : "", text ? text : "nothing");
        free(shown);
        fail();
    }
}
