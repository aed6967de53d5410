/* The examination of an adapter, before any verdict about the service behind it. */
#ifndef HOLDPOINT_DOCTOR_EXAMINE_H
#define HOLDPOINT_DOCTOR_EXAMINE_H

#include "harness/doctor/checkup.h"
#include "reference/base/problem.h"

struct examine_options {
    unsigned timeout_ms; /* for one answer */
    unsigned total_ms;   /* for all; the checks that are left then are not tried */
};

/* Examines the target of that name and fills in the checkup, but for what to do next. A child of `stdio:` is
 * spoken to line by line, several of them where one is lost; of any other target only what applies is tried,
 * and the rest is said.
 *
 * What an adapter does wrong is in the checkup, and HP_OK. HP_INVALID: there is no such target. Anything else:
 * the harness has no process or memory left, or a target of its own cannot be reached. The caller releases
 * *checkup in every case. */
enum hp_status examine(const char *target, const struct examine_options *options, struct checkup *checkup,
                       struct hp_problem *problem);

#endif
