#include "harness/adapters/trace.h"

#include "harness/adapters/wrap.h"
#include "harness/base/value.h"

#include <pthread.h>
#include <stdlib.h>

struct trace {
    struct wrap wrap;
    pthread_mutex_t mutex; /* guards what follows */
    FILE *file;
    unsigned sessions;
};

struct trace_session {
    struct wrapped_session wrapped;
    unsigned number;
};

/* Writes an object as one line; takes it over. Without memory a line is missing, which only costs the
 * trace. */
static void write_line_new(struct trace *trace, json_t *object) {
    char *line = object ? value_dump(object, JSON_COMPACT) : NULL;
    if (line) {
        pthread_mutex_lock(&trace->mutex);
        fprintf(trace->file, "%s\n", line);
        fflush(trace->file);
        pthread_mutex_unlock(&trace->mutex);
    }
    free(line);
    json_decref(object);
}

/* Text that may not be UTF-8 becomes text that is. */
static json_t *text_value(const char *bytes, size_t length_bytes) {
    if (text_is_utf8(bytes, length_bytes)) {
        return json_stringn(bytes, length_bytes);
    }
    return json_sprintf("(%zu bytes that are not UTF-8)", length_bytes);
}

static void add_params(json_t *line, const struct request *request) {
    json_t *params = json_loadb(request->params, request->params_length_bytes,
                                JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, NULL);
    if (params) {
        json_object_set_new(line, "params", params);
    } else {
        json_object_set_new(line, "params_text", text_value(request->params, request->params_length_bytes));
    }
}

static void write_call(struct trace_session *self, const struct request *request, unsigned ticket) {
    json_t *line = json_pack("{s:i, s:i, s:s}", "session", (int)self->number, "call", (int)ticket, "method",
                             request->method);
    add_params(line, request);
    write_line_new((struct trace *)self->wrapped.session.target, line);
}

static void add_text(json_t *line, const char *key, const char *text) {
    if (text[0]) {
        json_object_set_new(line, key, json_string(text));
    }
}

static void write_answer(struct trace_session *self, const struct answer *answer, unsigned ticket) {
    json_t *line = json_pack("{s:i, s:i}", "session", (int)self->number, "call", (int)ticket);
    switch (answer->kind) {
    case ANSWER_RESULT:
        json_object_set(line, "result", answer->result);
        break;
    case ANSWER_REFUSED:
        add_text(line, "refused", answer->error_name);
        add_text(line, "field", answer->field);
        add_text(line, "interrupt_status", answer->interrupt_status);
        add_text(line, "detail", answer->detail);
        break;
    case ANSWER_UNSENDABLE:
        add_text(line, "unsendable", answer->detail);
        break;
    case ANSWER_BROKEN:
        add_text(line, "broken", answer->detail);
        break;
    }
    write_line_new((struct trace *)self->wrapped.session.target, line);
}

static enum hp_status session_start(struct session *session, const struct request *request, unsigned *ticket,
                                    struct hp_problem *problem) {
    enum hp_status status = wrapped_start(session, request, ticket, problem);
    if (status == HP_OK) {
        write_call((struct trace_session *)session, request, *ticket);
    }
    return status;
}

static enum poll_state session_poll(struct session *session, unsigned ticket, unsigned timeout_ms,
                                    struct answer *answer) {
    enum poll_state state = wrapped_poll(session, ticket, timeout_ms, answer);
    if (state == POLL_ANSWERED) {
        write_answer((struct trace_session *)session, answer, ticket);
    }
    return state;
}

static const struct session_ops trace_session_ops = {session_start, session_poll, wrapped_close};

static enum hp_status trace_open(struct target *target, unsigned endpoint, struct session **session,
                                 struct hp_problem *problem) {
    struct trace *trace = (struct trace *)target;
    enum hp_status status =
        wrapped_open(target, &trace_session_ops, sizeof(struct trace_session), endpoint, session, problem);
    if (status == HP_OK) {
        pthread_mutex_lock(&trace->mutex);
        ((struct trace_session *)*session)->number = ++trace->sessions;
        pthread_mutex_unlock(&trace->mutex);
    }
    return status;
}

static void trace_restart(struct target *target) {
    write_line_new((struct trace *)target, json_pack("{s:b}", "restart", 1));
    wrap_restart(target);
}

static void trace_free(struct target *target) {
    pthread_mutex_destroy(&((struct trace *)target)->mutex);
    wrap_free(target);
}

static const struct target_ops trace_ops = {wrap_hello,     trace_open, trace_restart, wrap_take_log,
                                            wrap_reproduce, trace_free, wrap_set_gate};

struct target *trace_new(struct target *inner, FILE *file) {
    struct trace *trace = calloc(1, sizeof *trace);
    if (!trace || pthread_mutex_init(&trace->mutex, NULL) != 0) {
        free(trace);
        return NULL;
    }
    trace->wrap = (struct wrap){{&trace_ops}, inner};
    trace->file = file;
    return &trace->wrap.target;
}
