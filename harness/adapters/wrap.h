/* What every decorator is made of: a target that holds another, and passes on what it does not change. */
#ifndef HOLDPOINT_ADAPTERS_WRAP_H
#define HOLDPOINT_ADAPTERS_WRAP_H

#include "harness/adapters/adapter.h"

/* The first member of every decorator. */
struct wrap {
    struct target target;
    struct target *inner; /* owned */
};

/* The first member of every session of a decorator. */
struct wrapped_session {
    struct session session;
    struct session *inner; /* owned */
};

/* The operations of struct target_ops and struct session_ops, passed on to the inner one. wrap_open hands out
 * the inner session itself; wrap_free frees the inner target and then free()s the decorator, so what else it
 * holds is released before. wrapped_close does the same for a session. */
enum hp_status wrap_hello(struct target *target, struct hello *hello, struct hp_problem *problem);
enum hp_status wrap_open(struct target *target, unsigned endpoint, struct session **session,
                         struct hp_problem *problem);
void wrap_restart(struct target *target);
void wrap_take_log(struct target *target, struct text *log);
void wrap_reproduce(struct target *target, const struct request *request, struct text *text);
void wrap_free(struct target *target);
bool wrap_set_gate(struct target *target, struct gate *gate);
enum hp_status wrapped_start(struct session *session, const struct request *request, unsigned *ticket,
                             struct hp_problem *problem);
enum poll_state wrapped_poll(struct session *session, unsigned ticket, unsigned timeout_ms,
                             struct answer *answer);
void wrapped_close(struct session *session);

/* Opens the inner session and puts a zeroed one of size_bytes, which begins with a struct wrapped_session,
 * around it. */
enum hp_status wrapped_open(struct target *target, const struct session_ops *ops, size_t size_bytes,
                            unsigned endpoint, struct session **session, struct hp_problem *problem);

#endif
