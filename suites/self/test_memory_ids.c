/* The memory store over a source of ids that repeats itself or fails. This file is that source: it defines
 * every function of ids.h, so that the linker does not take the real one out of the archive. */
#include "reference/service/service.h"
#include "reference/store/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct hp_ids {
    const char *const *script; /* ends with NULL; from there on the last one again and again */
    size_t next;
    size_t fail_at; /* 0: never; else the draw that fails, counted from 1 */
};

static const char one[] = "00000000-0000-4000-8000-000000000001";
static const char two[] = "00000000-0000-4000-8000-000000000002";
static const char three[] = "00000000-0000-4000-8000-000000000003";
static const char event_id[] = "eeeeeeee-0000-4000-8000-000000000000";

enum hp_status hp_ids_next(struct hp_ids *ids, char id[HP_ID_SIZE], struct hp_problem *problem) {
    const char *drawn = ids->script[ids->next];
    if (ids->fail_at > 0 && --ids->fail_at == 0) {
        return hp_problem_set(problem, HP_UNAVAILABLE, NULL, "no random bytes");
    }
    ids->next += ids->script[ids->next + 1] != NULL;
    memcpy(id, drawn, HP_ID_SIZE);
    return HP_OK;
}

bool hp_id_is_canonical(const char *text) {
    return strlen(text) == HP_ID_SIZE - 1;
}

/* A service over a store of such ids. */
struct scripted {
    struct hp_ids ids;
    struct hp_clock *clock;
    struct hp_store *store;
    struct hp_service *service;
};

static void scripted_init(struct scripted *scripted, const char *const *script) {
    *scripted = (struct scripted){.ids = {.script = script}, .clock = hp_clock_new()};
    assert_int_equal(hp_clock_set(scripted->clock, 0, NULL), HP_OK);
    scripted->store = hp_store_memory_new(scripted->clock, &scripted->ids);
    scripted->service = hp_service_new(scripted->store);
    assert_non_null(scripted->service);
}

static void scripted_release(struct scripted *scripted) {
    hp_service_free(scripted->service);
    hp_store_free(scripted->store);
    hp_clock_free(scripted->clock);
}

static enum hp_status create(struct scripted *scripted, char id[HP_ID_SIZE]) {
    const struct hp_create request = {
        .kind = HP_TIMEOUT, .request_id = "r", .user_id = "u", .session_id = "s", .ttl_us = 1};
    struct hp_interrupt *created = NULL;
    struct hp_problem problem = {0};
    enum hp_status status = hp_service_create(scripted->service, &request, &created, &problem);
    assert_int_equal(problem.status, status);
    memcpy(id, created ? created->id : "none", created ? HP_ID_SIZE : 5);
    hp_interrupt_free(created);
    return status;
}

static size_t count_all(struct scripted *scripted) {
    const struct hp_query query = {.user_id = "u", .statuses = HP_STATUSES_ALL};
    struct hp_page page = {0};
    assert_int_equal(hp_service_list(scripted->service, &query, &page, NULL), HP_OK);
    size_t total = page.total;
    hp_page_release(&page);
    return total;
}

static size_t count_events(struct scripted *scripted) {
    struct hp_event_list events = {0};
    assert_int_equal(hp_service_take_events(scripted->service, &events, NULL), HP_OK);
    assert_int_equal(hp_service_settle_events(scripted->service, &events, HP_DELIVERED, NULL), HP_OK);
    size_t count = events.count;
    hp_event_list_release(&events);
    return count;
}

/* An id in use is passed over, and its interrupt stays what it was. */
static void test_repeated_id(void **state) {
    (void)state;
    static const char *const script[] = {one, event_id, one,   one,      two, event_id,
                                         two, one,      three, event_id, NULL};
    struct scripted scripted;
    char id[HP_ID_SIZE];
    scripted_init(&scripted, script);
    assert_int_equal(create(&scripted, id), HP_OK);
    assert_string_equal(id, one);
    assert_int_equal(create(&scripted, id), HP_OK);
    assert_string_equal(id, two);
    assert_int_equal(create(&scripted, id), HP_OK);
    assert_string_equal(id, three);
    assert_int_equal(count_all(&scripted), 3);
    scripted_release(&scripted);
}

/* A source that only repeats is given up on, with nothing stored or told. */
static void test_endless_repetition(void **state) {
    (void)state;
    static const char *const script[] = {one, event_id, one, NULL};
    struct scripted scripted;
    char id[HP_ID_SIZE];
    scripted_init(&scripted, script);
    assert_int_equal(create(&scripted, id), HP_OK);
    assert_int_equal(create(&scripted, id), HP_INTERNAL);
    assert_string_equal(id, "none");
    assert_int_equal(count_all(&scripted), 1);
    assert_int_equal(count_events(&scripted), 1);
    scripted_release(&scripted);
}

/* A source that fails, for the interrupt or for its event, leaves everything as it was. */
static void test_no_ids(void **state) {
    (void)state;
    static const char *const script[] = {one, event_id, two, event_id, three, NULL};
    for (size_t fail_at = 1; fail_at <= 2; fail_at++) {
        struct scripted scripted;
        char id[HP_ID_SIZE];
        scripted_init(&scripted, script);
        scripted.ids.fail_at = fail_at;
        assert_int_equal(create(&scripted, id), HP_UNAVAILABLE);
        assert_int_equal(count_all(&scripted), 0);
        assert_int_equal(count_events(&scripted), 0);
        assert_int_equal(create(&scripted, id), HP_OK);
        scripted_release(&scripted);
    }
}

static void test_no_id_for_a_transition(void **state) {
    (void)state;
    static const char *const script[] = {one, event_id, two, event_id, NULL};
    struct scripted scripted;
    char id[HP_ID_SIZE];
    struct hp_interrupt *after = NULL;
    scripted_init(&scripted, script);
    assert_int_equal(create(&scripted, id), HP_OK);
    assert_int_equal(create(&scripted, id), HP_OK);
    assert_int_equal(count_events(&scripted), 2);
    scripted.ids.fail_at = 1;
    assert_int_equal(hp_service_cancel(scripted.service, one, "u", "no", &after, NULL), HP_UNAVAILABLE);
    assert_null(after);
    assert_int_equal(hp_clock_set(scripted.clock, 2, NULL), HP_OK);
    struct hp_id_list ids = {0};
    scripted.ids.fail_at = 1;
    assert_int_equal(hp_service_expire_pending(scripted.service, &ids, NULL), HP_UNAVAILABLE);
    assert_int_equal(ids.count, 0);
    assert_int_equal(count_events(&scripted), 0);
    scripted.ids.fail_at = 2; /* one is expired; the other waits for the next sweep */
    assert_int_equal(hp_service_expire_pending(scripted.service, &ids, NULL), HP_OK);
    assert_int_equal(ids.count, 1);
    assert_int_equal(hp_service_expire_pending(scripted.service, &ids, NULL), HP_OK);
    assert_int_equal(ids.count, 2);
    assert_int_equal(count_events(&scripted), 2);
    hp_id_list_release(&ids);
    scripted_release(&scripted);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_repeated_id),
        cmocka_unit_test(test_endless_repetition),
        cmocka_unit_test(test_no_ids),
        cmocka_unit_test(test_no_id_for_a_transition),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
