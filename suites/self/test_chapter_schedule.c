#include "suites/chapters/schedule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "harness/adapters/in_process.h"
#include "suites/self/support_faulty_store.h"
#include "suites/self/support_folder.h"
#include "suites/self/support_results.h"

#define START_US INT64_C(1900000000000000)

/* What the play comes to. */
struct outcome {
    enum play_end end;
    json_t *result;
    struct hp_problem problem;
    struct text exhibit;
    int64_t clock_us;
};

static void perform(struct outcome *outcome, struct target *target, const char *fixtures, const char *args,
                    const char *evidence) {
    struct hello hello;
    json_t *read = json_loads(args, 0, NULL);
    *outcome = (struct outcome){.end = PLAY_BROKEN};
    assert_non_null(read);
    assert_non_null(target);
    assert_int_equal(target_hello(target, &hello, NULL), HP_OK);
    const struct play_stage stage = {.target = target,
                                     .hello = &hello,
                                     .fixtures = fixtures,
                                     .seed = 7,
                                     .deadline_ms = 10000,
                                     .case_id = "concurrency.test",
                                     .start_us = START_US,
                                     .clock_us = &outcome->clock_us,
                                     .evidence = evidence,
                                     .exhibit = &outcome->exhibit};
    outcome->end = concurrency_schedule_play(&stage, read, &outcome->result, &outcome->problem);
    json_decref(read);
    hello_release(&hello);
    target_free(target);
}

static void release(struct outcome *outcome) {
    json_decref(outcome->result);
    text_release(&outcome->exhibit);
}

static size_t count(const struct outcome *outcome, const char *key) {
    const json_t *list = json_object_get(outcome->result, key);
    assert_true(json_is_array(list));
    return json_array_size(list);
}

static json_int_t number(const struct outcome *outcome, const char *key) {
    const json_t *value = json_object_get(outcome->result, key);
    assert_true(json_is_integer(value));
    return json_integer_value(value);
}

static void a_sound_target_has_no_violations(void **state) {
    (void)state;
    struct outcome outcome;
    perform(&outcome, in_process_memory_new(), "fixtures", "{\"schedule\":\"respond-sweep\"}", NULL);
    assert_int_equal(outcome.end, PLAY_DONE);
    assert_int_equal(count(&outcome, "violations"), 0);
    assert_int_equal(count(&outcome, "differences"), 0);
    assert_int_equal(number(&outcome, "failed"), 0);
    assert_true(number(&outcome, "runs") > 20);
    assert_string_equal(json_string_value(json_object_get(outcome.result, "how")),
                        "exact, by the store's calls");
    assert_int_equal(outcome.exhibit.length_bytes, 0);
    assert_int_equal(outcome.clock_us, START_US + 61000000);
    release(&outcome);
}

/* The order comes first, then what is shown of any finding, and the files. */
static void what_failed_is_shown_with_its_order(void **state) {
    (void)state;
    struct outcome outcome;
    char folder[SCRATCH_PATH_SIZE], page[SCRATCH_PATH_SIZE + 64];
    static const struct store_decorator decorator = {.wrap = faulty_no_guard};
    scratch_path(folder, "schedule-XXXXXX");
    assert_non_null(mkdtemp(folder));
    perform(&outcome, in_process_memory_decorated_new(&decorator), "fixtures",
            "{\"schedule\":\"respond-respond\"}", folder);
    assert_int_equal(outcome.end, PLAY_DONE);
    assert_int_equal(count(&outcome, "violations"), 3);
    assert_true(number(&outcome, "failed") > 3);
    static const char transcript[] = "starting permutation: a.answer:change b.answer a.answer\n"
                                     "  a.answer:change\n"
                                     "  b.answer: ok\n"
                                     "  a.answer: ok\n";
    const char *shown = strstr(outcome.exhibit.bytes, transcript);
    assert_non_null(shown);
    assert_non_null(strstr(shown, "both ended it, and only one of them can have found it pending"));
    assert_non_null(strstr(shown, "schedule respond-respond, exact, by the store's calls;"));
    static const char *const files[] = {"timeline.html", "history.jsonl"};
    for (size_t i = 0; i < 2; i++) {
        snprintf(page, sizeof page, "%s/concurrency.test.%s", folder, files[i]);
        assert_int_equal(unlink(page), 0);
    }
    assert_int_equal(rmdir(folder), 0);
    release(&outcome);
}

static void what_differs_is_shown_beside_what_must_be(void **state) {
    (void)state;
    struct outcome outcome;
    const char *fixtures = fixtures_of_schedule(
        "{\"$schema\":\"x\",\"title\":\"t\",\"interrupts\":[{\"kind\":\"checkpoint\"}],"
        "\"sessions\":[{\"name\":\"a\",\"steps\":[{\"name\":\"answer\",\"do\":\"respond\",\"on\":0}]}],"
        "\"permutations\":[{\"order\":\"a.answer\",\"shows\":[\"a.answer: forbidden\"]}]}");
    perform(&outcome, in_process_memory_new(), fixtures, "{\"schedule\":\"one\"}", NULL);
    assert_int_equal(outcome.end, PLAY_DONE);
    assert_int_equal(count(&outcome, "violations"), 0);
    assert_int_equal(count(&outcome, "differences"), 1);
    assert_string_equal(outcome.exhibit.bytes, "starting permutation: a.answer\n"
                                               "expected\n"
                                               "  a.answer: forbidden\n"
                                               "got\n"
                                               "  a.answer: ok\n");
    release(&outcome);
    fixtures_remove();
}

static void what_cannot_be_played_is_told_apart(void **state) {
    (void)state;
    static const struct {
        const char *args;
        enum play_end end;
        const char *detail;
    } rows[] = {
        {"{}", PLAY_BROKEN, "at /args/schedule of the play: expected the name of a file in schedules"},
        {"{\"schedule\":\"nowhere\"}", PLAY_BROKEN, "fixtures/schedules/nowhere.json: No such file"},
        {"{\"schedule\":\"held-sweep\"}", PLAY_UNTESTABLE, "does not say where its database is"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct outcome outcome;
        perform(&outcome, in_process_memory_new(), "fixtures", rows[i].args, NULL);
        assert_int_equal(outcome.end, rows[i].end);
        assert_non_null(strstr(outcome.problem.detail, rows[i].detail));
        assert_null(outcome.result);
        release(&outcome);
    }
}

static void the_play_is_known_by_its_name(void **state) {
    (void)state;
    struct hello hello = {.endpoints = 1};
    const struct play_stage stage = {.hello = &hello, .fixtures = "fixtures"};
    struct hp_problem problem = {0};
    json_t *args = json_object(), *result = NULL;
    chapter_schedule_register();
    assert_string_equal(play_capability("concurrency.schedule"), "concurrent");
    assert_int_equal(play_perform("concurrency.schedule", &stage, args, &result, &problem), PLAY_BROKEN);
    assert_non_null(strstr(problem.detail, "/args/schedule"));
    json_decref(args);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_target_has_no_violations),
        cmocka_unit_test(what_failed_is_shown_with_its_order),
        cmocka_unit_test(what_differs_is_shown_beside_what_must_be),
        cmocka_unit_test(what_cannot_be_played_is_told_apart),
        cmocka_unit_test(the_play_is_known_by_its_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
