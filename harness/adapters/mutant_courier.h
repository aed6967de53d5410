/* Carries the webhooks of a service to their endpoints, so that a fault can reach what is sent there, of any service: the
 * URL that the service gets with a subscription is the courier's own, and each request that comes to it is a call
 * `webhook.send` of the scene (mutant_scene.h), whose params mutant_parcel.h describes; its result is {"status",
 * "headers"}, a refusal that there was no answer. What an endpoint answers is passed on as it comes, also an answer that
 * comes late, breaks off or has no end. Private to the mutants.
 *
 * It serves what is on 127.0.0.1, where the endpoints of cases are; a subscription to elsewhere it leaves alone. It is a
 * thread of its own, which has the shadow's mutex whenever it works on a scene. */
#ifndef HOLDPOINT_ADAPTERS_MUTANT_COURIER_H
#define HOLDPOINT_ADAPTERS_MUTANT_COURIER_H

#include "harness/adapters/mutant_scene.h"

struct courier;

/* True when a rule of the fault is about webhook.send; a fault without one needs no courier. */
bool courier_is_needed(const json_t *fault);

/* Everything is borrowed and outlives it. HP_UNAVAILABLE when there is no port or thread to be had. */
enum hp_status courier_start(const json_t *fault, struct shadow *shadow, struct courier **courier,
                             struct hp_problem *problem);
void courier_stop(struct courier *courier); /* NULL is allowed; ends what is under way */

/* Puts the courier's URL into the params of webhook.subscribe that are about to be sent, and keeps what the client asked for.
 * The shadow's mutex is held. False when memory runs out. */
bool courier_address(struct courier *courier, const json_t *asked, json_t *sent);

/* A request of the fault's own: the params of webhook.send go to their url at once, without rules. Waits for the answer, but
 * not for ever; "unavailable" when none comes. The shadow's mutex is held. False when memory runs out. */
bool courier_send(const json_t *params, struct answer *answer);

#endif
