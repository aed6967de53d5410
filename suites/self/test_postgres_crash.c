/* The server is killed and started again in the middle of creations, responses, cancellations and sweeps by several
 * threads on one store: what was answered is there, what was refused is whole or not at all, and the store goes on. */
#include "reference/base/text.h"
#include "suites/self/support_cluster.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

enum { WORKERS = 6, CRASHES = 2, WORK_BETWEEN = 240, ENTRIES = 4000, PATIENCE_S = 60 };

/* What is done to an interrupt after it was created. */
enum plan { PLAN_RESPOND, PLAN_CANCEL, PLAN_EXPIRE, PLAN_RACE, PLAN_COUNT };

/* What its worker knows of one. */
struct entry {
    char id[HP_ID_SIZE];
    enum plan plan;
    int number;           /* the text that answers it */
    enum hp_status ended; /* what respond or cancel came to; HP_UNAVAILABLE: nobody knows */
};

/* What all workers share, under the mutex. */
struct stream {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    struct hp_store *store;
    int done;      /* operations that were answered */
    int lost;      /* that were refused as unavailable */
    int lost_made; /* creations among them */
    int resumed;   /* how often the server came back */
    bool enough;
    const char *wrong; /* what should not have been, NULL: nothing */
    size_t count;
    struct entry entries[ENTRIES];
    struct hp_id_list swept;
};

/* Waits until the number is at least that. */
static void await(struct stream *stream, const int *number, int least) {
    struct timespec deadline;
    clock_gettime(CLOCK_REALTIME, &deadline);
    deadline.tv_sec += PATIENCE_S;
    while (*number < least && !stream->wrong) {
        if (pthread_cond_timedwait(&stream->changed, &stream->mutex, &deadline) != 0) {
            stream->wrong = "it takes too long";
        }
    }
}

/* Counts an operation. One that was lost waits here until the server is back. */
static void count(struct stream *stream, enum hp_status status, bool made) {
    if (status == HP_OK || status == HP_CONFLICT) {
        stream->done++;
    } else if (status != HP_UNAVAILABLE) {
        stream->wrong = hp_status_name(status);
    }
    if (status == HP_UNAVAILABLE) {
        stream->lost++;
        stream->lost_made += made;
    }
    pthread_cond_broadcast(&stream->changed);
    if (status == HP_UNAVAILABLE) {
        await(stream, &stream->resumed, stream->resumed + 1);
    }
}

static void keep(struct stream *stream, const struct entry *entry) {
    if (stream->count < ENTRIES) {
        stream->entries[stream->count++] = *entry;
    } else {
        stream->wrong = "there are more interrupts than the test has room for";
    }
}

static enum hp_status make(struct stream *stream, struct entry *entry) {
    static const int64_t ttls_us[] = {
        [PLAN_RESPOND] = HP_TTL_NEVER, [PLAN_CANCEL] = HP_TTL_NEVER, [PLAN_EXPIRE] = 1, [PLAN_RACE] = 1500};
    struct hp_create request = bench_request(HP_CLARIFICATION);
    struct hp_interrupt *created = NULL;
    request.ttl_us = ttls_us[entry->plan];
    enum hp_status status = store_create(stream->store, &request, &created, NULL);
    if (status == HP_OK) {
        text_put(entry->id, sizeof entry->id, created->id);
    }
    hp_interrupt_free(created);
    return status;
}

static enum hp_status end(struct stream *stream, const struct entry *entry, struct hp_problem *problem) {
    char text[24];
    struct hp_interrupt *after = NULL;
    snprintf(text, sizeof text, "%d", entry->number);
    const struct hp_response response = {.text = text};
    struct hp_change change = {.id = entry->id, .user_id = "ann", .to = HP_RESOLVED, .response = &response};
    if (entry->plan == PLAN_CANCEL) {
        change = (struct hp_change){.id = entry->id, .user_id = "ann", .to = HP_CANCELLED, .reason = text};
    }
    enum hp_status status = store_change(stream->store, &change, &after, problem);
    hp_interrupt_free(after);
    return status;
}

