/* What came of holding the targets of a run against each other, for a person. */
#ifndef HOLDPOINT_REPORT_TERMINAL_PARITY_H
#define HOLDPOINT_REPORT_TERMINAL_PARITY_H

#include "harness/report/reporter.h"
#include "harness/report/screen.h"
#include "reference/base/text.h"

/* One line for each target, then the differences; of very many only the first. */
void terminal_parity_add(struct text *out, const struct run_header *header, const struct parity *parity,
                         const struct screen *screen);

#endif
