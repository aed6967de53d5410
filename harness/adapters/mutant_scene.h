/* What a fault sees of a call, and what it remembers from call to call. Private to the mutants.
 *
 * The scene of a call is one JSON object:
 *   op        the method, "interrupt.respond"
 *   endpoint  the number of the endpoint that is asked
 *   params    as the client sent them; absent when they are no JSON, or hold a key twice
 *   text      the params as text, of a call whose params may be malformed on purpose
 *   sent      what goes to the service: the params until a fault changes it
 *   stored    the interrupt that params.id names, as it was last shown before this call; absent when it never was
 *   origin    the endpoint at which that was created
 *   now       the instant to which the clock was set; absent while it runs
 *   seen      every interrupt as it was last shown, by id
 *   memory    what faults have remembered, by name
 *   result or refusal   what came back: the result, or {"name", "field", "interrupt_status"}
 *
 * Everything of `struct shadow` is shared by the sessions of a target, so scenes are made, used and dropped
 * under its mutex; no value of it ever gets into an answer, only copies do. */
#ifndef HOLDPOINT_ADAPTERS_MUTANT_SCENE_H
#define HOLDPOINT_ADAPTERS_MUTANT_SCENE_H

#include "harness/adapters/adapter.h"

#include <jansson.h>
#include <pthread.h>
#include <stdbool.h>

struct shadow {
    pthread_mutex_t mutex; /* guards what follows */
    json_t *seen;          /* id -> interrupt */
    json_t *kept;          /* id -> object of pointer -> value: laid over every later showing */
    json_t *origins;       /* id -> endpoint */
    json_t *memory;
    json_t *now;
};

/* False when memory runs out; release it in either case. */
bool shadow_init(struct shadow *shadow);
void shadow_release(struct shadow *shadow);

/* The scene of a call that is about to be sent. NULL when memory runs out. */
json_t *scene_new(struct shadow *shadow, const struct request *request, unsigned endpoint);

/* The scene of a webhook that a service sends, the method "webhook.send" of no endpoint; `stored` is the interrupt that its
 * body is about, `subscription` what the client has subscribed with. NULL when memory runs out. */
json_t *scene_of_webhook(struct shadow *shadow, json_t *params, const json_t *subscription);

/* Puts an answer into the scene and takes over its result; a broken one leaves the scene without either. False
 * when memory runs out. */
bool scene_take(json_t *scene, struct answer *answer);

/* Learns from the scene's result: what is shown, created, swept, forgotten by a reset, and the time. Lays what
 * is kept over it before. False when memory runs out. */
bool shadow_note(struct shadow *shadow, json_t *scene);

/* Keeps a value for what the pointer leads to in the interrupt of that id, and for good. */
bool shadow_keep(struct shadow *shadow, const char *id, const char *pointer, const json_t *value);

#endif
