#include "reference/core/query.h"
#include "suites/self/support_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_defaults(void **state) {
    (void)state;
    struct hp_query query = {.user_id = "ann"};
    assert_int_equal(hp_query_check(&query, NULL), HP_OK);
    assert_int_equal(query.limit, 50);
    assert_int_equal(query.statuses, 1u << HP_PENDING);
    assert_int_equal(query.kinds, HP_KINDS_ALL);
    query = (struct hp_query){.request_id = "r", .limit = 200, .statuses = HP_STATUSES_ALL, .kinds = 2};
    assert_int_equal(hp_query_check(&query, NULL), HP_OK);
    assert_int_equal(query.limit, 200);
    assert_int_equal(query.statuses, HP_STATUSES_ALL);
    assert_int_equal(query.kinds, 2);
}

static void test_refusals(void **state) {
    (void)state;
    static const struct {
        struct hp_query query;
        const char *field;
    } rows[] = {
        {{0}, ""},
        {{.limit = 5, .statuses = 1, .kinds = 1}, ""},
        {{.user_id = ""}, "/user_id"},
        {{.user_id = "ann", .session_id = ""}, "/session_id"},
        {{.user_id = "ann", .request_id = "\xFF"}, "/request_id"},
        {{.user_id = "ann", .limit = 201}, "/limit"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hp_query query = rows[i].query;
        struct hp_problem problem = {0};
        assert_refused(hp_query_check(&query, &problem), &problem, HP_INVALID, rows[i].field);
    }
}

static void test_matches(void **state) {
    (void)state;
    static const struct {
        struct hp_query query;
        bool matches; /* a pending clarification of r1, ann, s1 that is due after BENCH_NOW_US + 1 s */
        bool matches_late;
    } rows[] = {
        {{.user_id = "ann"}, true, false},
        {{.session_id = "s1"}, true, false},
        {{.request_id = "r1"}, true, false},
        {{.user_id = "ann", .session_id = "s1", .request_id = "r1"}, true, false},
        {{.user_id = "Ann"}, false, false},
        {{.user_id = "ann", .session_id = "s2"}, false, false},
        {{.user_id = "ann", .request_id = "r"}, false, false},
        {{.user_id = "ann", .kinds = 1u << HP_CLARIFICATION}, true, false},
        {{.user_id = "ann", .kinds = HP_KINDS_ALL & ~(1u << HP_CLARIFICATION)}, false, false},
        {{.user_id = "ann", .statuses = 1u << HP_EXPIRED}, false, true},
        {{.user_id = "ann", .statuses = HP_STATUSES_ALL}, true, true},
        {{.user_id = "ann", .statuses = 1u << HP_RESOLVED | 1u << HP_CANCELLED}, false, false},
    };
    struct hp_interrupt interrupt = bench_full_interrupt();
    interrupt.status = HP_PENDING;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hp_query query = rows[i].query;
        assert_int_equal(hp_query_check(&query, NULL), HP_OK);
        assert_int_equal(hp_query_matches(&query, &interrupt, interrupt.expires_at_us), rows[i].matches);
        assert_int_equal(hp_query_matches(&query, &interrupt, interrupt.expires_at_us + 1),
                         rows[i].matches_late);
    }
}

static const struct hp_position positions[] = {
    {BENCH_NOW_US, "0f8fad5b-d9cb-469f-a165-70867728950e"},
    {0, "00000000-0000-0000-0000-000000000000"},
    {HP_INSTANT_MIN, "ffffffff-ffff-ffff-ffff-ffffffffffff"},
    {HP_INSTANT_MAX, "01234567-89ab-cdef-0123-456789abcdef"},
};

static void test_cursor_comes_back(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof positions / sizeof positions[0]; i++) {
        char cursor[HP_CURSOR_SIZE];
        struct hp_query query = {.user_id = "ann", .statuses = 1, .kinds = 3, .limit = 10};
        struct hp_position position = {0};
        hp_cursor_write(&query, &positions[i], cursor);
        query.cursor = cursor;
        query.limit = 20; /* the next page may have another size */
        assert_int_equal(hp_cursor_read(&query, &position, NULL), HP_OK);
        assert_true(position.created_at_us == positions[i].created_at_us);
        assert_string_equal(position.id, positions[i].id);
    }
}

/* Each character by every other one, each left out, each doubled. */
static void test_every_damage_is_refused(void **state) {
    (void)state;
    char cursor[HP_CURSOR_SIZE], damaged[HP_CURSOR_SIZE + 1];
    struct hp_query query = {.user_id = "ann", .statuses = 1, .kinds = 3, .cursor = damaged};
    hp_cursor_write(&query, &positions[0], cursor);
    for (size_t at = 0; at < strlen(cursor); at++) {
        struct hp_position position;
        for (int byte = 1; byte < 256; byte++) {
            memcpy(damaged, cursor, sizeof cursor);
            damaged[at] = (char)byte;
            struct hp_problem problem = {0};
            if (damaged[at] != cursor[at]) {
                assert_refused(hp_cursor_read(&query, &position, &problem), &problem, HP_INVALID, "/cursor");
            }
        }
        memcpy(damaged, cursor, at);
        memcpy(damaged + at, cursor + at + 1, sizeof cursor - at - 1);
        assert_int_equal(hp_cursor_read(&query, &position, NULL), HP_INVALID);
        memcpy(damaged + at + 1, cursor + at, sizeof cursor - at);
        damaged[at] = cursor[at];
        assert_int_equal(hp_cursor_read(&query, &position, NULL), HP_INVALID);
    }
    damaged[0] = '\0';
    assert_int_equal(hp_cursor_read(&query, &(struct hp_position){0}, NULL), HP_INVALID);
}

static void test_cursor_of_other_filters_is_refused(void **state) {
    (void)state;
    static const struct hp_query own = {.user_id = "ann", .session_id = "s1", .statuses = 1, .kinds = 3};
    static const struct hp_query others[] = {
        {.user_id = "bob", .session_id = "s1", .statuses = 1, .kinds = 3},
        {.session_id = "s1", .statuses = 1, .kinds = 3},
        {.user_id = "ann", .statuses = 1, .kinds = 3},
        {.user_id = "s1", .session_id = "ann", .statuses = 1, .kinds = 3},
        {.user_id = "anns", .session_id = "1", .statuses = 1, .kinds = 3},
        {.user_id = "anx", .session_id = "s1", .statuses = 1, .kinds = 3},
        {.user_id = "ann", .request_id = "s1", .statuses = 1, .kinds = 3},
        {.user_id = "ann", .session_id = "s1", .request_id = "r1", .statuses = 1, .kinds = 3},
        {.user_id = "ann", .session_id = "s1", .statuses = 2, .kinds = 3},
        {.user_id = "ann", .session_id = "s1", .statuses = 1, .kinds = 1},
        {.user_id = "ann", .session_id = "s1", .statuses = 3, .kinds = 1},
    };
    char cursor[HP_CURSOR_SIZE];
    hp_cursor_write(&own, &positions[0], cursor);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        struct hp_query query = others[i];
        struct hp_position position;
        query.cursor = cursor;
        assert_int_equal(hp_cursor_read(&query, &position, NULL), HP_INVALID);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_matches),
        cmocka_unit_test(test_cursor_comes_back),
        cmocka_unit_test(test_every_damage_is_refused),
        cmocka_unit_test(test_cursor_of_other_filters_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
