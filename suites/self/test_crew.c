/* A crew on the reference: what comes of a script, and what is told when it cannot be played. */
#define _GNU_SOURCE /* pthread_setattr_default_np */

#include "harness/adapters/in_process.h"
#include "harness/lab/review.h"
#include "suites/self/support_script.h"
#include "suites/self/support_tryout.h"

#include <dirent.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

/* All kinds of acts, by three clients on both endpoints. */
#define EVERYTHING                                                                                           \
    "{'interrupts': [{'ttl_seconds': 60}, {'kind': 'confirmation', 'owner': 'bob'}, {'kind': "               \
    "'checkpoint'}],"                                                                                        \
    " 'clients': ["                                                                                          \
    "{'endpoint': 1, 'acts': [{'do': 'create', 'on': 3, 'owner': 'bob', 'ttl_seconds': 30}, {'do': 'get', "  \
    "'on': 1},"                                                                                              \
    " {'do': 'respond', 'on': 1}, {'do': 'list', 'status': 'all', 'limit': 1}]},"                            \
    "{'acts': [{'do': 'respond', 'on': 1}, {'do': 'cancel', 'on': 2, 'reason': true}, {'do': 'pending'},"    \
    " {'do': 'get', 'on': 1, 'as': 'stranger'}]},"                                                           \
    "{'endpoint': 1, 'acts': [{'do': 'clock', 'seconds': 10}, {'do': 'clock', 'seconds': 61}, {'do': "       \
    "'sweep'},"                                                                                              \
    " {'do': 'list', 'owner': 'bob', 'status': 'expired'}]}]}"

static void assert_no_findings(const struct performance *performance) {
    struct review review;
    assert_int_equal(review_make(performance, 0, &review, NULL), HP_OK);
    for (size_t i = 0; i < review.count; i++) {
        fail_msg("%s: %s", finding_class_name(review.findings[i].class), review.findings[i].sentence);
    }
    assert_false(review.undecided);
    review_release(&review);
}

/* What holds of every performance that was played to its end. */
static void assert_whole(const struct performance *performance) {
    const struct script *script = performance->stage.script;
    for (unsigned i = 0; i < script->seed_count; i++) {
        assert_int_equal(performance->seeding[i].end, ACT_DONE);
    }
    for (unsigned i = 0; i < performance->stage.slot_count; i++) {
        assert_int_equal(performance->closing[i].end, ACT_DONE);
        assert_int_equal(stage_find(&performance->stage, performance->stage.slots[i].id), i);
    }
    for (size_t i = 0; i < script->client_count; i++) {
        int64_t before_ns = performance->stage.began_ns;
        for (size_t j = 0; j < script->clients[i].act_count; j++) {
            const struct outcome *outcome = &performance->outcomes[i][j];
            assert_true(outcome->end == ACT_DONE || outcome->end == ACT_REFUSED);
            assert_true(script->clients[i].acts[j].kind == ACT_CLOCK ||
                        (outcome->result != NULL) == (outcome->end == ACT_DONE));
            assert_true(before_ns <= outcome->invoke_ns && outcome->invoke_ns <= outcome->return_ns);
            before_ns = outcome->return_ns;
        }
    }
    assert_int_equal(performance->lost, 0);
    for (size_t i = 0; i < json_array_size(performance->events); i++) {
        const json_t *data = json_object_get(json_array_get(performance->events, i), "data");
        const char *id = json_string_value(json_object_get(data, "id"));
        assert_true(stage_find(&performance->stage, id) < performance->stage.slot_count);
    }
}

static void in_turn_each_plays_to_its_end(void **state) {
    (void)state;
    struct tryout tryout;
    tryout_init(&tryout, EVERYTHING, NULL, NULL);
    assert_int_equal(tryout_play(&tryout, NULL), HP_OK);
    const struct performance *performance = &tryout.performance;
    assert_whole(performance);
    assert_no_findings(performance);
    assert_int_equal(performance->overlaps, 0);
    for (size_t i = 1; i < 3; i++) {
        assert_true(performance->outcomes[i - 1][3].return_ns <= performance->outcomes[i][0].invoke_ns);
    }
    /* The numbers of who answers: the set-up is 0, then come the clients. */
    assert_int_equal(interrupt_answered_by(json_object_get(performance->closing[1].result, "interrupt")), 1);
    char *words = history_words(performance);
    assert_string_equal(
        words, "0 create #0 ok\n1 list #0 pending\n2 list #0 pending\n3 expire #0 ok\n0 get #0 expired\n"
               "0 create #1 ok\n1 get #1 pending\n1 respond #1 ok\n2 respond #1 conflict:resolved\n"
               "3 expire #1 none\n3 list #1 omitted\n0 get #1 resolved:1\n"
               "0 create #2 ok\n1 list #2 pending\n2 cancel #2 ok\n3 expire #2 none\n0 get #2 cancelled\n"
               "1 create #3 ok\n3 expire #3 ok\n3 list #3 expired\n0 get #3 expired\n");
    free(words);
    tryout_release(&tryout);
}

