/* Every allocation of the reference fails once, operation by operation: an error and no crash, no leak (the
 * sanitizers look for it), and the store as it was before, or, when only the answer could not be made, as it
 * is after. */
#include "reference/base/text.h"
#include "reference/core/json.h"
#include "reference/core/wire.h"
#include "reference/service/door.h"
#include "reference/store/calls.h"
#include "suites/self/support_bench.h"
#include "suites/self/support_fail_alloc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>

#define FIRST "first" /* stands for the id of the confirmation in params */

/* A store with an open confirmation, an open clarification and two due timeouts, and the events of their
 * creation. The ids are those of a seed, so that two scenes are equal in every byte. */
struct scene {
    struct bench bench;
    char id[HP_ID_SIZE]; /* of the confirmation */
};

static void add(struct bench *bench, enum hp_kind kind, int64_t ttl_us, char id[HP_ID_SIZE]) {
    struct hp_create request = bench_request(kind);
    request.ttl_us = ttl_us;
    request.data = "{\"k\":[1,{\"l\":2.5}]}";
    struct hp_interrupt *created = bench_create(bench, &request);
    memcpy(id, created->id, HP_ID_SIZE);
    hp_interrupt_free(created);
}

static void scene_init(struct scene *scene) {
    char other[HP_ID_SIZE];
    bench_init(&scene->bench);
    add(&scene->bench, HP_CONFIRMATION, HP_TTL_DEFAULT, scene->id);
    add(&scene->bench, HP_CLARIFICATION, HP_TTL_DEFAULT, other);
    add(&scene->bench, HP_TIMEOUT, 1, other);
    add(&scene->bench, HP_TIMEOUT, 1, other);
    bench_pass(&scene->bench, 2);
}

/* All rows and all waiting events, as text for the caller to free. The events go back. */
static char *snapshot(struct scene *scene) {
    struct text text = {0};
    const struct hp_query query = {.session_id = "s1", .statuses = HP_STATUSES_ALL, .limit = HP_LIMIT_MAX};
    struct hp_page page = {0};
    struct hp_event_list events = {0};
    assert_int_equal(hp_service_list(scene->bench.service, &query, &page, NULL), HP_OK);
    assert_int_equal(hp_service_take_events(scene->bench.service, &events, NULL), HP_OK);
    assert_int_equal(hp_service_settle_events(scene->bench.service, &events, HP_RETURNED, NULL), HP_OK);
    for (size_t i = 0; i < page.count; i++) {
        json_t *value = interrupt_encode(page.interrupts[i]);
        json_write(&text, value);
        text_add_byte(&text, '\n');
        json_decref(value);
    }
    for (size_t i = 0; i < events.count; i++) {
        json_t *value = event_encode(events.events[i]);
        json_write(&text, value);
        text_add_byte(&text, '\n');
        json_decref(value);
    }
    hp_page_release(&page);
    hp_event_list_release(&events);
    return text_take(&text);
}

static enum hp_status create(struct scene *scene) {
    const struct hp_create request = {.kind = HP_CRITIC_REVIEW,
                                      .request_id = "a new request",
                                      .user_id = "a new user",
                                      .session_id = "s1",
                                      .question = "?",
                                      .data = "{\"a long key of data\":{\"b\":[1,2,3]}}"};
    struct hp_interrupt *created = NULL;
    enum hp_status status =
        hp_service_create(scene->bench.service, &request, &created, &scene->bench.problem);
    assert_int_equal(created != NULL, status == HP_OK);
    hp_interrupt_free(created);
    return status;
}

static enum hp_status get(struct scene *scene) {
    struct hp_interrupt *read = NULL;
    enum hp_status status =
        hp_service_get(scene->bench.service, scene->id, "ann", &read, &scene->bench.problem);
    assert_int_equal(read != NULL, status == HP_OK);
    hp_interrupt_free(read);
    return status;
}

static enum hp_status list(struct scene *scene) {
    const struct hp_query query = {.user_id = "ann", .statuses = HP_STATUSES_ALL, .limit = 3};
    struct hp_page page = {0};
    enum hp_status status = hp_service_list(scene->bench.service, &query, &page, &scene->bench.problem);
    assert_int_equal(page.count, status == HP_OK ? 3 : 0);
    hp_page_release(&page);
    return status;
}

