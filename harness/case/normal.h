/* The normal form of what a target says: all that the contract leaves free is taken out of it, so that two
 * targets that are both right say the same.
 *
 * - A UUID is numbered by where it first appears in the case: "{uuid 1}", also in the midst of text. Who is who counts,
 *   not the value.
 * - The run's suffix becomes "{run}"; a cursor that the target gave "{cursor}".
 * - Interrupts, responses, events and results keep the members that the contract names; null is absent there. What
 *   callers store in `data` stays in full, with the types of its numbers; only a zero is a zero, of either sign and
 *   type, since -0.0 may come back as 0.
 * - Of an answer over HTTP its status stays.
 * - Of an envelope the 37 fields stay, null being absent; of a flow that something happened to not what the service notes about
 *   its running. Of a check of a limit stays whether it is allowed, and of a refusal all that the contract names.
 * - Of an error its name, field and interrupt_status stay.
 * - The ids of a sweep and the interrupts of one drain stand in the order of their numbers, and rows of strangers are
 *   left out. So do the rows of a list that were created at one instant; which of those stand on one page of several,
 *   and which is the newest of them, is nobody's choice, and only the instant stays: {"tied": "{start+0.000000}"}. When more
 *   of them arrive between two pages, only the total of the later page stays.
 * - What a flush of webhooks counts, and in which order the dead letters stand, is nobody's business but the cases'.
 * - Exact: an instant is its distance from the case's start: "{start+3600.000000}". A text in `data` or in
 *   params that is an instant may be what it says or how far from the start it says to be: both are kept.
 * - Loose, for when a target has no clock that could be set: of an instant stays how it lies to created_at of its
 *   interrupt, or to resolved_at; a page of several stays a number of rows. */
#ifndef HOLDPOINT_CASE_NORMAL_H
#define HOLDPOINT_CASE_NORMAL_H

#include "harness/adapters/adapter.h"
#include "harness/case/scope.h"

#include <jansson.h>
#include <stdbool.h>

/* The two members that stand for an instant in a caller's text; values that agree in one of them are the same. */
#define NORMAL_AS_TEXT "{as text}"
#define NORMAL_FROM_START "{from start}"

/* What the calls of one case have shown so far. One thread at a time; release with normal_release. */
struct normal {
    const struct scope *scope; /* of the case that has just ended, borrowed */
    bool loose;
    bool several;    /* the page under way is one of several */
    bool chance;     /* and rows have arrived since the first of them that may stand on it or not */
    size_t since;    /* interrupts known when the first page was read */
    json_t *numbers; /* UUID -> number */
    json_t *created; /* UUID of an interrupt -> created_at's normal form */
    json_t *ties;    /* that -> how many interrupts */
    json_t *cursors; /* cursor -> since */
};

/* False when memory runs out; release it in any case. */
bool normal_init(struct normal *normal, const struct scope *scope, bool loose);
void normal_release(struct normal *normal);

/* The params of a call, then what came back; in the order of the calls. For the caller to drop; NULL when memory runs
 * out. Params that are no JSON are null; a broken answer is {}. */
json_t *normal_params(struct normal *normal, const char *params, size_t length_bytes);
json_t *normal_answer(struct normal *normal, const char *method, const json_t *params,
                      const struct answer *answer);

#endif
