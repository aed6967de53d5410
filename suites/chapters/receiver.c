#include "suites/chapters/receiver.h"
#include "harness/adapters/http_inbound.h"
#include "harness/adapters/loopback.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    BOXES_MAX = 256,
    CONNECTIONS_MAX = 256,
    REQUEST_MAX_BYTES = 4 * 1024 * 1024,
    REQUESTS_MAX = 4096,
    BLOCK_BYTES = 4096
};

/* Where a box is; its number follows, in twelve hex digits. */
#define BOX_PATH "/box/00000000-0000-4000-8000-"

/* One box; its number modulo BOXES_MAX is its place. */
struct box {
    unsigned number; /* 0: there is none in this place */
    struct receiver_reply *script;
    size_t script_count;
    size_t used;
    bool released;
    struct receiver_request *requests;
    size_t count;
};

/* One connection, of the thread. */
struct line {
    int socket; /* -1: none */
    struct text input;
    bool read;    /* its request is there; what follows is the reply */
    unsigned box; /* that got it */
    struct receiver_reply reply;
    struct text output;
    size_t written;
};

struct receiver {
    int listener;
    unsigned port;
    int wake[2]; /* a pipe: a byte lets the thread look again */
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t arrived;
    bool ending;
    unsigned last_box;
    size_t order;
    struct box boxes[BOXES_MAX];
    struct line lines[CONNECTIONS_MAX]; /* the thread's own */
};

static void request_release(struct receiver_request *request) {
    free(request->head);
    free(request->body);
}

void receiver_list_release(struct receiver_list *list) {
    for (size_t i = 0; i < list->count; i++) {
        request_release(&list->requests[i]);
    }
    free(list->requests);
    *list = (struct receiver_list){0};
}

static void box_clear(struct box *box) {
    struct receiver_list list = {box->requests, box->count};
    receiver_list_release(&list);
    free(box->script);
    *box = (struct box){0};
}

static struct box *box_of(struct receiver *receiver, unsigned number) {
    struct box *box = &receiver->boxes[number % BOXES_MAX];
    return number > 0 && box->number == number ? box : NULL;
}

static void line_close(struct line *line) {
    close(line->socket);
    text_release(&line->input);
    text_release(&line->output);
    *line = (struct line){.socket = -1};
}

static void wake(struct receiver *receiver) {
    ssize_t written = write(receiver->wake[1], "", 1);
    (void)written; /* when the pipe is full the thread has reason enough to look */
}

/* The reply is written once nothing holds it. */
static void make_reply(struct line *line) {
    text_addf(&line->output, "HTTP/1.1 %d Answer\r\nConnection: close\r\n", line->reply.status);
    if (line->reply.location[0]) {
        text_addf(&line->output, "Location: %s\r\n", line->reply.location);
    }
    text_add(&line->output, line->reply.kind == RECEIVER_FLOOD ? "\r\n" : "Content-Length: 2\r\n\r\nok");
}

/* Writes the request down; the mutex is held. False without memory, or when the box is full. */
static bool keep(struct receiver *receiver, struct box *box, const struct line *line, size_t head_bytes,
                 struct text *body) {
    void *grown =
        box->count < REQUESTS_MAX ? realloc(box->requests, (box->count + 1) * sizeof *box->requests) : NULL;
    if (!grown) {
        return false;
    }
    box->requests = grown;
    struct receiver_request *request = &box->requests[box->count];
    *request = (struct receiver_request){
        .order = receiver->order + 1,
        .head = text_copy_bytes(line->input.bytes, head_bytes),
        .body_bytes = body->length_bytes,
        .answer = line->reply.kind == RECEIVER_ANSWER || line->reply.kind == RECEIVER_FLOOD
                      ? line->reply.status
                      : 0,
    };
    request->body = text_take(body);
    if (!request->head || !request->body) {
        request_release(request);
        return false;
    }
    receiver->order++;
    box->count++;
    return true;
}

static unsigned box_number(const struct line *line) {
    unsigned number = 0;
    return sscanf(line->input.bytes, "%*15s " BOX_PATH "%12x", &number) == 1 ? number : 0;
}

/* A whole request: to its box, and the script says how it is answered. */
static void receive(struct receiver *receiver, struct line *line, size_t head_bytes, struct text *body) {
    pthread_mutex_lock(&receiver->mutex);
    struct box *box = box_of(receiver, box_number(line));
    line->read = true;
    line->reply = (struct receiver_reply){.status = box ? 200 : 410};
    if (box) {
        line->box = box->number;
        if (box->script_count > 0) {
            line->reply = box->script[box->used];
            box->used += box->used + 1 < box->script_count;
        }
        if (!keep(receiver, box, line, head_bytes, body)) {
            line->reply = (struct receiver_reply){.status = 503};
        }
        pthread_cond_broadcast(&receiver->arrived);
    }
    pthread_mutex_unlock(&receiver->mutex);
}

