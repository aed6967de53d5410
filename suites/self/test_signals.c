#include "harness/commands/signals.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
enum { SIGNAL_COUNT = sizeof signals / sizeof signals[0], SURVIVED = 7 };

static void put_defaults(void) {
    for (size_t i = 0; i < SIGNAL_COUNT; i++) {
        signal(signals[i], SIG_DFL);
    }
}

/* What becomes of a process that gets the signal so often: SURVIVED, or the number of the signal that it dies of. */
static int fate(void (*prepare)(void), int signal_number, int times) {
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        prepare();
        while (times-- > 0) {
            raise(signal_number);
        }
        _exit(SURVIVED);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
}

static void the_first_is_noted(void **state) {
    (void)state;
    for (size_t i = 0; i < SIGNAL_COUNT; i++) {
        put_defaults();
        signals_catch();
        assert_false(signals_caught());
        assert_int_equal(raise(signals[i]), 0);
        assert_true(signals_caught());
    }
    signals_catch();
    assert_false(signals_caught());
    put_defaults();
}

static void catch_from_defaults(void) {
    put_defaults();
    signals_catch();
}

static void the_second_ends_the_process_unless_it_is_a_hangup(void **state) {
    (void)state;
    assert_int_equal(fate(catch_from_defaults, SIGINT, 2), SIGINT);
    assert_int_equal(fate(catch_from_defaults, SIGTERM, 2), SIGTERM);
    assert_int_equal(fate(catch_from_defaults, SIGHUP, 3), SURVIVED);
}

static void guard_from_defaults(void) {
    put_defaults();
    signals_guard();
}

static void a_guarded_process_dies_of_the_first(void **state) {
    (void)state;
    for (size_t i = 0; i < SIGNAL_COUNT; i++) {
        assert_int_equal(fate(guard_from_defaults, signals[i], 1), signals[i]);
    }
}

static void guard_what_is_ignored(void) {
    for (size_t i = 0; i < SIGNAL_COUNT; i++) {
        signal(signals[i], SIG_IGN);
    }
    signals_guard();
}

static void what_is_ignored_stays_so(void **state) {
    (void)state;
    for (size_t i = 0; i < SIGNAL_COUNT; i++) {
        assert_int_equal(fate(guard_what_is_ignored, signals[i], 2), SURVIVED);
    }
    signal(SIGHUP, SIG_IGN); /* as nohup does */
    signals_catch();
    raise(SIGHUP);
    assert_false(signals_caught());
    put_defaults();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_is_noted),
        cmocka_unit_test(the_second_ends_the_process_unless_it_is_a_hangup),
        cmocka_unit_test(a_guarded_process_dies_of_the_first),
        cmocka_unit_test(what_is_ignored_stays_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
