#include "reference/core/request.h"
#include "reference/base/text.h"
#include "reference/core/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* How many bytes of a JSON text are not blanks between its tokens: its size as compact JSON, as the sender writes. */
static size_t compact_size(const char *bytes, size_t length_bytes) {
    size_t size_bytes = 0;
    bool in_string = false;
    for (size_t i = 0; i < length_bytes; i++) {
        size_t plain = in_string ? text_plain_length(bytes + i, length_bytes - i) : 0;
        size_bytes += plain;
        i += plain;
        if (i == length_bytes) {
            break;
        }
        bool blank = bytes[i] == ' ' || bytes[i] == '\n' || bytes[i] == '\t' || bytes[i] == '\r';
        size_bytes += in_string || !blank;
        if (in_string && bytes[i] == '\\') {
            i++;
            size_bytes++;
        } else if (bytes[i] == '"') {
            in_string = !in_string;
        }
    }
    return size_bytes;
}

/* Measured before anything is read, so that refusing a large request costs little. */
static enum hp_status check_size(const char *bytes, size_t length_bytes, struct hp_problem *problem) {
    size_t size_bytes = length_bytes > JSON_SIZE_MAX_BYTES ? compact_size(bytes, length_bytes) : length_bytes;
    if (size_bytes <= JSON_SIZE_MAX_BYTES) {
        return HP_OK;
    }
    return hp_problem_set(problem, HP_INVALID, "",
                          "the request has %zu bytes of compact JSON; at most %d are taken", size_bytes,
                          JSON_SIZE_MAX_BYTES);
}

enum hp_status request_read(const char *bytes, size_t length_bytes, json_t **params,
                            struct hp_problem *problem) {
    if (length_bytes == 0) {
        *params = json_object();
        return *params ? HP_OK : hp_problem_no_memory(problem);
    }
    enum hp_status status = check_size(bytes, length_bytes, problem);
    if (status == HP_OK) {
        status = json_read(bytes, length_bytes, params, problem);
    }
    if (status != HP_OK || json_is_object(*params)) {
        return status;
    }
    json_decref(*params);
    *params = NULL;
    return hp_problem_set(problem, HP_INVALID, "", "params must be an object");
}

/* The member; NULL when it is absent or null. */
static const json_t *member(const json_t *object, const char *key) {
    const json_t *value = json_object_get(object, key);
    return json_is_null(value) ? NULL : value;
}

/* A text that may be absent. The pointer's last segment is the key. */
static enum hp_status read_text(const json_t *object, const char *pointer, const char **text,
                                struct hp_problem *problem) {
    const char *key = strrchr(pointer, '/') + 1;
    const json_t *value = member(object, key);
    *text = json_string_value(value);
    if (!value || *text) {
        return HP_OK;
    }
    return hp_problem_set(problem, HP_INVALID, pointer, "%s must be text", key);
}

/* An id that must be there. */
static enum hp_status read_id(const json_t *object, const char *pointer, const char **id,
                              struct hp_problem *problem) {
    enum hp_status status = read_text(object, pointer, id, problem);
    return status == HP_OK ? hp_id_check(*id, pointer, problem) : status;
}

/* An id that may be absent, but not empty. */
static enum hp_status read_optional_id(const json_t *object, const char *pointer, const char **id,
                                       struct hp_problem *problem) {
    enum hp_status status = read_text(object, pointer, id, problem);
    return status == HP_OK && *id ? hp_id_check(*id, pointer, problem) : status;
}

/* The id of an interrupt: any text, since a malformed one is merely unknown (REQ-GET-2). */
static enum hp_status read_interrupt_id(const json_t *params, const char **id, struct hp_problem *problem) {
    enum hp_status status = read_text(params, "/id", id, problem);
    return status == HP_OK && !*id ? hp_problem_set(problem, HP_INVALID, "/id", "id is required") : status;
}

/* An object that may be absent, as text for the caller to free. */
static enum hp_status read_data(const json_t *object, const char *pointer, char **data,
                                struct hp_problem *problem) {
    const json_t *value = member(object, "data");
    *data = NULL;
    if (!value) {
        return HP_OK;
    }
    if (!json_is_object(value)) {
        return hp_problem_set(problem, HP_INVALID, pointer, "data must be an object");
    }
    enum hp_status status = json_check_depth(value, pointer, problem);
    if (status == HP_OK) {
        *data = json_to_text(value);
        status = *data ? HP_OK : hp_problem_no_memory(problem);
    }
    return status;
}

static enum hp_status read_kind(const json_t *value, const char *pointer, enum hp_kind *kind,
                                struct hp_problem *problem) {
    const char *name = json_string_value(value);
    if (!name) {
        return hp_problem_set(problem, HP_INVALID, pointer,
                              value ? "a kind must be text" : "kind is required");
    }
    if (hp_kind_from_name(name, kind)) {
        return HP_OK;
    }
    char shown[81]; /* cut between characters, which "%.80s" would not do */
    text_put(shown, sizeof shown, name);
    return hp_problem_set(problem, HP_INVALID, pointer, "unknown kind \"%s\"", shown);
}

