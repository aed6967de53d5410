#include "harness/case/scope.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void a_later_bind_replaces_an_earlier_one(void **state) {
    (void)state;
    struct scope scope = {0};
    struct reference reference = {"id", 2, ""};
    json_t *first = json_string("first");
    json_t *second = json_string("second");
    assert_false(scope_has(&scope, "id"));
    assert_true(scope_bind(&scope, "id", first));
    assert_true(scope_bind(&scope, "id", second));
    assert_true(scope_has(&scope, "id"));
    assert_false(scope_has(&scope, "i"));
    assert_false(scope_has(&scope, "id2"));
    assert_int_equal(scope.binding_count, 1);
    assert_ptr_equal(scope_resolve(&scope, &reference), second);
    assert_int_equal(first->refcount, 1);
    assert_int_equal(second->refcount, 2);
    scope_release(&scope);
    assert_int_equal(second->refcount, 1);
    json_decref(first);
    json_decref(second);
}

static void one_name_too_many_is_refused(void **state) {
    (void)state;
    char names[SCOPE_BINDINGS_MAX + 1][8];
    struct scope scope = {0};
    json_t *value = json_true();
    json_t *counted = json_integer(1);
    for (size_t i = 0; i <= SCOPE_BINDINGS_MAX; i++) {
        snprintf(names[i], sizeof names[i], "n%zu", i);
        assert_int_equal(scope_bind(&scope, names[i], value), i < SCOPE_BINDINGS_MAX);
    }
    assert_false(scope_bind(&scope, "other", counted));
    assert_int_equal(counted->refcount, 1);
    assert_true(scope_bind(&scope, "n0", counted));
    assert_int_equal(scope.binding_count, SCOPE_BINDINGS_MAX);
    scope_release(&scope);
    json_decref(counted);
}

static void a_scope_knows_its_own_interrupts(void **state) {
    (void)state;
    enum { IDS = 100 };
    struct scope scope = {.index = 3, .cycles = 4};
    for (int i = 0; i < IDS; i++) {
        char text[16];
        snprintf(text, sizeof text, "id-%d", i);
        json_t *id = json_string(text);
        assert_false(scope_owns(&scope, id));
        assert_true(scope_add_own(&scope, id));
        assert_int_equal(id->refcount, 2);
        json_decref(id);
    }
    json_t *first = json_string("id-0");
    json_t *last = json_string("id-99");
    json_t *stranger = json_string("id-100");
    assert_true(scope_owns(&scope, first));
    assert_true(scope_owns(&scope, last));
    assert_false(scope_owns(&scope, stranger));
    scope_clear(&scope);
    assert_false(scope_owns(&scope, first));
    assert_int_equal(scope.index, 0);
    assert_int_equal(scope.cycles, 0);
    assert_true(scope.own_room >= IDS);
    scope_release(&scope);
    assert_null(scope.own);
    assert_int_equal(scope.own_room, 0);
    json_decref(first);
    json_decref(last);
    json_decref(stranger);
}

static void references_are_read(void **state) {
    (void)state;
    static const struct {
        const char *text;
        size_t length;
        const char *name, *pointer; /* NULL: no reference */
    } rows[] = {{"$id", 3, "id", ""},        {"$id/a/0", 7, "id", "/a/0"}, {"$_A9z", 5, "_A9z", ""},
                {"$aZz", 4, "aZz", ""},      {"$a:", 3, NULL, NULL},       {"$id/", 4, "id", "/"},
                {"$", 1, NULL, NULL},        {"", 0, NULL, NULL},          {"$$id", 4, NULL, NULL},
                {"id", 2, NULL, NULL},       {"$9", 2, NULL, NULL},        {"$/a", 3, NULL, NULL},
                {"$a-b", 4, NULL, NULL},     {"$a b", 4, NULL, NULL},      {"$a[", 3, NULL, NULL},
                {"$a@", 3, NULL, NULL},      {"$a{", 3, NULL, NULL},       {"$a\0b", 4, NULL, NULL},
                {"$\xc3\xa9", 3, NULL, NULL}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct reference reference = {0};
        assert_int_equal(reference_read(rows[i].text, rows[i].length, &reference), rows[i].name != NULL);
        if (rows[i].name) {
            assert_int_equal(reference.name_length, strlen(rows[i].name));
            assert_memory_equal(reference.name, rows[i].name, reference.name_length);
            assert_string_equal(reference.pointer, rows[i].pointer);
        }
    }
}

static void references_lead_into_bound_values(void **state) {
    (void)state;
    static const struct {
        const char *text;
        json_int_t found; /* 0: nothing */
    } rows[] = {{"$list/0", 10}, {"$list/1/x", 20}, {"$list/2", 0},
                {"$lis/0", 0},   {"$listed/0", 0},  {"$n", 30}};
    struct scope scope = {0};
    json_t *list = json_pack("[i,{s:i}]", 10, "x", 20);
    json_t *number = json_integer(30);
    assert_true(scope_bind(&scope, "list", list) && scope_bind(&scope, "n", number));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct reference reference;
        assert_true(reference_read(rows[i].text, strlen(rows[i].text), &reference));
        const json_t *found = scope_resolve(&scope, &reference);
        assert_int_equal(found != NULL, rows[i].found != 0);
        assert_int_equal(json_integer_value(found), rows[i].found);
    }
    scope_release(&scope);
    json_decref(list);
    json_decref(number);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_later_bind_replaces_an_earlier_one),
        cmocka_unit_test(one_name_too_many_is_refused), cmocka_unit_test(a_scope_knows_its_own_interrupts),
        cmocka_unit_test(references_are_read), cmocka_unit_test(references_lead_into_bound_values)};
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
