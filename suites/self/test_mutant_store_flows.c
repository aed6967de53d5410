/* Faults of flows and limits: what the store does then, alone and under two threads at once. */
#include "harness/adapters/mutant_store.h"
#include "harness/adapters/mutant_store_parts.h"
#include "reference/base/text.h"
#include "reference/store/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { TRIES = 20000 };

/* A memory store with one fault around it, and a clock that stands. */
struct faulty {
    struct hp_clock *clock;
    struct hp_ids *ids;
    struct hp_store *store;
};

static void faulty_init(struct faulty *faulty, const char *name) {
    const struct store_decorator decorator = mutant_store_decorator(name);
    *faulty = (struct faulty){.clock = hp_clock_new(), .ids = hp_ids_seeded_new(1)};
    assert_true(mutant_store_is_known(name));
    faulty->store = store_decorate(hp_store_memory_new(faulty->clock, faulty->ids), &decorator);
    assert_non_null(faulty->store);
    assert_int_equal(hp_clock_set(faulty->clock, 0, NULL), HP_OK);
}

static void faulty_release(struct faulty *faulty) {
    hp_store_free(faulty->store);
    hp_ids_free(faulty->ids);
    hp_clock_free(faulty->clock);
}

static void limit(struct faulty *faulty, int64_t per_minute) {
    const struct hp_rate_rule rule = {.user_id = "ann", .limits = {.most = {per_minute, 0, 0}}};
    assert_int_equal(faulty->store->ops->rate_set(faulty->store, &rule, NULL), HP_OK);
}

static bool is_let_through(struct hp_store *store, const char *endpoint, bool record) {
    const struct hp_rate_call call = {.user_id = "ann", .endpoint = endpoint, .record = record};
    struct hp_rate_answer answer;
    assert_int_equal(store->ops->rate_check(store, &call, &answer, NULL), HP_OK);
    return answer.verdict.allowed;
}

/* Two at once, each of which tells whether it got through. */
struct contender {
    struct faulty *faulty;
    pthread_barrier_t *barrier;
    const char *what; /* an interrupt, or an endpoint */
    bool (*act)(struct contender *contender);
    bool got_through;
};

static bool resume(struct contender *contender) {
    struct hp_store *store = contender->faulty->store;
    return store->ops->flow_resume(store, "env", contender->what, NULL, NULL) == HP_OK;
}

static bool check(struct contender *contender) {
    return is_let_through(contender->faulty->store, contender->what, true);
}

static void *contend(void *argument) {
    struct contender *contender = argument;
    pthread_barrier_wait(contender->barrier);
    contender->got_through = contender->act(contender);
    return NULL;
}

/* How many of two get through. */
static size_t both_at_once(struct faulty *faulty, const char *what,
                           bool (*act)(struct contender *contender)) {
    pthread_barrier_t barrier;
    pthread_t threads[2];
    struct contender contenders[2];
    pthread_barrier_init(&barrier, NULL, 2);
    for (size_t i = 0; i < 2; i++) {
        contenders[i] = (struct contender){faulty, &barrier, what, act, false};
        assert_int_equal(pthread_create(&threads[i], NULL, contend, &contenders[i]), 0);
    }
    for (size_t i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
    }
    pthread_barrier_destroy(&barrier);
    return (size_t)contenders[0].got_through + contenders[1].got_through;
}

/* Whether so many get through at some time, each time about something else. */
static bool happens(struct faulty *faulty, size_t wanted, bool (*act)(struct contender *contender)) {
    for (unsigned i = 0; i < TRIES; i++) {
        char what[HP_ID_SIZE];
        snprintf(what, sizeof what, "0f8fad5b-d9cb-469f-a165-%012u", i);
        if (both_at_once(faulty, what, act) == wanted) {
            return true;
        }
    }
    return false;
}

static void a_flow_runs_twice_when_two_resume_at_once(void **state) {
    (void)state;
    struct faulty faulty;
    faulty_init(&faulty, "flow-twice");
    struct contender alone = {.faulty = &faulty, .what = "7f8fad5b-d9cb-469f-a165-70867728950e"};
    assert_true(resume(&alone));
    assert_false(resume(&alone));
    assert_true(happens(&faulty, 2, resume));
    faulty_release(&faulty);
}

