/* Every statement of the PostgreSQL store, and what its parameters are. */
#ifndef HOLDPOINT_STORE_POSTGRES_STATEMENT_H
#define HOLDPOINT_STORE_POSTGRES_STATEMENT_H

#include "reference/base/text.h"

/* The statements; each is one round trip and one transaction. `now` is null for the clock of the database.
 *
 *   CREATE    now, id, kind, request, user, session, envelope, question, message, data, trace, span, time to
 *             live, last instant, event id, event type -> now, row (null when the id is taken or the end lies
 *             behind the last instant)
 *   CREATE_ONCE  what CREATE has, scope, key, request -> what CREATE gives, then what key_read reads; the row is null
 *             also when the key decides
 *   GET       now, id -> now, row
 *   RESOLVE   now, id, user, event id, response, fitting kinds, room -> now, granted, row
 *   RESOLVE_ONCE  what RESOLVE has, scope, key, request -> what RESOLVE gives, then what key_read reads; one row always
 *   CANCEL    now, id, user, event id, more data, room -> now, granted, row
 *   SWEEP     now -> now, id of each that was expired, of those that nobody holds
 *   SWEEP_HELD  the same, waiting for those that are held
 *   TAKE      at most, lease -> id, occurred_at, payload of each event
 *   DELIVER, RETURN  id of a taken event -> nothing; the count of rows tells
 *   FORGET    now -> nothing; drops answers that are no longer kept, FORGET_BATCH at most; the count of rows tells
 *   SUBSCRIBE  id, url, events with commas between, secret, request, headers, time limit, base delay, most tries
 *   WEBHOOKS_TAKE  now, at most, at most of one subscription, busy subscriptions with commas between, lease
 *             -> number, now, then what postgres_webhook reads, of each
 *   WEBHOOK_DELIVERED, WEBHOOK_RETURNED  event, subscription, take -> nothing; the count of rows tells
 *   WEBHOOK_FAILED  event, subscription, take, now, delay, status, error, "dead" or "pending" -> the same
 *   WEBHOOKS_DEAD  at most -> as WEBHOOKS_TAKE, with dead_at for now
 *   CREATE_FLOW  what CREATE has, pid, version, state, envelope, notes -> what CREATE gives; the row is null also when the
 *             process is not at the version before
 *   CREATE_RATE  what CREATE has, user, endpoint, interrupt raised before -> what CREATE gives; the row is null also when
 *             another was raised since
 *   MOMENT    now -> now
 *   FLOW_ADD  pid, version, state, envelope, notes, interrupt -> nothing; the count of rows tells, as it does below
 *   FLOW_GET  pid -> state, version, interrupt, envelope, notes
 *   FLOW_CHANGE  pid, version, state, envelope, notes, interrupt -> nothing
 *   FLOW_RESUME  pid, version (null: no process), state, envelope, notes, interrupt, now -> nothing
 *   RATE_SET  "user" or "endpoint", name, limits a minute, hour and day -> nothing
 *   RATE_CHECK  now, user, endpoint, "t" to record, lengths of the windows and limits by default as arrays -> now, interrupt
 *             raised, then of each window limit, count and instant of what fills it
 *   EMPTY     nothing -> nothing; everything is gone
 *   LIST      see statement_list */
enum statement {
    STATEMENT_CREATE,
    STATEMENT_CREATE_ONCE,
    STATEMENT_GET,
    STATEMENT_RESOLVE,
    STATEMENT_RESOLVE_ONCE,
    STATEMENT_CANCEL,
    STATEMENT_SWEEP,
    STATEMENT_SWEEP_HELD,
    STATEMENT_TAKE,
    STATEMENT_DELIVER,
    STATEMENT_RETURN,
    STATEMENT_FORGET,
    STATEMENT_SUBSCRIBE,
    STATEMENT_WEBHOOKS_TAKE,
    STATEMENT_WEBHOOK_DELIVERED,
    STATEMENT_WEBHOOK_FAILED,
    STATEMENT_WEBHOOK_RETURNED,
    STATEMENT_WEBHOOKS_DEAD,
    STATEMENT_CREATE_FLOW,
    STATEMENT_CREATE_RATE,
    STATEMENT_MOMENT,
    STATEMENT_FLOW_ADD,
    STATEMENT_FLOW_GET,
    STATEMENT_FLOW_CHANGE,
    STATEMENT_FLOW_RESUME,
    STATEMENT_RATE_SET,
    STATEMENT_RATE_CHECK,
    STATEMENT_EMPTY,
    STATEMENT_LIST, /* and the LIST_SHAPES - 1 numbers behind it */
};

enum { SWEEP_BATCH = 500, FORGET_BATCH = 500 };

/* What a list asks for decides its text, so that each finds its index. A shape is a sum of these. */
enum list_shape {
    LIST_BY_REQUEST = 1,
    LIST_BY_SESSION = 2,
    LIST_BY_USER = 4,
    LIST_PENDING = 8, /* only what is pending; else a parameter names the statuses */
    LIST_AFTER = 16,  /* behind a position */
    LIST_SHAPES = 32,
};

/* The text of a statement but LIST; static. */
const char *statement_sql(enum statement statement);

/* Writes the text of a list: now, kinds, at most; then, of what the shape has: request, session, user,
 * statuses, created_at and id of the position -> now, total, row. One row at least, null when there is
 * none. False when memory runs out. */
bool statement_list(struct text *text, unsigned shape);

#endif
