/* The memory store under many threads. Threads only record; the test's own thread judges afterwards, since
 * cmocka's assertions may not leave another thread. */
#include "suites/self/support_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>

enum { THREADS = 8, INTERRUPTS = 120, ROUNDS = 4, STORM = 200 };

static struct bench bench;
static pthread_barrier_t barrier;

static void run_threads(size_t count, void *(*work)(void *argument)) {
    pthread_t threads[THREADS];
    assert_int_equal(pthread_barrier_init(&barrier, NULL, (unsigned)count), 0);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, work, (void *)(uintptr_t)i), 0);
    }
    for (size_t i = 0; i < count; i++) {
        pthread_join(threads[i], NULL);
    }
    pthread_barrier_destroy(&barrier);
}

/* What one thread got for one interrupt. */
struct outcome {
    enum hp_status status;
    char shown[HP_PROBLEM_STATUS_SIZE]; /* a loser's winner */
    enum hp_interrupt_status became;    /* a winner's own change */
};

static char ids[INTERRUPTS][HP_ID_SIZE];
static struct outcome outcomes[THREADS][INTERRUPTS];
static struct hp_id_list swept[THREADS];

static void change(size_t thread, size_t number) {
    struct outcome *outcome = &outcomes[thread][number];
    struct hp_interrupt *after = NULL;
    struct hp_problem problem = {0};
    const struct hp_response response = {.approved = HP_APPROVED};
    if (thread % 2 == 0) {
        outcome->status = hp_service_respond(bench.service, ids[number], "ann", &response, &after, &problem);
    } else {
        outcome->status = hp_service_cancel(bench.service, ids[number], "ann", "race", &after, &problem);
    }
    outcome->became = after ? after->status : HP_PENDING;
    memcpy(outcome->shown, problem.interrupt_status, sizeof outcome->shown);
    hp_interrupt_free(after);
}

/* Six threads answer and cancel everything, one lets it expire half way, one sweeps all the time. */
static void *race(void *argument) {
    size_t thread = (size_t)(uintptr_t)argument;
    pthread_barrier_wait(&barrier);
    for (size_t i = 0; i < INTERRUPTS; i++) {
        if (thread < 6) {
            change(thread, thread < 3 ? i : INTERRUPTS - 1 - i);
        } else if (thread == 6 && i == INTERRUPTS / 4) {
            hp_clock_set(bench.clock, hp_clock_now(bench.clock) + 2, NULL);
        } else {
            hp_service_expire_pending(bench.service, &swept[thread], NULL);
        }
    }
    return NULL;
}

static size_t count_swept(const char *id) {
    size_t count = 0;
    for (size_t thread = 0; thread < THREADS; thread++) {
        for (size_t i = 0; i < swept[thread].count; i++) {
            count += strcmp(swept[thread].ids[i], id) == 0;
        }
    }
    return count;
}

/* Exactly one winner; every loser was told what the interrupt now is. */
static void judge_interrupt(size_t number) {
    struct hp_interrupt *final = NULL;
    assert_int_equal(hp_service_get(bench.service, ids[number], NULL, &final, NULL), HP_OK);
    size_t winners = count_swept(ids[number]);
    assert_int_equal(winners, final->status == HP_EXPIRED);
    for (size_t thread = 0; thread < 6; thread++) {
        const struct outcome *outcome = &outcomes[thread][number];
        if (outcome->status == HP_OK) {
            winners++;
            assert_int_equal(outcome->became, final->status);
        } else {
            assert_int_equal(outcome->status, HP_CONFLICT);
            assert_string_equal(outcome->shown, hp_interrupt_status_name(final->status));
        }
    }
    assert_int_equal(winners, 1);
    hp_interrupt_free(final);
}

/* One event for the creation and one for the transition of each. */
static void judge_events(void) {
    struct hp_event_list events;
    bench_drain(&bench, &events);
    assert_int_equal(events.count, 2 * INTERRUPTS);
    for (size_t number = 0; number < INTERRUPTS; number++) {
        struct hp_interrupt *final = NULL;
        size_t count = 0;
        assert_int_equal(hp_service_get(bench.service, ids[number], NULL, &final, NULL), HP_OK);
        for (size_t i = 0; i < events.count; i++) {
            if (strcmp(events.events[i]->interrupt->id, ids[number]) == 0) {
                const char *want =
                    count == 0 ? "interrupt.confirmation_needed" : hp_interrupt_status_event(final->status);
                assert_string_equal(events.events[i]->type, want);
                count++;
            }
        }
        assert_int_equal(count, 2);
        hp_interrupt_free(final);
    }
    hp_event_list_release(&events);
}