static enum hp_status pending(struct scene *scene) {
    struct hp_interrupt *found = NULL;
    enum hp_status status =
        hp_service_pending_for_request(scene->bench.service, "r1", "ann", &found, &scene->bench.problem);
    assert_int_equal(found != NULL, status == HP_OK);
    hp_interrupt_free(found);
    return status;
}

static enum hp_status respond(struct scene *scene) {
    const struct hp_response response = {.approved = HP_DENIED, .data = "{\"why\":\"because\"}"};
    struct hp_interrupt *after = NULL;
    enum hp_status status =
        hp_service_respond(scene->bench.service, scene->id, "ann", &response, &after, &scene->bench.problem);
    assert_int_equal(after != NULL, status == HP_OK);
    hp_interrupt_free(after);
    return status;
}

/* The same request twice, with a key. */
static enum hp_status respond_twice(struct scene *scene) {
    const struct hp_response response = {.approved = HP_DENIED, .data = "{\"why\":\"because\"}"};
    struct hp_idempotency key = {.scope = "respond", .key = "a key", .request = "a request"};
    const struct hp_change change = {
        .id = scene->id, .user_id = "ann", .to = HP_RESOLVED, .response = &response, .idempotency = &key};
    enum hp_status status = HP_OK;
    for (int i = 0; status == HP_OK && i < 2; i++) {
        struct hp_interrupt *after = NULL;
        status = store_change(scene->bench.store, &change, &after, &scene->bench.problem);
        assert_int_equal(after != NULL, status == HP_OK);
        hp_interrupt_free(after);
    }
    return status;
}

static enum hp_status create_twice(struct scene *scene) {
    struct hp_idempotency key = {.scope = "create", .key = "a key", .request = "a request"};
    struct hp_create request = bench_request(HP_CONFIRMATION);
    enum hp_status status = HP_OK;
    request.idempotency = &key;
    for (int i = 0; status == HP_OK && i < 2; i++) {
        struct hp_interrupt *created = NULL;
        status = store_create(scene->bench.store, &request, &created, &scene->bench.problem);
        assert_int_equal(created != NULL, status == HP_OK);
        hp_interrupt_free(created);
    }
    return status;
}

static enum hp_status cancel(struct scene *scene) {
    struct hp_interrupt *after = NULL;
    enum hp_status status =
        hp_service_cancel(scene->bench.service, scene->id, "ann", "a reason of more than sixteen bytes",
                          &after, &scene->bench.problem);
    assert_int_equal(after != NULL, status == HP_OK);
    hp_interrupt_free(after);
    return status;
}

static enum hp_status take_and_return(struct scene *scene) {
    struct hp_event_list events = {0};
    enum hp_status status = hp_service_take_events(scene->bench.service, &events, &scene->bench.problem);
    assert_int_equal(events.count > 0, status == HP_OK);
    assert_int_equal(hp_service_settle_events(scene->bench.service, &events, HP_RETURNED, NULL), HP_OK);
    hp_event_list_release(&events);
    return status;
}

/* Sweeps until nothing is due; the second sweep finishes what the first had no memory for. */
static enum hp_status expire(struct scene *scene) {
    struct hp_id_list ids = {0};
    enum hp_status status = hp_service_expire_pending(scene->bench.service, &ids, &scene->bench.problem);
    size_t first = ids.count;
    assert_int_equal(first > 0, status == HP_OK);
    if (status == HP_OK) {
        fail_alloc_disarm();
        assert_int_equal(hp_service_expire_pending(scene->bench.service, &ids, NULL), HP_OK);
        assert_int_equal(ids.count, 2);
        assert_string_not_equal(ids.ids[0], ids.ids[1]);
    }
    hp_id_list_release(&ids);
    return status;
}

/* Runs the operation on fresh scenes with each allocation failing in turn. Without memory it leaves the scene
 * as it was; where `happens` it may also have done its work and only lack the answer. Returns how many
 * allocations there are. */
