/* The target postgres with its second process, over a throwaway server. */
#include "harness/adapters/in_process.h"
#include "harness/adapters/second_process.h"
#include "suites/self/support_cluster.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PATIENCE_MS = 20000, ENDPOINTS = 3, ROUNDS = 40, PARAMS_SIZE = 256 };

#define CREATE                                                                                               \
    "{\"kind\":\"confirmation\",\"request_id\":\"r\",\"user_id\":\"ann\",\"session_id\":\"s\",\"ttl_"        \
    "seconds\":60}"
#define LIST "{\"user_id\":\"ann\",\"status\":\"all\"}"

struct fixture {
    struct target *target;
    struct session *sessions[ENDPOINTS];
    struct answer answer;
    struct text log;
};

static char holdpoint[512];

/* The second process says who it is, whatever the tests before left in the environment. */
static int set_up(void **state) {
    *state = calloc(1, sizeof(struct fixture));
    return *state && setenv("HOLDPOINT_SECOND", holdpoint, 1) == 0 &&
                   setenv("HOLDPOINT", "suites/self/children/second.sh", 1) == 0
               ? 0
               : -1;
}

static void close_sessions(struct fixture *fixture) {
    for (size_t i = 0; i < ENDPOINTS; i++) {
        session_close(fixture->sessions[i]);
        fixture->sessions[i] = NULL;
    }
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;
    answer_release(&fixture->answer);
    close_sessions(fixture);
    target_free(fixture->target);
    text_release(&fixture->log);
    free(fixture);
    return 0;
}

static void make_target(struct fixture *fixture, const char *conninfo) {
    struct target *inner = NULL;
    assert_int_equal(in_process_postgres_new(conninfo, &inner, NULL), HP_OK);
    if (second_process_new(inner, PATIENCE_MS, &fixture->target, NULL) != HP_OK) {
        target_free(inner);
        fail();
    }
}

static void call(struct session *session, const char *method, const char *params, struct answer *answer) {
    const struct request request = {method, params, strlen(params), false};
    answer_release(answer);
    session_call(session, &request, PATIENCE_MS, answer);
}

/* Calls on an endpoint, whose session is opened when it is not yet. */
static const struct answer *ask(struct fixture *fixture, unsigned endpoint, const char *method,
                                const char *params) {
    struct session **session = &fixture->sessions[endpoint];
    struct hp_problem problem = {0};
    if (!*session && target_open(fixture->target, endpoint, session, &problem) != HP_OK) {
        fail_msg("open: %s", problem.detail);
    }
    call(*session, method, params, &fixture->answer);
    return &fixture->answer;
}

static const struct answer *must(const struct answer *answer) {
    if (answer->kind != ANSWER_RESULT) {
        fail_msg("%s %s", answer->error_name, answer->detail);
    }
    return answer;
}

static json_int_t total(struct fixture *fixture, unsigned endpoint) {
    return json_integer_value(
        json_object_get(must(ask(fixture, endpoint, "interrupt.list", LIST))->result, "total"));
}

static const char *member(const struct answer *answer, const char *name) {
    return json_string_value(json_object_get(json_object_get(must(answer)->result, "interrupt"), name));
}

/* The process that last said who it is; 0 when none did since the last call. */
static pid_t second_process(struct fixture *fixture) {
    text_clear(&fixture->log);
    target_take_log(fixture->target, &fixture->log);
    const char *at = fixture->log.bytes ? strstr(fixture->log.bytes, "process ") : NULL;
    return at ? (pid_t)strtol(at + strlen("process "), NULL, 10) : 0;
}

static void the_hello_has_one_endpoint_more(void **state) {
    struct fixture *fixture = *state;
    struct hello hello = {0};
    struct session *none = NULL;
    make_target(fixture, support_conninfo());
    assert_int_equal(target_hello(fixture->target, &hello, NULL), HP_OK);
    bool declared = hello_declares(&hello, "processes") && hello_declares(&hello, "concurrent");
    assert_int_equal(hello.endpoints, ENDPOINTS);
    hello_release(&hello);
    assert_true(declared);
    assert_int_equal(target_open(fixture->target, ENDPOINTS, &none, NULL), HP_INVALID);
}

