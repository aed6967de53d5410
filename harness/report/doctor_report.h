/* What an examination of an adapter came to, in the forms that people and programs read. Everything foreign is
 * escaped. Each appends to `out`, whose `failed` says when memory ran out. */
#ifndef HOLDPOINT_REPORT_DOCTOR_REPORT_H
#define HOLDPOINT_REPORT_DOCTOR_REPORT_H

#include "harness/doctor/checkup.h"
#include "harness/report/paint.h"

/* For a person: a line for each check; under a fault what it did, what was expected and what to mend; the
 * sum, and what to do next. */
void doctor_add_text(struct text *out, const struct checkup *checkup, const struct paint *paint,
                     size_t columns);

/* One JSON object on a line; fixtures/schema/doctor.json is its schema. */
void doctor_add_json(struct text *out, const struct checkup *checkup);

#endif
