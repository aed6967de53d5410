/* Makes one allocation fail: the 1st, the 2nd, ... until an operation gets through. A test that uses this is
 * named test_alloc_*.c, so that the Makefile links it with malloc, calloc and realloc wrapped. */
#ifndef HOLDPOINT_SELF_SUPPORT_FAIL_ALLOC_H
#define HOLDPOINT_SELF_SUPPORT_FAIL_ALLOC_H

#include "reference/base/status.h"

#include <stdbool.h>
#include <stddef.h>

/* Has jansson allocate through the wrapped functions too. Call it before the first JSON value is made, and
 * only for operations that parse nothing by jansson: the parser of jansson 2.14 asserts (lex_scan_string),
 * leaks or loses text when an allocation of its own fails. json_read has a reader of its own. */
void fail_alloc_install(void);

/* From now on the nth allocation (from 1) fails, once. */
void fail_alloc_arm(size_t nth);

/* No allocation fails any more. True when one did since fail_alloc_arm. */
bool fail_alloc_disarm(void);

/* Runs the operation with the 1st, 2nd, ... allocation failing until none is left to fail. Returns how many
 * were swept, or 0 when an operation whose allocation failed told anything but HP_INTERNAL (unless
 * may_succeed: for what can do without), or when the last, undisturbed one failed. The operation leaves
 * nothing behind. */
size_t fail_alloc_sweep(enum hp_status (*operation)(void *context), void *context, bool may_succeed);

#endif
