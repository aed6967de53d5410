#include "reference/service/door_flow.h"
#include "reference/core/envelope.h"
#include "reference/core/wire.h"
#include "reference/service/checked.h"
#include "reference/service/kernel.h"
#include "reference/service/limiter.h"
#include "reference/service/resumption.h"
#include "reference/store/calls.h"

#include <stdlib.h>
#include <string.h>

/* {envelope}; takes the envelope. */
static enum hp_status answer_envelope(json_t **result, json_t *envelope, struct hp_problem *problem) {
    *result = json_pack("{so}", "envelope", envelope);
    return *result ? HP_OK : hp_problem_no_memory(problem);
}

static const json_t *member(const json_t *params, const char *key) {
    const json_t *value = json_object_get(params, key);
    return json_is_null(value) ? NULL : value;
}

static enum hp_status call_roundtrip(struct hp_service *service, const json_t *params, json_t **result,
                                     struct hp_problem *problem) {
    struct hp_moment moment;
    json_t *envelope = NULL;
    enum hp_status status = store_moment(service_store(service), &moment, problem);
    if (status == HP_OK) {
        status = envelope_decode(member(params, "envelope"), "/envelope", &moment, &envelope, problem);
    }
    return status == HP_OK ? answer_envelope(result, envelope, problem) : status;
}

static enum hp_status call_flow_resume(struct hp_service *service, const json_t *params, json_t **result,
                                       struct hp_problem *problem) {
    struct request_resume resume;
    struct request_pipeline pipeline;
    json_t *envelope = NULL;
    enum hp_status status = request_read_resume(params, &resume, problem);
    if (status == HP_OK) {
        status = request_read_pipeline(params, service_routes(service), &pipeline, problem);
    }
    if (status == HP_OK) {
        status = resume_flow(service, member(params, "envelope"), &resume, &pipeline, &envelope, problem);
    }
    free(resume.data);
    return status == HP_OK ? answer_envelope(result, envelope, problem) : status;
}

static enum hp_status call_submit(struct hp_service *service, const json_t *params, json_t **result,
                                  struct hp_problem *problem) {
    struct kernel_submission submission = {.envelope = member(params, "envelope")};
    enum hp_status status = request_read_quota(params, &submission.most, problem);
    if (status == HP_OK) {
        status = request_read_pipeline(params, service_routes(service), &submission.pipeline, problem);
    }
    return status == HP_OK ? kernel_submit(service, &submission, result, problem) : status;
}

static enum hp_status call_interrupt(struct hp_service *service, const json_t *params, json_t **result,
                                     struct hp_problem *problem) {
    struct hp_create create;
    const char *pid;
    char *data = NULL;
    enum hp_status status = request_read_raise(params, &pid, &create, &data, problem);
    if (status == HP_OK) {
        status = kernel_interrupt(service, pid, &create, result, problem);
    }
    free(data);
    return status;
}

static enum hp_status call_record(struct hp_service *service, const json_t *params, json_t **result,
                                  struct hp_problem *problem) {
    struct quota_amounts used;
    const char *pid;
    enum hp_status status = request_read_record(params, &pid, &used, problem);
    return status == HP_OK ? kernel_record(service, pid, &used, result, problem) : status;
}

static enum hp_status call_resume(struct hp_service *service, const json_t *params, json_t **result,
                                  struct hp_problem *problem) {
    struct request_resume resume = {0};
    const char *pid;
    enum hp_status status = request_read_pid(params, &pid, problem);
    if (status == HP_OK) {
        status = request_read_resume(params, &resume, problem);
    }
    if (status == HP_OK) {
        status = resume_process(service, pid, NULL, &resume, result, problem);
    }
    free(resume.data);
    return status;
}

static enum hp_status call_cancel(struct hp_service *service, const json_t *params, json_t **result,
                                  struct hp_problem *problem) {
    const char *pid, *reason;
    enum hp_status status = request_read_pid(params, &pid, problem);
    if (status == HP_OK) {
        status = request_read_reason(params, &reason, problem);
    }
    return status == HP_OK ? kernel_cancel(service, pid, reason, result, problem) : status;
}

