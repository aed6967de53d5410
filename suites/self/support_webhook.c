#include "suites/self/support_webhook.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define LEASE_US (HP_TIMEOUT_DEFAULT_US + HP_WEBHOOK_LEASE_US)

static const struct hp_webhook_attempt delivered = {.end = HP_WEBHOOK_DELIVERED};
static const struct hp_webhook_attempt returned = {.end = HP_WEBHOOK_RETURNED};
static const struct hp_webhook_attempt dead = {.end = HP_WEBHOOK_DEAD, .status = 404};
static const struct hp_webhook_attempt later = {
    .end = HP_WEBHOOK_LATER, .delay_us = HP_SECOND_US, .error = "no answer"};

struct hp_subscription webhook_wish(const char *url) {
    return (struct hp_subscription){.url = url,
                                    .events = "*",
                                    .headers = "{}",
                                    .timeout_us = HP_TIMEOUT_DEFAULT_US,
                                    .base_delay_us = HP_DELAY_DEFAULT_US,
                                    .max_tries = HP_TRIES_DEFAULT};
}

void webhook_subscribe(struct bench *bench, const struct hp_subscription *wish, char id[HP_ID_SIZE]) {
    hp_problem_clear(&bench->problem);
    if (hp_service_subscribe(bench->service, wish, id, &bench->problem) != HP_OK) {
        fail_msg("%s", bench->problem.detail);
    }
    assert_true(hp_id_is_canonical(id));
}

void webhook_make(struct bench *bench, const char *request_id, bool and_cancel, char id[HP_ID_SIZE]) {
    struct hp_create request = bench_request(HP_TIMEOUT);
    request.request_id = request_id;
    struct hp_interrupt *created = bench_create(bench, &request), *after = NULL;
    if (id) {
        memcpy(id, created->id, HP_ID_SIZE);
    }
    if (and_cancel) {
        assert_int_equal(hp_service_cancel_trusted(bench->service, created->id, NULL, &after, NULL), HP_OK);
    }
    hp_interrupt_free(created);
    hp_interrupt_free(after);
}

void webhook_take(struct bench *bench, size_t max, struct hp_webhook_list *list) {
    const struct hp_webhook_appetite appetite = {.max = max, .max_each = max};
    *list = (struct hp_webhook_list){0};
    hp_problem_clear(&bench->problem);
    if (store_webhooks_take(bench->store, &appetite, list, &bench->problem) != HP_OK) {
        fail_msg("%s", bench->problem.detail);
    }
}

void webhook_take_count(struct bench *bench, size_t count) {
    struct hp_webhook_list list;
    webhook_take(bench, 1000, &list);
    assert_int_equal(list.count, count);
    hp_webhook_list_release(&list);
}

void webhook_settle(struct bench *bench, const struct hp_webhook_delivery *delivery,
                    struct hp_webhook_attempt attempt, enum hp_status expected) {
    assert_int_equal(store_webhook_settle(bench->store, delivery, &attempt, NULL), expected);
}

size_t webhook_dead_count(struct bench *bench) {
    struct hp_webhook_list list = {0};
    assert_int_equal(hp_service_dead_webhooks(bench->service, &list, NULL), HP_OK);
    size_t count = list.count;
    hp_webhook_list_release(&list);
    return count;
}

