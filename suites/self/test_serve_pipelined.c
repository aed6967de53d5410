/* What serve.c promises about requests that are under way at once. */
#include "harness/adapters/null.h"
#include "harness/adapters/serve.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { PATIENCE_S = 20, IN_FLIGHT = 50 };

/* A target whose call `wait` has no answer before `go` was called; every other is answered at once. */
struct doorman {
    struct target target;
    bool concurrent;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    bool open;
    unsigned waiting, under_way, under_way_max, shared_sessions, sessions;
};

struct doorman_session {
    struct session session;
    bool busy;
    unsigned ticket;
    struct answer answer;
};

static enum hp_status doorman_hello(struct target *target, struct hello *hello, struct hp_problem *problem) {
    (void)problem;
    *hello = (struct hello){
        .name = text_copy("doorman"),
        .version = text_copy("1"),
        .language = text_copy("C"),
        .capabilities = json_pack("[s]", ((struct doorman *)target)->concurrent ? "concurrent" : "get"),
        .endpoints = 1};
    return HP_OK;
}

static struct timespec patience(void) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += PATIENCE_S;
    return until;
}

/* Waits, holding the mutex, until it is open; false when patience ends. */
static bool await_open(struct doorman *doorman) {
    const struct timespec until = patience();
    int error = 0;
    while (!doorman->open && error == 0) {
        error = pthread_cond_timedwait(&doorman->changed, &doorman->mutex, &until);
    }
    return doorman->open;
}

static bool await_waiting(struct doorman *doorman, unsigned count) {
    const struct timespec until = patience();
    int error = 0;
    pthread_mutex_lock(&doorman->mutex);
    while (doorman->waiting < count && error == 0) {
        error = pthread_cond_timedwait(&doorman->changed, &doorman->mutex, &until);
    }
    bool all = doorman->waiting >= count;
    pthread_mutex_unlock(&doorman->mutex);
    return all;
}

static void open_door(struct doorman *doorman) {
    pthread_mutex_lock(&doorman->mutex);
    doorman->open = true;
    pthread_cond_broadcast(&doorman->changed);
    pthread_mutex_unlock(&doorman->mutex);
}

static void enter(struct doorman *doorman, struct doorman_session *session) {
    pthread_mutex_lock(&doorman->mutex);
    doorman->shared_sessions += session->busy;
    session->busy = true;
    doorman->under_way++;
    if (doorman->under_way > doorman->under_way_max) {
        doorman->under_way_max = doorman->under_way;
    }
    pthread_mutex_unlock(&doorman->mutex);
}

static void leave(struct doorman *doorman, struct doorman_session *session) {
    pthread_mutex_lock(&doorman->mutex);
    doorman->under_way--;
    session->busy = false;
    pthread_mutex_unlock(&doorman->mutex);
}

static bool carry_out(struct doorman *doorman, const char *method) {
    bool carried_out = true;
    if (strcmp(method, "go") == 0) {
        open_door(doorman);
    } else if (strcmp(method, "wait") == 0) {
        pthread_mutex_lock(&doorman->mutex);
        doorman->waiting++;
        pthread_cond_broadcast(&doorman->changed);
        carried_out = await_open(doorman);
        doorman->waiting--;
        pthread_mutex_unlock(&doorman->mutex);
    }
    return carried_out;
}

static enum hp_status session_start(struct session *session, const struct request *request, unsigned *ticket,
                                    struct hp_problem *problem) {
    struct doorman *doorman = (struct doorman *)session->target;
    struct doorman_session *own = (struct doorman_session *)session;
    enter(doorman, own);
    bool carried_out = carry_out(doorman, request->method);
    leave(doorman, own);
    own->answer = (struct answer){.kind = ANSWER_RESULT, .result = json_string(request->method)};
    *ticket = ++own->ticket;
    return carried_out ? HP_OK : hp_problem_set(problem, HP_UNAVAILABLE, NULL, "nobody opened");
}

static enum poll_state session_poll(struct session *session, unsigned ticket, unsigned timeout_ms,
                                    struct answer *answer) {
    (void)ticket, (void)timeout_ms;
    *answer = ((struct doorman_session *)session)->answer;
    ((struct doorman_session *)session)->answer = (struct answer){0};
    return POLL_ANSWERED;
}

static void close_session(struct session *session) {
    answer_release(&((struct doorman_session *)session)->answer);
    free(session);
}

static const struct session_ops session_operations = {session_start, session_poll, close_session};

static enum hp_status doorman_open(struct target *target, unsigned endpoint, struct session **session,
                                   struct hp_problem *problem) {
    (void)endpoint, (void)problem;
    struct doorman *doorman = (struct doorman *)target;
    struct doorman_session *own = calloc(1, sizeof *own);
    assert_non_null(own);
    own->session = (struct session){&session_operations, target};
    pthread_mutex_lock(&doorman->mutex);
    doorman->sessions++;
    pthread_mutex_unlock(&doorman->mutex);
    *session = &own->session;
    return HP_OK;
}

