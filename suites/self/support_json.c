#include "suites/self/support_json.h"

#include "harness/base/value.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

json_t *json_quoted(const char *text) {
    char *copy = text_copy(text);
    assert_non_null(copy);
    for (char *at = copy; *at; at++) {
        *at = *at == '\'' ? '"' : *at;
    }
    json_t *value = json_loads(copy, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
    if (!value) {
        fail_msg("no JSON: %s", copy);
    }
    free(copy);
    return value;
}

void assert_json(const json_t *value, const char *wanted) {
    json_t *want = wanted ? json_quoted(wanted) : NULL;
    if (!value_equals(value, want)) {
        char *got = value ? value_dump(value, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
        fail_msg("got %s, wanted %s", got ? got : "nothing", wanted ? wanted : "nothing");
    }
    json_decref(want);
}
