#include "reference/store/postgres_row.h"
#include "reference/base/text.h"
#include "reference/core/jsonb.h"
#include "reference/core/stored.h"

#include <string.h>

/* Where the columns of ROW_COLUMNS stand. */
enum column {
    COLUMN_ID,
    COLUMN_KIND,
    COLUMN_STATUS,
    COLUMN_REQUEST,
    COLUMN_USER,
    COLUMN_SESSION,
    COLUMN_ENVELOPE,
    COLUMN_QUESTION,
    COLUMN_MESSAGE,
    COLUMN_DATA,
    COLUMN_RESPONSE,
    COLUMN_TRACE,
    COLUMN_SPAN,
    COLUMN_CREATED,
    COLUMN_EXPIRES,
    COLUMN_RESOLVED,
};

int64_t row_read_number(const PGresult *result, int row, int column) {
    const unsigned char *bytes = (const unsigned char *)PQgetvalue(result, row, column);
    uint64_t number = 0;
    for (int i = 0; i < PQgetlength(result, row, column); i++) {
        number = number << 8 | bytes[i];
    }
    return (int64_t)number;
}

bool row_read_flag(const PGresult *result, int row, int column) {
    return !PQgetisnull(result, row, column) && *PQgetvalue(result, row, column) != 0;
}

/* Others may write into the table what lies outside our years. */
int64_t row_read_instant(const PGresult *result, int row, int column) {
    if (PQgetisnull(result, row, column)) {
        return HP_INSTANT_NONE;
    }
    int64_t since_2000_us = row_read_number(result, row, column);
    if (since_2000_us == INT64_MAX || since_2000_us == INT64_MIN) {
        return HP_INSTANT_NONE;
    }
    if (since_2000_us > HP_INSTANT_MAX - POSTGRES_EPOCH_US) {
        return HP_INSTANT_MAX;
    }
    if (since_2000_us < HP_INSTANT_MIN - POSTGRES_EPOCH_US) {
        return HP_INSTANT_MIN;
    }
    return since_2000_us + POSTGRES_EPOCH_US;
}

/* One row that is being read, with what it takes until the interrupt is made. */
struct row {
    const PGresult *result;
    int number;
    int first;
    struct text data;
    struct stored_response response;
};

static const char *text_of(const struct row *row, enum column column) {
    int at = row->first + (int)column;
    return PQgetisnull(row->result, row->number, at) ? NULL : PQgetvalue(row->result, row->number, at);
}

static int64_t instant_of(const struct row *row, enum column column) {
    return row_read_instant(row->result, row->number, row->first + (int)column);
}

static enum hp_status refuse(const struct row *row, const char *what, struct hp_problem *problem) {
    return hp_problem_set(problem, HP_INTERNAL, NULL, "the row %s of flow_interrupts holds %s",
                          text_of(row, COLUMN_ID), what);
}

/* Received when it was resolved: set once, to the same instant. */
static enum hp_status read_response(struct row *row, struct hp_interrupt *draft, struct hp_problem *problem) {
    const char *shown = text_of(row, COLUMN_RESPONSE);
    draft->has_response = shown != NULL;
    if (!shown) {
        return HP_OK;
    }
    enum hp_status status = stored_read_response(shown, &row->response, problem);
    draft->response = row->response.response;
    draft->response.received_at_us = draft->resolved_at_us;
    return status;
}

static enum hp_status read_row(struct row *row, struct hp_interrupt *draft, struct hp_problem *problem) {
    *draft = (struct hp_interrupt){
        .request_id = text_of(row, COLUMN_REQUEST),
        .user_id = text_of(row, COLUMN_USER),
        .session_id = text_of(row, COLUMN_SESSION),
        .envelope_id = text_of(row, COLUMN_ENVELOPE),
        .question = text_of(row, COLUMN_QUESTION),
        .message = text_of(row, COLUMN_MESSAGE),
        .trace_id = text_of(row, COLUMN_TRACE),
        .span_id = text_of(row, COLUMN_SPAN),
        .created_at_us = instant_of(row, COLUMN_CREATED),
        .expires_at_us = instant_of(row, COLUMN_EXPIRES),
        .resolved_at_us = instant_of(row, COLUMN_RESOLVED),
    };
    text_put(draft->id, sizeof draft->id, text_of(row, COLUMN_ID));
    if (draft->created_at_us == HP_INSTANT_NONE) {
        return refuse(row, "no instant in created_at", problem);
    }
    if (!hp_kind_from_name(text_of(row, COLUMN_KIND), &draft->kind)) {
        return refuse(row, "an unknown kind", problem);
    }
    if (!hp_interrupt_status_from_name(text_of(row, COLUMN_STATUS), &draft->status)) {
        return refuse(row, "an unknown status", problem);
    }
    if (!jsonb_read(&row->data, text_of(row, COLUMN_DATA))) {
        return hp_problem_no_memory(problem);
    }
    draft->data = row->data.bytes;
    return read_response(row, draft, problem);
}

enum hp_status row_read_interrupt(const PGresult *result, int number, int first,
                                  struct hp_interrupt **interrupt, struct hp_problem *problem) {
    struct row row = {.result = result, .number = number, .first = first};
    struct hp_interrupt draft;
    enum hp_status status = read_row(&row, &draft, problem);
    if (status == HP_OK) {
        *interrupt = hp_interrupt_new(&draft);
        status = *interrupt ? HP_OK : hp_problem_no_memory(problem);
    }
    text_release(&row.data);
    stored_response_release(&row.response);
    return status;
}

enum hp_status row_read_event(const PGresult *result, int row, int first, struct hp_event **event,
                              struct hp_problem *problem) {
    struct hp_interrupt *interrupt = NULL;
    struct hp_problem cause = {0};
    enum hp_status status = stored_read_interrupt(PQgetvalue(result, row, first + 2), &interrupt, &cause);
    if (status == HP_INVALID) {
        return hp_problem_set(problem, HP_INTERNAL, NULL, "the event %s holds no interrupt: %s",
                              PQgetvalue(result, row, first), cause.detail);
    }
    if (status == HP_OK) {
        *event =
            hp_event_new(PQgetvalue(result, row, first), row_read_instant(result, row, first + 1), interrupt);
        status = *event ? HP_OK : hp_problem_no_memory(&cause);
    }
    hp_interrupt_free(interrupt);
    return status == HP_OK ? HP_OK : hp_problem_set(problem, status, NULL, "%s", cause.detail);
}
