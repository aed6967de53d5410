#include "harness/commands/signals.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t caught;

static void note(int signal_number) {
    (void)signal_number;
    caught = 1;
}

void signals_catch(void) {
    struct sigaction action = {.sa_handler = note};
    action.sa_flags = (int)(SA_RESTART | SA_RESETHAND);
    sigemptyset(&action.sa_mask);
    caught = 0;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

bool signals_caught(void) {
    return caught != 0;
}
