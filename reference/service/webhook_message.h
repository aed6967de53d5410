/* What one try sends: body and headers, made of a delivery. Pure. */
#ifndef HOLDPOINT_SERVICE_WEBHOOK_MESSAGE_H
#define HOLDPOINT_SERVICE_WEBHOOK_MESSAGE_H

#include "reference/base/text.h"
#include "reference/store/store.h"

/* One request. Zeroed it is empty; release it with webhook_message_release. */
struct webhook_message {
    const char *url;     /* borrowed from the delivery */
    struct text body;    /* the same bytes in every try */
    struct text headers; /* lines "Name: value", each ended by a line feed; "Name:" has no value */
    int64_t timeout_us;
};

/* The own headers of the subscription come first, without those that are the service's alone: the signed ones, whether
 * something is signed or not, and those that say how the body is carried. HP_INTERNAL without memory or when nothing can
 * be signed. The delivery outlives the message. */
enum hp_status webhook_message_init(struct webhook_message *message,
                                    const struct hp_webhook_delivery *delivery, struct hp_problem *problem);
void webhook_message_release(struct webhook_message *message);

#endif
