/* What a throwaway server wrote down, for who wants to know how often it was asked. */
#ifndef HOLDPOINT_BENCH_SERVER_LOG_H
#define HOLDPOINT_BENCH_SERVER_LOG_H

#include <stdbool.h>
#include <stdint.h>

/* Lines of a log that was kept with log_statement = all. */
struct server_log {
    int64_t executions; /* of prepared statements of the store */
    int64_t statements; /* statements of any kind: "statement:" and "execute" */
};

/* Counts the log of the server in that folder; false when it cannot be read. */
bool server_log_count(const char *folder, struct server_log *log);

/* Adds what one line says. */
void server_log_add(struct server_log *log, const char *line);

#endif
