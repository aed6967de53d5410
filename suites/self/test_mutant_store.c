#include "harness/adapters/mutant_store.h"
#include "reference/base/text.h"
#include "reference/store/memory.h"
#include "reference/store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <pthread.h>

/* A memory store with one fault around it, and a clock that the test sets. */
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

static void create(struct faulty *faulty, int64_t ttl_us, char id[HP_ID_SIZE]) {
    const struct hp_create request = {.kind = HP_CLARIFICATION,
                                      .request_id = "r",
                                      .user_id = "u",
                                      .session_id = "s",
                                      .data = "{\"n\":1}",
                                      .ttl_us = ttl_us};
    struct hp_interrupt *created = NULL;
    assert_int_equal(faulty->store->ops->create(faulty->store, &request, &created, NULL), HP_OK);
    text_put(id, HP_ID_SIZE, created->id);
    hp_interrupt_free(created);
}

static enum hp_status answer(struct faulty *faulty, const char *id, const char *text) {
    const struct hp_response response = {.text = text};
    const struct hp_change change = {.id = id, .user_id = "u", .to = HP_RESOLVED, .response = &response};
    struct hp_interrupt *after = NULL;
    enum hp_status status = faulty->store->ops->change(faulty->store, &change, &after, NULL);
    hp_interrupt_free(after);
    return status;
}

static struct hp_interrupt *get(struct faulty *faulty, const char *id) {
    struct hp_interrupt *shown = NULL;
    assert_int_equal(faulty->store->ops->get(faulty->store, id, &shown, NULL), HP_OK);
    return shown;
}

static size_t list(struct faulty *faulty, unsigned limit, size_t *total) {
    struct hp_query query = {.user_id = "u", .limit = limit, .statuses = 15};
    struct hp_page page = {0};
    assert_int_equal(hp_query_check(&query, NULL), HP_OK);
    assert_int_equal(faulty->store->ops->list(faulty->store, &query, NULL, &page, NULL), HP_OK);
    size_t count = page.count;
    *total = page.total;
    hp_page_release(&page);
    return count;
}

/* Takes all events, settles them, and returns how many there were. */
static size_t drain(struct faulty *faulty) {
    struct hp_event_list events = {0};
    assert_int_equal(faulty->store->ops->outbox_take(faulty->store, SIZE_MAX, &events, NULL), HP_OK);
    for (size_t i = 0; i < events.count; i++) {
        assert_int_equal(
            faulty->store->ops->outbox_settle(faulty->store, events.events[i], HP_DELIVERED, NULL), HP_OK);
    }
    size_t count = events.count;
    hp_event_list_release(&events);
    return count;
}

struct contender {
    struct faulty *faulty;
    pthread_barrier_t *barrier;
    const char *id;
    char text[8];
    bool won;
};

static void *contend(void *argument) {
    struct contender *contender = argument;
    pthread_barrier_wait(contender->barrier);
    contender->won = answer(contender->faulty, contender->id, contender->text) == HP_OK;
    return NULL;
}

/* How many of two threads that answer at once are told that they won. */
static size_t count_winners(struct faulty *faulty) {
    char id[HP_ID_SIZE];
    pthread_barrier_t barrier;
    pthread_t threads[2];
    struct contender contenders[2];
    create(faulty, HP_TTL_NEVER, id);
    pthread_barrier_init(&barrier, NULL, 2);
    for (size_t i = 0; i < 2; i++) {
        contenders[i] = (struct contender){.faulty = faulty, .barrier = &barrier, .id = id, .text = "a"};
        contenders[i].text[0] = (char)('a' + i);
        assert_int_equal(pthread_create(&threads[i], NULL, contend, &contenders[i]), 0);
    }
    for (size_t i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
    }
    pthread_barrier_destroy(&barrier);
    struct hp_interrupt *shown = get(faulty, id);
    assert_int_equal(shown->status, HP_RESOLVED);
    hp_interrupt_free(shown);
    return (size_t)contenders[0].won + contenders[1].won;
}

static void two_win_when_they_answer_at_once(void **state) {
    (void)state;
    enum { TRIES = 20000 };
    struct faulty faulty;
    size_t tries = 0;
    char id[HP_ID_SIZE];
    faulty_init(&faulty, "two-winners");
    while (tries < TRIES && count_winners(&faulty) < 2) {
        tries++;
    }
    assert_in_range(tries, 0, TRIES - 1);
    create(&faulty, HP_TTL_NEVER, id);
    assert_int_equal(answer(&faulty, id, "first"), HP_OK);
    assert_int_equal(answer(&faulty, id, "second"), HP_CONFLICT);
    assert_int_equal(answer(&faulty, "none", "x"), HP_NOT_FOUND);
    faulty_release(&faulty);
}

static void *answer_elsewhere(void *argument) {
    struct contender *contender = argument;
    contender->won = answer(contender->faulty, contender->id, "x") == HP_OK;
    return NULL;
}