static void at_once_all_play_to_their_end(void **state) {
    (void)state;
    struct tryout tryout;
    tryout_init(&tryout, EVERYTHING, NULL, NULL);
    tryout.crew.in_turn = false;
    for (unsigned i = 0; i < 20; i++) {
        tryout.crew.number = i;
        assert_int_equal(tryout_play(&tryout, NULL), HP_OK);
        char number[16];
        snprintf(number, sizeof number, "%u", i);
        assert_string_equal(tryout.performance.stage.run, number);
        assert_whole(&tryout.performance);
        assert_no_findings(&tryout.performance);
    }
    tryout_release(&tryout);
}

static void a_crew_of_one_needs_no_thread(void **state) {
    (void)state;
    struct tryout tryout;
    tryout_init(&tryout, "{'interrupts': [{}], 'clients': [{'acts': [{'do': 'respond'}]}]}", NULL, NULL);
    tryout.crew.in_turn = false;
    assert_int_equal(tryout_play(&tryout, NULL), HP_OK);
    assert_whole(&tryout.performance);
    assert_int_equal(tryout.performance.overlaps, 0);
    tryout_release(&tryout);
}

/* What stands between a target and its crew: a get waits until all clients are at theirs. */
struct meeting {
    struct target target;
    struct target *inner;
    pthread_mutex_t lock;
    pthread_cond_t all_there;
    unsigned there, expected;
    bool missed;
};

struct meeting_session {
    struct session session;
    struct session *inner;
};

static void meet(struct meeting *meeting) {
    struct timespec deadline;
    clock_gettime(CLOCK_REALTIME, &deadline);
    deadline.tv_sec += 20;
    pthread_mutex_lock(&meeting->lock);
    if (++meeting->there == meeting->expected) {
        pthread_cond_broadcast(&meeting->all_there);
    }
    while (meeting->there < meeting->expected && !meeting->missed) {
        meeting->missed = pthread_cond_timedwait(&meeting->all_there, &meeting->lock, &deadline) != 0;
    }
    pthread_mutex_unlock(&meeting->lock);
}

static enum hp_status meeting_start(struct session *session, const struct request *request, unsigned *ticket,
                                    struct hp_problem *problem) {
    struct session *inner = ((struct meeting_session *)session)->inner;
    if (strcmp(request->method, "interrupt.list") == 0) {
        meet((struct meeting *)session->target);
    }
    return inner->ops->start(inner, request, ticket, problem);
}

static enum poll_state meeting_poll(struct session *session, unsigned ticket, unsigned timeout_ms,
                                    struct answer *answer) {
    struct session *inner = ((struct meeting_session *)session)->inner;
    return inner->ops->poll(inner, ticket, timeout_ms, answer);
}

static void meeting_close(struct session *session) {
    session_close(((struct meeting_session *)session)->inner);
    free(session);
}

static const struct session_ops meeting_session_ops = {meeting_start, meeting_poll, meeting_close};

static enum hp_status meeting_open(struct target *target, unsigned endpoint, struct session **session,
                                   struct hp_problem *problem) {
    struct meeting_session *own = calloc(1, sizeof *own);
    assert_non_null(own);
    own->session = (struct session){&meeting_session_ops, target};
    *session = &own->session;
    return target_open(((struct meeting *)target)->inner, endpoint, &own->inner, problem);
}

static const struct target_ops meeting_ops = {.open = meeting_open};

