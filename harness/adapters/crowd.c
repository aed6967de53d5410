#include "harness/adapters/crowd.h"

#include "harness/adapters/wrap.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct crowd {
    struct wrap wrap;
    unsigned count;
    unsigned timeout_ms;
    pthread_mutex_t mutex; /* guards the flag, and is held while the crowd comes in */
    bool missing;
};

/* Adds the params of a creation. A deathless stranger has no term: near the end of time there is room for no
 * other. */
static bool add_creation(struct text *params, unsigned number, bool deathless) {
    static const char *const kinds[] = {"clarification",      "confirmation", "critic_review", "checkpoint",
                                        "resource_exhausted", "timeout",      "system_error"};
    static const char *const ttls[] = {",\"ttl_seconds\":0.000001", "", ",\"ttl_seconds\":60",
                                       ",\"ttl_seconds\":null", ",\"ttl_seconds\":86400.5"};
    /* Seven and five have no common divisor, so every kind meets every term. Few users and sessions: a list
     * of one of them is long. */
    return text_addf(params,
                     "{\"kind\":\"%s\",\"request_id\":\"crowd-request-%u\",\"user_id\":\"crowd-user-%u\","
                     "\"session_id\":\"crowd-session-%u\",\"question\":\"Who goes there?\"%s}",
                     kinds[number % (sizeof kinds / sizeof kinds[0])], number, number % 3, number % 4,
                     deathless ? ",\"ttl_seconds\":null" : ttls[number % (sizeof ttls / sizeof ttls[0])]);
}

static enum hp_status ask_creation(const struct crowd *crowd, struct session *inner, unsigned number,
                                   bool deathless, struct answer *answer, struct hp_problem *problem) {
    struct text params = {0};
    if (!add_creation(&params, number, deathless)) {
        text_release(&params);
        return hp_problem_no_memory(problem);
    }
    const struct request request = {"interrupt.create", params.bytes, params.length_bytes, false};
    session_call(inner, &request, crowd->timeout_ms, answer);
    text_release(&params);
    return HP_OK;
}

static enum hp_status create_one(const struct crowd *crowd, struct session *inner, unsigned number,
                                 struct hp_problem *problem) {
    struct answer answer = {0};
    enum hp_status status = ask_creation(crowd, inner, number, false, &answer, problem);
    if (status == HP_OK && answer.kind == ANSWER_REFUSED) {
        answer_release(&answer);
        status = ask_creation(crowd, inner, number, true, &answer, problem);
    }
    if (status == HP_OK && answer.kind != ANSWER_RESULT) {
        status =
            hp_problem_set(problem, HP_UNAVAILABLE, NULL, "crowd: stranger %u could not be created: %s%s%s",
                           number, answer.error_name, answer.error_name[0] ? ": " : "", answer.detail);
    }
    answer_release(&answer);
    return status;
}

static enum hp_status bring_crowd(struct crowd *crowd, struct session *inner, struct hp_problem *problem) {
    enum hp_status status = HP_OK;
    pthread_mutex_lock(&crowd->mutex);
    for (unsigned i = 0; crowd->missing && status == HP_OK && i < crowd->count; i++) {
        status = create_one(crowd, inner, i, problem);
    }
    crowd->missing = status != HP_OK;
    pthread_mutex_unlock(&crowd->mutex);
    return status;
}

static void expect_crowd(struct crowd *crowd) {
    pthread_mutex_lock(&crowd->mutex);
    crowd->missing = true;
    pthread_mutex_unlock(&crowd->mutex);
}

static enum hp_status session_start(struct session *session, const struct request *request, unsigned *ticket,
                                    struct hp_problem *problem) {
    struct crowd *crowd = (struct crowd *)session->target;
    if (strcmp(request->method, "reset") == 0) {
        expect_crowd(crowd);
    } else if (strcmp(request->method, "clock.set") != 0) {
        enum hp_status status = bring_crowd(crowd, ((struct wrapped_session *)session)->inner, problem);
        if (status != HP_OK) {
            return status;
        }
    }
    return wrapped_start(session, request, ticket, problem);
}

static const struct session_ops crowd_session_ops = {session_start, wrapped_poll, wrapped_close};

static enum hp_status crowd_open(struct target *target, unsigned endpoint, struct session **session,
                                 struct hp_problem *problem) {
    return wrapped_open(target, &crowd_session_ops, sizeof(struct wrapped_session), endpoint, session,
                        problem);
}

/* A fresh process may have an empty store. */
static void crowd_restart(struct target *target) {
    wrap_restart(target);
    expect_crowd((struct crowd *)target);
}

static void crowd_free(struct target *target) {
    pthread_mutex_destroy(&((struct crowd *)target)->mutex);
    wrap_free(target);
}

static const struct target_ops crowd_ops = {wrap_hello,     crowd_open, crowd_restart, wrap_take_log,
                                            wrap_reproduce, crowd_free, wrap_set_gate};

struct target *crowd_new(struct target *inner, unsigned count, unsigned timeout_ms) {
    struct crowd *crowd = calloc(1, sizeof *crowd);
    if (!crowd || pthread_mutex_init(&crowd->mutex, NULL) != 0) {
        free(crowd);
        return NULL;
    }
    crowd->wrap = (struct wrap){{&crowd_ops}, inner};
    crowd->count = count;
    crowd->timeout_ms = timeout_ms;
    crowd->missing = true;
    return &crowd->wrap.target;
}
