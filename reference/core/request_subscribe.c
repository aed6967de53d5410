#include "reference/core/json.h"
#include "reference/core/request.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { HEADERS_MAX = 32, HEADER_NAME_MAX_BYTES = 128, HEADER_VALUE_MAX_BYTES = 4096 };

/* The member; NULL when it is absent or null. */
static const json_t *member(const json_t *object, const char *key) {
    const json_t *value = json_object_get(object, key);
    return json_is_null(value) ? NULL : value;
}

static enum hp_status read_text(const json_t *params, const char *key, const char **text,
                                struct hp_problem *problem) {
    const json_t *value = member(params, key);
    char pointer[32] = "/";
    *text = json_string_value(value);
    if (!value || *text) {
        return HP_OK;
    }
    text_put(pointer + 1, sizeof pointer - 1, key);
    return hp_problem_set(problem, HP_INVALID, pointer, "%s must be text", key);
}

/* 0, which the check refuses, for what is no number or would not fit. */
static int64_t read_span(const json_t *params, const char *key, int64_t otherwise_us) {
    const json_t *value = member(params, key);
    double seconds = json_number_value(value);
    if (!value) {
        return otherwise_us;
    }
    return seconds > 0 && seconds < 1e9 ? llround(seconds * (double)HP_SECOND_US) : 0;
}

static unsigned read_tries(const json_t *params) {
    const json_t *value = member(params, "max_tries");
    double number = json_number_value(value);
    if (!value) {
        return HP_TRIES_DEFAULT;
    }
    return number >= 1 && number <= HP_TRIES_MAX && floor(number) == number ? (unsigned)number : 0;
}

/* The patterns with commas between; a comma in one would make it two, so it is refused here. */
static enum hp_status read_events(const json_t *params, struct text *texts, struct hp_problem *problem) {
    const json_t *events = member(params, "events");
    if (!json_is_array(events) || json_array_size(events) == 0) {
        return hp_problem_set(problem, HP_INVALID, "/events", "events must be a list of at least one event");
    }
    for (size_t i = 0; i < json_array_size(events); i++) {
        const json_t *event = json_array_get(events, i);
        const char *pattern = json_string_value(event);
        if (!pattern || !hp_event_pattern_is_valid(pattern, json_string_length(event))) {
            return hp_problem_set(problem, HP_INVALID, "/events",
                                  "an event is \"name\", \"prefix.*\" or \"*\"");
        }
        text_addf(texts, "%s%s", i > 0 ? "," : "", pattern);
    }
    return HP_OK;
}

/* RFC 9110: a name is a token, a value visible with blanks between; obsolete and control bytes are not sent. */
static bool is_header(const char *name, const char *value) {
    size_t name_length = strlen(name), value_length = value ? strlen(value) : 0;
    if (!value || name_length == 0 || name_length > HEADER_NAME_MAX_BYTES ||
        value_length > HEADER_VALUE_MAX_BYTES ||
        name_length != strspn(name, "!#$%&'*+-.^_`|~0123456789"
                                    "abcdefghijklmnopqrstuvwxyz"
                                    "ABCDEFGHIJKLMNOPQRSTUVWXYZ")) {
        return false;
    }
    for (size_t i = 0; i < value_length; i++) {
        if (value[i] < ' ' || value[i] > '~') {
            return false;
        }
    }
    return true;
}

static enum hp_status check_headers(const json_t *headers, struct hp_problem *problem) {
    const char *name;
    json_t *value;
    if (!json_is_object(headers) || json_object_size(headers) > HEADERS_MAX) {
        return hp_problem_set(problem, HP_INVALID, "/headers",
                              "headers must be an object of at most %d texts", HEADERS_MAX);
    }
    json_object_foreach((json_t *)(uintptr_t)headers, name, value) {
        if (!is_header(name, json_string_value(value))) {
            return hp_problem_set(problem, HP_INVALID, "/headers",
                                  "a header must be a token and a text of visible ASCII and blanks");
        }
    }
    return HP_OK;
}

enum hp_status request_check_headers(const char *headers, struct hp_problem *problem) {
    json_t *value = NULL;
    struct hp_problem cause = {0};
    enum hp_status status = json_read(headers, strlen(headers), &value, &cause);
    if (status != HP_OK) {
        return hp_problem_set(problem, status, "/headers", "headers: %s", cause.detail);
    }
    status = check_headers(value, problem);
    json_decref(value);
    return status;
}

static enum hp_status read_headers(const json_t *params, struct text *texts, struct hp_problem *problem) {
    const json_t *headers = member(params, "headers");
    enum hp_status status = headers ? check_headers(headers, problem) : HP_OK;
    if (status == HP_OK && headers) {
        json_write(texts, headers);
    } else if (status == HP_OK) {
        text_add(texts, "{}");
    }
    return status;
}

enum hp_status request_read_subscribe(const json_t *params, struct hp_subscription *subscription,
                                      char **texts, struct hp_problem *problem) {
    struct text text = {0};
    size_t headers_at = 0;
    *texts = NULL;
    *subscription = (struct hp_subscription){
        .timeout_us = read_span(params, "timeout_seconds", HP_TIMEOUT_DEFAULT_US),
        .base_delay_us = read_span(params, "base_delay_seconds", HP_DELAY_DEFAULT_US),
        .max_tries = read_tries(params),
    };
    enum hp_status status = read_text(params, "url", &subscription->url, problem);
    if (status == HP_OK) {
        status = read_text(params, "secret", &subscription->secret, problem);
    }
    if (status == HP_OK) {
        status = read_text(params, "request_id", &subscription->request_id, problem);
    }
    if (status == HP_OK) {
        status = read_events(params, &text, problem);
    }
    if (status == HP_OK) {
        text_add_byte(&text, '\0');
        headers_at = text.length_bytes;
        status = read_headers(params, &text, problem);
    }
    if (status != HP_OK) {
        text_release(&text);
        return status;
    }
    *texts = text_take(&text);
    if (!*texts) {
        return hp_problem_no_memory(problem);
    }
    subscription->events = *texts;
    subscription->headers = *texts + headers_at;
    return hp_subscription_check(subscription, problem);
}
