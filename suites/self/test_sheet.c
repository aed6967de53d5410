#include "harness/report/sheet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void writes_in_order_and_reports_success(void **state) {
    (void)state;
    char *bytes = NULL;
    size_t length_bytes = 0;
    FILE *out = open_memstream(&bytes, &length_bytes);
    struct sheet sheet;
    sheet_init(&sheet, out);
    text_add(&sheet.text, "one ");
    sheet_flush(&sheet);
    assert_int_equal(sheet.text.length_bytes, 0);
    text_add(&sheet.text, "two");
    assert_true(sheet_close(&sheet));
    fclose(out);
    assert_string_equal(bytes, "one two");
    free(bytes);
}

static void a_full_disk_is_noticed(void **state) {
    (void)state;
    FILE *out = fopen("/dev/full", "w");
    assert_non_null(out);
    struct sheet sheet;
    sheet_init(&sheet, out);
    text_add(&sheet.text, "lost");
    assert_false(sheet_close(&sheet));
    fclose(out);
}

static void a_failed_text_is_noticed_later(void **state) {
    (void)state;
    FILE *out = fopen("/dev/null", "w");
    struct sheet sheet;
    sheet_init(&sheet, out);
    sheet.text.failed = true;
    sheet_flush(&sheet);
    text_add(&sheet.text, "goes well again");
    assert_false(sheet_close(&sheet));
    fclose(out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_in_order_and_reports_success),
        cmocka_unit_test(a_full_disk_is_noticed),
        cmocka_unit_test(a_failed_text_is_noticed_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
