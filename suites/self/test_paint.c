#include "harness/report/paint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void colours_only_when_asked(void **state) {
    (void)state;
    const struct paint *plain = paint_get(false);
    assert_string_equal(plain->bad, "");
    assert_string_equal(plain->plain, "");
    assert_string_equal(paint_get(true)->bad, "\x1b[31m");
    assert_string_equal(paint_get(true)->plain, "\x1b[0m");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(colours_only_when_asked)};
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
