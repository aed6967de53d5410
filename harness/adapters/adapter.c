#include "harness/adapters/adapter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void hello_release(struct hello *hello) {
    free(hello->name);
    free(hello->version);
    free(hello->language);
    free(hello->database);
    free(hello->schema);
    free(hello->fault);
    json_decref(hello->capabilities);
    json_decref(hello->stand_ins);
    memset(hello, 0, sizeof *hello);
}

bool hello_declares(const struct hello *hello, const char *capability) {
    size_t count = json_array_size(hello->capabilities);
    for (size_t i = 0; i < count; i++) {
        const char *declared = json_string_value(json_array_get(hello->capabilities, i));
        if (declared && strcmp(declared, capability) == 0) {
            return true;
        }
    }
    return false;
}

void answer_release(struct answer *answer) {
    json_decref(answer->result);
    free(answer->error_text);
    memset(answer, 0, sizeof *answer);
}

enum hp_status target_hello(struct target *target, struct hello *hello, struct hp_problem *problem) {
    return target->ops->hello(target, hello, problem);
}

enum hp_status target_open(struct target *target, unsigned endpoint, struct session **session,
                           struct hp_problem *problem) {
    *session = NULL;
    return target->ops->open(target, endpoint, session, problem);
}

void target_restart(struct target *target) {
    target->ops->restart(target);
}

void target_take_log(struct target *target, struct text *log) {
    target->ops->take_log(target, log);
}

void target_reproduce(struct target *target, const struct request *request, struct text *text) {
    target->ops->reproduce(target, request, text);
}

bool target_set_gate(struct target *target, struct gate *gate) {
    return target->ops->set_gate && target->ops->set_gate(target, gate);
}

void target_free(struct target *target) {
    if (target) {
        target->ops->free(target);
    }
}

void session_close(struct session *session) {
    if (session) {
        session->ops->close(session);
    }
}

/* Makes the answer of a call that none will come for. */
static void answer_break(struct answer *answer, const char *detail) {
    memset(answer, 0, sizeof *answer);
    answer->kind = ANSWER_BROKEN;
    text_put(answer->detail, sizeof answer->detail, detail);
}

void session_call(struct session *session, const struct request *request, unsigned deadline_ms,
                  struct answer *answer) {
    struct hp_problem problem = {0};
    unsigned ticket = 0;
    memset(answer, 0, sizeof *answer);
    if (session->ops->start(session, request, &ticket, &problem) != HP_OK) {
        answer_break(answer, problem.detail[0] ? problem.detail : "the call could not be sent");
        return;
    }
    if (session->ops->poll(session, ticket, deadline_ms, answer) == POLL_PENDING) {
        char detail[64];
        snprintf(detail, sizeof detail, "no answer within %u ms", deadline_ms);
        answer_break(answer, detail);
    }
}