static void sweep(struct stream *stream) {
    struct hp_id_list ids = {0};
    enum hp_status status = store_expire_due(stream->store, &ids, NULL);
    pthread_mutex_lock(&stream->mutex);
    if (id_list_reserve(&stream->swept, ids.count)) {
        for (size_t i = 0; i < ids.count; i++) {
            memcpy(stream->swept.ids[stream->swept.count++], ids.ids[i], HP_ID_SIZE);
        }
    }
    count(stream, status, false);
    pthread_mutex_unlock(&stream->mutex);
    hp_id_list_release(&ids);
}

/* Creates one and does with it what is planned; only a race may be lost, and only to its expiry. */
static void live(struct stream *stream, int number) {
    struct entry entry = {.plan = (enum plan)(number % PLAN_COUNT), .number = number, .ended = HP_OK};
    struct hp_problem problem = {0};
    enum hp_status made = make(stream, &entry);
    pthread_mutex_lock(&stream->mutex);
    count(stream, made, true);
    pthread_mutex_unlock(&stream->mutex);
    if (made != HP_OK) {
        return;
    }
    if (entry.plan != PLAN_EXPIRE) {
        entry.ended = end(stream, &entry, &problem);
    }
    pthread_mutex_lock(&stream->mutex);
    if (entry.ended == HP_CONFLICT &&
        (entry.plan != PLAN_RACE || strcmp(problem.interrupt_status, "expired") != 0)) {
        stream->wrong = "a conflict where nobody else is";
    }
    keep(stream, &entry);
    count(stream, entry.ended, false);
    pthread_mutex_unlock(&stream->mutex);
}

static bool goes_on(struct stream *stream, int *number) {
    pthread_mutex_lock(&stream->mutex);
    static int next;
    *number = next++;
    bool on = !stream->enough && !stream->wrong;
    pthread_mutex_unlock(&stream->mutex);
    return on;
}

static void *work(void *argument) {
    struct stream *stream = argument;
    int number;
    while (goes_on(stream, &number)) {
        live(stream, number);
        if (number % 8 == 0) {
            sweep(stream);
        }
    }
    return NULL;
}

/* Lets them work, kills the server, waits until every worker has met that, starts it again. */
static void crash_often(struct stream *stream) {
    for (int crash = 1; crash <= CRASHES; crash++) {
        pthread_mutex_lock(&stream->mutex);
        await(stream, &stream->done, stream->done + WORK_BETWEEN);
        pthread_mutex_unlock(&stream->mutex);
        assert_int_equal(cluster_crash(support_cluster(), NULL), HP_OK);
        pthread_mutex_lock(&stream->mutex);
        await(stream, &stream->lost, WORKERS * crash);
        pthread_mutex_unlock(&stream->mutex);
        assert_int_equal(cluster_resume(support_cluster(), NULL), HP_OK);
        pthread_mutex_lock(&stream->mutex);
        stream->resumed++;
        pthread_cond_broadcast(&stream->changed);
        pthread_mutex_unlock(&stream->mutex);
    }
    pthread_mutex_lock(&stream->mutex);
    await(stream, &stream->done, stream->done + WORK_BETWEEN);
    stream->enough = true;
    pthread_mutex_unlock(&stream->mutex);
}

/* What the row of an entry must be, in SQL; the number is that of the answer. */
static const char *wanted_row(const struct entry *entry) {
    bool known = entry->ended != HP_UNAVAILABLE;
    switch (entry->plan) {
    case PLAN_RESPOND:
        return known ? "status = 'resolved' and response ->> 'text' = '%d'"
                     : "status = 'pending' or (status = 'resolved' and response ->> 'text' = '%d')";
    case PLAN_CANCEL:
        return known ? "status = 'cancelled' and data ->> 'cancel_reason' = '%d'"
                     : "status = 'pending' or (status = 'cancelled' and data ->> 'cancel_reason' = '%d')";
    case PLAN_EXPIRE:
        return "status in ('pending', 'expired') and %d >= 0";
    case PLAN_RACE:
    default:
        if (entry->ended == HP_CONFLICT) {
            return "status in ('pending', 'expired') and %d >= 0";
        }
        return known ? "status = 'resolved' and response ->> 'text' = '%d'"
                     : "status in ('pending', 'expired') or response ->> 'text' = '%d'";
    }
}

