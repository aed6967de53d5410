/* Several servers over one database deliver to an endpoint that fails: nothing is lost, nothing comes out of order, and
 * nothing is sent twice but what the endpoint itself did not accept. And one that is killed. */
#include "harness/base/value.h"
#include "suites/chapters/receiver.h"
#include "suites/self/support_child.h"
#include "suites/self/support_cluster.h"
#include "suites/self/support_webhook.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { AWAIT_MS = 30000, INTERRUPTS = 100, EVENTS = 2 * INTERRUPTS, ROUNDS_MAX = 60, SCRIPT = 3000 };

static const char *program;
static struct receiver *receiver;

static int start_all(void **state) {
    return receiver_start(&receiver, NULL) == HP_OK ? support_cluster_start(state) : -1;
}

static int stop_all(void **state) {
    receiver_stop(receiver);
    return support_cluster_stop(state);
}

static void *flush(void *webhooks) {
    struct hp_webhook_counts counts;
    hp_webhooks_flush(webhooks, &counts, NULL);
    return NULL;
}

/* What came of one event. */
struct fate {
    char id[HP_ID_SIZE], interrupt[HP_ID_SIZE];
    bool first; /* the creation's */
    size_t accepted, failed;
    size_t accepted_order; /* of the request that was accepted */
};

static struct fate *find_fate(struct fate *fates, size_t *count, const char *id) {
    for (size_t i = 0; i < *count; i++) {
        if (strcmp(fates[i].id, id) == 0) {
            return &fates[i];
        }
    }
    assert_true(*count < EVENTS);
    text_put(fates[*count].id, HP_ID_SIZE, id);
    return &fates[(*count)++];
}

static void add_request(struct fate *fates, size_t *count, const struct receiver_request *request) {
    json_t *body = json_loadb(request->body, request->body_bytes, 0, NULL);
    struct fate *fate = find_fate(fates, count, json_string_value(json_object_get(body, "event_id")));
    text_put(fate->interrupt, HP_ID_SIZE, json_string_value(value_at(body, "/data/id")));
    fate->first = strcmp(json_string_value(value_at(body, "/data/status")), "pending") == 0;
    assert_int_equal(fate->accepted, 0); /* nothing comes again that was accepted */
    if (request->answer == 200) {
        fate->accepted++;
        fate->accepted_order = request->order;
    } else {
        fate->failed++;
    }
    for (size_t i = 0; i < *count && !fate->first; i++) {
        if (fates[i].first && strcmp(fates[i].interrupt, fate->interrupt) == 0) {
            assert_int_equal(fates[i].accepted, 1); /* the one before it was through */
            assert_true(fates[i].accepted_order < request->order);
        }
    }
    json_decref(body);
}

static void judge(unsigned box, int64_t pending) {
    struct fate *fates = calloc(EVENTS, sizeof *fates);
    struct receiver_list list;
    size_t count = 0, failed = 0;
    assert_non_null(fates);
    assert_true(receiver_read(receiver, box, &list));
    for (size_t i = 0; i < list.count; i++) {
        add_request(fates, &count, &list.requests[i]);
    }
    assert_int_equal(count, EVENTS);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(fates[i].accepted, 1);
        failed += fates[i].failed;
    }
    assert_int_equal(list.count, EVENTS + failed);
    assert_true(failed > EVENTS / 4);
    assert_int_equal(pending, 0);
    receiver_list_release(&list);
    free(fates);
}

static void two_servers_lose_and_double_nothing(void **state) {
    (void)state;
    static struct receiver_reply script[SCRIPT];
    struct pg_bench pg;
    char url[RECEIVER_URL_SIZE], id[HP_ID_SIZE];
    for (size_t i = 0; i < SCRIPT; i++) { /* a third fails, in one of two ways */
        script[i].status = i % 3 == 2 ? 500 : 200;
        script[i].kind = i % 6 == 5 ? RECEIVER_CLOSE : RECEIVER_ANSWER;
    }
    unsigned box = receiver_open(receiver, script, SCRIPT, url);
    struct hp_subscription wish = webhook_wish(url);
    const struct hp_webhook_options options = {.allow_private = true, .jitter_permille = 100, .seed = 1};
    wish.max_tries = 50;
    pg_bench_init(&pg, NULL);
    webhook_subscribe(&pg.bench, &wish, id);
    struct hp_store *stores[] = {pg.bench.store, hp_store_postgres_new(support_conninfo(), &pg.options)};
    struct hp_webhooks *webhooks[] = {hp_webhooks_new(stores[0], &options),
                                      hp_webhooks_new(stores[1], &options)};
    assert_true(webhooks[0] && webhooks[1]);
    int64_t pending = 1;
    for (int round = 0; round < ROUNDS_MAX && (pending > 0 || round < 5); round++) {
        pthread_t threads[2];
        for (int i = 0; i < INTERRUPTS / 5 && round < 5; i++) {
            webhook_make(&pg.bench, "r", true, NULL);
        }
        for (size_t i = 0; i < 2; i++) {
            assert_int_equal(pthread_create(&threads[i], NULL, flush, webhooks[i]), 0);
        }
        for (size_t i = 0; i < 2; i++) {
            pthread_join(threads[i], NULL);
        }
        bench_pass(&pg.bench, 3600 * HP_SECOND_US);
        pending = pg_ask(&pg, "select count(*) from flow_interrupt_deliveries");
    }
    judge(box, pending);
    for (size_t i = 0; i < 2; i++) {
        hp_webhooks_free(webhooks[i]);
    }
    hp_store_free(stores[1]);
    pg_bench_release(&pg);
}

