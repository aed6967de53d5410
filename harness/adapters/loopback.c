#include "harness/adapters/loopback.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static struct sockaddr_in address_of(unsigned port) {
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

int loopback_listen(int backlog, unsigned *port) {
    struct sockaddr_in address = address_of(0);
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, length) != 0 ||
        listen(listener, backlog) != 0 || getsockname(listener, (struct sockaddr *)&address, &length) != 0) {
        if (listener >= 0) {
            close(listener);
        }
        return -1;
    }
    fcntl(listener, F_SETFD, FD_CLOEXEC);
    fcntl(listener, F_SETFL, O_NONBLOCK);
    *port = ntohs(address.sin_port);
    return listener;
}

static void set_patience(int connected, int patience_s) {
    const struct timeval patience = {.tv_sec = patience_s};
    fcntl(connected, F_SETFD, FD_CLOEXEC);
    setsockopt(connected, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    setsockopt(connected, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
}

int loopback_connect(unsigned port, int patience_s) {
    const struct sockaddr_in address = address_of(port);
    int connected = socket(AF_INET, SOCK_STREAM, 0);
    if (connected < 0) {
        return -1;
    }
    set_patience(connected, patience_s);
    if (connect(connected, (const struct sockaddr *)&address, sizeof address) != 0) {
        close(connected);
        return -1;
    }
    return connected;
}

int loopback_accept(int listener, int patience_s) {
    int taken = accept(listener, NULL, NULL);
    if (taken >= 0) {
        set_patience(taken, patience_s);
    }
    return taken;
}

bool loopback_send(int connected, const struct text *bytes) {
    size_t sent = 0;
    while (sent < bytes->length_bytes) {
        ssize_t more = send(connected, bytes->bytes + sent, bytes->length_bytes - sent, MSG_NOSIGNAL);
        if (more <= 0) {
            return false;
        }
        sent += (size_t)more;
    }
    return true;
}
