#include "harness/lab/schedule_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/base/folder.h"
#include "suites/self/support_folder.h"

static void what_a_file_says_is_there(void **state) {
    (void)state;
    struct schedule schedule;
    assert_int_equal(schedule_load("fixtures", "held-respond", &schedule, NULL), HP_OK);
    assert_int_equal(schedule.script.client_count, 3);
    assert_int_equal(schedule.script.seed_count, 1);
    assert_int_equal(schedule.script.clients[2].acts[0].kind, ACT_GET);
    assert_int_equal(schedule.actor_count, 4);
    assert_int_equal(schedule.holder_count, 1);
    assert_string_equal(schedule.labels.actors[1], "b");
    assert_string_equal(schedule.labels.actors[3], "h");
    assert_string_equal(schedule.labels.acts[0][0], "answer");
    assert_string_equal(schedule.labels.acts[3][HOLDER_LETS_GO], "let-go");
    assert_int_equal(schedule.order_count, 3);
    assert_string_equal(schedule.orders[1].words, "h.hold b.answer h.let-go a.answer r.read");
    assert_int_equal(schedule.orders[1].permutation.count, 5);
    assert_true(schedule.is_exhaustive);
    assert_int_equal(schedule.preemptions, 0);
    assert_int_equal(schedule.random_count, 0);
    schedule_release(&schedule);
    assert_int_equal(schedule_load("fixtures", "two-servers", &schedule, NULL), HP_OK);
    assert_int_equal(schedule.script.clients[1].endpoint, 1);
    assert_int_equal(schedule.preemptions, 2);
    schedule_release(&schedule);
}

/* Each file is sound, and a case plays it. */
static void every_file_is_sound_and_played(void **state) {
    (void)state;
    struct folder folder;
    struct document cases;
    assert_int_equal(folder_read("fixtures/schedules", &folder, NULL), HP_OK);
    assert_int_equal(document_read("fixtures/cases/concurrency/schedules.json", &cases, NULL), HP_OK);
    assert_true(folder.count >= 18);
    for (size_t i = 0; i < folder.count; i++) {
        struct schedule schedule;
        struct hp_problem problem = {0};
        char name[64] = "", played[96];
        memcpy(name, folder.names[i], strlen(folder.names[i]) - strlen(".json"));
        if (schedule_load("fixtures", name, &schedule, &problem) != HP_OK) {
            fail_msg("%s", problem.detail);
        }
        snprintf(played, sizeof played, "\"args\": {\"schedule\": \"%s\"}", name);
        assert_non_null(strstr(cases.text, played));
        schedule_release(&schedule);
    }
    document_release(&cases);
    folder_release(&folder);
}

#define START "{\"$schema\":\"x\",\"title\":\"t\",\"interrupts\":[{\"kind\":\"checkpoint\"}],"
#define A(steps) "{\"name\":\"a\",\"steps\":[" steps "]}"
#define GET "{\"name\":\"read\",\"do\":\"get\",\"on\":0}"
#define RANDOM "\"random\":{\"count\":1}"

static void a_wrong_file_is_refused_with_line_and_path(void **state) {
    (void)state;
    static const struct {
        const char *schedule, *detail;
    } rows[] = {
        {START "\"sessions\":[" A(GET) "]}", "one.json:1: at the top: expected the key \"permutations\""},
        {START "\n\"sessions\":[" A("{\"name\":\"read\",\"do\":\"look\"}") "]," RANDOM "}",
         "one.json:2: at /sessions/0/steps/0/do: expected one of [\"create\""},
        {START "\n\"sessions\":[" A("{\"name\":\"read\",\"do\":\"get\",\"on\":4}") "]," RANDOM "}",
         "one.json:2: at /sessions/0/steps/0/on: expected a slot that a seed or a create fills"},
        {START "\"sessions\":[\n" A(GET) ",\n" A(GET) "]," RANDOM "}",
         "one.json:3: at /sessions/1/name: expected a name of its own, got \"a\" again"},
        {START "\"sessions\":[" A(GET ",\n" GET) "]," RANDOM "}",
         "one.json:2: at /sessions/0/steps/1/name: expected a name of its own, got \"read\" again"},
        {START "\"sessions\":[" A(GET) "],\n\"holders\":[{\"name\":\"h\",\"on\":1}]," RANDOM "}",
         "one.json:2: at /holders/0/on: expected one of the interrupts that are there at the begin"},
        {START "\"sessions\":[" A(GET) "],\n\"holders\":[{\"name\":\"a\",\"on\":0}]," RANDOM "}",
         "one.json:2: at /holders/0/name: expected a name of its own, got \"a\" again"},
        {START "\"sessions\":[" A(GET) "],\n\"permutations\":[{\"order\":\"a.write\",\"shows\":[\"x\"]}]}",
         "one.json:2: at /permutations/0/order: \"a.write\" names no step; there are a.read"},
        {START "\"sessions\":[" A(GET) "],\n\"permutations\":[{\"order\":\"a,read\",\"shows\":[\"x\"]}]}",
         "one.json:2: at /permutations/0/order: expected"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct schedule schedule;
        struct hp_problem problem = {0};
        const char *fixtures = fixtures_of_schedule(rows[i].schedule);
        assert_non_null(fixtures);
        assert_int_equal(schedule_load(fixtures, "one", &schedule, &problem), HP_INVALID);
        if (!strstr(problem.detail, rows[i].detail)) {
            fail_msg("row %zu: %s", i, problem.detail);
        }
        schedule_release(&schedule);
        fixtures_remove();
    }
}

static void a_name_that_is_none_is_refused(void **state) {
    (void)state;
    static const char *const names[] = {"", "../cases/one", "One", "a.json"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct schedule schedule;
        struct hp_problem problem = {0};
        assert_int_equal(schedule_load("fixtures", names[i], &schedule, &problem), HP_INVALID);
        assert_non_null(strstr(problem.detail, "is no schedule; expected the name of a file in schedules"));
        schedule_release(&schedule);
    }
    struct schedule schedule;
    struct hp_problem problem = {0};
    assert_int_equal(schedule_load("fixtures", "nowhere", &schedule, &problem), HP_UNAVAILABLE);
    assert_non_null(strstr(problem.detail, "fixtures/schedules/nowhere.json: No such file"));
    schedule_release(&schedule);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_file_says_is_there),
        cmocka_unit_test(every_file_is_sound_and_played),
        cmocka_unit_test(a_wrong_file_is_refused_with_line_and_path),
        cmocka_unit_test(a_name_that_is_none_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
