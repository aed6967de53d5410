/* What happens before and after the clients, on a target that answers by a script. */
#include "harness/lab/crew_parts.h"
#include "suites/self/support_fake_target.h"
#include "suites/self/support_script.h"
#include "suites/self/support_tryout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Everything that a backstage stands in. The script has a seed and one interrupt that a client may create. */
struct scene {
    struct fake_target fake;
    struct hello hello;
    struct script script;
    struct crew crew;
    struct performance performance;
    struct notebook notebook;
    struct backstage backstage;
};

static void scene_init(struct scene *scene, const char *capabilities, const struct fake_answer *answers) {
    *scene = (struct scene){0};
    fake_target_init(&scene->fake, capabilities, answers);
    assert_int_equal(target_hello(&scene->fake.target, &scene->hello, NULL), HP_OK);
    script_short(&scene->script, "{'interrupts': [{}], 'clients': [{'acts': [{'do': 'create', 'on': 1}]}]}");
    scene->crew = (struct crew){.target = &scene->fake.target,
                                .hello = &scene->hello,
                                .deadline_ms = 1000,
                                .start_us = TRYOUT_START_US,
                                .reset = true};
    struct performance *performance = &scene->performance;
    assert_int_equal(stage_init(&performance->stage, &scene->script, "r", NULL), HP_OK);
    performance->stage.has_clock = hello_declares(&scene->hello, "clock");
    performance->seeding = calloc(1, sizeof *performance->seeding);
    performance->closing = calloc(2, sizeof *performance->closing);
    assert_true(performance->seeding && performance->closing);
    assert_int_equal(notebook_open(&scene->notebook, NULL, NULL), HP_OK);
}

static enum hp_status open_backstage(struct scene *scene, struct hp_problem *problem) {
    return backstage_open(&scene->backstage, &scene->crew, scene->notebook.recorder, &scene->performance,
                          problem);
}

static void scene_release(struct scene *scene) {
    assert_int_equal(backstage_close(&scene->backstage, NULL), HP_OK);
    assert_int_equal(scene->fake.opened, scene->fake.closed);
    notebook_close(&scene->notebook);
    performance_release(&scene->performance);
    hello_release(&scene->hello);
    script_release(&scene->script);
    fake_target_release(&scene->fake);
}

static const char *calls_of(const struct scene *scene) {
    return scene->fake.calls.bytes ? scene->fake.calls.bytes : "";
}

#define RESULT(method, text)                                                                                 \
    { method, text, NULL, NULL, NULL }
#define REFUSED(method, name)                                                                                \
    { method, NULL, name, NULL, NULL }
#define BROKEN(method)                                                                                       \
    { method, NULL, NULL, NULL, NULL }
#define END                                                                                                  \
    { NULL, NULL, NULL, NULL, NULL }
#define DRAINED(events) RESULT("events.drain", "{\"events\":[" events "]}")
#define RESET "reset {}\n"
#define CLOCK "clock.set {\"now\":\"2025-12-11T09:30:00.000000Z\"}\n"
#define DRAIN "events.drain {}\n"

enum { ANSWERS_MAX = 6 };

static void what_is_promised_is_made_ready(void **state) {
    (void)state;
    static const struct {
        const char *capabilities;
        bool reset;
        struct fake_answer answers[ANSWERS_MAX];
        const char *calls;
    } rows[] = {
        {"[]", true, {END}, ""},
        {"[\"reset\"]", true, {END}, RESET},
        {"[\"reset\"]", false, {END}, ""},
        {"[\"clock\"]", true, {END}, CLOCK},
        {"[\"clock\",\"reset\"]", true, {END}, RESET CLOCK},
        {"[\"events\"]", true, {DRAINED(""), END}, DRAIN},
        {"[\"events\"]",
         false,
         {DRAINED("{\"data\":{\"id\":\"old\"}}"), DRAINED("{}"), DRAINED(""), END},
         DRAIN DRAIN DRAIN},
        {"[\"events\"]", true, {RESULT("events.drain", "{}"), END}, DRAIN},
        {"[\"events\",\"clock\",\"reset\"]", true, {DRAINED(""), END}, RESET CLOCK DRAIN},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct scene scene;
        struct hp_problem problem = {0};
        scene_init(&scene, rows[i].capabilities, rows[i].answers);
        scene.crew.reset = rows[i].reset;
        if (open_backstage(&scene, &problem) != HP_OK) {
            fail_msg("row %zu: %s", i, problem.detail);
        }
        assert_string_equal(calls_of(&scene), rows[i].calls);
        bool clocked = strstr(rows[i].capabilities, "clock") != NULL;
        assert_int_equal(scene.performance.stage.start_us, clocked ? TRYOUT_START_US : INT64_MIN);
        assert_int_equal(scene.performance.has_events, strstr(rows[i].capabilities, "events") != NULL);
        assert_int_equal(json_array_size(scene.performance.events), 0); /* those of before are nobody's */
        scene_release(&scene);
    }
}

