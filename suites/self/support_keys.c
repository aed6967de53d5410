#include "suites/self/support_keys.h"
#include "reference/store/calls.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>

enum { THREADS = 8, ROUNDS = 25 };

static struct hp_idempotency key_of(const char *key, const char *request) {
    return (struct hp_idempotency){
        .scope = "POST /interrupts\nann", .key = key, .request = request, .outcome = HP_KEY_BUSY};
}

static struct hp_interrupt *create(struct bench *bench, struct hp_idempotency *key) {
    struct hp_create request = bench_request(HP_CONFIRMATION);
    struct hp_interrupt *created = NULL;
    request.question = key->request;
    request.data = "{\"a\":[1,2.5],\"b\":1e+22}";
    request.idempotency = key;
    assert_int_equal(store_create(bench->store, &request, &created, NULL), HP_OK);
    assert_non_null(created);
    return created;
}

static enum hp_status respond(struct bench *bench, const char *id, struct hp_idempotency *key,
                              const struct hp_response *response, struct hp_interrupt **after) {
    hp_problem_clear(&bench->problem);
    const struct hp_change change = {
        .id = id, .user_id = "ann", .to = HP_RESOLVED, .response = response, .idempotency = key};
    *after = NULL;
    return store_change(bench->store, &change, after, &bench->problem);
}

static size_t count_events(struct bench *bench) {
    struct hp_event_list events = {0};
    bench_drain(bench, &events);
    size_t count = events.count;
    hp_event_list_release(&events);
    return count;
}

void keys_repeat_a_creation(struct bench *bench) {
    struct hp_idempotency key = key_of("k", "once");
    struct hp_interrupt *first = create(bench, &key), *after = NULL;
    assert_int_equal(key.outcome, HP_KEY_FIRST);
    bench_pass(bench, 1);
    assert_int_equal(hp_service_cancel(bench->service, first->id, "ann", "late", &after, NULL), HP_OK);
    assert_int_equal(count_events(bench), 2);
    for (int i = 0; i < 3; i++) {
        struct hp_interrupt *again = create(bench, &key);
        assert_int_equal(key.outcome, HP_KEY_REPLAYED);
        assert_same_interrupt(again, first);
        hp_interrupt_free(again);
    }
    assert_int_equal(count_events(bench), 0);
    hp_interrupt_free(first);
    hp_interrupt_free(after);
}

void keys_repeat_a_response(struct bench *bench) {
    const struct hp_response yes = {.approved = HP_APPROVED, .data = "{\"why\":\"so\"}"};
    struct hp_create request = bench_request(HP_CONFIRMATION);
    struct hp_interrupt *created = bench_create(bench, &request), *first, *again;
    struct hp_idempotency key = key_of("k", "yes"), other = key_of("another", "yes");
    bench_pass(bench, 1);
    assert_int_equal(respond(bench, created->id, &key, &yes, &first), HP_OK);
    assert_int_equal(key.outcome, HP_KEY_FIRST);
    assert_int_equal(count_events(bench), 2);
    bench_pass(bench, HP_ANSWER_KEPT_US / 2);
    assert_int_equal(respond(bench, created->id, &key, &yes, &again), HP_OK);
    assert_int_equal(key.outcome, HP_KEY_REPLAYED);
    assert_same_interrupt(again, first);
    assert_int_equal(count_events(bench), 0);
    hp_interrupt_free(again);
    assert_int_equal(respond(bench, created->id, &other, &yes, &again), HP_CONFLICT);
    assert_int_equal(other.outcome, HP_KEY_FIRST);
    assert_string_equal(bench->problem.interrupt_status, "resolved");
    assert_null(again);
    hp_interrupt_free(created);
    hp_interrupt_free(first);
}

void keys_belong_to_one_request(struct bench *bench) {
    struct hp_idempotency one = key_of("k", "one"), other = key_of("k", "other"), elsewhere = other;
    struct hp_create request = bench_request(HP_CONFIRMATION);
    struct hp_interrupt *first = create(bench, &one), *none = NULL;
    struct hp_problem problem = {0};
    request.idempotency = &other;
    assert_refused(store_create(bench->store, &request, &none, &problem), &problem, HP_INVALID, "");
    assert_int_equal(other.outcome, HP_KEY_TAKEN);
    assert_null(none);
    assert_int_equal(count_events(bench), 1);
    elsewhere.scope = "POST /interrupts\nbob";
    struct hp_interrupt *second = create(bench, &elsewhere);
    assert_int_equal(elsewhere.outcome, HP_KEY_FIRST);
    assert_string_not_equal(first->id, second->id);
    hp_interrupt_free(first);
    hp_interrupt_free(second);
}

