/* What an answer says, as the records of a history: whatever a service may answer, the history stays one that can be read,
 * and says no more than was answered. */
#include "harness/lab/act_parts.h"
#include "harness/lab/crew_parts.h"
#include "suites/self/support_script.h"
#include "suites/self/support_tryout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* 36 bytes, and one more. */
#define LONG_ID "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"
#define OVERLONG_ID LONG_ID "e"

/* One call of one client: slots 0 and 2 are ann's, 1 is bob's, and 4 is the act's own. */
struct scene {
    struct script script;
    struct stage stage;
    struct notebook notebook;
    struct recording *recording;
    struct player player;
};

static void scene_init(struct scene *scene, const char *act) {
    char text[512];
    snprintf(text, sizeof text, "{'interrupts': [{}, {'owner': 'bob'}, {}], 'clients': [{'acts': [{%s}]}]}",
             act);
    *scene = (struct scene){0};
    script_short(&scene->script, text);
    assert_int_equal(stage_init(&scene->stage, &scene->script, "r", NULL), HP_OK);
    scene->stage.start_us = TRYOUT_START_US;
    scene->stage.has_clock = true;
    for (unsigned i = 0; i < 3; i++) {
        snprintf(scene->stage.slots[i].id, STAGE_ID_SIZE, "id-%u", i);
        scene->stage.slots[i].known = true;
    }
    assert_int_equal(notebook_open(&scene->notebook, NULL, NULL), HP_OK);
    assert_int_equal(recording_open(scene->notebook.recorder, &scene->recording, NULL), HP_OK);
    scene->player = (struct player){.stage = &scene->stage, .recording = scene->recording};
}

static void scene_release(struct scene *scene) {
    notebook_close(&scene->notebook);
    stage_release(&scene->stage);
    script_release(&scene->script);
}

/* Between the call and its answer. */
static void carry_out(struct scene *scene, struct outcome *outcome) {
    const struct act *act = &scene->script.clients[0].acts[0];
    struct call_record call;
    call_record_begin(&call, &scene->player, act);
    assert_false(call.failed);
    call_record_end(&call, &scene->player, act, outcome);
    assert_false(call.failed);
    assert_false(scene->stage.failed);
}

static void add_filter(struct text *words, unsigned filter) {
    static const char letters[] = "..prce";
    for (unsigned shown = SHOWN_PENDING; shown < SHOWN_COUNT; shown++) {
        if (filter & 1u << shown) {
            text_add_byte(words, letters[shown]);
        }
    }
}

/* "0 respond id-0 ann-r ok": client, what, on which, as whom or with which filter, and what came of it. */
static void add_operation(struct text *words, const struct history *history,
                          const struct operation *operation) {
    text_addf(words, "%s%s %s %s ", words->length_bytes > 0 ? "; " : "",
              names_text(&history->clients, operation->client), operation_kind_name(operation->kind),
              names_text(&history->key_names, operation->key));
    if (operation->kind == OPERATION_LIST) {
        add_filter(words, operation->filter);
        text_add(words, " ");
    } else if (operation->kind == OPERATION_CREATE) {
        text_addf(words, "%s%s%s ", names_text(&history->users, operation->who),
                  operation->checkpoint ? " checkpoint" : "",
                  operation->expires_ns == HISTORY_NEVER ? "" : " ends");
    } else if (operation->user != NAME_NONE) {
        text_addf(words, "%s ", names_text(&history->users, operation->user));
    }
    operation_result_add(words, history, operation);
}

/* Closes the recording and reads it again. */
static void merge(struct scene *scene, struct history *history) {
    struct hp_problem problem = {0};
    *history = (struct history){0};
    assert_int_equal(recording_close(scene->recording, NULL), HP_OK);
    if (recorder_merge(scene->notebook.folder, history, &problem) != HP_OK) {
        fail_msg("%s", problem.detail);
    }
}

struct row {
    const char *act;
    const char *answer; /* the result; "!name", "!name:status": refused; "": none came */
    const char *records;
    uint32_t client_after;
};

#define GET "'do': 'get'"
#define RESPOND "'do': 'respond'"
#define SHOWN(members) "{'interrupt': {'id': 'id-0', " members "}}"
#define BY(by) "'status': 'resolved', 'response': {'data': {'by': " by "}}"

