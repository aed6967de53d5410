/* A decorator that writes down every call and every answer. */
#ifndef HOLDPOINT_ADAPTERS_TRACE_H
#define HOLDPOINT_ADAPTERS_TRACE_H

#include "harness/adapters/adapter.h"

#include <stdio.h>

/* Wraps a target, which is freed with it. Each call and each answer is one line of JSON in the file, flushed:
 *   {"session":1,"call":3,"method":"interrupt.get","params":{...}}
 *   {"session":1,"call":3,"result":{...}}
 *   {"session":1,"call":3,"refused":"forbidden","detail":"..."} with field and interrupt_status where given
 *   {"session":1,"call":3,"broken":"..."}
 *   {"restart":true}
 * Params that are no JSON are the text "params_text" instead. The file is borrowed and not closed. NULL when
 * memory runs out; then the inner target is still the caller's. */
struct target *trace_new(struct target *inner, FILE *file);

#endif
