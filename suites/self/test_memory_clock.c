/* When the memory store reads the clock. This file is the clock: it defines every function of clock.h, so that
 * the linker does not take the real one out of the archive. While an operation reads it, a rival in another
 * thread operates on the same record; whether the rival can finish tells whether the record was locked. */
#include "reference/service/service.h"
#include "reference/store/memory.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

/* How long a rival is waited for that must not finish, and one that must. */
enum { LOCKED_OUT_MS = 100, LET_IN_MS = 20000 };

typedef enum hp_status operation(struct hp_service *service, const char *id);

/* One race. Everything but the three flags stays as it is while both threads run. */
struct race {
    struct hp_service *service;
    char id[HP_ID_SIZE];
    operation *rival;
    unsigned patience_ms;
    pthread_t thread;
    pthread_mutex_t mutex; /* guards the flags */
    pthread_cond_t changed;
    bool started;
    bool finished;
    enum hp_status rival_status;
};

struct hp_clock {
    struct race *race; /* the next read waits for its rival; NULL: none does. The first operation's alone */
    bool finished;     /* the rival had finished when the read gave up waiting */
};

static struct hp_clock the_clock;

struct hp_clock *hp_clock_new(void) {
    the_clock = (struct hp_clock){0};
    return &the_clock;
}

void hp_clock_free(struct hp_clock *clock) {
    (void)clock;
}

enum hp_status hp_clock_set(struct hp_clock *clock, int64_t instant_us, struct hp_problem *problem) {
    (void)clock;
    (void)instant_us;
    return hp_problem_set(problem, HP_INTERNAL, NULL, "this clock is not set");
}

static void *rival_run(void *context) {
    struct race *race = context;
    pthread_mutex_lock(&race->mutex);
    race->started = true;
    pthread_cond_broadcast(&race->changed);
    pthread_mutex_unlock(&race->mutex);
    enum hp_status status = race->rival(race->service, race->id);
    pthread_mutex_lock(&race->mutex);
    race->finished = true;
    race->rival_status = status;
    pthread_cond_broadcast(&race->changed);
    pthread_mutex_unlock(&race->mutex);
    return NULL;
}

/* Waits, once the rival is under way, for its end or the end of the patience; tells whether it has finished. */
static bool rival_finishes(struct race *race) {
    struct timespec until;
    pthread_mutex_lock(&race->mutex);
    while (!race->started) {
        pthread_cond_wait(&race->changed, &race->mutex);
    }
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += race->patience_ms / 1000;
    until.tv_nsec += (long)(race->patience_ms % 1000) * 1000000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    while (!race->finished && pthread_cond_timedwait(&race->changed, &race->mutex, &until) == 0) {
    }
    bool finished = race->finished;
    pthread_mutex_unlock(&race->mutex);
    return finished;
}

/* The rival reads this clock too, so whom it waits for is taken out before the rival starts. */
int64_t hp_clock_now(struct hp_clock *clock) {
    struct race *race = clock->race;
    if (race) {
        clock->race = NULL;
        if (pthread_create(&race->thread, NULL, rival_run, race) != 0) {
            abort();
        }
        clock->finished = rival_finishes(race);
    }
    return 0;
}

static enum hp_status get(struct hp_service *service, const char *id) {
    struct hp_interrupt *interrupt = NULL;
    enum hp_status status = hp_service_get(service, id, "u", &interrupt, NULL);
    hp_interrupt_free(interrupt);
    return status;
}

static enum hp_status respond(struct hp_service *service, const char *id) {
    const struct hp_response response = {.text = "yes"};
    struct hp_interrupt *interrupt = NULL;
    enum hp_status status = hp_service_respond(service, id, "u", &response, &interrupt, NULL);
    hp_interrupt_free(interrupt);
    return status;
}

static enum hp_status cancel(struct hp_service *service, const char *id) {
    struct hp_interrupt *interrupt = NULL;
    enum hp_status status = hp_service_cancel(service, id, "u", NULL, &interrupt, NULL);
    hp_interrupt_free(interrupt);
    return status;
}

static enum hp_status list(struct hp_service *service, const char *id) {
    const struct hp_query query = {.user_id = "u", .statuses = HP_STATUSES_ALL};
    struct hp_page page = {0};
    (void)id;
    enum hp_status status = hp_service_list(service, &query, &page, NULL);
    size_t count = page.count;
    hp_page_release(&page);
    return status == HP_OK && count == 1 ? HP_OK : HP_INTERNAL;
}

static enum hp_status sweep(struct hp_service *service, const char *id) {
    struct hp_id_list ids = {0};
    (void)id;
    enum hp_status status = hp_service_expire_pending(service, &ids, NULL);
    hp_id_list_release(&ids);
    return status;
}

static void race_init(struct race *race, operation *rival, unsigned patience_ms) {
    pthread_condattr_t monotonic;
    *race = (struct race){.rival = rival, .patience_ms = patience_ms};
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&race->mutex, NULL);
    pthread_cond_init(&race->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

/* Races the rival against the operation that reads the clock, on one pending interrupt. */
static void check_race(operation *reader, operation *rival, bool finishes, enum hp_status rival_status) {
    const struct hp_create request = {
        .kind = HP_CLARIFICATION, .request_id = "r", .user_id = "u", .session_id = "s"};
    struct hp_clock *clock = hp_clock_new();
    struct hp_ids *ids = hp_ids_seeded_new(7);
    struct hp_store *store = hp_store_memory_new(clock, ids);
    struct race race;
    struct hp_interrupt *created = NULL;
    race_init(&race, rival, finishes ? LET_IN_MS : LOCKED_OUT_MS);
    race.service = hp_service_new(store);
    assert_non_null(race.service);
    assert_int_equal(hp_service_create(race.service, &request, &created, NULL), HP_OK);
    memcpy(race.id, created->id, HP_ID_SIZE);
    hp_interrupt_free(created);
    clock->race = &race;
    enum hp_status status = reader(race.service, race.id);
    bool was_read = clock->race == NULL;
    if (was_read) {
        pthread_join(race.thread, NULL);
    }
    hp_service_free(race.service);
    hp_store_free(store);
    hp_ids_free(ids);
    pthread_cond_destroy(&race.changed);
    pthread_mutex_destroy(&race.mutex);
    assert_true(was_read);
    assert_int_equal(status, HP_OK);
    assert_int_equal(clock->finished, finishes);
    assert_int_equal(race.rival_status, rival_status);
}

/* An instant that is older than what somebody else has stored meanwhile must not decide a transition. */
static void one_record_is_locked_first(void **state) {
    (void)state;
    check_race(get, get, false, HP_OK);
    check_race(get, cancel, false, HP_OK);
    check_race(respond, get, false, HP_OK);
    check_race(respond, cancel, false, HP_CONFLICT);
    check_race(cancel, get, false, HP_OK);
    check_race(cancel, respond, false, HP_CONFLICT);
}

/* What goes over many records holds none of them up while it asks for the time. That its rivals are seen to
 * finish shows too that the test above could see it. */
static void many_records_are_locked_later(void **state) {
    (void)state;
    check_race(list, get, true, HP_OK);
    check_race(list, cancel, true, HP_OK);
    check_race(sweep, get, true, HP_OK);
    check_race(sweep, respond, true, HP_OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_record_is_locked_first),
        cmocka_unit_test(many_records_are_locked_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
