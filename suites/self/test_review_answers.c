/* Refusals that nobody should have had, and answers without what they must have. */
#include "harness/lab/review_parts.h"
#include "suites/self/support_tryout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define ONE(act) "{'interrupts': [{}], 'clients': [{'acts': [{" act "}]}]}"

/* How often an answer is at fault, with one call of the method answered otherwise. */
static size_t answers_at_fault(const char *script, const struct tamper *tampers, char *sentence,
                               size_t size) {
    struct tryout tryout;
    struct review review;
    tryout_init(&tryout, script, tampers, NULL);
    assert_int_equal(tryout_play(&tryout, NULL), HP_OK);
    assert_int_equal(review_make(&tryout.performance, 1u << FINDING_ANSWER, &review, NULL), HP_OK);
    size_t count = review.count;
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(review.findings[i].class, FINDING_ANSWER);
    }
    snprintf(sentence, size, "%s", count > 0 ? review.findings[0].sentence : "");
    review_release(&review);
    tryout_release(&tryout);
    return count;
}

static void who_may_be_refused_as_what(void **state) {
    (void)state;
    static const char *const errors[] = {"invalid",     "not_found",   "forbidden", "conflict",
                                         "unavailable", "unsupported", "internal",  "teapot"};
    static const struct {
        const char *act, *method;
        const char *may; /* names between blanks */
    } rows[] = {
        {"'do': 'create', 'on': 1", "interrupt.create", ""},
        {"'do': 'respond'", "interrupt.respond", " conflict not_found forbidden "},
        {"'do': 'respond', 'as': 'stranger'", "interrupt.respond", " conflict not_found forbidden "},
        {"'do': 'cancel'", "interrupt.cancel", " conflict not_found forbidden "},
        {"'do': 'get'", "interrupt.get", " not_found "},
        {"'do': 'get', 'as': 'trusted'", "interrupt.get", " not_found "},
        {"'do': 'get', 'as': 'stranger'", "interrupt.get", " forbidden not_found "},
        {"'do': 'list'", "interrupt.list", ""},
        {"'do': 'resume'", "flow.resume", " conflict not_found forbidden "},
        {"'do': 'resume', 'as': 'stranger'", "flow.resume", " conflict not_found forbidden "},
        {"'do': 'check'", "ratelimit.check", ""},
        {"'do': 'pending'", "interrupt.pending_for_request", ""},
        {"'do': 'sweep'", "interrupt.expire_pending", ""},
        {"'do': 'clock', 'seconds': 1", "clock.set", " invalid "},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (size_t j = 0; j < sizeof errors / sizeof errors[0]; j++) {
            char script[128], name[32], sentence[FINDING_SENTENCE_SIZE];
            bool seeded = strcmp(rows[i].method, "interrupt.create") == 0;
            bool clock = strcmp(rows[i].method, "clock.set") == 0;
            const struct tamper tampers[] = {{.method = rows[i].method,
                                              .nth = seeded || clock ? 2 : 1, /* behind the set-up's own */
                                              .refused = errors[j],
                                              .status = "resolved",
                                              .undone = true},
                                             {0}};
            snprintf(script, sizeof script, ONE("%s"), rows[i].act);
            snprintf(name, sizeof name, " %s ", errors[j]);
            size_t count = answers_at_fault(script, tampers, sentence, sizeof sentence);
            if (count != (strstr(rows[i].may, name) ? 0 : 1)) {
                fail_msg("%s refused as %s: %zu findings: %s", rows[i].act, errors[j], count, sentence);
            }
            if (count > 0) {
                char wanted[64];
                snprintf(wanted, sizeof wanted, "was refused: %s (because)", errors[j]);
                assert_non_null(strstr(sentence, wanted));
            }
        }
    }
}