static const struct row reads[] = {
    {GET, SHOWN("'status': 'pending'"), "0 get id-0 pending", 0},
    {GET, SHOWN("'status': 'cancelled'"), "0 get id-0 cancelled", 0},
    {GET, SHOWN("'status': 'expired'"), "0 get id-0 expired", 0},
    {GET, SHOWN(BY("3")), "0 get id-0 resolved:3", 0},
    {GET, SHOWN(BY("4294967294")), "0 get id-0 resolved:4294967294", 0},
    {GET ", 'as': 'trusted'", SHOWN("'status': 'pending'"), "0 get id-0 pending", 0},
    {GET ", 'as': 'stranger'", SHOWN("'status': 'pending'"), "0 get id-0 pending", 0},
    /* Whose answer it is is not told: then it says nothing that could be checked. */
    {GET, SHOWN("'status': 'resolved'"), "", 0},
    {GET, SHOWN("'status': 'resolved', 'response': null"), "", 0},
    {GET, SHOWN(BY("'3'")), "", 0},
    {GET, SHOWN(BY("-1")), "", 0},
    {GET, SHOWN(BY("3.0")), "", 0},
    {GET, SHOWN(BY("4294967295")), "", 0},
    /* No status. */
    {GET, SHOWN("'status': 7"), "", 0},
    {GET, SHOWN("'status': null"), "", 0},
    {GET, SHOWN("'status': 'open'"), "", 0},
    {GET, SHOWN("'status': 'absent'"), "", 0},
    {GET, SHOWN("'state': 'pending'"), "", 0},
    /* No interrupt, or another. */
    {GET, "{}", "", 0},
    {GET, "[]", "", 0},
    {GET, "{'interrupt': null}", "", 0},
    {GET, "{'interrupt': 'pending'}", "", 0},
    {GET, "{'interrupt': {'status': 'pending'}}", "", 0},
    {GET, "{'interrupt': {'id': 'id-1', 'status': 'cancelled'}}", "", 0},
    {GET, "{'interrupt': {'id': '" OVERLONG_ID "', 'status': 'cancelled'}}", "", 0},
    {GET, "!not_found", "0 get id-0 absent", 0},
    {GET, "!forbidden", "", 0},
    {GET, "!conflict:resolved", "", 0},
    {GET, "!internal", "", 0},
    {GET, "", "", 0},
};

static const struct row writes[] = {
    {RESPOND, SHOWN(BY("0")), "0 respond id-0 ann-r ok", 0},
    {RESPOND, "{}", "0 respond id-0 ann-r ok", 0}, /* accepted, whatever it shows */
    {RESPOND, SHOWN("'status': 'pending'"), "0 respond id-0 ann-r ok", 0},
    {RESPOND ", 'on': 1", "{}", "0 respond id-1 bob-r ok", 0},
    {RESPOND ", 'as': 'stranger'", "!forbidden", "0 respond id-0 bob-r forbidden", 0},
    {RESPOND ", 'on': 1, 'as': 'stranger'", "!forbidden", "0 respond id-1 ann-r forbidden", 0},
    {RESPOND, "!forbidden", "0 respond id-0 ann-r forbidden", 0},
    {RESPOND, "!not_found", "0 respond id-0 ann-r not_found", 0},
    {RESPOND, "!conflict:resolved", "0 respond id-0 ann-r conflict:resolved", 0},
    {RESPOND, "!conflict:cancelled", "0 respond id-0 ann-r conflict:cancelled", 0},
    {RESPOND, "!conflict:expired", "0 respond id-0 ann-r conflict:expired", 0},
    {RESPOND, "!conflict", "0 respond id-0 ann-r conflict", 0},
    {RESPOND, "!conflict:pending", "0 respond id-0 ann-r conflict", 0},
    {RESPOND, "!conflict:open", "0 respond id-0 ann-r conflict", 0},
    /* Whole or not at all, and nobody knows which: the client goes on as another. */
    {RESPOND, "!unavailable", "0 respond id-0 ann-r unknown", 1},
    {RESPOND, "!internal", "0 respond id-0 ann-r unknown", 1},
    {RESPOND, "!invalid", "0 respond id-0 ann-r unknown", 1},
    {RESPOND, "!", "0 respond id-0 ann-r unknown", 1},
    {RESPOND, "", "0 respond id-0 ann-r unknown", 1},
    {"'do': 'cancel', 'reason': true", "{}", "0 cancel id-0 ann-r ok", 0},
    {"'do': 'cancel', 'on': 2, 'as': 'stranger'", "!forbidden", "0 cancel id-2 bob-r forbidden", 0},
    {"'do': 'cancel'", "!conflict:expired", "0 cancel id-0 ann-r conflict:expired", 0},
    {"'do': 'cancel'", "", "0 cancel id-0 ann-r unknown", 1},
};

