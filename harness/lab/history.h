/* What concurrent clients did to interrupts, and when: the material of the checker. In a file it is one JSON object a
 * line (fixtures/histories/README.md); here it is an array of operations of fixed size, those of one interrupt next to
 * each other.
 *
 * Threads: one at a time while a history is filled; once history_group has returned, any number of threads may read
 * it. Threads that record while they work use harness/lab/record.h. */
#ifndef HOLDPOINT_LAB_HISTORY_H
#define HOLDPOINT_LAB_HISTORY_H

#include "harness/lab/names.h"
#include "reference/base/problem.h"
#include "reference/base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { HISTORY_OPERATIONS_MAX = 1 << 26, HISTORY_LINE_MAX_BYTES = 64 * 1024 };

/* The return of an operation whose answer never came: it may have happened at any time after its call, or never. */
#define HISTORY_LOST INT64_MAX
/* The end of an interrupt that has none. */
#define HISTORY_NEVER INT64_MAX

/* What was called. */
enum operation_kind {
    OPERATION_CREATE,
    OPERATION_RESPOND,
    OPERATION_CANCEL,
    OPERATION_EXPIRE, /* a sweep, as far as it concerns this one interrupt */
    OPERATION_GET,
    OPERATION_LIST, /* a list call, as far as it concerns this one interrupt */
    OPERATION_KINDS,
};

/* What was answered. */
enum operation_result {
    RESULT_OK,
    RESULT_CONFLICT,
    RESULT_NONE, /* of a sweep: the interrupt was not among its ids. The same as a conflict */
    RESULT_FORBIDDEN,
    RESULT_NOT_FOUND,
    RESULT_SHOWN, /* of a get or list: `shown` */
    RESULT_OMITTED,
    RESULT_UNKNOWN,
};

/* What an answer shows of an interrupt; also the bits of a filter, as 1 << shown. */
enum shown {
    SHOWN_NOTHING,
    SHOWN_ABSENT,
    SHOWN_PENDING,
    SHOWN_RESOLVED,
    SHOWN_CANCELLED,
    SHOWN_EXPIRED,
    SHOWN_COUNT
};

/* One operation on one interrupt. Names are numbers of the history's tables. */
struct operation {
    int64_t invoke_ns;  /* monotonic, before the first byte; 0 or more */
    int64_t return_ns;  /* after the last byte; HISTORY_LOST if and only if the result is RESULT_UNKNOWN */
    int64_t expires_ns; /* of a create: on the same clock; HISTORY_NEVER when there is no end */
    uint32_t key;       /* in keys: the interrupt */
    uint32_t client;    /* in clients */
    uint32_t
        who; /* create: the owner, in users; respond, cancel: `by`, in clients; a shown SHOWN_RESOLVED: whose
                           answer it is, in clients; else NAME_NONE */
    uint32_t user;  /* respond, cancel: as whom it was called, in users; NAME_NONE: as a trusted caller */
    uint32_t line;  /* in the file, from 1; orders operations that nothing else orders */
    uint8_t kind;   /* enum operation_kind */
    uint8_t result; /* enum operation_result */
    uint8_t shown;  /* enum shown; with RESULT_CONFLICT: the status that came with it, or SHOWN_NOTHING */
    unsigned filter : 7;     /* of a list: the statuses it asked for */
    unsigned checkpoint : 1; /* of a create: never expires, whatever expires_ns says */
};

/* The operations of one interrupt: operations[first] and those behind it, by invoke_ns and client. */
struct history_key {
    uint32_t name; /* in keys */
    uint32_t first;
    uint32_t count;
};

/* A history. Zeroed it is empty and owns nothing; release it with history_release. */
struct history {
    struct names key_names;
    struct names clients;
    struct names users;
    struct operation *operations;
    size_t count;
    size_t room;
    struct history_key *keys; /* in the order in which they were first named; set by history_group */
    size_t key_count;
};

/* Adds an operation, whose names must be the history's. HP_INVALID beyond HISTORY_OPERATIONS_MAX, HP_INTERNAL without
 * memory. */
enum hp_status history_add(struct history *history, const struct operation *operation,
                           struct hp_problem *problem);

/* Puts the operations of each interrupt together and in order. Call it once, after the last operation was added.
 * HP_INVALID, with the line, when an interrupt has a second create and one of them is lost: an id is known by the answer
 * only, so a create without one cannot be of an interrupt that another one answers for. */
enum hp_status history_group(struct history *history, struct hp_problem *problem);

/* Reads one line (without its end) and adds it. HP_INVALID: "NAME:LINE: what is wrong and what was expected". */
enum hp_status history_read_line(struct history *history, const char *name, size_t line, const char *bytes,
                                 size_t length_bytes, struct hp_problem *problem);

/* Reads all lines of a stream and groups them; name is for the messages. Lines may stand in any order. HP_INVALID as
 * above, HP_UNAVAILABLE when the stream cannot be read. */
enum hp_status history_read(struct history *history, const char *name, FILE *stream,
                            struct hp_problem *problem);

/* Opens the file and reads it. HP_UNAVAILABLE: "PATH: No such file or directory". */
enum hp_status history_read_file(struct history *history, const char *path, struct hp_problem *problem);

/* Adds one operation as a line with its end. False when the text has failed. */
bool history_write_operation(const struct history *history, const struct operation *operation,
                             struct text *text);

/* Writes all lines, sorted by (invoke_ns, client). A file in that order comes back byte for byte. HP_UNAVAILABLE when
 * the stream does not take them. */
enum hp_status history_write(const struct history *history, FILE *stream, struct hp_problem *problem);

/* "respond", "resolved", ...; static. operation_result_add adds a result as a file has it: "resolved:3". */
const char *operation_kind_name(unsigned kind);
const char *shown_name(unsigned shown);
bool operation_result_add(struct text *text, const struct history *history,
                          const struct operation *operation);

/* The key's name as a person writes it. */
const char *history_key_name(const struct history *history, size_t key);

void history_release(struct history *history);

#endif
