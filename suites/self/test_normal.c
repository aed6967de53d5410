/* What depends on the run and on earlier calls; which answers are the same is in test_parity.c. */
#include "harness/base/value.h"
#include "harness/case/normal.h"
#include "harness/case/normal_value.h"
#include "harness/case/tree_difference.h"
#include "reference/base/instant.h"
#include "reference/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ID1 "aaaaaaa1-0000-4000-8000-000000000000"
#define ID2 "aaaaaaa2-0000-4000-8000-000000000000"
#define ID3 "aaaaaaa3-0000-4000-8000-000000000000"
#define START "2025-12-11T09:30:00.000000Z"

enum { RUN_BYTES = 9 };

/* A case under way. */
struct bench {
    struct scope scope;
    struct normal normal;
};

static void bench_init(struct bench *bench, int64_t moved_us, bool loose) {
    *bench = (struct bench){0};
    memcpy(bench->scope.run, "run4case", RUN_BYTES);
    assert_true(hp_instant_parse(START, strlen(START), &bench->scope.start_us));
    bench->scope.start_us += moved_us;
    assert_true(normal_init(&bench->normal, &bench->scope, loose));
}

static void bench_release(struct bench *bench) {
    normal_release(&bench->normal);
    assert_null(bench->normal.cursors);
    scope_release(&bench->scope);
}

/* Makes a call and checks what is left of it. */
static void check(struct bench *bench, const char *method, const char *params, const char *result,
                  const char *wanted) {
    struct answer answer = {.kind = ANSWER_RESULT, .result = json_loads(result, JSON_DECODE_ANY, NULL)};
    assert_non_null(answer.result);
    json_t *sent = normal_params(&bench->normal, params, strlen(params));
    json_t *came = normal_answer(&bench->normal, method, sent, &answer);
    json_t *both = json_pack("[OO]", sent, json_object_get(came, "result"));
    char *text = value_dump(both, JSON_COMPACT | JSON_SORT_KEYS);
    assert_string_equal(text, wanted);
    free(text);
    json_decref(both);
    json_decref(came);
    json_decref(sent);
    answer_release(&answer);
}

static void create(struct bench *bench, const char *id, const char *created) {
    struct text result = {0};
    struct answer answer = {.kind = ANSWER_RESULT};
    text_addf(&result, "{\"interrupt\":{\"id\":\"%s\",\"created_at\":\"%s\"}}", id, created);
    answer.result = json_loads(result.bytes, 0, NULL);
    json_t *sent = normal_params(&bench->normal, "{}", 2);
    json_t *came = normal_answer(&bench->normal, "interrupt.create", sent, &answer);
    assert_non_null(came);
    json_decref(sent);
    json_decref(came);
    answer_release(&answer);
    text_release(&result);
}

static void names_of_the_run_are_the_same_in_all_runs(void **state) {
    (void)state;
    struct bench bench;
    bench_init(&bench, 0, false);
    check(&bench, "any", "{\"user_id\":\"ann-run4case\",\"of-run4case\":[\"run4caserun4case\",\"run4cas\"]}",
          "\"run4case " ID1 " run4case\"",
          "[{\"of-{run}\":[\"{run}{run}\",\"run4cas\"],\"user_id\":\"ann-{run}\"},\"{run} {uuid 1} {run}\"]");
    check(&bench, "any", "no JSON", "\"" ID2 ID1 "\"", "[null,\"{uuid 2}{uuid 1}\"]");
    check(&bench, "any", "\"ann-run4case-x\"", "\"" ID1 " is meant\"",
          "[\"ann-{run}-x\",\"{uuid 1} is meant\"]");
    bench_release(&bench);
}

/* Of no run nothing is replaced. */
static void a_case_without_a_suffix(void **state) {
    (void)state;
    struct bench bench;
    bench_init(&bench, 0, false);
    bench.scope.run[0] = '\0';
    check(&bench, "any", "\"ann\"", "null", "[\"ann\",null]");
    bench_release(&bench);
}

