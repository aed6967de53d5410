/* Rows of flow_interrupts and events as they come from the server. */
#ifndef HOLDPOINT_STORE_POSTGRES_ROW_H
#define HOLDPOINT_STORE_POSTGRES_ROW_H

#include "reference/core/event.h"
#include "reference/store/postgres_connection.h"

/* The columns of an interrupt, in the order of ROW_COLUMNS, of which the first is `first`. HP_INTERNAL,
 * naming the row, when it holds what no interrupt holds, or without memory. The caller owns *interrupt. */
enum hp_status row_read_interrupt(const PGresult *result, int row, int first, struct hp_interrupt **interrupt,
                                  struct hp_problem *problem);

/* A timestamptz; HP_INSTANT_NONE for null and for infinity. */
int64_t row_read_instant(const PGresult *result, int row, int column);

int64_t row_read_number(const PGresult *result, int row, int column); /* an int8 */
bool row_read_flag(const PGresult *result, int row, int column);      /* a boolean; null is false */

/* The columns id, occurred_at and payload of an event, as row_read_interrupt. The caller owns *event. */
enum hp_status row_read_event(const PGresult *result, int row, int first, struct hp_event **event,
                              struct hp_problem *problem);

/* The columns of a row of flow_interrupts with that alias, as row_read_interrupt reads them. */
#define ROW_COLUMNS(f)                                                                                       \
    f ".id::text, " f ".kind, " f ".status, " f ".request_id, " f ".user_id, " f ".session_id, " f           \
      ".envelope_id, " f ".question, " f ".message, " f ".data::text, " f ".response::text, " f              \
      ".trace_id, " f ".span_id, " f ".created_at, " f ".expires_at, " f ".resolved_at"

#endif
