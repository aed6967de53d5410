#include "reference/core/request_flow.h"
#include "reference/core/envelope.h"
#include "reference/core/member_path.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The member; NULL when it is absent or null. */
static const json_t *member(const json_t *object, const char *key) {
    const json_t *value = json_object_get(object, key);
    return json_is_null(value) ? NULL : value;
}

static enum hp_status read_text(const json_t *params, const char *key, const char **text,
                                struct hp_problem *problem) {
    struct member_path pointer;
    const json_t *value = member(params, key);
    *text = json_string_value(value);
    if (!value || *text) {
        return HP_OK;
    }
    member_path_init(&pointer, "");
    member_path_add(&pointer, key);
    return hp_problem_set(problem, HP_INVALID, pointer.text, "%s must be text", key);
}

static enum hp_status read_id(const json_t *params, const char *key, const char **id,
                              struct hp_problem *problem) {
    struct member_path pointer;
    enum hp_status status = read_text(params, key, id, problem);
    member_path_init(&pointer, "");
    member_path_add(&pointer, key);
    return status == HP_OK ? hp_id_check(*id, pointer.text, problem) : status;
}

enum hp_status request_read_pipeline(const json_t *params, const char *own, struct request_pipeline *pipeline,
                                     struct hp_problem *problem) {
    struct pipeline *read = NULL;
    *pipeline = (struct request_pipeline){member(params, "pipeline"), member(params, "effects")};
    enum hp_status status = pipeline->pipeline
                                ? pipeline_read(pipeline->pipeline, "/pipeline", &read, problem)
                                : pipeline_read_text(own, &read, problem);
    if (status == HP_OK) {
        status = effects_check(pipeline->effects, read, "/effects", problem);
    }
    pipeline_free(read);
    return status;
}

/* A number of calls, or of seconds. */
static bool read_amount(const json_t *value, enum quota_resource resource, int64_t *amount) {
    double number = json_is_number(value) ? json_number_value(value) : -1;
    if (!(number >= 0)) {
        return false;
    }
    if (resource == QUOTA_ELAPSED) {
        double us = number * (double)HP_SECOND_US;
        *amount = us < 0x1p62 ? llround(us) : INT64_MAX;
        return true;
    }
    if (json_is_integer(value)) {
        *amount = json_integer_value(value);
        return true;
    }
    *amount = number < 0x1p63 ? (int64_t)number : INT64_MAX;
    return floor(number) == number;
}

static const char *amount_name(enum quota_resource resource, bool most) {
    return most ? quota_words(resource)->most : quota_words(resource)->used;
}

/* Amounts by their names in a quota, or in what was used; an absent one stays as it is. */
static enum hp_status read_amounts(const json_t *object, const char *prefix, bool most,
                                   struct quota_amounts *amounts, struct hp_problem *problem) {
    for (int i = 0; i < QUOTA_COUNT; i++) {
        const char *key = amount_name((enum quota_resource)i, most);
        const json_t *value = member(object, key);
        if (value && !read_amount(value, (enum quota_resource)i, &amounts->of[i])) {
            struct member_path pointer;
            member_path_init(&pointer, prefix);
            member_path_add(&pointer, key);
            return hp_problem_set(problem, HP_INVALID, pointer.text, "%s must be a %snumber from 0 on", key,
                                  i == QUOTA_ELAPSED ? "" : "whole ");
        }
    }
    return HP_OK;
}

enum hp_status request_read_quota(const json_t *params, struct quota_amounts *most,
                                  struct hp_problem *problem) {
    const json_t *quota = member(params, "quota");
    *most = quota_default();
    if (quota && !json_is_object(quota)) {
        return hp_problem_set(problem, HP_INVALID, "/quota", "quota must be an object");
    }
    return read_amounts(quota, "/quota", true, most, problem);
}

enum hp_status request_read_pid(const json_t *params, const char **pid, struct hp_problem *problem) {
    return read_id(params, "pid", pid, problem);
}

