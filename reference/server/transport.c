#include "reference/server/transport.h"
#include "reference/base/json_reader.h"
#include "reference/server/log_line.h"
#include "reference/server/server.h"
#include "reference/server/tally.h"
#include "reference/server/watch.h"

#include <inttypes.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    DRAIN_MAX_BYTES = 128 * 1024 * 1024, /* of a body that is refused, until the client is, too */
    /* A level of a body takes up to 2 KiB while it is read, in a build with sanitizers. Untouched stack costs no memory. */
    THREAD_STACK_BYTES = JSON_READER_LEVELS * 2 * 1024,
    LOG_CAP_BYTES = 4096,
    CONNECTION_BYTES =
        64 * 1024, /* libmicrohttpd's for a request's line and headers, and its notes of both */
    TARGET_MAX_BYTES = 24 * 1024, /* so that 256 parameters still have room beside it */
    PARAMETERS_MAX = 256,         /* more than a query_string takes */
};

struct transport {
    struct transport_options options;
    struct MHD_Daemon *daemon;
    struct watch *watch;
    struct tally tally;
    atomic_uint_fast64_t requests; /* how many there were, for their ids */
    uint32_t id_base;              /* differs from one start to the next */
};

/* A connection. libmicrohttpd does not end a request whose parameters it had no room for: then the connection's end does. */
struct contact {
    int descriptor;
    struct watched *watched;
    struct exchange *exchange; /* NULL: no request is under way */
};

/* A request on its way, from its first line to the last byte of its answer. */
struct exchange {
    struct transport *transport;
    struct watched *watched; /* its connection */
    struct server_call call;
    char *target;
    const char *raw_target; /* where it stands in libmicrohttpd's buffer */
    char method[32];
    struct text body;
    uint64_t received_bytes; /* of the body, kept or not */
    bool screened;
    bool length_said; /* of the body */
    bool turned_away;
    bool answered; /* the answer was there before the body */
    unsigned status;
    size_t answer_bytes;
    struct timespec began;    /* by the monotonic clock */
    int64_t began_at_us;      /* by the system's */
    char id[REQUEST_ID_SIZE]; /* X-Request-Id */
};

static int64_t microseconds_of(const struct timespec *time) {
    return (int64_t)time->tv_sec * HP_SECOND_US + time->tv_nsec / 1000;
}