static void everything_arrives_as_it_was(struct bench *bench) {
    struct hp_subscription wish = webhook_wish("http://h/a?b#c");
    struct hp_webhook_list list;
    char id[HP_ID_SIZE], interrupt[HP_ID_SIZE];
    wish.events = "interrupt.timeout,x.*";
    wish.secret = "s'\"\\ \xC3\xA4";
    wish.request_id = "r'1";
    wish.headers = "{\"A\":\"b\"}";
    wish.timeout_us = 250000;
    wish.base_delay_us = 2500001;
    wish.max_tries = 7;
    webhook_subscribe(bench, &wish, id);
    webhook_make(bench, "r'1", true, interrupt);
    bench_pass(bench, 5);
    webhook_take(bench, 10, &list);
    assert_int_equal(list.count, 1);
    const struct hp_webhook_delivery *delivery = list.deliveries[0];
    const struct hp_subscription *found = delivery->subscription;
    assert_string_equal(found->id, id);
    assert_string_equal(found->url, wish.url);
    assert_string_equal(found->secret, wish.secret);
    assert_string_equal(found->request_id, "r'1");
    assert_string_equal(found->events, wish.events);
    assert_non_null(strstr(found->headers, "\"A\""));
    assert_true(found->timeout_us == 250000);
    assert_true(found->base_delay_us == 2500001);
    assert_int_equal(found->max_tries, 7);
    assert_string_equal(delivery->event->type, "interrupt.timeout");
    assert_true(delivery->event->timestamp_us == BENCH_NOW_US);
    assert_string_equal(delivery->event->interrupt->id, interrupt);
    assert_int_equal(delivery->event->interrupt->status, HP_PENDING);
    assert_true(delivery->taken_at_us == BENCH_NOW_US + 5);
    assert_int_equal(delivery->tries, 0);
    hp_webhook_list_release(&list);
}

static void each_match_has_its_delivery(struct bench *bench) {
    struct hp_subscription all = webhook_wish("http://all"), some = webhook_wish("http://some"),
                           none = webhook_wish("http://none"), mine = webhook_wish("http://mine");
    char id[HP_ID_SIZE];
    some.events = "interrupt.cancelled";
    none.events = "request.*,interrupt,interrup.*";
    mine.request_id = "r1";
    webhook_make(bench, "before", true, NULL);
    webhook_subscribe(bench, &all, id);
    webhook_subscribe(bench, &some, id);
    webhook_subscribe(bench, &none, id);
    webhook_subscribe(bench, &mine, id);
    webhook_make(bench, "r1", false, NULL);
    webhook_make(bench, "r2", true, NULL);
    struct hp_webhook_list list;
    webhook_take(bench, 100, &list);
    /* all: both creations; some: the cancel; mine: one creation. The cancel of r2 waits in the lane of `all`. */
    size_t urls[4] = {0};
    for (size_t i = 0; i < list.count; i++) {
        const char *url = list.deliveries[i]->subscription->url + 7;
        urls[*url == 'a' ? 0 : *url == 's' ? 1 : *url == 'n' ? 2 : 3]++;
    }
    assert_int_equal(urls[0], 2);
    assert_int_equal(urls[1], 1);
    assert_int_equal(urls[2], 0);
    assert_int_equal(urls[3], 1);
    hp_webhook_list_release(&list);
}

static void a_sweep_tells_too(struct bench *bench) {
    struct hp_subscription wish = webhook_wish("http://h");
    struct hp_id_list ids = {0};
    struct hp_webhook_list list;
    char id[HP_ID_SIZE];
    wish.events = "interrupt.expired";
    webhook_subscribe(bench, &wish, id);
    webhook_make(bench, "r1", false, NULL);
    webhook_make(bench, "r2", false, NULL);
    bench_pass(bench, 301 * HP_SECOND_US);
    assert_int_equal(hp_service_expire_pending(bench->service, &ids, NULL), HP_OK);
    assert_int_equal(ids.count, 2);
    webhook_take(bench, 100, &list);
    assert_int_equal(list.count, 2);
    assert_int_equal(list.deliveries[0]->event->interrupt->status, HP_EXPIRED);
    hp_webhook_list_release(&list);
    hp_id_list_release(&ids);
}

static void a_refused_change_owes_nothing(struct bench *bench) {
    struct hp_subscription wish = webhook_wish("http://h");
    char id[HP_ID_SIZE], interrupt[HP_ID_SIZE];
    struct hp_interrupt *after = NULL;
    wish.events = "interrupt.cancelled";
    webhook_subscribe(bench, &wish, id);
    webhook_make(bench, "r", false, interrupt);
    assert_int_equal(hp_service_cancel(bench->service, interrupt, "bob", NULL, &after, NULL), HP_FORBIDDEN);
    webhook_take_count(bench, 0);
    assert_int_equal(hp_service_cancel(bench->service, interrupt, "ann", NULL, &after, NULL), HP_OK);
    hp_interrupt_free(after);
    webhook_take_count(bench, 1);
}