static const struct target_ops doorman_operations = {.hello = doorman_hello, .open = doorman_open};

static void doorman_init(struct doorman *doorman, bool concurrent) {
    *doorman = (struct doorman){.target = {&doorman_operations}, .concurrent = concurrent};
    pthread_mutex_init(&doorman->mutex, NULL);
    pthread_cond_init(&doorman->changed, NULL);
}

static void doorman_release(struct doorman *doorman) {
    pthread_cond_destroy(&doorman->changed);
    pthread_mutex_destroy(&doorman->mutex);
}

/* A server in a thread of its own, with a pipe on each side. */
struct line {
    struct target *target;
    pthread_t thread;
    int input[2], output[2];
    FILE *answers;
    enum hp_status status;
    struct hp_problem problem;
};

static void *serve(void *argument) {
    struct line *line = argument;
    FILE *output = fdopen(line->output[1], "w");
    line->status = serve_target(line->target, line->input[0], output, &line->problem);
    fclose(output);
    return NULL;
}

static void line_init(struct line *line, struct target *target) {
    *line = (struct line){.target = target};
    assert_int_equal(pipe(line->input), 0);
    assert_int_equal(pipe(line->output), 0);
    line->answers = fdopen(line->output[0], "r");
    assert_non_null(line->answers);
    assert_int_equal(pthread_create(&line->thread, NULL, serve, line), 0);
}

/* The end of the input, unless it stays open, and that of the server. */
static void line_end(struct line *line, bool input_stays_open) {
    if (!input_stays_open) {
        close(line->input[1]);
    }
    pthread_join(line->thread, NULL);
    if (input_stays_open) {
        close(line->input[1]);
    }
    close(line->input[0]);
    if (line->answers) {
        fclose(line->answers);
    }
}

static void ask(struct line *line, unsigned id, const char *method) {
    char text[128];
    int length = snprintf(text, sizeof text,
                          "{\"jsonrpc\":\"2.0\",\"id\":%u,\"method\":\"%s\",\"params\":{}}\n", id, method);
    assert_int_equal(write(line->input[1], text, (size_t)length), length);
}

/* The next answer: its id; what it holds is added to results, unless that is NULL. */
static unsigned next_answer(struct line *line, struct text *results) {
    char text[512];
    assert_non_null(fgets(text, sizeof text, line->answers));
    json_t *answer = json_loads(text, 0, NULL);
    unsigned id = (unsigned)json_integer_value(json_object_get(answer, "id"));
    if (results) {
        text_addf(results, "%u %s\n", id, json_string_value(json_object_get(answer, "result")));
    }
    json_decref(answer);
    return id;
}

static void a_fast_call_overtakes_a_slow_one(void **state) {
    (void)state;
    struct doorman doorman;
    struct line line;
    struct text results = {0};
    doorman_init(&doorman, true);
    line_init(&line, &doorman.target);
    ask(&line, 1, "wait");
    for (unsigned id = 2; id < 20; id++) {
        ask(&line, id, "get");
        assert_int_equal(next_answer(&line, &results), id);
    }
    ask(&line, 20, "wait");
    assert_true(await_waiting(&doorman, 2));
    ask(&line, 21, "go");
    unsigned sum = 0;
    for (size_t i = 0; i < 3; i++) {
        sum += next_answer(&line, &results);
    }
    line_end(&line, false);
    assert_int_equal(line.status, HP_OK);
    assert_int_equal(sum, 1 + 20 + 21);
    assert_non_null(strstr(results.bytes, "\n19 get\n"));
    assert_non_null(strstr(results.bytes, "\n1 wait\n"));
    assert_non_null(strstr(results.bytes, "\n20 wait\n"));
    assert_non_null(strstr(results.bytes, "\n21 go\n"));
    assert_int_equal(doorman.shared_sessions, 0);
    text_release(&results);
    doorman_release(&doorman);
}

static void no_more_than_promised_are_under_way(void **state) {
    (void)state;
    struct doorman doorman;
    struct line line;
    bool seen[SERVE_WORKERS_MAX + 8] = {false};
    doorman_init(&doorman, true);
    line_init(&line, &doorman.target);
    for (unsigned id = 0; id < SERVE_WORKERS_MAX + 8; id++) {
        ask(&line, id, "wait");
    }
    bool all = await_waiting(&doorman, SERVE_WORKERS_MAX);
    open_door(&doorman);
    for (unsigned i = 0; i < SERVE_WORKERS_MAX + 8; i++) {
        unsigned id = next_answer(&line, NULL);
        assert_true(id < SERVE_WORKERS_MAX + 8 && !seen[id]);
        seen[id] = true;
    }
    line_end(&line, false);
    assert_true(all);
    assert_int_equal(line.status, HP_OK);
    assert_int_equal(doorman.under_way_max, SERVE_WORKERS_MAX);
    assert_int_equal(doorman.sessions, SERVE_WORKERS_MAX);
    assert_int_equal(doorman.shared_sessions, 0);
    doorman_release(&doorman);
}

