#include "suites/self/support_http.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { PATIENCE_SECONDS = 30, READ_BYTES = 64 * 1024 };

bool http_connect(struct http_line *line, const char *url) {
    char host[64];
    unsigned port = 0;
    const struct timeval patience = {.tv_sec = PATIENCE_SECONDS};
    *line = (struct http_line){.socket = socket(AF_INET, SOCK_STREAM, 0)};
    if (sscanf(url, "http://%63[0-9.]:%u", host, &port) != 2) {
        return false;
    }
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    inet_pton(AF_INET, host, &to.sin_addr);
    setsockopt(line->socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(line->socket, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (connect(line->socket, (const struct sockaddr *)&to, sizeof to) == 0) {
        return true;
    }
    http_close(line);
    return false;
}

void http_close(struct http_line *line) {
    close(line->socket);
    text_release(&line->received);
}

bool http_send_bytes(struct http_line *line, const char *bytes, size_t length_bytes) {
    while (length_bytes > 0) {
        ssize_t sent = send(line->socket, bytes, length_bytes, MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        bytes += sent;
        length_bytes -= (size_t)sent;
    }
    return true;
}

bool http_send(struct http_line *line, const char *format, ...) {
    struct text text = {0};
    va_list arguments;
    va_start(arguments, format);
    text_addv(&text, format, arguments);
    va_end(arguments);
    bool sent = http_send_bytes(line, text.bytes ? text.bytes : "", text.length_bytes);
    text_release(&text);
    return sent;
}

void http_end_sending(struct http_line *line) {
    shutdown(line->socket, SHUT_WR);
}

/* Reads more; false when there is none. */
static bool read_more(struct http_line *line) {
    char bytes[READ_BYTES];
    ssize_t got = recv(line->socket, bytes, sizeof bytes, 0);
    return got > 0 && text_append(&line->received, bytes, (size_t)got);
}

/* Moves so many bytes from what was received to a text. */
static void move(struct http_line *line, size_t length_bytes, struct text *to) {
    text_append(to, line->received.bytes, length_bytes);
    memmove(line->received.bytes, line->received.bytes + length_bytes,
            line->received.length_bytes - length_bytes + 1);
    line->received.length_bytes -= length_bytes;
}

bool http_receive(struct http_line *line, struct http_answer *answer, bool head) {
    char length[32];
    const char *end;
    text_clear(&answer->head);
    text_clear(&answer->body);
    text_add(&answer->body, "");
    while (!line->received.bytes || !(end = strstr(line->received.bytes, "\r\n\r\n"))) {
        if (!read_more(line)) {
            return false;
        }
    }
    move(line, (size_t)(end - line->received.bytes) + 4, &answer->head);
    if (sscanf(answer->head.bytes, "HTTP/1.%*1[01] %u", &answer->status) != 1) {
        return false;
    }
    http_header(answer, "Content-Length", length, sizeof length);
    size_t wanted = head || answer->status == 204 || answer->status < 200 ? 0 : strtoul(length, NULL, 10);
    while (line->received.length_bytes < wanted) {
        if (!read_more(line)) {
            return false;
        }
    }
    move(line, wanted, &answer->body);
    return true;
}

void http_answer_release(struct http_answer *answer) {
    text_release(&answer->head);
    text_release(&answer->body);
}

bool http_at_end(struct http_line *line) {
    char byte;
    return line->received.length_bytes == 0 && recv(line->socket, &byte, 1, 0) == 0;
}

void http_header(const struct http_answer *answer, const char *name, char *value, size_t size_bytes) {
    size_t length = strlen(name);
    text_put(value, size_bytes, "");
    for (const char *at = strstr(answer->head.bytes, "\r\n"); at; at = strstr(at + 2, "\r\n")) {
        if (strncasecmp(at + 2, name, length) == 0 && at[2 + length] == ':') {
            at += 3 + length + strspn(at + 3 + length, " ");
            snprintf(value, size_bytes, "%.*s", (int)strcspn(at, "\r"), at);
            return;
        }
    }
}

bool http_has_header(const struct http_answer *answer, const char *name, const char *value) {
    char given[512];
    http_header(answer, name, given, sizeof given);
    return value ? strcmp(given, value) == 0 : given[0] != '\0';
}

void http_ask(const char *url, const char *method, const char *target, const char *headers, const char *body,
              struct http_answer *answer) {
    struct http_line line;
    char type[96] = "";
    if (body) {
        snprintf(type, sizeof type, "Content-Type: application/json\r\nContent-Length: %zu\r\n",
                 strlen(body));
    }
    assert_true(http_connect(&line, url));
    /* In one piece: a server that has refused the first closes before a second comes. */
    assert_true(http_send(&line, "%s %s HTTP/1.1\r\nHost: test\r\n%s%s\r\n%s", method, target, headers, type,
                          body ? body : ""));
    assert_true(http_receive(&line, answer, strcmp(method, "HEAD") == 0));
    http_close(&line);
}

json_t *http_json(const struct http_answer *answer) {
    json_t *value = json_loadb(answer->body.bytes, answer->body.length_bytes, 0, NULL);
    assert_non_null(value);
    return value;
}
