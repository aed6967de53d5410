#include "reference/store/calls.h"
#include "reference/store/memory.h"
#include "suites/self/support_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>

enum { SHARDS_AT_MOST = 64 };

static struct hp_interrupt *store_read(struct bench *bench, const char *id) {
    struct hp_interrupt *shown = NULL;
    assert_int_equal(store_get(bench->store, id, &shown, NULL), HP_OK);
    return shown;
}

static struct hp_interrupt *respond(struct bench *bench, const char *id, enum hp_kind kind) {
    struct hp_response response = bench_response(kind);
    const struct hp_change change = {.id = id, .user_id = "ann", .to = HP_RESOLVED, .response = &response};
    struct hp_interrupt *after = NULL;
    assert_int_equal(store_change(bench->store, &change, &after, NULL), HP_OK);
    return after;
}

static size_t sweep(struct bench *bench) {
    struct hp_id_list ids = {0};
    assert_int_equal(store_expire_due(bench->store, &ids, NULL), HP_OK);
    size_t count = ids.count;
    hp_id_list_release(&ids);
    return count;
}

static void test_create_and_get(void **state) {
    (void)state;
    struct bench bench;
    bench_init(&bench);
    struct hp_create request = bench_request(HP_CRITIC_REVIEW);
    request.data = "{\"a\":1}";
    struct hp_interrupt *created = bench_create(&bench, &request), *read = store_read(&bench, created->id);
    assert_same_interrupt(created, read);
    assert_true(created->created_at_us == BENCH_NOW_US);
    assert_true(hp_id_is_canonical(created->id));
    struct hp_interrupt *none = NULL;
    struct hp_problem problem = {0};
    assert_refused(store_get(bench.store, "no such id", &none, &problem), &problem, HP_NOT_FOUND, "");
    assert_null(none);
    hp_interrupt_free(created);
    hp_interrupt_free(read);
    bench_release(&bench);
}

/* What a caller holds neither follows the store nor leads it. */
static void test_snapshots(void **state) {
    (void)state;
    struct bench bench;
    bench_init(&bench);
    char data[] = "{\"a\":1}", text[] = "tomorrow";
    struct hp_create request = bench_request(HP_CLARIFICATION);
    request.data = data;
    struct hp_interrupt *created = bench_create(&bench, &request);
    data[2] = 'X';
    created->status = HP_CANCELLED;
    ((char *)(uintptr_t)created->user_id)[0] = 'X';
    struct hp_interrupt *read = store_read(&bench, created->id);
    assert_string_equal(read->data, "{\"a\":1}");
    assert_string_equal(read->user_id, "ann");
    assert_int_equal(read->status, HP_PENDING);
    struct hp_response response = {.text = text};
    const struct hp_change change = {.id = created->id, .to = HP_RESOLVED, .response = &response};
    struct hp_interrupt *after = NULL;
    assert_int_equal(store_change(bench.store, &change, &after, NULL), HP_OK);
    text[0] = 'X';
    ((char *)(uintptr_t)after->response.text)[1] = 'Y';
    assert_int_equal(read->status, HP_PENDING);
    struct hp_interrupt *again = store_read(&bench, created->id);
    assert_string_equal(again->response.text, "tomorrow");
    struct hp_event_list events;
    bench_drain(&bench, &events);
    assert_int_equal(events.count, 2);
    assert_int_equal(events.events[0]->interrupt->status, HP_PENDING);
    assert_string_equal(events.events[1]->interrupt->response.text, "tomorrow");
    hp_event_list_release(&events);
    hp_interrupt_free(created);
    hp_interrupt_free(read);
    hp_interrupt_free(after);
    hp_interrupt_free(again);
    bench_release(&bench);
}