/* If they took turns, the first would wait for ever. */
static void all_clients_are_there_at_once(void **state) {
    (void)state;
    enum { CLIENTS = 8 };
    struct tryout tryout;
    struct text script = {0};
    text_add(&script, "{'interrupts': [{}], 'clients': [{'acts': [{'do': 'list'}]}");
    for (int i = 1; i < CLIENTS; i++) {
        text_add(&script, ", {'acts': [{'do': 'list'}]}");
    }
    text_add(&script, "]}");
    tryout_init(&tryout, script.bytes, NULL, NULL);
    struct meeting meeting = {.target = {&meeting_ops},
                              .inner = tryout.target,
                              .lock = PTHREAD_MUTEX_INITIALIZER,
                              .all_there = PTHREAD_COND_INITIALIZER,
                              .expected = CLIENTS};
    tryout.crew.target = &meeting.target;
    tryout.crew.in_turn = false;
    assert_int_equal(tryout_play(&tryout, NULL), HP_OK);
    assert_false(meeting.missed);
    assert_int_equal(meeting.there, CLIENTS);
    assert_whole(&tryout.performance);
    assert_int_equal(tryout.performance.overlaps, CLIENTS * (CLIENTS - 1) / 2);
    tryout_release(&tryout);
    text_release(&script);
}

/* Two performances on one target that is not emptied in between: each sees its own interrupts only. */
static void without_a_reset_each_has_its_own(void **state) {
    (void)state;
    static const struct {
        const char *without;
        bool reset, fresh;
    } rows[] = {{NULL, true, false}, {NULL, false, true}, {"reset", true, true}, {"reset", false, true}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct tryout tryout;
        char first[STAGE_NAME_SIZE];
        tryout_init(
            &tryout,
            "{'interrupts': [{'ttl_seconds': 60}, {'ttl_seconds': 60}], 'clients': [{'acts': [{'do': 'list'},"
            " {'do': 'pending'}, {'do': 'respond', 'on': 1}, {'do': 'list', 'status': 'all'}]}]}",
            NULL, rows[i].without);
        tryout.crew.reset = rows[i].reset;
        assert_int_equal(tryout_play(&tryout, NULL), HP_OK);
        assert_whole(&tryout.performance);
        assert_no_findings(&tryout.performance);
        snprintf(first, sizeof first, "%s", tryout.performance.stage.run);
        assert_int_equal(tryout_play(&tryout, NULL), HP_OK);
        assert_whole(&tryout.performance);
        assert_no_findings(&tryout.performance);
        assert_int_equal(strcmp(first, tryout.performance.stage.run) != 0, rows[i].fresh);
        const json_t *rows_shown = json_object_get(tryout.performance.outcomes[0][3].result, "interrupts");
        assert_int_equal(json_array_size(rows_shown), 2);
        assert_int_equal(json_array_size(tryout.performance.events), 3);
        tryout_release(&tryout);
    }
}

/* On a target whose clock nobody sets, time is that of the world. */
static void without_a_clock_time_passes(void **state) {
    (void)state;
    struct tryout tryout;
    tryout_init(
        &tryout,
        "{'interrupts': [{'ttl_seconds': 0.02}, {}], 'clients': [{'acts': [{'do': 'clock', 'seconds': 0.05},"
        " {'do': 'respond'}, {'do': 'sweep'}, {'do': 'respond', 'on': 1}]}]}",
        NULL, "clock");
    assert_int_equal(tryout_play(&tryout, NULL), HP_OK);
    const struct performance *performance = &tryout.performance;
    assert_false(performance->stage.has_clock);
    assert_whole(performance);
    assert_no_findings(performance);
    assert_string_equal(performance->outcomes[0][1].interrupt_status, "expired");
    assert_int_equal(performance->outcomes[0][3].end, ACT_DONE);
    assert_true(performance->windows[0].from_ns < performance->outcomes[0][1].invoke_ns);
    tryout_release(&tryout);
}