/* What another thread has changed is shown as it was, once. */
static void a_read_is_stale_once(void **state) {
    (void)state;
    struct faulty faulty;
    char id[HP_ID_SIZE], own[HP_ID_SIZE];
    pthread_t thread;
    faulty_init(&faulty, "stale-read");
    create(&faulty, HP_TTL_NEVER, id);
    create(&faulty, HP_TTL_NEVER, own);
    struct contender contender = {.faulty = &faulty, .id = id};
    assert_int_equal(pthread_create(&thread, NULL, answer_elsewhere, &contender), 0);
    pthread_join(thread, NULL);
    assert_true(contender.won);
    static const enum hp_interrupt_status wanted[] = {HP_PENDING, HP_RESOLVED};
    for (size_t i = 0; i < 2; i++) {
        struct hp_interrupt *shown = get(&faulty, id);
        assert_int_equal(shown->status, wanted[i]);
        hp_interrupt_free(shown);
    }
    assert_int_equal(answer(&faulty, own, "x"), HP_OK);
    struct hp_interrupt *shown = get(&faulty, own);
    assert_int_equal(shown->status, HP_RESOLVED);
    hp_interrupt_free(shown);
    faulty_release(&faulty);
}

static void what_has_lapsed_is_answered(void **state) {
    (void)state;
    struct faulty faulty;
    char id[HP_ID_SIZE];
    faulty_init(&faulty, "answer-after-expiry");
    create(&faulty, HP_SECOND_US, id);
    hp_clock_set(faulty.clock, 2 * HP_SECOND_US, NULL);
    assert_int_equal(answer(&faulty, id, "late"), HP_OK);
    struct hp_interrupt *shown = get(&faulty, id);
    assert_int_equal(shown->status, HP_RESOLVED);
    assert_string_equal(shown->response.text, "late");
    hp_interrupt_free(shown);
    assert_int_equal(answer(&faulty, "none", "x"), HP_NOT_FOUND);
    faulty_release(&faulty);
}

static void a_cancel_leaves_the_reason_alone(void **state) {
    (void)state;
    struct faulty faulty;
    char id[HP_ID_SIZE], other[HP_ID_SIZE];
    struct hp_interrupt *after = NULL;
    faulty_init(&faulty, "lost-update");
    create(&faulty, HP_TTL_NEVER, id);
    create(&faulty, HP_TTL_NEVER, other);
    struct hp_change change = {.id = id, .user_id = "u", .to = HP_CANCELLED, .reason = "late"};
    assert_int_equal(faulty.store->ops->change(faulty.store, &change, &after, NULL), HP_OK);
    assert_string_equal(after->data, "{\"cancel_reason\":\"late\"}");
    hp_interrupt_free(after);
    struct hp_interrupt *shown = get(&faulty, id);
    assert_string_equal(shown->data, "{\"cancel_reason\":\"late\"}");
    hp_interrupt_free(shown);
    change = (struct hp_change){.id = other, .user_id = "u", .to = HP_CANCELLED};
    assert_int_equal(faulty.store->ops->change(faulty.store, &change, &after, NULL), HP_OK);
    assert_string_equal(after->data, "{\"n\":1}");
    hp_interrupt_free(after);
    faulty_release(&faulty);
}

static void some_events_come_twice(void **state) {
    (void)state;
    struct faulty faulty;
    char id[HP_ID_SIZE];
    faulty_init(&faulty, "event-twice");
    for (size_t i = 0; i < 4; i++) {
        create(&faulty, HP_TTL_NEVER, id);
    }
    assert_int_equal(drain(&faulty), 4);
    assert_int_equal(drain(&faulty), 1);
    assert_int_equal(drain(&faulty), 0);
    faulty_release(&faulty);
}

static void some_events_are_missing(void **state) {
    (void)state;
    struct faulty faulty;
    char id[HP_ID_SIZE];
    faulty_init(&faulty, "event-missing");
    for (size_t i = 0; i < 8; i++) {
        create(&faulty, HP_TTL_NEVER, id);
    }
    assert_int_equal(drain(&faulty), 6);
    assert_int_equal(drain(&faulty), 0);
    faulty_release(&faulty);
}

static void a_page_lacks_its_last_row(void **state) {
    (void)state;
    struct faulty faulty;
    size_t total;
    char id[HP_ID_SIZE];
    faulty_init(&faulty, "list-skips");
    for (size_t i = 0; i < 3; i++) {
        create(&faulty, HP_TTL_NEVER, id);
    }
    assert_int_equal(list(&faulty, 2, &total), 1);
    assert_int_equal(list(&faulty, 3, &total), 3);
    assert_int_equal(total, 3);
    faulty_release(&faulty);
}