static void test_one_winner(void **state) {
    (void)state;
    bench_init(&bench);
    for (int round = 0; round < ROUNDS; round++) {
        struct hp_create request = bench_request(HP_CONFIRMATION);
        request.ttl_us = 1;
        for (size_t i = 0; i < INTERRUPTS; i++) {
            struct hp_interrupt *created = bench_create(&bench, &request);
            memcpy(ids[i], created->id, HP_ID_SIZE);
            hp_interrupt_free(created);
        }
        run_threads(THREADS, race);
        assert_int_equal(hp_service_expire_pending(bench.service, &swept[0], NULL), HP_OK);
        for (size_t i = 0; i < INTERRUPTS; i++) {
            judge_interrupt(i);
        }
        judge_events();
        for (size_t i = 0; i < THREADS; i++) {
            hp_id_list_release(&swept[i]);
        }
    }
    bench_release(&bench);
}

static char created_ids[THREADS * STORM][HP_ID_SIZE];
static bool list_went_wrong;

static void *storm(void *argument) {
    size_t thread = (size_t)(uintptr_t)argument;
    pthread_barrier_wait(&barrier);
    for (size_t i = 0; i < STORM; i++) {
        char user[8], session[8];
        snprintf(user, sizeof user, "u%zu", i % 3);
        snprintf(session, sizeof session, "s%zu", i % 5);
        const struct hp_create request = {
            .kind = HP_TIMEOUT, .request_id = "storm", .user_id = user, .session_id = session};
        struct hp_interrupt *created = NULL;
        if (hp_service_create(bench.service, &request, &created, NULL) == HP_OK) {
            memcpy(created_ids[thread * STORM + i], created->id, HP_ID_SIZE);
        }
        hp_interrupt_free(created);
    }
    return NULL;
}

static int compare_ids(const void *one, const void *other) {
    return strcmp(one, other);
}

static size_t count_rows(struct hp_query query) {
    struct hp_page page = {0};
    assert_int_equal(hp_service_list(bench.service, &query, &page, NULL), HP_OK);
    size_t total = page.total;
    hp_page_release(&page);
    return total;
}

static void test_storm_of_creations(void **state) {
    (void)state;
    bench_init(&bench);
    run_threads(THREADS, storm);
    qsort(created_ids, THREADS * STORM, HP_ID_SIZE, compare_ids);
    for (size_t i = 0; i < THREADS * STORM; i++) {
        assert_true(hp_id_is_canonical(created_ids[i]));
        assert_true(i == 0 || strcmp(created_ids[i - 1], created_ids[i]) != 0);
    }
    assert_int_equal(count_rows((struct hp_query){.request_id = "storm"}), THREADS * STORM);
    size_t by_user = 0, by_session = 0;
    for (size_t i = 0; i < 5; i++) {
        char user[8], session[8];
        snprintf(user, sizeof user, "u%zu", i);
        snprintf(session, sizeof session, "s%zu", i);
        by_user += count_rows((struct hp_query){.user_id = user});
        by_session += count_rows((struct hp_query){.session_id = session});
    }
    assert_int_equal(by_user, THREADS * STORM);
    assert_int_equal(by_session, THREADS * STORM);
    struct hp_event_list events;
    bench_drain(&bench, &events);
    assert_int_equal(events.count, THREADS * STORM);
    hp_event_list_release(&events);
    bench_release(&bench);
}

enum { STILL = 60, TRAVERSALS = 25 };

static char still_ids[STILL][HP_ID_SIZE];

/* Reads the list page by page; false unless each row that never changes came exactly once. */
static bool traverse(void) {
    size_t seen[STILL] = {0};
    char cursor[HP_CURSOR_SIZE] = "";
    do {
        struct hp_page page = {0};
        const struct hp_query query = {.user_id = "ann", .limit = 7, .cursor = cursor[0] ? cursor : NULL};
        if (hp_service_list(bench.service, &query, &page, NULL) != HP_OK || page.total < STILL) {
            return false;
        }
        for (size_t i = 0; i < page.count; i++) {
            char *found = bsearch(page.interrupts[i]->id, still_ids, STILL, HP_ID_SIZE, compare_ids);
            if (found) {
                seen[(size_t)(found - still_ids[0]) / HP_ID_SIZE]++;
            }
        }
        memcpy(cursor, page.next_cursor, sizeof cursor);
        hp_page_release(&page);
    } while (cursor[0]);
    for (size_t i = 0; i < STILL; i++) {
        if (seen[i] != 1) {
            return false;
        }
    }
    return true;
}

