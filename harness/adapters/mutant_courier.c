#include "harness/adapters/mutant_courier.h"

#include "harness/adapters/http_inbound.h"
#include "harness/adapters/loopback.h"
#include "harness/adapters/mutant_fault.h"
#include "harness/adapters/mutant_parcel.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    LINKS_MAX = 256,
    BLOCK_BYTES = 16 * 1024,
    REQUEST_MAX_BYTES = 4 * 1024 * 1024,
    HEAD_MAX_BYTES = 64 * 1024,
    PATIENCE_S = 2, /* with one who does not read, and with the answer to a request of the fault's own */
};

static const char send_method[] = "webhook.send";

enum link_state {
    LINK_FREE,
    LINK_READING, /* the request, of the service */
    LINK_QUEUED,  /* it is there, and waits until no other is under way */
    LINK_SENT,    /* the endpoint has it */
    LINK_PASSING, /* what the endpoint answers goes on to the service */
};

/* One request of the service, and where it went; of the thread. */
struct link {
    enum link_state state;
    size_t turn; /* in the order of their coming */
    int service;
    int endpoint;       /* -1: none */
    struct text came;   /* from the service */
    struct text answer; /* of the endpoint, until its head is there */
    json_t *scene;
};

struct courier {
    const json_t *fault;
    struct shadow *shadow;
    json_t *subscriptions; /* array of {"url", "asked"}, under the shadow's mutex */
    int listener;
    unsigned port;
    int wake[2]; /* a pipe: a byte lets the thread look again */
    atomic_bool ending;
    pthread_t thread;
    size_t turns;
    struct link links[LINKS_MAX];
};

static bool names_send(const json_t *on) {
    bool named = json_is_string(on) && strcmp(json_string_value(on), send_method) == 0;
    for (size_t i = 0; !named && i < json_array_size(on); i++) {
        named = names_send(json_array_get(on, i));
    }
    return named;
}

bool courier_is_needed(const json_t *fault) {
    for (size_t i = 0; i < json_array_size(fault); i++) {
        if (names_send(json_object_get(json_array_get(fault, i), "on"))) {
            return true;
        }
    }
    return false;
}

/* Sends what the params say; the socket on which the answer comes, -1 when nobody took it. */
static int post(const json_t *params, const struct text *bytes) {
    unsigned port;
    const char *path, *url = json_string_value(json_object_get(params, "url"));
    if (!url || !parcel_address(url, &port, &path)) {
        return -1;
    }
    int connected = loopback_connect(port, PATIENCE_S);
    if (connected >= 0 && !loopback_send(connected, bytes)) {
        close(connected);
        return -1;
    }
    return connected;
}

/* Reads on until the head is whole; 0 until then, and at the end. */
static size_t read_head(int connected, struct text *answer, bool *ended) {
    char block[BLOCK_BYTES];
    ssize_t got = recv(connected, block, sizeof block, 0);
    *ended = got <= 0 || !text_append(answer, block, (size_t)got) || answer->length_bytes > HEAD_MAX_BYTES;
    const char *blank = answer->bytes ? strstr(answer->bytes, "\r\n\r\n") : NULL;
    return blank ? (size_t)(blank - answer->bytes) + 4 : 0;
}

static json_t *await_result(int connected) {
    struct text answer = {0};
    bool ended = false;
    size_t head_bytes = 0;
    while (!ended && head_bytes == 0) {
        head_bytes = read_head(connected, &answer, &ended);
    }
    json_t *result = head_bytes > 0 ? parcel_result(answer.bytes) : NULL;
    text_release(&answer);
    return result;
}

bool courier_send(const json_t *params, struct answer *answer) {
    struct text bytes = {0};
    *answer = (struct answer){.kind = ANSWER_REFUSED};
    text_put(answer->error_name, sizeof answer->error_name, "unavailable");
    bool written = parcel_write(params, NULL, &bytes);
    int endpoint = written ? post(params, &bytes) : -1;
    text_release(&bytes);
    if (endpoint >= 0) {
        json_t *result = await_result(endpoint);
        close(endpoint);
        if (result) {
            *answer = (struct answer){.kind = ANSWER_RESULT, .result = result};
        }
    }
    return written;
}

