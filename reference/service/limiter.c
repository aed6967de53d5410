#include "reference/service/limiter.h"
#include "reference/core/json.h"
#include "reference/service/checked.h"
#include "reference/store/calls.h"

#include <stdlib.h>

/* So often is it looked whether somebody else has raised the interrupt meanwhile; each time he has, and it is over already. */
enum { TRIES = 100 };

enum hp_status limiter_set(struct hp_service *service, const struct hp_rate_rule *rule,
                           struct hp_problem *problem) {
    return store_rate_set(service_store(service), rule, problem);
}

/* What the interrupt says of the refusal; the caller frees it. */
static char *write_data(const struct hp_rate_call *call, const struct hp_rate_verdict *verdict) {
    json_t *data =
        json_pack("{ss ss ss ss sI sI sf}", "resource_type", "rate_limit", "user_id", call->user_id,
                  "endpoint", call->endpoint, "limit_type", hp_rate_window_name(verdict->window),
                  "current_count", (json_int_t)verdict->count, "limit", (json_int_t)verdict->limit,
                  "retry_after_seconds", (double)verdict->retry_after_us / (double)HP_SECOND_US);
    char *text = data ? json_to_text(data) : NULL;
    json_decref(data);
    return text;
}

static enum hp_status raise(struct hp_service *service, const struct hp_create *create,
                            const struct hp_rate_call *call, const char *before,
                            struct hp_interrupt **interrupt, struct hp_problem *problem) {
    const struct hp_rate_claim claim = {call->user_id, call->endpoint, before};
    struct hp_create claimed = *create;
    claimed.rate = &claim;
    return service_create_checked(service, &claimed, interrupt, problem);
}

/* The interrupt that was raised last, if it is pending still. */
static enum hp_status find_pending(struct hp_service *service, const char *id,
                                   struct hp_interrupt **interrupt, struct hp_problem *problem) {
    struct hp_problem cause = {0};
    *interrupt = NULL;
    if (!*id) {
        return HP_OK;
    }
    enum hp_status status = hp_service_get(service, id, NULL, interrupt, &cause);
    if (status == HP_OK && (*interrupt)->status != HP_PENDING) {
        hp_interrupt_free(*interrupt);
        *interrupt = NULL;
    }
    return status == HP_OK || status == HP_NOT_FOUND
               ? HP_OK
               : hp_problem_set(problem, status, NULL, "%s", cause.detail);
}

/* Finds the pending interrupt or raises one, whoever else is at it. */
static enum hp_status settle(struct hp_service *service, const struct hp_create *create,
                             const struct hp_rate_call *call, struct hp_rate_answer *answer,
                             struct hp_interrupt **interrupt, struct hp_problem *problem) {
    const struct hp_rate_call look = {call->user_id, call->endpoint, false};
    for (int i = 0; i < TRIES; i++) {
        struct hp_problem cause = {0};
        enum hp_status status = find_pending(service, answer->interrupt_id, interrupt, problem);
        if (status != HP_OK || *interrupt) {
            return status;
        }
        status = raise(service, create, call, answer->interrupt_id, interrupt, &cause);
        if (status != HP_CONFLICT) {
            return status == HP_OK ? HP_OK : hp_problem_set(problem, status, cause.field, "%s", cause.detail);
        }
        status = store_rate_check(service_store(service), &look, answer, problem);
        if (status != HP_OK) {
            return status;
        }
    }
    return hp_problem_set(problem, HP_UNAVAILABLE, NULL, "too many are refused at once; try again");
}

enum hp_status limiter_check(struct hp_service *service, const struct hp_rate_call *call,
                             const char *request_id, const char *session_id, struct hp_rate_verdict *verdict,
                             struct hp_interrupt **interrupt, struct hp_problem *problem) {
    struct hp_rate_answer answer;
    *interrupt = NULL;
    enum hp_status status = store_rate_check(service_store(service), call, &answer, problem);
    if (status != HP_OK) {
        return status;
    }
    *verdict = answer.verdict;
    if (verdict->allowed || !call->record) {
        return HP_OK;
    }
    char *data = write_data(call, verdict);
    const struct hp_create create = {
        .kind = HP_RESOURCE_EXHAUSTED,
        .request_id = request_id,
        .user_id = call->user_id,
        .session_id = session_id,
        .message = "Rate limit exceeded",
        .data = data,
    };
    status =
        data ? settle(service, &create, call, &answer, interrupt, problem) : hp_problem_no_memory(problem);
    free(data);
    return status;
}
