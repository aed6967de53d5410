/* Every allocation of what goes into jsonb and comes out of it fails once: an error, and no half a text. */
#include "reference/base/text.h"
#include "reference/core/jsonb.h"
#include "reference/core/stored.h"
#include "suites/self/support_fail_alloc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define RESPONSE                                                                                             \
    "{\"text\":\"a text that needs "                                                                         \
    "room\",\"approved\":true,\"decision\":\"modify\",\"data\":{\"n\":1000.0}}"
#define HUGE_INTEGER "12345678901234567890123"

static enum hp_status written(bool done, struct text *text, const char *wanted) {
    if (done) {
        assert_string_equal(text->bytes, wanted);
    }
    text_release(text);
    return done ? HP_OK : HP_INTERNAL;
}

static enum hp_status write_response(void *context) {
    (void)context;
    const struct hp_response response = {.text = "a text that needs room",
                                         .approved = HP_APPROVED,
                                         .decision = HP_DECISION_MODIFY,
                                         .data = "{\"n\":1e3}"};
    struct text text = {0};
    return written(stored_write_response(&text, &response), &text, RESPONSE);
}

static enum hp_status write_reason(void *context) {
    (void)context;
    struct text text = {0};
    return written(stored_write_reason(&text, "because"), &text, "{\"cancel_reason\":\"because\"}");
}

static enum hp_status write_numbers(void *context) {
    (void)context;
    struct text text = {0};
    return written(jsonb_write(&text, "[1e22,1.50]"), &text, "[10000000000000000000000.0,1.5]");
}

static enum hp_status read_numbers(void *context) {
    (void)context;
    struct text text = {0};
    return written(jsonb_read(&text, "[1.50, " HUGE_INTEGER "]"), &text, "[1.5,1.2345678901234568e+22]");
}

static enum hp_status read_response(void *context) {
    (void)context;
    struct stored_response stored = {0};
    enum hp_status status = stored_read_response(RESPONSE, &stored, NULL);
    if (status == HP_OK) {
        assert_string_equal(stored.response.text, "a text that needs room");
        assert_string_equal(stored.response.data, "{\"n\":1000.0}");
    }
    stored_response_release(&stored);
    return status;
}

static enum hp_status read_interrupt(void *context) {
    (void)context;
    struct hp_interrupt *interrupt = NULL;
    enum hp_status status = stored_read_interrupt(
        "{\"id\":\"0f8fad5b-d9cb-469f-a165-70867728950e\",\"kind\":\"timeout\",\"status\":\"pending\","
        "\"request_id\":\"r\",\"user_id\":\"u\",\"session_id\":\"s\",\"data\":{\"n\":" HUGE_INTEGER "},"
        "\"created_at\":\"2025-12-11T09:30:00Z\"}",
        &interrupt, NULL);
    assert_int_equal(interrupt != NULL, status == HP_OK);
    if (interrupt) {
        assert_string_equal(interrupt->data, "{\"n\":1.2345678901234568e+22}");
    }
    hp_interrupt_free(interrupt);
    return status;
}

static void what_is_stored_survives_every_failure(void **state) {
    (void)state;
    assert_true(fail_alloc_sweep(write_response, NULL, false) > 4);
    assert_true(fail_alloc_sweep(write_reason, NULL, false) > 2);
    assert_true(fail_alloc_sweep(write_numbers, NULL, false) > 3);
    assert_true(fail_alloc_sweep(read_numbers, NULL, false) > 3);
    assert_true(fail_alloc_sweep(read_response, NULL, false) > 5);
    assert_true(fail_alloc_sweep(read_interrupt, NULL, false) > 5);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_stored_survives_every_failure)};
    fail_alloc_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