/* The one member whose null says something else than its absence. */
static enum hp_status read_ttl(const json_t *params, int64_t *ttl_us, struct hp_problem *problem) {
    const json_t *value = json_object_get(params, "ttl_seconds");
    *ttl_us = !value ? HP_TTL_DEFAULT : HP_TTL_NEVER;
    if (!value || json_is_null(value)) {
        return HP_OK;
    }
    if (!json_is_number(value)) {
        return hp_problem_set(problem, HP_INVALID, "/ttl_seconds", "ttl_seconds must be a number or null");
    }
    double seconds = json_number_value(value);
    if (!(seconds > 0) || seconds > (double)(HP_INSTANT_MAX - HP_INSTANT_MIN) / (double)HP_SECOND_US) {
        return hp_problem_set(problem, HP_INVALID, "/ttl_seconds",
                              "ttl_seconds must be above 0 and end before the year 10000");
    }
    *ttl_us = llround(seconds * (double)HP_SECOND_US);
    if (*ttl_us == 0) {
        return hp_problem_set(problem, HP_INVALID, "/ttl_seconds",
                              "ttl_seconds must be at least a microsecond");
    }
    return HP_OK;
}

enum hp_status request_read_create(const json_t *params, struct hp_create *create, char **data,
                                   struct hp_problem *problem) {
    *create = (struct hp_create){0};
    *data = NULL;
    const struct {
        const char *pointer;
        const char **text;
    } texts[] = {
        {"/request_id", &create->request_id}, {"/user_id", &create->user_id},
        {"/session_id", &create->session_id}, {"/envelope_id", &create->envelope_id},
        {"/question", &create->question},     {"/message", &create->message},
        {"/trace_id", &create->trace_id},     {"/span_id", &create->span_id},
    };
    enum hp_status status = read_kind(member(params, "kind"), "/kind", &create->kind, problem);
    for (size_t i = 0; status == HP_OK && i < sizeof texts / sizeof texts[0]; i++) {
        status = read_text(params, texts[i].pointer, texts[i].text, problem);
    }
    if (status == HP_OK) {
        status = read_ttl(params, &create->ttl_us, problem);
    }
    if (status == HP_OK) {
        status = hp_create_check(create, problem);
    }
    if (status == HP_OK) {
        status = read_data(params, "/data", data, problem);
        create->data = *data;
    }
    return status;
}

enum hp_status request_read_question(const json_t *params, struct hp_create *create, char **data,
                                     struct hp_problem *problem) {
    *create = (struct hp_create){0};
    *data = NULL;
    enum hp_status status = read_kind(member(params, "kind"), "/kind", &create->kind, problem);
    if (status == HP_OK) {
        status = read_text(params, "/question", &create->question, problem);
    }
    if (status == HP_OK) {
        status = read_text(params, "/message", &create->message, problem);
    }
    if (status == HP_OK) {
        status = read_ttl(params, &create->ttl_us, problem);
    }
    if (status == HP_OK) {
        status = read_data(params, "/data", data, problem);
        create->data = *data;
    }
    return status;
}

enum hp_status request_read_get(const json_t *params, const char **id, const char **user_id,
                                struct hp_problem *problem) {
    enum hp_status status = read_interrupt_id(params, id, problem);
    return status == HP_OK ? read_optional_id(params, "/user_id", user_id, problem) : status;
}

static enum hp_status read_statuses(const json_t *params, unsigned *statuses, struct hp_problem *problem) {
    const json_t *value = member(params, "status");
    const char *name = json_string_value(value);
    enum hp_interrupt_status status;
    *statuses = 1u << HP_PENDING;
    if (!value) {
        return HP_OK;
    }
    if (name && strcmp(name, "all") == 0) {
        *statuses = HP_STATUSES_ALL;
        return HP_OK;
    }
    if (name && hp_interrupt_status_from_name(name, &status)) {
        *statuses = 1u << status;
        return HP_OK;
    }
    return hp_problem_set(problem, HP_INVALID, "/status",
                          "status must be pending, resolved, expired, cancelled or all");
}

static enum hp_status read_kinds(const json_t *params, unsigned *kinds, struct hp_problem *problem) {
    const json_t *value = member(params, "kinds");
    *kinds = HP_KINDS_ALL;
    if (!value) {
        return HP_OK;
    }
    if (!json_is_array(value) || json_array_size(value) == 0) {
        return hp_problem_set(problem, HP_INVALID, "/kinds", "kinds must be a list of at least one kind");
    }
    *kinds = 0;
    for (size_t i = 0; i < json_array_size(value); i++) {
        enum hp_kind kind;
        if (read_kind(json_array_get(value, i), "/kinds", &kind, problem) != HP_OK) {
            return HP_INVALID;
        }
        *kinds |= 1u << kind;
    }
    return HP_OK;
}

