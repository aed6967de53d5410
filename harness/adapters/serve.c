#include "harness/adapters/serve.h"

#include "harness/adapters/frame.h"
#include "harness/adapters/hello.h"
#include "harness/adapters/line_reader.h"
#include "harness/adapters/rpc.h"
#include "harness/base/method.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The target answers within this, or is taken for hung. */
enum { CALL_TIMEOUT_MS = 10 * 60 * 1000, METHOD_SIZE = 64, NONCE_MAX = 255 };

/* A thread that takes a line, answers it, and takes the next. One waits for the next line, while others answer theirs:
 * so there is no queue, and when all are busy nothing more is read. */
struct worker {
    struct server *server;
    pthread_t thread;                              /* not of the first, which is the caller's own */
    struct session *sessions[HELLO_ENDPOINTS_MAX]; /* each opened with its first call */
    struct text request;                           /* the line that was taken */
    struct text answer;                            /* the line that is being written */
};

struct server {
    struct target *target;
    struct hello hello;
    pthread_mutex_t reading; /* of whoever waits for the next line; guards the reader */
    struct line_reader reader;
    pthread_mutex_t writing; /* guards the output */
    FILE *output;
    int stop[2];               /* a pipe: once a byte is in it nobody waits for a line */
    pthread_mutex_t mutex;     /* guards what follows */
    struct hp_problem failure; /* what ended the line, if it was not the end of the input */
    unsigned worker_max;
    unsigned worker_count;
    unsigned free_count; /* of workers that answer nothing */
    struct worker workers[SERVE_WORKERS_MAX];
};

static enum hp_status send_line(struct worker *worker, struct hp_problem *problem) {
    const struct text *line = &worker->answer;
    FILE *output = worker->server->output;
    if (line->failed) {
        return hp_problem_no_memory(problem);
    }
    pthread_mutex_lock(&worker->server->writing);
    bool written = !ferror(output) &&
                   fwrite(line->bytes, 1, line->length_bytes, output) == line->length_bytes &&
                   fflush(output) == 0;
    pthread_mutex_unlock(&worker->server->writing);
    return written ? HP_OK : hp_problem_set(problem, HP_UNAVAILABLE, NULL, "the answer could not be written");
}

static enum hp_status send_result(struct worker *worker, struct slice id, const json_t *result,
                                  struct hp_problem *problem) {
    text_clear(&worker->answer);
    rpc_add_result(&worker->answer, id, result);
    return send_line(worker, problem);
}

static enum hp_status send_refusal(struct worker *worker, struct slice id, int code,
                                   const struct answer *refusal, struct hp_problem *problem) {
    text_clear(&worker->answer);
    rpc_add_error(&worker->answer, id, code, refusal);
    return send_line(worker, problem);
}