static void what_cannot_be_made_ready_is_told(void **state) {
    (void)state;
    static const struct {
        const char *capabilities;
        struct fake_answer answers[ANSWERS_MAX];
        enum hp_status status;
        const char *said;
    } rows[] = {
        {"[\"reset\"]",
         {REFUSED("reset", "internal"), END},
         HP_INVALID,
         "reset of the set-up: internal: because"},
        {"[\"reset\"]", {BROKEN("reset"), END}, HP_UNAVAILABLE, "reset of the set-up: the line is broken"},
        {"[\"clock\"]",
         {REFUSED("clock.set", "invalid"), END},
         HP_INVALID,
         "clock.set of the set-up: invalid: because"},
        {"[\"clock\"]",
         {BROKEN("clock.set"), END},
         HP_UNAVAILABLE,
         "clock.set of the set-up: the line is broken"},
        {"[\"events\"]",
         {REFUSED("events.drain", "unsupported"), END},
         HP_INVALID,
         "events.drain of the set-up: unsupported"},
        {"[\"events\"]",
         {DRAINED("{}"), BROKEN("events.drain"), END},
         HP_UNAVAILABLE,
         "events.drain of the set-up"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct scene scene;
        struct hp_problem problem = {0};
        scene_init(&scene, rows[i].capabilities, rows[i].answers);
        assert_int_equal(open_backstage(&scene, &problem), rows[i].status);
        assert_non_null(strstr(problem.detail, rows[i].said));
        scene_release(&scene);
    }
}

static void a_target_out_of_reach_is_told(void **state) {
    (void)state;
    struct scene scene;
    struct hp_problem problem = {0};
    scene_init(&scene, "[]", NULL);
    scene.fake.open_fails = true;
    assert_int_equal(open_backstage(&scene, &problem), HP_UNAVAILABLE);
    assert_string_equal(problem.detail, "no line to the fake");
    scene_release(&scene);
}

static void events_without_end_are_told(void **state) {
    (void)state;
    enum { DRAINS = 20000 };
    struct fake_answer *answers = calloc(DRAINS + 1, sizeof *answers);
    assert_non_null(answers);
    for (size_t i = 0; i < DRAINS; i++) {
        answers[i] = (struct fake_answer)DRAINED("{}");
    }
    struct scene scene;
    struct hp_problem problem = {0};
    scene_init(&scene, "[\"events\"]", answers);
    assert_int_equal(open_backstage(&scene, &problem), HP_INVALID);
    assert_non_null(strstr(problem.detail, "and there are still events"));
    scene_release(&scene);
    free(answers);
}

static void a_seed_must_come_about(void **state) {
    (void)state;
    static const struct {
        struct fake_answer answers[2];
        enum hp_status status;
        const char *field, *said;
    } rows[] = {
        {{RESULT("interrupt.create", "{\"interrupt\":{\"id\":\"id-0\"}}"), END}, HP_OK, "", ""},
        {{REFUSED("interrupt.create", "unsupported"), END},
         HP_INVALID,
         "",
         "a creation of the set-up was refused: unsupported: because"},
        {{BROKEN("interrupt.create"), END},
         HP_UNAVAILABLE,
         "",
         "a creation of the set-up: the line is broken"},
        {{RESULT("interrupt.create", "{}"), END}, HP_INVALID, "/interrupt/id", "a creation answered no id"},
        {{RESULT("interrupt.create", "{\"interrupt\":{\"id\":\"\"}}"), END},
         HP_INVALID,
         "/interrupt/id",
         "a creation answered no id"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct scene scene;
        struct hp_problem problem = {0};
        scene_init(&scene, "[]", rows[i].answers);
        assert_int_equal(open_backstage(&scene, NULL), HP_OK);
        assert_int_equal(backstage_seed(&scene.backstage, &problem), rows[i].status);
        assert_string_equal(problem.field, rows[i].field);
        assert_string_equal(problem.detail, rows[i].said);
        assert_ptr_equal(strstr(calls_of(&scene), "interrupt.create {\"kind\":\"clarification\""),
                         calls_of(&scene));
        assert_int_equal(stage_find(&scene.performance.stage, "id-0"),
                         rows[i].status == HP_OK ? 0 : SCRIPT_SLOTS_MAX);
        assert_int_not_equal(scene.performance.seeding[0].end, ACT_SKIPPED);
        scene_release(&scene);
    }
}

#define GOT_0 RESULT("interrupt.get", "{\"interrupt\":{\"id\":\"id-0\",\"status\":\"pending\"}}")
#define GET_0 "interrupt.get {\"id\":\"id-0\",\"user_id\":\"ann-r\"}\n"
#define GET_1 "interrupt.get {\"id\":\"id-1\",\"user_id\":\"ann-r\"}\n"
#define EVENT(number, id) "{\"event_id\":" number ",\"data\":{\"id\":\"" id "\"}}"

static void what_is_known_is_read_once_more(void **state) {
    (void)state;
    static const struct {
        const char *capabilities;
        bool created; /* by a client: the slot 1 */
        struct fake_answer answers[ANSWERS_MAX];
        enum hp_status status;
        const char *calls;
        enum act_end ends[2];
        const char *events;
    } rows[] = {
        {"[]", false, {GOT_0, END}, HP_OK, GET_0, {ACT_DONE, ACT_SKIPPED}, "[]"},
        {"[]",
         true,
         {GOT_0, RESULT("interrupt.get", "{}"), END},
         HP_OK,
         GET_0 GET_1,
         {ACT_DONE, ACT_DONE},
         "[]"},
        /* A refusal is for the review to judge. */
        {"[]",
         true,
         {REFUSED("interrupt.get", "not_found"), GOT_0, END},
         HP_OK,
         GET_0 GET_1,
         {ACT_REFUSED, ACT_DONE},
         "[]"},
        {"[]", true, {BROKEN("interrupt.get"), END}, HP_UNAVAILABLE, GET_0, {ACT_LOST, ACT_SKIPPED}, "[]"},
        /* Of the events those of this script, in the order in which they came, over all drains. */
        {"[\"events\"]",
         true,
         {GOT_0, GOT_0, DRAINED(EVENT("1", "id-1") "," EVENT("2", "other") ",{}," EVENT("3", "id-0")),
          DRAINED(EVENT("4", "id-1")), DRAINED("")},
         HP_OK,
         GET_0 GET_1 DRAIN DRAIN DRAIN,
         {ACT_DONE, ACT_DONE},
         "[{'event_id': 1, 'data': {'id': 'id-1'}}, {'event_id': 3, 'data': {'id': 'id-0'}},"
         " {'event_id': 4, 'data': {'id': 'id-1'}}]"},
        /* One that no creation answered is nobody's. */
        {"[\"events\"]",
         false,
         {GOT_0, DRAINED(EVENT("1", "id-1") "," EVENT("2", "id-0")), DRAINED(""), END},
         HP_OK,
         GET_0 DRAIN DRAIN,
         {ACT_DONE, ACT_SKIPPED},
         "[{'event_id': 2, 'data': {'id': 'id-0'}}]"},
        {"[\"events\"]",
         false,
         {GOT_0, BROKEN("events.drain"), END},
         HP_UNAVAILABLE,
         GET_0 DRAIN,
         {ACT_DONE, ACT_SKIPPED},
         "[]"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct scene scene;
        scene_init(&scene, "[]", rows[i].answers);
        assert_int_equal(open_backstage(&scene, NULL), HP_OK);
        scene.performance.has_events = strstr(rows[i].capabilities, "events") != NULL;
        struct slot *slots = scene.performance.stage.slots;
        text_put(slots[0].id, STAGE_ID_SIZE, "id-0");
        text_put(slots[1].id, STAGE_ID_SIZE, "id-1");
        slots[0].known = true;
        slots[1].known = rows[i].created;
        assert_int_equal(backstage_read(&scene.backstage, NULL), rows[i].status);
        assert_string_equal(calls_of(&scene), rows[i].calls);
        assert_int_equal(scene.performance.closing[0].end, rows[i].ends[0]);
        assert_int_equal(scene.performance.closing[1].end, rows[i].ends[1]);
        assert_json(scene.performance.events, rows[i].events);
        scene_release(&scene);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_promised_is_made_ready), cmocka_unit_test(what_cannot_be_made_ready_is_told),
        cmocka_unit_test(a_target_out_of_reach_is_told),  cmocka_unit_test(events_without_end_are_told),
        cmocka_unit_test(a_seed_must_come_about),         cmocka_unit_test(what_is_known_is_read_once_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