static void only_uuids_are_numbered(void **state) {
    (void)state;
    static const char *const texts[] = {"gaaaaaa1-0000-4000-8000-000000000000",
                                        ":aaaaaa1-0000-4000-8000-000000000000",
                                        "Aaaaaaa1-0000-4000-8000-000000000000",
                                        "/aaaaaa1-0000-4000-8000-000000000000",
                                        "`aaaaaa1-0000-4000-8000-000000000000",
                                        "aaaaaaa1-0000-4000-8000x000000000000",
                                        ("\xC3\xA9"
                                         "aaaaa1-0000-4000-8000-000000000000")};
    struct bench bench;
    bench_init(&bench, 0, false);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        json_t *words = normal_words(&bench.normal, texts[i], strlen(texts[i]));
        assert_string_equal(json_string_value(words), texts[i]);
        json_decref(words);
    }
    json_t *words = normal_words(&bench.normal, "09af09af-09af-09af-09af-09af09af09af", 36);
    assert_string_equal(json_string_value(words), "{uuid 1}");
    json_decref(words);
    bench_release(&bench);
}

/* Later and earlier than the start; and how times without a clock lie to each other. */
static void what_is_left_of_an_instant(void **state) {
    (void)state;
    struct bench bench;
    bench_init(&bench, 0, false);
    check(&bench, "interrupt.get", "{}",
          "{\"interrupt\":{\"created_at\":\"2025-12-11T09:29:58.5Z\",\"expires_at\":\"2025-12-11T09:30:01."
          "25Z\"}}",
          "[{},{\"interrupt\":{\"created_at\":\"{start-1.500000}\",\"expires_at\":\"{start+1.250000}\"}}]");
    bench_release(&bench);
    bench_init(&bench, 0, true);
    check(&bench, "interrupt.get", "{}",
          "{\"interrupt\":{\"created_at\":\"" START
          "\",\"resolved_at\":\"2025-12-11T09:30:01Z\",\"response\":{"
          "\"received_at\":\"2025-12-11T09:30:01Z\"}}}",
          "[{},{\"interrupt\":{\"created_at\":\"{instant}\",\"resolved_at\":\"{not before created_at}\","
          "\"response\":{\"received_at\":\"{at resolved_at}\"}}}]");
    bench_release(&bench);
}