/* False when the line is to be closed. */
static bool read_line(struct receiver *receiver, struct line *line) {
    char block[BLOCK_BYTES];
    ssize_t got = recv(line->socket, block, sizeof block, 0);
    if (got <= 0) {
        return got < 0 && (errno == EAGAIN || errno == EINTR);
    }
    if (line->read) {
        return true; /* what follows a request is not looked at */
    }
    struct text body = {0};
    size_t head_bytes = 0;
    enum request_state state =
        text_append(&line->input, block, (size_t)got) && line->input.length_bytes <= REQUEST_MAX_BYTES
            ? request_parse(&line->input, &head_bytes, &body)
            : REQUEST_MALFORMED;
    if (state == REQUEST_WHOLE) {
        receive(receiver, line, head_bytes, &body);
    }
    text_release(&body);
    return state != REQUEST_MALFORMED;
}

static bool is_held(struct receiver *receiver, const struct line *line) {
    pthread_mutex_lock(&receiver->mutex);
    const struct box *box = box_of(receiver, line->box);
    bool held = line->reply.held && box && !box->released;
    pthread_mutex_unlock(&receiver->mutex);
    return held;
}

/* False when the line is done with. */
static bool write_line(struct line *line) {
    if (line->output.length_bytes == 0) {
        make_reply(line);
    }
    ssize_t sent = send(line->socket, line->output.bytes + line->written,
                        line->output.length_bytes - line->written, MSG_NOSIGNAL);
    if (sent < 0) {
        return errno == EAGAIN || errno == EINTR;
    }
    line->written += (size_t)sent;
    if (line->written < line->output.length_bytes) {
        return true;
    }
    if (line->reply.kind != RECEIVER_FLOOD) {
        return false;
    }
    line->written = 0;
    text_clear(&line->output);
    for (int i = 0; i < BLOCK_BYTES; i++) {
        text_add_byte(&line->output, 'x');
    }
    return true;
}

/* What the thread waits for on a line; *close says that it is to be closed instead. */
static short events_of(struct receiver *receiver, const struct line *line, bool *close_it) {
    *close_it = false;
    if (!line->read || line->reply.kind == RECEIVER_HANG) {
        return POLLIN;
    }
    if (is_held(receiver, line)) {
        return POLLIN;
    }
    *close_it = line->reply.kind == RECEIVER_CLOSE;
    return POLLOUT;
}

static void take_line(struct receiver *receiver) {
    int taken = accept(receiver->listener, NULL, NULL);
    if (taken < 0) {
        return;
    }
    fcntl(taken, F_SETFL, O_NONBLOCK);
    fcntl(taken, F_SETFD, FD_CLOEXEC);
    for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
        if (receiver->lines[i].socket < 0) {
            receiver->lines[i].socket = taken;
            return;
        }
    }
    close(taken);
}

static void serve_line(struct receiver *receiver, struct line *line, short events) {
    bool open = true;
    if (events & (POLLIN | POLLHUP | POLLERR)) {
        open = read_line(receiver, line);
    } else if (events & POLLOUT) {
        open = write_line(line);
    }
    if (!open) {
        line_close(line);
    }
}

static bool is_ending(struct receiver *receiver) {
    pthread_mutex_lock(&receiver->mutex);
    bool ending = receiver->ending;
    pthread_mutex_unlock(&receiver->mutex);
    return ending;
}

static void *serve(void *argument) {
    struct receiver *receiver = argument;
    while (!is_ending(receiver)) {
        struct pollfd watched[CONNECTIONS_MAX + 2] = {{.fd = receiver->listener, .events = POLLIN},
                                                      {.fd = receiver->wake[0], .events = POLLIN}};
        for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
            struct line *line = &receiver->lines[i];
            bool close_it = false;
            short events = line->socket < 0 ? 0 : events_of(receiver, line, &close_it);
            if (close_it) {
                line_close(line);
            }
            watched[i + 2] = (struct pollfd){.fd = line->socket, .events = events};
        }
        if (poll(watched, CONNECTIONS_MAX + 2, -1) <= 0) {
            continue;
        }
        char drained[64];
        if (watched[1].revents && read(receiver->wake[0], drained, sizeof drained) < 0) {
            break;
        }
        for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
            if (watched[i + 2].fd >= 0 && watched[i + 2].revents) {
                serve_line(receiver, &receiver->lines[i], watched[i + 2].revents);
            }
        }
        if (watched[0].revents) {
            take_line(receiver);
        }
    }
    return NULL;
}

static bool open_pipe(struct receiver *receiver) {
    if (pipe(receiver->wake) != 0) {
        receiver->wake[0] = receiver->wake[1] = -1;
        return false;
    }
    for (size_t i = 0; i < 2; i++) {
        fcntl(receiver->wake[i], F_SETFD, FD_CLOEXEC);
        fcntl(receiver->wake[i], F_SETFL, O_NONBLOCK);
    }
    return true;
}