static void without_the_capability_lines_keep_their_order(void **state) {
    (void)state;
    struct doorman doorman;
    struct line line;
    doorman_init(&doorman, false);
    line_init(&line, &doorman.target);
    for (unsigned id = 1; id <= IN_FLIGHT; id++) {
        ask(&line, id, "get");
    }
    for (unsigned id = 1; id <= IN_FLIGHT; id++) {
        assert_int_equal(next_answer(&line, NULL), id);
    }
    line_end(&line, false);
    assert_int_equal(line.status, HP_OK);
    assert_int_equal(doorman.under_way_max, 1);
    assert_int_equal(doorman.sessions, 1);
    doorman_release(&doorman);
}

#define CREATE                                                                                               \
    "{\"jsonrpc\":\"2.0\",\"id\":%u,\"endpoint\":%u,\"method\":\"interrupt.create\",\"params\":{\"kind\":"   \
    "\"timeout\","                                                                                           \
    "\"request_id\":\"r-%u\",\"user_id\":\"u\",\"session_id\":\"s\"}}\n"

/* Creations and hellos, all written before any answer is read; each answer is that of its own request. */
static void each_of_fifty_has_its_own_answer(void **state) {
    (void)state;
    struct target *target = NULL;
    struct line line;
    struct text input = {0};
    char text[2048], own[16];
    size_t good = 0;
    bool seen[IN_FLIGHT] = {false};
    assert_int_equal(target_from_name("memory", 1000, &target, NULL), HP_OK);
    line_init(&line, target);
    for (unsigned id = 0; id < IN_FLIGHT; id++) {
        if (id % 5 == 4) {
            text_addf(&input,
                      "{\"jsonrpc\":\"2.0\",\"id\":%u,\"method\":\"hello\",\"params\":{\"protocol\":1,"
                      "\"nonce\":\"r-%u\"}}\n",
                      id, id);
        } else {
            text_addf(&input, CREATE, id, 1U, id);
        }
    }
    assert_int_equal(write(line.input[1], input.bytes, input.length_bytes), input.length_bytes);
    for (size_t i = 0; i < IN_FLIGHT; i++) {
        assert_non_null(fgets(text, sizeof text, line.answers));
        json_t *answer = json_loads(text, 0, NULL);
        unsigned id = (unsigned)json_integer_value(json_object_get(answer, "id"));
        snprintf(own, sizeof own, "\"r-%u\"", id);
        good += id < IN_FLIGHT && !seen[id] && strstr(text, own) && strstr(text, "\"result\"");
        seen[id % IN_FLIGHT] = true;
        json_decref(answer);
    }
    line_end(&line, false);
    text_release(&input);
    target_free(target);
    assert_int_equal(line.status, HP_OK);
    assert_int_equal(good, IN_FLIGHT);
}

/* Its input stays open, and nothing more comes from there: the server ends all the same. */
static void output_closed_half_way_ends_it(void **state) {
    (void)state;
    struct doorman doorman;
    struct line line;
    doorman_init(&doorman, true);
    line_init(&line, &doorman.target);
    ask(&line, 1, "get");
    assert_int_equal(next_answer(&line, NULL), 1);
    ask(&line, 2, "wait");
    ask(&line, 3, "wait");
    assert_true(await_waiting(&doorman, 2));
    fclose(line.answers);
    line.answers = NULL;
    ask(&line, 4, "go");
    line_end(&line, true);
    assert_int_equal(line.status, HP_UNAVAILABLE);
    assert_non_null(strstr(line.problem.detail, "could not be written"));
    doorman_release(&doorman);
}

static void a_broken_answer_ends_it(void **state) {
    (void)state;
    struct target *target = NULL;
    struct line line;
    assert_int_equal(null_new("drop-connection", &target, NULL), HP_OK);
    line_init(&line, target);
    ask(&line, 1, "get");
    line_end(&line, true);
    target_free(target);
    assert_int_equal(line.status, HP_UNAVAILABLE);
    assert_non_null(strstr(line.problem.detail, "no answer to get"));
}

int main(void) {
    signal(SIGPIPE, SIG_IGN);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fast_call_overtakes_a_slow_one),
        cmocka_unit_test(no_more_than_promised_are_under_way),
        cmocka_unit_test(without_the_capability_lines_keep_their_order),
        cmocka_unit_test(each_of_fifty_has_its_own_answer),
        cmocka_unit_test(output_closed_half_way_ends_it),
        cmocka_unit_test(a_broken_answer_ends_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
