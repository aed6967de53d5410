#include "harness/case/normal.h"
#include "harness/case/tree_difference.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "suites/self/support_play.h"

#define SAID(text, distance) "{\"" NORMAL_AS_TEXT "\":" text ",\"" NORMAL_FROM_START "\":" distance "}"

static void the_first_difference_is_found(void **state) {
    (void)state;
    static const struct {
        const char *one, *other;
        const char *path; /* NULL: none */
    } rows[] = {
        {"[]", "[]", NULL},
        {"{\"a\":[1,{\"b\":null}],\"c\":\"x\"}", "{\"c\":\"x\",\"a\":[1,{\"b\":null}]}", NULL},
        {"1", "2", ""},
        {"1", "1.0", NULL},
        {"1.0", "1.5", ""},
        {"9007199254740993", "9007199254740992.0", ""},
        {"1", "true", ""},
        {"true", "false", ""},
        {"null", "[]", ""},
        {"{\"a\":1,\"b\":{\"c\":[0,1,2]}}", "{\"a\":1,\"b\":{\"c\":[0,1,3]}}", "/b/c/2"},
        {"{\"a\":{\"x\":1},\"b\":2}", "{\"a\":{\"x\":1},\"b\":3}", "/b"},
        {"{\"a\":1}", "{\"a\":1,\"b\":null}", "/b"},
        {"{\"a\":1,\"b\":null}", "{\"a\":1}", "/b"},
        {"[1,2]", "[1,2,3]", "/2"},
        {"[1,2,3]", "[1,2]", "/2"},
        {"{\"a/b\":{\"~\":1}}", "{\"a/b\":{\"~\":2}}", "/a~1b/~0"},
        {"[" SAID("\"1\"", "\"+1\"") "]", "[" SAID("\"1\"", "\"+2\"") "]", NULL},
        {"[" SAID("\"1\"", "\"+1\"") "]", "[" SAID("\"2\"", "\"+1\"") "]", NULL},
        {"[" SAID("\"1\"", "\"+1\"") "]", "[" SAID("\"2\"", "\"+2\"") "]", "/0"},
        {"[" SAID("\"1\"", "\"+1\"") "]", "[{}]", "/0/{as text}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *one = json_loads(rows[i].one, JSON_DECODE_ANY, NULL);
        json_t *other = json_loads(rows[i].other, JSON_DECODE_ANY, NULL);
        struct tree_difference found = {0};
        bool differ = tree_differ(one, other, &found);
        if (differ != (rows[i].path != NULL)) {
            fail_msg("%s and %s", rows[i].one, rows[i].other);
        }
        if (differ) {
            assert_string_equal(found.path.bytes ? found.path.bytes : "", rows[i].path);
            assert_true(found.one != found.other);
        }
        text_release(&found.path);
        json_decref(one);
        json_decref(other);
    }
}

static void nothing_differs_from_something(void **state) {
    (void)state;
    json_t *one = json_true();
    struct tree_difference found = {0};
    assert_false(tree_differ(NULL, NULL, &found));
    assert_true(tree_differ(one, NULL, &found));
    assert_ptr_equal(found.one, one);
    assert_null(found.other);
    assert_true(tree_differ(NULL, one, &found));
    text_release(&found.path);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_first_difference_is_found),
                                       cmocka_unit_test(nothing_differs_from_something)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
