/* Each allocation fails in turn while a script is read, played and reviewed: an error, or what would have come of it anyway;
 * never a finding about the service. */
#include "harness/adapters/in_process.h"
#include "harness/lab/review.h"
#include "suites/self/support_fail_alloc.h"
#include "suites/self/support_script.h"
#include "suites/self/support_tryout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SCRIPT                                                                                               \
    "{'per_minute': 1, 'interrupts': [{'ttl_seconds': 60}, {'kind': 'confirmation', 'owner': 'bob'}, {}], "  \
    "'clients': "                                                                                            \
    "[{'acts': ["                                                                                            \
    "{'do': 'create', 'on': 3, 'kind': 'critic_review', 'ttl_seconds': null, 'note': 'n'},"                  \
    "{'do': 'get', 'on': 3}, {'do': 'respond', 'on': 3}, {'do': 'cancel', 'on': 2, 'reason': true},"         \
    "{'do': 'respond', 'on': 2, 'as': 'stranger'}, {'do': 'respond', 'on': 2},"                              \
    "{'do': 'resume', 'on': 0}, {'do': 'check'}, {'do': 'check'}, {'do': 'check', 'owner': 'bob'},"          \
    "{'do': 'list', 'status': 'all', 'limit': 1}, {'do': 'pending', 'owner': 'bob'},"                        \
    "{'do': 'clock', 'seconds': 61}, {'do': 'sweep'}, {'do': 'list'}]}]}"

static json_t *good, *bad;

static int make_values(void **state) {
    (void)state;
    fail_alloc_install();
    good = json_short(SCRIPT);
    bad = json_short("{'clients': [{'acts': [{'do': 'respond', 'o/n': 0}]}]}");
    return 0;
}

static int drop_values(void **state) {
    (void)state;
    json_decref(good);
    json_decref(bad);
    return 0;
}

static enum hp_status decode(void *context) {
    (void)context;
    struct script script;
    struct hp_problem problem = {0};
    enum hp_status status = script_decode(good, &script, &problem);
    assert_true(status == HP_OK || strcmp(problem.detail, "out of memory") == 0);
    assert_int_equal(script.client_count, status == HP_OK ? 1 : 0);
    script_release(&script);
    return status;
}

/* What is at fault is told, or that memory ran out. */
static enum hp_status refuse(void *context) {
    (void)context;
    struct script script;
    struct hp_problem problem = {0};
    enum hp_status status = script_decode(bad, &script, &problem);
    if (status == HP_INVALID) {
        assert_string_equal(problem.field, "/clients/0/acts/0/o~1n");
    }
    return status == HP_INVALID ? HP_OK : status;
}

static enum hp_status encode(void *context) {
    json_t *value = script_encode(context);
    json_decref(value);
    return value ? HP_OK : HP_INTERNAL;
}

static enum hp_status copy(void *context) {
    struct script script;
    enum hp_status status = script_copy(context, &script, NULL);
    assert_int_equal(script.seed_count, status == HP_OK ? 3 : 0);
    script_release(&script);
    return status;
}

static void scripts(void **state) {
    (void)state;
    struct script script;
    assert_true(fail_alloc_sweep(decode, NULL, false) > 5);
    assert_true(fail_alloc_sweep(refuse, NULL, false) > 1);
    script_short(&script, SCRIPT);
    assert_true(fail_alloc_sweep(encode, &script, false) > 50);
    assert_true(fail_alloc_sweep(copy, &script, false) > 5);
    script_release(&script);
}

/* Only what the target itself had no memory for may have been refused. */
static bool is_for_want_of_memory(const char *text) {
    return strstr(text, "out of memory") || strstr(text, "Cannot allocate memory");
}

static enum hp_status look(const struct performance *performance) {
    struct review review;
    enum hp_status status = review_make(performance, 0, &review, NULL);
    for (size_t i = 0; status == HP_OK && i < review.count; i++) {
        if (review.findings[i].class != FINDING_ANSWER ||
            !is_for_want_of_memory(review.findings[i].sentence)) {
            fail_msg("%s: %s", finding_class_name(review.findings[i].class), review.findings[i].sentence);
        }
    }
    review_release(&review);
    return status;
}

static enum hp_status play(void *context) {
    struct tryout *tryout = context;
    struct performance performance;
    struct hp_problem problem = {0};
    enum hp_status status = crew_play(&tryout->crew, &tryout->script, NULL, &performance, &problem);
    if (status == HP_OK) {
        status = look(&performance);
        assert_true(status == HP_OK || status == HP_INTERNAL);
    } else if (!is_for_want_of_memory(problem.detail)) {
        fail_msg("%s: %s", hp_status_name(status), problem.detail);
    }
    performance_release(&performance);
    return status == HP_OK ? HP_OK : HP_INTERNAL;
}

static void a_crew_of_one(void **state) {
    (void)state;
    struct tryout tryout;
    struct target *target = in_process_memory_new();
    assert_non_null(target);
    tryout_init(&tryout, SCRIPT, NULL, NULL);
    tryout.crew.target = target;
    tryout.crew.in_turn = false;
    assert_true(fail_alloc_sweep(play, &tryout, true) > 200);
    tryout_release(&tryout);
    target_free(target);
}

struct looked_at {
    const struct performance *performance;
    size_t count;
};

static enum hp_status review(void *context) {
    const struct looked_at *looked_at = context;
    struct review made;
    struct hp_problem problem = {0};
    enum hp_status status = review_make(looked_at->performance, 0, &made, &problem);
    assert_true(status == HP_OK || strcmp(problem.detail, "out of memory") == 0);
    assert_true(status != HP_OK || made.count == looked_at->count);
    review_release(&made);
    return status;
}

/* Without findings, and with some of most classes; what blames may cost words, and never a finding. */
static void reviews(void **state) {
    (void)state;
    static const struct tamper tampers[] = {
        {.method = "interrupt.create", .nth = 4, .changes = "[{'set': '/interrupt/id', 'to': '$id0'}]"},
        {.method = "interrupt.list", .changes = "[{'copy': '/interrupts/0', 'to': '/interrupts/-'}]"},
        {.method = "interrupt.cancel", .changes = "[{'set': '/interrupt/data', 'to': {}}]"},
        {.method = "interrupt.expire_pending", .refused = "internal"},
        {.method = "ratelimit.check", .changes = "[{'set': '/allowed', 'to': false}]"},
        {0}};
    for (int damaged = 0; damaged < 2; damaged++) {
        struct tryout tryout;
        struct review made;
        tryout_init(&tryout, SCRIPT, damaged ? tampers : NULL, NULL);
        assert_int_equal(tryout_play(&tryout, NULL), HP_OK);
        assert_int_equal(review_make(&tryout.performance, 0, &made, NULL), HP_OK);
        struct looked_at looked_at = {&tryout.performance, made.count};
        assert_int_equal(made.count > 4, damaged);
        review_release(&made);
        assert_true(fail_alloc_sweep(review, &looked_at, damaged) > 50);
        tryout_release(&tryout);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scripts),
        cmocka_unit_test(a_crew_of_one),
        cmocka_unit_test(reviews),
    };
    return cmocka_run_group_tests(tests, make_values, drop_values);
}
