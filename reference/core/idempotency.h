/* The key under which a caller may send a request again without its being carried out twice. */
#ifndef HOLDPOINT_CORE_IDEMPOTENCY_H
#define HOLDPOINT_CORE_IDEMPOTENCY_H

#include "reference/base/instant.h"

/* How long the answer to a request with a key is kept, from the instant of the operation on. */
#define HP_ANSWER_KEPT_US (24 * 3600 * HP_SECOND_US)

/* What the store made of a key. */
enum hp_key_outcome {
    HP_KEY_FIRST, /* nothing is kept under it: the request was carried out, or refused, as if it had none */
    HP_KEY_REPLAYED, /* the same request was carried out before, and its answer was given again */
    HP_KEY_TAKEN,    /* it belongs to another request: HP_INVALID */
    HP_KEY_BUSY,     /* a request with it is under way: HP_CONFLICT, without a status of an interrupt */
};

/* A key and what it stands for. Texts are borrowed, UTF-8; the outcome is written by the store. */
struct hp_idempotency {
    const char *scope;   /* where the key counts: route, path and user; up to 1000 bytes */
    const char *key;     /* the caller's, up to 255 bytes */
    const char *request; /* the same text for the same request, another for another */
    enum hp_key_outcome outcome;
};

#endif
