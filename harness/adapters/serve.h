/* The other end of the wire: serves any target over two streams, one message of JSON-RPC a line. */
#ifndef HOLDPOINT_ADAPTERS_SERVE_H
#define HOLDPOINT_ADAPTERS_SERVE_H

#include "harness/adapters/adapter.h"

#include <stdio.h>

enum { SERVE_LINE_MAX = 8 * 1024 * 1024, SERVE_WORKERS_MAX = 32 };

/* Answers each line of the input until it ends; each answer is flushed. The params of a call go to
 * the target exactly as they stand in the line, so what is refused in them is the target's own choice. A line
 * that is no message, or has more than SERVE_LINE_MAX bytes, is answered with an error and costs no more.
 *
 * When the target declares `concurrent` up to SERVE_WORKERS_MAX lines are answered at once, by threads that are
 * started when they are needed and have sessions of their own; more are not read before one of those is answered.
 * Then neither the order in which such calls are carried out nor that of their answers is promised; whoever wants
 * an order waits for the answer. Without that capability lines are answered in order, one after the other.
 *
 * HP_OK at the end of the input, when all is answered. HP_UNAVAILABLE when the output cannot be written, or when the
 * target gave no answer to a call: then there is none to pass on, and the line ends, also while the input is open;
 * calls that are under way are waited for, and answered if they can be. What target_hello returns when the
 * target says no hello. */
enum hp_status serve_target(struct target *target, int input, FILE *output, struct hp_problem *problem);

#endif
