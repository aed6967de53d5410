#include "harness/base/value.h"
#include "harness/case/operand.h"
#include "reference/base/instant.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* 2025-12-11T09:30:00Z */
static const int64_t start_us = INT64_C(1765445400000000);

static const char *const names[] = {"time", "n", "part", "word"};
static const char bound_time[] = "\"2025-12-11T10:00:00+05:45\"";

static json_t *parse(const char *text) {
    json_t *value = json_loads(text, JSON_DECODE_ANY, NULL);
    assert_non_null(value);
    return value;
}

/* A scope with the names bound: an instant, a number, an object, a word. */
static void scope_fill(struct scope *scope, int64_t cycles) {
    static const char *const values[] = {bound_time, "90", "{\"seconds\":1.5,\"count\":4}", "\"soon\""};
    memset(scope, 0, sizeof *scope);
    scope->start_us = start_us;
    scope->cycles = cycles;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        json_t *value = parse(values[i]);
        assert_true(scope_bind(scope, names[i], value));
        json_decref(value);
    }
}

static enum hp_status compile(const json_t *source, bool fixed, bool wall_clock, struct operand *operand,
                              struct hp_problem *problem, bool *uses_start) {
    struct surroundings surroundings = {
        .names = names, .name_count = 4, .fixed = fixed, .wall_clock = wall_clock};
    const struct place root = {NULL, "/here", 0};
    enum hp_status status = operand_compile(source, &surroundings, &root, operand, problem);
    *uses_start = surroundings.uses_start;
    return status;
}

