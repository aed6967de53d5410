/* What a case proves: the requirements that its steps name. */
#ifndef HOLDPOINT_CASE_PROOF_H
#define HOLDPOINT_CASE_PROOF_H

#include "harness/case/case.h"

/* The next requirement that a step of the case names, each once, in the order of the steps; NULL behind the last one. *at
 * is 0 at first, and moves. */
const struct requirement *proof_take(const struct test_case *test_case, size_t *at);

#endif
