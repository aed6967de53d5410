#include "reference/server/listener.h"
#include "reference/base/text.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HOST_SIZE = 256, PORT_SIZE = 6, BACKLOG = 1024 };

/* "[::1]:80" is the host ::1 at port 80. */
static bool split(const char *address, char host[HOST_SIZE], char port[PORT_SIZE]) {
    const char *colon = strrchr(address, ':');
    size_t length = colon ? (size_t)(colon - address) : 0;
    bool bracketed = length > 2 && address[0] == '[' && address[length - 1] == ']';
    if (bracketed) {
        address++;
        length -= 2;
    }
    if (length == 0 || length >= HOST_SIZE || (!bracketed && memchr(address, ':', length))) {
        return false;
    }
    memcpy(host, address, length);
    host[length] = '\0';
    size_t digits = strlen(colon + 1);
    return digits > 0 && digits < PORT_SIZE && colon[1 + strspn(colon + 1, "0123456789")] == '\0' &&
           text_put(port, PORT_SIZE, colon + 1);
}

/* Writes where the socket is reached, which is known only when it has a port. */
static bool write_url(int descriptor, const char *host, char url[LISTENER_URL_SIZE]) {
    struct sockaddr_storage bound;
    socklen_t size = sizeof bound;
    char port[PORT_SIZE];
    if (getsockname(descriptor, (struct sockaddr *)&bound, &size) != 0 ||
        getnameinfo((struct sockaddr *)&bound, size, NULL, 0, port, sizeof port, NI_NUMERICSERV) != 0) {
        return false;
    }
    snprintf(url, LISTENER_URL_SIZE, strchr(host, ':') ? "http://[%s]:%s" : "http://%s:%s", host, port);
    return true;
}

static int open_socket(const struct addrinfo *found) {
    const int yes = 1;
    int descriptor = socket(found->ai_family, found->ai_socktype | SOCK_CLOEXEC, found->ai_protocol);
    if (descriptor < 0) {
        return -1;
    }
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(descriptor, found->ai_addr, found->ai_addrlen) == 0 && listen(descriptor, BACKLOG) == 0) {
        return descriptor;
    }
    int cause = errno;
    close(descriptor);
    errno = cause;
    return -1;
}

enum hp_status listener_open(const char *address, int *descriptor, char url[LISTENER_URL_SIZE],
                             struct hp_problem *problem) {
    char host[HOST_SIZE], port[PORT_SIZE];
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    if (!split(address, host, port)) {
        return hp_problem_set(problem, HP_INVALID, NULL,
                              "\"%.80s\" is no address; HOST:PORT was expected, as 127.0.0.1:8080 or [::1]:0",
                              address);
    }
    int failure = getaddrinfo(host, port, &hints, &found);
    if (failure != 0) {
        return hp_problem_set(problem, HP_INVALID, NULL, "%s: %s", address, gai_strerror(failure));
    }
    *descriptor = open_socket(found);
    freeaddrinfo(found);
    if (*descriptor < 0) {
        return hp_problem_set(problem, HP_UNAVAILABLE, NULL, "%s cannot be listened on: %s", address,
                              strerror(errno));
    }
    if (!write_url(*descriptor, host, url)) {
        close(*descriptor);
        return hp_problem_set(problem, HP_INTERNAL, NULL, "the port of %s cannot be found out", address);
    }
    return HP_OK;
}
