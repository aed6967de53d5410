/* The calls of a case as text, for the reports. */
#ifndef HOLDPOINT_CASE_TRANSCRIPT_H
#define HOLDPOINT_CASE_TRANSCRIPT_H

#include "harness/case/rig.h"
#include "harness/case/verdict.h"

enum { TRANSCRIPT_TEXT_BYTES = 2000 };

/* Fills in result->exchanges from the rig's records, and result->reproduce from the last of them, unless its
 * params were cut. What memory does not suffice for is left out. */
void transcript_make(struct rig *rig, struct case_result *result);

#endif
