/* The part of the chapter `events` that is about webhooks: endpoints on this machine, as plays for cases. */
#ifndef HOLDPOINT_CHAPTERS_WEBHOOK_H
#define HOLDPOINT_CHAPTERS_WEBHOOK_H

#include "harness/case/play.h"

/* webhook.receive: opens an endpoint. args:
 *   answers   how it answers, one after the other, the last again and again (default [200]); each a status, "close" (the
 *             connection is closed without an answer), "hang" (it stays open without one), "flood" (a body without
 *             end), or {"status", "location", "held": true} (answered once the play webhook.meanwhile lets it go)
 * The result is {"box": its number, "url"}.
 *
 * webhook.nowhere: the result is {"url"} of an endpoint where nobody listens.
 *
 * webhook.received: what came. args: box; secret (the signatures are checked with it). The result is {"count", "requests":
 * [{"order", "method", "request_id", "event_id", "headers", "body", "body_digest", "timestamp", "tried_at", "answer",
 * "signature", "standard_signature"}, ...]}: header names in lower case; order counts over all endpoints; body is null when
 * it is no JSON; timestamp is that of the header X-Webhook-Timestamp, tried_at that of webhook-timestamp as an instant (null
 * when it is none); signatures are "valid", "wrong" or "missing".
 *
 * webhook.meanwhile: lets the target deliver, and makes calls while an endpoint holds its answer. args:
 *   held   its box, of whose answers the first is held
 *   until  {"box", "count"}: waits until another endpoint has got so much meanwhile
 *   calls  [{"op", "args"}, ...], made while it is held
 * The result is {"reached": whether the held one got a request, "others": whether the other got all that was waited for
 * while the first was held, "answers": [the results; {"refused": name}], "flush": what webhook.flush gave}.
 *
 * Broken when the harness cannot listen, or a call has no answer. */
enum play_end webhook_receive_play(const struct play_stage *stage, const json_t *args, json_t **result,
                                   struct hp_problem *problem);
enum play_end webhook_nowhere_play(const struct play_stage *stage, const json_t *args, json_t **result,
                                   struct hp_problem *problem);
enum play_end webhook_received_play(const struct play_stage *stage, const json_t *args, json_t **result,
                                    struct hp_problem *problem);
enum play_end webhook_meanwhile_play(const struct play_stage *stage, const json_t *args, json_t **result,
                                     struct hp_problem *problem);

/* Registers the plays of this chapter. */
void chapter_webhook_register(void);

/* Stops what the plays have started. Before the program ends, when no play is under way. */
void chapter_webhook_release(void);

#endif