static void both_see_one_state_and_one_clock(void **state) {
    struct fixture *fixture = *state;
    char id[64], get[PARAMS_SIZE];
    make_target(fixture, support_conninfo());
    must(ask(fixture, 0, "clock.set", "{\"now\":\"2030-01-01T00:00:00Z\"}"));
    /* It starts now, and finds the clock set. */
    const struct answer *created = ask(fixture, 2, "interrupt.create", CREATE);
    assert_string_equal(member(created, "created_at"), "2030-01-01T00:00:00.000000Z");
    snprintf(id, sizeof id, "%s", member(created, "id"));
    snprintf(get, sizeof get, "{\"id\":\"%s\"}", id);
    assert_string_equal(member(ask(fixture, 0, "interrupt.get", get), "id"), id);
    /* Set on either side it counts on both. */
    static const struct {
        unsigned endpoint;
        const char *now, *status;
    } rows[] = {{1, "{\"now\":\"2030-01-01T00:01:00Z\"}", "pending"},
                {2, "{\"now\":\"2030-01-01T00:01:00.000001Z\"}", "expired"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        must(ask(fixture, rows[i].endpoint, "clock.set", rows[i].now));
        for (unsigned j = 0; j < ENDPOINTS; j++) {
            assert_string_equal(member(ask(fixture, j, "interrupt.get", get), "status"), rows[i].status);
        }
    }
    assert_int_equal(ask(fixture, 0, "clock.set", "{\"now\":\"2029-01-01T00:00:00Z\"}")->kind,
                     ANSWER_REFUSED);
    /* And so with a reset. */
    for (unsigned i = ENDPOINTS; i-- > 0;) {
        must(ask(fixture, i, "interrupt.create", CREATE));
        must(ask(fixture, i, "reset", "{}"));
        must(ask(fixture, (i + 1) % ENDPOINTS, "clock.set", "{\"now\":\"2001-01-01T00:00:00Z\"}"));
        assert_int_equal(total(fixture, 0), 0);
        assert_int_equal(total(fixture, 2), 0);
        assert_string_equal(member(ask(fixture, 2, "interrupt.create", CREATE), "created_at"),
                            "2001-01-01T00:00:00.000000Z");
    }
}

/* One that cannot be started shows that nothing but its own endpoint starts it. */
static void it_starts_only_when_it_is_needed(void **state) {
    struct fixture *fixture = *state;
    struct hp_problem problem = {0};
    struct session *none = NULL;
    struct text conninfo = {0};
    text_addf(&conninfo, "%s password='s3cr3t'", support_conninfo());
    setenv("HOLDPOINT", "/nowhere/holdpoint", 1);
    make_target(fixture, conninfo.bytes);
    text_release(&conninfo);
    for (unsigned i = 0; i < 2; i++) {
        must(ask(fixture, i, "clock.set", "{\"now\":\"2030-01-01T00:00:00Z\"}"));
        must(ask(fixture, i, "interrupt.create", CREATE));
        must(ask(fixture, i, "reset", "{}"));
    }
    assert_int_equal(second_process(fixture), 0);
    assert_int_equal(target_open(fixture->target, 2, &none, &problem), HP_UNAVAILABLE);
    assert_null(none);
    assert_non_null(strstr(problem.detail, "the second process: "));
    assert_non_null(strstr(problem.detail, "no such command"));
    assert_null(strstr(problem.detail, "s3cr3t"));
    assert_null(strstr(problem.detail, "attached:"));
    /* The others go on. */
    must(ask(fixture, 0, "reset", "{}"));
}

static void a_conninfo_may_hold_anything(void **state) {
    static const char *const rows[] = {" application_name='it\\'s \"a\" $HOME `id`;'",
                                       " password='p@ss \\\\ word'"};
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct text conninfo = {0};
        text_addf(&conninfo, "%s%s", support_conninfo(), rows[i]);
        make_target(fixture, conninfo.bytes);
        text_release(&conninfo);
        must(ask(fixture, 2, "interrupt.create", CREATE));
        assert_int_equal(total(fixture, 0), 1);
        close_sessions(fixture);
        target_free(fixture->target);
        fixture->target = NULL;
    }
}