static void *churn_or_list(void *argument) {
    size_t thread = (size_t)(uintptr_t)argument;
    pthread_barrier_wait(&barrier);
    for (size_t i = 0; thread > 0 && i < 100; i++) {
        const struct hp_create request = bench_request(HP_CHECKPOINT);
        struct hp_interrupt *created = NULL, *after = NULL;
        hp_service_create(bench.service, &request, &created, NULL);
        hp_clock_set(bench.clock, hp_clock_now(bench.clock) + (i % 4 == 0), NULL);
        if (created && i % 3 != 0) {
            hp_service_cancel(bench.service, created->id, "ann", NULL, &after, NULL);
        }
        hp_interrupt_free(created);
        hp_interrupt_free(after);
    }
    for (size_t i = 0; thread == 0 && i < TRAVERSALS; i++) {
        list_went_wrong = list_went_wrong || !traverse();
    }
    return NULL;
}

static void test_list_while_rows_come_and_go(void **state) {
    (void)state;
    bench_init(&bench);
    for (size_t i = 0; i < STILL; i++) {
        const struct hp_create request = bench_request(HP_CHECKPOINT);
        struct hp_interrupt *created = bench_create(&bench, &request);
        memcpy(still_ids[i], created->id, HP_ID_SIZE);
        bench_pass(&bench, i % 2);
        hp_interrupt_free(created);
    }
    qsort(still_ids, STILL, HP_ID_SIZE, compare_ids);
    list_went_wrong = false;
    run_threads(4, churn_or_list);
    assert_false(list_went_wrong);
    bench_release(&bench);
}

enum { DRAINERS = 4, PER_WORKER = 150, EVENTS_MAX = 4 * PER_WORKER * 2 };

/* What the drains gave, in the order in which they gave it. */
static pthread_mutex_t record_lock = PTHREAD_MUTEX_INITIALIZER;
static struct hp_event *recorded[EVENTS_MAX + 1];
static size_t recorded_count;
static bool drain_went_wrong;

static void drain_once(void) {
    struct hp_event_list events = {0};
    bool done = hp_service_take_events(bench.service, &events, NULL) == HP_OK;
    pthread_mutex_lock(&record_lock);
    for (size_t i = 0; i < events.count; i++) {
        const struct hp_event *event = events.events[i];
        struct hp_event *copy = hp_event_new(event->id, event->timestamp_us, event->interrupt);
        if (recorded_count < EVENTS_MAX) {
            recorded[recorded_count++] = copy;
        } else {
            hp_event_free(copy);
            drain_went_wrong = true;
        }
    }
    pthread_mutex_unlock(&record_lock);
    done = hp_service_settle_events(bench.service, &events, HP_DELIVERED, NULL) == HP_OK && done;
    pthread_mutex_lock(&record_lock);
    drain_went_wrong = drain_went_wrong || !done;
    pthread_mutex_unlock(&record_lock);
    hp_event_list_release(&events);
}

static void *work_or_drain(void *argument) {
    size_t thread = (size_t)(uintptr_t)argument;
    pthread_barrier_wait(&barrier);
    for (size_t i = 0; i < PER_WORKER; i++) {
        if (thread < DRAINERS) {
            drain_once();
            continue;
        }
        const struct hp_create request = bench_request(HP_CHECKPOINT);
        const struct hp_response response = {0};
        struct hp_interrupt *created = NULL, *after = NULL;
        hp_service_create(bench.service, &request, &created, NULL);
        hp_service_respond(bench.service, created ? created->id : "", "ann", &response, &after, NULL);
        hp_interrupt_free(created);
        hp_interrupt_free(after);
    }
    return NULL;
}

/* Drains side by side: each event once, and of each interrupt the creation before the answer. */
static void test_parallel_drains(void **state) {
    (void)state;
    bench_init(&bench);
    recorded_count = 0;
    drain_went_wrong = false;
    run_threads(THREADS, work_or_drain);
    drain_once();
    assert_false(drain_went_wrong);
    assert_int_equal(recorded_count, EVENTS_MAX);
    for (size_t i = 0; i < recorded_count; i++) {
        size_t others_before = 0;
        for (size_t j = 0; j < recorded_count; j++) {
            assert_true(i == j || strcmp(recorded[i]->id, recorded[j]->id) != 0);
            others_before += j < i && strcmp(recorded[i]->interrupt->id, recorded[j]->interrupt->id) == 0;
        }
        assert_int_equal(others_before, strcmp(recorded[i]->type, "interrupt.resolved") == 0);
    }
    for (size_t i = 0; i < recorded_count; i++) {
        hp_event_free(recorded[i]);
    }
    bench_release(&bench);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_winner),
        cmocka_unit_test(test_storm_of_creations),
        cmocka_unit_test(test_list_while_rows_come_and_go),
        cmocka_unit_test(test_parallel_drains),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
