#include "harness/doctor/witness.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BYTES(text) text, sizeof text - 1

/* A line as rpc_decode_answer refuses it, and which slip that is. */
static const struct {
    const char *line;
    size_t length_bytes;
    enum slip slip;
} refused[] = {
    {BYTES(""), SLIP_NOISE},
    {BYTES("   "), SLIP_NOISE},
    {BYTES("Listening on port 8080"), SLIP_NOISE},
    {BYTES("42"), SLIP_NOISE},
    {BYTES("\"text\""), SLIP_NOISE},
    {BYTES("}"), SLIP_NOISE},
    {BYTES("{"), SLIP_PRETTY},
    {BYTES("["), SLIP_PRETTY},
    {BYTES("  {\"id\": 1,"), SLIP_PRETTY},
    {BYTES("{\"id\": 1, \"result\": {}"), SLIP_PRETTY},
    {BYTES("{'id': 1}"), SLIP_JSON},
    {BYTES("{\"id\": NaN}"), SLIP_JSON},
    {BYTES("{\"id\":1} {\"id\":2}"), SLIP_JSON},
    {BYTES("[{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}]"), SLIP_BATCH},
    {BYTES("{\"id\":\"\xff\"}"), SLIP_ENCODING},
    {BYTES("{\"id\":1}\0"), SLIP_NUL},
    {BYTES("{}"), SLIP_ID},
    {BYTES("{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"result\":{}}"), SLIP_ID},
    {BYTES("{\"jsonrpc\":\"2.0\",\"id\":null,\"result\":{}}"), SLIP_ID},
    {BYTES("{\"jsonrpc\":\"2.0\",\"id\":1}"), SLIP_FRAME},
    {BYTES("{\"id\":1,\"result\":{}}"), SLIP_FRAME},
    {BYTES("{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{}}"), SLIP_ERROR},
    {BYTES(
         "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":1,\"message\":\"\",\"data\":{\"name\":\"x\"}}}"),
     SLIP_ERROR},
    {BYTES("{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":1,\"message\":\"\",\"data\":{\"name\":"
           "\"invalid\","
           "\"field\":1}}}"),
     SLIP_ERROR},
};

static void each_refused_line_is_one_slip(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        struct witness witness = {0};
        struct rpc_answer answer;
        struct hp_problem problem = {0};
        assert_int_equal(rpc_decode_answer(refused[i].line, refused[i].length_bytes, &answer, &problem),
                         HP_INVALID);
        enum slip slip =
            witness_see_refused(&witness, refused[i].line, refused[i].length_bytes, &problem, "describe");
        rpc_answer_release(&answer);
        if (slip != refused[i].slip) {
            fail_msg("%s: slip %d, not %d", refused[i].line, (int)slip, (int)refused[i].slip);
        }
        assert_int_equal(witness.seen[slip].count, 1);
        assert_non_null(strstr(witness.seen[slip].did,
                               slip == SLIP_NOISE ? "no answer: \"" : "answered describe wrongly: "));
    }
}

static void what_is_odd_about_bytes_is_seen_in_a_good_answer(void **state) {
    (void)state;
    static const struct {
        const char *line;
        size_t length_bytes;
        enum slip slip;
    } rows[] = {{BYTES("{}\r"), SLIP_CARRIAGE_RETURN},
                {BYTES("\r"), SLIP_CARRIAGE_RETURN},
                {BYTES("\xef\xbb\xbf{}"), SLIP_BYTE_ORDER_MARK},
                {BYTES("{}\0"), SLIP_NUL},
                {BYTES("\xc3("), SLIP_ENCODING},
                {BYTES("{\"\\r\": \"\xef\xbb\xbf\"}"), SLIP_COUNT},
                {BYTES(""), SLIP_COUNT}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct witness witness = {0};
        witness_see_bytes(&witness, rows[i].line, rows[i].length_bytes);
        for (enum slip slip = 0; slip < SLIP_COUNT; slip++) {
            assert_int_equal(witness.seen[slip].count, slip == rows[i].slip);
        }
        assert_int_equal(witness.lines, 1);
        assert_int_equal(witness.longest_bytes, rows[i].length_bytes);
    }
}

static void add_rows(struct checkup *checkup) {
    static const char *const ids[] = {"lines", "frame", "errors", "ids", "one-answer", "quiet"};
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        checkup_add(checkup, ids[i], "x");
    }
    assert_false(checkup->failed);
}

static void each_slip_fails_its_check_alone(void **state) {
    (void)state;
    for (enum slip slip = 0; slip < SLIP_COUNT; slip++) {
        struct checkup checkup = {0};
        struct witness witness = {.lines = 1};
        add_rows(&checkup);
        witness_put(&witness, slip, "did %d", 1);
        witness_put(&witness, slip, "did %d", 2);
        witness_judge(&witness, &checkup);
        const struct check_row *row = checkup_row(&checkup, slip_check(slip));
        assert_non_null(row);
        assert_int_equal(row->state, CHECK_FAILS);
        assert_string_equal(row->did, "It did 1.");
        assert_true(row->expected[0] && row->mend[0]);
        assert_int_equal(checkup_count(&checkup, CHECK_FAILS), 1);
        assert_int_equal(checkup_count(&checkup, CHECK_OK), 5);
        checkup_release(&checkup);
    }
}

static void without_a_line_nothing_is_ok(void **state) {
    (void)state;
    struct checkup checkup = {0};
    const struct witness witness = {0};
    add_rows(&checkup);
    witness_judge(&witness, &checkup);
    assert_int_equal(checkup_count(&checkup, CHECK_NOT_TRIED), 6);
    assert_string_equal(checkup_row(&checkup, "quiet")->note, "it wrote no line");
    checkup_release(&checkup);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_refused_line_is_one_slip),
        cmocka_unit_test(what_is_odd_about_bytes_is_seen_in_a_good_answer),
        cmocka_unit_test(each_slip_fails_its_check_alone),
        cmocka_unit_test(without_a_line_nothing_is_ok),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