static void a_lane_goes_one_by_one(struct bench *bench) {
    struct hp_subscription wish = webhook_wish("http://one"), other = webhook_wish("http://other");
    char id[HP_ID_SIZE];
    webhook_subscribe(bench, &wish, id);
    webhook_make(bench, "r", true, NULL);
    webhook_subscribe(bench, &other, id);
    webhook_make(bench, "r", true, NULL);
    struct hp_webhook_list list, next;
    webhook_take(bench, 100, &list);
    assert_int_equal(list.count, 3); /* the creations, of two interrupts for the first subscription */
    for (size_t i = 0; i < list.count; i++) {
        assert_string_equal(list.deliveries[i]->event->type, "interrupt.timeout");
    }
    webhook_take_count(bench, 0);
    webhook_settle(bench, list.deliveries[0], delivered, HP_OK);
    webhook_settle(bench, list.deliveries[1], dead, HP_OK);
    webhook_settle(bench, list.deliveries[2], later, HP_OK);
    webhook_take(bench, 100, &next);
    assert_int_equal(next.count,
                     2); /* a delivered one and a dead one hold up nothing, one that failed does */
    for (size_t i = 0; i < next.count; i++) {
        assert_string_equal(next.deliveries[i]->event->type, "interrupt.cancelled");
        webhook_settle(bench, next.deliveries[i], delivered, HP_OK);
    }
    hp_webhook_list_release(&next);
    bench_pass(bench, HP_SECOND_US);
    webhook_take(bench, 100, &next);
    assert_int_equal(next.count, 1);
    assert_string_equal(next.deliveries[0]->event->id, list.deliveries[2]->event->id);
    assert_int_equal(next.deliveries[0]->tries, 1);
    assert_string_equal(next.deliveries[0]->last_error, "no answer");
    webhook_settle(bench, next.deliveries[0], delivered, HP_OK);
    webhook_take_count(bench, 1);
    hp_webhook_list_release(&next);
    hp_webhook_list_release(&list);
}

static void a_delay_is_kept_to_the_microsecond(struct bench *bench) {
    struct hp_subscription wish = webhook_wish("http://h");
    char id[HP_ID_SIZE];
    struct hp_webhook_list list;
    webhook_subscribe(bench, &wish, id);
    webhook_make(bench, "r", false, NULL);
    bench_pass(bench, 10 * HP_SECOND_US);
    webhook_take(bench, 1, &list);
    assert_int_equal(list.count, 1);
    webhook_settle(bench, list.deliveries[0], later, HP_OK);
    hp_webhook_list_release(&list);
    bench_pass(bench, HP_SECOND_US - 1);
    webhook_take_count(bench, 0);
    bench_pass(bench, 1);
    webhook_take_count(bench, 1);
}

static void only_the_latest_take_counts(struct bench *bench) {
    struct hp_subscription wish = webhook_wish("http://h");
    char id[HP_ID_SIZE];
    struct hp_webhook_list first, second;
    webhook_subscribe(bench, &wish, id);
    webhook_make(bench, "r", false, NULL);
    webhook_take(bench, 10, &first);
    assert_int_equal(first.count, 1);
    bench_pass(bench, LEASE_US - 1);
    webhook_take_count(bench, 0);
    bench_pass(bench, 1);
    webhook_take(bench, 10, &second);
    assert_int_equal(second.count, 1);
    assert_string_equal(second.deliveries[0]->event->id, first.deliveries[0]->event->id);
    assert_int_equal(second.deliveries[0]->tries, 0); /* nobody knows whether it was sent */
    webhook_settle(bench, first.deliveries[0], delivered, HP_NOT_FOUND);
    webhook_settle(bench, first.deliveries[0], dead, HP_NOT_FOUND);
    webhook_settle(bench, first.deliveries[0], returned, HP_NOT_FOUND);
    webhook_settle(bench, second.deliveries[0], later, HP_OK);
    webhook_settle(bench, second.deliveries[0], delivered, HP_NOT_FOUND);
    hp_webhook_list_release(&first);
    hp_webhook_list_release(&second);
    bench_pass(bench, HP_SECOND_US);
    webhook_take_count(bench, 1);
}