static void check_entries(struct pg_bench *pg, const struct stream *stream) {
    for (size_t i = 0; i < stream->count; i++) {
        const struct entry *entry = &stream->entries[i];
        char condition[160];
        snprintf(condition, sizeof condition, wanted_row(entry), entry->number);
        if (pg_ask(pg, "select count(*) from flow_interrupts where id = '%s' and (%s)", entry->id,
                   condition) != 1) {
            fail_msg("%s (plan %d, %s) is not: %s", entry->id, (int)entry->plan, hp_status_name(entry->ended),
                     condition);
        }
    }
}

static int compare_ids(const void *one, const void *other) {
    return strcmp(one, other);
}

/* No id in two sweeps' answers, and each is stored as expired. */
static void check_swept(struct pg_bench *pg, struct hp_id_list *swept) {
    qsort(swept->ids, swept->count, HP_ID_SIZE, compare_ids);
    for (size_t i = 0; i < swept->count; i++) {
        assert_true(i == 0 || strcmp(swept->ids[i - 1], swept->ids[i]) != 0);
        assert_int_equal(pg_ask(pg,
                                "select count(*) from flow_interrupts where id = '%s' and status = 'expired'",
                                swept->ids[i]),
                         1);
    }
}

/* Each transition has told of itself once, and nothing else has. */
static void check_events(struct pg_bench *pg) {
    assert_int_equal(pg_ask(pg, "select count(*) from flow_interrupts f where 1 <> (select count(*) from"
                                " flow_interrupt_events e where e.interrupt_id = f.id"
                                " and e.event_type = 'interrupt.clarification_needed')"),
                     0);
    assert_int_equal(
        pg_ask(
            pg,
            "select count(*) from flow_interrupts f where (f.status <> 'pending')::int <>"
            " (select count(*) from flow_interrupt_events e where e.interrupt_id = f.id and e.event_type in"
            " ('interrupt.resolved', 'interrupt.cancelled', 'interrupt.expired'))"),
        0);
    assert_int_equal(
        pg_ask(pg, "select count(*) from flow_interrupts f where f.status <> 'pending' and not exists"
                   " (select 1 from flow_interrupt_events e where e.interrupt_id = f.id"
                   " and e.event_type = 'interrupt.' || f.status)"),
        0);
    assert_int_equal(pg_ask(pg, "select count(*) from flow_interrupt_events e where not exists"
                                " (select 1 from flow_interrupts f where f.id = e.interrupt_id)"),
                     0);
}

static void crashes_in_the_middle_of_work(void **state) {
    (void)state;
    static struct stream stream; /* too large for a stack */
    struct pg_bench pg;
    pthread_t workers[WORKERS];
    pg_bench_init(&pg, NULL);
    struct hp_postgres_options options = pg.options;
    options.clock = NULL; /* that of the database, which runs */
    pthread_mutex_init(&stream.mutex, NULL);
    pthread_cond_init(&stream.changed, NULL);
    stream.store = hp_store_postgres_new(support_conninfo(), &options);
    assert_non_null(stream.store);
    for (int i = 0; i < WORKERS; i++) {
        assert_int_equal(pthread_create(&workers[i], NULL, work, &stream), 0);
    }
    crash_often(&stream);
    for (int i = 0; i < WORKERS; i++) {
        pthread_join(workers[i], NULL);
    }
    if (stream.wrong) {
        fail_msg("%s", stream.wrong);
    }
    /* Each worker met each crash once; once the server was back nobody did. */
    assert_int_equal(stream.lost, WORKERS * CRASHES);
    pg_run(&pg, "set search_path = \"%s\"", pg.schema);
    int64_t stored = pg_ask(&pg, "select count(*) from flow_interrupts");
    assert_in_range(stored, stream.count, stream.count + (size_t)stream.lost_made);
    sweep(&stream); /* of what came due since, on the store that saw the crashes */
    assert_int_equal(pg_ask(&pg,
                            "select count(*) from flow_interrupts where status = 'pending' and expires_at"
                            " < now() - interval '1 second'"),
                     0);
    check_entries(&pg, &stream);
    assert_true(stream.swept.count > 0);
    check_swept(&pg, &stream.swept);
    check_events(&pg);
    hp_id_list_release(&stream.swept);
    hp_store_free(stream.store);
    pthread_cond_destroy(&stream.changed);
    pthread_mutex_destroy(&stream.mutex);
    pg_bench_release(&pg);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(crashes_in_the_middle_of_work)};
    return cmocka_run_group_tests(tests, support_cluster_start, support_cluster_stop);
}
