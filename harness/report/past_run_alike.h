/* Whether two runs may be put together. */
#ifndef HOLDPOINT_REPORT_PAST_RUN_ALIKE_H
#define HOLDPOINT_REPORT_PAST_RUN_ALIKE_H

#include "harness/report/past_run.h"

/* HP_INVALID, with both files and what they differ in, unless both ran the same suite with the same seed and options. As
 * parts they must also have the same targets and the same whole selection; else the same cases. */
enum hp_status past_run_check_alike(const struct past_run *one, const struct past_run *other, bool as_parts,
                                    struct hp_problem *problem);

#endif
