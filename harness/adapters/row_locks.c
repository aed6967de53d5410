#include "harness/adapters/row_locks.h"

#include "harness/adapters/database.h"
#include "reference/base/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* One transaction that may hold a row. */
struct row_lock {
    struct database *database;
    int64_t pid; /* of its server process */
    bool holds;
};

struct row_locks {
    struct row_lock locks[ROW_LOCKS_MAX];
    size_t count;
    struct database *observer;
    char *table;
};

/* "schema".flow_interrupts */
static char *table_name(const char *schema) {
    struct text name = {0};
    if (schema) {
        text_add_byte(&name, '"');
        for (const char *at = schema; *at; at++) {
            text_add(&name, *at == '"' ? "\"" : "");
            text_add_byte(&name, *at);
        }
        text_add(&name, "\".");
    }
    text_add(&name, "flow_interrupts");
    return text_take(&name);
}

static enum hp_status open_lock(const char *conninfo, struct row_lock *lock, struct hp_problem *problem) {
    enum hp_status status = database_open(conninfo, &lock->database, problem);
    return status == HP_OK ? database_ask(lock->database, "select pg_backend_pid()", &lock->pid, problem)
                           : status;
}

enum hp_status row_locks_open(const char *conninfo, const char *schema, size_t count,
                              struct row_locks **locks, struct hp_problem *problem) {
    struct row_locks *opened = calloc(1, sizeof *opened);
    if (!opened || !(opened->table = table_name(schema))) {
        free(opened);
        return hp_problem_no_memory(problem);
    }
    opened->count = count;
    enum hp_status status = database_open(conninfo, &opened->observer, problem);
    for (size_t i = 0; status == HP_OK && i < count; i++) {
        status = open_lock(conninfo, &opened->locks[i], problem);
    }
    if (status != HP_OK) {
        row_locks_close(opened);
        return status;
    }
    *locks = opened;
    return HP_OK;
}

void row_locks_close(struct row_locks *locks) {
    if (!locks) {
        return;
    }
    for (size_t i = 0; i < locks->count; i++) {
        database_close(locks->locks[i].database);
    }
    database_close(locks->observer);
    free(locks->table);
    free(locks);
}

/* An id stands in a statement as it is, so it must be one. */
static bool is_id(const char *id) {
    return *id && id[strspn(id, "0123456789abcdefABCDEF-")] == '\0';
}

enum hp_status row_locks_hold(struct row_locks *locks, size_t at, const char *id,
                              struct hp_problem *problem) {
    struct row_lock *lock = &locks->locks[at];
    struct text sql = {0};
    int64_t found = 0;
    if (!is_id(id)) {
        return hp_problem_set(problem, HP_INVALID, NULL, "the row of %.40s cannot be held: that is no UUID",
                              id);
    }
    text_addf(&sql, "begin; select 1 from %s where id::text = lower('%s') for update nowait", locks->table,
              id);
    enum hp_status status =
        sql.failed ? hp_problem_no_memory(problem) : database_ask(lock->database, sql.bytes, &found, problem);
    text_release(&sql);
    if (status == HP_OK && !found) {
        status = hp_problem_set(problem, HP_INVALID, NULL, "the row of %.40s cannot be held: %s has none", id,
                                locks->table);
    }
    if (status != HP_OK) {
        database_run(lock->database, "rollback", NULL);
    }
    lock->holds = status == HP_OK;
    return status;
}

enum hp_status row_locks_let_go(struct row_locks *locks, size_t at, struct hp_problem *problem) {
    struct row_lock *lock = &locks->locks[at];
    bool held = lock->holds;
    lock->holds = false;
    return held ? database_run(lock->database, "commit", problem) : HP_OK;
}

bool row_locks_any(const struct row_locks *locks) {
    for (size_t i = 0; i < locks->count; i++) {
        if (locks->locks[i].holds) {
            return true;
        }
    }
    return false;
}

enum hp_status row_locks_count_waiting(struct row_locks *locks, int64_t *count, struct hp_problem *problem) {
    struct text sql = {0};
    text_add(&sql,
             "with recursive stuck(pid) as (select pid from pg_stat_activity where pg_blocking_pids(pid) "
             "&& array[");
    for (size_t i = 0; i < locks->count; i++) {
        text_addf(&sql, "%s%" PRId64, i > 0 ? "," : "", locks->locks[i].pid);
    }
    text_add(&sql, "]::int[] union select a.pid from pg_stat_activity a join stuck s "
                   "on s.pid = any(pg_blocking_pids(a.pid))) select count(*) from stuck");
    enum hp_status status =
        sql.failed ? hp_problem_no_memory(problem) : database_ask(locks->observer, sql.bytes, count, problem);
    text_release(&sql);
    return status;
}
