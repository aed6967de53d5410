#include "reference/base/instant.h"
#include "reference/core/kind.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The table of the contract, written out here so that the list cannot drift unseen. */
static const struct {
    enum hp_kind kind;
    const char *name;
    int64_t ttl_seconds;
    bool auto_expires;
    enum hp_needs needs;
    const char *event;
} kinds[] = {
    {HP_CLARIFICATION, "clarification", 24 * 3600, true, HP_NEEDS_TEXT, "interrupt.clarification_needed"},
    {HP_CONFIRMATION, "confirmation", 3600, true, HP_NEEDS_APPROVED, "interrupt.confirmation_needed"},
    {HP_CRITIC_REVIEW, "critic_review", 30 * 60, true, HP_NEEDS_DECISION, "interrupt.critic_review"},
    {HP_CHECKPOINT, "checkpoint", -1, false, HP_NEEDS_NOTHING, "interrupt.checkpoint"},
    {HP_RESOURCE_EXHAUSTED, "resource_exhausted", 5 * 60, true, HP_NEEDS_NOTHING,
     "interrupt.resource_exhausted"},
    {HP_TIMEOUT, "timeout", 5 * 60, true, HP_NEEDS_NOTHING, "interrupt.timeout"},
    {HP_SYSTEM_ERROR, "system_error", 3600, true, HP_NEEDS_NOTHING, "interrupt.system_error"},
};

static void test_kinds(void **state) {
    (void)state;
    assert_int_equal(sizeof kinds / sizeof kinds[0], HP_KIND_COUNT);
    assert_int_equal(HP_KINDS_ALL, 0x7F);
    for (size_t i = 0; i < HP_KIND_COUNT; i++) {
        const struct hp_kind_rule *rule = hp_kind_rule(kinds[i].kind);
        enum hp_kind found = HP_KIND_COUNT;
        assert_string_equal(rule->name, kinds[i].name);
        int64_t ttl_us = kinds[i].ttl_seconds < 0 ? HP_TTL_NEVER : kinds[i].ttl_seconds * HP_SECOND_US;
        assert_true(rule->default_ttl_us == ttl_us);
        assert_int_equal(rule->auto_expires, kinds[i].auto_expires);
        assert_int_equal(rule->needs, kinds[i].needs);
        assert_string_equal(rule->created_event, kinds[i].event);
        assert_true(hp_kind_from_name(kinds[i].name, &found));
        assert_int_equal(found, kinds[i].kind);
    }
}

static void test_unknown_kinds(void **state) {
    (void)state;
    static const char *const names[] = {"",
                                        "agent_review",
                                        "Checkpoint",
                                        " checkpoint",
                                        "checkpoint ",
                                        "critic-review",
                                        "system_errors",
                                        "system_erro"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        enum hp_kind found = HP_TIMEOUT;
        assert_false(hp_kind_from_name(names[i], &found));
        assert_int_equal(found, HP_TIMEOUT);
    }
}

static void test_statuses(void **state) {
    (void)state;
    static const struct {
        enum hp_interrupt_status status;
        const char *name;
        const char *event;
    } rows[] = {
        {HP_PENDING, "pending", NULL},
        {HP_RESOLVED, "resolved", "interrupt.resolved"},
        {HP_EXPIRED, "expired", "interrupt.expired"},
        {HP_CANCELLED, "cancelled", "interrupt.cancelled"},
    };
    assert_int_equal(sizeof rows / sizeof rows[0], HP_INTERRUPT_STATUS_COUNT);
    assert_int_equal(HP_STATUSES_ALL, 0xF);
    for (size_t i = 0; i < HP_INTERRUPT_STATUS_COUNT; i++) {
        enum hp_interrupt_status found = HP_INTERRUPT_STATUS_COUNT;
        const char *event = hp_interrupt_status_event(rows[i].status);
        assert_string_equal(hp_interrupt_status_name(rows[i].status), rows[i].name);
        assert_string_equal(event ? event : "none", rows[i].event ? rows[i].event : "none");
        assert_true(hp_interrupt_status_from_name(rows[i].name, &found));
        assert_int_equal(found, rows[i].status);
    }
    enum hp_interrupt_status found = HP_EXPIRED;
    assert_false(hp_interrupt_status_from_name("all", &found));
    assert_false(hp_interrupt_status_from_name("Pending", &found));
    assert_int_equal(found, HP_EXPIRED);
}

static void test_decisions(void **state) {
    (void)state;
    static const char *const names[] = {NULL, "approve", "reject", "modify"};
    assert_int_equal(sizeof names / sizeof names[0], HP_DECISION_COUNT);
    assert_null(hp_decision_name(HP_DECISION_NONE));
    for (int i = 1; i < HP_DECISION_COUNT; i++) {
        enum hp_decision found = HP_DECISION_NONE;
        assert_string_equal(hp_decision_name((enum hp_decision)i), names[i]);
        assert_true(hp_decision_from_name(names[i], &found));
        assert_int_equal(found, i);
    }
    enum hp_decision found = HP_DECISION_REJECT;
    assert_false(hp_decision_from_name("approved", &found));
    assert_false(hp_decision_from_name("", &found));
    assert_int_equal(found, HP_DECISION_REJECT);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_kinds), cmocka_unit_test(test_unknown_kinds),
                                       cmocka_unit_test(test_statuses), cmocka_unit_test(test_decisions)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
