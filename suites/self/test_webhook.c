/* Webhooks of a server: the thread that delivers by itself, flushes beside it, and the end of both. */
#include "reference/service/webhook.h"
#include "suites/chapters/receiver.h"
#include "suites/self/support_webhook.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { AWAIT_MS = 20000, THREADS = 4, MADE_EACH = 25 };

static struct receiver *receiver;

static int start_receiver(void **state) {
    (void)state;
    return receiver_start(&receiver, NULL) == HP_OK ? 0 : -1;
}

static int stop_receiver(void **state) {
    (void)state;
    receiver_stop(receiver);
    return 0;
}

struct scene {
    struct bench bench;
    struct hp_webhooks *webhooks;
    char url[RECEIVER_URL_SIZE];
    unsigned box;
};

static void scene_init(struct scene *scene, const struct receiver_reply *script, size_t count,
                       struct hp_webhook_options options) {
    char id[HP_ID_SIZE];
    options.allow_private = true;
    options.poll_ms = 5;
    bench_init(&scene->bench);
    scene->webhooks = hp_webhooks_new(scene->bench.store, &options);
    assert_non_null(scene->webhooks);
    scene->box = receiver_open(receiver, script, count, scene->url);
    struct hp_subscription wish = webhook_wish(scene->url);
    webhook_subscribe(&scene->bench, &wish, id);
}

static void scene_release(struct scene *scene) {
    hp_webhooks_free(scene->webhooks);
    bench_release(&scene->bench);
}

static void start(struct scene *scene) {
    assert_int_equal(hp_webhooks_start(scene->webhooks, NULL), HP_OK);
}

static void a_flush_delivers_all_that_is_due(void **state) {
    (void)state;
    struct scene scene;
    struct hp_webhook_counts counts;
    scene_init(&scene, NULL, 0, (struct hp_webhook_options){0});
    for (int i = 0; i < 20; i++) {
        webhook_make(&scene.bench, "r", true, NULL);
    }
    hp_service_lend_webhooks(scene.bench.service, scene.webhooks);
    assert_int_equal(hp_service_flush_webhooks(scene.bench.service, &counts, NULL), HP_OK);
    assert_int_equal(counts.sent, 40);
    assert_int_equal(counts.delivered, 40);
    assert_int_equal(counts.failed, 0);
    assert_int_equal(hp_service_flush_webhooks(scene.bench.service, &counts, NULL), HP_OK);
    assert_int_equal(counts.sent, 0);
    hp_service_lend_webhooks(scene.bench.service, NULL);
    assert_int_equal(hp_service_flush_webhooks(scene.bench.service, &counts, NULL), HP_UNSUPPORTED);
    scene_release(&scene);
    hp_webhooks_free(NULL);
}

static void a_thread_delivers_by_itself(void **state) {
    (void)state;
    struct scene scene;
    struct hp_problem problem = {0};
    const struct receiver_reply script[] = {{.status = 500}, {.status = 200}};
    scene_init(&scene, script, 2, (struct hp_webhook_options){0});
    start(&scene);
    assert_refused(hp_webhooks_start(scene.webhooks, &problem), &problem, HP_CONFLICT, "");
    webhook_make(&scene.bench, "r", false, NULL);
    assert_true(receiver_await(receiver, scene.box, 1, AWAIT_MS));
    assert_false(receiver_await(receiver, scene.box, 2, 50)); /* its clock stands */
    bench_pass(&scene.bench, HP_SECOND_US);
    assert_true(receiver_await(receiver, scene.box, 2, AWAIT_MS));
    hp_webhooks_stop(scene.webhooks, AWAIT_MS);
    hp_webhooks_stop(scene.webhooks, AWAIT_MS);
    webhook_make(&scene.bench, "r", false, NULL);
    webhook_take_count(&scene.bench, 1); /* nobody else took it */
    scene_release(&scene);
}

struct maker {
    struct scene *scene;
    size_t made;
};

