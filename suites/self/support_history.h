/* Histories in a short form, for tests. What is wrong with one fails the running test by cmocka's assertions. */
#ifndef HOLDPOINT_SELF_SUPPORT_HISTORY_H
#define HOLDPOINT_SELF_SUPPORT_HISTORY_H

#include "harness/lab/judgement.h"

/* Makes a grouped history of one key, "k", from operations with "; " between them, each
 *
 *     CLIENT OP[/ARG...] RESULT CALLED RETURNED
 *
 * with - for no return and the result unknown: "0 create/ann/50 ok 1 2; 1 respond/ann unknown 3 -". Arguments:
 * create/OWNER/EXPIRES, EXPIRES - for never and c before it for a checkpoint ("c50", "c-"); respond/USER and cancel/USER,
 * or none for a trusted caller; list/FILTER, letters of prce. The caller releases it. */
void history_short(struct history *history, const char *operations);

/* The operations of a judgement by their lines, "1 3": the place in the short form. Static, until the next call. */
const char *judgement_lines(const struct judgement *judgement);

#endif