static void a_conflict_tells_what_the_interrupt_is(void **state) {
    (void)state;
    static const struct {
        const char *status;
        bool right;
    } rows[] = {{"resolved", true}, {"cancelled", true}, {"expired", true}, {"pending", false},
                {"", false},        {"open", false},     {" ", false},      {"resolved expired", false}};
    static const char *const methods[][2] = {{"'do': 'respond'", "interrupt.respond"},
                                             {"'do': 'cancel'", "interrupt.cancel"}};
    for (size_t i = 0; i < 2 * sizeof rows / sizeof rows[0]; i++) {
        char script[128], sentence[FINDING_SENTENCE_SIZE];
        const char *const *method = methods[i % 2];
        const struct tamper tampers[] = {
            {.method = method[1], .refused = "conflict", .status = rows[i / 2].status}, {0}};
        snprintf(script, sizeof script, ONE("%s"), method[0]);
        size_t count = answers_at_fault(script, tampers, sentence, sizeof sentence);
        if (count != (rows[i / 2].right ? 0 : 1)) {
            fail_msg("conflict:%s: %zu findings: %s", rows[i / 2].status, count, sentence);
        }
        if (count > 0) {
            assert_non_null(strstr(sentence, "was refused as a conflict, without what the interrupt is now"));
        }
    }
}

#define SET(pointer, value) "[{'set': '" pointer "', 'to': " value "}]"
#define DROP(pointer) "[{'drop': '" pointer "'}]"
#define LONG_ID "'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeeee'"

static const struct {
    const char *act, *method, *changes;
    const char *said; /* NULL: nothing is missing */
} lacking[] = {
    {"'do': 'get'", "interrupt.get", "[]", NULL},
    {"'do': 'get'", "interrupt.get", DROP("/interrupt"), "get #0 was answered without an interrupt"},
    {"'do': 'get'", "interrupt.get", SET("/interrupt", "null"), "without an interrupt"},
    {"'do': 'get'", "interrupt.get", SET("/interrupt", "[]"), "without an interrupt"},
    {"'do': 'get'", "interrupt.get", SET("/interrupt/status", "7"), "with an id and a status"},
    {"'do': 'get'", "interrupt.get", SET("/interrupt/status", "'open'"), "with an id and a status"},
    {"'do': 'get'", "interrupt.get", SET("/interrupt/status", "'pending resolved'"),
     "with an id and a status"},
    {"'do': 'get'", "interrupt.get", DROP("/interrupt/status"), "with an id and a status"},
    {"'do': 'get'", "interrupt.get", DROP("/interrupt/id"), "with an id and a status"},
    {"'do': 'get'", "interrupt.get", SET("/interrupt/id", "''"), "with an id and a status"},
    {"'do': 'get'", "interrupt.get", SET("/interrupt/id", LONG_ID), "with an id and a status"},
    {"'do': 'get'", "interrupt.get", DROP("/interrupt/question"), NULL}, /* that is for others to find */
    {"'do': 'create', 'on': 1", "interrupt.create", DROP("/interrupt"),
     "create #1 clarification was answered without an interrupt"},
    {"'do': 'create', 'on': 1", "interrupt.create", SET("/interrupt/id", LONG_ID),
     "without an interrupt with an id"},
    {"'do': 'create', 'on': 1", "interrupt.create", SET("/interrupt/id", "5"),
     "without an interrupt with an id"},
    {"'do': 'cancel'", "interrupt.cancel", "[]", NULL},
    {"'do': 'cancel'", "interrupt.cancel", DROP("/interrupt"), "cancel #0 was answered without an interrupt"},
    {"'do': 'respond'", "interrupt.respond", "[]", NULL},
    {"'do': 'respond'", "interrupt.respond", DROP("/interrupt/status"), "respond #0 was answered without"},
    {"'do': 'respond'", "interrupt.respond", DROP("/request_can_resume"), "without request_can_resume"},
    {"'do': 'respond'", "interrupt.respond", SET("/request_can_resume", "false"),
     "without request_can_resume"},
    {"'do': 'respond'", "interrupt.respond", SET("/request_can_resume", "1"), "without request_can_resume"},
    {"'do': 'list'", "interrupt.list", DROP("/interrupts/0"), NULL}, /* that is for others to find */
    {"'do': 'list'", "interrupt.list", DROP("/total"), NULL},
    {"'do': 'list'", "interrupt.list", DROP("/interrupts"),
     "list pending was answered without a list of interrupts"},
    {"'do': 'list'", "interrupt.list", SET("/interrupts", "{}"), "without a list of interrupts"},
    {"'do': 'list'", "interrupt.list", SET("/interrupts/0", "5"), "each with an id and a status"},
    {"'do': 'list'", "interrupt.list", DROP("/interrupts/0/id"), "each with an id and a status"},
    {"'do': 'list'", "interrupt.list", SET("/interrupts/0/status", "'gone'"), "each with an id and a status"},
    {"'do': 'pending'", "interrupt.pending_for_request", SET("/interrupt", "null"), NULL},
    {"'do': 'pending'", "interrupt.pending_for_request", DROP("/interrupt"), NULL},
    {"'do': 'pending'", "interrupt.pending_for_request", SET("/interrupt", "'x'"),
     "pending was answered without"},
    {"'do': 'pending'", "interrupt.pending_for_request", DROP("/interrupt/id"), "or null"},
    {"'do': 'sweep'", "interrupt.expire_pending", "[]", NULL},
    {"'do': 'sweep'", "interrupt.expire_pending", DROP("/ids"), "sweep was answered without a list of ids"},
    {"'do': 'sweep'", "interrupt.expire_pending", SET("/ids", "null"), "without a list of ids"},
    {"'do': 'sweep'", "interrupt.expire_pending", SET("/ids", "['']"), "without a list of ids"},
    {"'do': 'sweep'", "interrupt.expire_pending", SET("/ids", "[null]"), "without a list of ids"},
    {"'do': 'clock', 'seconds': 1", "clock.set", DROP("/now"), NULL},
};

