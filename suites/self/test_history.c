#include "harness/lab/history.h"
#include "suites/self/support_history.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void an_operation_is_small(void **state) {
    (void)state;
    assert_true(sizeof(struct operation) <= 48);
}

/* As read_line, for two keys that take turns. */
static void add(struct history *history, size_t line, const char *key, const char *client,
                int64_t invoke_ns) {
    struct operation operation = {.kind = OPERATION_GET,
                                  .result = RESULT_SHOWN,
                                  .shown = SHOWN_PENDING,
                                  .who = NAME_NONE,
                                  .user = NAME_NONE,
                                  .invoke_ns = invoke_ns,
                                  .return_ns = invoke_ns + 5,
                                  .line = (uint32_t)line};
    assert_int_equal(names_add(&history->key_names, key, &operation.key, NULL), HP_OK);
    assert_int_equal(names_add(&history->clients, client, &operation.client, NULL), HP_OK);
    names_set_form(&history->clients, operation.client, NAME_NUMBER);
    assert_int_equal(history_add(history, &operation, NULL), HP_OK);
}

static void keys_stand_together_and_in_order(void **state) {
    (void)state;
    static const struct {
        const char *key;
        const char *client;
        int64_t invoke_ns;
    } rows[] = {{"y", "1", 9}, {"x", "10", 3}, {"y", "2", 1}, {"x", "9", 3},
                {"y", "3", 5}, {"x", "9", 3},  {"y", "4", 0}};
    static const uint32_t wanted[] = {7, 3, 5, 1, 4, 6, 2}; /* lines */
    struct history history = {0};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        add(&history, i + 1, rows[i].key, rows[i].client, rows[i].invoke_ns);
    }
    assert_int_equal(history_group(&history, NULL), HP_OK);
    assert_int_equal(history.key_count, 2);
    assert_string_equal(history_key_name(&history, 0), "y");
    assert_string_equal(history_key_name(&history, 1), "x");
    assert_int_equal(history.keys[1].first, 4);
    assert_int_equal(history.keys[1].count, 3);
    for (size_t i = 0; i < history.count; i++) {
        assert_int_equal(history.operations[i].line, wanted[i]);
    }
    history_release(&history);
}

static void many_in_any_order_are_sorted(void **state) {
    (void)state;
    struct history history = {0};
    for (size_t i = 0; i < 1000; i++) {
        add(&history, i + 1, "x", "1", (int64_t)(i * 7919 % 1009));
    }
    assert_int_equal(history_group(&history, NULL), HP_OK);
    for (size_t i = 1; i < history.count; i++) {
        assert_true(history.operations[i - 1].invoke_ns < history.operations[i].invoke_ns);
    }
    history_release(&history);
}

static void an_empty_history_has_no_keys(void **state) {
    (void)state;
    struct history history = {0};
    assert_int_equal(history_group(&history, NULL), HP_OK);
    assert_int_equal(history.key_count, 0);
    history_release(&history);
}

static void a_lost_create_stands_alone(void **state) {
    (void)state;
    static const struct {
        const char *first;
        const char *second;
        bool allowed;
    } rows[] = {{"ok", "ok", true},
                {"unknown", "ok", false},
                {"ok", "unknown", false},
                {"unknown", "unknown", false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct history history = {0};
        struct hp_problem problem = {0};
        const char *results[] = {rows[i].first, rows[i].second};
        for (size_t at = 0; at < 2; at++) {
            char line[256];
            snprintf(line, sizeof line,
                     "{\"client\":1,\"key\":\"k7\",\"op\":\"create\",\"args\":{\"owner\":\"ann\",\"expires_"
                     "ns\":null,"
                     "\"checkpoint\":false},\"result\":\"%s\",\"invoke_ns\":%zu,\"return_ns\":%s}",
                     results[at], at, strcmp(results[at], "ok") == 0 ? "9" : "null");
            assert_int_equal(history_read_line(&history, "h", at + 1, line, strlen(line), &problem), HP_OK);
        }
        assert_int_equal(history_group(&history, &problem), rows[i].allowed ? HP_OK : HP_INVALID);
        assert_true(rows[i].allowed || strstr(problem.detail, "line 2: k7 is created a second time"));
        history_release(&history);
    }
}

static void results_have_their_words(void **state) {
    (void)state;
    static const char *const words[] = {"ok",        "resolved:2", "conflict:expired",
                                        "forbidden", "not_found",  "omitted",
                                        "unknown",   "none",       "absent"};
    struct history history;
    history_short(&history,
                  "1 respond ok 0 1; 2 get resolved:2 1 2; 3 cancel conflict:expired 2 3; 4 respond/a "
                  "forbidden 3 4; 4 cancel not_found 4 5; 5 list/p omitted 5 6; 6 cancel unknown 6 -; 7 "
                  "expire none 7 8; 8 get absent 8 9");
    for (size_t i = 0; i < history.count; i++) {
        struct text text = {0};
        assert_true(operation_result_add(&text, &history, &history.operations[i]));
        assert_string_equal(text.bytes, words[i]);
        text_release(&text);
    }
    assert_string_equal(operation_kind_name(OPERATION_LIST), "list");
    assert_string_equal(operation_kind_name(OPERATION_KINDS), "?");
    assert_string_equal(shown_name(SHOWN_CANCELLED), "cancelled");
    assert_string_equal(shown_name(SHOWN_COUNT), "?");
    history_release(&history);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_operation_is_small),        cmocka_unit_test(keys_stand_together_and_in_order),
        cmocka_unit_test(many_in_any_order_are_sorted), cmocka_unit_test(an_empty_history_has_no_keys),
        cmocka_unit_test(a_lost_create_stands_alone),   cmocka_unit_test(results_have_their_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
