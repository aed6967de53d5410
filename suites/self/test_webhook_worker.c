#include "reference/service/webhook_worker.h"
#include "suites/chapters/receiver.h"
#include "suites/self/support_webhook.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { WAIT_MS = 10000 };

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

/* A bench, a worker on its store, and one subscription that leads to a box. */
struct scene {
    struct bench bench;
    struct webhook_worker *worker;
    struct hp_subscription wish;
    char url[RECEIVER_URL_SIZE];
    unsigned box;
    char subscription[HP_ID_SIZE];
    struct hp_webhook_counts counts;
};

static void scene_init(struct scene *scene, const struct receiver_reply *script, size_t count,
                       struct hp_webhook_options options) {
    *scene = (struct scene){0};
    options.allow_private = true;
    bench_init(&scene->bench);
    scene->worker = webhook_worker_new(scene->bench.store, &options);
    assert_non_null(scene->worker);
    scene->box = receiver_open(receiver, script, count, scene->url);
    scene->wish = webhook_wish(scene->url);
    webhook_subscribe(&scene->bench, &scene->wish, scene->subscription);
}

static void scene_release(struct scene *scene) {
    webhook_worker_free(scene->worker);
    bench_release(&scene->bench);
}

static void step(struct scene *scene, bool take, unsigned wait_ms, bool *idle) {
    struct hp_problem problem = {0};
    if (webhook_worker_step(scene->worker, take, wait_ms, &scene->counts, idle, &problem) != HP_OK) {
        fail_msg("%s", problem.detail);
    }
}

static void finish(struct scene *scene) {
    bool idle = false;
    while (!idle) {
        step(scene, true, WAIT_MS, &idle);
    }
}

static size_t received(const struct scene *scene) {
    struct receiver_list list;
    assert_true(receiver_read(receiver, scene->box, &list));
    size_t count = list.count;
    receiver_list_release(&list);
    return count;
}

static void nothing_to_do_is_idle_at_once(void **state) {
    (void)state;
    struct scene scene;
    bool idle = false;
    scene_init(&scene, NULL, 0, (struct hp_webhook_options){0});
    step(&scene, true, WAIT_MS, &idle);
    assert_true(idle);
    assert_int_equal(scene.counts.sent, 0);
    scene_release(&scene);
    webhook_worker_free(NULL);
}

static void each_end_is_settled_by_the_rule(void **state) {
    (void)state;
    static const struct receiver_reply script[] = {{.status = 500}, {.status = 404}, {.status = 200}};
    struct scene scene;
    scene_init(&scene, script, 3, (struct hp_webhook_options){0});
    webhook_make(&scene.bench, "r", true, NULL); /* two events: the first fails, and holds up the second */
    finish(&scene);
    assert_int_equal(scene.counts.sent, 1);
    assert_int_equal(scene.counts.failed, 1);
    bench_pass(&scene.bench, HP_SECOND_US - 1);
    finish(&scene);
    assert_int_equal(received(&scene), 1);
    bench_pass(&scene.bench, 1);
    finish(&scene); /* the first is given up, the second is delivered */
    assert_int_equal(received(&scene), 3);
    assert_int_equal(scene.counts.sent, 3);
    assert_int_equal(scene.counts.delivered, 1);
    assert_int_equal(scene.counts.failed, 2);
    assert_int_equal(webhook_dead_count(&scene.bench), 1);
    scene_release(&scene);
}

static void three_failures_are_the_end(void **state) {
    (void)state;
    static const struct receiver_reply script[] = {
        {.status = 503}, {.kind = RECEIVER_CLOSE}, {.status = 302}};
    struct scene scene;
    struct hp_webhook_list list = {0};
    scene_init(&scene, script, 3, (struct hp_webhook_options){0});
    webhook_make(&scene.bench, "r", false, NULL);
    for (int i = 0; i < 10; i++) {
        finish(&scene);
        bench_pass(&scene.bench, 60 * HP_SECOND_US);
    }
    assert_int_equal(received(&scene), 3);
    assert_int_equal(hp_service_dead_webhooks(scene.bench.service, &list, NULL), HP_OK);
    assert_int_equal(list.count, 1);
    assert_int_equal(list.deliveries[0]->tries, 3);
    assert_int_equal(list.deliveries[0]->last_status, 302);
    hp_webhook_list_release(&list);
    scene_release(&scene);
}