static void test_refused_creations_store_nothing(void **state) {
    (void)state;
    struct bench bench;
    bench_init(&bench);
    assert_int_equal(hp_clock_set(bench.clock, HP_INSTANT_MAX, NULL), HP_OK);
    struct hp_create request = bench_request(HP_TIMEOUT);
    struct hp_interrupt *created = NULL;
    struct hp_problem problem = {0};
    enum hp_status status = store_create(bench.store, &request, &created, &problem);
    assert_refused(status, &problem, HP_INVALID, "/ttl_seconds");
    assert_null(created);
    struct hp_query query = {.user_id = "ann", .statuses = HP_STATUSES_ALL};
    struct hp_page page = {0};
    assert_int_equal(hp_service_list(bench.service, &query, &page, NULL), HP_OK);
    assert_int_equal(page.total, 0);
    hp_page_release(&page);
    struct hp_event_list events;
    bench_drain(&bench, &events);
    assert_int_equal(events.count, 0);
    hp_event_list_release(&events);
    bench_release(&bench);
}

/* Each kind with a time to live, at the boundary and behind it; the sweep stores and tells it once. */
static void test_expiry(void **state) {
    (void)state;
    for (int kind = 0; kind < HP_KIND_COUNT; kind++) {
        struct bench bench;
        bench_init(&bench);
        struct hp_create request = bench_request((enum hp_kind)kind);
        request.ttl_us = 10;
        struct hp_interrupt *created = bench_create(&bench, &request);
        bench_forget_events(&bench);
        bench_pass(&bench, 10);
        assert_int_equal(sweep(&bench), 0);
        bench_pass(&bench, 1);
        bool expires = kind != HP_CHECKPOINT;
        struct hp_interrupt *shown = store_read(&bench, created->id);
        assert_int_equal(shown->status, expires ? HP_EXPIRED : HP_PENDING);
        struct hp_event_list events;
        bench_drain(&bench, &events);
        assert_int_equal(events.count, 0); /* shown, not stored */
        hp_event_list_release(&events);
        assert_int_equal(sweep(&bench), expires);
        assert_int_equal(sweep(&bench), 0);
        bench_drain(&bench, &events);
        assert_int_equal(events.count, expires);
        if (expires) {
            assert_string_equal(events.events[0]->type, "interrupt.expired");
            assert_same_interrupt(events.events[0]->interrupt, shown);
        }
        hp_event_list_release(&events);
        hp_interrupt_free(created);
        hp_interrupt_free(shown);
        bench_release(&bench);
    }
}

static void test_sweep_appends_ids(void **state) {
    (void)state;
    struct bench bench;
    bench_init(&bench);
    struct hp_id_list ids = {0};
    for (size_t round = 1; round <= 3; round++) {
        struct hp_create request = bench_request(HP_TIMEOUT);
        request.ttl_us = 1;
        struct hp_interrupt *created = bench_create(&bench, &request);
        bench_pass(&bench, 2);
        assert_int_equal(store_expire_due(bench.store, &ids, NULL), HP_OK);
        assert_int_equal(ids.count, round);
        assert_string_equal(ids.ids[round - 1], created->id);
        hp_interrupt_free(created);
    }
    hp_id_list_release(&ids);
    bench_release(&bench);
}

static void create_many(struct bench *bench, size_t count, enum hp_kind kind, int64_t ttl_us) {
    struct hp_create request = bench_request(kind);
    request.ttl_us = ttl_us;
    for (size_t i = 0; i < count; i++) {
        hp_interrupt_free(bench_create(bench, &request));
    }
}

/* The records that a sweep looks at: those it expires, and one for each shard where it stops. What else is
 * stored, due later, never, or done with, costs nothing. */
static void test_cost_of_a_sweep(void **state) {
    (void)state;
    static const size_t stored[] = {0, 1000, 10000};
    for (size_t i = 0; i < sizeof stored / sizeof stored[0]; i++) {
        struct bench bench;
        bench_init(&bench);
        create_many(&bench, stored[i] / 2, HP_CONFIRMATION, HP_SECOND_US);
        create_many(&bench, stored[i] / 4, HP_CHECKPOINT, 1);
        create_many(&bench, stored[i] / 4, HP_TIMEOUT, HP_TTL_NEVER);
        for (size_t due = 0; due <= 100; due += 50) {
            create_many(&bench, due, HP_CONFIRMATION, 1);
            uint64_t before = memory_sweep_visits(bench.store);
            bench_pass(&bench, 2);
            assert_int_equal(sweep(&bench), due);
            uint64_t visits = memory_sweep_visits(bench.store) - before;
            assert_in_range(visits, due, due + SHARDS_AT_MOST);
        }
        bench_release(&bench);
    }
}