bool courier_address(struct courier *courier, const json_t *asked, json_t *sent) {
    unsigned port;
    const char *path, *url = json_string_value(json_object_get(sent, "url"));
    if (!url || !parcel_address(url, &port, &path) || port == courier->port) {
        return true;
    }
    size_t number = json_array_size(courier->subscriptions);
    json_t *kept = json_pack("{s:s, s:o}", "url", url, "asked", json_deep_copy(asked));
    return kept && json_array_append_new(courier->subscriptions, kept) == 0 &&
           json_object_set_new(sent, "url",
                               json_sprintf("http://127.0.0.1:%u/courier/%zu", courier->port, number)) == 0;
}

/* Under the shadow's mutex, since values of its memory may hang in a scene. */
static void drop_scene(struct courier *courier, struct link *link) {
    pthread_mutex_lock(&courier->shadow->mutex);
    json_decref(link->scene);
    link->scene = NULL;
    pthread_mutex_unlock(&courier->shadow->mutex);
}

static void link_close(struct courier *courier, struct link *link) {
    close(link->service);
    if (link->endpoint >= 0) {
        close(link->endpoint);
    }
    text_release(&link->came);
    text_release(&link->answer);
    drop_scene(courier, link);
    *link = (struct link){.endpoint = -1};
}

static bool carry_out(struct courier *courier, struct link *link, const char *phase) {
    struct fault_call call = {
        .fault = courier->fault, .shadow = courier->shadow, .courier = courier, .scene = link->scene};
    return fault_carry_out(&call, phase);
}

/* The scene of what came, after the phase before. False without memory, and for a path that is not ours. The mutex is
 * held. */
static bool open_scene(struct courier *courier, struct link *link, size_t head_bytes,
                       const struct text *body) {
    size_t number;
    if (sscanf(link->came.bytes, "%*15s /courier/%zu", &number) != 1) {
        return false;
    }
    const json_t *subscription = json_array_get(courier->subscriptions, number);
    const char *url = json_string_value(json_object_get(subscription, "url"));
    char *head = text_copy_bytes(link->came.bytes, head_bytes);
    json_t *params = head && url ? parcel_params(head, body, url) : NULL;
    free(head);
    link->scene =
        params ? scene_of_webhook(courier->shadow, params, json_object_get(subscription, "asked")) : NULL;
    json_decref(params);
    return link->scene && carry_out(courier, link, "before");
}

/* Answers as the scene's result says, with what came of the endpoint's head; false when there is none. */
static bool answer_service(struct courier *courier, struct link *link, const char *head) {
    struct text bytes = {0};
    pthread_mutex_lock(&courier->shadow->mutex);
    const json_t *result = json_object_get(link->scene, "result");
    bool answered = result && parcel_write_head(result, head, &bytes);
    pthread_mutex_unlock(&courier->shadow->mutex);
    answered = answered && loopback_send(link->service, &bytes);
    text_release(&bytes);
    return answered;
}

/* The endpoint has answered with that head, or not at all (NULL); the phase after. False when the link is done with. */
static bool conclude(struct courier *courier, struct link *link, const char *head) {
    pthread_mutex_lock(&courier->shadow->mutex);
    json_t *result = head ? parcel_result(head) : NULL;
    json_t *outcome = result ? result : json_pack("{s:s}", "name", "unavailable");
    bool complete = json_object_set_new(link->scene, result ? "result" : "refusal", outcome) == 0 &&
                    carry_out(courier, link, "after");
    pthread_mutex_unlock(&courier->shadow->mutex);
    return complete && answer_service(courier, link, head) && head;
}

