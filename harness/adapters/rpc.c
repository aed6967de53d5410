#include "harness/adapters/rpc.h"

#include "harness/adapters/answer_json.h"
#include "harness/adapters/excerpt.h"
#include "harness/base/value.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

static bool is_method(const char *method) {
    size_t length = strspn(method, "abcdefghijklmnopqrstuvwxyz._");
    return length > 0 && method[length] == '\0';
}

static bool is_json_object(const char *bytes, size_t length_bytes) {
    json_error_t error;
    json_t *value = json_loadb(bytes, length_bytes, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
    bool is_object = json_is_object(value);
    json_decref(value);
    return is_object;
}

enum hp_status rpc_check_request(const struct request *request, struct hp_problem *problem) {
    const char *fault = NULL;
    if (!is_method(request->method)) {
        fault = "the method is no name of lower-case letters, dots and underscores";
    } else if (request->params_length_bytes == 0) {
        fault = "the params are empty; {} was expected";
    } else if (memchr(request->params, '\n', request->params_length_bytes)) {
        fault = "the params hold a line break, which would end the message";
    } else if (!request->raw && !is_json_object(request->params, request->params_length_bytes)) {
        fault = "the params are no JSON object, and the request does not say that it is raw";
    }
    return fault ? hp_problem_set(problem, HP_INTERNAL, NULL, "harness: %s", fault) : HP_OK;
}

bool rpc_add_request(struct text *line, unsigned id, unsigned endpoint, const struct request *request) {
    text_addf(line, "{\"jsonrpc\":\"2.0\",\"id\":%u,", id);
    if (endpoint > 0) {
        text_addf(line, "\"endpoint\":%u,", endpoint);
    }
    text_addf(line, "\"method\":\"%s\",\"params\":", request->method);
    text_append(line, request->params, request->params_length_bytes);
    return text_add(line, "}\n");
}

void rpc_answer_release(struct rpc_answer *answer) {
    answer_release(&answer->answer);
    *answer = (struct rpc_answer){0};
}

/* Reads the line as JSON. Where that fails the id may still be made out. */
static json_t *load_line(const char *line, size_t length_bytes, struct rpc_answer *answer,
                         struct hp_problem *problem) {
    char excerpt[EXCERPT_SIZE];
    struct frame frame;
    json_error_t error;
    excerpt_put(excerpt, line, length_bytes);
    if (!text_is_utf8(line, length_bytes)) {
        hp_problem_set(problem, HP_INVALID, NULL, "the answer is not UTF-8: %s", excerpt);
    } else {
        json_t *message = answer_json_load(line, length_bytes, &error);
        if (message) {
            return message;
        }
        hp_problem_set(problem, HP_INVALID, NULL,
                       "the answer is not JSON: %s at byte %d of %s; stdout carries nothing but answers, one "
                       "a line (write logs to stderr)",
                       error.text, error.position, excerpt);
    }
    frame_scan(line, length_bytes, &frame);
    answer->has_id = slice_number(frame.id, &answer->id);
    return NULL;
}

static const char *type_name(const json_t *value) {
    static const char *const names[] = {
        [JSON_OBJECT] = "an object",   [JSON_ARRAY] = "an array",     [JSON_STRING] = "text",
        [JSON_INTEGER] = "an integer", [JSON_REAL] = "a real number", [JSON_TRUE] = "true",
        [JSON_FALSE] = "false",        [JSON_NULL] = "null"};
    return value ? names[json_typeof(value)] : "missing";
}

static enum hp_status decode_id(const json_t *message, struct rpc_answer *answer,
                                struct hp_problem *problem) {
    const json_t *id = json_object_get(message, "id");
    if (json_is_null(id)) {
        answer->id_is_null = true;
        return HP_OK;
    }
    json_int_t number = json_integer_value(id);
    if (!json_is_integer(id) || number < 0 || number > UINT_MAX) {
        return hp_problem_set(problem, HP_INVALID, "/id",
                              "the answer's id is %s; repeat the number of the request's id", type_name(id));
    }
    answer->has_id = true;
    answer->id = (unsigned)number;
    return HP_OK;
}

/* Copies an optional text of error.data. */
static enum hp_status decode_text(const json_t *data, const char *key, char *buffer, size_t size_bytes,
                                  struct hp_problem *problem) {
    const json_t *value = json_object_get(data, key);
    if (!value || json_is_null(value)) {
        return HP_OK;
    }
    if (!json_is_string(value)) {
        return hp_problem_set(problem, HP_INVALID, "/error/data",
                              "error.data.%s is %s; text or null was expected", key, type_name(value));
    }
    text_put(buffer, size_bytes, json_string_value(value));
    return HP_OK;
}

static enum hp_status decode_error(const json_t *error, struct answer *refusal, struct hp_problem *problem) {
    const json_t *message = json_object_get(error, "message");
    const json_t *data = json_object_get(error, "data");
    enum hp_status known;
    if (!json_is_object(error) || !json_is_integer(json_object_get(error, "code")) ||
        !json_is_string(message)) {
        return hp_problem_set(problem, HP_INVALID, "/error",
                              "the error is not {\"code\": integer, \"message\": text, \"data\": {\"name\": "
                              "...}}");
    }
    text_put(refusal->detail, sizeof refusal->detail, json_string_value(message));
    const char *name = json_string_value(json_object_get(data, "name"));
    if (!name || !hp_status_from_name(name, &known)) {
        char excerpt[EXCERPT_SIZE];
        excerpt_put(excerpt, name ? name : "", name ? strlen(name) : 0);
        return hp_problem_set(problem, HP_INVALID, "/error/data/name",
                              "error.data.name is %s; one of invalid, not_found, forbidden, conflict, "
                              "unavailable, unsupported, internal was expected (the error's message: %.200s)",
                              name ? excerpt : "missing", refusal->detail);
    }
    text_put(refusal->error_name, sizeof refusal->error_name, name);
    refusal->kind = ANSWER_REFUSED;
    enum hp_status status = decode_text(data, "field", refusal->field, sizeof refusal->field, problem);
    if (status == HP_OK) {
        status = decode_text(data, "interrupt_status", refusal->interrupt_status,
                             sizeof refusal->interrupt_status, problem);
    }
    if (status == HP_OK) {
        refusal->error_text = value_dump(error, JSON_COMPACT);
        status = refusal->error_text ? HP_OK : hp_problem_no_memory(problem);
    }
    return status;
}

static enum hp_status decode_message(const json_t *message, struct rpc_answer *answer,
                                     struct hp_problem *problem) {
    if (!json_is_object(message)) {
        return hp_problem_set(problem, HP_INVALID, "",
                              "the answer is %s; one object a line was expected (there are no batches)",
                              type_name(message));
    }
    enum hp_status status = decode_id(message, answer, problem);
    if (status != HP_OK) {
        return status;
    }
    const char *version = json_string_value(json_object_get(message, "jsonrpc"));
    if (!version || strcmp(version, "2.0") != 0) {
        return hp_problem_set(problem, HP_INVALID, "/jsonrpc",
                              "the answer lacks \"jsonrpc\": \"2.0\"; every message carries it");
    }
    json_t *result = json_object_get(message, "result");
    const json_t *error = json_object_get(message, "error");
    if (!result == !error) {
        return hp_problem_set(problem, HP_INVALID, "",
                              "the answer has %s result %s error; exactly one of "
                              "them was expected, and the other left out",
                              result ? "both" : "neither", result ? "and" : "nor");
    }
    if (error) {
        return decode_error(error, &answer->answer, problem);
    }
    if (answer->id_is_null) {
        return hp_problem_set(problem, HP_INVALID, "/id", "the answer has a result and the id null");
    }
    answer->answer.kind = ANSWER_RESULT;
    answer->answer.result = json_incref(result);
    return HP_OK;
}

enum hp_status rpc_decode_answer(const char *line, size_t length_bytes, struct rpc_answer *answer,
                                 struct hp_problem *problem) {
    *answer = (struct rpc_answer){0};
    json_t *message = load_line(line, length_bytes, answer, problem);
    if (!message) {
        return HP_INVALID;
    }
    enum hp_status status = decode_message(message, answer, problem);
    json_decref(message);
    return status;
}

int rpc_error_code(const char *name) {
    enum hp_status status = HP_INTERNAL;
    hp_status_from_name(name, &status);
    return status == HP_INVALID ? -32602 : -32001 - ((int)status - (int)HP_NOT_FOUND);
}

static void add_head(struct text *line, struct slice id) {
    text_add(line, "{\"jsonrpc\":\"2.0\",\"id\":");
    text_append(line, id.bytes ? id.bytes : "null", id.bytes ? id.length_bytes : 4);
}

/* Adds a JSON value as compact text. */
static void add_value(struct text *line, const json_t *value) {
    char *dump = value_dump(value, JSON_COMPACT | JSON_ENCODE_ANY);
    if (dump) {
        text_add(line, dump);
    } else {
        line->failed = true;
    }
    free(dump);
}

bool rpc_add_result(struct text *line, struct slice id, const json_t *result) {
    add_head(line, id);
    text_add(line, ",\"result\":");
    add_value(line, result);
    return text_add(line, "}\n");
}

bool rpc_add_error(struct text *line, struct slice id, int code, const struct answer *refusal) {
    json_t *error = json_pack("{s:i, s:s, s:{s:s}}", "code", code, "message",
                              refusal->detail[0] ? refusal->detail : refusal->error_name, "data", "name",
                              refusal->error_name);
    json_t *data = json_object_get(error, "data");
    bool whole = error != NULL;
    if (refusal->field[0]) {
        whole = json_object_set_new(data, "field", json_string(refusal->field)) == 0 && whole;
    }
    if (refusal->interrupt_status[0]) {
        whole = json_object_set_new(data, "interrupt_status", json_string(refusal->interrupt_status)) == 0 &&
                whole;
    }
    add_head(line, id);
    text_add(line, ",\"error\":");
    add_value(line, error);
    json_decref(error);
    return text_add(line, "}\n") && whole;
}