static void what_an_answer_must_have(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof lacking / sizeof lacking[0]; i++) {
        char script[128], sentence[FINDING_SENTENCE_SIZE];
        bool seeded = strcmp(lacking[i].method, "interrupt.create") == 0;
        const struct tamper tampers[] = {
            {.method = lacking[i].method, .nth = seeded ? 2 : 1, .changes = lacking[i].changes}, {0}};
        snprintf(script, sizeof script, ONE("%s"), lacking[i].act);
        size_t count = answers_at_fault(script, tampers, sentence, sizeof sentence);
        if (count != (lacking[i].said ? 1 : 0) || (count > 0 && !strstr(sentence, lacking[i].said))) {
            fail_msg("%s with %s: %zu findings: %s", lacking[i].act, lacking[i].changes, count, sentence);
        }
    }
}

/* A page further on, which the list is made whole of. */
static void every_page_must_have_rows(void **state) {
    (void)state;
    char sentence[FINDING_SENTENCE_SIZE];
    static const char script[] =
        "{'interrupts': [{}, {}], 'clients': [{'acts': [{'do': 'list', 'limit': 1}]}]}";
    static const struct tamper tampers[] = {
        {.method = "interrupt.list", .nth = 2, .changes = DROP("/interrupts")}, {0}};
    assert_int_equal(answers_at_fault(script, NULL, sentence, sizeof sentence), 0);
    assert_int_equal(answers_at_fault(script, tampers, sentence, sizeof sentence), 1);
}

static void a_stranger_is_not_answered(void **state) {
    (void)state;
    static const struct tamper tampers[] = {{.method = "interrupt.get", .nth = 2, .again = true}, {0}};
    char sentence[FINDING_SENTENCE_SIZE];
    static const char script[] =
        "{'interrupts': [{}], 'clients': [{'acts': [{'do': 'get'}, {'do': 'get', 'as': 'stranger'}]}]}";
    assert_int_equal(answers_at_fault(script, NULL, sentence, sizeof sentence), 0);
    assert_int_equal(answers_at_fault(script, tampers, sentence, sizeof sentence), 1);
    assert_string_equal(sentence, "get #0 as a stranger was answered, and should have been forbidden");
}

/* What was not tried or has no answer owes nothing. */
static void no_answer_is_no_finding(void **state) {
    (void)state;
    char sentence[FINDING_SENTENCE_SIZE];
    static const struct tamper tampers[] = {{.method = "interrupt.cancel", .lost = true}, {0}};
    static const char script[] =
        "{'interrupts': [{}], 'clients': [{'acts': [{'do': 'cancel'}, {'do': 'get'}]}]}";
    assert_int_equal(answers_at_fault(script, tampers, sentence, sizeof sentence), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_may_be_refused_as_what),
        cmocka_unit_test(a_conflict_tells_what_the_interrupt_is),
        cmocka_unit_test(what_an_answer_must_have),
        cmocka_unit_test(every_page_must_have_rows),
        cmocka_unit_test(a_stranger_is_not_answered),
        cmocka_unit_test(no_answer_is_no_finding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
