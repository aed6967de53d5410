#include "harness/case/opening.h"

#include "harness/case/case.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { NEEDS_MAX = 9, CASES_MAX = 8 };

/* A case: what it needs, up to a NULL, and how many endpoints. */
struct sample {
    const char *needs[NEEDS_MAX + 1];
    unsigned endpoints;
    enum verdict verdict;
};

/* What is proposed to a target that declares the capabilities of the array: "create 2", "create get 1", "" for nothing. */
static void check(const char *declared, const struct sample *samples, size_t count, const char *wanted) {
    struct test_case cases[CASES_MAX] = {{0}};
    struct case_result results[CASES_MAX] = {{0}};
    struct hello hello = {.endpoints = 1, .capabilities = json_loads(declared, 0, NULL)};
    for (size_t i = 0; i < count; i++) {
        while (samples[i].needs[cases[i].need_count]) {
            cases[i].need_count++;
        }
        cases[i].needs = samples[i].needs;
        cases[i].endpoints = samples[i].endpoints ? samples[i].endpoints : 1;
        results[i].test_case = &cases[i];
        results[i].verdict = samples[i].verdict;
    }
    struct opening opening;
    char got[128] = "";
    assert_int_equal(opening_find(results, count, &hello, &opening), *wanted != '\0');
    for (size_t i = 0; i < opening.capability_count; i++) {
        snprintf(got + strlen(got), sizeof got - strlen(got), "%s ", opening.capabilities[i]);
    }
    if (opening.cases > 0) {
        snprintf(got + strlen(got), sizeof got - strlen(got), "%zu", opening.cases);
    }
    assert_string_equal(got, wanted);
    json_decref(hello.capabilities);
}

#define OUT .verdict = VERDICT_UNSUPPORTED

static void what_opens_most_is_proposed(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {{"create", "get"}, OUT},
        {{"create", "respond"}, OUT},
        {{"create", "respond"}, OUT},
        {{"cancel", "create"}, OUT},
        {{"cancel", "create", "respond"}, OUT},
        {{"create"}, .verdict = VERDICT_FAILED},
    };
    check("[\"create\"]", samples, 6, "respond 2");
    check("[\"create\", \"respond\"]", samples, 6, "cancel 2");
    check("[\"create\", \"respond\", \"cancel\"]", samples, 6, "get 1");
    check("[\"create\", \"respond\", \"cancel\", \"get\"]", samples, 6, "");
    check("[\"create\"]", samples, 0, "");
}

/* Nearly all cases wait for one capability; that another opens some more by itself does not put it first. */
static void what_most_wait_for_goes_first(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {{"envelope"}, OUT},        {{"envelope"}, OUT},      {{"create"}, OUT},
        {{"clock", "create"}, OUT}, {{"create", "get"}, OUT}, {{"create", "get", "respond"}, OUT},
    };
    check("[]", samples, 6, "create 1");
    check("[]", samples, 3, "envelope 2");
    check("[\"create\"]", samples, 6, "envelope 2");
    check("[\"create\", \"envelope\"]", samples, 6, "get 1");
}

static void as_few_as_open_anything_are_proposed_together(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {{"create", "get"}, OUT},
        {{"clock", "create", "get"}, OUT},
        {{"clock", "create", "get"}, OUT},
        {{"a", "b", "c", "d", "e", "f", "g", "h", "i"}, OUT},
    };
    check("[]", samples, 4, "create get 1");
    check("[]", samples + 3, 1, "");
}

static void only_what_somebody_can_build_is_proposed(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {{"database"}, OUT},
        {{"processes"}, OUT},
        {{"endpoints", "get"}, .endpoints = 2, OUT},
        {{"get"}, .endpoints = 2, OUT},
        {{"http", "problem_json"}, OUT},
        {{"http", "problem_json"}, OUT},
        {{"events"}, OUT},
    };
    check("[]", samples, 6, "");
    check("[]", samples, 7, "events 1");
    check("[\"http\"]", samples, 7, "problem_json 2");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_opens_most_is_proposed),
        cmocka_unit_test(what_most_wait_for_goes_first),
        cmocka_unit_test(as_few_as_open_anything_are_proposed_together),
        cmocka_unit_test(only_what_somebody_can_build_is_proposed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
