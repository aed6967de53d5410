#include "reference/core/interrupt.h"
#include "reference/core/json.h"
#include "reference/core/room.h"
#include "reference/core/wire.h"
#include "suites/self/support_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char id[] = "0f8fad5b-d9cb-469f-a165-70867728950e";

static char *repeat(char byte, size_t count) {
    char *text = malloc(count + 1);
    assert_non_null(text);
    memset(text, byte, count);
    text[count] = '\0';
    return text;
}

/* The copy equals its draft and shares no text with it. */
static void test_copy(void **state) {
    (void)state;
    struct hp_interrupt draft = bench_full_interrupt();
    char user[] = "ann";
    draft.user_id = user;
    struct hp_interrupt *copy = hp_interrupt_new(&draft);
    assert_non_null(copy);
    assert_same_interrupt(copy, &draft);
    user[0] = 'X';
    assert_string_equal(copy->user_id, "ann");
    assert_ptr_not_equal(copy->data, draft.data);
    assert_ptr_not_equal(copy->response.text, draft.response.text);
    hp_interrupt_free(copy);
    hp_interrupt_free(NULL);
}

static void test_due(void **state) {
    (void)state;
    static const struct {
        enum hp_kind kind;
        enum hp_interrupt_status status;
        int64_t expires_at_us;
        enum hp_interrupt_status shown;
    } rows[] = {
        {HP_CONFIRMATION, HP_PENDING, 99, HP_EXPIRED},
        {HP_CONFIRMATION, HP_PENDING, 100, HP_PENDING},
        {HP_CONFIRMATION, HP_PENDING, 101, HP_PENDING},
        {HP_CONFIRMATION, HP_PENDING, HP_INSTANT_NONE, HP_PENDING},
        {HP_CHECKPOINT, HP_PENDING, 99, HP_PENDING},
        {HP_CONFIRMATION, HP_RESOLVED, 99, HP_RESOLVED},
        {HP_CONFIRMATION, HP_CANCELLED, 99, HP_CANCELLED},
        {HP_CONFIRMATION, HP_EXPIRED, 99, HP_EXPIRED},
        {HP_TIMEOUT, HP_PENDING, HP_INSTANT_MIN, HP_EXPIRED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hp_interrupt interrupt = bench_full_interrupt();
        interrupt.kind = rows[i].kind;
        interrupt.status = rows[i].status;
        interrupt.expires_at_us = rows[i].expires_at_us;
        assert_int_equal(hp_interrupt_shown_status(&interrupt, 100), rows[i].shown);
        assert_int_equal(hp_interrupt_is_due(&interrupt, 100),
                         rows[i].shown != rows[i].status && rows[i].status == HP_PENDING);
    }
}

/* What passes the check is within the limit as JSON, whatever needs escapes; what is near a megabyte
 * passes. */
static void test_size(void **state) {
    (void)state;
    static const struct {
        char byte;
        size_t count;
        bool fits;
    } rows[] = {{'a', 1000000, true}, {'a', 1047000, true},   {'a', 1048577, false},  {'"', 520000, true},
                {'"', 524288, false}, {'\x01', 174000, true}, {'\x01', 175000, false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hp_interrupt interrupt = bench_full_interrupt();
        struct hp_problem problem = {0};
        char *text = repeat(rows[i].byte, rows[i].count);
        interrupt.question = text;
        enum hp_status status = hp_interrupt_check_size(&interrupt, &problem);
        json_t *value = interrupt_encode(&interrupt);
        char *encoded = json_to_text(value);
        if (rows[i].fits) {
            assert_int_equal(status, HP_OK);
            assert_true(strlen(encoded) <= JSON_SIZE_MAX_BYTES);
        } else {
            assert_refused(status, &problem, HP_INVALID, "/response/data");
        }
        json_decref(value);
        free(encoded);
        free(text);
    }
}

/* A text that happens to be the very bytes of data is still measured with its escapes. */
static void test_size_of_shared_text(void **state) {
    (void)state;
    char *text = repeat('"', 400000);
    struct hp_interrupt interrupt = bench_full_interrupt();
    interrupt.has_response = false;
    interrupt.status = HP_PENDING;
    interrupt.question = text;
    assert_int_equal(hp_interrupt_check_size(&interrupt, NULL), HP_OK);
    struct hp_problem problem = {0};
    interrupt.data = text;
    assert_refused(hp_interrupt_check_size(&interrupt, &problem), &problem, HP_INVALID, "/question");
    free(text);
}

static void set_text(struct hp_interrupt *interrupt, size_t offset, const char *text) {
    memcpy((char *)interrupt + offset, &text, sizeof text);
}

/* Every text is measured with the escapes that it needs, data as the JSON that it is. */
static void test_size_of_each_text(void **state) {
    (void)state;
    static const struct {
        size_t offset;
        bool is_json, has_response;
        const char *field;
    } rows[] = {
        {offsetof(struct hp_interrupt, request_id), false, false, "/request_id"},
        {offsetof(struct hp_interrupt, user_id), false, false, "/user_id"},
        {offsetof(struct hp_interrupt, session_id), false, false, "/session_id"},
        {offsetof(struct hp_interrupt, envelope_id), false, false, "/envelope_id"},
        {offsetof(struct hp_interrupt, question), false, false, "/question"},
        {offsetof(struct hp_interrupt, message), false, false, "/message"},
        {offsetof(struct hp_interrupt, data), true, false, NULL},
        {offsetof(struct hp_interrupt, trace_id), false, false, "/trace_id"},
        {offsetof(struct hp_interrupt, span_id), false, false, "/span_id"},
        {offsetof(struct hp_interrupt, response.text), false, true, "/response/text"},
        {offsetof(struct hp_interrupt, response.data), true, true, NULL},
    };
    char *text = repeat('"', 400000), *filler = repeat('a', 400000);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hp_interrupt interrupt = bench_full_interrupt();
        struct hp_problem problem = {0};
        bool asked = rows[i].offset == offsetof(struct hp_interrupt, question);
        interrupt.has_response = rows[i].has_response;
        interrupt.status = rows[i].has_response ? HP_RESOLVED : HP_PENDING;
        set_text(&interrupt,
                 asked ? offsetof(struct hp_interrupt, message) : offsetof(struct hp_interrupt, question),
                 filler);
        set_text(&interrupt, rows[i].offset, text);
        enum hp_status status = hp_interrupt_check_size(&interrupt, &problem);
        if (rows[i].is_json) {
            assert_int_equal(status, HP_OK);
        } else {
            assert_refused(status, &problem, HP_INVALID, rows[i].field);
        }
    }
    free(text);
    free(filler);
}

static bool fits(struct hp_interrupt *interrupt, char *text, size_t length) {
    char kept = text[length];
    text[length] = '\0';
    interrupt->question = text;
    bool fitting = hp_interrupt_check_size(interrupt, NULL) == HP_OK;
    text[length] = kept;
    return fitting;
}

/* The longest question that fits. */
static size_t room_of(struct hp_interrupt *interrupt) {
    char *text = repeat('a', JSON_SIZE_MAX_BYTES);
    size_t room = 0;
    for (size_t step = JSON_SIZE_MAX_BYTES / 2; step > 0; step /= 2) {
        room += fits(interrupt, text, room + step) ? step : 0;
    }
    free(text);
    interrupt->question = NULL;
    return room;
}

/* A byte more elsewhere is a byte less for the question; and what a store that counts by itself is told is the
 * same limit: texts as JSON, null as four bytes. */
static void test_room(void **state) {
    (void)state;
    struct hp_interrupt interrupt = {.data = "{}", .request_id = "r", .user_id = "u", .session_id = "s"};
    size_t room = room_of(&interrupt);
    assert_true(room > 1000000);
    interrupt.request_id = "re";
    assert_int_equal(room_of(&interrupt), room - 1);
    interrupt.request_id = "r";
    size_t ids = 3 * strlen("'r'"), nulls = 4 * strlen("null"), data = strlen("{}"), quotes = strlen("''");
    assert_int_equal(interrupt_room_bytes(NULL), room + quotes + ids + nulls + data);
    struct hp_response response = {.text = "yes", .data = "{}"};
    assert_int_equal(interrupt_room_bytes(NULL) - interrupt_room_bytes(&response),
                     strlen("'yes'") + strlen("{}") - 2 * strlen("null"));
}

static void test_id_check(void **state) {
    (void)state;
    char *longest = repeat('i', HP_ID_MAX_BYTES), *too_long = repeat('i', HP_ID_MAX_BYTES + 1);
    const struct {
        const char *text;
        const char *detail; /* how the refusal begins; NULL: it is taken */
    } rows[] = {{"a", NULL},
                {" ", NULL},
                {"\xC3\xA9", NULL},
                {longest, NULL},
                {NULL, "user_id is required"},
                {too_long, "user_id must have at most 255 bytes, not 256"},
                {"", "user_id must not be empty"},
                {"\xC3", "user_id must be UTF-8"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hp_problem problem = {0};
        enum hp_status status = hp_id_check(rows[i].text, "/user_id", &problem);
        if (rows[i].detail) {
            assert_refused(status, &problem, HP_INVALID, "/user_id");
            assert_string_equal(problem.detail, rows[i].detail);
        } else {
            assert_int_equal(status, HP_OK);
        }
    }
    free(longest);
    free(too_long);
}

static void test_create_check(void **state) {
    (void)state;
    char *too_long = repeat('i', HP_ID_MAX_BYTES + 1);
    const struct {
        size_t offset;
        const char *text;
        const char *field; /* NULL: taken */
    } rows[] = {
        {offsetof(struct hp_create, request_id), NULL, "/request_id"},
        {offsetof(struct hp_create, request_id), "", "/request_id"},
        {offsetof(struct hp_create, user_id), NULL, "/user_id"},
        {offsetof(struct hp_create, user_id), "", "/user_id"},
        {offsetof(struct hp_create, session_id), NULL, "/session_id"},
        {offsetof(struct hp_create, session_id), too_long, "/session_id"},
        {offsetof(struct hp_create, envelope_id), too_long, "/envelope_id"},
        {offsetof(struct hp_create, envelope_id), "", NULL},
        {offsetof(struct hp_create, envelope_id), "e", NULL},
        {offsetof(struct hp_create, question), too_long, NULL},
        {offsetof(struct hp_create, question), "", NULL},
        {offsetof(struct hp_create, question), "\xFF", "/question"},
        {offsetof(struct hp_create, message), "\xFF", "/message"},
        {offsetof(struct hp_create, trace_id), too_long, "/trace_id"},
        {offsetof(struct hp_create, trace_id), "", NULL},
        {offsetof(struct hp_create, span_id), "\xC0\x80", "/span_id"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hp_create create = bench_request(HP_CHECKPOINT);
        struct hp_problem problem = {0};
        memcpy((char *)&create + rows[i].offset, &rows[i].text, sizeof rows[i].text);
        enum hp_status status = hp_create_check(&create, &problem);
        if (rows[i].field) {
            assert_refused(status, &problem, HP_INVALID, rows[i].field);
            assert_memory_equal(problem.detail, rows[i].field + 1, strlen(rows[i].field + 1));
        } else {
            assert_int_equal(status, HP_OK);
        }
    }
    free(too_long);
}

static void test_create_check_of_kind_and_ttl(void **state) {
    (void)state;
    struct hp_problem problem = {0};
    struct hp_create create = bench_request(HP_KIND_COUNT);
    assert_refused(hp_create_check(&create, &problem), &problem, HP_INVALID, "/kind");
    create = bench_request(HP_TIMEOUT);
    static const int64_t ttls_us[] = {1, HP_TTL_NEVER, HP_TTL_DEFAULT, INT64_MAX};
    for (size_t i = 0; i < sizeof ttls_us / sizeof ttls_us[0]; i++) {
        create.ttl_us = ttls_us[i];
        assert_int_equal(hp_create_check(&create, NULL), HP_OK);
    }
    create.ttl_us = -2;
    hp_problem_clear(&problem);
    assert_refused(hp_create_check(&create, &problem), &problem, HP_INVALID, "/ttl_seconds");
}

static void test_create(void **state) {
    (void)state;
    for (int kind = 0; kind < HP_KIND_COUNT; kind++) {
        struct hp_create create = bench_request((enum hp_kind)kind);
        struct hp_interrupt *made = NULL;
        assert_int_equal(hp_interrupt_create(&create, id, BENCH_NOW_US, &made, NULL), HP_OK);
        int64_t ttl_us = hp_kind_rule((enum hp_kind)kind)->default_ttl_us;
        const struct hp_interrupt want = {
            .id = "0f8fad5b-d9cb-469f-a165-70867728950e",
            .kind = (enum hp_kind)kind,
            .status = HP_PENDING,
            .request_id = "r1",
            .user_id = "ann",
            .session_id = "s1",
            .data = "{}",
            .created_at_us = BENCH_NOW_US,
            .expires_at_us = ttl_us == HP_TTL_NEVER ? HP_INSTANT_NONE : BENCH_NOW_US + ttl_us,
            .resolved_at_us = HP_INSTANT_NONE,
        };
        assert_same_interrupt(made, &want);
        hp_interrupt_free(made);
    }
}

static void test_ends_of_time(void **state) {
    (void)state;
    static const struct {
        int64_t now_us;
        int64_t ttl_us;
        int64_t expires_at_us; /* 0: refused */
    } rows[] = {
        {HP_INSTANT_MAX - 5, 5, HP_INSTANT_MAX},
        {HP_INSTANT_MAX - 5, 6, 0},
        {HP_INSTANT_MAX, 1, 0},
        {HP_INSTANT_MAX, HP_TTL_DEFAULT, 0},
        {HP_INSTANT_MAX, HP_TTL_NEVER, HP_INSTANT_NONE},
        {HP_INSTANT_MIN, HP_INSTANT_MAX - HP_INSTANT_MIN, HP_INSTANT_MAX},
        {HP_INSTANT_MIN, INT64_MAX, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hp_create create = bench_request(HP_CONFIRMATION);
        struct hp_interrupt *made = NULL;
        struct hp_problem problem = {0};
        create.ttl_us = rows[i].ttl_us;
        enum hp_status status = hp_interrupt_create(&create, id, rows[i].now_us, &made, &problem);
        if (rows[i].expires_at_us == 0) {
            assert_refused(status, &problem, HP_INVALID, "/ttl_seconds");
            assert_null(made);
        } else {
            assert_int_equal(status, HP_OK);
            assert_true(made->expires_at_us == rows[i].expires_at_us);
            hp_interrupt_free(made);
        }
    }
}

static void test_create_too_large(void **state) {
    (void)state;
    char *text = repeat('a', JSON_SIZE_MAX_BYTES);
    struct hp_create create = bench_request(HP_CHECKPOINT);
    struct hp_interrupt *made = NULL;
    create.message = text;
    assert_int_equal(hp_interrupt_create(&create, id, BENCH_NOW_US, &made, NULL), HP_INVALID);
    assert_null(made);
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_copy),
        cmocka_unit_test(test_due),
        cmocka_unit_test(test_size),
        cmocka_unit_test(test_size_of_shared_text),
        cmocka_unit_test(test_size_of_each_text),
        cmocka_unit_test(test_room),
        cmocka_unit_test(test_id_check),
        cmocka_unit_test(test_create_check),
        cmocka_unit_test(test_create_check_of_kind_and_ttl),
        cmocka_unit_test(test_create),
        cmocka_unit_test(test_ends_of_time),
        cmocka_unit_test(test_create_too_large),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
