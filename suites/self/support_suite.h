/* A small hand-made suite for the tests of commands. */
#ifndef HOLDPOINT_SELF_SUPPORT_SUITE_H
#define HOLDPOINT_SELF_SUPPORT_SUITE_H

#include "harness/case/case.h"

/* Two requirements with cases, one excluded, one forgotten; three cases, two of them rows of one template.
 * Static; its JSON lives as long as the process. NULL when memory runs out. */
const struct suite *suite_sample(void);

#endif
