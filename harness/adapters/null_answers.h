/* What each null answers (null.h names them). method and params are the call's; params is NULL when they were
 * no JSON. counter is another number for each call. False when memory ran out; *answer is released by the
 * caller in either case. */
#ifndef HOLDPOINT_ADAPTERS_NULL_ANSWERS_H
#define HOLDPOINT_ADAPTERS_NULL_ANSWERS_H

#include "harness/adapters/adapter.h"

bool null_answer_empty(const char *method, const json_t *params, unsigned counter, struct answer *answer);
bool null_answer_accept(const char *method, const json_t *params, unsigned counter, struct answer *answer);
bool null_answer_reject(const char *method, const json_t *params, unsigned counter, struct answer *answer);
bool null_answer_echo(const char *method, const json_t *params, unsigned counter, struct answer *answer);
bool null_answer_constant(const char *method, const json_t *params, unsigned counter, struct answer *answer);
bool null_answer_drop(const char *method, const json_t *params, unsigned counter, struct answer *answer);

#endif
