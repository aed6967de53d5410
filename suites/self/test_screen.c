#include "harness/report/screen.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void without_a_window_the_environment_says_it(void **state) {
    (void)state;
    static const struct {
        const char *columns;
        size_t want;
    } rows[] = {
        {NULL, SCREEN_COLUMNS_DEFAULT},
        {"", SCREEN_COLUMNS_DEFAULT},
        {"80", 80},
        {"59", SCREEN_COLUMNS_MIN},
        {"161", SCREEN_COLUMNS_MAX},
        {"0", SCREEN_COLUMNS_DEFAULT},
        {"-80", SCREEN_COLUMNS_DEFAULT},
        {"80x", SCREEN_COLUMNS_DEFAULT},
        {"99999999999999999999", SCREEN_COLUMNS_MAX},
    };
    FILE *file = tmpfile();
    assert_non_null(file);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        unsetenv("COLUMNS");
        if (rows[i].columns) {
            setenv("COLUMNS", rows[i].columns, 1);
        }
        assert_int_equal(screen_columns(file), rows[i].want);
    }
    unsetenv("COLUMNS");
    fclose(file);
}

static void a_stream_without_a_file_has_the_usual_width(void **state) {
    (void)state;
    char *bytes = NULL;
    size_t length_bytes = 0;
    FILE *out = open_memstream(&bytes, &length_bytes);
    unsetenv("COLUMNS");
    assert_int_equal(screen_columns(out), SCREEN_COLUMNS_DEFAULT);
    fclose(out);
    free(bytes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_window_the_environment_says_it),
        cmocka_unit_test(a_stream_without_a_file_has_the_usual_width),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
