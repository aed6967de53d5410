#include "reference/store/calls.h"
#include "suites/self/support_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A store that only counts how it is called. */
struct counting_store {
    struct hp_store store; /* first, so that a store is its counting_store */
    unsigned calls[19];
};

static unsigned *calls_of(struct hp_store *store) {
    return ((struct counting_store *)store)->calls;
}

static enum hp_status count_create(struct hp_store *store, const struct hp_create *create,
                                   struct hp_interrupt **created, struct hp_problem *problem) {
    (void)create, (void)created;
    calls_of(store)[0]++;
    return hp_problem_set(problem, HP_INVALID, NULL, "0");
}

static enum hp_status count_get(struct hp_store *store, const char *id, struct hp_interrupt **shown,
                                struct hp_problem *problem) {
    (void)id, (void)shown;
    calls_of(store)[1]++;
    return hp_problem_set(problem, HP_NOT_FOUND, NULL, "1");
}

static enum hp_status count_list(struct hp_store *store, const struct hp_query *query,
                                 const struct hp_position *after, struct hp_page *page,
                                 struct hp_problem *problem) {
    (void)query, (void)after, (void)page;
    calls_of(store)[2]++;
    return hp_problem_set(problem, HP_UNAVAILABLE, NULL, "2");
}

static enum hp_status count_change(struct hp_store *store, const struct hp_change *change,
                                   struct hp_interrupt **after, struct hp_problem *problem) {
    (void)change, (void)after;
    calls_of(store)[3]++;
    return hp_problem_set(problem, HP_CONFLICT, NULL, "3");
}

static enum hp_status count_expire(struct hp_store *store, struct hp_id_list *ids,
                                   struct hp_problem *problem) {
    (void)ids;
    calls_of(store)[4]++;
    return hp_problem_set(problem, HP_INTERNAL, NULL, "4");
}

static enum hp_status count_take(struct hp_store *store, size_t max, struct hp_event_list *events,
                                 struct hp_problem *problem) {
    (void)max, (void)events;
    calls_of(store)[5]++;
    return hp_problem_set(problem, HP_UNSUPPORTED, NULL, "5");
}

static enum hp_status count_settle(struct hp_store *store, const struct hp_event *event,
                                   enum hp_delivery delivery, struct hp_problem *problem) {
    (void)event, (void)delivery;
    calls_of(store)[6]++;
    return hp_problem_set(problem, HP_FORBIDDEN, NULL, "6");
}

static enum hp_status count_subscribe(struct hp_store *store, const struct hp_subscription *subscription,
                                      char id[HP_ID_SIZE], struct hp_problem *problem) {
    (void)subscription, (void)id;
    calls_of(store)[7]++;
    return hp_problem_set(problem, HP_CONFLICT, NULL, "7");
}

static enum hp_status count_webhooks_take(struct hp_store *store, const struct hp_webhook_appetite *appetite,
                                          struct hp_webhook_list *list, struct hp_problem *problem) {
    (void)appetite, (void)list;
    calls_of(store)[8]++;
    return hp_problem_set(problem, HP_UNAVAILABLE, NULL, "8");
}

static enum hp_status count_webhook_settle(struct hp_store *store, const struct hp_webhook_delivery *delivery,
                                           const struct hp_webhook_attempt *attempt,
                                           struct hp_problem *problem) {
    (void)delivery, (void)attempt;
    calls_of(store)[9]++;
    return hp_problem_set(problem, HP_NOT_FOUND, NULL, "9");
}

static enum hp_status count_webhooks_dead(struct hp_store *store, struct hp_webhook_list *list,
                                          struct hp_problem *problem) {
    (void)list;
    calls_of(store)[10]++;
    return hp_problem_set(problem, HP_FORBIDDEN, NULL, "10");
}

static void count_free(struct hp_store *store) {
    calls_of(store)[11]++;
}

static enum hp_status count_moment(struct hp_store *store, struct hp_moment *moment,
                                   struct hp_problem *problem) {
    (void)moment;
    calls_of(store)[12]++;
    return hp_problem_set(problem, HP_UNAVAILABLE, NULL, "12");
}

