#include "harness/commands/signals.h"

#include "harness/adapters/brood.h"

#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>

static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
enum { SIGNAL_COUNT = sizeof signals / sizeof signals[0] };

static volatile sig_atomic_t caught;

/* Two threads may have one signal each; the first sees it through. The signal that is raised comes when the handler
 * returns. LCOV_EXCL_START: what was counted dies with the process. */
static void end(int signal_number) {
    static atomic_flag ending = ATOMIC_FLAG_INIT;
    if (!atomic_flag_test_and_set(&ending)) {
        brood_end();
        signal(signal_number, SIG_DFL);
        raise(signal_number);
    }
}
/* LCOV_EXCL_STOP */

static void note(int signal_number) {
    if (caught && signal_number != SIGHUP) {
        end(signal_number);
    }
    caught = 1;
}

static bool is_ignored(int signal_number) {
    struct sigaction action;
    return sigaction(signal_number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

/* While one is handled the others wait. */
static void take(int signal_number, void (*handler)(int)) {
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < SIGNAL_COUNT; i++) {
        sigaddset(&action.sa_mask, signals[i]);
    }
    sigaction(signal_number, &action, NULL);
}

void signals_guard(void) {
    for (size_t i = 0; i < SIGNAL_COUNT; i++) {
        if (!is_ignored(signals[i])) {
            take(signals[i], end);
        }
    }
}

void signals_catch(void) {
    caught = 0;
    for (size_t i = 0; i < SIGNAL_COUNT; i++) {
        if (signals[i] != SIGHUP || !is_ignored(SIGHUP)) {
            take(signals[i], note);
        }
    }
}

bool signals_caught(void) {
    return caught != 0;
}
