/* Deliveries of the memory store: what every store promises of them, and what only this one could get wrong. */
#include "reference/store/delivery_book.h"
#include "suites/self/support_webhook.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void each_promise_is_kept(void **state) {
    (void)state;
    for (size_t i = 0; i < webhook_promise_count; i++) {
        struct bench bench;
        bench_init(&bench);
        print_message("%s\n", webhook_promises[i].name);
        webhook_promises[i].keep(&bench);
        bench_release(&bench); /* also with what is still pending, taken and dead */
    }
    assert_true(webhook_promise_count > 0);
}

enum { THREADS = 4, INTERRUPTS = 200 };

struct crowd {
    struct bench *bench;
    size_t delivered; /* by this thread */
    size_t first, second;
};

static void *create_and_cancel(void *argument) {
    struct crowd *crowd = argument;
    for (int i = 0; i < INTERRUPTS; i++) {
        struct hp_create request = bench_request(HP_TIMEOUT);
        struct hp_interrupt *created = NULL, *after = NULL;
        if (hp_service_create(crowd->bench->service, &request, &created, NULL) == HP_OK &&
            hp_service_cancel_trusted(crowd->bench->service, created->id, NULL, &after, NULL) == HP_OK) {
            crowd->delivered++;
        }
        hp_interrupt_free(created);
        hp_interrupt_free(after);
    }
    return NULL;
}

static void *deliver(void *argument) {
    struct crowd *crowd = argument;
    const struct hp_webhook_attempt done = {.end = HP_WEBHOOK_DELIVERED};
    size_t idle = 0;
    while (idle < 1000) {
        struct hp_webhook_list list = {0};
        const struct hp_webhook_appetite appetite = {.max = 8, .max_each = 8};
        store_webhooks_take(crowd->bench->store, &appetite, &list, NULL);
        for (size_t i = 0; i < list.count; i++) {
            bool first = list.deliveries[i]->event->interrupt->status == HP_PENDING;
            if (store_webhook_settle(crowd->bench->store, list.deliveries[i], &done, NULL) == HP_OK) {
                *(first ? &crowd->first : &crowd->second) += 1;
            }
        }
        idle = list.count > 0 ? 0 : idle + 1;
        hp_webhook_list_release(&list);
    }
    return NULL;
}

static void threads_share_the_work(void **state) {
    (void)state;
    struct bench bench;
    struct crowd crowds[2 * THREADS];
    pthread_t threads[2 * THREADS];
    struct hp_subscription wish = webhook_wish("http://h");
    char id[HP_ID_SIZE];
    size_t made = 0, first = 0, second = 0;
    bench_init(&bench);
    webhook_subscribe(&bench, &wish, id);
    for (size_t i = 0; i < 2 * THREADS; i++) {
        crowds[i] = (struct crowd){.bench = &bench};
        assert_int_equal(pthread_create(&threads[i], NULL, i % 2 ? deliver : create_and_cancel, &crowds[i]),
                         0);
    }
    for (size_t i = 0; i < 2 * THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    struct crowd last = {.bench = &bench};
    deliver(&last); /* what came after the others had given up */
    for (size_t i = 0; i < 2 * THREADS; i++) {
        made += crowds[i].delivered;
        first += crowds[i].first;
        second += crowds[i].second;
    }
    assert_int_equal(made, THREADS * INTERRUPTS);
    assert_int_equal(first + last.first, made);
    assert_int_equal(second + last.second, made);
    webhook_take_count(&bench, 0);
    bench_release(&bench);
}

static void postings_that_are_not_appended_leave_nothing(void **state) {
    (void)state;
    struct delivery_book book;
    struct posting *postings = NULL;
    struct hp_interrupt interrupt = bench_full_interrupt();
    struct hp_event event = {.id = "e", .type = "interrupt.resolved", .interrupt = &interrupt};
    struct hp_subscription wish = webhook_wish("http://h");
    struct hp_webhook_list list = {0};
    const struct hp_webhook_appetite appetite = {.max = 8, .max_each = 8};
    delivery_book_init(&book);
    assert_true(postings_new(&book, &event, &postings));
    assert_null(postings); /* nobody wants it */
    assert_true(delivery_book_subscribe(&book, &wish));
    assert_true(delivery_book_subscribe(&book, &wish));
    assert_true(postings_new(&book, &event, &postings));
    assert_non_null(postings);
    postings_free(postings);
    assert_int_equal(delivery_book_take(&book, &appetite, INT64_MAX / 2, &list, NULL), HP_OK);
    assert_int_equal(list.count, 0);
    postings_free(NULL);
    delivery_book_append(&book, NULL, NULL);
    delivery_book_release(&book);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_promise_is_kept),
                                       cmocka_unit_test(threads_share_the_work),
                                       cmocka_unit_test(postings_that_are_not_appended_leave_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
