#include "suites/self/support_script.h"

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

void script_short(struct script *script, const char *text) {
    struct hp_problem problem = {0};
    json_t *value = json_short(text);
    enum hp_status status = script_decode(value, script, &problem);
    json_decref(value);
    if (status != HP_OK) {
        fail_msg("%s: %s", text, problem.detail);
    }
}