/* NULL: there was no memory for it. */
static struct contact *contact_of(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

static void exchange_free(struct exchange *exchange) {
    call_release(&exchange->call);
    text_release(&exchange->body);
    free(exchange->target);
    free(exchange);
}

static void write_log(const struct exchange *exchange, bool complete) {
    struct timespec now;
    int descriptor = exchange->transport->options.log_fd;
    if (descriptor < 0) {
        return;
    }
    clock_gettime(CLOCK_MONOTONIC, &now);
    const struct log_entry entry = {
        .time_us = exchange->began_at_us,
        .method = exchange->method[0] ? exchange->method : "-",
        .target = exchange->target,
        .status = exchange->status,
        .bytes = strcmp(exchange->method, "HEAD") == 0 ? 0 : exchange->answer_bytes,
        .duration_us = microseconds_of(&now) - microseconds_of(&exchange->began),
        .request_id = exchange->id,
        .complete = complete,
    };
    struct text line = {.cap_bytes = LOG_CAP_BYTES};
    if (log_line_write(&line, &entry)) {
        ssize_t written =
            write(descriptor, line.bytes, line.length_bytes); /* a full disk must not end the server */
        (void)written;
    }
    text_release(&line);
}

/* Ends the request that is under way, if one is. */
static void finish(struct contact *contact, bool complete) {
    struct exchange *exchange = contact->exchange;
    if (exchange) {
        struct transport *transport = exchange->transport;
        write_log(exchange, complete);
        watch_waiting(exchange->watched);
        exchange_free(exchange);
        tally_end(&transport->tally);
        contact->exchange = NULL;
    }
}

static bool is_beyond(const char *target) {
    size_t parameters = 1;
    const char *at = target + strcspn(target, "?");
    while ((at = strchr(at, '&'))) {
        parameters++;
        at++;
    }
    return parameters > PARAMETERS_MAX || strlen(target) > TARGET_MAX_BYTES;
}

/* Refuses in libmicrohttpd's place, which would neither answer nor close when its room is full of parameters. */
static void turn_away(struct contact *contact) {
    static const char answer[] =
        "HTTP/1.1 414 URI Too Long\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    ssize_t sent = send(contact->descriptor, answer, sizeof answer - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
    (void)sent;
    contact->exchange->turned_away = true;
    contact->exchange->status = 414;
    watch_unread(contact->watched);
    shutdown(contact->descriptor, SHUT_RDWR);
}

/* The first line of a request has come. What is returned is the context of the request; NULL: it will be refused. */
static void *begin_exchange(void *context, const char *target, struct MHD_Connection *connection) {
    struct transport *transport = context;
    struct contact *contact = contact_of(connection);
    struct timespec now;
    if (!contact) {
        return NULL;
    }
    finish(contact, false);
    if (!tally_begin(&transport->tally)) {
        return NULL;
    }
    struct exchange *exchange = calloc(1, sizeof *exchange);
    char *copy = exchange ? text_copy(target) : NULL;
    if (!copy) {
        free(exchange);
        tally_end(&transport->tally);
        return NULL;
    }
    clock_gettime(CLOCK_REALTIME, &now);
    clock_gettime(CLOCK_MONOTONIC, &exchange->began);
    exchange->transport = transport;
    exchange->watched = contact->watched;
    exchange->target = copy;
    exchange->raw_target = target;
    exchange->began_at_us = microseconds_of(&now);
    exchange->call.site = transport->options.site;
    exchange->call.request.target = copy;
    text_init(&exchange->body, SERVER_BODY_MAX_BYTES + 1);
    snprintf(exchange->id, sizeof exchange->id, "%08" PRIx32 "-%" PRIxFAST64, transport->id_base,
             atomic_fetch_add(&transport->requests, 1));
    contact->exchange = exchange;
    if (is_beyond(target)) {
        turn_away(contact);
    }
    return exchange;
}

static void end_exchange(void *context, struct MHD_Connection *connection, void **own,
                         enum MHD_RequestTerminationCode code) {
    (void)context;
    if (*own) {
        finish(contact_of(connection), code == MHD_REQUEST_TERMINATED_COMPLETED_OK);
        *own = NULL;
    }
}

/* Both ends of a connection's life. */
static void notice_connection(void *context, struct MHD_Connection *connection, void **own,
                              enum MHD_ConnectionNotificationCode code) {
    struct transport *transport = context;
    struct contact *contact = *own;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        contact = info ? calloc(1, sizeof *contact) : NULL;
        if (contact) {
            contact->descriptor = info->connect_fd;
            contact->watched = watch_add(transport->watch, info->connect_fd);
        }
        *own = contact;
    } else if (contact) {
        finish(contact, false);
        watch_remove(transport->watch, contact->watched);
        free(contact);
        *own = NULL;
    }
}

static void read_length(struct exchange *exchange, const char *value, bool chunked) {
    struct server_request *request = &exchange->call.request;
    if (exchange->length_said || (chunked && strcasecmp(value, "chunked") != 0)) {
        request->ambiguous = true;
    } else if (chunked) {
        request->announced_bytes = REQUEST_CHUNKED;
    } else {
        request->announced_bytes =
            strtoull(value, NULL, 10); /* which libmicrohttpd has found to be a number */
    }
    exchange->length_said = true;
}

/* "Content-Length : 5" is a length to one server and none to another (RFC 9112, 5.1). */
static bool ends_in_a_blank(const char *name) {
    size_t length = strlen(name);
    return length > 0 && (name[length - 1] == ' ' || name[length - 1] == '\t');
}

