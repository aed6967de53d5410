/* Subscriptions and deliveries as the tests of the reference use them, on any store. Everything here fails the running test
 * by cmocka's assertions, so it belongs to the thread of the test. */
#ifndef HOLDPOINT_SELF_SUPPORT_WEBHOOK_H
#define HOLDPOINT_SELF_SUPPORT_WEBHOOK_H

#include "reference/store/calls.h"
#include "suites/self/support_bench.h"

/* A subscription for "*" at that url, with the defaults. */
struct hp_subscription webhook_wish(const char *url);

/* Subscribes and writes the id. */
void webhook_subscribe(struct bench *bench, const struct hp_subscription *wish, char id[HP_ID_SIZE]);

/* Creates an interrupt of that request, and cancels it; the id is written where it is not NULL. */
void webhook_make(struct bench *bench, const char *request_id, bool and_cancel, char id[HP_ID_SIZE]);

/* Takes up to max deliveries, each and in all; the caller releases *list. */
void webhook_take(struct bench *bench, size_t max, struct hp_webhook_list *list);

/* Takes, compares how many there are, and leaves them taken. */
void webhook_take_count(struct bench *bench, size_t count);

/* Settles and compares the outcome. */
void webhook_settle(struct bench *bench, const struct hp_webhook_delivery *delivery,
                    struct hp_webhook_attempt attempt, enum hp_status expected);

/* How many are dead. */
size_t webhook_dead_count(struct bench *bench);

/* What every store promises of deliveries, one test each. The bench's store is empty, its clock stands; tests move it. */
struct webhook_promise {
    const char *name;
    void (*keep)(struct bench *bench);
};

extern const struct webhook_promise webhook_promises[];
extern const size_t webhook_promise_count;

#endif
