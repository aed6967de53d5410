#include "reference/store/postgres_pool.h"

#include <errno.h>
#include <time.h>

enum hp_status pool_init(struct pool *pool, const char *conninfo, const struct hp_postgres_options *options,
                         struct hp_problem *problem) {
    static const struct hp_postgres_options none = {0};
    options = options ? options : &none;
    *pool = (struct pool){
        .most = setting_or(options->connections, SETTINGS_CONNECTIONS),
        .wait_ms = setting_or(options->wait_ms, SETTINGS_WAIT_MS),
    };
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&pool->returned, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&pool->mutex, NULL);
    return settings_init(&pool->settings, conninfo, options, problem);
}

void pool_release(struct pool *pool) {
    for (struct connection *connection = pool->idle, *next; connection; connection = next) {
        next = connection->next;
        connection_close(connection);
    }
    pthread_cond_destroy(&pool->returned);
    pthread_mutex_destroy(&pool->mutex);
    settings_release(&pool->settings);
}

static struct timespec deadline_in(unsigned wait_ms) {
    struct timespec deadline;
    clock_gettime(CLOCK_MONOTONIC, &deadline);
    deadline.tv_sec += wait_ms / 1000;
    deadline.tv_nsec += (long)(wait_ms % 1000) * 1000000;
    if (deadline.tv_nsec >= 1000000000) {
        deadline.tv_sec++;
        deadline.tv_nsec -= 1000000000;
    }
    return deadline;
}

/* Gives an idle connection, or NULL and the right to open one. False when neither comes in time; *others is
 * then how many still wait. */
static bool claim(struct pool *pool, struct connection **idle, unsigned *others) {
    struct timespec deadline = deadline_in(pool->wait_ms);
    pthread_mutex_lock(&pool->mutex);
    int waited = 0;
    pool->waiting++;
    while (!pool->idle && pool->open >= pool->most && waited != ETIMEDOUT) {
        waited = pthread_cond_timedwait(&pool->returned, &pool->mutex, &deadline);
    }
    *others = --pool->waiting;
    *idle = pool->idle;
    bool claimed = *idle || pool->open < pool->most;
    if (*idle) {
        pool->idle = (*idle)->next;
    } else if (claimed) {
        pool->open++;
    }
    pthread_mutex_unlock(&pool->mutex);
    return claimed;
}

static uint64_t generation_of(struct pool *pool) {
    pthread_mutex_lock(&pool->mutex);
    uint64_t generation = pool->generation;
    pthread_mutex_unlock(&pool->mutex);
    return generation;
}

static void give_up_place(struct pool *pool) {
    pthread_mutex_lock(&pool->mutex);
    pool->open--;
    pthread_cond_signal(&pool->returned);
    pthread_mutex_unlock(&pool->mutex);
}

enum hp_status pool_borrow(struct pool *pool, struct connection **connection, struct hp_problem *problem) {
    struct connection *idle;
    unsigned others;
    if (!claim(pool, &idle, &others)) {
        return hp_problem_set(problem, HP_UNAVAILABLE, NULL,
                              "all %u connections to the database were busy for %u ms; %u more callers wait",
                              pool->most, pool->wait_ms, others);
    }
    uint64_t generation = generation_of(pool);
    if (idle && idle->generation == generation && connection_is_alive(idle)) {
        *connection = idle;
        return HP_OK;
    }
    connection_close(idle);
    enum hp_status status = connection_open(&pool->settings, connection, problem);
    if (status != HP_OK) {
        give_up_place(pool);
        return status;
    }
    (*connection)->generation = generation;
    return HP_OK;
}

void pool_return(struct pool *pool, struct connection *connection) {
    if (!connection) {
        return;
    }
    bool usable = connection_is_usable(connection);
    pthread_mutex_lock(&pool->mutex);
    if (usable) {
        connection->next = pool->idle;
        pool->idle = connection;
    } else {
        pool->open--;
        pool->generation++;
    }
    pthread_cond_signal(&pool->returned);
    pthread_mutex_unlock(&pool->mutex);
    if (!usable) {
        connection_close(connection);
    }
}
