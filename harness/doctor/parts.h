/* The parts of an examination, in the order in which they are carried out. Each fills in the rows of its own
 * checks, or says why they were not tried. */
#ifndef HOLDPOINT_DOCTOR_PARTS_H
#define HOLDPOINT_DOCTOR_PARTS_H

#include "harness/doctor/exam.h"

/* Starts the adapter and asks who it is: start, hello, flush, protocol, nonce, capabilities, limits. False when no hello was
 * to be had; then nothing else can be tried. */
bool examine_hello(struct exam *exam);

/* What it does with lines that no case sends, or not so: unknown-method, no-json, pipelined. Finds the pulse. */
void examine_lines(struct exam *exam);

/* Adds a row for each declared capability and calls its method once. */
void examine_methods(struct exam *exam);

/* What shows only where methods work: bad-params, long-line, endpoints. */
void examine_limits(struct exam *exam);

/* How it ends: end, left-behind, terminate. */
void examine_end(struct exam *exam);

/* For all parts: the interrupt that a plausible creation makes, whose id goes into `id`. What is heard is as exam_ask says it;
 * `data` is the member of that name, a JSON object. */
enum { PARTS_ID_SIZE = 300, PARTS_DOING_SIZE = 128 };

/* True when the capability is declared and its method was answered. */
bool examine_works(const struct exam *exam, const char *capability);

enum heard examine_create(struct exam *exam, unsigned endpoint, const char *data, char id[PARTS_ID_SIZE],
                          struct answer *answer, struct hp_problem *problem);

#endif
