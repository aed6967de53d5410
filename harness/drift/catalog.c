#include "harness/drift/catalog.h"

#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>

struct catalog {
    PGconn *server;
};

static void drop_notice(void *context, const PGresult *result) {
    (void)context;
    (void)result;
}

/* The conninfo comes last, expanded, so that what it says wins over what we would like. */
static PGconn *connect_to(const char *conninfo) {
    const char *const keywords[] = {"connect_timeout", "fallback_application_name", "dbname",
                                    "client_encoding", NULL};
    const char *const values[] = {"10", "holdpoint drift", conninfo, "UTF8", NULL};
    return PQconnectdbParams(keywords, values, 1);
}

enum hp_status catalog_open(const char *conninfo, struct catalog **catalog, struct hp_problem *problem) {
    struct catalog *opened = calloc(1, sizeof *opened);
    if (!opened) {
        return hp_problem_no_memory(problem);
    }
    opened->server = connect_to(conninfo);
    if (PQstatus(opened->server) != CONNECTION_OK) {
        char words[HP_PROBLEM_DETAIL_SIZE - 16];
        text_put_line(words, sizeof words, PQerrorMessage(opened->server));
        enum hp_status status = hp_problem_set(problem, HP_UNAVAILABLE, NULL, "PostgreSQL: %s", words);
        catalog_close(opened);
        return status;
    }
    PQsetNoticeReceiver(opened->server, drop_notice, NULL);
    *catalog = opened;
    return HP_OK;
}

void catalog_close(struct catalog *catalog) {
    if (catalog) {
        PQfinish(catalog->server);
        free(catalog);
    }
}

const char *catalog_database(const struct catalog *catalog) {
    return PQdb(catalog->server);
}

int catalog_version(const struct catalog *catalog) {
    return PQserverVersion(catalog->server);
}

bool catalog_in_transaction(const struct catalog *catalog) {
    PGTransactionStatusType status = PQtransactionStatus(catalog->server);
    return status == PQTRANS_INTRANS || status == PQTRANS_INERROR;
}

/* A fatal error has a SQLSTATE of the server's; without one it is libpq that speaks. */
static void read_refusal(const struct catalog *catalog, PGresult *result, struct catalog_answer *answer) {
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const char *position = PQresultErrorField(result, PG_DIAG_STATEMENT_POSITION);
    bool lost = !state || PQstatus(catalog->server) == CONNECTION_BAD;
    answer->end = lost ? CATALOG_LOST : CATALOG_REFUSED;
    text_put(answer->state, sizeof answer->state, state ? state : "");
    answer->message = message ? message : PQerrorMessage(catalog->server);
    answer->position = position ? strtoul(position, NULL, 10) : 0;
}

static enum catalog_end take(const struct catalog *catalog, PGresult *result, struct catalog_answer *answer) {
    ExecStatusType status = PQresultStatus(result);
    catalog_answer_release(answer);
    answer->result = result;
    answer->message = "";
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY) {
        answer->row_count = (size_t)PQntuples(result);
        answer->column_count = (size_t)PQnfields(result);
        answer->affected = strtoul(PQcmdTuples(result), NULL, 10);
    } else {
        read_refusal(catalog, result, answer);
    }
    return answer->end;
}

/* The last result; there is one. */
static PGresult *take_last(const struct catalog *catalog) {
    PGresult *last = PQgetResult(catalog->server);
    for (PGresult *next; (next = PQgetResult(catalog->server)); last = next) {
        PQclear(last);
    }
    return last;
}

/* COPY would leave the connection waiting for data that never comes; so would the next statement. */
static PGresult *end_copy(const struct catalog *catalog, PGresult *result) {
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COPY_IN && status != PGRES_COPY_OUT && status != PGRES_COPY_BOTH) {
        return result;
    }
    PQclear(result);
    if (status != PGRES_COPY_OUT) {
        PQputCopyEnd(catalog->server, "COPY from stdin has no data here");
    }
    char *row = NULL;
    while (status == PGRES_COPY_OUT && PQgetCopyData(catalog->server, &row, 0) > 0) {
        PQfreemem(row);
    }
    return take_last(catalog);
}

enum catalog_end catalog_copy(struct catalog *catalog, const char *sql, const char *rows,
                              struct catalog_answer *answer) {
    PGresult *result = PQexec(catalog->server, sql);
    if (PQresultStatus(result) != PGRES_COPY_IN) {
        return take(catalog, end_copy(catalog, result), answer);
    }
    PQclear(result);
    if (PQputCopyData(catalog->server, rows, (int)strlen(rows)) != 1 ||
        PQputCopyEnd(catalog->server, NULL) != 1) {
        PQputCopyEnd(catalog->server, "the rows could not be sent");
    }
    return take(catalog, take_last(catalog), answer);
}

enum catalog_end catalog_run(struct catalog *catalog, const char *sql, struct catalog_answer *answer) {
    return take(catalog, end_copy(catalog, PQexec(catalog->server, sql)), answer);
}

enum catalog_end catalog_ask(struct catalog *catalog, const char *sql, const char *const *parameters,
                             size_t parameter_count, struct catalog_answer *answer) {
    PGresult *result =
        PQexecParams(catalog->server, sql, (int)parameter_count, NULL, parameters, NULL, NULL, 0);
    return take(catalog, end_copy(catalog, result), answer);
}

const char *catalog_value(const struct catalog_answer *answer, size_t row, size_t column) {
    const PGresult *result = answer->result;
    return PQgetisnull(result, (int)row, (int)column) ? NULL : PQgetvalue(result, (int)row, (int)column);
}

bool catalog_true(const struct catalog_answer *answer, size_t row, size_t column) {
    const char *value = catalog_value(answer, row, column);
    return value && strcmp(value, "t") == 0;
}

void catalog_answer_release(struct catalog_answer *answer) {
    PQclear(answer->result);
    *answer = (struct catalog_answer){0};
}

enum hp_status catalog_complain(const struct catalog_answer *answer, struct hp_problem *problem) {
    return hp_problem_set(problem, answer->end == CATALOG_LOST ? HP_UNAVAILABLE : HP_INTERNAL, NULL,
                          "PostgreSQL: %.400s%s%s", answer->message, answer->state[0] ? ", SQLSTATE " : "",
                          answer->state);
}

static void add_quoted(struct text *sql, const char *string, char quote) {
    text_add_byte(sql, quote);
    for (; *string; string++) {
        if (*string == quote) {
            text_add_byte(sql, quote);
        }
        text_add_byte(sql, *string);
    }
    text_add_byte(sql, quote);
}

void catalog_add_name(struct text *sql, const char *name) {
    add_quoted(sql, name, '"');
}

/* E'...', so that a backslash means itself whatever standard_conforming_strings says. */
void catalog_add_literal(struct text *sql, const char *string) {
    text_add(sql, strchr(string, '\\') ? " E" : "");
    struct text doubled = {0};
    for (const char *at = string; *at; at++) {
        text_add(&doubled, *at == '\\' ? "\\\\" : "");
        if (*at != '\\') {
            text_add_byte(&doubled, *at);
        }
    }
    add_quoted(sql, doubled.bytes ? doubled.bytes : "", '\'');
    sql->failed = sql->failed || doubled.failed;
    text_release(&doubled);
}
