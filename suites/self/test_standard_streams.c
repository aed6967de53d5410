#include "harness/base/standard_streams.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* In a child without the descriptors that the mask names: 0 when they are held and fail, and the others are as they were. */
static int hold_without(unsigned closed) {
    char byte = 0;
    for (int i = 0; i < 3; i++) {
        if (closed & 1U << i) {
            close(i);
        }
    }
    if (!standard_streams_hold()) {
        return 1;
    }
    int next = dup(STDIN_FILENO);
    if (next < 3) {
        return 2; /* one of them was free still */
    }
    if (closed & 1U && !(read(STDIN_FILENO, &byte, 1) == -1 && errno == EBADF)) {
        return 3;
    }
    for (int i = 1; i < 3; i++) {
        if (write(i, "", 0) != (closed & 1U << i ? -1 : 0)) {
            return 4;
        }
    }
    return 0;
}

static void what_is_closed_is_held(void **state) {
    (void)state;
    for (unsigned closed = 0; closed < 8; closed++) {
        int status = -1;
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            _exit(hold_without(closed));
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_closed_is_held)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
