/* One child process that speaks the wire, and the calls under way to it. An answer finds its call by the id,
 * so many may be under way at once and be answered in any order; each answer is used for its own call or for
 * none.
 *
 * Threads: any number. While several wait, one of them polls and reads for all. */
#ifndef HOLDPOINT_ADAPTERS_CHANNEL_H
#define HOLDPOINT_ADAPTERS_CHANNEL_H

#include "harness/adapters/adapter.h"

/* Counted: channel_start gives the first reference, channel_retain one more, channel_release takes one
 * back. */
struct channel;

/* Starts the child. Errors of process_start. */
enum hp_status channel_start(const char *command, struct channel **channel, struct hp_problem *problem);

struct channel *channel_retain(struct channel *channel);

/* Gives up a reference; the last one ends the child too. NULL is allowed. */
void channel_release(struct channel *channel);

/* Ends the child now, for everybody; its last stderr is added to errors. Calls under way are broken. */
void channel_stop(struct channel *channel, struct text *errors);

/* Sends a call. HP_INTERNAL when the request itself is at fault (rpc_check_request) or memory runs out, else
 * what channel_fault says. */
enum hp_status channel_send(struct channel *channel, unsigned endpoint, const struct request *request,
                            unsigned *id, struct hp_problem *problem);

/* Waits up to timeout_ms for the answer of that call, which is then forgotten. POLL_PENDING leaves *answer
 * alone. */
enum poll_state channel_wait(struct channel *channel, unsigned id, unsigned timeout_ms,
                             struct answer *answer);

/* Nobody will ask for that call's answer any more: when it comes it is dropped, and is no fault. */
void channel_abandon(struct channel *channel, unsigned id);

/* What broke the line for good: HP_UNAVAILABLE when the child ended, HP_INVALID when it said what it must
 * not. HP_OK while all is well. */
enum hp_status channel_fault(struct channel *channel, struct hp_problem *problem);

/* Adds what the child wrote to its stderr since the last call. */
void channel_take_errors(struct channel *channel, struct text *errors);

#endif