/* The lease has ended, and yet nobody else came: what he says holds. */
static void a_late_word_counts_while_nobody_else_has_it(struct bench *bench) {
    struct hp_subscription wish = webhook_wish("http://h");
    char id[HP_ID_SIZE];
    struct hp_webhook_list list;
    webhook_subscribe(bench, &wish, id);
    webhook_make(bench, "r", false, NULL);
    webhook_take(bench, 10, &list);
    bench_pass(bench, 2 * LEASE_US);
    webhook_settle(bench, list.deliveries[0], delivered, HP_OK);
    hp_webhook_list_release(&list);
    webhook_take_count(bench, 0);
}

static void what_was_returned_is_due_at_once(struct bench *bench) {
    struct hp_subscription wish = webhook_wish("http://h");
    char id[HP_ID_SIZE];
    struct hp_webhook_list list, again;
    webhook_subscribe(bench, &wish, id);
    webhook_make(bench, "r", true, NULL);
    webhook_take(bench, 10, &list);
    webhook_settle(bench, list.deliveries[0], returned, HP_OK);
    webhook_take(bench, 10, &again);
    assert_int_equal(again.count, 1);
    assert_string_equal(again.deliveries[0]->event->id, list.deliveries[0]->event->id);
    assert_int_equal(again.deliveries[0]->tries, 0);
    webhook_settle(bench, list.deliveries[0], delivered, HP_NOT_FOUND);
    hp_webhook_list_release(&list);
    hp_webhook_list_release(&again);
}

static void the_dead_are_listed_latest_first(struct bench *bench) {
    struct hp_subscription wish = webhook_wish("http://h");
    char id[HP_ID_SIZE], first[HP_ID_SIZE], second[HP_ID_SIZE];
    struct hp_webhook_list list;
    webhook_subscribe(bench, &wish, id);
    webhook_make(bench, "r1", false, first);
    webhook_take(bench, 10, &list);
    webhook_settle(bench, list.deliveries[0], dead, HP_OK);
    hp_webhook_list_release(&list);
    bench_pass(bench, 7);
    webhook_make(bench, "r2", false, second);
    webhook_take(bench, 10, &list);
    const struct hp_webhook_attempt gone = {.end = HP_WEBHOOK_DEAD, .error = "nobody there"};
    webhook_settle(bench, list.deliveries[0], gone, HP_OK);
    hp_webhook_list_release(&list);
    webhook_take_count(bench, 0);
    assert_int_equal(hp_service_dead_webhooks(bench->service, &list, NULL), HP_OK);
    assert_int_equal(list.count, 2);
    assert_string_equal(list.deliveries[0]->event->interrupt->id, second);
    assert_string_equal(list.deliveries[0]->last_error, "nobody there");
    assert_int_equal(list.deliveries[0]->last_status, 0);
    assert_int_equal(list.deliveries[0]->tries, 1);
    assert_true(list.deliveries[0]->dead_at_us == BENCH_NOW_US + 7);
    assert_string_equal(list.deliveries[1]->event->interrupt->id, first);
    assert_int_equal(list.deliveries[1]->last_status, 404);
    assert_string_equal(list.deliveries[1]->last_error, "");
    hp_webhook_list_release(&list);
}