struct racer {
    struct session *session;
    pthread_barrier_t *barrier;
    const char *params;
    struct answer answer;
};

static void *respond(void *argument) {
    struct racer *racer = argument;
    pthread_barrier_wait(racer->barrier);
    call(racer->session, "interrupt.respond", racer->params, &racer->answer);
    return NULL;
}

static void exactly_one_process_wins(void **state) {
    struct fixture *fixture = *state;
    pthread_barrier_t barrier;
    unsigned won[2] = {0}, lost = 0;
    make_target(fixture, support_conninfo());
    must(ask(fixture, 0, "reset", "{}"));
    must(ask(fixture, 2, "reset", "{}"));
    pthread_barrier_init(&barrier, NULL, 2);
    for (unsigned i = 0; i < ROUNDS; i++) {
        char params[PARAMS_SIZE];
        pthread_t thread;
        snprintf(params, sizeof params,
                 "{\"id\":\"%s\",\"user_id\":\"ann\",\"response\":{\"approved\":true}}",
                 member(ask(fixture, 0, "interrupt.create", CREATE), "id"));
        struct racer racers[2] = {{.session = fixture->sessions[0], .barrier = &barrier, .params = params},
                                  {.session = fixture->sessions[2], .barrier = &barrier, .params = params}};
        assert_int_equal(pthread_create(&thread, NULL, respond, &racers[1]), 0);
        respond(&racers[0]);
        pthread_join(thread, NULL);
        for (size_t j = 0; j < 2; j++) {
            won[j] += racers[j].answer.kind == ANSWER_RESULT;
            lost += racers[j].answer.kind == ANSWER_REFUSED &&
                    strcmp(racers[j].answer.error_name, "conflict") == 0 &&
                    strcmp(racers[j].answer.interrupt_status, "resolved") == 0;
            answer_release(&racers[j].answer);
        }
    }
    pthread_barrier_destroy(&barrier);
    assert_int_equal(won[0] + won[1], ROUNDS);
    assert_int_equal(lost, ROUNDS);
}

static void *set_clock(void *session) {
    struct answer answer = {0};
    call(session, "clock.set", "{\"now\":\"2030-01-01T00:00:00Z\"}", &answer);
    bool set = answer.kind == ANSWER_RESULT;
    answer_release(&answer);
    return set ? session : NULL;
}

/* A call that has no answer yet was made before the clock was set. */
static void the_clock_waits_for_calls_under_way(void **state) {
    static const struct request create = {"interrupt.create", CREATE, sizeof CREATE - 1, false};
    struct fixture *fixture = *state;
    struct hp_problem problem = {0};
    unsigned ticket = 0, none = 0;
    pthread_t thread;
    void *set = NULL;
    make_target(fixture, support_conninfo());
    must(ask(fixture, 0, "clock.set", "{\"now\":\"2029-01-01T00:00:00Z\"}"));
    must(ask(fixture, 2, "interrupt.list", LIST));
    struct session *line = fixture->sessions[2];
    assert_int_equal(line->ops->start(line, &create, &ticket, NULL), HP_OK);
    assert_int_equal(line->ops->start(line, &create, &none, &problem), HP_UNAVAILABLE);
    assert_non_null(strstr(problem.detail, "still has no answer"));
    assert_int_equal(pthread_create(&thread, NULL, set_clock, fixture->sessions[0]), 0);
    answer_release(&fixture->answer);
    assert_int_equal(line->ops->poll(line, ticket, PATIENCE_MS, &fixture->answer), POLL_ANSWERED);
    pthread_join(thread, &set);
    assert_non_null(set);
    assert_string_equal(member(&fixture->answer, "created_at"), "2029-01-01T00:00:00.000000Z");
    assert_string_equal(member(ask(fixture, 2, "interrupt.create", CREATE), "created_at"),
                        "2030-01-01T00:00:00.000000Z");
    assert_int_equal(line->ops->start(line, &create, &ticket, NULL),
                     HP_OK); /* closed with its call under way */
}

/* Sets the clock while a call stands in front of the store. */
struct clock_gate {
    struct gate gate;
    struct session *session;
    bool set;
};

