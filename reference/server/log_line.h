/* What is logged of a request: one line of JSON, without bodies, headers or parameters, which may be secret. */
#ifndef HOLDPOINT_SERVER_LOG_LINE_H
#define HOLDPOINT_SERVER_LOG_LINE_H

#include "reference/base/text.h"

struct log_entry {
    int64_t time_us; /* when it began */
    const char *method;
    const char *target;     /* only its path is logged */
    unsigned status;        /* 0: no answer was made */
    size_t bytes;           /* of the body */
    int64_t duration_us;    /* until the answer was sent */
    const char *request_id; /* as the header X-Request-Id of the answer has it */
    bool complete;          /* false: the client did not get the whole answer */
};

/* Appends the line, with its end. What is no UTF-8 in it becomes "?". False when memory runs out. */
bool log_line_write(struct text *text, const struct log_entry *entry);

#endif
