#include "harness/adapters/database.h"
#include "reference/base/text.h"

#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>

struct database {
    PGconn *server;
};

static enum hp_status refuse(enum hp_status status, PGconn *server, struct hp_problem *problem) {
    char words[HP_PROBLEM_DETAIL_SIZE - 16];
    text_put_line(words, sizeof words, PQerrorMessage(server));
    return hp_problem_set(problem, status, NULL, "PostgreSQL: %s", words);
}

static void drop_notice(void *context, const PGresult *result) {
    (void)context;
    (void)result;
}

enum hp_status database_open(const char *conninfo, struct database **database, struct hp_problem *problem) {
    struct database *opened = calloc(1, sizeof *opened);
    if (!opened) {
        return hp_problem_no_memory(problem);
    }
    opened->server = PQconnectdb(conninfo);
    if (PQstatus(opened->server) != CONNECTION_OK) {
        enum hp_status status = refuse(HP_UNAVAILABLE, opened->server, problem);
        database_close(opened);
        return status;
    }
    PQsetNoticeReceiver(opened->server, drop_notice, NULL);
    *database = opened;
    return HP_OK;
}

void database_close(struct database *database) {
    if (database) {
        PQfinish(database->server);
        free(database);
    }
}

/* True when the statement failed because the server went away: its last words have a code of class 57, and
 * the end of the stream has none. */
static bool is_lost(PGconn *server, const PGresult *result) {
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    return PQstatus(server) == CONNECTION_BAD ||
           (PQresultStatus(result) == PGRES_FATAL_ERROR && (!state || strncmp(state, "57P", 3) == 0));
}

/* Class 22: the data, 23: the constraints. */
static bool is_about_values(const PGresult *result) {
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    return state && (strncmp(state, "22", 2) == 0 || strncmp(state, "23", 2) == 0);
}

/* Without parameters there may be several statements in one text. */
static PGresult *execute(struct database *database, const char *sql, const char *const *parameters,
                         int count) {
    return parameters ? PQexecParams(database->server, sql, count, NULL, parameters, NULL, NULL, 0)
                      : PQexec(database->server, sql);
}

static enum hp_status run(struct database *database, const char *sql, const char *const *parameters,
                          int count, PGresult **result, struct hp_problem *problem) {
    *result = execute(database, sql, parameters, count);
    if (is_lost(database->server, *result)) {
        PQclear(*result);
        PQreset(database->server);
        *result = execute(database, sql, parameters, count);
    }
    ExecStatusType status = PQresultStatus(*result);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY) {
        return HP_OK;
    }
    enum hp_status fault = is_lost(database->server, *result)       ? HP_UNAVAILABLE
                           : parameters && is_about_values(*result) ? HP_INVALID
                                                                    : HP_INTERNAL;
    PQclear(*result);
    *result = NULL;
    return refuse(fault, database->server, problem);
}

enum hp_status database_run(struct database *database, const char *sql, struct hp_problem *problem) {
    PGresult *result = NULL;
    enum hp_status status = run(database, sql, NULL, 0, &result, problem);
    PQclear(result);
    return status;
}

enum hp_status database_ask(struct database *database, const char *sql, int64_t *number,
                            struct hp_problem *problem) {
    PGresult *result = NULL;
    enum hp_status status = run(database, sql, NULL, 0, &result, problem);
    if (status == HP_OK) {
        *number = PQntuples(result) > 0 ? strtoll(PQgetvalue(result, 0, 0), NULL, 10) : 0;
    }
    PQclear(result);
    return status;
}

enum hp_status database_query(struct database *database, const char *sql, const char *const *parameters,
                              int count, struct text *value, bool *found, struct hp_problem *problem) {
    PGresult *result = NULL;
    enum hp_status status = run(database, sql, parameters, count, &result, problem);
    *found = status == HP_OK && PQntuples(result) > 0;
    if (*found && !text_append(value, PQgetvalue(result, 0, 0), (size_t)PQgetlength(result, 0, 0))) {
        status = hp_problem_no_memory(problem);
    }
    PQclear(result);
    return status;
}
