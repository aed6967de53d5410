#include "harness/adapters/unshown.h"

#include "harness/adapters/wrap.h"
#include "harness/base/value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct unshown {
    struct wrap wrap;
    struct target *other;
    const json_t *fields;
    unsigned timeout_ms;
};

struct unshown_session {
    struct wrapped_session wrapped;
    struct session *other; /* opened when it is needed first */
};

/* The interrupt as it is stored; NULL when it is not there, or when it cannot be read, which the problem says. The caller
 * drops it. */
static json_t *read_stored(struct unshown_session *own, const char *id, struct hp_problem *problem) {
    struct unshown *unshown = (struct unshown *)own->wrapped.session.target;
    struct text params = {0};
    struct answer answer = {0};
    if (!own->other && target_open(unshown->other, 0, &own->other, problem) != HP_OK) {
        own->other = NULL;
        return NULL;
    }
    text_add(&params, "{\"id\":");
    value_write_string(&params, id, strlen(id));
    if (!text_add_byte(&params, '}')) {
        text_release(&params);
        hp_problem_no_memory(problem);
        return NULL;
    }
    const struct request request = {"interrupt.get", params.bytes, params.length_bytes, false};
    session_call(own->other, &request, unshown->timeout_ms, &answer);
    json_t *interrupt = json_incref(json_object_get(answer.result, "interrupt"));
    if (answer.kind != ANSWER_RESULT && strcmp(answer.error_name, "not_found") != 0) {
        hp_problem_set(problem, HP_UNAVAILABLE, NULL, "%s", answer.detail);
    }
    answer_release(&answer);
    text_release(&params);
    return interrupt;
}

static bool lacks_field(const json_t *fields, const json_t *interrupt) {
    for (size_t i = 0; i < json_array_size(fields); i++) {
        if (!json_object_get(interrupt, json_string_value(json_array_get(fields, i)))) {
            return true;
        }
    }
    return false;
}

static void complete(struct unshown_session *own, json_t *interrupt, struct hp_problem *problem) {
    const json_t *fields = ((const struct unshown *)own->wrapped.session.target)->fields;
    const char *id = json_string_value(json_object_get(interrupt, "id"));
    const char *status = json_string_value(json_object_get(interrupt, "status"));
    if (!id || !status || strcmp(status, "pending") == 0 || !lacks_field(fields, interrupt)) {
        return;
    }
    json_t *kept = read_stored(own, id, problem);
    for (size_t i = 0; kept && i < json_array_size(fields); i++) {
        const char *field = json_string_value(json_array_get(fields, i));
        json_t *value = json_object_get(kept, field);
        if (value && !json_object_get(interrupt, field)) {
            json_object_set(interrupt, field, value);
        }
    }
    json_decref(kept);
}

static void complete_all(struct unshown_session *own, struct answer *answer) {
    struct hp_problem problem = {0};
    size_t index;
    json_t *row;
    complete(own, json_object_get(answer->result, "interrupt"), &problem);
    json_array_foreach(json_object_get(answer->result, "interrupts"), index, row) {
        complete(own, row, &problem);
    }
    if (problem.status != HP_OK) {
        answer_release(answer);
        answer->kind = ANSWER_BROKEN;
        snprintf(answer->detail, sizeof answer->detail, "what is stored cannot be read: %.400s",
                 problem.detail);
    }
}

static enum poll_state session_poll(struct session *session, unsigned ticket, unsigned timeout_ms,
                                    struct answer *answer) {
    enum poll_state state = wrapped_poll(session, ticket, timeout_ms, answer);
    if (state == POLL_ANSWERED && answer->kind == ANSWER_RESULT) {
        complete_all((struct unshown_session *)session, answer);
    }
    return state;
}

static void close_session(struct session *session) {
    session_close(((struct unshown_session *)session)->other);
    wrapped_close(session);
}

static const struct session_ops session_operations = {wrapped_start, session_poll, close_session};

static enum hp_status open_session(struct target *target, unsigned endpoint, struct session **session,
                                   struct hp_problem *problem) {
    return wrapped_open(target, &session_operations, sizeof(struct unshown_session), endpoint, session,
                        problem);
}

static void restart(struct target *target) {
    target_restart(((struct unshown *)target)->other);
    wrap_restart(target);
}

static void take_log(struct target *target, struct text *log) {
    wrap_take_log(target, log);
    target_take_log(((struct unshown *)target)->other, log);
}

static void free_target(struct target *target) {
    target_free(((struct unshown *)target)->other);
    wrap_free(target);
}

static const struct target_ops operations = {wrap_hello,     open_session, restart,      take_log,
                                             wrap_reproduce, free_target,  wrap_set_gate};

struct target *unshown_new(struct target *inner, struct target *other, const json_t *fields,
                           unsigned timeout_ms) {
    struct unshown *made = calloc(1, sizeof *made);
    if (!made) {
        return NULL;
    }
    *made = (struct unshown){{{&operations}, inner}, other, fields, timeout_ms};
    return (struct target *)made;
}
