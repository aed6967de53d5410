/* A conversation with a child that speaks the wire, or is to: like harness/adapters/channel, but it goes on after
 * a bad line, and tells the witness what was odd about each.
 *
 * For one thread at a time. */
#ifndef HOLDPOINT_DOCTOR_TALK_H
#define HOLDPOINT_DOCTOR_TALK_H

#include "harness/adapters/process.h"
#include "harness/doctor/witness.h"

struct talk;

/* Starts the child. Errors of process_start. The witness is borrowed and outlives the talk; the caller ends
 * *talk with talk_end. */
enum hp_status talk_start(const char *command, struct witness *witness, struct talk **talk,
                          struct hp_problem *problem);

/* Ends the child and its group and frees the talk; its last stderr is added to log. NULL is allowed. */
void talk_end(struct talk *talk, struct text *log);

pid_t talk_group(const struct talk *talk);

/* Sends bytes as they are, line feed and all. With `answerable`, one error with the id null may answer them.
 * False when memory runs out. */
bool talk_say(struct talk *talk, const char *bytes, size_t length_bytes, bool answerable);

/* True once such an error has come. */
bool talk_was_told_null(const struct talk *talk);

/* Puts a request into *batch, to be sent by talk_say together with others; its id, 0 when memory runs out. The method
 * and everything in the request is borrowed until the talk ends, but for the params. */
unsigned talk_prepare(struct talk *talk, unsigned endpoint, const struct request *request,
                      struct text *batch);

/* Sends a request; its id, 0 when memory runs out. */
unsigned talk_ask(struct talk *talk, unsigned endpoint, const struct request *request);

enum heard {
    HEARD_ANSWER,  /* a result or a refusal */
    HEARD_BAD,     /* a line in its place that breaks the frame; the witness knows why */
    HEARD_NOTHING, /* no answer in time; the problem says too whether the request was read */
    HEARD_END,     /* the child ended, or closed its stdout; the problem is the obituary */
};

/* Waits for the answer of a request, reading whatever else comes. *answer is filled in with HEARD_ANSWER only
 * and then the caller's to release; *problem with all others. */
enum heard talk_hear(struct talk *talk, unsigned id, unsigned wait_ms, struct answer *answer,
                     struct hp_problem *problem);

/* Closes its stdin. */
void talk_close_input(struct talk *talk);

/* Waits up to wait_ms for the end of the child, reading on; *code is the exit status or the signal. */
enum process_exit talk_wait_end(struct talk *talk, unsigned wait_ms, int *code);

/* Reads until its stdout is closed, up to wait_ms; false when somebody still holds it open then. */
bool talk_drain(struct talk *talk, unsigned wait_ms);

#endif
