/* What list is asked for, and the cursor that leads to the next page. */
#ifndef HOLDPOINT_CORE_QUERY_H
#define HOLDPOINT_CORE_QUERY_H

#include "reference/core/interrupt.h"

enum { HP_LIMIT_DEFAULT = 50, HP_LIMIT_MAX = 200, HP_CURSOR_SIZE = 65 };

/* The filters, all of which a row must pass. Texts are borrowed. */
struct hp_query {
    const char *user_id; /* NULL: any; at least one of these three is given */
    const char *session_id;
    const char *request_id;
    unsigned statuses;  /* mask of bits 1 << enum hp_interrupt_status, by the shown status; 0: pending only */
    unsigned kinds;     /* mask of bits 1 << enum hp_kind; 0: every kind */
    unsigned limit;     /* 1 .. HP_LIMIT_MAX; 0: HP_LIMIT_DEFAULT */
    const char *cursor; /* next_cursor of the page before; NULL: the first page */
};

/* Where a page begins: behind the row of that instant and id, newest first. */
struct hp_position {
    int64_t created_at_us;
    char id[HP_ID_SIZE];
};

/* Checks the filters and puts the defaults in place of zeroes: HP_INVALID naming the field (REQ-LIST-2,
 * REQ-LIST-7, REQ-LIST-14). */
HP_API enum hp_status hp_query_check(struct hp_query *query, struct hp_problem *problem);

/* True when a row passes every filter at that instant; the cursor and the limit play no part. */
HP_API bool hp_query_matches(const struct hp_query *query, const struct hp_interrupt *interrupt,
                             int64_t now_us);

/* Writes the cursor behind that position. It is bound to the filters, not to the limit. */
HP_API void hp_cursor_write(const struct hp_query *query, const struct hp_position *position,
                            char cursor[HP_CURSOR_SIZE]);

/* Reads query->cursor: HP_INVALID at /cursor for one that is damaged or was made for other filters
 * (REQ-LIST-11). The check finds mistakes; it keeps no secret, and needs none, since the filters of the query
 * apply whatever the cursor says. */
HP_API enum hp_status hp_cursor_read(const struct hp_query *query, struct hp_position *position,
                                     struct hp_problem *problem);

#endif