static enum hp_status count_flow_add(struct hp_store *store, const struct hp_flow *flow,
                                     struct hp_problem *problem) {
    (void)flow;
    calls_of(store)[13]++;
    return hp_problem_set(problem, HP_CONFLICT, NULL, "13");
}

static enum hp_status count_flow_get(struct hp_store *store, const char *pid, struct hp_flow **flow,
                                     struct hp_problem *problem) {
    (void)pid, (void)flow;
    calls_of(store)[14]++;
    return hp_problem_set(problem, HP_NOT_FOUND, NULL, "14");
}

static enum hp_status count_flow_change(struct hp_store *store, const struct hp_flow *after,
                                        struct hp_problem *problem) {
    (void)after;
    calls_of(store)[15]++;
    return hp_problem_set(problem, HP_INVALID, NULL, "15");
}

static enum hp_status count_flow_resume(struct hp_store *store, const char *pid, const char *interrupt_id,
                                        const struct hp_flow *after, struct hp_problem *problem) {
    (void)pid, (void)interrupt_id, (void)after;
    calls_of(store)[16]++;
    return hp_problem_set(problem, HP_CONFLICT, NULL, "16");
}

static enum hp_status count_rate_set(struct hp_store *store, const struct hp_rate_rule *rule,
                                     struct hp_problem *problem) {
    (void)rule;
    calls_of(store)[17]++;
    return hp_problem_set(problem, HP_FORBIDDEN, NULL, "17");
}

static enum hp_status count_rate_check(struct hp_store *store, const struct hp_rate_call *call,
                                       struct hp_rate_answer *answer, struct hp_problem *problem) {
    (void)call, (void)answer;
    calls_of(store)[18]++;
    return hp_problem_set(problem, HP_INTERNAL, NULL, "18");
}

static const struct hp_store_ops operations = {
    count_create,        count_get,         count_list,      count_change,        count_expire,
    count_take,          count_settle,      count_subscribe, count_webhooks_take, count_webhook_settle,
    count_webhooks_dead, count_free,        count_moment,    count_flow_add,      count_flow_get,
    count_flow_change,   count_flow_resume, count_rate_set,  count_rate_check};

/* Each call goes to its own row of the vtable and brings back what that says. */
static void test_dispatch(void **state) {
    (void)state;
    struct counting_store store = {.store = {.ops = &operations}};
    struct hp_problem problem = {0};
    assert_int_equal(store_create(&store.store, NULL, NULL, &problem), HP_INVALID);
    assert_string_equal(problem.detail, "0");
    assert_int_equal(store_get(&store.store, NULL, NULL, NULL), HP_NOT_FOUND);
    assert_int_equal(store_list(&store.store, NULL, NULL, NULL, NULL), HP_UNAVAILABLE);
    assert_int_equal(store_change(&store.store, NULL, NULL, NULL), HP_CONFLICT);
    assert_int_equal(store_expire_due(&store.store, NULL, NULL), HP_INTERNAL);
    assert_int_equal(store_outbox_take(&store.store, 1, NULL, NULL), HP_UNSUPPORTED);
    assert_int_equal(store_outbox_settle(&store.store, NULL, HP_DELIVERED, NULL), HP_FORBIDDEN);
    assert_int_equal(store_subscribe(&store.store, NULL, NULL, NULL), HP_CONFLICT);
    assert_int_equal(store_webhooks_take(&store.store, NULL, NULL, NULL), HP_UNAVAILABLE);
    assert_int_equal(store_webhook_settle(&store.store, NULL, NULL, NULL), HP_NOT_FOUND);
    assert_int_equal(store_webhooks_dead(&store.store, NULL, NULL), HP_FORBIDDEN);
    assert_int_equal(store_moment(&store.store, NULL, NULL), HP_UNAVAILABLE);
    assert_int_equal(store_flow_add(&store.store, NULL, NULL), HP_CONFLICT);
    assert_int_equal(store_flow_get(&store.store, NULL, NULL, NULL), HP_NOT_FOUND);
    assert_int_equal(store_flow_change(&store.store, NULL, NULL), HP_INVALID);
    assert_int_equal(store_flow_resume(&store.store, NULL, NULL, NULL, NULL), HP_CONFLICT);
    assert_int_equal(store_rate_set(&store.store, NULL, NULL), HP_FORBIDDEN);
    assert_int_equal(store_rate_check(&store.store, NULL, NULL, NULL), HP_INTERNAL);
    hp_store_free(&store.store);
    hp_store_free(NULL);
    for (size_t i = 0; i < 19; i++) {
        assert_int_equal(store.calls[i], 1);
    }
}