void keys_of_refusals_are_free(struct bench *bench) {
    const struct hp_response yes = {.approved = HP_APPROVED}, text = {.text = "x"};
    struct hp_create request = bench_request(HP_CONFIRMATION);
    struct hp_interrupt *created = bench_create(bench, &request), *after;
    struct hp_idempotency key = key_of("k", "text");
    assert_int_equal(respond(bench, created->id, &key, &text, &after), HP_INVALID);
    assert_int_equal(key.outcome, HP_KEY_FIRST);
    assert_string_equal(bench->problem.field, "/response/text");
    key = key_of("k", "text");
    assert_int_equal(respond(bench, "00000000-0000-4000-8000-000000000000", &key, &yes, &after),
                     HP_NOT_FOUND);
    key = key_of("k", "yes");
    assert_int_equal(respond(bench, created->id, &key, &yes, &after), HP_OK);
    assert_int_equal(key.outcome, HP_KEY_FIRST);
    hp_interrupt_free(after);
    request.ttl_us = HP_INSTANT_MAX;
    key = key_of("t", "too long");
    request.idempotency = &key;
    assert_int_equal(store_create(bench->store, &request, &after, NULL), HP_INVALID);
    assert_int_equal(key.outcome, HP_KEY_FIRST);
    key = key_of("t", "as it should be");
    hp_interrupt_free(create(bench, &key));
    assert_int_equal(key.outcome, HP_KEY_FIRST);
    hp_interrupt_free(created);
}

void keys_last_a_day(struct bench *bench) {
    struct hp_idempotency key = key_of("k", "once"), other = key_of("k", "other");
    struct hp_interrupt *first = create(bench, &key);
    bench_pass(bench, HP_ANSWER_KEPT_US);
    struct hp_interrupt *again = create(bench, &key);
    assert_int_equal(key.outcome, HP_KEY_REPLAYED);
    assert_string_equal(again->id, first->id);
    hp_interrupt_free(again);
    bench_pass(bench, 1);
    again = create(bench, &other);
    assert_int_equal(other.outcome, HP_KEY_FIRST);
    assert_string_not_equal(again->id, first->id);
    hp_interrupt_free(again);
    hp_interrupt_free(first);
}

/* What one thread came to. */
struct attempt {
    enum hp_status status;
    enum hp_key_outcome outcome;
    char id[HP_ID_SIZE];
};

static struct {
    struct bench *bench;
    pthread_barrier_t barrier;
    const char *id; /* NULL: they create */
    struct attempt attempts[THREADS];
} race;

static void *attempt(void *argument) {
    struct attempt *own = &race.attempts[(size_t)(uintptr_t)argument];
    struct hp_idempotency key = key_of(race.id ? race.id : "race", "same");
    struct hp_create request = bench_request(HP_CONFIRMATION);
    const struct hp_response yes = {.approved = HP_APPROVED};
    const struct hp_change change = {
        .id = race.id, .user_id = "ann", .to = HP_RESOLVED, .response = &yes, .idempotency = &key};
    struct hp_interrupt *interrupt = NULL;
    request.idempotency = &key;
    pthread_barrier_wait(&race.barrier);
    own->status = race.id ? store_change(race.bench->store, &change, &interrupt, NULL)
                          : store_create(race.bench->store, &request, &interrupt, NULL);
    own->outcome = key.outcome;
    memcpy(own->id, interrupt ? interrupt->id : "", interrupt ? HP_ID_SIZE : 1);
    hp_interrupt_free(interrupt);
    return NULL;
}

static void run_race(void) {
    pthread_t threads[THREADS];
    assert_int_equal(pthread_barrier_init(&race.barrier, NULL, THREADS), 0);
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, attempt, (void *)(uintptr_t)i), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    pthread_barrier_destroy(&race.barrier);
    const struct attempt *first = NULL;
    for (size_t i = 0; i < THREADS; i++) {
        if (race.attempts[i].outcome == HP_KEY_FIRST) {
            assert_null(first);
            first = &race.attempts[i];
        }
    }
    assert_non_null(first);
    for (size_t i = 0; i < THREADS; i++) {
        const struct attempt *own = &race.attempts[i];
        assert_int_equal(own->status, own->outcome == HP_KEY_BUSY ? HP_CONFLICT : HP_OK);
        assert_string_equal(own->id, own->outcome == HP_KEY_BUSY ? "" : first->id);
    }
}

void keys_in_a_race(struct bench *bench) {
    race.bench = bench;
    for (int i = 0; i < ROUNDS; i++) {
        race.id = NULL;
        bench_pass(bench, HP_ANSWER_KEPT_US + 1);
        run_race();
        assert_int_equal(count_events(bench), 1);
        struct hp_create request = bench_request(HP_CONFIRMATION);
        struct hp_interrupt *created = bench_create(bench, &request);
        race.id = created->id;
        run_race();
        assert_int_equal(count_events(bench), 2);
        hp_interrupt_free(created);
    }
}