static size_t sweep(enum hp_status (*operation)(struct scene *scene), bool happens) {
    struct scene scene;
    scene_init(&scene);
    char *before = snapshot(&scene);
    assert_int_equal(operation(&scene), HP_OK);
    char *after = snapshot(&scene);
    bench_release(&scene.bench);
    size_t nth = 1;
    for (bool hit = true; hit; nth++) {
        scene_init(&scene);
        fail_alloc_arm(nth);
        enum hp_status status = operation(&scene);
        hit = fail_alloc_disarm();
        char *now = snapshot(&scene);
        bool unchanged = strcmp(now, before) == 0;
        if (status == HP_INTERNAL) {
            assert_true(unchanged || (happens && strcmp(now, after) == 0));
            assert_string_equal(scene.bench.problem.detail, "out of memory");
            hp_problem_clear(&scene.bench.problem);
            enum hp_status again = operation(&scene);
            assert_true(again == HP_OK || (!unchanged && again == HP_CONFLICT));
        } else if (status != HP_OK) {
            fail_msg("allocation %zu: %s: %s", nth, hp_status_name(status), scene.bench.problem.detail);
        } else {
            assert_string_equal(now, after);
        }
        free(now);
        bench_release(&scene.bench);
    }
    free(before);
    free(after);
    return nth - 2;
}

static void test_service(void **state) {
    (void)state;
    assert_true(sweep(create, false) > 12);
    assert_true(sweep(get, false) >= 1);
    assert_true(sweep(list, false) >= 5);
    assert_true(sweep(pending, false) >= 3);
    assert_true(sweep(respond, false) > 5);
    assert_true(sweep(respond_twice, true) > 10);
    assert_true(sweep(create_twice, true) > 17);
    assert_true(sweep(cancel, false) > 5);
    assert_true(sweep(take_and_return, false) >= 9);
}

static enum hp_status expire_rows(struct scene *scene) {
    enum hp_status status = expire(scene);
    return status;
}

/* What a sweep had no memory for waits for the next. */
static void test_expire(void **state) {
    (void)state;
    struct scene scene;
    scene_init(&scene);
    char *before = snapshot(&scene);
    bench_release(&scene.bench);
    bool hit = true;
    for (size_t nth = 1; hit; nth++) {
        scene_init(&scene);
        fail_alloc_arm(nth);
        enum hp_status status = expire_rows(&scene);
        hit = fail_alloc_disarm() || status != HP_OK || nth < 9;
        if (status != HP_OK) {
            char *now = snapshot(&scene);
            assert_int_equal(status, HP_INTERNAL);
            assert_string_equal(now, before);
            free(now);
            assert_int_equal(expire(&scene), HP_OK);
        }
        bench_release(&scene.bench);
    }
    free(before);
}

/* The door's params of the call under way; FIRST becomes the id. */
static const char *door_method, *door_params;

static enum hp_status call_door(struct scene *scene) {
    char params[512];
    const char *at = strstr(door_params, FIRST);
    int head = at ? (int)(at - door_params) : (int)strlen(door_params);
    int length = snprintf(params, sizeof params, "%.*s%s%s", head, door_params, at ? scene->id : "",
                          at ? at + strlen(FIRST) : "");
    json_t *result = NULL;
    enum hp_status status =
        door_call(scene->bench.service, door_method, params, (size_t)length, &result, &scene->bench.problem);
    json_decref(status == HP_OK ? result : NULL);
    return status;
}

static const struct {
    const char *method;
    const char *params;
} calls[] = {
    {"interrupt.create",
     "{\"kind\":\"timeout\",\"request_id\":\"a rather long request id\",\"user_id\":\"ann\","
     "\"session_id\":\"s1\",\"ttl_seconds\":12.5,\"data\":{\"a\":[true,null,1.5,\"a text that needs "
     "room\"]}}"},
    {"interrupt.get", "{\"id\":\"" FIRST "\",\"user_id\":\"ann\"}"},
    {"interrupt.list",
     "{\"user_id\":\"ann\",\"status\":\"all\",\"kinds\":[\"timeout\",\"confirmation\"],\"limit\":2}"},
    {"interrupt.pending_for_request", "{\"request_id\":\"r1\"}"},
    {"interrupt.respond",
     "{\"id\":\"" FIRST "\",\"user_id\":\"ann\",\"response\":{\"approved\":true,\"data\":{\"n\":1}}}"},
    {"interrupt.cancel",
     "{\"id\":\"" FIRST "\",\"user_id\":\"ann\",\"reason\":\"nobody is there any more\"}"},
    {"describe", ""},
    {"describe", "{}"},
};

