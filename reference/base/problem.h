/* What went wrong, for a person and for the wire: fixed size, owned by the caller, the first problem wins. */
#ifndef HOLDPOINT_BASE_PROBLEM_H
#define HOLDPOINT_BASE_PROBLEM_H

#include "reference/base/api.h"
#include "reference/base/status.h"

enum { HP_PROBLEM_FIELD_SIZE = 256, HP_PROBLEM_DETAIL_SIZE = 1024, HP_PROBLEM_STATUS_SIZE = 16 };

/* One problem. A zeroed one holds none. Text that does not fit is cut at a character boundary. Not shared
 * between threads. */
struct hp_problem {
    enum hp_status status; /* HP_OK: no problem yet */
    /* For HP_CONFLICT: what the interrupt is now, "resolved"; else "". */
    char interrupt_status[HP_PROBLEM_STATUS_SIZE];
    /* JSON Pointer (RFC 6901) of what is at fault in the request, "/ttl_seconds"; "" when nothing is named. */
    char field[HP_PROBLEM_FIELD_SIZE];
    /* A sentence: what happened, what was expected. */
    char detail[HP_PROBLEM_DETAIL_SIZE];
};

/* Makes it hold no problem. NULL is allowed. */
HP_API void hp_problem_clear(struct hp_problem *problem);

/* Records a problem, unless one is recorded already or problem is NULL. field may be NULL; format is
 * printf's. Returns status, so that `return hp_problem_set(...)` reads well. */
HP_API enum hp_status hp_problem_set(struct hp_problem *problem, enum hp_status status, const char *field,
                                     const char *format, ...) HP_PRINTF(4, 5);

/* Records that memory ran out (HP_INTERNAL) and returns that. */
HP_API enum hp_status hp_problem_no_memory(struct hp_problem *problem);

#endif
