#include "reference/store/postgres_connection.h"
#include "reference/base/instant.h"
#include "reference/base/text.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* What a session is, whatever the defaults of server, database and role are. Conditions are checked again
 * after waiting for a row only at READ COMMITTED; plans do not depend on the values, so the same plan serves
 * all; pg_temp comes last, since a temporary table would hide ours otherwise; a backslash in a string of our statements
 * and migrations is a backslash. */
static const char session_sql[] =
    "select set_config('search_path', quote_ident($1::text) || ', pg_temp', false),"
    " set_config('statement_timeout', $2::text, false), set_config('lock_timeout', $3::text, false),"
    " set_config('default_transaction_isolation', 'read committed', false),"
    " set_config('default_transaction_deferrable', 'off', false),"
    " set_config('standard_conforming_strings', 'on', false),"
    " set_config('plan_cache_mode', 'force_generic_plan', false), set_config('jit', 'off', false)";

/* So much longer than the server's limit we wait for its answer. */
enum { GRACE_MS = 3000 };

static void put_big_endian(char *bytes, uint64_t number) {
    for (int i = 7; i >= 0; i--) {
        bytes[i] = (char)(number & 0xFF);
        number >>= 8;
    }
}

static void add_binary(struct parameters *parameters, int64_t number, int length) {
    int at = parameters->count++;
    memset(parameters->binary[at], 0, sizeof parameters->binary[at]);
    put_big_endian(parameters->binary[at], (uint64_t)number);
    parameters->values[at] = parameters->binary[at];
    parameters->lengths[at] = length;
    parameters->formats[at] = 1;
}

void parameters_add_text(struct parameters *parameters, const char *text) {
    int at = parameters->count++;
    parameters->values[at] = text;
    parameters->lengths[at] = 0; /* ignored for text */
    parameters->formats[at] = 0;
}

void parameters_add_instant(struct parameters *parameters, int64_t instant_us) {
    if (instant_us == HP_INSTANT_NONE) {
        parameters_add_text(parameters, NULL);
    } else {
        add_binary(parameters, instant_us - POSTGRES_EPOCH_US, 8);
    }
}

void parameters_add_span(struct parameters *parameters, int64_t span_us) {
    add_binary(parameters, span_us, 16); /* microseconds, and no days or months */
}

void parameters_add_number(struct parameters *parameters, int64_t number) {
    add_binary(parameters, number, 8);
}

/* What a server says when it cannot serve now, by class or code of SQLSTATE; the same request may well
 * succeed later. */
static bool is_passing(const char *state) {
    static const char *const passing[] = {"08",    "53",    "57P01", "57P02", "57P03", "57014",
                                          "55P03", "40001", "40P01", "25006", "28",    "3D000"};
    for (size_t i = 0; i < sizeof passing / sizeof passing[0]; i++) {
        if (strncmp(state, passing[i], strlen(passing[i])) == 0) {
            return true;
        }
    }
    return false;
}

/* libpq ends its messages with a line feed and puts details on further lines. */
static enum hp_status refuse_away(PGconn *server, struct hp_problem *problem) {
    char words[HP_PROBLEM_DETAIL_SIZE / 2];
    text_put_line(words, sizeof words, PQerrorMessage(server));
    return hp_problem_set(problem, HP_UNAVAILABLE, NULL, "the database cannot be reached: %s", words);
}

static enum hp_status refuse_result(const PGresult *result, PGconn *server, struct hp_problem *problem) {
    char words[HP_PROBLEM_DETAIL_SIZE / 2];
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    if (PQstatus(server) == CONNECTION_BAD || !state) {
        return refuse_away(server, problem);
    }
    text_put_line(words, sizeof words, PQresultErrorMessage(result));
    if (is_passing(state)) {
        return hp_problem_set(problem, HP_UNAVAILABLE, NULL, "the database cannot do it now: %s", words);
    }
    const char *hint =
        strcmp(state, "42P01") == 0 ? "; the migrations make the tables (hp_postgres_migrate)" : "";
    return hp_problem_set(problem, HP_INTERNAL, NULL, "the database refuses (%s): %s%s", state, words, hint);
}

int64_t connection_clock_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Waits until the socket can be read or, when asked, written; false when the deadline has passed. */
static bool wait_for(PGconn *server, short events, int64_t deadline_ms) {
    struct pollfd watched = {.fd = PQsocket(server), .events = events};
    for (;;) {
        int64_t left_ms = deadline_ms - connection_clock_ms();
        int ready = poll(&watched, 1, left_ms > 0 ? (int)left_ms : 0);
        if (ready > 0 || (ready < 0 && errno != EINTR)) {
            return true; /* an error shows when libpq reads */
        }
        if (left_ms <= 0) {
            return false;
        }
    }
}

/* Sends what is queued, reading meanwhile, as the server may have to write before it reads on. */
static bool flush(PGconn *server, int64_t deadline_ms) {
    int left;
    while ((left = PQflush(server)) > 0) {
        if (!wait_for(server, POLLIN | POLLOUT, deadline_ms) || !PQconsumeInput(server)) {
            return false;
        }
    }
    return left == 0;
}

/* The next result, NULL at the end. *late when the deadline has passed. */
static PGresult *next_result(PGconn *server, int64_t deadline_ms, bool *late) {
    while (PQisBusy(server)) {
        if (!wait_for(server, POLLIN, deadline_ms)) {
            *late = true;
            return NULL;
        }
        if (!PQconsumeInput(server)) {
            break; /* PQgetResult tells */
        }
    }
    return PQgetResult(server);
}

static bool is_failure(const PGresult *result) {
    ExecStatusType status = PQresultStatus(result);
    return status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK;
}

