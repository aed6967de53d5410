#include "reference/core/response.h"
#include "suites/self/support_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { TOO_LONG = HP_TEXT_MAX_CODE_POINTS + 1 };

/* So many times the same character. */
static char *repeat(const char *character, size_t count) {
    size_t length = strlen(character);
    char *text = malloc(count * length + 1);
    assert_non_null(text);
    for (size_t i = 0; i < count; i++) {
        memcpy(text + i * length, character, length);
    }
    text[count * length] = '\0';
    return text;
}

static void test_text_length(void **state) {
    (void)state;
    static const char *const characters[] = {"a", " ", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80"};
    for (size_t i = 0; i < sizeof characters / sizeof characters[0]; i++) {
        for (size_t count = HP_TEXT_MAX_CODE_POINTS; count <= TOO_LONG; count++) {
            char *text = repeat(characters[i], count);
            struct hp_response response = {.text = text};
            struct hp_problem problem = {0};
            enum hp_status status = hp_response_check(&response, &problem);
            if (count == TOO_LONG) {
                assert_refused(status, &problem, HP_INVALID, "/response/text");
            } else {
                assert_int_equal(status, HP_OK);
            }
            free(text);
        }
    }
}

static const struct {
    struct hp_response response;
    const char *field; /* NULL: taken */
} rows[] = {
    {{0}, NULL},
    {{.text = "x"}, NULL},
    {{.text = "\n"}, NULL},
    {{.text = ""}, "/response/text"},
    {{.text = "\xFF"}, "/response/text"},
    {{.text = "\xED\xA0\x80"}, "/response/text"},
    {{.data = "{}"}, NULL},
    {{.data = "{\"a\":[1]}"}, NULL},
    {{.data = "[]"}, "/response/data"},
    {{.data = "null"}, "/response/data"},
    {{.data = ""}, "/response/data"},
    {{.data = "{"}, "/response/data"},
    {{.data = "{\"a\":1,\"a\":2}"}, "/response/data"},
    {{.data = "{\"a\":9223372036854775808}"}, "/response/data"},
    {{.approved = (enum hp_approval)3}, "/response/approved"},
    {{.decision = HP_DECISION_COUNT}, "/response/decision"},
};

static void test_rules_of_all_kinds(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hp_problem problem = {0};
        enum hp_status status = hp_response_check(&rows[i].response, &problem);
        if (rows[i].field) {
            assert_refused(status, &problem, HP_INVALID, rows[i].field);
        } else {
            assert_int_equal(status, HP_OK);
        }
    }
}

/* The field that makes a response unfit for the kind, NULL when it fits, by the contract's words. */
static const char *unfit_field(enum hp_kind kind, bool text, bool approved, bool decision) {
    bool needs_text = kind == HP_CLARIFICATION;
    bool needs_approved = kind == HP_CONFIRMATION;
    bool needs_decision = kind == HP_CRITIC_REVIEW;
    if (!needs_text && !needs_approved && !needs_decision) {
        return NULL;
    }
    return text != needs_text           ? "/response/text"
           : approved != needs_approved ? "/response/approved"
           : decision != needs_decision ? "/response/decision"
                                        : NULL;
}

static void check_kind(enum hp_kind kind, const char *text, enum hp_approval approved,
                       enum hp_decision decision) {
    struct hp_response response = {.text = text, .approved = approved, .decision = decision, .data = "{}"};
    struct hp_problem problem = {0};
    enum hp_status status = hp_response_check_kind(&response, kind, &problem);
    const char *field =
        unfit_field(kind, text != NULL, approved != HP_APPROVAL_NONE, decision != HP_DECISION_NONE);
    if (field) {
        assert_refused(status, &problem, HP_INVALID, field);
    } else {
        assert_int_equal(status, HP_OK);
    }
}

/* Every kind with every combination of fields, and each value of them. */
static void test_every_kind_and_response(void **state) {
    (void)state;
    for (int kind = 0; kind < HP_KIND_COUNT; kind++) {
        for (int approved = HP_APPROVAL_NONE; approved <= HP_DENIED; approved++) {
            for (int decision = HP_DECISION_NONE; decision < HP_DECISION_COUNT; decision++) {
                check_kind((enum hp_kind)kind, NULL, (enum hp_approval)approved, (enum hp_decision)decision);
                check_kind((enum hp_kind)kind, "x", (enum hp_approval)approved, (enum hp_decision)decision);
            }
        }
    }
}

static void test_what_is_said_of_an_unfit_one(void **state) {
    (void)state;
    static const struct hp_response response = {.text = "x"};
    struct hp_problem needs = {0}, takes = {0};
    assert_int_equal(hp_response_check_kind(&(struct hp_response){0}, HP_CLARIFICATION, &needs), HP_INVALID);
    assert_string_equal(needs.detail, "a clarification needs text");
    assert_int_equal(hp_response_check_kind(&response, HP_CONFIRMATION, &takes), HP_INVALID);
    assert_string_equal(takes.detail, "a confirmation does not take text");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_length), cmocka_unit_test(test_rules_of_all_kinds),
        cmocka_unit_test(test_every_kind_and_response), cmocka_unit_test(test_what_is_said_of_an_unfit_one)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
