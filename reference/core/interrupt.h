/* An interrupt: the question that holds a flow, and what became of it. */
#ifndef HOLDPOINT_CORE_INTERRUPT_H
#define HOLDPOINT_CORE_INTERRUPT_H

#include "reference/base/api.h"
#include "reference/base/ids.h"
#include "reference/base/instant.h"
#include "reference/base/problem.h"
#include "reference/core/idempotency.h"
#include "reference/core/kind.h"
#include "reference/core/response.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HP_ID_MAX_BYTES = 255 }; /* of a caller's id: user, session, request, envelope, trace, span */

/* One interrupt, as it was at one moment: a value that never changes. Texts are UTF-8; an absent one is NULL.
 * Whoever got it from this library owns it whole, in one piece of memory, and frees it with hp_interrupt_free
 * (REQ-SNAPSHOT-1). */
struct hp_interrupt {
    char id[HP_ID_SIZE];
    enum hp_kind kind;
    enum hp_interrupt_status status;
    const char *request_id;
    const char *user_id;
    const char *session_id;
    const char *envelope_id;
    const char *question;
    const char *message;
    const char *data; /* a JSON object as text, as it was given; "{}" when there is none, never NULL */
    const char *trace_id;
    const char *span_id;
    bool has_response;           /* exactly when status is HP_RESOLVED */
    struct hp_response response; /* of no meaning without has_response */
    int64_t created_at_us;
    int64_t expires_at_us;  /* HP_INSTANT_NONE: never */
    int64_t resolved_at_us; /* HP_INSTANT_NONE unless resolved */
};

/* A copy of a draft, texts and all. NULL when memory runs out. */
HP_API struct hp_interrupt *hp_interrupt_new(const struct hp_interrupt *draft);

/* Frees the interrupt with its texts. NULL is allowed. */
HP_API void hp_interrupt_free(struct hp_interrupt *interrupt);

/* True when the interrupt is pending, its kind expires by itself and its expiry lies before now
 * (REQ-EXPIRE-1, 4). */
HP_API bool hp_interrupt_is_due(const struct hp_interrupt *interrupt, int64_t now_us);

/* The status as it is shown at that instant: a due interrupt is expired, swept or not (REQ-EXPIRE-5, 6). */
HP_API enum hp_interrupt_status hp_interrupt_shown_status(const struct hp_interrupt *interrupt,
                                                          int64_t now_us);

/* HP_INVALID, naming the field to shorten, when the interrupt as compact JSON would be larger than 1 MiB
 * (REQ-VALUE-15). */
HP_API enum hp_status hp_interrupt_check_size(const struct hp_interrupt *interrupt,
                                              struct hp_problem *problem);

struct hp_flow;
struct hp_rate_claim;

/* What create is asked for. Texts are borrowed; an optional one is NULL when absent. */
struct hp_create {
    enum hp_kind kind;
    const char *request_id; /* 1 to 255 bytes, as are user_id and session_id */
    const char *user_id;
    const char *session_id;
    const char *envelope_id; /* up to 255 bytes, as are trace_id and span_id */
    const char *question;
    const char *message;
    const char *data; /* a JSON object as text, at most 64 levels; NULL: {} */
    int64_t ttl_us;   /* above 0, HP_TTL_NEVER or HP_TTL_DEFAULT */
    const char *trace_id;
    const char *span_id;
    struct hp_idempotency *idempotency; /* NULL: every request is a new one */
    /* At most one of these, and then no idempotency. What they say is carried out with the creation, whole or not at all. */
    const struct hp_flow *flow;       /* a process as it is from now on, but that its interrupt is this one */
    const struct hp_rate_claim *rate; /* what this interrupt is about */
};

/* The rules of a creation but those of data, which hp_service_create adds: HP_INVALID naming the field
 * (REQ-CREATE-1, REQ-VALUE-13). */
HP_API enum hp_status hp_create_check(const struct hp_create *create, struct hp_problem *problem);

/* HP_INVALID, naming the field by its pointer, unless a caller's id is UTF-8 of 1 to 255 bytes. NULL is a
 * missing one. */
HP_API enum hp_status hp_id_check(const char *id, const char *pointer, struct hp_problem *problem);

/* The interrupt that a creation makes at that instant: pending, with its expiry. HP_INVALID at /ttl_seconds
 * when it would end after the year 9999 (REQ-TTL-7), or when it is too large. The caller owns *interrupt. */
HP_API enum hp_status hp_interrupt_create(const struct hp_create *create, const char *id, int64_t now_us,
                                          struct hp_interrupt **interrupt, struct hp_problem *problem);

#endif
