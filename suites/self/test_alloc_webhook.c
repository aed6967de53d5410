/* Every allocation of what concerns webhooks fails once, operation by operation: an error, no crash, no leak, and nothing
 * owed that was not told, or told that is not owed. */
#include "reference/service/door.h"
#include "reference/service/webhook_message.h"
#include "suites/self/support_fail_alloc.h"
#include "suites/self/support_webhook.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Two subscriptions, an interrupt with a pending delivery for each, and a dead one. */
struct scene {
    struct bench bench;
    char interrupt[HP_ID_SIZE];
};

static void scene_init(struct scene *scene) {
    struct hp_subscription one = webhook_wish("http://one"), other = webhook_wish("http://other");
    struct hp_webhook_list list;
    char id[HP_ID_SIZE];
    bench_init(&scene->bench);
    other.secret = "s";
    other.headers = "{\"X-Own\":\"x\"}";
    webhook_subscribe(&scene->bench, &one, id);
    webhook_make(&scene->bench, "dead", false, NULL);
    webhook_take(&scene->bench, 1, &list);
    webhook_settle(&scene->bench, list.deliveries[0], (struct hp_webhook_attempt){.end = HP_WEBHOOK_DEAD},
                   HP_OK);
    hp_webhook_list_release(&list);
    webhook_subscribe(&scene->bench, &other, id);
    webhook_make(&scene->bench, "r", false, scene->interrupt);
    bench_forget_events(&scene->bench);
}

static enum hp_status call(struct scene *scene, const char *method, const char *params) {
    json_t *result = NULL;
    enum hp_status status =
        door_call(scene->bench.service, method, params, strlen(params), &result, &scene->bench.problem);
    json_decref(result);
    return status;
}

static enum hp_status subscribe(struct scene *scene) {
    return call(
        scene, "webhook.subscribe",
        "{\"url\":\"http://h\",\"events\":[\"a.*\",\"b\"],\"secret\":\"s\",\"headers\":{\"A\":\"b\"}}");
}

static enum hp_status list_dead(struct scene *scene) {
    return call(scene, "webhook.dead", "{}");
}

static enum hp_status create(struct scene *scene) {
    return call(scene, "interrupt.create",
                "{\"kind\":\"timeout\",\"user_id\":\"u\",\"session_id\":\"s\",\"request_id\":\"q\"}");
}

static enum hp_status cancel(struct scene *scene) {
    struct hp_interrupt *after = NULL;
    enum hp_status status = hp_service_cancel_trusted(scene->bench.service, scene->interrupt, "why", &after,
                                                      &scene->bench.problem);
    hp_interrupt_free(after);
    return status;
}

static enum hp_status take(struct scene *scene) {
    struct hp_webhook_list list = {0};
    const struct hp_webhook_appetite appetite = {.max = 1, .max_each = 1};
    enum hp_status status = store_webhooks_take(scene->bench.store, &appetite, &list, &scene->bench.problem);
    assert_int_equal(list.count, status == HP_OK);
    hp_webhook_list_release(&list);
    return status;
}

/* What is told, and what is owed, pending and dead. */
struct census {
    size_t told, owed, dead;
};

static struct census count(struct scene *scene) {
    struct census census = {.dead = webhook_dead_count(&scene->bench)};
    struct hp_event_list events;
    struct hp_webhook_list list;
    bench_drain(&scene->bench, &events);
    webhook_take(&scene->bench, 100, &list);
    for (size_t more = list.count; more > 0;) { /* what stands behind them in their lanes too */
        for (size_t i = 0; i < list.count; i++) {
            webhook_settle(&scene->bench, list.deliveries[i],
                           (struct hp_webhook_attempt){.end = HP_WEBHOOK_DELIVERED}, HP_OK);
        }
        census.owed += list.count;
        hp_webhook_list_release(&list);
        webhook_take(&scene->bench, 100, &list);
        more = list.count;
    }
    census.told = events.count;
    hp_webhook_list_release(&list);
    hp_event_list_release(&events);
    return census;
}

static const struct {
    const char *name;
    enum hp_status (*operation)(struct scene *scene);
    struct census adds; /* when it is carried out */
} rows[] = {
    {"subscribe", subscribe, {0}},
    {"dead", list_dead, {0}},
    {"create", create, {.told = 1, .owed = 2}},
    {"cancel", cancel, {.told = 1, .owed = 2}},
    {"take", take, {0}},
};

/* One failure; true when there was an allocation left to fail. */
static bool fail_once(size_t row, size_t nth) {
    struct scene scene;
    scene_init(&scene);
    fail_alloc_arm(nth);
    enum hp_status status = rows[row].operation(&scene);
    bool failed = fail_alloc_disarm();
    if (failed && status != HP_OK && status != HP_INTERNAL) {
        fail_msg("%s, allocation %zu: %s", rows[row].name, nth, hp_status_name(status));
    }
    bench_pass(&scene.bench, 3600 * HP_SECOND_US);
    struct census census = count(&scene);
    assert_int_equal(census.dead, 1);
    assert_int_equal(census.owed, 2 + 2 * census.told); /* as ever: each event for both */
    if (!failed) {
        assert_int_equal(status, HP_OK);
        assert_int_equal(census.told, rows[row].adds.told);
        assert_int_equal(census.owed, 2 + rows[row].adds.owed);
    }
    assert_true(census.told <= rows[row].adds.told);
    bench_release(&scene.bench);
    return failed;
}

static void each_operation_is_whole_or_not_at_all(void **state) {
    (void)state;
    for (size_t row = 0; row < sizeof rows / sizeof rows[0]; row++) {
        size_t nth = 1;
        while (fail_once(row, nth)) {
            nth++;
        }
        assert_true(nth > 3);
    }
}

static enum hp_status make_message(void *context) {
    const struct hp_webhook_delivery *delivery = context;
    struct webhook_message message;
    enum hp_status status = webhook_message_init(&message, delivery, NULL);
    if (status == HP_OK) {
        webhook_message_release(&message);
    }
    return status;
}

static void a_message_is_made_or_not(void **state) {
    (void)state;
    struct scene scene;
    struct hp_webhook_list list;
    scene_init(&scene);
    webhook_take(&scene.bench, 10, &list);
    assert_int_equal(list.count, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_true(fail_alloc_sweep(make_message, list.deliveries[i], false) > 10);
    }
    hp_webhook_list_release(&list);
    bench_release(&scene.bench);
}

int main(void) {
    fail_alloc_install();
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_operation_is_whole_or_not_at_all),
                                       cmocka_unit_test(a_message_is_made_or_not)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