static void set_at_point(struct gate *gate, const char *point) {
    struct clock_gate *own = (struct clock_gate *)gate;
    if (strcmp(point, "create") == 0) {
        own->set = set_clock(own->session) != NULL;
    }
}

/* It stands outside of what a clock.set waits for, though the second process is there, and comes behind it. */
static void a_call_at_a_gate_is_not_waited_for(void **state) {
    struct fixture *fixture = *state;
    make_target(fixture, support_conninfo());
    must(ask(fixture, 1, "clock.set", "{\"now\":\"2029-01-01T00:00:00Z\"}"));
    must(ask(fixture, 2, "interrupt.list", LIST));
    struct clock_gate gate = {{set_at_point}, fixture->sessions[1], false};
    assert_true(target_set_gate(fixture->target, &gate.gate));
    assert_string_equal(member(ask(fixture, 0, "interrupt.create", CREATE), "created_at"),
                        "2030-01-01T00:00:00.000000Z");
    assert_true(gate.set);
    assert_true(target_set_gate(fixture->target, NULL));
    gate.set = false;
    must(ask(fixture, 0, "interrupt.create", CREATE));
    assert_false(gate.set);
}

static void one_that_dies_costs_its_own_sessions(void **state) {
    struct fixture *fixture = *state;
    make_target(fixture, support_conninfo());
    must(ask(fixture, 0, "clock.set", "{\"now\":\"2030-01-01T00:00:00Z\"}"));
    must(ask(fixture, 2, "interrupt.create", CREATE));
    pid_t first = second_process(fixture);
    assert_true(first > 0);
    assert_int_equal(kill(first, SIGKILL), 0);
    assert_int_equal(ask(fixture, 2, "interrupt.list", LIST)->kind, ANSWER_BROKEN);
    assert_non_null(strstr(fixture->answer.detail, "SIGKILL"));
    assert_int_equal(total(fixture, 0), 1);
    /* It cannot be told any more. */
    assert_int_equal(ask(fixture, 0, "clock.set", "{\"now\":\"2030-01-01T00:00:01Z\"}")->kind, ANSWER_BROKEN);
    assert_int_equal(ask(fixture, 1, "reset", "{}")->kind, ANSWER_BROKEN);
    close_sessions(fixture);
    target_restart(fixture->target);
    assert_int_equal(kill(first, 0), -1);
    assert_int_equal(errno, ESRCH);
    must(ask(fixture, 0, "reset", "{}"));
    must(ask(fixture, 1, "clock.set", "{\"now\":\"2031-01-01T00:00:00Z\"}"));
    assert_string_equal(member(ask(fixture, 2, "interrupt.create", CREATE), "created_at"),
                        "2031-01-01T00:00:00.000000Z");
    pid_t second = second_process(fixture);
    assert_true(second > 0 && second != first);
    close_sessions(fixture);
    target_free(fixture->target);
    fixture->target = NULL;
    assert_int_equal(kill(second, 0), -1);
    assert_int_equal(errno, ESRCH); /* gone and reaped */
}

static void a_target_without_a_database_is_refused(void **state) {
    (void)state;
    struct target *memory = in_process_memory_new(), *target = NULL;
    struct hp_problem problem = {0};
    enum hp_status status = second_process_new(memory, PATIENCE_MS, &target, &problem);
    target_free(memory);
    assert_int_equal(status, HP_INVALID);
    assert_non_null(strstr(problem.detail, "where its database is"));
    assert_null(target);
}

static int start(void **state) {
    const char *given = getenv("HOLDPOINT");
    snprintf(holdpoint, sizeof holdpoint, "%s", given ? given : "build/holdpoint");
    return support_cluster_start(state);
}

int main(void) {
#define ROW(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        ROW(the_hello_has_one_endpoint_more),
        ROW(both_see_one_state_and_one_clock),
        ROW(it_starts_only_when_it_is_needed),
        ROW(a_conninfo_may_hold_anything),
        ROW(exactly_one_process_wins),
        ROW(the_clock_waits_for_calls_under_way),
        ROW(a_call_at_a_gate_is_not_waited_for),
        ROW(one_that_dies_costs_its_own_sessions),
        cmocka_unit_test(a_target_without_a_database_is_refused),
    };
    return cmocka_run_group_tests(tests, start, support_cluster_stop);
}