/* The answered and cancelled ones leave the list of expiries at once. */
static void test_final_ones_are_not_visited(void **state) {
    (void)state;
    struct bench bench;
    bench_init(&bench);
    for (int i = 0; i < 200; i++) {
        struct hp_create request = bench_request(HP_CONFIRMATION);
        struct hp_interrupt *created = bench_create(&bench, &request);
        hp_interrupt_free(respond(&bench, created->id, HP_CONFIRMATION));
        hp_interrupt_free(created);
    }
    bench_pass(&bench, 7200 * HP_SECOND_US);
    assert_int_equal(sweep(&bench), 0);
    assert_int_equal(memory_sweep_visits(bench.store), 0);
    bench_release(&bench);
}

/* Reads all pages of a query; every row once, newest first, ties by id descending. Returns the number of
 * rows. */
static size_t read_pages(struct bench *bench, struct hp_query query, size_t total) {
    char cursor[HP_CURSOR_SIZE] = "";
    struct hp_interrupt *last = NULL;
    size_t rows = 0;
    do {
        struct hp_page page = {0};
        query.cursor = cursor[0] ? cursor : NULL;
        assert_int_equal(hp_service_list(bench->service, &query, &page, NULL), HP_OK);
        assert_int_equal(page.total, total);
        assert_true(page.count <= query.limit);
        for (size_t i = 0; i < page.count; i++, rows++) {
            const struct hp_interrupt *row = page.interrupts[i];
            assert_true(!last || row->created_at_us < last->created_at_us ||
                        (row->created_at_us == last->created_at_us && strcmp(row->id, last->id) < 0));
            hp_interrupt_free(last);
            last = hp_interrupt_new(row);
        }
        memcpy(cursor, page.next_cursor, sizeof cursor);
        hp_page_release(&page);
    } while (cursor[0]);
    hp_interrupt_free(last);
    return rows;
}

static void test_pages(void **state) {
    (void)state;
    struct bench bench;
    bench_init(&bench);
    for (size_t i = 0; i < 23; i++) {
        create_many(&bench, 1, (enum hp_kind)(i % HP_KIND_COUNT), HP_TTL_NEVER);
        bench_pass(&bench, i % 3 == 0); /* several of one instant */
    }
    for (unsigned limit = 1; limit <= 24; limit++) {
        const struct hp_query query = {.user_id = "ann", .limit = limit};
        assert_int_equal(read_pages(&bench, query, 23), 23);
    }
    struct hp_query query = {.session_id = "s1", .kinds = 1u << HP_TIMEOUT, .limit = 2};
    assert_int_equal(read_pages(&bench, query, 3), 3);
    query = (struct hp_query){.request_id = "r1", .user_id = "bob", .limit = 2};
    assert_int_equal(read_pages(&bench, query, 0), 0);
    query = (struct hp_query){.request_id = "r2", .limit = 2};
    assert_int_equal(read_pages(&bench, query, 0), 0);
    bench_release(&bench);
}

