#include "harness/adapters/stdio.h"

#include "harness/adapters/channel.h"
#include "harness/adapters/hello.h"
#include "harness/adapters/rpc.h"
#include "harness/adapters/shell.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { LOG_CAP_BYTES = 1024 * 1024, REPRODUCED_PARAMS_MAX = 4096 };

struct stdio {
    struct target target;
    char *command;
    char *name; /* for messages; NULL: the command is */
    unsigned timeout_ms;
    pthread_mutex_t mutex;                         /* guards what follows */
    struct channel *children[HELLO_ENDPOINTS_MAX]; /* NULL while it does not run */
    struct hello hello;                            /* of the first child, which is the first to start */
    struct text log;                               /* stderr of children that have ended */
};

struct stdio_session {
    struct session session;
    struct channel *channel; /* counted */
    unsigned endpoint;
    unsigned waiting; /* the call without an answer; 0 when there is none */
};

static void end_child(struct stdio *stdio, unsigned number) {
    struct channel *child = stdio->children[number];
    if (!child) {
        return;
    }
    if (stdio->log.failed) {
        text_clear(&stdio->log);
    }
    channel_stop(child, &stdio->log);
    channel_release(child);
    stdio->children[number] = NULL;
}

static void end_children(struct stdio *stdio) {
    for (unsigned i = 0; i < HELLO_ENDPOINTS_MAX; i++) {
        end_child(stdio, i);
    }
    hello_release(&stdio->hello);
}

static enum hp_status ask_hello(struct channel *child, unsigned timeout_ms, struct hello *hello,
                                struct hp_problem *problem) {
    char nonce[HELLO_NONCE_SIZE];
    struct text params = {0};
    struct answer answer = {0};
    unsigned id = 0;
    hello_make_nonce(nonce);
    if (!hello_add_params(&params, nonce)) {
        text_release(&params);
        return hp_problem_no_memory(problem);
    }
    const struct request request = {"hello", params.bytes, params.length_bytes, false};
    enum hp_status status = channel_send(child, 0, &request, &id, problem);
    text_release(&params);
    if (status != HP_OK) {
        return status;
    }
    if (channel_wait(child, id, timeout_ms, &answer) == POLL_PENDING) {
        return hp_problem_set(problem, HP_UNAVAILABLE, NULL,
                              "no hello within %u ms; the command must answer each line as it comes (flush "
                              "stdout)",
                              timeout_ms);
    }
    if (answer.kind == ANSWER_RESULT) {
        status = hello_decode(answer.result, nonce, hello, problem);
    } else if (answer.kind == ANSWER_REFUSED) {
        status = hp_problem_set(problem, HP_INVALID, NULL, "the target refused the hello: %s: %s",
                                answer.error_name, answer.detail);
    } else {
        status = channel_fault(child, problem);
        status = status != HP_OK ? status : hp_problem_set(problem, HP_INVALID, NULL, "%s", answer.detail);
    }
    answer_release(&answer);
    return status;
}

/* Several processes are a capability too, so that a case can ask for them. */
static enum hp_status declare_processes(struct hello *hello, struct hp_problem *problem) {
    if (hello->processes < 2 || hello_declares(hello, "processes")) {
        return HP_OK;
    }
    return json_array_append_new(hello->capabilities, json_string("processes")) == 0
               ? HP_OK
               : hp_problem_no_memory(problem);
}

static enum hp_status check_sibling(const struct hello *first, const struct hello *other, unsigned number,
                                    struct hp_problem *problem) {
    if (other->endpoints == first->endpoints && other->processes == first->processes) {
        return HP_OK;
    }
    return hp_problem_set(
        problem, HP_INVALID, "/limits",
        "child %u says limits.endpoints %u and limits.processes %u, the first child %u and %u; all "
        "children of the command must say the same",
        number, other->endpoints, other->processes, first->endpoints, first->processes);
}

