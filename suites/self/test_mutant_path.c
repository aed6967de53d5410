#include "harness/adapters/mutant_path.h"
#include "suites/self/support_json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char tree[] =
    "{'a':{'b':1,'c':[10,20]},'x/y':{'~':2},'result':{'interrupt':{'q':1},'interrupts':[{'q':2},{'q':3}],"
    "'events':[{'data':{'q':4}},{'data':null}]}}";

static void paths_lead_to_spots(void **state) {
    (void)state;
    static const struct {
        const char *path, *values;
    } rows[] = {{"", NULL},
                {"/a/b", "[1]"},
                {"/a/c/1", "[20]"},
                {"/a/c/2", "[]"},
                {"/a/c/*", "[10,20]"},
                {"/a/*", "[1,[10,20]]"},
                {"/nothing/b", "[]"},
                {"/a/b/c", "[]"},
                {"/x~1y/~0", "[2]"},
                {"@interrupts/q", "[1,2,3,4]"},
                {"/result/events/*/data/q", "[4]"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *root = json_short(tree);
        struct spots spots = {0};
        assert_true(spots_find(root, rows[i].path, &spots));
        json_t *values = json_array();
        for (size_t at = 0; at < spots.count; at++) {
            json_array_append(values, spots.items[at].value);
        }
        if (rows[i].values) {
            assert_json(values, rows[i].values);
        } else {
            assert_int_equal(spots.count, 1);
            assert_ptr_equal(spots.items[0].value, root);
            assert_null(spots.items[0].parent);
        }
        json_decref(values);
        spots_release(&spots);
        json_decref(root);
    }
}

static void spots_are_replaced_and_removed(void **state) {
    (void)state;
    json_t *root = json_short("{'list':[1,2,3],'object':{'a':1}}");
    struct spots spots = {0};
    assert_true(spots_find(root, "/list/*", &spots));
    assert_true(spot_replace(&spots.items[1], json_string("two")));
    spot_remove(&spots.items[2]);
    spot_remove(&spots.items[0]);
    spots_release(&spots);
    assert_true(spots_find(root, "/object/a", &spots));
    spot_remove(&spots.items[0]);
    spots_release(&spots);
    assert_true(spots_find(root, "", &spots));
    assert_true(spot_replace(&spots.items[0], json_true()));
    spot_remove(&spots.items[0]);
    spots_release(&spots);
    assert_json(root, "{'list':['two'],'object':{}}");
    json_decref(root);
}

static void a_path_is_set(void **state) {
    (void)state;
    static const struct {
        const char *path, *after;
    } rows[] = {{"/a", "{'a':0,'list':[{'b':1},{}]}"},
                {"/new", "{'a':{'b':1},'list':[{'b':1},{}],'new':0}"},
                {"/a/c", "{'a':{'b':1,'c':0},'list':[{'b':1},{}]}"},
                {"/list/*/b", "{'a':{'b':1},'list':[{'b':0},{'b':0}]}"},
                {"/list/*", "{'a':{'b':1},'list':[0,0]}"},
                {"/none/b", "{'a':{'b':1},'list':[{'b':1},{}]}"},
                {"", "{'a':{'b':1},'list':[{'b':1},{}]}"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *root = json_short("{'a':{'b':1},'list':[{'b':1},{}]}"), *zero = json_integer(0);
        assert_true(path_set(root, rows[i].path, zero));
        assert_json(root, rows[i].after);
        json_decref(zero);
        json_decref(root);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_lead_to_spots),
        cmocka_unit_test(spots_are_replaced_and_removed),
        cmocka_unit_test(a_path_is_set),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
