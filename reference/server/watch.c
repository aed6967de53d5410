#include "reference/server/watch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    LINGERING_MAX = 64,
    LINGER_MS = 5000,
    LINGER_MAX_BYTES = 256 * 1024 * 1024,
    LOOK_MS = 250, /* how often deadlines are looked at */
    BUSY = -1,
};

struct watched {
    int descriptor;
    atomic_llong waiting_since_ms; /* or BUSY */
    atomic_bool unread;
    struct watched *previous;
    struct watched *next;
};

/* A socket that is closed for everybody else; its own descriptor. */
struct lingering {
    int descriptor;
    int64_t until_ms;
    size_t left_bytes;
};

struct watch {
    pthread_mutex_t mutex;
    pthread_t thread;
    int64_t request_ms;
    int wake[2]; /* a byte in it, or its end, wakes the thread */
    bool stopping;
    struct watched *first;
    struct lingering lingering[LINGERING_MAX];
    size_t lingering_count;
};

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Shut down, a connection looks to its server as if the client had gone. */
static void drop_late(struct watch *watch, int64_t now) {
    for (struct watched *watched = watch->first; watched; watched = watched->next) {
        int64_t since_ms = atomic_load(&watched->waiting_since_ms);
        if (since_ms != BUSY && now - since_ms > watch->request_ms) {
            shutdown(watched->descriptor, SHUT_RDWR);
        }
    }
}

/* True when nothing more can come, or nobody wants to wait for it. */
static bool read_on(struct lingering *lingering, int64_t now) {
    char nowhere[64 * 1024];
    ssize_t got;
    while ((got = recv(lingering->descriptor, nowhere, sizeof nowhere, MSG_DONTWAIT)) > 0) {
        if ((size_t)got > lingering->left_bytes) {
            return true;
        }
        lingering->left_bytes -= (size_t)got;
    }
    return got == 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) ||
           now > lingering->until_ms;
}

static void read_all_on(struct watch *watch, int64_t now) {
    for (size_t i = 0; i < watch->lingering_count;) {
        if (watch->stopping || read_on(&watch->lingering[i], now)) {
            close(watch->lingering[i].descriptor);
            watch->lingering[i] = watch->lingering[--watch->lingering_count];
        } else {
            i++;
        }
    }
}

static void *keep_watch(void *argument) {
    struct watch *watch = argument;
    char wakings[64];
    for (bool stopping = false; !stopping;) {
        struct pollfd waited[LINGERING_MAX + 1] = {{.fd = watch->wake[0], .events = POLLIN}};
        pthread_mutex_lock(&watch->mutex);
        int64_t now = now_ms();
        drop_late(watch, now);
        read_all_on(watch, now);
        size_t count = watch->lingering_count;
        for (size_t i = 0; i < count; i++) {
            waited[i + 1] = (struct pollfd){.fd = watch->lingering[i].descriptor, .events = POLLIN};
        }
        stopping = watch->stopping;
        pthread_mutex_unlock(&watch->mutex);
        if (!stopping && poll(waited, (nfds_t)count + 1, LOOK_MS) > 0 && waited[0].revents) {
            stopping = read(watch->wake[0], wakings, sizeof wakings) == 0;
        }
    }
    return NULL;
}

enum hp_status watch_start(unsigned request_seconds, struct watch **watch, struct hp_problem *problem) {
    struct watch *started = calloc(1, sizeof *started);
    if (!started) {
        return hp_problem_no_memory(problem);
    }
    started->request_ms = (int64_t)request_seconds * 1000;
    pthread_mutex_init(&started->mutex, NULL);
    if (pipe(started->wake) != 0) {
        free(started);
        return hp_problem_set(problem, HP_INTERNAL, NULL, "there is no pipe left");
    }
    for (size_t i = 0; i < 2; i++) {
        fcntl(started->wake[i], F_SETFD, FD_CLOEXEC);
        fcntl(started->wake[i], F_SETFL, O_NONBLOCK);
    }
    if (pthread_create(&started->thread, NULL, keep_watch, started) != 0) {
        close(started->wake[0]);
        close(started->wake[1]);
        free(started);
        return hp_problem_set(problem, HP_INTERNAL, NULL, "no thread could be started");
    }
    *watch = started;
    return HP_OK;
}

static void wake(struct watch *watch) {
    ssize_t written = write(watch->wake[1], "", 1); /* when the pipe is full it is awake anyway */
    (void)written;
}

void watch_stop(struct watch *watch) {
    if (!watch) {
        return;
    }
    pthread_mutex_lock(&watch->mutex);
    watch->stopping = true;
    pthread_mutex_unlock(&watch->mutex);
    wake(watch);
    pthread_join(watch->thread, NULL);
    read_all_on(watch, 0);
    close(watch->wake[0]);
    close(watch->wake[1]);
    pthread_mutex_destroy(&watch->mutex);
    free(watch);
}

struct watched *watch_add(struct watch *watch, int descriptor) {
    struct watched *watched = calloc(1, sizeof *watched);
    if (!watched) {
        return NULL;
    }
    watched->descriptor = descriptor;
    atomic_init(&watched->unread, false);
    atomic_init(&watched->waiting_since_ms, now_ms());
    pthread_mutex_lock(&watch->mutex);
    watched->next = watch->first;
    if (watch->first) {
        watch->first->previous = watched;
    }
    watch->first = watched;
    pthread_mutex_unlock(&watch->mutex);
    return watched;
}

void watch_waiting(struct watched *watched) {
    if (watched) {
        atomic_store(&watched->waiting_since_ms, now_ms());
    }
}

void watch_busy(struct watched *watched) {
    if (watched) {
        atomic_store(&watched->waiting_since_ms, BUSY);
    }
}

void watch_unread(struct watched *watched) {
    if (watched) {
        atomic_store(&watched->unread, true);
    }
}

/* A descriptor of our own keeps the socket open when its server closes it. */
static void linger(struct watch *watch, int descriptor) {
    if (watch->lingering_count == LINGERING_MAX) {
        return;
    }
    int own = fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
    if (own >= 0) {
        shutdown(own, SHUT_WR);
        watch->lingering[watch->lingering_count++] = (struct lingering){
            .descriptor = own, .until_ms = now_ms() + LINGER_MS, .left_bytes = LINGER_MAX_BYTES};
        wake(watch);
    }
}

void watch_remove(struct watch *watch, struct watched *watched) {
    if (!watched) {
        return;
    }
    pthread_mutex_lock(&watch->mutex);
    *(watched->previous ? &watched->previous->next : &watch->first) = watched->next;
    if (watched->next) {
        watched->next->previous = watched->previous;
    }
    if (atomic_load(&watched->unread)) {
        linger(watch, watched->descriptor);
    }
    pthread_mutex_unlock(&watch->mutex);
    free(watched);
}