static void what_is_no_operand_is_refused_at_its_place(void **state) {
    (void)state;
    static const struct {
        const char *source;
        bool fixed, wall_clock;
        const char *field, *detail;
    } rows[] = {
        {"null", false, false, "/here", "expected a bound name, \"$name\" or \"$name/pointer\""},
        {"\"n\"", false, false, "/here",
         "expected a bound name, \"$name\" or \"$name/pointer\"; text that begins with $ is written $$"},
        {"\"$nn\"", false, false, "/here", "$nn is bound by no earlier step and no row; did you mean $n?"},
        {"\"$nn/x\"", false, false, "/here", "$nn is bound by no earlier step and no row; did you mean $n?"},
        {"\"$unheard\"", false, false, "/here", "$unheard is bound by no earlier step and no row"},
        {"\"$a123456789b123456789c123456789d123456789e123456789f123456789g123456789\"", false, false, "/here",
         "$a123456789b123456789c123456789d123456789e123456789f123456789g12 is bound by no earlier step and "
         "no row"},
        {"{\"$at\":true}", false, false, "/here/$at", "expected seconds: a number or a bound name"},
        {"{\"$at\":1e13}", false, false, "/here/$at", "expected seconds: a number or a bound name"},
        {"{\"$at\":\"$m\"}", false, false, "/here/$at", "$m is bound by no earlier step and no row"},
        {"{\"$at\":1}", false, true, "/here/$at",
         "a wall_clock case does not know its start: use $plus or $between"},
        {"{\"$instant\":\"2025-12-11T09:30:00Z\"}", false, false, "/here/$instant",
         "$instant is for cases with \"fixed\": true; use $at"},
        {"{\"$instant\":\"2025-12-11T09:30:00\"}", true, false, "/here/$instant",
         "expected an RFC 3339 time with an offset"},
        {"{\"$instant\":5}", true, false, "/here/$instant", "expected an RFC 3339 time with an offset"},
        {"{\"$plus\":{\"of\":\"$time\"}}", false, false, "/here/$plus",
         "expected {\"of\": \"$name\", \"seconds\": number}"},
        {"{\"$plus\":{\"of\":\"$time\",\"more\":1}}", false, false, "/here/$plus",
         "expected {\"of\": \"$name\", \"seconds\": number}"},
        {"{\"$plus\":{\"seconds\":1}}", false, false, "/here/$plus",
         "expected {\"of\": \"$name\", \"seconds\": number}"},
        {"{\"$plus\":{\"of\":\"$time\",\"seconds\":1,\"more\":1}}", false, false, "/here/$plus",
         "expected {\"of\": \"$name\", \"seconds\": number}"},
        {"{\"$plus\":{\"of\":\"$tim\",\"seconds\":1}}", false, false, "/here/$plus/of",
         "$tim is bound by no earlier step and no row; did you mean $time?"},
        {"{\"$plus\":{\"of\":\"$time\",\"seconds\":[]}}", false, false, "/here/$plus/seconds",
         "expected seconds: a number or a bound name"},
        {"{\"$at\":1,\"$plus\":1}", false, false, "/here",
         "expected a bound name, \"$name\" or \"$name/pointer\""},
        {"{\"$ta\":1}", false, false, "/here", "expected a bound name, \"$name\" or \"$name/pointer\""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *source = parse(rows[i].source);
        struct operand operand;
        struct hp_problem problem = {0};
        bool uses_start;
        assert_int_equal(compile(source, rows[i].fixed, rows[i].wall_clock, &operand, &problem, &uses_start),
                         HP_INVALID);
        assert_string_equal(problem.detail, rows[i].detail);
        assert_string_equal(problem.field, rows[i].field);
        json_decref(source);
    }
}

/* What an operand comes to: an instant's text, or why there is none. */
static void operands_name_instants(void **state) {
    (void)state;
    static const struct {
        const char *source;
        int64_t cycles;
        const char *instant, *detail;
        bool uses_start;
    } rows[] = {
        {"{\"$at\":60}", 0, "2025-12-11T09:31:00.000000Z", NULL, true},
        {"{\"$at\":-0.000001}", 0, "2025-12-11T09:29:59.999999Z", NULL, true},
        {"{\"$at\":\"$n\"}", 0, "2025-12-11T09:31:30.000000Z", NULL, true},
        {"{\"$at\":\"$part/seconds\"}", 0, "2025-12-11T09:30:01.500000Z", NULL, true},
        {"{\"$at\":\"$word\"}", 0, NULL, "the seconds to add are string, no number in range", true},
        {"{\"$at\":\"$part/none\"}", 0, NULL, "the seconds to add are nothing, no number in range", true},
        {"{\"$at\":-63901042200}", 0, "0001-01-01T00:00:00.000000Z", NULL, true},
        {"{\"$at\":1e12}", 0, NULL, "an instant outside the years 0001 to 9999", true},
        {"{\"$at\":-1e12}", 0, NULL, "an instant outside the years 0001 to 9999", true},
        {"{\"$instant\":\"2024-02-29T23:59:59+05:45\"}", 0, "2024-02-29T18:14:59.000000Z", NULL, true},
        {"{\"$instant\":\"2024-02-29T23:59:59Z\"}", 2, "2824-02-29T23:59:59.000000Z", NULL, true},
        {"{\"$instant\":\"9999-12-31T23:59:59Z\"}", 1, NULL,
         "no later cycle of 400 years ends before the year 10000", true},
        {"{\"$plus\":{\"of\":\"$time\",\"seconds\":1.5}}", 3, "2025-12-11T04:15:01.500000Z", NULL, false},
        {"{\"$plus\":{\"of\":\"$time\",\"seconds\":\"$n\"}}", 0, "2025-12-11T04:16:30.000000Z", NULL, false},
        {"{\"$plus\":{\"of\":\"$word\",\"seconds\":1}}", 0, NULL, "expected a bound instant, got \"soon\"",
         false},
        {"{\"$plus\":{\"of\":\"$n\",\"seconds\":1}}", 0, NULL, "expected a bound instant, got 90", false},
        {"\"$time\"", 1, "2025-12-11T04:15:00.000000Z", NULL, false},
        {"\"$part\"", 0, NULL, "expected a bound instant, got {\"seconds\":1.5,\"count\":4}", false},
        {"\"$word/x\"", 0, NULL, "expected a bound instant, got nothing", false},
        {"7", 0, NULL, "expected a bound instant, got 7", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *source = parse(rows[i].source);
        struct operand operand;
        struct scope scope;
        struct hp_problem problem = {0};
        int64_t instant_us = 0;
        char text[HP_INSTANT_SIZE] = "";
        bool uses_start;
        scope_fill(&scope, rows[i].cycles);
        assert_int_equal(compile(source, true, false, &operand, &problem, &uses_start), HP_OK);
        assert_int_equal(uses_start, rows[i].uses_start);
        enum hp_status status = operand_instant(&operand, &scope, &instant_us, &problem);
        assert_int_equal(status, rows[i].detail ? HP_INVALID : HP_OK);
        assert_string_equal(problem.detail, rows[i].detail ? rows[i].detail : "");
        if (status == HP_OK) {
            hp_instant_format(instant_us, text);
            assert_string_equal(text, rows[i].instant);
        }
        scope_release(&scope);
        json_decref(source);
    }
}

static void the_last_instant_is_one(void **state) {
    (void)state;
    json_t *source = parse("{\"$plus\":{\"of\":\"$time\",\"seconds\":0}}");
    json_t *last = parse("\"9999-12-31T23:59:59.999999Z\"");
    struct operand operand;
    struct scope scope;
    int64_t instant_us = 0;
    bool uses_start;
    scope_fill(&scope, 0);
    assert_true(scope_bind(&scope, "time", last));
    assert_int_equal(compile(source, false, false, &operand, NULL, &uses_start), HP_OK);
    assert_int_equal(operand_instant(&operand, &scope, &instant_us, NULL), HP_OK);
    assert_true(instant_us == HP_INSTANT_MAX);
    scope_release(&scope);
    json_decref(source);
    json_decref(last);
}

static void operands_are_counts_up_to_a_limit(void **state) {
    (void)state;
    static const struct {
        const char *source;
        int count; /* -1: none */
    } rows[] = {{"0", 0},
                {"10", 10},
                {"11", -1},
                {"-1", -1},
                {"1.0", -1},
                {"\"$n\"", -1},
                {"\"$part/count\"", 4},
                {"\"$word\"", -1},
                {"\"$part/x\"", -1},
                {"9223372036854775807", -1}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *source = parse(rows[i].source);
        struct operand operand;
        struct scope scope;
        struct hp_problem problem = {0};
        size_t count = 99;
        bool uses_start;
        scope_fill(&scope, 0);
        assert_int_equal(compile(source, false, false, &operand, NULL, &uses_start), HP_OK);
        assert_int_equal(operand_count(&operand, &scope, 10, &count, &problem),
                         rows[i].count < 0 ? HP_INVALID : HP_OK);
        assert_int_equal(count, rows[i].count < 0 ? 99 : rows[i].count);
        assert_string_equal(problem.detail, rows[i].count < 0 ? "expected a count from 0 to 10" : "");
        scope_release(&scope);
        json_decref(source);
    }
}

static void seconds_become_the_nearest_microsecond(void **state) {
    (void)state;
    static const struct {
        const char *seconds;
        bool accepted;
        int64_t us;
    } rows[] = {{"0", true, 0},
                {"60", true, 60000000},
                {"-60", true, -60000000},
                {"0.000001", true, 1},
                {"-0.000001", true, -1},
                {"0.0000004", true, 0},
                {"0.0000006", true, 1},
                {"-0.0000006", true, -1},
                {"3600.000001", true, INT64_C(3600000001)},
                {"4503599627.370497", true, INT64_C(4503599627370497)}, /* past 2^52, where no half exists */
                {"1000000000000", true, INT64_C(1000000000000000000)},
                {"1000000000001", false, 0},
                {"-1000000000001", false, 0},
                {"1e300", false, 0},
                {"\"1\"", false, 0},
                {"null", false, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *seconds = parse(rows[i].seconds);
        int64_t us = 0;
        assert_int_equal(seconds_to_us(seconds, &us), rows[i].accepted);
        assert_int_equal(us, rows[i].us);
        json_decref(seconds);
    }
    assert_false(seconds_to_us(NULL, &(int64_t){0}));
}

static void instants_move_by_whole_cycles(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int64_t cycles;
        const char *moved; /* NULL: it would leave the calendar */
    } rows[] = {{"2024-02-29T23:59:59.9+05:45", 0, "2024-02-29T23:59:59.9+05:45"},
                {"2024-02-29T23:59:59.9+05:45", 1, "2424-02-29T23:59:59.9+05:45"},
                {"0001-01-01T00:00:00Z", 24, "9601-01-01T00:00:00Z"},
                {"0001-01-01T00:00:00Z", 25, NULL},
                {"2000-02-29T00:00:00Z", 20, NULL},
                {"9999-12-31T23:59:59Z", 1, NULL}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct text moved = {0};
        int64_t instant_us, wanted_us;
        assert_true(hp_instant_parse(rows[i].text, strlen(rows[i].text), &instant_us));
        int64_t before_us = instant_us;
        assert_int_equal(instant_move_text(rows[i].text, rows[i].cycles, &moved), rows[i].moved != NULL);
        assert_int_equal(instant_move(&instant_us, rows[i].cycles), rows[i].moved != NULL);
        if (rows[i].moved) {
            assert_string_equal(moved.bytes, rows[i].moved);
            assert_true(hp_instant_parse(rows[i].moved, strlen(rows[i].moved), &wanted_us));
            assert_int_equal(instant_us, wanted_us);
        } else {
            assert_int_equal(instant_us, before_us);
        }
        text_release(&moved);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_no_operand_is_refused_at_its_place),
                                       cmocka_unit_test(operands_name_instants),
                                       cmocka_unit_test(the_last_instant_is_one),
                                       cmocka_unit_test(operands_are_counts_up_to_a_limit),
                                       cmocka_unit_test(seconds_become_the_nearest_microsecond),
                                       cmocka_unit_test(instants_move_by_whole_cycles)};
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