static void a_sweep_takes_what_is_resolved(void **state) {
    (void)state;
    struct faulty faulty;
    char resolved[HP_ID_SIZE], later[HP_ID_SIZE], due[HP_ID_SIZE];
    struct hp_id_list ids = {0};
    faulty_init(&faulty, "sweeps-the-resolved");
    create(&faulty, HP_SECOND_US, resolved);
    create(&faulty, 9 * HP_SECOND_US, later);
    create(&faulty, 2 * HP_SECOND_US, due);
    assert_int_equal(answer(&faulty, resolved, "x"), HP_OK);
    assert_int_equal(answer(&faulty, later, "x"), HP_OK);
    hp_clock_set(faulty.clock, 3 * HP_SECOND_US, NULL);
    assert_int_equal(faulty.store->ops->expire_due(faulty.store, &ids, NULL), HP_OK);
    assert_int_equal(ids.count, 2);
    assert_string_equal(ids.ids[0], due);
    assert_string_equal(ids.ids[1], resolved);
    hp_id_list_release(&ids);
    struct hp_interrupt *shown = get(&faulty, resolved);
    assert_int_equal(shown->status, HP_EXPIRED);
    assert_false(shown->has_response);
    hp_interrupt_free(shown);
    shown = get(&faulty, later);
    assert_int_equal(shown->status, HP_RESOLVED);
    hp_interrupt_free(shown);
    faulty_release(&faulty);
}

static void an_id_comes_again(void **state) {
    (void)state;
    struct faulty faulty;
    char ids[2][HP_ID_SIZE];
    faulty_init(&faulty, "id-reused");
    for (size_t i = 0; i < 2; i++) {
        create(&faulty, (int64_t)(i + 1) * HP_SECOND_US, ids[i]);
    }
    assert_string_equal(ids[0], ids[1]);
    struct hp_interrupt *shown = get(&faulty, ids[0]);
    assert_int_equal(shown->expires_at_us, 2 * HP_SECOND_US);
    hp_interrupt_free(shown);
    faulty_release(&faulty);
}

/* What waits when a server begins is ended by its first operation, and what comes later is not. */
static void a_start_ends_what_waits(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum hp_interrupt_status status;
    } rows[] = {{"start-cancels", HP_CANCELLED}, {"start-completes", HP_RESOLVED}};
    for (size_t i = 0; i < 2; i++) {
        struct hp_clock *clock = hp_clock_new();
        struct hp_ids *ids = hp_ids_seeded_new(1);
        const struct store_decorator decorator = mutant_store_decorator(rows[i].name);
        struct hp_store *inner = hp_store_memory_new(clock, ids);
        struct faulty before = {clock, ids, inner};
        char waiting[HP_ID_SIZE], later[HP_ID_SIZE];
        assert_int_equal(hp_clock_set(clock, 0, NULL), HP_OK);
        create(&before, HP_TTL_NEVER, waiting);
        struct faulty faulty = {clock, ids, store_decorate(inner, &decorator)};
        create(&faulty, HP_TTL_NEVER, later);
        struct hp_interrupt *shown = get(&faulty, waiting);
        assert_int_equal(shown->status, rows[i].status);
        hp_interrupt_free(shown);
        shown = get(&faulty, later);
        assert_int_equal(shown->status, HP_PENDING);
        hp_interrupt_free(shown);
        faulty_release(&faulty);
    }
}

/* Each fault under two threads at once that do everything: for ThreadSanitizer, and nothing is lost but what the
 * fault loses. */
static void *do_everything(void *argument) {
    struct contender *contender = argument;
    struct faulty *faulty = contender->faulty;
    char id[HP_ID_SIZE];
    size_t total;
    for (size_t i = 0; i < 100; i++) {
        create(faulty, i % 2 ? HP_TTL_NEVER : HP_SECOND_US, id);
        answer(faulty, id, "x");
        struct hp_interrupt *shown = get(faulty, id);
        hp_interrupt_free(shown);
        list(faulty, 2, &total);
        drain(faulty);
        struct hp_id_list ids = {0};
        faulty->store->ops->expire_due(faulty->store, &ids, NULL);
        hp_id_list_release(&ids);
    }
    contender->won = true;
    return NULL;
}

static void every_fault_bears_threads(void **state) {
    (void)state;
    const char *name;
    for (size_t at = 0; (name = mutant_store_name(at)); at++) {
        struct faulty faulty;
        struct contender contenders[2];
        pthread_t threads[2];
        faulty_init(&faulty, name);
        for (size_t i = 0; i < 2; i++) {
            contenders[i] = (struct contender){.faulty = &faulty};
            assert_int_equal(pthread_create(&threads[i], NULL, do_everything, &contenders[i]), 0);
        }
        for (size_t i = 0; i < 2; i++) {
            pthread_join(threads[i], NULL);
            assert_true(contenders[i].won);
        }
        faulty_release(&faulty);
    }
    assert_in_range(mutant_store_name(8) != NULL, 1, 1);
    assert_false(mutant_store_is_known("none"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_win_when_they_answer_at_once),
        cmocka_unit_test(a_read_is_stale_once),
        cmocka_unit_test(what_has_lapsed_is_answered),
        cmocka_unit_test(a_cancel_leaves_the_reason_alone),
        cmocka_unit_test(some_events_come_twice),
        cmocka_unit_test(some_events_are_missing),
        cmocka_unit_test(a_page_lacks_its_last_row),
        cmocka_unit_test(a_sweep_takes_what_is_resolved),
        cmocka_unit_test(an_id_comes_again),
        cmocka_unit_test(a_start_ends_what_waits),
        cmocka_unit_test(every_fault_bears_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
