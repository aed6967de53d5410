#include "harness/report/grid.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void aligns_columns(void **state) {
    (void)state;
    const struct paint *paint = paint_get(false);
    struct grid grid;
    grid_init(&grid, 3);
    grid_add(&grid, "", "name");
    grid_add(&grid, "", "passed");
    grid_add(&grid, "", "n");
    grid_add(&grid, "", "\xC3\xA4\n");
    grid_add_count(&grid, paint, paint->bad, 0);
    grid_add_count(&grid, paint, paint->bad, 100);
    struct text out = {0};
    grid_print(&grid, "| ", paint, &out);
    assert_string_equal(out.bytes, "| name  passed    n\n| \xC3\xA4\\n        .  100\n");
    text_release(&out);
    grid_release(&grid);
}

static void colours_do_not_shift_columns(void **state) {
    (void)state;
    const struct paint *paint = paint_get(true);
    struct grid grid;
    grid_init(&grid, 1);
    grid_add(&grid, "", "a");
    grid_add(&grid, paint->bad, "bb");
    struct text out = {0};
    grid_print(&grid, "", paint, &out);
    assert_string_equal(out.bytes, "a\n\x1b[31mbb\x1b[0m\n");
    text_release(&out);
    grid_release(&grid);
}

static void grows_and_cuts_long_cells(void **state) {
    (void)state;
    char longer[600];
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    struct grid grid;
    grid_init(&grid, 1);
    for (int i = 0; i < 100; i++) {
        grid_add(&grid, "", "%s", longer);
    }
    struct text out = {0};
    grid_print(&grid, "", paint_get(false), &out);
    assert_false(out.failed);
    assert_int_equal(out.length_bytes, 100 * 256);
    text_release(&out);
    grid_release(&grid);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(aligns_columns),
        cmocka_unit_test(colours_do_not_shift_columns),
        cmocka_unit_test(grows_and_cuts_long_cells),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
