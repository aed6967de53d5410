#include "harness/report/table.h"

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
    struct table table;
    table_init(&table, 3);
    table_add(&table, "", "name");
    table_add(&table, "", "passed");
    table_add(&table, "", "n");
    table_add(&table, "", "\xC3\xA4\n");
    table_add_count(&table, paint, paint->bad, 0);
    table_add_count(&table, paint, paint->bad, 100);
    struct text out = {0};
    table_print(&table, "| ", paint, &out);
    assert_string_equal(out.bytes, "| name  passed    n\n| \xC3\xA4\\n        .  100\n");
    text_release(&out);
    table_release(&table);
}

static void colours_do_not_shift_columns(void **state) {
    (void)state;
    const struct paint *paint = paint_get(true);
    struct table table;
    table_init(&table, 1);
    table_add(&table, "", "a");
    table_add(&table, paint->bad, "bb");
    struct text out = {0};
    table_print(&table, "", paint, &out);
    assert_string_equal(out.bytes, "a\n\x1b[31mbb\x1b[0m\n");
    text_release(&out);
    table_release(&table);
}

static void grows_and_cuts_long_cells(void **state) {
    (void)state;
    char longer[600];
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    struct table table;
    table_init(&table, 1);
    for (int i = 0; i < 100; i++) {
        table_add(&table, "", "%s", longer);
    }
    struct text out = {0};
    table_print(&table, "", paint_get(false), &out);
    assert_false(out.failed);
    assert_int_equal(out.length_bytes, 100 * 256);
    text_release(&out);
    table_release(&table);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(aligns_columns),
        cmocka_unit_test(colours_do_not_shift_columns),
        cmocka_unit_test(grows_and_cuts_long_cells),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
