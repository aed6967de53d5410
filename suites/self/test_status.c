#include "reference/base/status.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The contract's names, written out here so that the list cannot drift unseen. */
static const struct {
    enum hp_status status;
    const char *name;
} rows[] = {
    {HP_OK, "ok"},
    {HP_INVALID, "invalid"},
    {HP_NOT_FOUND, "not_found"},
    {HP_FORBIDDEN, "forbidden"},
    {HP_CONFLICT, "conflict"},
    {HP_UNAVAILABLE, "unavailable"},
    {HP_UNSUPPORTED, "unsupported"},
    {HP_INTERNAL, "internal"},
};

static void test_names(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(rows[i].status, i);
        assert_string_equal(hp_status_name(rows[i].status), rows[i].name);
        assert_true(strlen(hp_status_sentence(rows[i].status)) > 10);
        enum hp_status found = HP_OK;
        assert_int_equal(hp_status_from_name(rows[i].name, &found), rows[i].status != HP_OK);
        assert_int_equal(found, rows[i].status);
    }
}

static void test_unknown(void **state) {
    (void)state;
    static const char *const names[] = {"", "Invalid", "invalid ", "not-found", "ok", "nonsense"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        enum hp_status found = HP_CONFLICT;
        assert_false(hp_status_from_name(names[i], &found));
        assert_int_equal(found, HP_CONFLICT);
    }
    assert_string_equal(hp_status_name((enum hp_status)99), "internal");
    assert_string_equal(hp_status_sentence((enum hp_status)99), "an unknown status");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_names), cmocka_unit_test(test_unknown)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
