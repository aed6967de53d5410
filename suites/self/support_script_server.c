#include "suites/self/support_script_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

enum { CONNECTIONS_MAX = 16, URL_SIZE = 64, ANSWER_SIZE = 4096 };

struct script_server {
    int listener;
    int wake[2];
    char url[URL_SIZE];
    pthread_t thread;
    pthread_mutex_t mutex; /* guards what follows */
    struct script_reply replies[SCRIPT_REPLIES_MAX];
    size_t reply_count;
    struct text requests[SCRIPT_REPLIES_MAX + 1];
    size_t request_count, connection_count;
    int connections[CONNECTIONS_MAX]; /* -1: none */
    struct text partial[CONNECTIONS_MAX];
};

/* How long the whole request is, once its head is there; 0 before. */
static size_t request_length(const struct text *text) {
    const char *head = text->bytes ? strstr(text->bytes, "\r\n\r\n") : NULL;
    size_t body = 0;
    if (!head) {
        return 0;
    }
    for (const char *line = text->bytes; line < head; line = strstr(line, "\r\n") + 2) {
        if (strncasecmp(line, "Content-Length:", 15) == 0) {
            body = strtoul(line + 15, NULL, 10);
        }
    }
    return (size_t)(head + 4 - text->bytes) + body;
}

static void send_all(int connection, const char *bytes, size_t length) {
    while (length > 0) {
        ssize_t sent = send(connection, bytes, length, MSG_NOSIGNAL);
        if (sent <= 0) {
            return; /* the client has gone, which some tests want */
        }
        bytes += sent;
        length -= (size_t)sent;
    }
}

static void close_connection(struct script_server *server, size_t at) {
    close(server->connections[at]);
    server->connections[at] = -1;
    text_release(&server->partial[at]);
}

/* Takes down a request that is whole, and answers it. */
static void answer(struct script_server *server, size_t at) {
    pthread_mutex_lock(&server->mutex);
    size_t number = server->request_count;
    struct script_reply reply = {.close = 1};
    if (number < server->reply_count) {
        reply = server->replies[number];
    }
    if (number < SCRIPT_REPLIES_MAX) {
        text_append(&server->requests[number], server->partial[at].bytes, server->partial[at].length_bytes);
    }
    server->request_count++;
    pthread_mutex_unlock(&server->mutex);
    text_clear(&server->partial[at]);
    if (reply.bytes) {
        send_all(server->connections[at], reply.bytes, strlen(reply.bytes));
    }
    for (size_t i = 0; i < reply.repeat; i++) {
        send_all(server->connections[at], reply.tail, strlen(reply.tail));
    }
    if (reply.close && !reply.hold) {
        close_connection(server, at);
    }
}

static void receive(struct script_server *server, size_t at) {
    char chunk[16384];
    ssize_t length = recv(server->connections[at], chunk, sizeof chunk, 0);
    if (length <= 0) {
        close_connection(server, at);
        return;
    }
    text_append(&server->partial[at], chunk, (size_t)length);
    size_t whole = request_length(&server->partial[at]);
    if (whole > 0 && server->partial[at].length_bytes >= whole) {
        answer(server, at);
    }
}

static void take_connection(struct script_server *server) {
    int made = accept(server->listener, NULL, NULL);
    pthread_mutex_lock(&server->mutex);
    server->connection_count++;
    pthread_mutex_unlock(&server->mutex);
    for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
        if (server->connections[i] < 0) {
            server->connections[i] = made;
            return;
        }
    }
    close(made);
}

static void *serve(void *argument) {
    struct script_server *server = argument;
    for (;;) {
        struct pollfd watched[CONNECTIONS_MAX + 2] = {{server->wake[0], POLLIN, 0},
                                                      {server->listener, POLLIN, 0}};
        for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
            watched[i + 2] = (struct pollfd){server->connections[i], POLLIN, 0};
        }
        poll(watched, CONNECTIONS_MAX + 2, -1);
        if (watched[0].revents) {
            return NULL;
        }
        for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
            if (watched[i + 2].revents) {
                receive(server, i);
            }
        }
        if (watched[1].revents) {
            take_connection(server);
        }
    }
}

struct script_server *script_server_start(const struct script_reply *replies, size_t count) {
    struct script_server *server = calloc(1, sizeof *server);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t length = sizeof address;
    assert_non_null(server);
    assert_true(count <= SCRIPT_REPLIES_MAX);
    server->listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(server->listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(server->listener, CONNECTIONS_MAX), 0);
    assert_int_equal(getsockname(server->listener, (struct sockaddr *)&address, &length), 0);
    assert_int_equal(pipe(server->wake), 0);
    snprintf(server->url, sizeof server->url, "http://127.0.0.1:%u", (unsigned)ntohs(address.sin_port));
    memcpy(server->replies, replies, count * sizeof *replies);
    server->reply_count = count;
    for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
        server->connections[i] = -1;
    }
    pthread_mutex_init(&server->mutex, NULL);
    assert_int_equal(pthread_create(&server->thread, NULL, serve, server), 0);
    return server;
}

const char *script_server_url(const struct script_server *server) {
    return server->url;
}

const char *script_server_request(struct script_server *server, size_t number) {
    pthread_mutex_lock(&server->mutex);
    const char *bytes = number < SCRIPT_REPLIES_MAX ? server->requests[number].bytes : NULL;
    pthread_mutex_unlock(&server->mutex);
    return bytes ? bytes : "";
}

size_t script_server_requests(struct script_server *server) {
    pthread_mutex_lock(&server->mutex);
    size_t count = server->request_count;
    pthread_mutex_unlock(&server->mutex);
    return count;
}

size_t script_server_connections(struct script_server *server) {
    pthread_mutex_lock(&server->mutex);
    size_t count = server->connection_count;
    pthread_mutex_unlock(&server->mutex);
    return count;
}

void script_server_stop(struct script_server *server) {
    assert_int_equal(write(server->wake[1], "", 1), 1);
    pthread_join(server->thread, NULL);
    for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
        if (server->connections[i] >= 0) {
            close_connection(server, i);
        }
        text_release(&server->partial[i]);
    }
    for (size_t i = 0; i <= SCRIPT_REPLIES_MAX; i++) {
        text_release(&server->requests[i]);
    }
    close(server->listener);
    close(server->wake[0]);
    close(server->wake[1]);
    pthread_mutex_destroy(&server->mutex);
    free(server);
}

const char *reply_json(const char *status_line, const char *body) {
    static char answers[SCRIPT_REPLIES_MAX][ANSWER_SIZE];
    static size_t next;
    char *made = answers[next++ % SCRIPT_REPLIES_MAX];
    int length = snprintf(made, ANSWER_SIZE,
                          "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                          status_line, strlen(body), body);
    assert_true(length > 0 && length < ANSWER_SIZE);
    return made;
}
