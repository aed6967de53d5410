/* Scripts in the short form of support_json.h, for tests. */
#ifndef HOLDPOINT_SELF_SUPPORT_SCRIPT_H
#define HOLDPOINT_SELF_SUPPORT_SCRIPT_H

#include "harness/lab/script.h"
#include "suites/self/support_json.h"

/* A decoded script; the caller releases it. */
void script_short(struct script *script, const char *text);

#endif