static void a_refused_address_has_one_try(void **state) {
    (void)state;
    struct scene scene;
    struct hp_webhook_list list = {0};
    scene_init(&scene, NULL, 0, (struct hp_webhook_options){0});
    webhook_worker_free(scene.worker);
    scene.worker = webhook_worker_new(scene.bench.store, &(struct hp_webhook_options){0});
    webhook_make(&scene.bench, "r", false, NULL);
    finish(&scene);
    assert_int_equal(received(&scene), 0);
    assert_int_equal(hp_service_dead_webhooks(scene.bench.service, &list, NULL), HP_OK);
    assert_int_equal(list.count, 1);
    assert_int_equal(list.deliveries[0]->tries, 1);
    assert_non_null(strstr(list.deliveries[0]->last_error, "private"));
    hp_webhook_list_release(&list);
    scene_release(&scene);
}

/* The second try of 32 events under a jitter of 100 %: at the base delay few are due, at twice of it all; and the same seed
 * gives the same. */
static void jitter_spreads_by_its_seed(void **state) {
    (void)state;
    static const uint64_t seeds[] = {7, 7, 8};
    size_t halves[3];
    for (size_t i = 0; i < 3; i++) {
        const struct receiver_reply script[] = {{.status = 500}};
        struct scene scene;
        scene_init(&scene, script, 1, (struct hp_webhook_options){.jitter_permille = 1000, .seed = seeds[i]});
        for (int j = 0; j < 32; j++) {
            webhook_make(&scene.bench, "r", false, NULL);
        }
        finish(&scene);
        assert_int_equal(received(&scene), 32);
        bench_pass(&scene.bench, HP_SECOND_US - 1);
        finish(&scene);
        assert_int_equal(received(&scene), 32);
        bench_pass(&scene.bench, HP_SECOND_US / 2);
        finish(&scene);
        halves[i] = received(&scene) - 32;
        assert_in_range(halves[i], 4, 28);
        bench_pass(&scene.bench, HP_SECOND_US / 2 + 1);
        finish(&scene);
        assert_true(received(&scene) >= 64);
        scene_release(&scene);
    }
    assert_int_equal(halves[0], halves[1]);
}

/* One endpoint that holds its answers gets four requests at a time, and leaves the rest to others. */
static void a_slow_endpoint_has_its_share(void **state) {
    (void)state;
    const struct receiver_reply held = {.status = 200, .held = true};
    struct scene scene;
    struct hp_subscription other;
    char url[RECEIVER_URL_SIZE], id[HP_ID_SIZE];
    bool idle = false;
    scene_init(&scene, &held, 1, (struct hp_webhook_options){0});
    for (int i = 0; i < 200; i++) {
        webhook_make(&scene.bench, "slow", false, NULL);
    }
    unsigned box = receiver_open(receiver, NULL, 0, url);
    other = webhook_wish(url);
    other.request_id = "quick";
    webhook_subscribe(&scene.bench, &other, id);
    for (int i = 0; i < 50; i++) {
        webhook_make(&scene.bench, "quick", false, NULL);
    }
    while (!receiver_await(receiver, box, 50, 1)) {
        step(&scene, true, 10, &idle);
        assert_false(idle);
    }
    assert_true(received(&scene) <= 8);
    receiver_release(receiver, scene.box);
    finish(&scene);
    assert_int_equal(received(&scene), 250);
    scene_release(&scene);
}

static void without_take_nothing_new_begins(void **state) {
    (void)state;
    struct scene scene;
    bool idle = false;
    scene_init(&scene, NULL, 0, (struct hp_webhook_options){0});
    webhook_make(&scene.bench, "r", false, NULL);
    step(&scene, false, WAIT_MS, &idle);
    assert_true(idle);
    assert_int_equal(scene.counts.sent, 0);
    finish(&scene);
    assert_int_equal(scene.counts.delivered, 1);
    scene_release(&scene);
}