#define RESUME "'do': 'resume'"
#define GONE_ON(members) "{'envelope': {'interrupt': {'id': 'id-0', " members "}}}"

/* A resumption that gave its response is an answer; what it found answered it has read, and what it had said of itself before stays. */
static const struct row resumptions[] = {
    {RESUME, GONE_ON(BY("0")), "0 respond id-0 ann-r ok", 0},
    {RESUME, GONE_ON(BY("3")), "0 respond id-0 ann-r unknown; 0 get id-0 resolved:3", 1},
    {RESUME, GONE_ON("'status': 'cancelled'"), "0 respond id-0 ann-r unknown; 0 get id-0 cancelled", 1},
    /* Nobody's answer is shown. */
    {RESUME, GONE_ON("'status': 'resolved'"), "0 respond id-0 ann-r unknown", 1},
    /* No interrupt, or another. */
    {RESUME, "{}", "0 respond id-0 ann-r unknown", 1},
    {RESUME, "{'envelope': {'interrupt': {'id': 'id-1', " BY("0") "}}}", "0 respond id-0 ann-r unknown", 1},
    {RESUME ", 'as': 'stranger'", "!forbidden", "0 respond id-0 bob-r forbidden", 0},
    {RESUME, "!not_found", "0 respond id-0 ann-r not_found", 0},
    {RESUME, "!conflict:cancelled", "0 respond id-0 ann-r conflict:cancelled", 0},
    {RESUME, "!conflict:expired", "0 respond id-0 ann-r conflict:expired", 0},
    /* The flow may have gone on behind this very response. */
    {RESUME, "!conflict", "0 respond id-0 ann-r unknown", 1},
    {RESUME, "!conflict:resolved", "0 respond id-0 ann-r unknown", 1},
    {RESUME, "!internal", "0 respond id-0 ann-r unknown", 1},
    {RESUME, "", "0 respond id-0 ann-r unknown", 1},
};

static const struct row checks[] = {
    {"'do': 'check'", "{'allowed': false}", "", 0},
    {"'do': 'check'", "!invalid", "", 0},
    {"'do': 'check'", "", "", 0},
};

#define CREATE "'do': 'create', 'on': 4"
#define CREATED(id) "{'interrupt': {'id': " id "}}"

static const struct row creations[] = {
    {CREATE, CREATED("'id-4'"), "0 create id-4 ann-r ok", 0},
    {CREATE, CREATED("'" LONG_ID "'"), "0 create " LONG_ID " ann-r ok", 0},
    {CREATE ", 'owner': 'bob', 'ttl_seconds': 5", CREATED("'id-4'"), "0 create id-4 bob-r ok", 0},
    {CREATE ", 'kind': 'checkpoint'", CREATED("'id-4'"), "0 create id-4 ann-r checkpoint ok", 0},
    {CREATE, CREATED("'a\\\"b'"), "0 create a\"b ann-r ok", 0},
    {CREATE, CREATED("'" OVERLONG_ID "'"), "", 1},
    {CREATE, CREATED("''"), "", 1},
    {CREATE, CREATED("null"), "", 1},
    {CREATE, CREATED("17"), "", 1},
    {CREATE, "{'id': 'id-4'}", "", 1},
    {CREATE, "!conflict:resolved", "", 1},
    {CREATE, "!unavailable", "", 1},
    {CREATE, "", "", 1},
};

