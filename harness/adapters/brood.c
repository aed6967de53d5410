#include "harness/adapters/brood.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>
#include <unistd.h>

enum { NAP_MS = 1, STARTS_WAIT_MS = 1000 };

static atomic_int members[BROOD_MAX]; /* ids as kill() takes them; 0: a free place */
static atomic_int starting;
static atomic_bool ending;

static void nap(long length_ms) {
    struct timespec left = {.tv_nsec = length_ms * 1000000};
    while (nanosleep(&left, &left) != 0) {
    }
}

/* The handler waits for who has announced a start, and who announces one looks for the handler: one of them sees the
 * other. */
void brood_announce(sigset_t *before) {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, before);
    atomic_fetch_add(&starting, 1);
    if (atomic_load(&ending)) { /* LCOV_EXCL_START: it ends here */
        atomic_fetch_sub(&starting, 1);
        for (;;) {
            pause();
        }
    } /* LCOV_EXCL_STOP */
}

static void replace(int former, int next) {
    for (size_t i = 0; i < BROOD_MAX; i++) {
        int found = former;
        if (atomic_compare_exchange_strong(&members[i], &found, next)) {
            return;
        }
    }
}

void brood_enter(const sigset_t *before, pid_t child) {
    if (child != 0) {
        replace(0, child);
    }
    atomic_fetch_sub(&starting, 1);
    pthread_sigmask(SIG_SETMASK, before, NULL);
}

void brood_forget(const sigset_t *before) {
    for (size_t i = 0; i < BROOD_MAX; i++) {
        atomic_store(&members[i], 0);
    }
    atomic_store(&starting, 0);
    pthread_sigmask(SIG_SETMASK, before, NULL);
}

void brood_leave(pid_t child) {
    replace(child, 0);
}

/* True when there was a group among them. A process that is none ends its own, and must live to do so. */
static bool send(int signal_number) {
    bool groups = false;
    for (size_t i = 0; i < BROOD_MAX; i++) {
        pid_t child = atomic_load(&members[i]);
        groups = groups || child < 0;
        if (child < 0 || (child > 0 && signal_number == SIGTERM)) {
            kill(child, signal_number);
        }
    }
    return groups;
}

void brood_end(void) {
    atomic_store(&ending, true);
    for (int waited_ms = 0; atomic_load(&starting) > 0 && waited_ms < STARTS_WAIT_MS; waited_ms += NAP_MS) {
        nap(NAP_MS);
    }
    if (send(SIGTERM)) {
        nap(BROOD_GRACE_MS);
        send(SIGKILL);
    }
}
