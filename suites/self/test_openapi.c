#include "reference/server/openapi.h"
#include "suites/self/support_api.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static json_t *description_of(const char *prefix) {
    struct text text = {0};
    assert_true(openapi_write(&text, prefix));
    json_t *description = json_loadb(text.bytes, text.length_bytes, 0, NULL);
    assert_non_null(description);
    text_release(&text);
    return description;
}

static void test_prefix(void **state) {
    (void)state;
    static const char *const prefixes[] = {"", "/api/v1"}, *const urls[] = {"/", "/api/v1"};
    for (size_t i = 0; i < 2; i++) {
        json_t *description = description_of(prefixes[i]);
        const json_t *server = json_array_get(json_object_get(description, "servers"), 0);
        assert_string_equal(json_string_value(json_object_get(server, "url")), urls[i]);
        json_decref(description);
    }
}

/* The table of routes and the description know the same. */
static void test_same_routes(void **state) {
    (void)state;
    static const char *const methods[] = {"get",   "put",     "post", "delete",
                                          "patch", "options", "head", "trace"};
    struct api_bench bench;
    size_t described = 0;
    api_bench_init(&bench, NULL);
    json_t *description = description_of(""), *paths = json_object_get(description, "paths"), *path;
    const char *pattern;
    json_object_foreach(paths, pattern, path) {
        for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
            described += json_object_get(path, methods[i]) != NULL;
        }
    }
    assert_int_equal(described, bench.site.route_count);
    for (size_t i = 0; i < bench.site.route_count; i++) {
        char lower[16] = "";
        for (size_t j = 0; bench.site.routes[i].method[j]; j++) {
            lower[j] = (char)(bench.site.routes[i].method[j] | 0x20);
        }
        path = json_object_get(paths, bench.site.routes[i].pattern);
        assert_non_null(json_object_get(path, lower));
    }
    json_decref(description);
    api_bench_release(&bench);
}

/* Its words are those of the code. */
static void test_same_words(void **state) {
    (void)state;
    json_t *description = description_of(""), *vocabulary = door_describe();
    const json_t *schemas = json_object_get(json_object_get(description, "components"), "schemas");
    assert_true(json_equal(json_object_get(json_object_get(schemas, "Kind"), "enum"),
                           json_object_get(vocabulary, "kinds")));
    assert_true(json_equal(json_object_get(json_object_get(schemas, "Status"), "enum"),
                           json_object_get(vocabulary, "statuses")));
    json_decref(vocabulary);
    json_decref(description);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_prefix), cmocka_unit_test(test_same_routes),
                                       cmocka_unit_test(test_same_words)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
