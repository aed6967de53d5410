/* The review as a whole: the order of the answers by the checker, ids, and how findings are given. */
#include "harness/lab/review.h"
#include "harness/lab/review_parts.h"
#include "suites/self/support_tryout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define PLAY(seed, acts) "{'interrupts': [{" seed "}], 'clients': [" acts "]}"
#define ALONE(acts) "{'acts': [" acts "]}"
#define MINUTE "'ttl_seconds': 60"
#define RESPOND "{'do': 'respond'}"
#define CANCEL "{'do': 'cancel'}"
#define GET "{'do': 'get'}"
#define LIST "{'do': 'list'}"
#define SWEEP "{'do': 'sweep'}"
#define LATER "{'do': 'clock', 'seconds': 61}"
#define ALSO(class) (1u << (class))

static const struct review_row orders[] = {
    /* One wins, and every loser is told by whom. */
    {PLAY("", ALONE(RESPOND) "," ALONE(RESPOND) "," ALONE(CANCEL)), {{0}}, FINDING_NONE, 0, NULL, 0},
    {PLAY("", ALONE(CANCEL) "," ALONE(RESPOND)), {{0}}, FINDING_NONE, 0, NULL, 0},
    {PLAY(MINUTE, ALONE(LATER "," SWEEP) "," ALONE(RESPOND "," CANCEL "," SWEEP)),
     {{0}},
     FINDING_NONE,
     0,
     NULL,
     0},
    /* Two winners. */
    {PLAY("", ALONE(RESPOND) "," ALONE(RESPOND)),
     {{.method = "interrupt.respond", .nth = 2, .again = true}},
     FINDING_ORDER,
     0,
     "both",
     0},
    {PLAY("", ALONE(CANCEL) "," ALONE(CANCEL)),
     {{.method = "interrupt.cancel", .nth = 2, .again = true}},
     FINDING_ORDER,
     0,
     "both",
     0},
    {PLAY(MINUTE, ALONE(LATER "," SWEEP "," SWEEP)),
     {{.method = "interrupt.expire_pending", .nth = 2, .again = true}},
     FINDING_ORDER,
     0,
     "both",
     0},
    /* A stale read: as it was before. */
    {PLAY("", ALONE(GET "," RESPOND "," GET)), {{0}}, FINDING_NONE, 0, NULL, 0},
    {PLAY("", ALONE(GET "," RESPOND "," GET)),
     {{.method = "interrupt.get", .nth = 2, .again = true}},
     FINDING_ORDER,
     0,
     "pending",
     0},
    {PLAY("", ALONE(LIST "," CANCEL "," LIST)),
     {{.method = "interrupt.list", .nth = 2, .again = true}},
     FINDING_ORDER,
     0,
     "pending",
     0},
    {PLAY("", ALONE(GET) "," ALONE(GET)),
     {{.method = "interrupt.get", .nth = 2, .refused = "not_found"}},
     FINDING_ORDER,
     0,
     "",
     0},
    /* A list without a row that must be in it. */
    {PLAY("", ALONE(LIST)),
     {{.method = "interrupt.list", .changes = "[{'drop': '/interrupts/0'}]"}},
     FINDING_ORDER,
     0,
     "",
     0},
    {PLAY("", ALONE("{'do': 'pending'}")),
     {{.method = "interrupt.pending_for_request", .changes = "[{'set': '/interrupt', 'to': null}]"}},
     FINDING_ORDER,
     0,
     "",
     0},
    /* A conflict by somebody else than the one who ended it, or by nobody. */
    {PLAY("", ALONE(RESPOND) "," ALONE(CANCEL)),
     {{.method = "interrupt.cancel", .refused = "conflict", .status = "expired"}},
     FINDING_ORDER,
     0,
     "",
     0},
    {PLAY("", ALONE(RESPOND)),
     {{.method = "interrupt.respond", .refused = "conflict", .status = "resolved", .undone = true}},
     FINDING_ORDER,
     0,
     "",
     0},
    /* The owner is forbidden; a stranger is not. */
    {PLAY("", ALONE(RESPOND)),
     {{.method = "interrupt.respond", .refused = "forbidden", .undone = true}},
     FINDING_ORDER,
     0,
     "",
     0},
    {PLAY("", ALONE(RESPOND) "," ALONE("{'do': 'cancel', 'as': 'stranger'}")),
     {{0}},
     FINDING_NONE,
     0,
     NULL,
     0},
    {PLAY("", ALONE("{'do': 'cancel', 'as': 'stranger'}")),
     {{.method = "interrupt.cancel", .undone = true}},
     FINDING_ORDER,
     0,
     "",
     ALSO(FINDING_ANSWER)},
    /* Time: the clock is said to have been set, and stands; a sweep that overlooks what is due. */
    {PLAY(MINUTE, ALONE("{'do': 'clock', 'seconds': 60}," RESPOND)), {{0}}, FINDING_NONE, 0, NULL, 0},
    {PLAY(MINUTE, ALONE(LATER "," RESPOND)), {{0}}, FINDING_NONE, 0, NULL, 0},
    {PLAY(MINUTE, ALONE(LATER "," RESPOND)),
     {{.method = "clock.set", .nth = 2, .undone = true}},
     FINDING_ORDER,
     0,
     "",
     0},
    {PLAY(MINUTE, ALONE(LATER "," CANCEL)),
     {{.method = "clock.set", .nth = 2, .undone = true}},
     FINDING_ORDER,
     0,
     "",
     0},
    {PLAY(MINUTE, ALONE(GET)),
     {{.method = "interrupt.get", .nth = 1, .changes = "[{'set': '/interrupt/status', 'to': 'expired'}]"}},
     FINDING_ORDER,
     0,
     "",
     0},
    /* Expired though it was resolved. */
    {PLAY(MINUTE, ALONE(RESPOND "," LATER "," GET)), {{0}}, FINDING_NONE, 0, NULL, 0},
    {PLAY(MINUTE, ALONE(RESPOND "," LATER "," GET)),
     {{.method = "interrupt.get",
       .nth = 1,
       .changes =
           "[{'set': '/interrupt/status', 'to': 'expired'}, {'set': '/interrupt/response', 'to': null},"
           " {'set': '/interrupt/resolved_at', 'to': null}]"}},
     FINDING_ORDER,
     0,
     "",
     0},
    /* A lost answer may have been given, or not. */
    {PLAY("", ALONE(RESPOND) "," ALONE(RESPOND "," GET)),
     {{.method = "interrupt.respond", .nth = 1, .lost = true}},
     FINDING_NONE,
     0,
     NULL,
     0},
    {PLAY("", ALONE(RESPOND) "," ALONE(RESPOND "," GET)),
     {{.method = "interrupt.respond", .nth = 1, .lost = true, .undone = true}},
     FINDING_NONE,
     0,
     NULL,
     0},
    {PLAY(MINUTE, ALONE(LATER) "," ALONE(RESPOND "," SWEEP)),
     {{.method = "clock.set", .nth = 2, .lost = true, .undone = true}},
     FINDING_NONE,
     0,
     NULL,
     0},
    {PLAY(MINUTE, ALONE(LATER) "," ALONE(RESPOND "," SWEEP)),
     {{.method = "clock.set", .nth = 2, .lost = true}},
     FINDING_NONE,
     0,
     NULL,
     0},
    {PLAY(MINUTE, ALONE(LATER "," SWEEP) "," ALONE(GET "," SWEEP)),
     {{.method = "interrupt.expire_pending", .nth = 1, .lost = true}},
     FINDING_NONE,
     0,
     NULL,
     0},
    {"{'clients': [{'acts': [{'do': 'create'}, {'do': 'get'}]}, {'acts': [{'do': 'list'}, {'do': 'get'}]}]}",
     {{.method = "interrupt.create", .lost = true}},
     FINDING_NONE,
     0,
     NULL,
     0},
    /* But not twice over: what was lost ended it once. */
    {PLAY("", ALONE(RESPOND) "," ALONE(RESPOND) "," ALONE(RESPOND)),
     {{.method = "interrupt.respond", .nth = 1, .lost = true, .undone = true},
      {.method = "interrupt.respond", .nth = 3, .again = true}},
     FINDING_ORDER,
     0,
     "",
     0},
};