enum hp_status request_read_reason(const json_t *params, const char **reason, struct hp_problem *problem) {
    return read_text(params, "reason", reason, problem);
}

enum hp_status request_read_record(const json_t *params, const char **pid, struct quota_amounts *used,
                                   struct hp_problem *problem) {
    *used = (struct quota_amounts){0};
    enum hp_status status = request_read_pid(params, pid, problem);
    return status == HP_OK ? read_amounts(params, "", false, used, problem) : status;
}

enum hp_status request_read_raise(const json_t *params, const char **pid, struct hp_create *create,
                                  char **data, struct hp_problem *problem) {
    *data = NULL;
    enum hp_status status = request_read_pid(params, pid, problem);
    return status == HP_OK ? request_read_question(params, create, data, problem) : status;
}

enum hp_status request_read_resume(const json_t *params, struct request_resume *resume,
                                   struct hp_problem *problem) {
    *resume = (struct request_resume){0};
    enum hp_status status = read_text(params, "interrupt_id", &resume->interrupt_id, problem);
    if (status == HP_OK && !resume->interrupt_id) {
        status = hp_problem_set(problem, HP_INVALID, "/interrupt_id", "interrupt_id is required");
    }
    if (status == HP_OK && member(params, "response")) {
        status = request_read_response(params, &resume->given, &resume->data, problem);
        resume->response = &resume->given;
    }
    return status;
}

static enum hp_status read_limit(const json_t *params, const char *key, int64_t *limit,
                                 struct hp_problem *problem) {
    const json_t *value = member(params, key);
    double number = json_number_value(value);
    if (!value) {
        return HP_OK;
    }
    if (json_is_integer(value)) {
        *limit = json_integer_value(value);
        return HP_OK;
    }
    if (json_is_real(value) && floor(number) == number && fabs(number) < 0x1p62) {
        *limit = (int64_t)number;
        return HP_OK;
    }
    struct member_path pointer;
    member_path_init(&pointer, "");
    member_path_add(&pointer, key);
    return hp_problem_set(problem, HP_INVALID, pointer.text, "%s must be a whole number", key);
}

enum hp_status request_read_rule(const json_t *params, struct hp_rate_rule *rule,
                                 struct hp_problem *problem) {
    static const char *const keys[] = {"per_minute", "per_hour", "per_day"};
    *rule = (struct hp_rate_rule){.limits = hp_rate_limits_default()};
    bool user = member(params, "user_id"), endpoint = member(params, "endpoint");
    if (user == endpoint) {
        return hp_problem_set(problem, HP_INVALID, user ? "/endpoint" : "/user_id",
                              "limits are for a user_id or for an endpoint, one of them");
    }
    enum hp_status status = user ? read_id(params, "user_id", &rule->user_id, problem)
                                 : read_id(params, "endpoint", &rule->endpoint, problem);
    for (int i = 0; status == HP_OK && i < HP_RATE_WINDOW_COUNT; i++) {
        status = read_limit(params, keys[i], &rule->limits.most[i], problem);
    }
    return status;
}

enum hp_status request_read_call(const json_t *params, struct hp_rate_call *call, const char **request_id,
                                 const char **session_id, struct hp_problem *problem) {
    const json_t *record = member(params, "record");
    *call = (struct hp_rate_call){.record = !record || json_is_true(record)};
    enum hp_status status = read_id(params, "user_id", &call->user_id, problem);
    if (status == HP_OK) {
        status = read_id(params, "endpoint", &call->endpoint, problem);
    }
    if (status == HP_OK) {
        status = read_id(params, "request_id", request_id, problem);
    }
    if (status == HP_OK) {
        status = read_id(params, "session_id", session_id, problem);
    }
    return status == HP_OK && record && !json_is_boolean(record)
               ? hp_problem_set(problem, HP_INVALID, "/record", "record must be true or false")
               : status;
}