static void receiver_free(struct receiver *receiver) {
    const int sockets[] = {receiver->listener, receiver->wake[0], receiver->wake[1]};
    for (size_t i = 0; i < sizeof sockets / sizeof sockets[0]; i++) {
        if (sockets[i] >= 0) {
            close(sockets[i]);
        }
    }
    for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
        if (receiver->lines[i].socket >= 0) {
            line_close(&receiver->lines[i]);
        }
    }
    for (size_t i = 0; i < BOXES_MAX; i++) {
        box_clear(&receiver->boxes[i]);
    }
    pthread_cond_destroy(&receiver->arrived);
    pthread_mutex_destroy(&receiver->mutex);
    free(receiver);
}

enum hp_status receiver_start(struct receiver **receiver, struct hp_problem *problem) {
    struct receiver *made = calloc(1, sizeof *made);
    if (!made) {
        return hp_problem_no_memory(problem);
    }
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&made->arrived, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_init(&made->mutex, NULL);
    made->wake[0] = made->wake[1] = -1;
    for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
        made->lines[i].socket = -1;
    }
    made->listener = loopback_listen(CONNECTIONS_MAX, &made->port);
    if (made->listener < 0 || !open_pipe(made) || pthread_create(&made->thread, NULL, serve, made) != 0) {
        receiver_free(made);
        return hp_problem_set(problem, HP_UNAVAILABLE, NULL, "a receiver of webhooks cannot be started: %s",
                              strerror(errno));
    }
    *receiver = made;
    return HP_OK;
}

void receiver_stop(struct receiver *receiver) {
    if (receiver) {
        pthread_mutex_lock(&receiver->mutex);
        receiver->ending = true;
        pthread_mutex_unlock(&receiver->mutex);
        wake(receiver);
        pthread_join(receiver->thread, NULL);
        receiver_free(receiver);
    }
}

unsigned receiver_open(struct receiver *receiver, const struct receiver_reply *script, size_t count,
                       char url[RECEIVER_URL_SIZE]) {
    struct receiver_reply *copy = calloc(count + 1, sizeof *copy);
    if (!copy) {
        return 0;
    }
    if (count > 0) {
        memcpy(copy, script, count * sizeof *copy);
    }
    pthread_mutex_lock(&receiver->mutex);
    unsigned number = ++receiver->last_box;
    struct box *box = &receiver->boxes[number % BOXES_MAX];
    box_clear(box);
    *box = (struct box){.number = number, .script = copy, .script_count = count};
    pthread_mutex_unlock(&receiver->mutex);
    snprintf(url, RECEIVER_URL_SIZE, "http://127.0.0.1:%u" BOX_PATH "%012x", receiver->port, number);
    return number;
}

void receiver_release(struct receiver *receiver, unsigned number) {
    pthread_mutex_lock(&receiver->mutex);
    struct box *box = box_of(receiver, number);
    if (box) {
        box->released = true;
    }
    pthread_mutex_unlock(&receiver->mutex);
    wake(receiver);
}

bool receiver_await(struct receiver *receiver, unsigned number, size_t count, unsigned timeout_ms) {
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += timeout_ms / 1000;
    until.tv_nsec += (long)(timeout_ms % 1000) * 1000000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_mutex_lock(&receiver->mutex);
    const struct box *box = box_of(receiver, number);
    while (box && box->count < count &&
           pthread_cond_timedwait(&receiver->arrived, &receiver->mutex, &until) == 0) {
        box = box_of(receiver, number);
    }
    bool there = box && box->count >= count;
    pthread_mutex_unlock(&receiver->mutex);
    return there;
}

static bool copy_request(const struct receiver_request *request, struct receiver_list *list) {
    struct receiver_request *copy = &list->requests[list->count];
    *copy = *request;
    copy->head = text_copy(request->head);
    copy->body = text_copy_bytes(request->body, request->body_bytes);
    if (!copy->head || !copy->body) {
        request_release(copy);
        return false;
    }
    list->count++;
    return true;
}

bool receiver_read(struct receiver *receiver, unsigned number, struct receiver_list *list) {
    *list = (struct receiver_list){0};
    pthread_mutex_lock(&receiver->mutex);
    const struct box *box = box_of(receiver, number);
    bool complete = box != NULL;
    if (complete) {
        list->requests = calloc(box->count + 1, sizeof *list->requests);
        complete = list->requests != NULL;
    }
    for (size_t i = 0; complete && i < box->count; i++) {
        complete = copy_request(&box->requests[i], list);
    }
    pthread_mutex_unlock(&receiver->mutex);
    if (!complete) {
        receiver_list_release(list);
    }
    return complete;
}