/* Sends on what the scene holds. False when the link is done with. */
static bool dispatch(struct courier *courier, struct link *link) {
    struct text bytes = {0};
    const json_t *sent = json_object_get(link->scene, "sent");
    pthread_mutex_lock(&courier->shadow->mutex);
    bool written = parcel_write(sent, json_object_get(link->scene, "params"), &bytes);
    pthread_mutex_unlock(&courier->shadow->mutex);
    link->endpoint = written ? post(sent, &bytes) : -1;
    link->state = LINK_SENT;
    text_release(&bytes);
    return link->endpoint >= 0 || conclude(courier, link, NULL);
}

static bool take_request(struct courier *courier, struct link *link, size_t head_bytes,
                         const struct text *body) {
    pthread_mutex_lock(&courier->shadow->mutex);
    bool opened = open_scene(courier, link, head_bytes, body);
    bool spared =
        opened && (json_object_get(link->scene, "result") || json_object_get(link->scene, "refusal"));
    bool queued = opened && json_object_get(link->scene, "queued");
    pthread_mutex_unlock(&courier->shadow->mutex);
    if (!opened || spared) {
        return opened && answer_service(courier, link, NULL) && false;
    }
    link->state = LINK_QUEUED;
    link->turn = ++courier->turns;
    return queued || dispatch(courier, link);
}

/* Something came from the service, or it went away. False when the link is done with. */
static bool read_service(struct courier *courier, struct link *link) {
    char block[BLOCK_BYTES];
    ssize_t got = recv(link->service, block, sizeof block, 0);
    if (got <= 0 || link->state != LINK_READING) {
        return got > 0;
    }
    struct text body = {0};
    size_t head_bytes = 0;
    bool open = text_append(&link->came, block, (size_t)got) && link->came.length_bytes <= REQUEST_MAX_BYTES;
    enum request_state state = open ? request_parse(&link->came, &head_bytes, &body) : REQUEST_MALFORMED;
    if (state == REQUEST_WHOLE) {
        open = take_request(courier, link, head_bytes, &body);
    }
    text_release(&body);
    return open && state != REQUEST_MALFORMED;
}

static bool pass_on(struct link *link) {
    char block[BLOCK_BYTES];
    ssize_t got = recv(link->endpoint, block, sizeof block, 0);
    struct text bytes = {0};
    bool open = got > 0 && text_append(&bytes, block, (size_t)got) && loopback_send(link->service, &bytes);
    text_release(&bytes);
    return open;
}

/* Something came from the endpoint, or it went away. False when the link is done with. */
static bool read_endpoint(struct courier *courier, struct link *link) {
    bool ended;
    if (link->state == LINK_PASSING) {
        return pass_on(link);
    }
    size_t head_bytes = read_head(link->endpoint, &link->answer, &ended);
    if (head_bytes == 0) {
        return !ended || conclude(courier, link, NULL);
    }
    char *head = text_copy_bytes(link->answer.bytes, head_bytes);
    struct text rest = {0};
    text_append(&rest, link->answer.bytes + head_bytes, link->answer.length_bytes - head_bytes);
    bool open = head && !rest.failed && conclude(courier, link, head) && loopback_send(link->service, &rest);
    text_release(&rest);
    free(head);
    link->state = LINK_PASSING;
    return open;
}

static void take_links(struct courier *courier) {
    int taken;
    while ((taken = loopback_accept(courier->listener, PATIENCE_S)) >= 0) {
        size_t at = 0;
        while (at < LINKS_MAX && courier->links[at].state != LINK_FREE) {
            at++;
        }
        if (at == LINKS_MAX) {
            close(taken);
            continue;
        }
        courier->links[at] = (struct link){.state = LINK_READING, .service = taken, .endpoint = -1};
    }
}

/* The one whose turn it is among those that wait, when nobody else is under way. */
static struct link *next_queued(struct courier *courier) {
    struct link *next = NULL;
    for (size_t i = 0; i < LINKS_MAX; i++) {
        struct link *link = &courier->links[i];
        if (link->state == LINK_SENT || link->state == LINK_PASSING) {
            return NULL;
        }
        if (link->state == LINK_QUEUED && (!next || link->turn < next->turn)) {
            next = link;
        }
    }
    return next;
}