/* Refuses a message that never reached the target. */
static enum hp_status send_invalid(struct worker *worker, struct slice id, int code, const char *field,
                                   const char *detail, struct hp_problem *problem) {
    struct answer refusal = {.kind = ANSWER_REFUSED};
    text_put(refusal.error_name, sizeof refusal.error_name, "invalid");
    text_put(refusal.field, sizeof refusal.field, field);
    text_put(refusal.detail, sizeof refusal.detail, detail);
    return send_refusal(worker, id, code, &refusal, problem);
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

static enum hp_status answer_hello(struct worker *worker, const struct frame *frame,
                                   struct hp_problem *problem) {
    json_t *params =
        frame->params.bytes ? json_loadb(frame->params.bytes, frame->params.length_bytes, 0, NULL) : NULL;
    const json_t *protocol = json_object_get(params, "protocol");
    const char *nonce = json_string_value(json_object_get(params, "nonce"));
    enum hp_status status;
    if (!json_is_integer(protocol) || json_integer_value(protocol) != RPC_PROTOCOL) {
        status = send_invalid(worker, frame->id, rpc_error_code("invalid"), "/protocol",
                              "this adapter speaks protocol 1", problem);
    } else if (!nonce || strlen(nonce) > NONCE_MAX) {
        status = send_invalid(worker, frame->id, rpc_error_code("invalid"), "/nonce",
                              "the nonce is no text of at most 255 bytes", problem);
    } else {
        json_t *result = hello_encode(&worker->server->hello, nonce);
        status = result ? send_result(worker, frame->id, result, problem) : hp_problem_no_memory(problem);
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

static enum hp_status pass_answer(struct worker *worker, struct slice id, const char *method,
                                  const struct answer *answer, struct hp_problem *problem) {
    switch (answer->kind) {
    case ANSWER_RESULT:
        return send_result(worker, id, answer->result, problem);
    case ANSWER_REFUSED:
        return send_refusal(worker, id, refusal_code(method, answer), answer, problem);
    case ANSWER_UNSENDABLE:
    case ANSWER_BROKEN:
        break;
    }
    return hp_problem_set(problem, HP_UNAVAILABLE, NULL, "the target gave no answer to %s: %s", method,
                          answer->detail);
}

static enum hp_status answer_call(struct worker *worker, const struct frame *frame, const char *method,
                                  struct hp_problem *problem) {
    unsigned endpoint = 0;
    if (frame->endpoint.bytes &&
        (!slice_number(frame->endpoint, &endpoint) || endpoint >= worker->server->hello.endpoints)) {
        return send_invalid(worker, frame->id, rpc_error_code("invalid"), "/endpoint",
                            "there is no endpoint of that number", problem);
    }
    struct session **session = &worker->sessions[endpoint];
    if (!*session) {
        enum hp_status status = target_open(worker->server->target, endpoint, session, problem);
        if (status != HP_OK) {
            return status;
        }
    }
    const char *params = frame->params.bytes ? frame->params.bytes : "{}";
    size_t length_bytes = frame->params.bytes ? frame->params.length_bytes : 2;
    const struct request request = {method, params, length_bytes, true};
    struct answer answer = {0};
    session_call(*session, &request, CALL_TIMEOUT_MS, &answer);
    enum hp_status status = pass_answer(worker, frame->id, method, &answer, problem);
    answer_release(&answer);
    return status;
}

static enum hp_status answer_line(struct worker *worker, const char *line, size_t length_bytes,
                                  struct hp_problem *problem) {
    struct frame frame;
    char method[METHOD_SIZE];
    bool whole = frame_scan(line, length_bytes, &frame);
    frame.id = usable_id(frame.id);
    if (!whole) {
        return send_invalid(worker, frame.id, RPC_PARSE_ERROR, "",
                            "the line is no JSON object; one request a line was expected", problem);
    }
    if (frame.repeated || !frame.id.bytes || !slice_is(frame.jsonrpc, "\"2.0\"") ||
        !read_method(frame.method, method)) {
        return send_invalid(worker, frame.id, RPC_BAD_FRAME, "",
                            "the message is no request; {\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": "
                            "\"...\", \"params\": {...}} was expected, each member once",
                            problem);
    }
    if (strcmp(method, "hello") == 0) {
        return answer_hello(worker, &frame, problem);
    }
    return answer_call(worker, &frame, method, problem);
}

/* Takes the next line that is to be answered, a copy of it, into worker->request. False at the end. */
static bool take_line(struct worker *worker, enum line_read *read, struct hp_problem *problem) {
    const char *line;
    size_t length_bytes;
    text_clear(&worker->request);
    do {
        *read = line_reader_next(&worker->server->reader, &line, &length_bytes);
    } while (*read == LINE_READ && line[strspn(line, " \t\r")] == '\0' && !memchr(line, '\0', length_bytes));
    if (*read == LINE_READ && !text_append(&worker->request, line, length_bytes)) {
        hp_problem_no_memory(problem);
    }
    return *read != LINE_READ_END;
}

static void run_worker(struct worker *worker);

static void *run_thread(void *worker) {
    run_worker(worker);
    return NULL;
}

/* One worker less waits for lines; when none is left another is started, if there may be one. Without a thread to be
 * had the others do it alone. */
static void leave_free(struct server *server) {
    pthread_mutex_lock(&server->mutex);
    if (--server->free_count == 0 && server->worker_count < server->worker_max) {
        struct worker *worker = &server->workers[server->worker_count];
        worker->server = server;
        if (pthread_create(&worker->thread, NULL, run_thread, worker) == 0) {
            server->worker_count++;
            server->free_count++;
        }
    }
    pthread_mutex_unlock(&server->mutex);
}

static void join_free(struct server *server) {
    pthread_mutex_lock(&server->mutex);
    server->free_count++;
    pthread_mutex_unlock(&server->mutex);
}

/* The first failure ends the line for all. */
static void end_line(struct server *server, const struct hp_problem *problem) {
    pthread_mutex_lock(&server->mutex);
    if (server->failure.status == HP_OK) {
        server->failure = *problem;
    }
    pthread_mutex_unlock(&server->mutex);
    ssize_t written = write(server->stop[1], "", 1); /* a pipe that is full stops them too */
    (void)written;
}

static bool line_ended(struct server *server) {
    pthread_mutex_lock(&server->mutex);
    bool ended = server->failure.status != HP_OK;
    pthread_mutex_unlock(&server->mutex);
    return ended;
}

/* Reads a line and answers it; false when that was the last. */
static bool run_turn(struct worker *worker) {
    struct server *server = worker->server;
    struct hp_problem problem = {0};
    enum line_read read;
    pthread_mutex_lock(&server->reading);
    bool taken = !line_ended(server) && take_line(worker, &read, &problem) && !line_ended(server);
    if (taken) {
        leave_free(server);
    }
    pthread_mutex_unlock(&server->reading);
    if (!taken) {
        return false;
    }
    if (problem.status == HP_OK && read == LINE_READ_TOO_LONG) {
        send_invalid(worker, (struct slice){NULL, 0}, RPC_PARSE_ERROR, "",
                     "the line has more than 8 MiB; it was dropped", &problem);
    } else if (problem.status == HP_OK) {
        answer_line(worker, worker->request.bytes, worker->request.length_bytes, &problem);
    }
    if (problem.status != HP_OK) {
        end_line(server, &problem);
    }
    join_free(server);
    return problem.status == HP_OK;
}

static void run_worker(struct worker *worker) {
    while (run_turn(worker)) {
    }
    for (size_t i = 0; i < HELLO_ENDPOINTS_MAX; i++) {
        session_close(worker->sessions[i]);
    }
    text_release(&worker->request);
    text_release(&worker->answer);
}

static bool join_worker(struct server *server, unsigned index) {
    pthread_mutex_lock(&server->mutex);
    bool started = index < server->worker_count;
    pthread_mutex_unlock(&server->mutex);
    return started && pthread_join(server->workers[index].thread, NULL) == 0;
}

/* The caller's thread works too. Workers are started by workers, each by one of a smaller index, so when all of smaller
 * index have ended the next one is there or will never be. */
static void run_workers(struct server *server) {
    unsigned index = 1;
    server->workers[0].server = server;
    server->worker_count = server->free_count = 1;
    run_worker(&server->workers[0]);
    while (join_worker(server, index)) {
        index++;
    }
}

static enum hp_status server_init(struct server *server, int input, struct hp_problem *problem) {
    server->worker_max = hello_declares(&server->hello, "concurrent") ? SERVE_WORKERS_MAX : 1;
    if (pipe(server->stop) != 0 || fcntl(server->stop[0], F_SETFD, FD_CLOEXEC) != 0 ||
        fcntl(server->stop[1], F_SETFD, FD_CLOEXEC) != 0) {
        return hp_problem_set(problem, HP_UNAVAILABLE, NULL, "the system has no pipe to give");
    }
    line_reader_init(&server->reader, input, SERVE_LINE_MAX);
    server->reader.stop = server->stop[0];
    return HP_OK;
}

static void server_release(struct server *server) {
    line_reader_release(&server->reader);
    for (size_t i = 0; i < 2; i++) {
        if (server->stop[i] >= 0) {
            close(server->stop[i]);
        }
    }
    hello_release(&server->hello);
}

/* Two of us would share nothing, whatever is behind each, and what is behind us ends with us. */
static void promise_less(struct hello *hello) {
    hello->processes = 1;
    for (size_t i = json_array_size(hello->capabilities); i > 0; i--) {
        const char *name = json_string_value(json_array_get(hello->capabilities, i - 1));
        if (name && strcmp(name, "restart") == 0) {
            json_array_remove(hello->capabilities, i - 1);
        }
    }
}

enum hp_status serve_target(struct target *target, int input, FILE *output, struct hp_problem *problem) {
    struct server server = {.target = target,
                            .output = output,
                            .stop = {-1, -1},
                            .reading = PTHREAD_MUTEX_INITIALIZER,
                            .writing = PTHREAD_MUTEX_INITIALIZER,
                            .mutex = PTHREAD_MUTEX_INITIALIZER};
    enum hp_status status = target_hello(target, &server.hello, problem);
    promise_less(&server.hello);
    if (status == HP_OK) {
        status = server_init(&server, input, problem);
    }
    if (status == HP_OK) {
        run_workers(&server);
        status = server.failure.status;
        if (status != HP_OK) {
            hp_problem_set(problem, status, server.failure.field, "%s", server.failure.detail);
        }
    }
    server_release(&server);
    return status;
}