/* The hello of the first child is that of the target. */
static enum hp_status meet_child(struct stdio *stdio, unsigned number, struct hp_problem *problem) {
    struct hello hello = {0};
    enum hp_status status = ask_hello(stdio->children[number], stdio->timeout_ms, &hello, problem);
    if (status == HP_OK && number > 0) {
        status = check_sibling(&stdio->hello, &hello, number, problem);
    } else if (status == HP_OK) {
        status = declare_processes(&hello, problem);
    }
    if (status == HP_OK && number == 0) {
        stdio->hello = hello;
    } else {
        hello_release(&hello);
    }
    return status;
}

/* Starts a child unless it runs. The problem names the command, or what stands for it. */
static enum hp_status ensure_child(struct stdio *stdio, unsigned number, struct hp_problem *problem) {
    struct hp_problem cause = {0};
    if (stdio->children[number]) {
        return channel_fault(stdio->children[number], problem);
    }
    enum hp_status status = channel_start(stdio->command, &stdio->children[number], &cause);
    if (status == HP_OK) {
        status = meet_child(stdio, number, &cause);
        if (status == HP_OK) {
            return HP_OK;
        }
        end_child(stdio, number);
    }
    return hp_problem_set(problem, status, cause.field, "%s%.200s: %s",
                          stdio->name ? "" : "stdio:", stdio->name ? stdio->name : stdio->command,
                          cause.detail);
}

static enum hp_status stdio_hello(struct target *target, struct hello *hello, struct hp_problem *problem) {
    struct stdio *stdio = (struct stdio *)target;
    pthread_mutex_lock(&stdio->mutex);
    enum hp_status status = ensure_child(stdio, 0, problem);
    if (status == HP_OK && !hello_copy(&stdio->hello, hello)) {
        status = hp_problem_no_memory(problem);
    }
    pthread_mutex_unlock(&stdio->mutex);
    return status;
}

static enum hp_status session_start(struct session *session, const struct request *request, unsigned *ticket,
                                    struct hp_problem *problem) {
    struct stdio_session *self = (struct stdio_session *)session;
    if (self->waiting) {
        return hp_problem_set(problem, HP_UNAVAILABLE, NULL,
                              "call %u of this session still has no answer; open a new session",
                              self->waiting);
    }
    enum hp_status status = channel_send(self->channel, self->endpoint, request, ticket, problem);
    if (status == HP_OK) {
        self->waiting = *ticket;
    }
    return status;
}

static enum poll_state session_poll(struct session *session, unsigned ticket, unsigned timeout_ms,
                                    struct answer *answer) {
    struct stdio_session *self = (struct stdio_session *)session;
    enum poll_state state = channel_wait(self->channel, ticket, timeout_ms, answer);
    if (state == POLL_ANSWERED) {
        self->waiting = 0;
    }
    return state;
}

static void session_free(struct session *session) {
    struct stdio_session *self = (struct stdio_session *)session;
    if (self->waiting) {
        channel_abandon(self->channel, self->waiting);
    }
    channel_release(self->channel);
    free(self);
}

static const struct session_ops stdio_session_ops = {session_start, session_poll, session_free};

static enum hp_status stdio_open(struct target *target, unsigned endpoint, struct session **session,
                                 struct hp_problem *problem) {
    struct stdio *stdio = (struct stdio *)target;
    struct stdio_session *made = calloc(1, sizeof *made);
    if (!made) {
        return hp_problem_no_memory(problem);
    }
    pthread_mutex_lock(&stdio->mutex);
    enum hp_status status = ensure_child(stdio, 0, problem);
    if (status == HP_OK && endpoint >= stdio->hello.endpoints) {
        status = hp_problem_set(problem, HP_UNSUPPORTED, NULL, "endpoint %u was asked for; the target has %u",
                                endpoint, stdio->hello.endpoints);
    }
    unsigned number = status == HP_OK ? endpoint % stdio->hello.processes : 0;
    if (status == HP_OK && number > 0) {
        status = ensure_child(stdio, number, problem);
    }
    if (status == HP_OK) {
        made->session = (struct session){&stdio_session_ops, target};
        made->channel = channel_retain(stdio->children[number]);
        made->endpoint = endpoint;
        *session = &made->session;
    } else {
        free(made);
    }
    pthread_mutex_unlock(&stdio->mutex);
    return status;
}