static void the_order_is_judged(void **state) {
    (void)state;
    assert_reviews(orders, sizeof orders / sizeof orders[0]);
}

#define CREATIONS "{'clients': [{'acts': [{'do': 'create', 'on': 0}, {'do': 'create', 'on': 1}]}]}"

static void two_creations_with_one_id_are_found(void **state) {
    (void)state;
    static const struct review_row rows[] = {
        {CREATIONS, {{0}}, FINDING_NONE, 0, NULL, 0},
        {CREATIONS,
         {{.method = "interrupt.create", .nth = 2, .changes = "[{'set': '/interrupt/id', 'to': '$id0'}]"}},
         FINDING_ID,
         1,
         "the creations of #0 and #1 were both given the id ",
         ALSO(FINDING_ORDER) | ALSO(FINDING_FIELD) | ALSO(FINDING_EVENT)},
    };
    assert_reviews(rows, sizeof rows / sizeof rows[0]);
}

/* A tryout with a finding of every class that a review makes. */
static void make_all(struct tryout *tryout) {
    static const struct tamper tampers[] = {
        {.method = "interrupt.create", .nth = 2, .changes = "[{'set': '/interrupt/id', 'to': '$id0'}]"},
        {.method = "interrupt.list", .changes = "[{'copy': '/interrupts/0', 'to': '/interrupts/-'}]"},
        {.method = "interrupt.expire_pending", .refused = "internal"},
        {.method = "flow.resume", .changes = "[{'set': '/envelope/processing_history', 'to': []}]"},
        {.method = "ratelimit.check", .changes = "[{'set': '/allowed', 'to': false}]"},
        {0}};
    tryout_init(tryout,
                "{'clients': [{'acts': [{'do': 'create', 'on': 0}, {'do': 'create', 'on': 1}, {'do': 'list'},"
                " {'do': 'sweep'}, {'do': 'resume', 'on': 0}, {'do': 'check'}]}]}",
                tampers, NULL);
    assert_int_equal(tryout_play(tryout, NULL), HP_OK);
}

