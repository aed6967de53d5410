/* Carries out a fault of fixtures/mutants.json on one call. Private to the mutants.
 *
 * A fault is a list of rules. Each has actions to be done before the call is sent, or after its answer came:
 *   {"on": op or [op, ...], "when": conditions, "before": [action, ...]}   or "after"
 * `on` names the methods (none: all), `when` holds for the scene (mutant_scene.h, mutant_condition.h). An action has one of these verbs:
 *   {"set": path, "to": value}         {"remove": path}          {"change": path, "by": change}
 *   {"push": path, "to": value}        appends to a list
 *   {"order": path, "by": "/pointer", "descending": true}        sorts a list by texts
 *   {"drop": "all" | "first" | "last"} {"double": true}          elements of a list, with `in`
 *   {"keep": "/pointer", "to": value, "of": id}   what an interrupt shows there from now on
 *   {"remember": name, "to": value}    in the scene's memory
 *   {"refuse": {"name", "field", "interrupt_status"}}            {"answer": result}
 *   {"call": op, "with": params, "as": name}    one more call; its result is remembered, null when refused
 *   {"retry": true}                    sends /sent, and takes what comes back for the answer
 *   {"queue": true}                    of webhook.send: waits until no other is under way
 *   {"reread": {"text": [["a", "b"], ...]}}     replaces in the text of the params and reads them as a lenient reader
 *                                      would: of a key that comes twice the last counts, integers beyond 64
 *                                      bits become doubles
 * With "in": path the action is done to each value there for which "where" holds, and its own paths are
 * relative to it; without, to the scene. `set remove change` also take lists of paths.
 * A value is a literal, in which stand for something else: {"$": "/pointer"} in the scene, {"$here":
 * "/pointer"} in what `in` found, {"$seen": id} the interrupt as last shown, {"$text": [value, ...]} joined,
 * {"$count": "/pointer"} elements there, {"$last":
 * "/pointer"} the last of them, {"$uuid": true} a fresh id, {"$changed": [value, change]}.
 * What is answered or refused before the call is sent spares the call.
 * Rules on "webhook.send" are for what a service sends to the endpoints of its webhooks: in front of any service as
 * mutant_courier.h says, where only webhook.send can be called; within the reference as mutant_webhook.h says. */
#ifndef HOLDPOINT_ADAPTERS_MUTANT_FAULT_H
#define HOLDPOINT_ADAPTERS_MUTANT_FAULT_H

#include "harness/adapters/mutant_scene.h"

struct courier;

/* One call under a fault. Everything is borrowed. The shadow's mutex is held by whoever calls the functions
 * below, also while a fault makes a call of its own. */
struct fault_call {
    const json_t *fault; /* the list of rules */
    struct shadow *shadow;
    struct session *inner;   /* NULL: it has no calls of its own to make, but webhook.send */
    struct courier *courier; /* NULL: there is none */
    json_t *scene;
    unsigned deadline_ms; /* for calls of its own */
};

/* Carries out the rules of one phase, "before" or "after". False when memory runs out. */
bool fault_carry_out(struct fault_call *call, const char *phase);

/* Makes a call of the fault's own. The caller releases *answer. False when memory runs out or the answer is
 * broken. */
bool fault_send(struct fault_call *call, const char *method, const json_t *params, struct answer *answer);

/* A value of the fault language as it is for this scene; a new one. NULL when memory runs out. */
json_t *fault_value(const json_t *value, const json_t *scene, const json_t *here);

#endif
