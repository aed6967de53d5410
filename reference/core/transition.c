#include "reference/core/transition.h"
#include "reference/base/text.h"
#include "reference/core/json.h"

#include <stdlib.h>
#include <string.h>

static enum hp_status refuse_conflict(enum hp_interrupt_status shown, struct hp_problem *problem) {
    const char *name = hp_interrupt_status_name(shown);
    bool first = problem && problem->status == HP_OK;
    hp_problem_set(problem, HP_CONFLICT, NULL, "the interrupt is %s, not pending", name);
    if (first) {
        text_put(problem->interrupt_status, sizeof problem->interrupt_status, name);
    }
    return HP_CONFLICT;
}

/* data with cancel_reason set to the reason, as text for the caller to free; NULL when memory runs out. */
static char *data_with_reason(const char *data, const char *reason) {
    char *text = NULL;
    json_t *object = NULL;
    if (json_read(data, strlen(data), &object, NULL) == HP_OK &&
        json_object_set_new(object, "cancel_reason", json_string(reason)) == 0) {
        text = json_to_text(object);
    }
    json_decref(object);
    return text;
}

static enum hp_status resolve(struct hp_interrupt *draft, const struct hp_change *change, int64_t now_us,
                              struct hp_problem *problem) {
    draft->has_response = true;
    draft->response = *change->response;
    draft->response.received_at_us = now_us;
    draft->resolved_at_us = now_us;
    return hp_response_check_kind(change->response, draft->kind, problem);
}

enum hp_status hp_transition(const struct hp_interrupt *current, const struct hp_change *change,
                             int64_t now_us, struct hp_interrupt **after, struct hp_problem *problem) {
    if (change->user_id && strcmp(change->user_id, current->user_id) != 0) {
        return hp_problem_set(problem, HP_FORBIDDEN, NULL, "the interrupt belongs to another user");
    }
    enum hp_interrupt_status shown = hp_interrupt_shown_status(current, now_us);
    if (shown != HP_PENDING) {
        return refuse_conflict(shown, problem);
    }
    struct hp_interrupt draft = *current;
    draft.status = change->to;
    char *data = NULL;
    enum hp_status status = HP_OK;
    if (change->to == HP_RESOLVED) {
        status = resolve(&draft, change, now_us, problem);
    } else if (change->reason && *change->reason != '\0') {
        data = data_with_reason(current->data, change->reason);
        draft.data = data;
        status = data ? HP_OK : hp_problem_no_memory(problem);
    }
    if (status == HP_OK) {
        status = hp_interrupt_check_size(&draft, problem);
    }
    if (status == HP_OK) {
        *after = hp_interrupt_new(&draft);
        status = *after ? HP_OK : hp_problem_no_memory(problem);
    }
    free(data);
    return status;
}

struct hp_interrupt *hp_transition_expire(const struct hp_interrupt *current) {
    struct hp_interrupt draft = *current;
    draft.status = HP_EXPIRED;
    return hp_interrupt_new(&draft);
}

bool hp_request_can_resume(const struct hp_interrupt *resolved) {
    return resolved->kind != HP_CONFIRMATION || resolved->response.approved != HP_DENIED;
}
