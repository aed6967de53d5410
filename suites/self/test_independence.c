#include "harness/adapters/without.h"
#include "harness/case/independence.h"
#include "suites/self/support_fake_target.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { COUNT = 3, DEADLINE_MS = 10000 };

static enum hp_status check_named(const char *name, const char *without, struct hp_problem *problem) {
    struct target *targets[COUNT] = {NULL};
    for (size_t i = 0; i < COUNT; i++) {
        assert_int_equal(target_from_name(name, DEADLINE_MS, &targets[i], problem), HP_OK);
        if (without) {
            struct target *inner = targets[i];
            assert_int_equal(without_new(inner, without, &targets[i], problem), HP_OK);
        }
    }
    enum hp_status status = independence_check(targets, COUNT, DEADLINE_MS, problem);
    for (size_t i = 0; i < COUNT; i++) {
        target_free(targets[i]);
    }
    return status;
}

static void instances_of_their_own_are_independent(void **state) {
    (void)state;
    struct hp_problem problem = {0};
    assert_int_equal(check_named("memory", NULL, &problem), HP_OK);
    assert_int_equal(check_named("memory", "clock", &problem), HP_OK);
    assert_int_equal(check_named("memory", "reset,clock", &problem), HP_OK);
}

static void what_cannot_be_asked_is_not_taken_for_independent(void **state) {
    (void)state;
    struct hp_problem problem = {0};
    assert_int_equal(check_named("memory", "get", &problem), HP_UNSUPPORTED);
    assert_string_equal(problem.detail,
                        "it does not declare create and get, by which instances are told apart");
    problem = (struct hp_problem){0};
    assert_int_equal(check_named("null:empty", NULL, &problem), HP_UNSUPPORTED);
    assert_string_equal(problem.detail,
                        "nothing could be created to see whether its instances are independent");
    problem = (struct hp_problem){0};
    assert_int_equal(check_named("stdio:false", NULL, &problem), HP_UNAVAILABLE);
}

/* One target under several names: everything is shared. */
static void one_service_twice_is_noticed(void **state) {
    (void)state;
    struct hp_problem problem = {0};
    struct target *target = NULL;
    assert_int_equal(target_from_name("memory", DEADLINE_MS, &target, &problem), HP_OK);
    struct target *const both[] = {target, target};
    assert_int_equal(independence_check(both, 2, DEADLINE_MS, &problem), HP_UNSUPPORTED);
    assert_string_equal(problem.detail, "what is created in one instance is there in another");
    target_free(target);
}

#define CREATED(id, year)                                                                                    \
    "{\"interrupt\":{\"id\":\"" id "\",\"created_at\":\"" year "-01-01T00:00:00.000000Z\"}}"

/* What two fakes answer, by turns of the probe: create; get own, get other; reset, get, clock ... */
static const struct {
    const char *name, *capabilities;
    struct fake_answer first[8], second[8];
    const char *said; /* NULL: independent */
} rows[] = {
    {"nothing is shared",
     "[\"create\",\"get\"]",
     {{"interrupt.create", CREATED("a", "2026"), NULL, NULL, NULL},
      {"interrupt.get", "{}", NULL, NULL, NULL},
      {"interrupt.get", NULL, "not_found", NULL, NULL}},
     {{"interrupt.create", CREATED("b", "2026"), NULL, NULL, NULL},
      {"interrupt.get", NULL, "not_found", NULL, NULL},
      {"interrupt.get", "{}", NULL, NULL, NULL}},
     NULL},
    {"one forgets its own",
     "[\"create\",\"get\"]",
     {{"interrupt.create", CREATED("a", "2026"), NULL, NULL, NULL},
      {"interrupt.get", NULL, "not_found", NULL, NULL}},
     {{"interrupt.create", CREATED("b", "2026"), NULL, NULL, NULL}},
     "what was created could not be read again"},
    {"the reset is shared",
     "[\"create\",\"get\",\"reset\"]",
     {{"interrupt.create", CREATED("a", "2026"), NULL, NULL, NULL},
      {"interrupt.get", "{}", NULL, NULL, NULL},
      {"interrupt.get", NULL, "not_found", NULL, NULL},
      {"reset", "{}", NULL, NULL, NULL}},
     {{"interrupt.create", CREATED("b", "2026"), NULL, NULL, NULL},
      {"interrupt.get", NULL, "not_found", NULL, NULL},
      {"interrupt.get", "{}", NULL, NULL, NULL},
      {"interrupt.get", NULL, "not_found", NULL, NULL}},
     "a reset of one instance empties another"},
    {"the clock is shared",
     "[\"create\",\"get\",\"reset\",\"clock\"]",
     {{"interrupt.create", CREATED("a", "2026"), NULL, NULL, NULL},
      {"interrupt.get", "{}", NULL, NULL, NULL},
      {"interrupt.get", NULL, "not_found", NULL, NULL},
      {"interrupt.create", CREATED("a", "2101"), NULL, NULL, NULL}},
     {{"interrupt.create", CREATED("b", "2026"), NULL, NULL, NULL},
      {"interrupt.get", NULL, "not_found", NULL, NULL},
      {"interrupt.get", "{}", NULL, NULL, NULL},
      {"interrupt.get", "{}", NULL, NULL, NULL}},
     "the clock of one instance is that of another"},
    {"each has its clock",
     "[\"create\",\"get\",\"reset\",\"clock\"]",
     {{"interrupt.create", CREATED("a", "2026"), NULL, NULL, NULL},
      {"interrupt.get", "{}", NULL, NULL, NULL},
      {"interrupt.get", NULL, "not_found", NULL, NULL},
      {"interrupt.create", CREATED("a", "2100"), NULL, NULL, NULL}},
     {{"interrupt.create", CREATED("b", "2026"), NULL, NULL, NULL},
      {"interrupt.get", NULL, "not_found", NULL, NULL},
      {"interrupt.get", "{}", NULL, NULL, NULL},
      {"interrupt.get", "{}", NULL, NULL, NULL},
      {"interrupt.create", CREATED("b", "2101"), NULL, NULL, NULL}},
     NULL},
};

static void each_thing_that_is_shared_is_said(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fake_target first, second;
        struct hp_problem problem = {0};
        fake_target_init(&first, rows[i].capabilities, rows[i].first);
        fake_target_init(&second, rows[i].capabilities, rows[i].second);
        struct target *const both[] = {&first.target, &second.target};
        enum hp_status status = independence_check(both, 2, DEADLINE_MS, &problem);
        if (status != (rows[i].said ? HP_UNSUPPORTED : HP_OK) ||
            strcmp(problem.detail, rows[i].said ? rows[i].said : "") != 0) {
            fail_msg("%s: %s\n%s\n%s", rows[i].name, problem.detail, first.calls.bytes, second.calls.bytes);
        }
        assert_int_equal(first.opened, first.closed);
        fake_target_release(&first);
        fake_target_release(&second);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(instances_of_their_own_are_independent),
        cmocka_unit_test(what_cannot_be_asked_is_not_taken_for_independent),
        cmocka_unit_test(one_service_twice_is_noticed),
        cmocka_unit_test(each_thing_that_is_shared_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
