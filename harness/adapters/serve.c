#include "harness/adapters/serve.h"

#include "harness/adapters/frame.h"
#include "harness/adapters/hello.h"
#include "harness/adapters/line_reader.h"
#include "harness/adapters/rpc.h"
#include "harness/base/method.h"

#include <stdlib.h>
#include <string.h>

/* The target answers within this, or is taken for hung. */
enum { CALL_TIMEOUT_MS = 10 * 60 * 1000, METHOD_SIZE = 64, NONCE_MAX = 255 };

struct server {
    struct target *target;
    FILE *output;
    struct hello hello;
    struct session *sessions[HELLO_ENDPOINTS_MAX]; /* each opened with its first call */
    struct text line;                              /* the answer that is being written */
};

static enum hp_status send_line(struct server *server, struct hp_problem *problem) {
    struct text *line = &server->line;
    if (line->failed) {
        return hp_problem_no_memory(problem);
    }
    if (fwrite(line->bytes, 1, line->length_bytes, server->output) != line->length_bytes ||
        fflush(server->output) != 0) {
        return hp_problem_set(problem, HP_UNAVAILABLE, NULL, "the answer could not be written");
    }
    return HP_OK;
}

static enum hp_status send_result(struct server *server, struct slice id, const json_t *result,
                                  struct hp_problem *problem) {
    text_clear(&server->line);
    rpc_add_result(&server->line, id, result);
    return send_line(server, problem);
}

static enum hp_status send_refusal(struct server *server, struct slice id, int code,
                                   const struct answer *refusal, struct hp_problem *problem) {
    text_clear(&server->line);
    rpc_add_error(&server->line, id, code, refusal);
    return send_line(server, problem);
}

/* Refuses a message that never reached the target. */
static enum hp_status send_invalid(struct server *server, struct slice id, int code, const char *field,
                                   const char *detail, struct hp_problem *problem) {
    struct answer refusal = {.kind = ANSWER_REFUSED};
    text_put(refusal.error_name, sizeof refusal.error_name, "invalid");
    text_put(refusal.field, sizeof refusal.field, field);
    text_put(refusal.detail, sizeof refusal.detail, detail);
    return send_refusal(server, id, code, &refusal, problem);
}

/* An id that may be repeated: a number, or text that is JSON. Any other becomes null. */
static struct slice usable_id(struct slice id) {
    json_t *value = id.bytes ? json_loadb(id.bytes, id.length_bytes, JSON_DECODE_ANY, NULL) : NULL;
    bool usable = json_is_integer(value) || json_is_string(value);
    json_decref(value);
    return usable ? id : (struct slice){NULL, 0};
}

/* Copies the name of the method out of its quotes. */
static bool read_method(struct slice slice, char method[METHOD_SIZE]) {
    if (!slice.bytes || slice.length_bytes < 3 || slice.length_bytes > METHOD_SIZE || slice.bytes[0] != '"' ||
        memchr(slice.bytes, '\\', slice.length_bytes) || memchr(slice.bytes, '\0', slice.length_bytes) ||
        !text_is_utf8(slice.bytes, slice.length_bytes)) {
        return false;
    }
    memcpy(method, slice.bytes + 1, slice.length_bytes - 2);
    method[slice.length_bytes - 2] = '\0';
    return true;
}

static enum hp_status answer_hello(struct server *server, const struct frame *frame,
                                   struct hp_problem *problem) {
    json_t *params =
        frame->params.bytes ? json_loadb(frame->params.bytes, frame->params.length_bytes, 0, NULL) : NULL;
    const json_t *protocol = json_object_get(params, "protocol");
    const char *nonce = json_string_value(json_object_get(params, "nonce"));
    enum hp_status status;
    if (!json_is_integer(protocol) || json_integer_value(protocol) != RPC_PROTOCOL) {
        status = send_invalid(server, frame->id, rpc_error_code("invalid"), "/protocol",
                              "this adapter speaks protocol 1", problem);
    } else if (!nonce || strlen(nonce) > NONCE_MAX) {
        status = send_invalid(server, frame->id, rpc_error_code("invalid"), "/nonce",
                              "the nonce is no text of at most 255 bytes", problem);
    } else {
        json_t *result = hello_encode(&server->hello, nonce);
        status = result ? send_result(server, frame->id, result, problem) : hp_problem_no_memory(problem);
        json_decref(result);
    }
    json_decref(params);
    return status;
}