static void *make_some(void *argument) {
    struct maker *maker = argument;
    for (int i = 0; i < MADE_EACH; i++) {
        struct hp_create request = bench_request(HP_TIMEOUT);
        struct hp_interrupt *created = NULL;
        struct hp_webhook_counts counts;
        maker->made += hp_service_create(maker->scene->bench.service, &request, &created, NULL) == HP_OK;
        hp_interrupt_free(created);
        if (i % 5 == 0) {
            hp_webhooks_flush(maker->scene->webhooks, &counts, NULL);
        }
    }
    return NULL;
}

/* Operations, flushes and the thread at once; ThreadSanitizer looks on. */
static void all_at_once(void **state) {
    (void)state;
    struct scene scene;
    struct maker makers[THREADS];
    pthread_t threads[THREADS];
    struct receiver_list list;
    struct hp_webhook_counts counts;
    scene_init(&scene, NULL, 0, (struct hp_webhook_options){0});
    start(&scene);
    for (size_t i = 0; i < THREADS; i++) {
        makers[i] = (struct maker){.scene = &scene};
        assert_int_equal(pthread_create(&threads[i], NULL, make_some, &makers[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(makers[i].made, MADE_EACH);
    }
    assert_int_equal(hp_webhooks_flush(scene.webhooks, &counts, NULL), HP_OK);
    assert_true(receiver_read(receiver, scene.box, &list));
    assert_int_equal(list.count, THREADS * MADE_EACH); /* after a flush all, and each once */
    receiver_list_release(&list);
    scene_release(&scene); /* the thread still runs */
}

static void a_stop_waits_for_what_is_under_way(void **state) {
    (void)state;
    const struct receiver_reply held = {.status = 200, .held = true};
    struct scene scene;
    scene_init(&scene, &held, 1, (struct hp_webhook_options){0});
    start(&scene);
    webhook_make(&scene.bench, "r", false, NULL);
    assert_true(receiver_await(receiver, scene.box, 1, AWAIT_MS));
    receiver_release(receiver, scene.box);
    hp_webhooks_stop(scene.webhooks, AWAIT_MS);
    bench_pass(&scene.bench, 3600 * HP_SECOND_US);
    webhook_take_count(&scene.bench, 0); /* it was delivered */
    scene_release(&scene);
}

static void a_stop_without_grace_gives_back(void **state) {
    (void)state;
    const struct receiver_reply hang = {.kind = RECEIVER_HANG};
    struct scene scene;
    scene_init(&scene, &hang, 1, (struct hp_webhook_options){0});
    start(&scene);
    webhook_make(&scene.bench, "r", false, NULL);
    assert_true(receiver_await(receiver, scene.box, 1, AWAIT_MS));
    hp_webhooks_stop(scene.webhooks, 0);
    webhook_take_count(&scene.bench, 1); /* at once, not after the lease */
    scene_release(&scene);
}

static void events_are_discarded_when_nobody_takes_them(void **state) {
    (void)state;
    for (int discards = 0; discards < 2; discards++) {
        struct scene scene;
        struct hp_event_list events = {0};
        scene_init(&scene, NULL, 0, (struct hp_webhook_options){.discard_events = discards});
        webhook_make(&scene.bench, "r", false, NULL);
        start(&scene);
        assert_true(receiver_await(receiver, scene.box, 1, AWAIT_MS));
        webhook_make(&scene.bench, "r", false, NULL);
        assert_true(receiver_await(receiver, scene.box, 2, AWAIT_MS));
        hp_webhooks_stop(scene.webhooks, AWAIT_MS);
        bench_drain(&scene.bench, &events);
        assert_in_range(events.count, discards ? 0 : 2,
                        discards ? 1 : 2); /* the last may have come too late */
        hp_event_list_release(&events);
        scene_release(&scene);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_flush_delivers_all_that_is_due),
        cmocka_unit_test(a_thread_delivers_by_itself),
        cmocka_unit_test(all_at_once),
        cmocka_unit_test(a_stop_waits_for_what_is_under_way),
        cmocka_unit_test(a_stop_without_grace_gives_back),
        cmocka_unit_test(events_are_discarded_when_nobody_takes_them),
    };
    return cmocka_run_group_tests(tests, start_receiver, stop_receiver);
}