static void only_what_is_asked_for_is_looked_at(void **state) {
    (void)state;
    struct tryout tryout;
    struct review review;
    make_all(&tryout);
    unsigned all = 0;
    for (unsigned class = 0; class < FINDING_MODEL; class ++) {
        assert_int_equal(review_make(&tryout.performance, 1u << class, &review, NULL), HP_OK);
        assert_true(review.count > 0);
        for (size_t i = 0; i < review.count; i++) {
            assert_int_equal(review.findings[i].class, class);
        }
        all += (unsigned)review.count;
        assert_ptr_equal(review_find(&review, (enum finding_class) class), &review.findings[0]);
        assert_null(review_find(&review, FINDING_MODEL));
        review_release(&review);
    }
    assert_int_equal(review_make(&tryout.performance, 0, &review, NULL), HP_OK);
    assert_int_equal(review.count, all);
    for (unsigned class = 0; class < FINDING_MODEL; class ++) {
        const struct finding *finding = review_find(&review, (enum finding_class) class);
        assert_non_null(finding);
        assert_int_equal(finding->class, class);
        assert_true(finding->sentence[0] != '\0');
    }
    review_release(&review);
    assert_int_equal(review.count, 0);
    tryout_release(&tryout);
}

/* A finding of an order has the operations that contradict each other; others have none. */
static void a_finding_knows_its_operations(void **state) {
    (void)state;
    struct tryout tryout;
    struct review review;
    make_all(&tryout);
    assert_int_equal(review_make(&tryout.performance, 0, &review, NULL), HP_OK);
    for (size_t i = 0; i < review.count; i++) {
        const struct finding *finding = &review.findings[i];
        const struct history *history = &tryout.performance.history;
        if (finding->class != FINDING_ORDER) {
            assert_true(finding->key == SIZE_MAX);
            assert_int_equal(finding->judgement.operation_count, 0);
            continue;
        }
        assert_true(finding->key < history->key_count);
        assert_int_equal(finding->judgement.linearity, VIOLATION);
        assert_true(finding->judgement.operation_count > 0);
        assert_string_equal(finding->sentence, finding->judgement.reason);
        for (size_t j = 0; j < finding->judgement.operation_count; j++) {
            const struct operation *operation = finding->judgement.operations[j];
            assert_true(operation >= history->operations && operation < history->operations + history->count);
        }
    }
    review_release(&review);
    tryout_release(&tryout);
}

/* Looking changes nothing: the second time it sees the same. */
static void a_review_comes_again(void **state) {
    (void)state;
    struct tryout tryout;
    struct review one, other;
    make_all(&tryout);
    assert_int_equal(review_make(&tryout.performance, 0, &one, NULL), HP_OK);
    assert_int_equal(review_make(&tryout.performance, 0, &other, NULL), HP_OK);
    assert_int_equal(one.count, other.count);
    for (size_t i = 0; i < one.count; i++) {
        assert_string_equal(one.findings[i].sentence, other.findings[i].sentence);
        assert_int_equal(one.findings[i].slot, other.findings[i].slot);
    }
    review_release(&one);
    review_release(&other);
    tryout_release(&tryout);
}

/* A broken service is broken in every answer; a hundred findings are enough for anybody. */
static void there_is_an_end_to_findings(void **state) {
    (void)state;
    static const struct tamper tampers[] = {
        {.method = "interrupt.get", .changes = "[{'set': '/interrupt/question', 'to': 'Q'}]"}, {0}};
    struct tryout tryout;
    struct review review;
    struct text script = {0};
    text_add(&script, "{'interrupts': [{}], 'clients': [{'acts': [{'do': 'get'}");
    for (int i = 0; i < 150; i++) {
        text_add(&script, ", {'do': 'get'}");
    }
    text_add(&script, "]}]}");
    tryout_init(&tryout, script.bytes, tampers, NULL);
    assert_int_equal(tryout_play(&tryout, NULL), HP_OK);
    assert_int_equal(review_make(&tryout.performance, 0, &review, NULL), HP_OK);
    assert_int_equal(review.count, 100);
    review_release(&review);
    text_release(&script);
    tryout_release(&tryout);
}