#define SWEEP "'do': 'sweep'"
#define NONE_OF_THEM "0 expire id-0 none; 0 expire id-1 none; 0 expire id-2 none"
#define PERHAPS_THEM "0 expire id-0 unknown; 0 expire id-1 unknown; 0 expire id-2 unknown"

static const struct row sweeps[] = {
    {SWEEP, "{'ids': []}", NONE_OF_THEM, 0},
    {SWEEP, "{'ids': ['id-1']}", "0 expire id-0 none; 0 expire id-1 ok; 0 expire id-2 none", 0},
    {SWEEP, "{'ids': ['id-2', 'id-0', 'id-1']}", "0 expire id-0 ok; 0 expire id-1 ok; 0 expire id-2 ok", 0},
    {SWEEP, "{'ids': ['id-2', 'id-2']}", "0 expire id-0 none; 0 expire id-1 none; 0 expire id-2 ok", 0},
    /* Of another script, or of a creation that is under way. */
    {SWEEP, "{'ids': ['" LONG_ID "']}", NONE_OF_THEM "; 0 expire " LONG_ID " ok", 0},
    {SWEEP, "{'ids': ['x1', 'x2', 'x3', 'x4', 'x5', 'x6']}",
     NONE_OF_THEM
     "; 0 expire x1 ok; 0 expire x2 ok; 0 expire x3 ok; 0 expire x4 ok; 0 expire x5 ok; 0 expire x6 ok",
     0},
    /* What cannot be understood may have expired anything. */
    {SWEEP, "{}", PERHAPS_THEM, 1},
    {SWEEP, "{'ids': null}", PERHAPS_THEM, 1},
    {SWEEP, "{'ids': {'id-0': true}}", PERHAPS_THEM, 1},
    {SWEEP, "{'ids': ['']}", PERHAPS_THEM, 1},
    {SWEEP, "{'ids': [7]}", PERHAPS_THEM, 1},
    {SWEEP, "{'ids': ['" OVERLONG_ID "']}", PERHAPS_THEM, 1},
    {SWEEP, "!unavailable", PERHAPS_THEM, 1},
    {SWEEP, "!conflict:resolved", PERHAPS_THEM, 1},
    {SWEEP, "!not_found", PERHAPS_THEM, 1},
    {SWEEP, "", PERHAPS_THEM, 1},
};

#define LIST "'do': 'list'"
#define ROWS(rows) "{'interrupts': [" rows "]}"
#define ROW(id, status) "{'id': '" id "', 'status': '" status "'}"

static const struct row lists[] = {
    {LIST, ROWS(""), "0 list id-0 p omitted; 0 list id-2 p omitted", 0},
    {LIST ", 'owner': 'bob'", ROWS(""), "0 list id-1 p omitted", 0},
    {LIST ", 'status': 'all'", ROWS(""), "0 list id-0 prce omitted; 0 list id-2 prce omitted", 0},
    {LIST ", 'status': 'resolved'", ROWS(""), "0 list id-0 r omitted; 0 list id-2 r omitted", 0},
    {LIST ", 'status': 'cancelled'", ROWS(""), "0 list id-0 c omitted; 0 list id-2 c omitted", 0},
    {LIST ", 'status': 'expired'", ROWS(ROW("id-2", "expired")),
     "0 list id-0 e omitted; 0 list id-2 e expired", 0},
    {LIST, ROWS(ROW("id-2", "pending") "," ROW("id-0", "pending")),
     "0 list id-0 p pending; 0 list id-2 p pending", 0},
    {LIST ", 'status': 'all'", ROWS("{'id': 'id-0', " BY("2") "}"),
     "0 list id-0 prce resolved:2; 0 list id-2 prce omitted", 0},
    /* What it was not asked for is recorded as it is. */
    {LIST, ROWS("{'id': 'id-0', " BY("2") "}"), "0 list id-0 p resolved:2; 0 list id-2 p omitted", 0},
    {LIST, ROWS(ROW("id-1", "pending")),
     "0 list id-0 p omitted; 0 list id-2 p omitted; 0 list id-1 p pending", 0},
    {LIST, ROWS(ROW("x", "pending")), "0 list id-0 p omitted; 0 list id-2 p omitted; 0 list x p pending", 0},
    /* A row of no status says nothing; one without an id may be any. */
    {LIST, ROWS("{'id': 'id-0', 'status': 5}"), "0 list id-2 p omitted", 0},
    {LIST, ROWS("{'id': 'id-2', 'status': 'resolved'}"), "0 list id-0 p omitted", 0},
    {LIST, ROWS("{'status': 'pending'}"), "", 0},
    {LIST, ROWS("{'id': '', 'status': 'pending'}"), "", 0},
    {LIST, ROWS(ROW("id-0", "pending") ",{'id': '" OVERLONG_ID "', 'status': 'pending'}"), "", 0},
    {LIST, ROWS("'id-0'"), "", 0},
    {LIST, "{}", "", 0},
    {LIST, "{'interrupts': {'id-0': 'pending'}}", "", 0},
    {LIST, "!not_found", "", 0},
    {LIST ", 'owner': 'bob'", "!not_found", "", 0}, /* with exactly one interrupt that it could be about */
    {LIST ", 'owner': 'bob'", "!conflict:resolved", "", 0},
    {LIST ", 'owner': 'bob'", "!forbidden", "", 0},
    {LIST, "", "", 0},
};