/* After a lost answer the session is of no more use, and its client stops; others go on. */
static void a_lost_answer_ends_its_client(void **state) {
    (void)state;
    static const struct tamper tampers[] = {{.method = "interrupt.respond", .nth = 1, .lost = true}, {0}};
    struct tryout tryout;
    tryout_init(
        &tryout,
        "{'interrupts': [{}], 'clients': [{'acts': [{'do': 'get'}, {'do': 'respond'}, {'do': 'get'}]},"
        " {'acts': [{'do': 'respond'}, {'do': 'get'}]}]}",
        tampers, NULL);
    assert_int_equal(tryout_play(&tryout, NULL), HP_OK);
    struct outcome *const *outcomes = tryout.performance.outcomes;
    assert_int_equal(outcomes[0][0].end, ACT_DONE);
    assert_int_equal(outcomes[0][1].end, ACT_LOST);
    assert_int_equal(outcomes[0][2].end, ACT_SKIPPED);
    assert_int_equal(outcomes[1][0].end, ACT_REFUSED);
    assert_int_equal(outcomes[1][1].end, ACT_DONE);
    assert_int_equal(tryout.performance.lost, 1);
    assert_string_equal(tryout.performance.lost_why, "the line is broken");
    char *words = history_words(&tryout.performance);
    assert_string_equal(words, "0 create #0 ok\n1 get #0 pending\n1 respond #0 unknown\n"
                               "2 respond #0 conflict:resolved\n2 get #0 resolved:1\n0 get #0 resolved:1\n");
    free(words);
    assert_no_findings(&tryout.performance);
    tryout_release(&tryout);
}

/* A creation that was refused leaves its slot empty, and whoever works on it does not. */
static void a_refused_creation_leaves_its_slot_empty(void **state) {
    (void)state;
    static const struct tamper tampers[] = {
        {.method = "interrupt.create", .nth = 2, .refused = "unavailable", .undone = true}, {0}};
    struct tryout tryout;
    tryout_init(
        &tryout,
        "{'interrupts': [{}], 'clients': [{'acts': [{'do': 'create', 'on': 1}, {'do': 'respond', 'on': 1},"
        " {'do': 'respond'}]}]}",
        tampers, NULL);
    assert_int_equal(tryout_play(&tryout, NULL), HP_OK);
    assert_int_equal(tryout.performance.outcomes[0][0].end, ACT_REFUSED);
    assert_int_equal(tryout.performance.outcomes[0][1].end, ACT_SKIPPED);
    assert_int_equal(tryout.performance.outcomes[0][2].end, ACT_DONE);
    assert_int_equal(tryout.performance.closing[0].end, ACT_DONE);
    assert_int_equal(tryout.performance.closing[1].end, ACT_SKIPPED);
    tryout_release(&tryout);
}

/* Whatever goes wrong is told, and what there is of the performance may be released. */
static void what_cannot_be_played_is_told(void **state) {
    (void)state;
#define ONE "{'interrupts': [{}], 'clients': [{'acts': [{'do': 'respond'}]}]}"
    static const struct {
        const char *script;
        struct tamper tampers[2];
        enum hp_status status;
        const char *said;
    } rows[] = {
        {ONE,
         {{.method = "reset", .refused = "internal"}, {0}},
         HP_INVALID,
         "reset of the set-up: internal: because"},
        {ONE,
         {{.method = "clock.set", .lost = true}, {0}},
         HP_UNAVAILABLE,
         "clock.set of the set-up: the line is broken"},
        {ONE,
         {{.method = "interrupt.create", .refused = "unavailable"}, {0}},
         HP_INVALID,
         "a creation of the set-up was refused: unavailable: because"},
        {ONE,
         {{.method = "interrupt.create", .lost = true}, {0}},
         HP_UNAVAILABLE,
         "a creation of the set-up: the line is broken"},
        {ONE,
         {{.method = "interrupt.create", .changes = "[{'set': '/interrupt/id', 'to': ''}]"}, {0}},
         HP_INVALID,
         "a creation answered no id"},
        {ONE,
         {{.method = "interrupt.get", .lost = true}, {0}},
         HP_UNAVAILABLE,
         "the closing get: the line is broken"},
        {ONE,
         {{.method = "events.drain", .nth = 2, .refused = "internal"}, {0}},
         HP_INVALID,
         "events.drain of the set-up: internal"},
        {"{'clients': [{'acts': []}, {'endpoint': 2, 'acts': []}]}",
         {{0}},
         HP_INVALID,
         "the script names endpoint 2, and the target has 2 of them, from 0 on"},
    };
    for (size_t i = 0; i < 2 * sizeof rows / sizeof rows[0]; i++) {
        struct tryout tryout;
        struct hp_problem problem = {0};
        tryout_init(&tryout, rows[i / 2].script, rows[i / 2].tampers, NULL);
        tryout.crew.in_turn = i % 2 == 0;
        assert_int_equal(tryout_play(&tryout, &problem), rows[i / 2].status);
        if (!strstr(problem.detail, rows[i / 2].said)) {
            fail_msg("%s", problem.detail);
        }
        tryout_release(&tryout);
    }
}