static void go_on_with_queue(struct courier *courier) {
    struct link *link;
    while ((link = next_queued(courier)) && !dispatch(courier, link)) {
        link_close(courier, link);
    }
}

static void serve_link(struct courier *courier, struct link *link, const struct pollfd watched[2]) {
    bool open = true;
    if (watched[1].revents) {
        open = read_endpoint(courier, link);
    } else if (watched[0].revents) {
        open = read_service(courier, link);
    }
    if (!open) {
        link_close(courier, link);
    }
}

static void *serve(void *argument) {
    struct courier *courier = argument;
    while (!atomic_load(&courier->ending)) {
        struct pollfd watched[2 + 2 * LINKS_MAX] = {{.fd = courier->listener, .events = POLLIN},
                                                    {.fd = courier->wake[0], .events = POLLIN}};
        struct link *links[LINKS_MAX];
        size_t count = 0;
        for (size_t i = 0; i < LINKS_MAX; i++) {
            struct link *link = &courier->links[i];
            if (link->state != LINK_FREE) {
                watched[2 + 2 * count] = (struct pollfd){.fd = link->service, .events = POLLIN};
                watched[3 + 2 * count] = (struct pollfd){.fd = link->endpoint, .events = POLLIN};
                links[count++] = link;
            }
        }
        if (poll(watched, (nfds_t)(2 + 2 * count), -1) <= 0) {
            continue;
        }
        for (size_t i = 0; i < count; i++) {
            serve_link(courier, links[i], &watched[2 + 2 * i]);
        }
        go_on_with_queue(courier);
        take_links(courier);
    }
    return NULL;
}

static bool open_pipe(struct courier *courier) {
    if (pipe(courier->wake) != 0) {
        courier->wake[0] = courier->wake[1] = -1;
        return false;
    }
    fcntl(courier->wake[0], F_SETFD, FD_CLOEXEC);
    fcntl(courier->wake[1], F_SETFD, FD_CLOEXEC);
    return true;
}

static void courier_free(struct courier *courier) {
    const int sockets[] = {courier->listener, courier->wake[0], courier->wake[1]};
    for (size_t i = 0; i < LINKS_MAX; i++) {
        if (courier->links[i].state != LINK_FREE) {
            link_close(courier, &courier->links[i]);
        }
    }
    for (size_t i = 0; i < sizeof sockets / sizeof sockets[0]; i++) {
        if (sockets[i] >= 0) {
            close(sockets[i]);
        }
    }
    json_decref(courier->subscriptions);
    free(courier);
}

enum hp_status courier_start(const json_t *fault, struct shadow *shadow, struct courier **courier,
                             struct hp_problem *problem) {
    struct courier *made = calloc(1, sizeof *made);
    if (!made) {
        return hp_problem_no_memory(problem);
    }
    made->fault = fault;
    made->shadow = shadow;
    made->wake[0] = made->wake[1] = -1;
    atomic_init(&made->ending, false);
    made->subscriptions = json_array();
    made->listener = loopback_listen(LINKS_MAX, &made->port);
    if (!made->subscriptions || made->listener < 0 || !open_pipe(made) ||
        pthread_create(&made->thread, NULL, serve, made) != 0) {
        courier_free(made);
        return hp_problem_set(problem, HP_UNAVAILABLE, NULL, "a courier of webhooks cannot be started: %s",
                              strerror(errno));
    }
    *courier = made;
    return HP_OK;
}

void courier_stop(struct courier *courier) {
    if (courier) {
        atomic_store(&courier->ending, true);
        ssize_t written = write(courier->wake[1], "", 1);
        (void)written; /* a pipe that is full wakes as well */
        pthread_join(courier->thread, NULL);
        courier_free(courier);
    }
}