#define PENDING "'do': 'pending'"

static const struct row pendings[] = {
    {PENDING, "{'interrupt': null}", "0 list id-0 p omitted; 0 list id-2 p omitted", 0},
    {PENDING, "{}", "0 list id-0 p omitted; 0 list id-2 p omitted", 0}, /* a reader takes it as null */
    {PENDING ", 'owner': 'bob'", "{'interrupt': null}", "0 list id-1 p omitted", 0},
    {PENDING, "{'interrupt': {'id': 'id-2', 'status': 'pending'}}", "0 list id-2 p pending", 0},
    {PENDING, "{'interrupt': {'id': 'id-0', 'status': 'pending'}}", "0 list id-0 p pending", 0},
    {PENDING, "{'interrupt': {'id': 'id-0', 'status': 'expired'}}", "0 list id-0 p expired", 0},
    {PENDING, "{'interrupt': {'id': 'x', 'status': 'pending'}}", "0 list x p pending", 0},
    {PENDING, "{'interrupt': {'id': 'id-0', 'status': 1}}", "", 0},
    {PENDING, "{'interrupt': {'status': 'pending'}}", "", 0},
    {PENDING, "{'interrupt': 5}", "", 0},
    {PENDING ", 'owner': 'bob'", "!not_found", "", 0},
    {PENDING ", 'owner': 'bob'", "", "", 0},
};

static const struct row clocks[] = {
    {"'do': 'clock', 'seconds': 5", "{}", "", 0},
    {"'do': 'clock', 'seconds': 5", "!invalid", "", 0},
    {"'do': 'clock', 'seconds': 5", "", "", 0},
};

/* Makes the outcome of a row's answer. */
static void answer(const char *text, struct outcome *outcome) {
    *outcome = (struct outcome){.end = ACT_LOST};
    if (text[0] == '!') {
        const char *colon = strchr(text, ':');
        outcome->end = ACT_REFUSED;
        snprintf(outcome->error_name, sizeof outcome->error_name, "%.*s",
                 (int)(colon ? (size_t)(colon - text) - 1 : strlen(text) - 1), text + 1);
        text_put(outcome->interrupt_status, sizeof outcome->interrupt_status, colon ? colon + 1 : "");
    } else if (text[0]) {
        outcome->end = ACT_DONE;
        outcome->result = json_short(text);
    }
}

static void check_rows(const struct row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        struct scene scene;
        struct outcome outcome;
        struct history history;
        struct text words = {0};
        scene_init(&scene, rows[i].act);
        answer(rows[i].answer, &outcome);
        carry_out(&scene, &outcome);
        assert_int_equal(recording_client(scene.recording), rows[i].client_after);
        merge(&scene, &history);
        for (size_t j = 0; j < history.count; j++) {
            add_operation(&words, &history, &history.operations[j]);
        }
        const char *got = words.bytes ? words.bytes : "";
        if (strcmp(got, rows[i].records) != 0) {
            fail_msg("%s answered %s: got \"%s\", wanted \"%s\"", rows[i].act, rows[i].answer, got,
                     rows[i].records);
        }
        text_release(&words);
        history_release(&history);
        outcome_release(&outcome);
        scene_release(&scene);
    }
}

