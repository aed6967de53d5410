/* Faults of whoever delivers webhooks, in the fault language (mutant_fault.h), which knows two more calls here:
 *   webhook.send   a try that is about to go out. /sent has url, headers by name (a value, or a list of them), body (the
 *                  JSON, absent when it is none) and text (the body's bytes). Of `body` a changed one is written anew, else
 *                  `text` is sent. {"answer": {"status": n}}: nothing is sent, and n is taken for the answer's status.
 *   webhook.judge  what is made of its end. /sent has end ("delivered", "later" or "dead"), delay_us and status (of the
 *                  answer, 0: none), of which end and delay_us may be changed.
 * In both scenes stand tries (failed before), subscription (url, events, secret, request_id, headers, max_tries,
 * base_delay_us, timeout_us), event (event_id, event_type, timestamp, request_id, interrupt) and stored, the interrupt as it
 * was last shown. Rules on other calls hold as
 * for a mutant of the adapter. Private to the mutants. */
#ifndef HOLDPOINT_ADAPTERS_MUTANT_WEBHOOK_H
#define HOLDPOINT_ADAPTERS_MUTANT_WEBHOOK_H

#include "harness/adapters/mutant_scene.h"
#include "harness/adapters/mutants.h"

struct hp_webhook_decorator;

/* The decorators of both endpoints. */
struct mutant_webhooks;

/* The mutant and the shadow are borrowed. NULL when memory runs out. */
struct mutant_webhooks *mutant_webhooks_new(const struct mutant *mutant, struct shadow *shadow);
void mutant_webhooks_free(struct mutant_webhooks *webhooks); /* NULL is allowed */

/* An array of two, for in_process_memory_webhooks_new. */
const struct hp_webhook_decorator *mutant_webhooks_decorators(const struct mutant_webhooks *webhooks);

#endif