static void test_id_list(void **state) {
    (void)state;
    struct hp_id_list list = {0};
    for (size_t i = 0; i < 100; i++) {
        assert_true(id_list_reserve(&list, 1));
        assert_true(list.room > list.count);
        memset(list.ids[list.count++], (int)('A' + i % 26), HP_ID_SIZE);
    }
    for (size_t i = 0; i < 100; i++) {
        assert_int_equal(list.ids[i][HP_ID_SIZE - 1], 'A' + i % 26);
    }
    assert_true(id_list_reserve(&list, 1000));
    assert_true(list.room >= 1100);
    assert_true(id_list_reserve(&list, 0));
    hp_id_list_release(&list);
    assert_null(list.ids);
    hp_id_list_release(&list);
}

static void test_event_list(void **state) {
    (void)state;
    struct hp_event_list list = {0};
    const struct hp_interrupt interrupt = bench_full_interrupt();
    assert_true(event_list_reserve(&list, 0));
    for (size_t i = 0; i < 40; i++) {
        assert_true(event_list_reserve(&list, 1));
        list.events[list.count++] = hp_event_new("x", (int64_t)i, &interrupt);
    }
    assert_true(list.events[39]->timestamp_us == 39);
    hp_event_list_release(&list);
    assert_null(list.events);
    hp_event_list_release(&list);
}

static void test_webhook_list(void **state) {
    (void)state;
    struct hp_webhook_list list = {0};
    struct hp_interrupt interrupt = bench_full_interrupt();
    struct hp_event event = {.id = "x", .interrupt = &interrupt, .timestamp_us = 7};
    struct hp_subscription subscription = {.id = "s", .url = "u", .events = "*", .headers = "{}"};
    const struct hp_webhook_delivery draft = {
        .event = &event, .subscription = &subscription, .tries = 2, .take = 5};
    assert_true(webhook_list_reserve(&list, 0));
    for (size_t i = 0; i < 40; i++) {
        assert_true(webhook_list_reserve(&list, 1));
        list.deliveries[list.count++] = webhook_delivery_new(&draft);
    }
    const struct hp_webhook_delivery *last = list.deliveries[39];
    assert_ptr_not_equal(last->event, &event);
    assert_true(last->event->timestamp_us == 7);
    assert_same_interrupt(last->event->interrupt, &interrupt);
    assert_ptr_not_equal(last->subscription->url, subscription.url);
    assert_string_equal(last->subscription->url, "u");
    assert_int_equal(last->tries, 2);
    assert_true(last->take == 5);
    hp_webhook_list_release(&list);
    assert_null(list.deliveries);
    hp_webhook_list_release(&list);
    webhook_delivery_free(NULL);
}

static void test_page(void **state) {
    (void)state;
    struct hp_page page = {0};
    hp_page_release(&page);
    const struct hp_interrupt interrupt = bench_full_interrupt();
    page.interrupts = calloc(3, sizeof *page.interrupts);
    page.interrupts[0] = hp_interrupt_new(&interrupt);
    page.count = 2; /* the second was handed out */
    hp_page_release(&page);
    assert_null(page.interrupts);
    assert_int_equal(page.count, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_dispatch), cmocka_unit_test(test_id_list),
                                       cmocka_unit_test(test_event_list), cmocka_unit_test(test_webhook_list),
                                       cmocka_unit_test(test_page)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
