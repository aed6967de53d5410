#include "suites/bench/bare_server.h"
#include "reference/base/instant.h"
#include "reference/server/log_line.h"

#include <inttypes.h>
#include <jansson.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct bare_server {
    struct MHD_Daemon *daemon;
    int log_fd;
    atomic_uint_fast64_t requests;
    char url[64];
};

/* A request on its way. */
struct asked {
    struct timespec began;
    int64_t began_at_us;
    char *target;
    char method[8];
    char id[32];
    unsigned status;
    size_t bytes;
};

static int64_t microseconds_of(const struct timespec *time) {
    return (int64_t)time->tv_sec * HP_SECOND_US + time->tv_nsec / 1000;
}

static void *begin(void *context, const char *target, struct MHD_Connection *connection) {
    (void)connection;
    struct bare_server *server = context;
    struct timespec now;
    struct asked *asked = calloc(1, sizeof *asked);
    if (!asked || !(asked->target = text_copy(target))) {
        free(asked);
        return NULL;
    }
    clock_gettime(CLOCK_REALTIME, &now);
    clock_gettime(CLOCK_MONOTONIC, &asked->began);
    asked->began_at_us = microseconds_of(&now);
    snprintf(asked->id, sizeof asked->id, "%08x-%" PRIxFAST64, 0x5eedu,
             atomic_fetch_add(&server->requests, 1));
    return asked;
}

static void end(void *context, struct MHD_Connection *connection, void **own,
                enum MHD_RequestTerminationCode code) {
    (void)connection;
    const struct bare_server *server = context;
    struct asked *asked = *own;
    struct text line = {0};
    struct timespec now;
    if (!asked) {
        return;
    }
    clock_gettime(CLOCK_MONOTONIC, &now);
    const struct log_entry entry = {.time_us = asked->began_at_us,
                                    .method = asked->method,
                                    .target = asked->target,
                                    .status = asked->status,
                                    .bytes = asked->bytes,
                                    .duration_us = microseconds_of(&now) - microseconds_of(&asked->began),
                                    .request_id = asked->id,
                                    .complete = code == MHD_REQUEST_TERMINATED_COMPLETED_OK};
    if (log_line_write(&line, &entry)) {
        ssize_t written = write(server->log_fd, line.bytes, line.length_bytes);
        (void)written;
    }
    text_release(&line);
    free(asked->target);
    free(asked);
    *own = NULL;
}

static json_t *interrupt_of(bool resolved) {
    json_t *response = resolved ? json_pack("{s:s, s:n, s:n, s:n, s:s}", "text", "yes", "approved",
                                            "decision", "data", "received_at", "2025-12-11T09:30:01.000000Z")
                                : json_null();
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:n, s:s, s:n, s:{}, s:o, s:s, s:s, s:s, s:s?, s:n, s:n}",
                     "id", "1064b299-8132-4e76-9306-c9ce2ce1d481", "kind", "clarification", "request_id",
                     "r1", "user_id", "ann", "session_id", "s1", "envelope_id", "question",
                     "Which of the two?", "message", "data", "response", response, "status",
                     resolved ? "resolved" : "pending", "created_at", "2025-12-11T09:30:00.000000Z",
                     "expires_at", "2025-12-12T09:30:00.000000Z", "resolved_at",
                     resolved ? "2025-12-11T09:30:01.000000Z" : NULL, "trace_id", "span_id");
}

static char *answer_to(const char *method) {
    bool respond = strcmp(method, "POST") == 0;
    json_t *answer = interrupt_of(respond);
    if (respond) {
        answer = json_pack("{s:b, s:o, s:b}", "success", 1, "interrupt", answer, "request_can_resume", 1);
    }
    char *text = json_dumps(answer, JSON_COMPACT);
    json_decref(answer);
    return text;
}

static enum MHD_Result send_answer(struct asked *asked, struct MHD_Connection *connection) {
    char *body = answer_to(asked->method);
    asked->bytes = body ? strlen(body) : 0;
    struct MHD_Response *response =
        body ? MHD_create_response_from_buffer(asked->bytes, body, MHD_RESPMEM_MUST_FREE) : NULL;
    if (!response) {
        free(body);
        return MHD_NO;
    }
    asked->status = MHD_HTTP_OK;
    MHD_add_response_header(response, "X-Request-Id", asked->id);
    MHD_add_response_header(response, "Cache-Control", "no-store");
    MHD_add_response_header(response, "Content-Type", "application/json");
    enum MHD_Result queued = MHD_queue_response(connection, MHD_HTTP_OK, response);
    MHD_destroy_response(response);
    return queued;
}

static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *bytes,
                              size_t *length_bytes, void **own) {
    (void)context;
    (void)url;
    (void)version;
    (void)bytes;
    struct asked *asked = *own;
    if (!asked) {
        return MHD_NO;
    }
    if (!asked->method[0]) {
        text_put(asked->method, sizeof asked->method, method);
        return MHD_YES;
    }
    if (*length_bytes > 0) {
        *length_bytes = 0;
        return MHD_YES;
    }
    return send_answer(asked, connection);
}

enum hp_status bare_server_start(unsigned threads, int log_fd, struct bare_server **server,
                                 struct hp_problem *problem) {
    struct bare_server *made = calloc(1, sizeof *made);
    if (!made) {
        return hp_problem_no_memory(problem);
    }
    made->log_fd = log_fd;
    atomic_init(&made->requests, 1);
    const struct MHD_OptionItem pool[] = {
        {threads > 1 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END, (intptr_t)threads, NULL},
        {MHD_OPTION_END, 0, NULL}};
    const struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    made->daemon =
        MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC, 0, NULL, NULL, handle, made,
                         MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_ARRAY, pool, MHD_OPTION_URI_LOG_CALLBACK,
                         begin, made, MHD_OPTION_NOTIFY_COMPLETED, end, made, MHD_OPTION_END);
    const union MHD_DaemonInfo *info =
        made->daemon ? MHD_get_daemon_info(made->daemon, MHD_DAEMON_INFO_BIND_PORT) : NULL;
    if (!info) {
        bare_server_stop(made);
        return hp_problem_set(problem, HP_INTERNAL, NULL, "libmicrohttpd could not be started");
    }
    snprintf(made->url, sizeof made->url, "http://127.0.0.1:%u/api/v1", (unsigned)info->port);
    *server = made;
    return HP_OK;
}

const char *bare_server_url(const struct bare_server *server) {
    return server->url;
}

void bare_server_stop(struct bare_server *server) {
    if (!server) {
        return;
    }
    if (server->daemon) {
        MHD_stop_daemon(server->daemon);
    }
    free(server);
}