static enum hp_status call_get(struct hp_service *service, const json_t *params, json_t **result,
                               struct hp_problem *problem) {
    const char *pid;
    enum hp_status status = request_read_pid(params, &pid, problem);
    return status == HP_OK ? kernel_get(service, pid, NULL, result, problem) : status;
}

static enum hp_status call_set(struct hp_service *service, const json_t *params, json_t **result,
                               struct hp_problem *problem) {
    struct hp_rate_rule rule;
    enum hp_status status = request_read_rule(params, &rule, problem);
    if (status == HP_OK) {
        status = limiter_set(service, &rule, problem);
    }
    if (status != HP_OK) {
        return status;
    }
    const int64_t *most = rule.limits.most;
    *result = json_pack("{ss? ss? sI sI sI}", "user_id", rule.user_id, "endpoint", rule.endpoint,
                        "per_minute", (json_int_t)most[HP_RATE_MINUTE], "per_hour",
                        (json_int_t)most[HP_RATE_HOUR], "per_day", (json_int_t)most[HP_RATE_DAY]);
    return *result ? HP_OK : hp_problem_no_memory(problem);
}

/* What an allowed call says nothing of is null. */
static json_t *encode_verdict(const struct hp_rate_verdict *verdict, const struct hp_interrupt *interrupt) {
    bool refused = !verdict->allowed;
    return json_pack("{sb so so so sf so so}", "allowed", verdict->allowed, "limit_type",
                     refused ? json_string(hp_rate_window_name(verdict->window)) : json_null(),
                     "current_count", refused ? json_integer(verdict->count) : json_null(), "limit",
                     refused ? json_integer(verdict->limit) : json_null(), "retry_after_seconds",
                     (double)verdict->retry_after_us / (double)HP_SECOND_US, "remaining",
                     verdict->remaining < 0 ? json_null() : json_integer(verdict->remaining), "interrupt",
                     interrupt ? interrupt_encode(interrupt) : json_null());
}

static enum hp_status call_check(struct hp_service *service, const json_t *params, json_t **result,
                                 struct hp_problem *problem) {
    struct hp_rate_call call;
    struct hp_rate_verdict verdict;
    struct hp_interrupt *interrupt = NULL;
    const char *request_id, *session_id;
    enum hp_status status = request_read_call(params, &call, &request_id, &session_id, problem);
    if (status == HP_OK) {
        status = limiter_check(service, &call, request_id, session_id, &verdict, &interrupt, problem);
    }
    if (status == HP_OK) {
        *result = encode_verdict(&verdict, interrupt);
        status = *result ? HP_OK : hp_problem_no_memory(problem);
    }
    hp_interrupt_free(interrupt);
    return status;
}

static const struct {
    const char *method;
    enum hp_status (*call)(struct hp_service *service, const json_t *params, json_t **result,
                           struct hp_problem *problem);
} methods[] = {
    {"envelope.roundtrip", call_roundtrip}, {"flow.resume", call_flow_resume}, {"kernel.submit", call_submit},
    {"kernel.interrupt", call_interrupt},   {"kernel.record", call_record},    {"kernel.resume", call_resume},
    {"kernel.cancel", call_cancel},         {"kernel.get", call_get},          {"ratelimit.set", call_set},
    {"ratelimit.check", call_check},
};

enum { METHOD_COUNT = sizeof methods / sizeof methods[0] };

static size_t find(const char *method) {
    size_t i = 0;
    while (i < METHOD_COUNT && strcmp(methods[i].method, method) != 0) {
        i++;
    }
    return i;
}

bool door_flow_has(const char *method) {
    return find(method) < METHOD_COUNT;
}

bool door_flow_call(struct hp_service *service, const char *method, const json_t *params, json_t **result,
                    enum hp_status *status, struct hp_problem *problem) {
    size_t i = find(method);
    if (i == METHOD_COUNT) {
        return false;
    }
    *status = methods[i].call(service, params, result, problem);
    return true;
}