/* What a service says may be long, and is cut between two characters. */
static void a_long_sentence_is_cut_where_it_may_be(void **state) {
    (void)state;
    struct review review = {0};
    char text[600];
    for (size_t offset = 0; offset < 2; offset++) {
        memset(text, 'a', offset);
        for (size_t i = offset; i + 3 < sizeof text; i += 2) {
            memcpy(text + i, "\xc3\xa4", 3);
        }
        review_add(&review, FINDING_LIST, 3, "%s", text);
        const struct finding *finding = &review.findings[offset];
        assert_true(strlen(finding->sentence) >= FINDING_SENTENCE_SIZE - 3);
        assert_true(text_is_utf8(finding->sentence, strlen(finding->sentence)));
        assert_int_equal(finding->slot, 3);
    }
    review_release(&review);
}

static void classes_have_names(void **state) {
    (void)state;
    static const char *const names[] = {"order",  "field", "event", "id",   "list",
                                        "answer", "flow",  "limit", "model"};
    enum finding_class class = FINDING_LIST;
    assert_int_equal(FINDING_CLASSES, sizeof names / sizeof names[0]);
    for (unsigned i = 0; i < FINDING_CLASSES; i++) {
        assert_string_equal(finding_class_name((enum finding_class)i), names[i]);
        assert_true(finding_class_from_name(names[i], &class));
        assert_int_equal(class, i);
    }
    assert_false(finding_class_from_name("Order", &class));
    assert_false(finding_class_from_name("", &class));
    assert_int_equal(class, FINDING_MODEL); /* left as it was */
}

/* The outcomes in the order of their acts: creations of the set-up, the clients', the closing reads. */
static struct text visited;

static void note_visit(const struct performance *performance, const struct act *act,
                       const struct outcome *outcome, struct review *review) {
    (void)performance, (void)review, (void)outcome;
    act_add_words(&visited, act);
    text_add(&visited, "; ");
}

static void every_outcome_is_visited(void **state) {
    (void)state;
    struct tryout tryout;
    tryout_init(&tryout,
                "{'interrupts': [{'kind': 'timeout'}], 'clients': [{'acts': [{'do': 'sweep'}]}, {'acts':"
                " [{'do': 'create', 'on': 1}, {'do': 'get', 'on': 1, 'as': 'stranger'}]}]}",
                NULL, NULL);
    assert_int_equal(tryout_play(&tryout, NULL), HP_OK);
    review_visit(&tryout.performance, note_visit, NULL);
    assert_string_equal(visited.bytes,
                        "create #0 timeout; sweep; create #1 clarification; get #1 as a stranger; "
                        "get #0; get #1; ");
    text_release(&visited);
    tryout_release(&tryout);
}

static void how_it_began_and_ended(void **state) {
    (void)state;
    struct tryout tryout;
    tryout_init(&tryout,
                "{'interrupts': [{}, {}, {}], 'clients': [{'acts': [{'do': 'respond', 'on': 1}, {'do': "
                "'cancel', 'on': 2},"
                " {'do': 'cancel', 'on': 1}, {'do': 'create', 'on': 3}]}]}",
                NULL, NULL);
    assert_int_equal(tryout_play(&tryout, NULL), HP_OK);
    const struct performance *performance = &tryout.performance;
    static const char *const ends[] = {"pending", "resolved", "cancelled", "pending"};
    for (unsigned i = 0; i < 4; i++) {
        const json_t *final = review_final(performance, i);
        assert_string_equal(review_status(review_created(performance, i)), "pending");
        assert_string_equal(review_status(final), ends[i]);
        assert_int_equal(review_slot(performance, final), i);
        assert_int_equal(review_ended(performance, i) != NULL, i == 1 || i == 2);
        assert_string_equal(review_status(review_ended(performance, i)), i == 1 || i == 2 ? ends[i] : "");
    }
    assert_int_equal(review_slot(performance, NULL), SCRIPT_SLOTS_MAX);
    assert_string_equal(review_status(NULL), "");
    tryout_release(&tryout);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_order_is_judged),
        cmocka_unit_test(two_creations_with_one_id_are_found),
        cmocka_unit_test(only_what_is_asked_for_is_looked_at),
        cmocka_unit_test(a_finding_knows_its_operations),
        cmocka_unit_test(a_review_comes_again),
        cmocka_unit_test(there_is_an_end_to_findings),
        cmocka_unit_test(a_long_sentence_is_cut_where_it_may_be),
        cmocka_unit_test(classes_have_names),
        cmocka_unit_test(every_outcome_is_visited),
        cmocka_unit_test(how_it_began_and_ended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