static enum MHD_Result read_header(void *context, enum MHD_ValueKind kind, const char *name,
                                   const char *value) {
    (void)kind;
    struct exchange *exchange = context;
    struct server_request *request = &exchange->call.request;
    const char *const names[REQUEST_HEADER_COUNT] = {
        [HEADER_CONTENT_TYPE] = "Content-Type",
        [HEADER_AUTHORIZATION] = "Authorization",
        [HEADER_IDEMPOTENCY_KEY] = "Idempotency-Key",
        [HEADER_USER] = exchange->call.site->auth_header,
    };
    value = value ? value : "";
    for (size_t i = 0; i < REQUEST_HEADER_COUNT; i++) {
        if (names[i] && strcasecmp(name, names[i]) == 0) {
            request->repeated[i] = request->headers[i] != NULL;
            request->headers[i] = value;
        }
    }
    if (strcasecmp(name, "Content-Length") == 0 || strcasecmp(name, "Transfer-Encoding") == 0) {
        read_length(exchange, value, *name == 'T' || *name == 't');
    }
    request->ambiguous = request->ambiguous || ends_in_a_blank(name);
    return MHD_YES;
}

/* A NUL in a target ends it for libmicrohttpd, and "ann" is not what came. The version stands right behind a target that is
 * whole, in the same buffer. */
static bool is_cut(const struct exchange *exchange, const char *version) {
    return version != exchange->raw_target + strlen(exchange->target) + 1;
}

/* Hands the body over, which the answer then owns. */
static struct MHD_Response *response_new(struct server_response *answer, size_t *length_bytes) {
    char *body = (char *)(uintptr_t)response_body(answer, length_bytes);
    bool owned = !answer->static_body && answer->body.bytes;
    struct MHD_Response *response = MHD_create_response_from_buffer(
        *length_bytes, body, owned ? MHD_RESPMEM_MUST_FREE : MHD_RESPMEM_PERSISTENT);
    if (response && owned) {
        answer->body = (struct text){0};
    }
    return response;
}

static bool add_headers(struct MHD_Response *response, const struct exchange *exchange) {
    const struct server_response *answer = &exchange->call.response;
    bool added = MHD_add_response_header(response, "X-Request-Id", exchange->id) == MHD_YES &&
                 MHD_add_response_header(response, "Cache-Control", "no-store") == MHD_YES;
    if (answer->content_type) {
        added = added && MHD_add_response_header(response, "Content-Type", answer->content_type) == MHD_YES;
    }
    for (size_t i = 0; i < answer->header_count; i++) {
        added = added && MHD_add_response_header(response, answer->headers[i].name,
                                                 answer->headers[i].value) == MHD_YES;
    }
    /* Where the next request would begin behind an ambiguous one, nobody knows. */
    if (exchange->call.request.ambiguous || tally_is_stopping(&exchange->transport->tally)) {
        added = added && MHD_add_response_header(response, "Connection", "close") == MHD_YES;
    }
    return added;
}

static enum MHD_Result send_answer(struct exchange *exchange, struct MHD_Connection *connection) {
    struct server_response *answer = &exchange->call.response;
    struct MHD_Response *response = response_new(answer, &exchange->answer_bytes);
    if (!response) {
        return MHD_NO;
    }
    enum MHD_Result queued = MHD_NO;
    if (add_headers(response, exchange)) {
        exchange->status = answer->status;
        queued = MHD_queue_response(connection, answer->status, response);
    }
    MHD_destroy_response(response);
    return queued;
}

/* The headers have come. An answer that is given before the body has come ends the connection, so a refusal waits for the
 * body, unless the client waits for the refusal, or has so much to send that reading it would help nobody. What nobody
 * has read then, the watch reads. */
static enum MHD_Result screen(struct exchange *exchange, struct MHD_Connection *connection,
                              const char *method, const char *version) {
    struct server_request *request = &exchange->call.request;
    exchange->screened = true;
    text_put(exchange->method, sizeof exchange->method, method);
    request->method = exchange->method;
    MHD_get_connection_values(connection, MHD_HEADER_KIND, read_header, exchange);
    request->ambiguous = request->ambiguous || is_cut(exchange, version);
    exchange->answered = call_screen(&exchange->call);
    bool large =
        request->announced_bytes != REQUEST_CHUNKED && request->announced_bytes > SERVER_BODY_MAX_BYTES;
    bool awaited = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Expect") != NULL;
    if (!exchange->answered || !(request->ambiguous || large || awaited)) {
        return MHD_YES;
    }
    watch_unread(exchange->watched);
    watch_busy(exchange->watched);
    return send_answer(exchange, connection);
}

