#include "harness/commands/signals.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void the_first_is_noted_and_the_second_finds_the_default(void **state) {
    (void)state;
    static const int signals[] = {SIGINT, SIGTERM};
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
        struct sigaction action;
        signals_catch();
        assert_false(signals_caught());
        assert_int_equal(raise(signals[i]), 0);
        assert_true(signals_caught());
        assert_int_equal(sigaction(signals[i], NULL, &action), 0);
        assert_true(action.sa_handler == SIG_DFL);
    }
    signals_catch();
    assert_false(signals_caught());
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_is_noted_and_the_second_finds_the_default),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
