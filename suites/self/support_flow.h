/* Flows and limits by the door, in short JSON (support_json.h), and what every store promises of them. What is wrong fails the
 * running test by cmocka's assertions. */
#ifndef HOLDPOINT_SELF_SUPPORT_FLOW_H
#define HOLDPOINT_SELF_SUPPORT_FLOW_H

#include "suites/self/support_bench.h"

#include <jansson.h>

/* Makes a call that must succeed; the params are printf's, ' stands for ". The caller drops the result. */
json_t *flow_call(struct bench *bench, const char *method, const char *format, ...) HP_PRINTF(3, 4);

/* The same, and drops the result. */
void flow_do(struct bench *bench, const char *method, const char *format, ...) HP_PRINTF(3, 4);

/* Makes a call that must be refused so: field and interrupt_status are "" where there is none. */
void flow_refuse(struct bench *bench, enum hp_status status, const char *field, const char *interrupt_status,
                 const char *method, const char *format, ...) HP_PRINTF(6, 7);

/* Fails unless the value at the pointer is that of the short JSON. */
void flow_expect(const json_t *value, const char *pointer, const char *wanted);

/* The envelope that the short JSON is read as, at the begin of time and with the ids a, b and c. The caller drops it. */
json_t *flow_decode(const char *text);

/* Submits the envelope e1 of ann at the stage planner. */
void flow_submit(struct bench *bench);

/* Raises an interrupt of that kind about e1; its id. */
void flow_raise(struct bench *bench, const char *kind, char id[HP_ID_SIZE]);

/* The state of e1, as a kernel shows it, must be that. */
void flow_expect_state(struct bench *bench, const char *state);

/* What every store promises of processes and limits, one test each. The bench's store is empty, its clock stands. */
struct flow_promise {
    const char *name;
    void (*keep)(struct bench *bench);
};

extern const struct flow_promise flow_promises[];
extern const size_t flow_promise_count;

/* What holds for any number of threads and of services, of which each thread takes one in turn: of eight resumptions of a flow one
 * runs it, of eight submissions one is taken, of many calls as many as the limit are allowed, and one interrupt about it is raised;
 * of eight interrupts one is recorded. */
void flow_contend(struct bench *bench, struct hp_service *const services[], size_t count);

#endif