/* Keeps a piece of the body, or only counts it when nobody wants it. */
static enum MHD_Result take_body(struct exchange *exchange, const char *bytes, size_t *length_bytes) {
    struct server_request *request = &exchange->call.request;
    exchange->received_bytes += *length_bytes;
    if (exchange->received_bytes > SERVER_BODY_MAX_BYTES) {
        request->too_large = true;
        text_release(&exchange->body);
    } else if (!exchange->answered && !text_append(&exchange->body, bytes, *length_bytes)) {
        return MHD_NO;
    }
    *length_bytes = 0;
    return exchange->received_bytes > DRAIN_MAX_BYTES ? MHD_NO : MHD_YES;
}

static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *bytes,
                              size_t *length_bytes, void **own) {
    (void)context;
    (void)url;
    struct exchange *exchange = *own;
    if (!exchange || exchange->turned_away) {
        return MHD_NO;
    }
    if (!exchange->screened) {
        return screen(exchange, connection, method, version);
    }
    if (*length_bytes > 0) {
        return take_body(exchange, bytes, length_bytes);
    }
    watch_busy(exchange->watched);
    if (!exchange->answered) {
        exchange->call.request.body = exchange->body.bytes;
        exchange->call.request.body_length_bytes = exchange->body.length_bytes;
        call_answer(&exchange->call);
    }
    return send_answer(exchange, connection);
}

static struct MHD_Daemon *start_daemon(struct transport *transport) {
    const struct transport_options *options = &transport->options;
    unsigned flags = options->threads == 0
                         ? MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL
                         : MHD_USE_EPOLL_INTERNAL_THREAD;
    const struct MHD_OptionItem items[] = {
        {MHD_OPTION_LISTEN_SOCKET, options->listener, NULL},
        {MHD_OPTION_CONNECTION_LIMIT, (intptr_t)options->max_connections, NULL},
        {MHD_OPTION_CONNECTION_TIMEOUT, (intptr_t)options->idle_seconds, NULL},
        {MHD_OPTION_STRICT_FOR_CLIENT, 1, NULL},
        {MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_BYTES, NULL},
        {MHD_OPTION_THREAD_STACK_SIZE, THREAD_STACK_BYTES, NULL},
        {options->threads > 1 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END, (intptr_t)options->threads,
         NULL},
        {MHD_OPTION_END, 0, NULL},
    };
    return MHD_start_daemon(flags | MHD_USE_ITC, 0, NULL, NULL, handle, transport, MHD_OPTION_ARRAY, items,
                            MHD_OPTION_URI_LOG_CALLBACK, begin_exchange, transport,
                            MHD_OPTION_NOTIFY_COMPLETED, end_exchange, transport,
                            MHD_OPTION_NOTIFY_CONNECTION, notice_connection, transport, MHD_OPTION_END);
}

enum hp_status transport_start(const struct transport_options *options, struct transport **transport,
                               struct hp_problem *problem) {
    struct timespec now;
    struct transport *started = calloc(1, sizeof *started);
    enum hp_status status = started ? watch_start(options->request_seconds, &started->watch, problem)
                                    : hp_problem_no_memory(problem);
    if (status != HP_OK) {
        free(started);
        close(options->listener);
        return status;
    }
    clock_gettime(CLOCK_REALTIME, &now);
    started->id_base = (uint32_t)text_hash(TEXT_HASH_START, &now, sizeof now);
    started->options = *options;
    atomic_init(&started->requests, 1);
    tally_init(&started->tally);
    started->daemon = start_daemon(started);
    if (!started->daemon) {
        watch_stop(started->watch);
        tally_release(&started->tally);
        free(started);
        close(options->listener);
        return hp_problem_set(problem, HP_INTERNAL, NULL, "libmicrohttpd could not be started");
    }
    *transport = started;
    return HP_OK;
}

void transport_stop(struct transport *transport) {
    MHD_socket listener = MHD_quiesce_daemon(transport->daemon);
    if (listener != MHD_INVALID_SOCKET) {
        shutdown(listener, SHUT_RDWR); /* whom nobody has let in yet shall not wait */
    }
    tally_close(&transport->tally, transport->options.grace_seconds);
    MHD_stop_daemon(transport->daemon);
    if (listener != MHD_INVALID_SOCKET) {
        close(listener);
    }
    watch_stop(transport->watch);
    tally_release(&transport->tally);
    free(transport);
}