/* The child: a server that delivers once, at the bench's instant. */
static int deliver(const char *conninfo, const char *schema) {
    struct hp_clock *clock = hp_clock_new();
    const struct hp_postgres_options options = {.schema = schema, .clock = clock};
    const struct hp_webhook_options allow = {.allow_private = true};
    struct hp_webhook_counts counts;
    if (!clock || hp_clock_set(clock, BENCH_NOW_US, NULL) != HP_OK) {
        return 1;
    }
    struct hp_store *store = hp_store_postgres_new(conninfo, &options);
    struct hp_webhooks *webhooks = store ? hp_webhooks_new(store, &allow) : NULL;
    int code = webhooks && hp_webhooks_flush(webhooks, &counts, NULL) == HP_OK ? 0 : 1;
    hp_webhooks_free(webhooks);
    hp_store_free(store);
    hp_clock_free(clock);
    return code;
}

/* Killed between the send and its settling: the endpoint has the event, and nobody knows. */
static void a_killed_servers_delivery_comes_back(void **state) {
    (void)state;
    static const struct receiver_reply script[] = {{.status = 200, .held = true}, {.status = 200}};
    struct pg_bench pg;
    struct child child;
    char url[RECEIVER_URL_SIZE], id[HP_ID_SIZE];
    const struct hp_webhook_options allow = {.allow_private = true};
    unsigned box = receiver_open(receiver, script, 2, url);
    struct hp_subscription wish = webhook_wish(url);
    struct hp_webhook_counts counts;
    struct receiver_list list;
    wish.secret = "s";
    wish.max_tries = 1; /* a try whose end nobody knows is none that failed */
    pg_bench_init(&pg, NULL);
    webhook_subscribe(&pg.bench, &wish, id);
    webhook_make(&pg.bench, "r", true, NULL);
    child_start(&child, program, (const char *const[]){"deliver", support_conninfo(), pg.schema, NULL});
    assert_true(receiver_await(receiver, box, 1, AWAIT_MS));
    child_kill(&child);
    receiver_release(receiver, box);
    struct hp_webhooks *webhooks = hp_webhooks_new(pg.bench.store, &allow);
    assert_int_equal(hp_webhooks_flush(webhooks, &counts, NULL), HP_OK);
    assert_int_equal(counts.sent, 0); /* neither it nor what stands behind it */
    bench_pass(&pg.bench, HP_TIMEOUT_DEFAULT_US + HP_WEBHOOK_LEASE_US - 1);
    assert_int_equal(hp_webhooks_flush(webhooks, &counts, NULL), HP_OK);
    assert_int_equal(counts.sent, 0);
    bench_pass(&pg.bench, 1);
    assert_int_equal(hp_webhooks_flush(webhooks, &counts, NULL), HP_OK);
    assert_int_equal(counts.delivered, 2);
    assert_true(receiver_read(receiver, box, &list));
    assert_int_equal(list.count, 3);
    assert_string_equal(list.requests[0].body, list.requests[1].body); /* the same id among the rest */
    assert_string_not_equal(list.requests[1].body, list.requests[2].body);
    assert_int_equal(webhook_dead_count(&pg.bench), 0);
    receiver_list_release(&list);
    hp_webhooks_free(webhooks);
    pg_bench_release(&pg);
}

int main(int count, char **words) {
    if (count == 4 && strcmp(words[1], "deliver") == 0) {
        return deliver(words[2], words[3]);
    }
    program = words[0];
    const struct CMUnitTest tests[] = {cmocka_unit_test(two_servers_lose_and_double_nothing),
                                       cmocka_unit_test(a_killed_servers_delivery_comes_back)};
    return cmocka_run_group_tests(tests, start_all, stop_all);
}