/* An instant that callers wrote: as it stands, and as it would stand were the start another. */
static void what_is_left_of_an_instant_in_text(void **state) {
    (void)state;
    static const char *const rows[][3] = {
        {"2025-12-11T09:30:01Z", "start+1.000000", "0000-00-00T00:00:00Z"},
        {"2025-12-11t09:30:01.9z", "start+1.900000", "0000-00-00t00:00:00.0z"},
        {"2025-12-11T09:29:59.901987+00:00", "start-0.098013", "0000-00-00T00:00:00.000000+00:00"},
        {"2025-12-11T09:30:09.1234509-00:00", "start+9.123450", "0000-00-00T00:00:00.0000009-00:00"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct bench bench;
        struct text said = {0}, wanted = {0};
        bench_init(&bench, 0, false);
        text_addf(&said, "\"%s\"", rows[i][0]);
        text_addf(&wanted, "[{\"{as text}\":\"%s\",\"{from start}\":\"{%s} %s\"},null]", rows[i][0],
                  rows[i][1], rows[i][2]);
        check(&bench, "any", said.bytes, "null", wanted.bytes);
        text_release(&said);
        text_release(&wanted);
        bench_release(&bench);
    }
}

/* The order in which a target writes its members gives no numbers. */
static void members_are_numbered_by_their_names(void **state) {
    (void)state;
    struct bench bench;
    bench_init(&bench, 0, false);
    check(&bench, "any", "{\"b\":\"" ID1 "\",\"a\":\"" ID2 "\"}", "null",
          "[{\"a\":\"{uuid 1}\",\"b\":\"{uuid 2}\"},null]");
    bench_release(&bench);
}

/* Elements without a number stay in their order, before those that have one. */
static void what_has_no_number_stays_in_order(void **state) {
    (void)state;
    struct bench bench;
    json_t *id = json_string(ID1);
    bench_init(&bench, 0, false);
    assert_true(scope_add_own(&bench.scope, id));
    json_decref(id);
    check(&bench, "interrupt.expire_pending", "{}", "{\"ids\":[\"" ID1 "\",7]}",
          "[{},{\"ids\":[7,\"{uuid 1}\"]}]");
    check(&bench, "interrupt.expire_pending", "{}", "{\"ids\":[7,9,8]}", "[{},{\"ids\":[7,9,8]}]");
    bench_release(&bench);
}

/* One alone ties with none, whatever its instant is. */
static void a_page_of_one_that_is_alone(void **state) {
    (void)state;
    struct bench bench;
    bench_init(&bench, 0, true);
    check(&bench, "interrupt.list", "{}",
          "{\"interrupts\":[{\"id\":\"" ID1 "\",\"created_at\":\"" START "\"}],\"next_cursor\":\"c\"}",
          "[{},{\"interrupts\":[{\"created_at\":\"{instant}\",\"id\":\"{uuid "
          "1}\"}],\"next_cursor\":\"{cursor}\"}]");
    bench_release(&bench);
}

/* What is long stays different from what is as long. */
static void long_text_is_shortened(void **state) {
    (void)state;
    char one[1200], other[1200];
    struct bench bench;
    bench_init(&bench, 0, false);
    memset(one, 'a', sizeof one);
    one[0] = one[sizeof one - 2] = '"';
    one[sizeof one - 1] = '\0';
    memcpy(other, one, sizeof one);
    other[1000] = 'b';
    json_t *kept = normal_params(&bench.normal, one, strlen(one));
    json_t *again = normal_params(&bench.normal, one, strlen(one));
    json_t *differs = normal_params(&bench.normal, other, strlen(other));
    assert_true(json_string_length(kept) < 200);
    assert_non_null(strstr(json_string_value(kept), "a... (1197 bytes, hash "));
    assert_true(json_equal(kept, again));
    assert_false(json_equal(kept, differs));
    for (size_t i = 0; i + 1 < sizeof other - 3; i += 2) {
        memcpy(other + 2 + i, "\xC3\xA9", 2); /* after one letter: cut at 100 bytes, one would be halved */
    }
    json_t *cut = normal_words(&bench.normal, other + 1, 1101);
    assert_true(text_is_utf8(json_string_value(cut), json_string_length(cut)));
    assert_non_null(strstr(json_string_value(cut), "\xC3\xA9... (1101 bytes, hash "));
    json_decref(cut);
    json_decref(kept);
    json_decref(again);
    json_decref(differs);
    bench_release(&bench);
}

static void cursors_are_known_again(void **state) {
    (void)state;
    struct bench bench;
    bench_init(&bench, 0, false);
    check(&bench, "interrupt.list", "{\"limit\":1}", "{\"next_cursor\":\"c-1\"}",
          "[{\"limit\":1},{\"next_cursor\":\"{cursor}\"}]");
    check(&bench, "interrupt.list", "{\"cursor\":\"c-1\"}", "{}", "[{\"cursor\":\"{cursor}\"},{}]");
    check(&bench, "interrupt.list", "{\"cursor\":\"c-1x\"}", "{}", "[{\"cursor\":\"{cursor}x\"},{}]");
    check(&bench, "interrupt.list", "{\"cursor\":\"c-2\"}", "{}", "[{\"cursor\":\"c-2\"},{}]");
    check(&bench, "interrupt.list", "{\"cursor\":\"" ID1 "\"}", "{}", "[{\"cursor\":\"{uuid}\"},{}]");
    check(&bench, "interrupt.list", "{\"cursor\":7}", "{}", "[{\"cursor\":7},{}]");
    check(&bench, "any", "null", "\"" ID2 "\"", "[null,\"{uuid 1}\"]"); /* a cursor has no number */
    check(&bench, "http.request", "{\"query\":{\"cursor\":\"c-9\",\"limit\":1}}", "{}",
          "[{\"query\":{\"cursor\":\"{cursor}\",\"limit\":1}},{}]");
    check(&bench, "http.request", "{\"query\":\"cursor=c-9\"}", "{}", "[{\"query\":\"cursor=c-9\"},{}]");
    bench_release(&bench);
}

/* Dates and the spelling of a body are each server's own. */
static void an_answer_over_http_is_its_status(void **state) {
    (void)state;
    struct bench bench;
    bench_init(&bench, 0, false);
    check(&bench, "http.request", "{\"path\":\"/x/" ID1 "\"}",
          "{\"status\":404,\"headers\":{\"date\":\"x\"},\"bytes\":3,\"text\":\"abc\"}",
          "[{\"path\":\"/x/{uuid 1}\"},{\"status\":404}]");
    bench_release(&bench);
}

/* Where a row of the same instant lands that arrives between two pages is chance; one of another instant has its
 * place. */
static void what_arrives_between_pages(void **state) {
    (void)state;
    static const struct {
        const char *created;
        bool loose;
        const char *second;
    } rows[] = {
        {START, false, "[{\"cursor\":\"{cursor}\"},{\"total\":2}]"},
        {"2025-12-11T09:30:01Z", false,
         "[{\"cursor\":\"{cursor}\"},{\"interrupts\":[{\"created_at\":\"{start+0.000000}\",\"id\":\"{uuid "
         "1}\"}],\"next_cursor\":\"{cursor}\",\"total\":2}]"},
        {"2025-12-11T09:30:01Z", true, "[{\"cursor\":\"{cursor}\"},{\"total\":2}]"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct bench bench;
        bench_init(&bench, 0, rows[i].loose);
        create(&bench, ID1, START);
        check(&bench, "interrupt.list", "{}", "{\"interrupts\":[],\"total\":1,\"next_cursor\":\"c\"}",
              "[{},{\"interrupts\":[],\"next_cursor\":\"{cursor}\",\"total\":1}]");
        create(&bench, ID2, rows[i].created);
        check(&bench, "interrupt.list", "{\"cursor\":\"c\"}",
              "{\"interrupts\":[{\"id\":\"" ID1 "\",\"created_at\":\"" START
              "\"}],\"total\":2,\"next_cursor\":\"d\"}",
              rows[i].second);
        /* A chain of pages stays what it has become. */
        check(&bench, "interrupt.list", "{\"cursor\":\"d\"}", "{\"interrupts\":[],\"total\":2}",
              rows[i].loose || i == 0 ? "[{\"cursor\":\"{cursor}\"},{\"total\":2}]"
                                      : "[{\"cursor\":\"{cursor}\"},{\"interrupts\":[],\"total\":2}]");
        bench_release(&bench);
    }
}

/* Rows of one instant that were there before the first page are no chance: the later pages stay, and so does a list
 * that is asked for anew. */
static void what_was_there_before_the_first_page(void **state) {
    (void)state;
    struct bench bench;
    bench_init(&bench, 0, false);
    create(&bench, ID1, START);
    create(&bench, ID2, START);
    check(&bench, "interrupt.list", "{}", "{\"interrupts\":[],\"total\":2,\"next_cursor\":\"c\"}",
          "[{},{\"interrupts\":[],\"next_cursor\":\"{cursor}\",\"total\":2}]");
    check(&bench, "interrupt.list", "{\"cursor\":\"c\"}", "{\"interrupts\":[],\"total\":2}",
          "[{\"cursor\":\"{cursor}\"},{\"interrupts\":[],\"total\":2}]");
    create(&bench, ID3, START);
    check(&bench, "interrupt.list", "{\"cursor\":\"c\"}", "{\"interrupts\":[],\"total\":3}",
          "[{\"cursor\":\"{cursor}\"},{\"total\":3}]");
    check(&bench, "interrupt.list", "{}", "{\"interrupts\":[],\"total\":3,\"next_cursor\":\"e\"}",
          "[{},{\"interrupts\":[],\"next_cursor\":\"{cursor}\",\"total\":3}]");
    check(&bench, "interrupt.list", "{\"cursor\":\"e\"}", "{\"interrupts\":[],\"total\":3}",
          "[{\"cursor\":\"{cursor}\"},{\"interrupts\":[],\"total\":3}]");
    bench_release(&bench);
}

/* Where targets begin at other instants, a text is the same as it stands or as it lies to the start. */
static void instants_in_text_move_with_the_start(void **state) {
    (void)state;
    static const struct {
        const char *one, *moved; /* by so many microseconds */
        bool same;
        int64_t moved_us;
    } rows[] = {{"\"2025-12-11T09:30:00.1Z\"", "\"2025-12-11T09:30:00.6Z\"", true, 500000},
                {"\"2025-12-11T09:30:00.100001Z\"", "\"2025-12-11T09:30:00.600001Z\"", true, 500000},
                {"\"2025-12-11T09:30:00.10Z\"", "\"2025-12-11T09:30:00.6Z\"", false, 500000},
                {"\"2025-12-11T09:30:00Z\"", "\"2025-12-11T09:30:00Z\"", true, HP_SECOND_US},
                {"\"2025-12-11T09:30:00Z\"", "\"2025-12-11T09:30:01Z\"", true, HP_SECOND_US},
                {"\"2025-12-11T09:30:00Z\"", "\"2025-12-11T09:30:02Z\"", false, HP_SECOND_US},
                {"\"2025-12-11T09:30:00Z\"", "\"2025-12-11T09:30:01.0Z\"", false, HP_SECOND_US},
                {"\"2025-12-11T09:30:00.1234567Z\"", "\"2025-12-11T09:30:01.1234567Z\"", true, HP_SECOND_US},
                {"\"2025-12-11T09:30:00.1234567Z\"", "\"2025-12-11T09:30:01.1234568Z\"", false, HP_SECOND_US},
                {"\"2025-12-11T09:30:00Z\"", "\"2025-12-11T10:30:01+01:00\"", false, HP_SECOND_US},
                {"\"2025-12-11T09:29:59.5Z\"", "\"2025-12-11T09:30:00.5Z\"", true, HP_SECOND_US}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct bench first, other;
        struct tree_difference found = {0};
        bench_init(&first, 0, false);
        bench_init(&other, rows[i].moved_us, false);
        json_t *one = normal_params(&first.normal, rows[i].one, strlen(rows[i].one));
        json_t *moved = normal_params(&other.normal, rows[i].moved, strlen(rows[i].moved));
        if (tree_differ(one, moved, &found) == rows[i].same) {
            fail_msg("%s and %s", rows[i].one, rows[i].moved);
        }
        text_release(&found.path);
        json_decref(one);
        json_decref(moved);
        bench_release(&first);
        bench_release(&other);
    }
}

static void a_broken_answer_says_nothing(void **state) {
    (void)state;
    struct bench bench;
    const struct answer broken = {.kind = ANSWER_BROKEN, .detail = "gone"};
    bench_init(&bench, 0, false);
    json_t *came = normal_answer(&bench.normal, "interrupt.get", NULL, &broken);
    assert_int_equal(json_object_size(came), 0);
    json_decref(came);
    bench_release(&bench);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(names_of_the_run_are_the_same_in_all_runs),
                                       cmocka_unit_test(a_case_without_a_suffix),
                                       cmocka_unit_test(only_uuids_are_numbered),
                                       cmocka_unit_test(what_is_left_of_an_instant),
                                       cmocka_unit_test(what_is_left_of_an_instant_in_text),
                                       cmocka_unit_test(members_are_numbered_by_their_names),
                                       cmocka_unit_test(what_has_no_number_stays_in_order),
                                       cmocka_unit_test(a_page_of_one_that_is_alone),
                                       cmocka_unit_test(long_text_is_shortened),
                                       cmocka_unit_test(cursors_are_known_again),
                                       cmocka_unit_test(an_answer_over_http_is_its_status),
                                       cmocka_unit_test(what_arrives_between_pages),
                                       cmocka_unit_test(what_was_there_before_the_first_page),
                                       cmocka_unit_test(instants_in_text_move_with_the_start),
                                       cmocka_unit_test(a_broken_answer_says_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