static void stdio_restart(struct target *target) {
    struct stdio *stdio = (struct stdio *)target;
    pthread_mutex_lock(&stdio->mutex);
    end_children(stdio);
    pthread_mutex_unlock(&stdio->mutex);
}

static void stdio_take_log(struct target *target, struct text *log) {
    struct stdio *stdio = (struct stdio *)target;
    pthread_mutex_lock(&stdio->mutex);
    if (stdio->log.length_bytes > 0) {
        text_append(log, stdio->log.bytes, stdio->log.length_bytes);
    }
    text_clear(&stdio->log);
    for (size_t i = 0; i < HELLO_ENDPOINTS_MAX; i++) {
        if (stdio->children[i]) {
            channel_take_errors(stdio->children[i], log);
        }
    }
    pthread_mutex_unlock(&stdio->mutex);
}

/* Adds one line of the wire as a word of the shell. */
static void add_quoted_line(struct text *text, unsigned id, const struct request *request) {
    struct text line = {0};
    text_add_byte(text, ' ');
    if (rpc_add_request(&line, id, 0, request)) {
        shell_add_quoted(text, line.bytes, line.length_bytes - 1);
    } else {
        text->failed = true;
    }
    text_release(&line);
}

static void stdio_reproduce(struct target *target, const struct request *request, struct text *text) {
    const struct stdio *stdio = (const struct stdio *)target;
    static const char params[] = "{\"protocol\":1,\"nonce\":\"by-hand\"}";
    const struct request hello = {"hello", params, sizeof params - 1, false};
    struct request shown = *request;
    if (stdio->name) {
        return;
    }
    bool cut = shown.params_length_bytes > REPRODUCED_PARAMS_MAX;
    if (cut) {
        shown.params_length_bytes = REPRODUCED_PARAMS_MAX;
    }
    text_add(text, "printf '%s\\n'");
    add_quoted_line(text, 1, &hello);
    add_quoted_line(text, 2, &shown);
    text_add(text, " | ");
    shell_add_command(text, stdio->command);
    if (cut) {
        text_addf(text, "  # the params are cut here: %zu of %zu bytes", shown.params_length_bytes,
                  request->params_length_bytes);
    }
}

static void stdio_free(struct target *target) {
    struct stdio *stdio = (struct stdio *)target;
    end_children(stdio);
    text_release(&stdio->log);
    pthread_mutex_destroy(&stdio->mutex);
    free(stdio->command);
    free(stdio->name);
    free(stdio);
}

static const struct target_ops stdio_ops = {stdio_hello,     stdio_open, stdio_restart, stdio_take_log,
                                            stdio_reproduce, stdio_free, NULL};

struct target *stdio_new_named(const char *command, const char *name, unsigned timeout_ms) {
    struct stdio *stdio = calloc(1, sizeof *stdio);
    if (!stdio) {
        return NULL;
    }
    stdio->command = text_copy(command);
    stdio->name = text_copy(name);
    if (!stdio->command || (name && !stdio->name) || pthread_mutex_init(&stdio->mutex, NULL) != 0) {
        free(stdio->command);
        free(stdio->name);
        free(stdio);
        return NULL;
    }
    stdio->target.ops = &stdio_ops;
    stdio->timeout_ms = timeout_ms;
    text_init(&stdio->log, LOG_CAP_BYTES);
    return &stdio->target;
}

struct target *stdio_new(const char *command, unsigned timeout_ms) {
    return stdio_new_named(command, NULL, timeout_ms);
}