static void what_is_abandoned_is_anothers_at_once(void **state) {
    (void)state;
    const struct receiver_reply held = {.status = 200, .held = true};
    struct scene scene;
    bool idle = false;
    scene_init(&scene, &held, 1, (struct hp_webhook_options){0});
    webhook_make(&scene.bench, "r", false, NULL);
    while (!receiver_await(receiver, scene.box, 1, 1)) {
        step(&scene, true, 10, &idle);
    }
    webhook_take_count(&scene.bench, 0);
    webhook_worker_abandon(scene.worker);
    struct hp_webhook_list list;
    webhook_take(&scene.bench, 10, &list);
    assert_int_equal(list.count, 1);
    assert_int_equal(list.deliveries[0]->tries, 0);
    receiver_release(receiver, scene.box);
    idle = false;
    while (!idle) {
        step(&scene, false, WAIT_MS, &idle); /* its answer comes, and no longer counts */
    }
    webhook_settle(&scene.bench, list.deliveries[0], (struct hp_webhook_attempt){.end = HP_WEBHOOK_DELIVERED},
                   HP_OK);
    hp_webhook_list_release(&list);
    scene_release(&scene);
}

/* A store that cannot be reached when the outcome is to be settled. */
struct moody_store {
    struct hp_store store; /* first, so that a store is its moody_store */
    struct hp_store *inner;
    unsigned refusals;
    bool refuses_takes;
};

static enum hp_status moody_take(struct hp_store *store, const struct hp_webhook_appetite *appetite,
                                 struct hp_webhook_list *list, struct hp_problem *problem) {
    struct moody_store *moody = (struct moody_store *)store;
    return moody->refuses_takes ? hp_problem_set(problem, HP_UNAVAILABLE, NULL, "away")
                                : store_webhooks_take(moody->inner, appetite, list, problem);
}

static enum hp_status moody_settle(struct hp_store *store, const struct hp_webhook_delivery *delivery,
                                   const struct hp_webhook_attempt *attempt, struct hp_problem *problem) {
    struct moody_store *moody = (struct moody_store *)store;
    if (moody->refusals > 0) {
        moody->refusals--;
        return hp_problem_set(problem, HP_UNAVAILABLE, NULL, "away");
    }
    return store_webhook_settle(moody->inner, delivery, attempt, problem);
}

static const struct hp_store_ops moody_ops = {.webhooks_take = moody_take, .webhook_settle = moody_settle};

static void an_outcome_waits_for_its_store(void **state) {
    (void)state;
    struct scene scene;
    struct hp_problem problem = {0};
    scene_init(&scene, NULL, 0, (struct hp_webhook_options){0});
    struct moody_store moody = {.store = {.ops = &moody_ops}, .inner = scene.bench.store, .refusals = 2};
    webhook_worker_free(scene.worker);
    scene.worker = webhook_worker_new(&moody.store, &(struct hp_webhook_options){.allow_private = true});
    webhook_make(&scene.bench, "r", false, NULL);
    unsigned failures = 0;
    bool idle = false;
    while (!idle) {
        hp_problem_clear(&problem);
        enum hp_status status =
            webhook_worker_step(scene.worker, true, WAIT_MS, &scene.counts, &idle, &problem);
        failures += status == HP_UNAVAILABLE;
        assert_true(status == HP_OK || strcmp(problem.detail, "away") == 0);
    }
    assert_int_equal(failures, 2);
    assert_int_equal(received(&scene), 1);
    assert_int_equal(scene.counts.delivered, 1);
    moody.refuses_takes = true;
    webhook_make(&scene.bench, "r", false, NULL);
    assert_int_equal(webhook_worker_step(scene.worker, true, 0, &scene.counts, &idle, &problem),
                     HP_UNAVAILABLE);
    moody.refuses_takes = false;
    finish(&scene);
    assert_int_equal(received(&scene), 2);
    scene_release(&scene);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_to_do_is_idle_at_once),
        cmocka_unit_test(each_end_is_settled_by_the_rule),
        cmocka_unit_test(three_failures_are_the_end),
        cmocka_unit_test(a_refused_address_has_one_try),
        cmocka_unit_test(jitter_spreads_by_its_seed),
        cmocka_unit_test(a_slow_endpoint_has_its_share),
        cmocka_unit_test(without_take_nothing_new_begins),
        cmocka_unit_test(what_is_abandoned_is_anothers_at_once),
        cmocka_unit_test(an_outcome_waits_for_its_store),
    };
    return cmocka_run_group_tests(tests, start_receiver, stop_receiver);
}
