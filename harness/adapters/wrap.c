#include "harness/adapters/wrap.h"

#include <stdlib.h>

static struct target *inner_target(struct target *target) {
    return ((struct wrap *)target)->inner;
}

static struct session *inner_session(struct session *session) {
    return ((struct wrapped_session *)session)->inner;
}

enum hp_status wrap_hello(struct target *target, struct hello *hello, struct hp_problem *problem) {
    return target_hello(inner_target(target), hello, problem);
}

enum hp_status wrap_open(struct target *target, unsigned endpoint, struct session **session,
                         struct hp_problem *problem) {
    return target_open(inner_target(target), endpoint, session, problem);
}

void wrap_restart(struct target *target) {
    target_restart(inner_target(target));
}

void wrap_take_log(struct target *target, struct text *log) {
    target_take_log(inner_target(target), log);
}

void wrap_reproduce(struct target *target, const struct request *request, struct text *text) {
    target_reproduce(inner_target(target), request, text);
}

void wrap_free(struct target *target) {
    target_free(inner_target(target));
    free(target);
}

bool wrap_set_gate(struct target *target, struct gate *gate) {
    return target_set_gate(inner_target(target), gate);
}

enum hp_status wrapped_start(struct session *session, const struct request *request, unsigned *ticket,
                             struct hp_problem *problem) {
    struct session *inner = inner_session(session);
    return inner->ops->start(inner, request, ticket, problem);
}

enum poll_state wrapped_poll(struct session *session, unsigned ticket, unsigned timeout_ms,
                             struct answer *answer) {
    struct session *inner = inner_session(session);
    return inner->ops->poll(inner, ticket, timeout_ms, answer);
}

void wrapped_close(struct session *session) {
    session_close(inner_session(session));
    free(session);
}

enum hp_status wrapped_open(struct target *target, const struct session_ops *ops, size_t size_bytes,
                            unsigned endpoint, struct session **session, struct hp_problem *problem) {
    struct wrapped_session *made = calloc(1, size_bytes);
    if (!made) {
        return hp_problem_no_memory(problem);
    }
    enum hp_status status = target_open(inner_target(target), endpoint, &made->inner, problem);
    if (status != HP_OK) {
        free(made);
        return status;
    }
    made->session = (struct session){ops, target};
    *session = &made->session;
    return HP_OK;
}