#define CHECK(rows) check_rows(rows, sizeof rows / sizeof rows[0])

static void what_resumptions_say(void **state) {
    (void)state;
    CHECK(resumptions);
}

static void checks_are_about_no_interrupt(void **state) {
    (void)state;
    CHECK(checks);
}

static void what_reads_say(void **state) {
    (void)state;
    CHECK(reads);
}

static void what_writes_say(void **state) {
    (void)state;
    CHECK(writes);
}

static void what_creations_say(void **state) {
    (void)state;
    CHECK(creations);
}

static void what_sweeps_say(void **state) {
    (void)state;
    CHECK(sweeps);
}

static void what_lists_say(void **state) {
    (void)state;
    CHECK(lists);
}

static void what_pending_says(void **state) {
    (void)state;
    CHECK(pendings);
}

static void clocks_say_nothing(void **state) {
    (void)state;
    CHECK(clocks);
}

/* Nothing is said of interrupts that nobody has created yet. */
static void only_what_is_known_can_be_omitted(void **state) {
    (void)state;
    static const struct {
        const char *act, *answer, *records;
    } rows[] = {
        {SWEEP, "{'ids': []}", "0 expire id-1 none"},
        {LIST, ROWS(""), ""},
        {LIST ", 'owner': 'bob'", ROWS(""), "0 list id-1 p omitted"},
        {LIST, ROWS(ROW("id-0", "pending")), "0 list id-0 p pending"}, /* its creation is under way */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct scene scene;
        struct outcome outcome;
        struct history history;
        struct text words = {0};
        scene_init(&scene, rows[i].act);
        scene.stage.slots[0].known = false;
        scene.stage.slots[2].known = false;
        answer(rows[i].answer, &outcome);
        carry_out(&scene, &outcome);
        merge(&scene, &history);
        for (size_t j = 0; j < history.count; j++) {
            add_operation(&words, &history, &history.operations[j]);
        }
        assert_string_equal(words.bytes ? words.bytes : "", rows[i].records);
        text_release(&words);
        history_release(&history);
        outcome_release(&outcome);
        scene_release(&scene);
    }
}

/* On the clock of the world the end lies so long after the middle of the call. */
static void without_a_clock_a_creation_has_its_end(void **state) {
    (void)state;
    static const struct {
        const char *act;
        int64_t expires_ns;
    } rows[] = {
        {CREATE ", 'ttl_seconds': 2.5", INT64_C(2500000150)},
        {CREATE ", 'kind': 'timeout'", INT64_C(300000000150)},
        {CREATE ", 'ttl_seconds': null", HISTORY_NEVER},
        {CREATE ", 'kind': 'checkpoint', 'ttl_seconds': 2", HISTORY_NEVER},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct scene scene;
        struct outcome outcome;
        struct history history;
        scene_init(&scene, rows[i].act);
        scene.stage.has_clock = false;
        answer(CREATED("'id-4'"), &outcome);
        outcome.invoke_ns = 100;
        outcome.return_ns = 200;
        carry_out(&scene, &outcome);
        merge(&scene, &history);
        assert_int_equal(history.count, 1);
        assert_int_equal(history.operations[0].expires_ns, rows[i].expires_ns);
        history_release(&history);
        outcome_release(&outcome);
        scene_release(&scene);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_resumptions_say),
        cmocka_unit_test(checks_are_about_no_interrupt),
        cmocka_unit_test(what_reads_say),
        cmocka_unit_test(what_writes_say),
        cmocka_unit_test(what_creations_say),
        cmocka_unit_test(what_sweeps_say),
        cmocka_unit_test(what_lists_say),
        cmocka_unit_test(what_pending_says),
        cmocka_unit_test(clocks_say_nothing),
        cmocka_unit_test(only_what_is_known_can_be_omitted),
        cmocka_unit_test(without_a_clock_a_creation_has_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
