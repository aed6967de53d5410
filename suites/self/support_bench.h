/* A service over a memory store with a set clock and seeded ids, as the tests of the reference use it.
 * Everything here fails the running test by cmocka's assertions, so it belongs to the thread of the test. */
#ifndef HOLDPOINT_SELF_SUPPORT_BENCH_H
#define HOLDPOINT_SELF_SUPPORT_BENCH_H

#include "reference/holdpoint.h"

/* 2025-12-11T09:30:00Z, where the clock of a bench begins. */
#define BENCH_NOW_US INT64_C(1765445400000000)

struct bench {
    struct hp_clock *clock;
    struct hp_ids *ids;
    struct hp_store *store;
    struct hp_service *service;
    struct hp_problem problem; /* of the latest call that used it */
};

void bench_init(struct bench *bench);
void bench_release(struct bench *bench);

/* Moves the clock on. */
void bench_pass(struct bench *bench, int64_t us);

/* The request for an interrupt of that kind, of ann in the session s1 and the request r1. */
struct hp_create bench_request(enum hp_kind kind);

/* Creates an interrupt; the caller frees it. */
struct hp_interrupt *bench_create(struct bench *bench, const struct hp_create *create);

/* Takes all events, settles them as delivered; the caller releases *events. */
void bench_drain(struct bench *bench, struct hp_event_list *events);

/* Empties the outbox. */
void bench_forget_events(struct bench *bench);

/* A response that fits the kind. */
struct hp_response bench_response(enum hp_kind kind);

/* The interrupt with every field filled and resolved; its texts are static. */
struct hp_interrupt bench_full_interrupt(void);

/* Fails unless both are equal in every field, texts by value. */
void assert_same_interrupt(const struct hp_interrupt *one, const struct hp_interrupt *other);

/* Fails unless the status is the one wanted and the problem names that field. */
void assert_refused(enum hp_status status, const struct hp_problem *problem, enum hp_status wanted,
                    const char *field);

#endif
