#include "reference/store/postgres_pool.h"

#include <errno.h>
#include <time.h>

/* One that was in use so lately is not asked whether it is alive: under load that would be a system call for each
 * operation, and no server restarts in that time. */
enum { FRESH_MS = 5 };

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

/* Takes the idle connection that this thread had last, if it is there, else any: the server's process stays on the
 * processor of the thread that wakes it. NULL when none is idle. */
static struct connection *take_idle(struct pool *pool) {
    struct connection **place = &pool->idle;
    for (struct connection **at = &pool->idle; *at; at = &(*at)->next) {
        if (pthread_equal((*at)->user, pthread_self())) {
            place = at;
            break;
        }
    }
    struct connection *taken = *place;
    if (taken) {
        *place = taken->next;
    }
    return taken;
}

/* What a borrower was given. */
struct claim {
    struct connection *idle; /* NULL: the right to open one */
    uint64_t generation;     /* that counts now */
    unsigned others;         /* who still wait */
};

static void await_one(struct pool *pool) {
    struct timespec deadline = deadline_in(pool->wait_ms);
    int waited = 0;
    pool->waiting++;
    while (!pool->idle && pool->open >= pool->most && waited != ETIMEDOUT) {
        waited = pthread_cond_timedwait(&pool->returned, &pool->mutex, &deadline);
    }
    pool->waiting--;
}

/* False when neither an idle connection nor the right to open one comes in time. */
static bool claim_one(struct pool *pool, struct claim *claim) {
    pthread_mutex_lock(&pool->mutex);
    if (!pool->idle && pool->open >= pool->most) {
        await_one(pool);
    }
    *claim = (struct claim){take_idle(pool), pool->generation, pool->waiting};
    bool claimed = claim->idle || pool->open < pool->most;
    if (!claim->idle && claimed) {
        pool->open++;
    }
    pthread_mutex_unlock(&pool->mutex);
    return claimed;
}

static void give_up_place(struct pool *pool) {
    pthread_mutex_lock(&pool->mutex);
    pool->open--;
    pthread_cond_signal(&pool->returned);
    pthread_mutex_unlock(&pool->mutex);
}

enum hp_status pool_borrow(struct pool *pool, struct connection **connection, struct hp_problem *problem) {
    struct claim claim;
    if (!claim_one(pool, &claim)) {
        return hp_problem_set(problem, HP_UNAVAILABLE, NULL,
                              "all %u connections to the database were busy for %u ms; %u more callers wait",
                              pool->most, pool->wait_ms, claim.others);
    }
    if (claim.idle && claim.idle->generation == claim.generation &&
        (connection_clock_ms() - claim.idle->returned_ms < FRESH_MS || connection_is_alive(claim.idle))) {
        *connection = claim.idle;
        return HP_OK;
    }
    connection_close(claim.idle);
    enum hp_status status = connection_open(&pool->settings, connection, problem);
    if (status != HP_OK) {
        give_up_place(pool);
        return status;
    }
    (*connection)->generation = claim.generation;
    return HP_OK;
}

void pool_return(struct pool *pool, struct connection *connection) {
    if (!connection) {
        return;
    }
    bool usable = connection_is_usable(connection);
    connection->user = pthread_self();
    connection->returned_ms = connection_clock_ms();
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