static void an_appetite_is_kept(struct bench *bench) {
    struct hp_subscription one = webhook_wish("http://one"), other = webhook_wish("http://other");
    char first[HP_ID_SIZE], busy[1][HP_ID_SIZE];
    struct hp_webhook_list list = {0};
    webhook_subscribe(bench, &one, first);
    webhook_subscribe(bench, &other, busy[0]);
    for (int i = 0; i < 5; i++) {
        webhook_make(bench, "r", false, NULL);
    }
    struct hp_webhook_appetite appetite = {.max = 10, .max_each = 2, .busy = busy, .busy_count = 1};
    assert_int_equal(store_webhooks_take(bench->store, &appetite, &list, NULL), HP_OK);
    assert_int_equal(list.count, 2);
    assert_string_equal(list.deliveries[0]->subscription->id, first);
    assert_string_equal(list.deliveries[1]->subscription->id, first);
    hp_webhook_list_release(&list);
    appetite.busy_count = 0;
    assert_int_equal(store_webhooks_take(bench->store, &appetite, &list, NULL), HP_OK);
    assert_int_equal(list.count, 4);
    hp_webhook_list_release(&list);
    appetite.max = 3;
    appetite.max_each = 100;
    assert_int_equal(store_webhooks_take(bench->store, &appetite, &list, NULL), HP_OK);
    assert_int_equal(list.count, 3);
    hp_webhook_list_release(&list);
    webhook_take_count(bench, 1);
}

/* Of one subscription at one instant in the order in which the events came. */
static void what_is_due_together_goes_in_order(struct bench *bench) {
    struct hp_subscription wish = webhook_wish("http://h");
    char id[HP_ID_SIZE], interrupts[8][HP_ID_SIZE];
    struct hp_webhook_list list;
    webhook_subscribe(bench, &wish, id);
    for (size_t i = 0; i < 8; i++) {
        webhook_make(bench, "r", false, interrupts[i]);
    }
    webhook_take(bench, 100, &list);
    assert_int_equal(list.count, 8);
    for (size_t i = 0; i < 8; i++) {
        assert_string_equal(list.deliveries[i]->event->interrupt->id, interrupts[i]);
    }
    hp_webhook_list_release(&list);
}

static void the_outbox_is_another_taker(struct bench *bench) {
    struct hp_subscription wish = webhook_wish("http://h");
    char id[HP_ID_SIZE];
    struct hp_event_list events;
    struct hp_webhook_list list;
    webhook_subscribe(bench, &wish, id);
    webhook_make(bench, "r", true, NULL);
    webhook_take(bench, 100, &list);
    bench_drain(bench, &events);
    assert_int_equal(events.count, 2);
    assert_string_equal(events.events[0]->id, list.deliveries[0]->event->id);
    webhook_settle(bench, list.deliveries[0], delivered, HP_OK);
    hp_webhook_list_release(&list);
    webhook_take(bench, 100, &list);
    assert_int_equal(list.count, 1);
    assert_string_equal(events.events[1]->id, list.deliveries[0]->event->id);
    hp_webhook_list_release(&list);
    hp_event_list_release(&events);
}

const struct webhook_promise webhook_promises[] = {
    {"everything arrives as it was", everything_arrives_as_it_was},
    {"each match has its delivery", each_match_has_its_delivery},
    {"a sweep tells too", a_sweep_tells_too},
    {"a refused change owes nothing", a_refused_change_owes_nothing},
    {"a lane goes one by one", a_lane_goes_one_by_one},
    {"a delay is kept to the microsecond", a_delay_is_kept_to_the_microsecond},
    {"only the latest take counts", only_the_latest_take_counts},
    {"a late word counts while nobody else has it", a_late_word_counts_while_nobody_else_has_it},
    {"what was returned is due at once", what_was_returned_is_due_at_once},
    {"the dead are listed latest first", the_dead_are_listed_latest_first},
    {"an appetite is kept", an_appetite_is_kept},
    {"what is due together goes in order", what_is_due_together_goes_in_order},
    {"the outbox is another taker", the_outbox_is_another_taker},
};
const size_t webhook_promise_count = sizeof webhook_promises / sizeof webhook_promises[0];