static void test_door(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        door_method = calls[i].method;
        door_params = calls[i].params;
        assert_true(sweep(call_door, true) > 10);
    }
}

/* Drains until nothing comes any more, the first time with an allocation failing: each event once. */
static void test_drain(void **state) {
    (void)state;
    bool hit = true;
    for (size_t nth = 1; hit; nth++) {
        struct scene scene;
        size_t given = 0, now = 1;
        scene_init(&scene);
        fail_alloc_arm(nth);
        for (int round = 0; round < 2 || now > 0; round++) {
            json_t *result = NULL;
            enum hp_status status = door_call(scene.bench.service, "events.drain", "", 0, &result, NULL);
            if (round == 0) {
                hit = fail_alloc_disarm();
                assert_true(status == HP_OK || (hit && status == HP_INTERNAL));
            } else {
                assert_int_equal(status, HP_OK);
            }
            now = status == HP_OK ? json_array_size(json_object_get(result, "events")) : 0;
            given += now;
            json_decref(status == HP_OK ? result : NULL);
        }
        assert_int_equal(given, 4);
        bench_release(&scene.bench);
    }
}

static enum hp_status decode_full(void *context) {
    struct hp_interrupt *read = NULL;
    struct hp_problem problem = {0};
    enum hp_status status = interrupt_decode(context, &read, &problem);
    assert_int_equal(read != NULL, status == HP_OK);
    hp_interrupt_free(read);
    return status;
}

static enum hp_status encode_full(void *context) {
    json_t *value = interrupt_encode(context);
    enum hp_status status = value ? HP_OK : HP_INTERNAL;
    json_decref(value);
    return status;
}

static enum hp_status make_all(void *context) {
    (void)context;
    struct hp_clock *clock = hp_clock_new();
    struct hp_ids *ids = hp_ids_random_new(), *seeded = hp_ids_seeded_new(1);
    struct hp_store *store = hp_store_memory_new(clock, ids);
    struct hp_service *service = hp_service_new(store);
    enum hp_status status = clock && ids && seeded && store && service ? HP_OK : HP_INTERNAL;
    hp_service_free(service);
    hp_store_free(store);
    hp_ids_free(seeded);
    hp_ids_free(ids);
    hp_clock_free(clock);
    return status;
}

static enum hp_status write_text(void *context) {
    (void)context;
    struct text text = {0};
    for (int i = 0; i < 100; i++) {
        text_addf(&text, "%d,", i);
    }
    char *taken = text_take(&text), *copy = text_copy("a copy");
    enum hp_status status = taken && copy ? HP_OK : HP_INTERNAL;
    free(taken);
    free(copy);
    return status;
}

static void test_values(void **state) {
    (void)state;
    struct hp_interrupt interrupt = bench_full_interrupt();
    json_t *value = interrupt_encode(&interrupt);
    assert_true(fail_alloc_sweep(encode_full, &interrupt, false) > 20);
    assert_true(fail_alloc_sweep(decode_full, value, false) > 3);
    assert_true(fail_alloc_sweep(make_all, NULL, false) > 4);
    assert_true(fail_alloc_sweep(write_text, NULL, false) > 3);
    json_decref(value);
}

/* Without memory for the pointer of a refused field it is refused all the same. */
static void test_refusal_without_memory(void **state) {
    (void)state;
    json_t *value = json_object();
    bool hit = true;
    for (size_t nth = 1; hit; nth++) {
        struct hp_interrupt *read = NULL;
        struct hp_problem problem = {0};
        fail_alloc_arm(nth);
        assert_int_equal(interrupt_decode(value, &read, &problem), HP_INVALID);
        hit = fail_alloc_disarm();
        assert_string_equal(problem.field, hit ? "" : "/id");
    }
    json_decref(value);
}

int main(void) {
    fail_alloc_install();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_service), cmocka_unit_test(test_expire),
        cmocka_unit_test(test_door),    cmocka_unit_test(test_drain),
        cmocka_unit_test(test_values),  cmocka_unit_test(test_refusal_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