/* Gathers the answer to what was sent: the last result, or the first that failed. */
static enum hp_status gather(struct connection *connection, PGresult **result, struct hp_problem *problem) {
    PGconn *server = connection->server;
    int64_t deadline_ms = connection_clock_ms() + connection->answer_ms;
    bool late = !flush(server, deadline_ms) && PQstatus(server) == CONNECTION_OK;
    PGresult *kept = NULL, *next;
    while (!late && (next = next_result(server, deadline_ms, &late)) != NULL) {
        if (kept && is_failure(kept)) {
            PQclear(next);
            continue;
        }
        PQclear(kept);
        kept = next;
    }
    enum hp_status status = HP_OK;
    if (late) {
        PQfinish(server); /* its answer must not be taken for that of the next statement */
        connection->server = NULL;
        status = hp_problem_set(problem, HP_UNAVAILABLE, NULL, "the database did not answer within %u ms",
                                connection->answer_ms);
    } else if (!kept) {
        status = refuse_away(server, problem);
    } else if (is_failure(kept)) {
        status = refuse_result(kept, server, problem);
    }
    if (status != HP_OK) {
        PQclear(kept);
        kept = NULL;
    }
    *result = kept;
    return status;
}

bool connection_is_usable(const struct connection *connection) {
    return connection->server && PQstatus(connection->server) == CONNECTION_OK &&
           PQtransactionStatus(connection->server) == PQTRANS_IDLE;
}

/* An idle connection has nothing to say but that it ends: its last words, or the end of the stream. */
bool connection_is_alive(const struct connection *connection) {
    struct pollfd watched = {.fd = PQsocket(connection->server), .events = POLLIN};
    return poll(&watched, 1, 0) == 0;
}

enum hp_status connection_run(struct connection *connection, const char *sql,
                              const struct parameters *parameters, PGresult **result,
                              struct hp_problem *problem) {
    int sent = parameters ? PQsendQueryParams(connection->server, sql, parameters->count, NULL,
                                              parameters->values, parameters->lengths, parameters->formats, 1)
                          : PQsendQuery(connection->server, sql);
    return sent ? gather(connection, result, problem) : refuse_away(connection->server, problem);
}

static enum hp_status prepare(struct connection *connection, unsigned number, const char *name,
                              const char *sql, struct hp_problem *problem) {
    PGresult *result = NULL;
    if (!PQsendPrepare(connection->server, name, sql, 0, NULL)) {
        return refuse_away(connection->server, problem);
    }
    enum hp_status status = gather(connection, &result, problem);
    PQclear(result);
    if (status == HP_OK) {
        connection->prepared |= UINT64_C(1) << number;
    }
    return status;
}

enum hp_status connection_run_prepared(struct connection *connection, unsigned number, const char *sql,
                                       const struct parameters *parameters, PGresult **result,
                                       struct hp_problem *problem) {
    char name[24];
    snprintf(name, sizeof name, "holdpoint_%u", number);
    if ((connection->prepared >> number & 1) == 0) {
        enum hp_status status = prepare(connection, number, name, sql, problem);
        if (status != HP_OK) {
            return status;
        }
    }
    if (!PQsendQueryPrepared(connection->server, name, parameters->count, parameters->values,
                             parameters->lengths, parameters->formats, 1)) {
        return refuse_away(connection->server, problem);
    }
    return gather(connection, result, problem);
}

static enum hp_status start_session(const struct connection_settings *settings, struct connection *connection,
                                    struct hp_problem *problem) {
    char statement_ms[16], lock_ms[16];
    struct parameters parameters = {0};
    PGresult *result = NULL;
    snprintf(statement_ms, sizeof statement_ms, "%u", settings->statement_ms);
    snprintf(lock_ms, sizeof lock_ms, "%u", settings->lock_ms);
    parameters_add_text(&parameters, settings->schema);
    parameters_add_text(&parameters, statement_ms);
    parameters_add_text(&parameters, lock_ms);
    enum hp_status status = connection_run(connection, session_sql, &parameters, &result, problem);
    PQclear(result);
    return status;
}

/* Notices ("relation exists already, skipping") are nobody's business; libpq would print them. */
static void drop_notice(void *context, const PGresult *result) {
    (void)context;
    (void)result;
}

enum hp_status connection_open(const struct connection_settings *settings, struct connection **connection,
                               struct hp_problem *problem) {
    char seconds[16];
    snprintf(seconds, sizeof seconds, "%u", (settings->connect_ms + 999) / 1000);
    /* What stands behind dbname wins over what the caller's text says. */
    const char *const keywords[] = {"connect_timeout", "fallback_application_name", "dbname",
                                    "client_encoding", NULL};
    const char *const values[] = {seconds, "holdpoint", settings->conninfo, "UTF8", NULL};
    struct connection *opened = calloc(1, sizeof *opened);
    if (!opened) {
        return hp_problem_no_memory(problem);
    }
    opened->answer_ms = settings->statement_ms + GRACE_MS;
    opened->server = PQconnectdbParams(keywords, values, 1);
    enum hp_status status = opened->server ? HP_OK : hp_problem_no_memory(problem);
    if (status == HP_OK && PQstatus(opened->server) != CONNECTION_OK) {
        status = refuse_away(opened->server, problem);
    }
    if (status == HP_OK && PQsetnonblocking(opened->server, 1) != 0) {
        status = refuse_away(opened->server, problem);
    }
    if (status == HP_OK) {
        PQsetNoticeReceiver(opened->server, drop_notice, NULL);
        status = start_session(settings, opened, problem);
    }
    if (status != HP_OK) {
        connection_close(opened);
        return status;
    }
    *connection = opened;
    return HP_OK;
}

void connection_close(struct connection *connection) {
    if (connection) {
        PQfinish(connection->server);
        free(connection);
    }
}