/* Each of the three texts leads to its own rows, whichever others stand beside it. */
static void test_indexes(void **state) {
    (void)state;
    static const char *const names[] = {"a", "b", "c"};
    struct bench bench;
    bench_init(&bench);
    for (size_t i = 0; i < 27; i++) {
        struct hp_create request = {.kind = HP_CHECKPOINT,
                                    .request_id = names[i % 3],
                                    .session_id = names[i / 3 % 3],
                                    .user_id = names[i / 9 % 3]};
        hp_interrupt_free(bench_create(&bench, &request));
    }
    for (size_t mask = 1; mask < 8; mask++) {
        for (size_t i = 0; i < 27; i++) {
            const struct hp_query query = {.request_id = mask & 1 ? names[i % 3] : NULL,
                                           .session_id = mask & 2 ? names[i / 3 % 3] : NULL,
                                           .user_id = mask & 4 ? names[i / 9 % 3] : NULL,
                                           .limit = 50};
            size_t given = (mask & 1) + (mask >> 1 & 1) + (mask >> 2 & 1);
            size_t want = given == 1 ? 9 : given == 2 ? 3 : 1;
            assert_int_equal(read_pages(&bench, query, want), want);
        }
    }
    bench_release(&bench);
}

static void test_take_in_parts(void **state) {
    (void)state;
    struct bench bench;
    bench_init(&bench);
    create_many(&bench, 50, HP_CHECKPOINT, HP_TTL_NEVER);
    struct hp_event_list events = {0};
    for (size_t round = 1; round <= 7; round++) {
        assert_int_equal(store_outbox_take(bench.store, 7, &events, NULL), HP_OK);
        assert_int_equal(events.count, round * 7);
    }
    assert_int_equal(store_outbox_take(bench.store, 7, &events, NULL), HP_OK);
    assert_int_equal(events.count, 50);
    assert_int_equal(store_outbox_take(bench.store, 0, &events, NULL), HP_OK);
    for (size_t i = 0; i < events.count; i++) {
        assert_int_equal(store_outbox_settle(bench.store, events.events[i], HP_DELIVERED, NULL), HP_OK);
        assert_int_equal(store_outbox_settle(bench.store, events.events[i], HP_DELIVERED, NULL),
                         HP_NOT_FOUND);
    }
    hp_event_list_release(&events);
    bench_release(&bench);
}

static void test_changes(void **state) {
    (void)state;
    struct bench bench;
    bench_init(&bench);
    struct hp_create request = bench_request(HP_CONFIRMATION);
    struct hp_interrupt *created = bench_create(&bench, &request);
    struct hp_change change = {.id = "nobody", .user_id = "ann", .to = HP_CANCELLED, .reason = "no"};
    struct hp_interrupt *after = NULL;
    assert_int_equal(store_change(bench.store, &change, &after, NULL), HP_NOT_FOUND);
    change.id = created->id;
    change.user_id = "bob";
    assert_int_equal(store_change(bench.store, &change, &after, NULL), HP_FORBIDDEN);
    assert_null(after);
    change.user_id = "ann";
    assert_int_equal(store_change(bench.store, &change, &after, NULL), HP_OK);
    struct hp_problem problem = {0};
    struct hp_interrupt *none = NULL, *read = store_read(&bench, created->id);
    assert_int_equal(store_change(bench.store, &change, &none, &problem), HP_CONFLICT);
    assert_string_equal(problem.interrupt_status, "cancelled");
    assert_same_interrupt(after, read);
    struct hp_event_list events;
    bench_drain(&bench, &events);
    assert_int_equal(events.count, 2);
    assert_string_equal(events.events[0]->type, "interrupt.confirmation_needed");
    assert_string_equal(events.events[1]->type, "interrupt.cancelled");
    assert_string_not_equal(events.events[0]->id, events.events[1]->id);
    assert_same_interrupt(events.events[1]->interrupt, after);
    hp_event_list_release(&events);
    hp_interrupt_free(created);
    hp_interrupt_free(after);
    hp_interrupt_free(read);
    bench_release(&bench);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_create_and_get),
        cmocka_unit_test(test_snapshots),
        cmocka_unit_test(test_refused_creations_store_nothing),
        cmocka_unit_test(test_changes),
        cmocka_unit_test(test_expiry),
        cmocka_unit_test(test_sweep_appends_ids),
        cmocka_unit_test(test_cost_of_a_sweep),
        cmocka_unit_test(test_final_ones_are_not_visited),
        cmocka_unit_test(test_pages),
        cmocka_unit_test(test_indexes),
        cmocka_unit_test(test_take_in_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