static int refusal_code(const char *method, const struct answer *answer) {
    if (strcmp(answer->error_name, "unsupported") == 0 && !method_capability(method)) {
        return RPC_NO_METHOD;
    }
    return rpc_error_code(answer->error_name);
}

static enum hp_status pass_answer(struct server *server, struct slice id, const char *method,
                                  const struct answer *answer, struct hp_problem *problem) {
    switch (answer->kind) {
    case ANSWER_RESULT:
        return send_result(server, id, answer->result, problem);
    case ANSWER_REFUSED:
        return send_refusal(server, id, refusal_code(method, answer), answer, problem);
    case ANSWER_BROKEN:
        break;
    }
    return hp_problem_set(problem, HP_UNAVAILABLE, NULL, "the target gave no answer to %s: %s", method,
                          answer->detail);
}

static enum hp_status answer_call(struct server *server, const struct frame *frame, const char *method,
                                  struct hp_problem *problem) {
    unsigned endpoint = 0;
    if (frame->endpoint.bytes &&
        (!slice_number(frame->endpoint, &endpoint) || endpoint >= server->hello.endpoints)) {
        return send_invalid(server, frame->id, rpc_error_code("invalid"), "/endpoint",
                            "there is no endpoint of that number", problem);
    }
    struct session **session = &server->sessions[endpoint];
    if (!*session) {
        enum hp_status status = target_open(server->target, endpoint, session, problem);
        if (status != HP_OK) {
            return status;
        }
    }
    const char *params = frame->params.bytes ? frame->params.bytes : "{}";
    size_t length_bytes = frame->params.bytes ? frame->params.length_bytes : 2;
    const struct request request = {method, params, length_bytes, true};
    struct answer answer = {0};
    session_call(*session, &request, CALL_TIMEOUT_MS, &answer);
    enum hp_status status = pass_answer(server, frame->id, method, &answer, problem);
    answer_release(&answer);
    return status;
}

static enum hp_status answer_line(struct server *server, const char *line, size_t length_bytes,
                                  struct hp_problem *problem) {
    struct frame frame;
    char method[METHOD_SIZE];
    bool whole = frame_scan(line, length_bytes, &frame);
    frame.id = usable_id(frame.id);
    if (!whole) {
        return send_invalid(server, frame.id, RPC_PARSE_ERROR, "",
                            "the line is no JSON object; one request a line was expected", problem);
    }
    if (frame.repeated || !frame.id.bytes || !slice_is(frame.jsonrpc, "\"2.0\"") ||
        !read_method(frame.method, method)) {
        return send_invalid(server, frame.id, RPC_BAD_FRAME, "",
                            "the message is no request; {\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": "
                            "\"...\", \"params\": {...}} was expected, each member once",
                            problem);
    }
    if (strcmp(method, "hello") == 0) {
        return answer_hello(server, &frame, problem);
    }
    return answer_call(server, &frame, method, problem);
}

static enum hp_status answer_lines(struct server *server, int input, struct hp_problem *problem) {
    struct line_reader reader;
    const char *line;
    size_t length_bytes;
    enum hp_status status = HP_OK;
    line_reader_init(&reader, input, SERVE_LINE_MAX);
    while (status == HP_OK) {
        enum line_read read = line_reader_next(&reader, &line, &length_bytes);
        if (read == LINE_READ_END) {
            break;
        }
        if (read == LINE_READ_TOO_LONG) {
            status = send_invalid(server, (struct slice){NULL, 0}, RPC_PARSE_ERROR, "",
                                  "the line has more than 8 MiB; it was dropped", problem);
        } else if (line[strspn(line, " \t\r")] != '\0' || memchr(line, '\0', length_bytes)) {
            status = answer_line(server, line, length_bytes, problem);
        }
    }
    line_reader_release(&reader);
    return status;
}

enum hp_status serve_target(struct target *target, int input, FILE *output, struct hp_problem *problem) {
    struct server server = {.target = target, .output = output};
    enum hp_status status = target_hello(target, &server.hello, problem);
    if (status == HP_OK) {
        status = answer_lines(&server, input, problem);
    }
    for (size_t i = 0; i < HELLO_ENDPOINTS_MAX; i++) {
        session_close(server.sessions[i]);
    }
    hello_release(&server.hello);
    text_release(&server.line);
    return status;
}
