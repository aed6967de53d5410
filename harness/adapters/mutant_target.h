/* A mutant as a target: private to mutant.c and mutant_make.c. */
#ifndef HOLDPOINT_ADAPTERS_MUTANT_TARGET_H
#define HOLDPOINT_ADAPTERS_MUTANT_TARGET_H

#include "harness/adapters/mutant_courier.h"
#include "harness/adapters/mutant_scene.h"
#include "harness/adapters/mutant_webhook.h"
#include "harness/adapters/mutants.h"
#include "harness/adapters/store_decorator.h"
#include "harness/adapters/wrap.h"

struct mutant_target {
    struct wrap wrap;
    const struct mutant *mutant;
    struct shadow shadow;
    struct courier *courier;          /* of a fault in what is sent to webhooks, else NULL */
    struct store_decorator decorator; /* of a mutant of the store: in use by the inner target */
    struct mutant_webhooks *webhooks; /* of a mutant of the webhooks: likewise */
    struct mutants *owned;            /* the catalogue, when nobody else keeps it */
};

/* Makes one without an inner target; freeing it with target_free is allowed already. */
enum hp_status mutant_target_new(const struct mutant *mutant, struct mutant_target **made,
                                 struct hp_problem *problem);

#endif
