#include "harness/adapters/null.h"

#include "harness/adapters/null_answers.h"
#include "harness/adapters/ready.h"
#include "harness/base/method.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { NULL_ENDPOINTS = 2 };

static const struct null_kind {
    const char *name;
    /* Answers one call. counter differs for each call of the target's life. False when memory ran out. */
    bool (*answer)(const char *method, const json_t *params, unsigned counter, struct answer *answer);
} kinds[] = {{"empty", null_answer_empty},       {"accept-all", null_answer_accept},
             {"reject-all", null_answer_reject}, {"echo", null_answer_echo},
             {"constant", null_answer_constant}, {"drop-connection", null_answer_drop}};

enum { KIND_COUNT = sizeof kinds / sizeof kinds[0] };

struct null_target {
    struct target target;
    const struct null_kind *kind;
    pthread_mutex_t mutex; /* guards the counter */
    unsigned counter;
};

struct null_session {
    struct session session;
    struct ready_list ready;
};

const char *null_name(size_t index) {
    return index < KIND_COUNT ? kinds[index].name : NULL;
}

static unsigned next_number(struct null_target *self) {
    pthread_mutex_lock(&self->mutex);
    unsigned number = ++self->counter;
    pthread_mutex_unlock(&self->mutex);
    return number;
}

static enum hp_status null_hello(struct target *target, struct hello *hello, struct hp_problem *problem) {
    static const char *(*const parts[])(size_t index) = {capability_offered, capability_of_flows,
                                                         capability_over_http};
    const struct null_target *self = (const struct null_target *)target;
    struct text name = {0};
    text_addf(&name, "null: %s", self->kind->name);
    *hello = (struct hello){.name = text_take(&name),
                            .version = text_copy("1"),
                            .language = text_copy("C"),
                            .capabilities = json_array(),
                            .endpoints = NULL_ENDPOINTS};
    bool whole = hello->name && hello->version && hello->language && hello->capabilities;
    for (size_t part = 0; whole && part < sizeof parts / sizeof parts[0]; part++) {
        for (size_t i = 0; whole && parts[part](i); i++) {
            whole = json_array_append_new(hello->capabilities, json_string(parts[part](i))) == 0;
        }
    }
    if (!whole) {
        hello_release(hello);
        return hp_problem_no_memory(problem);
    }
    return HP_OK;
}

static enum hp_status session_start(struct session *session, const struct request *request, unsigned *ticket,
                                    struct hp_problem *problem) {
    struct null_session *self = (struct null_session *)session;
    struct null_target *target = (struct null_target *)session->target;
    struct answer answer = {0};
    json_t *params = json_loadb(request->params, request->params_length_bytes, JSON_DECODE_ANY, NULL);
    bool answered = target->kind->answer(request->method, params, next_number(target), &answer);
    json_decref(params);
    if (!answered) {
        answer_release(&answer);
        return hp_problem_no_memory(problem);
    }
    return ready_add(&self->ready, &answer, ticket, problem);
}

static enum poll_state session_poll(struct session *session, unsigned ticket, unsigned timeout_ms,
                                    struct answer *answer) {
    (void)timeout_ms;
    return ready_take(&((struct null_session *)session)->ready, ticket, answer);
}

static void session_free(struct session *session) {
    ready_release(&((struct null_session *)session)->ready);
    free(session);
}

static const struct session_ops null_session_ops = {session_start, session_poll, session_free};

static enum hp_status null_open(struct target *target, unsigned endpoint, struct session **session,
                                struct hp_problem *problem) {
    if (endpoint >= NULL_ENDPOINTS) {
        return hp_problem_set(problem, HP_UNSUPPORTED, NULL, "endpoint %u was asked for; the target has %d",
                              endpoint, NULL_ENDPOINTS);
    }
    struct null_session *made = calloc(1, sizeof *made);
    if (!made) {
        return hp_problem_no_memory(problem);
    }
    made->session = (struct session){&null_session_ops, target};
    *session = &made->session;
    return HP_OK;
}

static void null_restart(struct target *target) {
    (void)target;
}

static void null_take_log(struct target *target, struct text *log) {
    (void)target;
    (void)log;
}

static void null_reproduce(struct target *target, const struct request *request, struct text *text) {
    (void)target;
    (void)request;
    (void)text;
}

static void null_free(struct target *target) {
    pthread_mutex_destroy(&((struct null_target *)target)->mutex);
    free(target);
}

static const struct target_ops null_ops = {null_hello,     null_open, null_restart, null_take_log,
                                           null_reproduce, null_free, NULL};

static const struct null_kind *find_kind(const char *name) {
    for (size_t i = 0; i < KIND_COUNT; i++) {
        if (strcmp(kinds[i].name, name) == 0) {
            return &kinds[i];
        }
    }
    return NULL;
}

enum hp_status null_new(const char *name, struct target **target, struct hp_problem *problem) {
    const struct null_kind *kind = find_kind(name);
    if (!kind) {
        return hp_problem_set(
            problem, HP_INVALID, NULL,
            "there is no null \"%.64s\"; the nulls are empty, accept-all, reject-all, echo, "
            "constant and drop-connection",
            name);
    }
    struct null_target *made = calloc(1, sizeof *made);
    if (!made || pthread_mutex_init(&made->mutex, NULL) != 0) {
        free(made);
        return hp_problem_no_memory(problem);
    }
    made->target.ops = &null_ops;
    made->kind = kind;
    *target = &made->target;
    return HP_OK;
}
