/* The reports of a run: which are written, and where. */
#ifndef HOLDPOINT_COMMANDS_REPORTS_H
#define HOLDPOINT_COMMANDS_REPORTS_H

#include "harness/commands/run_options.h"
#include "harness/report/reporter.h"

enum { REPORT_FILES_MAX = OUTPUTS_MAX + 4 };

/* The open reports. Zeroed it holds none. */
struct reports {
    struct reporter *all; /* every report as one; NULL before reports_open */
    struct {
        FILE *file;
        char *path;
    } files[REPORT_FILES_MAX];
    size_t file_count;
};

/* HP_INVALID when a report or the trace would be written over one of the others, or over a file that the run reads. Opens
 * nothing. */
enum hp_status reports_check(const struct run_options *options, struct hp_problem *problem);

/* Opens every report that was asked for: the formats, a terminal report on stdout unless a format goes there,
 * and the four files of the report folder, which is made when it is missing. HP_UNAVAILABLE, with the path,
 * when one cannot be opened. The caller closes *reports in either case. */
enum hp_status reports_open(struct reports *reports, const struct run_options *options,
                            struct hp_problem *problem);

/* The folder that was asked for, or the usual one where people keep reports; NULL when there is none. */
const char *reports_folder(const struct run_options *options);

/* Writes what is left and closes the files. False when something could not be written; says what on
 * stderr. */
bool reports_close(struct reports *reports);

#endif