/* A target that opens so many sessions and no more. */
struct narrow {
    struct target target;
    struct target *inner;
    unsigned left;
};

static enum hp_status narrow_open(struct target *target, unsigned endpoint, struct session **session,
                                  struct hp_problem *problem) {
    struct narrow *narrow = (struct narrow *)target;
    if (narrow->left == 0) {
        return hp_problem_set(problem, HP_UNAVAILABLE, NULL, "no more lines");
    }
    narrow->left--;
    return target_open(narrow->inner, endpoint, session, problem);
}

static const struct target_ops narrow_ops = {.open = narrow_open};

static void a_session_that_cannot_be_opened_is_told(void **state) {
    (void)state;
    for (unsigned sessions = 0; sessions < 5; sessions++) {
        struct tryout tryout;
        struct hp_problem problem = {0};
        tryout_init(&tryout, EVERYTHING, NULL, NULL);
        struct narrow narrow = {{&narrow_ops}, tryout.target, sessions};
        tryout.crew.target = &narrow.target;
        tryout.crew.in_turn = false;
        /* One for before and after, and three clients. */
        assert_int_equal(tryout_play(&tryout, &problem), sessions < 4 ? HP_UNAVAILABLE : HP_OK);
        assert_string_equal(problem.detail, sessions < 4 ? "no more lines" : "");
        tryout_release(&tryout);
    }
}

/* Threads whose stacks find no room. */
static void a_thread_that_cannot_be_started_is_told(void **state) {
    (void)state;
    pthread_attr_t before, huge;
    struct tryout tryout;
    struct hp_problem problem = {0};
    tryout_init(&tryout, EVERYTHING, NULL, NULL);
    tryout.crew.in_turn = false;
    assert_int_equal(pthread_getattr_default_np(&before), 0);
    assert_int_equal(pthread_getattr_default_np(&huge), 0);
    assert_int_equal(pthread_attr_setstacksize(&huge, (size_t)1 << 48), 0);
    assert_int_equal(pthread_setattr_default_np(&huge), 0);
    enum hp_status status = tryout_play(&tryout, &problem);
    assert_int_equal(pthread_setattr_default_np(&before), 0);
    assert_int_equal(status, HP_UNAVAILABLE);
    assert_string_equal(problem.detail, "client 1 of 3 could not be started");
    pthread_attr_destroy(&before);
    pthread_attr_destroy(&huge);
    tryout_release(&tryout);
}

static void a_given_folder_is_left_empty(void **state) {
    (void)state;
    char folder[] = "/tmp/holdpoint-crew-XXXXXX";
    struct tryout tryout;
    struct performance performance;
    assert_non_null(mkdtemp(folder));
    tryout_init(&tryout, EVERYTHING, NULL, NULL);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(crew_play(&tryout.crew, &tryout.script, folder, &performance, NULL), HP_OK);
        assert_whole(&performance);
        performance_release(&performance);
    }
    assert_int_equal(rmdir(folder), 0); /* only an empty one can be removed */
    struct hp_problem problem = {0};
    assert_int_equal(crew_play(&tryout.crew, &tryout.script, folder, &performance, &problem), HP_UNAVAILABLE);
    assert_non_null(strstr(problem.detail, "No such file or directory"));
    performance_release(&performance);
    tryout_release(&tryout);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_turn_each_plays_to_its_end),
        cmocka_unit_test(at_once_all_play_to_their_end),
        cmocka_unit_test(a_crew_of_one_needs_no_thread),
        cmocka_unit_test(all_clients_are_there_at_once),
        cmocka_unit_test(without_a_reset_each_has_its_own),
        cmocka_unit_test(without_a_clock_time_passes),
        cmocka_unit_test(a_lost_answer_ends_its_client),
        cmocka_unit_test(a_refused_creation_leaves_its_slot_empty),
        cmocka_unit_test(what_cannot_be_played_is_told),
        cmocka_unit_test(a_session_that_cannot_be_opened_is_told),
        cmocka_unit_test(a_thread_that_cannot_be_started_is_told),
        cmocka_unit_test(a_given_folder_is_left_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
