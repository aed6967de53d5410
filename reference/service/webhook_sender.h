/* Sends requests, many at once, without waiting for any; the one door to libcurl in the reference.
 *
 * A redirect is not followed, no proxy of the environment is used, a connection serves one request only (on one that is
 * used again curl may repeat a request by itself, and that would be a send nobody counted), and what is read of an
 * answer's body is bounded and forgotten. For one thread at a time, but webhook_sender_wake. */
#ifndef HOLDPOINT_SERVICE_WEBHOOK_SENDER_H
#define HOLDPOINT_SERVICE_WEBHOOK_SENDER_H

#include "reference/base/problem.h"
#include "reference/service/webhook_message.h"

struct webhook_sender;

/* How a request ended. */
struct webhook_report {
    void *context;     /* of whoever started it */
    int status;        /* of the answer; 0: there was none, or it broke off */
    bool refused;      /* none of the endpoint's addresses may be reached */
    const char *error; /* why there is no status; static, NULL with one */
};

/* allow_private: endpoints may be anywhere (webhook_address.h). NULL without memory. Freeing it ends what is under way. */
struct webhook_sender *webhook_sender_new(bool allow_private);
void webhook_sender_free(struct webhook_sender *sender); /* NULL is allowed */

/* Starts one request. The message is copied, and may go. HP_INTERNAL without memory. */
enum hp_status webhook_sender_start(struct webhook_sender *sender, const struct webhook_message *message,
                                    void *context, struct hp_problem *problem);

/* Goes on with all that is under way, and waits up to wait_ms for something to happen, also when nothing is. */
void webhook_sender_run(struct webhook_sender *sender, unsigned wait_ms);

/* A request that has ended, each once; false when there is none. */
bool webhook_sender_next(struct webhook_sender *sender, struct webhook_report *report);

/* Ends webhook_sender_run's wait, from any thread. */
void webhook_sender_wake(struct webhook_sender *sender);

#endif