static void nobody_runs_a_flow_that_two_resume_at_once(void **state) {
    (void)state;
    struct faulty faulty;
    faulty_init(&faulty, "flow-nobody");
    struct contender alone = {.faulty = &faulty, .what = "7f8fad5b-d9cb-469f-a165-70867728950e"};
    assert_true(resume(&alone));
    assert_false(resume(&alone));
    assert_true(happens(&faulty, 0, resume));
    faulty_release(&faulty);
}

static void two_are_let_through_at_once(void **state) {
    (void)state;
    struct faulty faulty;
    faulty_init(&faulty, "rate-count-then-record");
    limit(&faulty, 1);
    assert_true(is_let_through(faulty.store, "/x", false));
    assert_true(is_let_through(faulty.store, "/x", true));
    assert_false(is_let_through(faulty.store, "/x", true));
    assert_true(happens(&faulty, 2, check));
    faulty_release(&faulty);
}

/* What is under the fault has counted nothing for that endpoint. */
static void a_server_counts_alone(void **state) {
    (void)state;
    struct faulty faulty;
    faulty_init(&faulty, "rate-of-each-server");
    limit(&faulty, 1);
    assert_true(is_let_through(faulty.store, "/x", true));
    assert_false(is_let_through(faulty.store, "/x", true));
    assert_true(is_let_through(((struct faulty_store *)faulty.store)->inner, "/x", true));
    faulty_release(&faulty);
}

static enum hp_status raise(struct faulty *faulty) {
    const struct hp_rate_claim claim = {.user_id = "ann", .endpoint = "/x", .before = ""};
    const struct hp_create request = {.kind = HP_RESOURCE_EXHAUSTED,
                                      .request_id = "r",
                                      .user_id = "ann",
                                      .session_id = "s",
                                      .data = "{}",
                                      .ttl_us = HP_SECOND_US,
                                      .rate = &claim};
    struct hp_interrupt *created = NULL;
    enum hp_status status = faulty->store->ops->create(faulty->store, &request, &created, NULL);
    hp_interrupt_free(created);
    return status;
}

static void each_refusal_raises_an_interrupt(void **state) {
    (void)state;
    struct faulty faulty;
    faulty_init(&faulty, "flow-twice"); /* creates as the store does */
    assert_true(is_let_through(faulty.store, "/x", true));
    assert_int_equal(raise(&faulty), HP_OK);
    assert_int_equal(raise(&faulty), HP_CONFLICT);
    faulty_release(&faulty);
    faulty_init(&faulty, "rate-tells-each");
    assert_true(is_let_through(faulty.store, "/x", true));
    assert_int_equal(raise(&faulty), HP_OK);
    assert_int_equal(raise(&faulty), HP_OK);
    faulty_release(&faulty);
}

static void a_server_knows_its_own_flows(void **state) {
    (void)state;
    const struct hp_flow flow = {
        .pid = "env", .version = 1, .state = HP_FLOW_RUNNING, .envelope = "{}", .notes = "{}"};
    struct hp_flow *read = NULL;
    struct faulty faulty;
    faulty_init(&faulty, "flows-in-memory");
    struct hp_store *store = faulty.store, *inner = ((struct faulty_store *)store)->inner;
    assert_int_equal(inner->ops->flow_add(inner, &flow, NULL), HP_OK);
    assert_int_equal(store->ops->flow_get(store, "env", &read, NULL), HP_NOT_FOUND);
    assert_int_equal(store->ops->flow_add(store, &flow, NULL), HP_CONFLICT);
    assert_int_equal(store->ops->flow_get(store, "env", &read, NULL), HP_OK);
    hp_flow_free(read);
    faulty_release(&faulty);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_flow_runs_twice_when_two_resume_at_once),
        cmocka_unit_test(nobody_runs_a_flow_that_two_resume_at_once),
        cmocka_unit_test(two_are_let_through_at_once),
        cmocka_unit_test(a_server_counts_alone),
        cmocka_unit_test(each_refusal_raises_an_interrupt),
        cmocka_unit_test(a_server_knows_its_own_flows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) == 0 ? 0 : 1;
}