static enum hp_status read_limit(const json_t *params, unsigned *limit, struct hp_problem *problem) {
    const json_t *value = member(params, "limit");
    *limit = HP_LIMIT_DEFAULT;
    if (!value) {
        return HP_OK;
    }
    double number = json_is_number(value) ? json_number_value(value) : 0;
    if (!(number >= 1 && number <= HP_LIMIT_MAX) || floor(number) != number) {
        return hp_problem_set(problem, HP_INVALID, "/limit", "limit must be a whole number, 1 to %d",
                              HP_LIMIT_MAX);
    }
    *limit = (unsigned)number;
    return HP_OK;
}

enum hp_status request_read_list(const json_t *params, struct hp_query *query, struct hp_problem *problem) {
    *query = (struct hp_query){0};
    enum hp_status status = read_text(params, "/user_id", &query->user_id, problem);
    if (status == HP_OK) {
        status = read_text(params, "/session_id", &query->session_id, problem);
    }
    if (status == HP_OK) {
        status = read_text(params, "/request_id", &query->request_id, problem);
    }
    if (status == HP_OK) {
        status = read_statuses(params, &query->statuses, problem);
    }
    if (status == HP_OK) {
        status = read_kinds(params, &query->kinds, problem);
    }
    if (status == HP_OK) {
        status = read_limit(params, &query->limit, problem);
    }
    if (status == HP_OK) {
        status = read_text(params, "/cursor", &query->cursor, problem);
    }
    return status;
}

enum hp_status request_read_pending(const json_t *params, const char **request_id, const char **user_id,
                                    struct hp_problem *problem) {
    enum hp_status status = read_id(params, "/request_id", request_id, problem);
    return status == HP_OK ? read_optional_id(params, "/user_id", user_id, problem) : status;
}

static enum hp_status read_approved(const json_t *object, enum hp_approval *approved,
                                    struct hp_problem *problem) {
    const json_t *value = member(object, "approved");
    *approved = !value ? HP_APPROVAL_NONE : json_is_true(value) ? HP_APPROVED : HP_DENIED;
    if (!value || json_is_boolean(value)) {
        return HP_OK;
    }
    return hp_problem_set(problem, HP_INVALID, "/response/approved", "approved must be true or false");
}

static enum hp_status read_decision(const json_t *object, enum hp_decision *decision,
                                    struct hp_problem *problem) {
    const json_t *value = member(object, "decision");
    const char *name = json_string_value(value);
    *decision = HP_DECISION_NONE;
    if (!value || (name && hp_decision_from_name(name, decision))) {
        return HP_OK;
    }
    return hp_problem_set(problem, HP_INVALID, "/response/decision",
                          "decision must be approve, reject or modify");
}

static enum hp_status read_response(const json_t *object, struct hp_response *response, char **data,
                                    struct hp_problem *problem) {
    *response = (struct hp_response){.received_at_us = HP_INSTANT_NONE};
    if (!json_is_object(object)) {
        return hp_problem_set(problem, HP_INVALID, "/response",
                              object ? "response must be an object" : "response is required");
    }
    enum hp_status status = read_text(object, "/response/text", &response->text, problem);
    if (status == HP_OK) {
        status = read_approved(object, &response->approved, problem);
    }
    if (status == HP_OK) {
        status = read_decision(object, &response->decision, problem);
    }
    if (status == HP_OK) {
        status = hp_response_check(response, problem);
    }
    if (status == HP_OK) {
        status = read_data(object, "/response/data", data, problem);
        response->data = *data;
    }
    return status;
}

enum hp_status request_read_response(const json_t *params, struct hp_response *response, char **data,
                                     struct hp_problem *problem) {
    *data = NULL;
    return read_response(member(params, "response"), response, data, problem);
}

enum hp_status request_read_respond(const json_t *params, struct hp_change *change,
                                    struct hp_response *response, char **data, struct hp_problem *problem) {
    *change = (struct hp_change){.to = HP_RESOLVED, .response = response};
    *data = NULL;
    enum hp_status status = read_interrupt_id(params, &change->id, problem);
    if (status == HP_OK) {
        status = read_id(params, "/user_id", &change->user_id, problem);
    }
    return status == HP_OK ? read_response(member(params, "response"), response, data, problem) : status;
}

enum hp_status request_read_cancel(const json_t *params, struct hp_change *change,
                                   struct hp_problem *problem) {
    *change = (struct hp_change){.to = HP_CANCELLED};
    enum hp_status status = read_interrupt_id(params, &change->id, problem);
    if (status == HP_OK) {
        status = read_id(params, "/user_id", &change->user_id, problem);
    }
    return status == HP_OK ? read_text(params, "/reason", &change->reason, problem) : status;
}

enum hp_status request_read_clock(const json_t *params, int64_t *now_us, struct hp_problem *problem) {
    const char *text = json_string_value(member(params, "now"));
    if (text && hp_instant_parse(text, strlen(text), now_us)) {
        return HP_OK;
    }
    return hp_problem_set(problem, HP_INVALID, "/now",
                          "now must be an RFC 3339 time with an offset, of the years 0001 to 9999");
}
