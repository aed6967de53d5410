#include "harness/adapters/brood.h"
#include "harness/adapters/process.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { PATIENCE_MS = 20000, PACE_MS = 5 };

static bool blocks(int signal_number) {
    sigset_t now;
    pthread_sigmask(SIG_SETMASK, NULL, &now);
    return sigismember(&now, signal_number) == 1;
}

static void signals_wait_for_a_start(void **state) {
    (void)state;
    sigset_t before;
    brood_announce(&before);
    assert_true(blocks(SIGTERM));
    brood_enter(&before, 0);
    assert_false(blocks(SIGTERM));
}

/* A process that ends only when it is told to. */
static pid_t start(void) {
    sigset_t before;
    brood_announce(&before);
    pid_t child = fork();
    if (child == 0) {
        brood_forget(&before);
        for (;;) {
            pause();
        }
    }
    brood_enter(&before, child);
    return child;
}

static int await(pid_t child) {
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) ? WTERMSIG(status) : -1;
}

/* Its parent's children are not its own to end. */
static void a_child_forgets_its_siblings(void **state) {
    (void)state;
    int status = 0;
    sigset_t before;
    pid_t sibling = start();
    brood_announce(&before);
    pid_t child = fork();
    if (child == 0) {
        brood_forget(&before);
        brood_end();
        _exit(blocks(SIGTERM) ? EXIT_FAILURE : EXIT_SUCCESS);
    }
    brood_enter(&before, 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS);
    assert_int_equal(kill(sibling, SIGKILL), 0);
    brood_leave(sibling);
    assert_int_equal(await(sibling), SIGKILL);
}

/* A group of two that bears SIGTERM, once it says so. */
static struct process *start_stubborn(void) {
    struct process *process = NULL;
    const char *line;
    size_t length_bytes;
    int code;
    assert_int_equal(process_start("trap '' TERM; echo; sleep 600; exit 1", &process, NULL), HP_OK);
    while (process_next_line(process, &line, &length_bytes) == PROCESS_NO_LINE) {
        assert_int_equal(process_wait(process, PACE_MS, &code), PROCESS_RUNNING);
    }
    return process;
}

/* Comes last: once all are ended nothing can be started any more. */
static void all_are_ended_but_those_that_left(void **state) {
    (void)state;
    int code = 0;
    struct process *stubborn = start_stubborn();
    pid_t own = start(), left = start();
    brood_leave(left);
    brood_end();
    assert_int_equal(await(own), SIGTERM);
    assert_int_equal(process_wait(stubborn, PATIENCE_MS, &code), PROCESS_KILLED);
    assert_int_equal(code, SIGKILL);
    process_end(stubborn, NULL);
    assert_int_equal(kill(left, SIGKILL), 0);
    assert_int_equal(await(left), SIGKILL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signals_wait_for_a_start),
        cmocka_unit_test(a_child_forgets_its_siblings),
        cmocka_unit_test(all_are_ended_but_those_that_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
