/* Recording what clients do, while they do it: each client writes to a file of its own, so nothing is shared and nothing
 * waits; the files are merged into one history afterwards. Every line is handed to the system before the next call
 * begins, so whoever dies, the service or the harness itself by SIGKILL, no operation that was completed is lost; one
 * that was under way is there as lost, since its call is written before its first byte goes out.
 *
 * A client file is made of lines of the history format. A call stands there twice: as lost, when it is made, and with
 * its answer, when that has come; the merge keeps the second.
 *
 * Threads: a recorder may be used by any number of threads at once; a recording belongs to one thread at a time. Writing
 * costs a system call or two an operation: throughput is measured without. */
#ifndef HOLDPOINT_LAB_RECORD_H
#define HOLDPOINT_LAB_RECORD_H

#include "harness/lab/history.h"

/* A folder of client files. */
struct recorder;

/* What one client does. */
struct recording;

/* One operation on one interrupt, as a client knows it. Texts are borrowed for the call that takes it. */
struct recorded {
    enum operation_kind kind;
    const char *key;
    const char *user; /* respond, cancel: as whom; NULL: as a trusted caller. create: the owner, never NULL */
    int64_t expires_ns; /* of a create: on the clock of recorder_now_ns; HISTORY_NEVER when there is no end */
    bool checkpoint;    /* of a create */
    unsigned filter;    /* of a list: 1 << SHOWN_PENDING, and so on; not 0 */
    enum operation_result result;
    enum shown shown;     /* with RESULT_SHOWN and, when it is known, RESULT_CONFLICT; else SHOWN_NOTHING */
    uint32_t answered_by; /* SHOWN_RESOLVED: recording_client of whose answer it is */
};

/* Begins to record in a folder, which must exist and hold no client files (HP_CONFLICT). Keeps the folder's name. */
enum hp_status recorder_new(const char *folder, struct recorder **recorder, struct hp_problem *problem);
void recorder_free(
    struct recorder *recorder); /* NULL is allowed; the files stay, the recordings are closed before */

/* The clock of all times here: monotonic, nanoseconds. */
int64_t recorder_now_ns(void);

/* Opens the file of a new client. HP_UNAVAILABLE when it cannot be made. Any thread. */
enum hp_status recording_open(struct recorder *recorder, struct recording **recording,
                              struct hp_problem *problem);

/* Closes it. HP_UNAVAILABLE when a line could not be written at some time: then the history is worth nothing. NULL is
 * allowed. */
enum hp_status recording_close(struct recording *recording, struct hp_problem *problem);

/* The number by which the client is known now: `by` of its answers. */
uint32_t recording_client(const struct recording *recording);

/* A call is about to be made: notes the time, and that these operations may happen: one respond or cancel, or what a
 * sweep may expire. Gets and lists among them are passed over, since a lost read says nothing; a create that has no key
 * yet is not among them. Results are not looked at. */
void recording_call(struct recording *recording, const struct recorded *records, size_t count);

/* Its answer has come: what it says of one interrupt or of many, each one operation from the call until now. */
void recording_answer(struct recording *recording, const struct recorded *records, size_t count);

/* Its answer will not come. The client goes on under a new number, for the old one may still be at work. */
void recording_lost(struct recording *recording);

/* The client goes on under a new number: what it is about to say can be told from all that it said before. */
void recording_rename(struct recording *recording);

/* Merges the client files of a folder, whoever wrote them, into an empty history, and groups it. A line that was cut off
 * at the end of a file is dropped. HP_INVALID for any other line that is none, HP_UNAVAILABLE for a file that cannot be
 * read. */
enum hp_status recorder_merge(const char *folder, struct history *history, struct hp_problem *problem);

#endif
