/* The tables of the terminal report: by chapter, by target, and what is to be said in one line each. */
#ifndef HOLDPOINT_REPORT_TERMINAL_TABLES_H
#define HOLDPOINT_REPORT_TERMINAL_TABLES_H

#include "harness/report/paint.h"
#include "harness/report/summaries.h"

/* What stands for a target in tables: its name, or "target 2" when that is too long for a column. */
enum { TARGET_LABEL_SIZE = 48 };
void target_label_put(char label[TARGET_LABEL_SIZE], const struct run_header *header, const char *target);

/* One target: a row for each chapter, a column for each verdict that occurs. */
void terminal_table_add(struct text *out, const struct target_summary *summary, const struct paint *paint);

/* Several targets: how many passed, a row for each chapter, a column for each target. */
void terminal_matrix_add(struct text *out, const struct run_header *header, const struct summaries *summaries,
                         const struct paint *paint);

/* The cases to which the verdicts of the targets differ, nulls and what is unsupported left aside; one line when there are none,
 * nothing when fewer than two targets can be compared. */
void terminal_differences_add(struct text *out, const struct run_header *header,
                              const struct summaries *summaries, const struct paint *paint);

/* How many cases a null passed, and which of them do not say why they may. */
void terminal_null_score_add(struct text *out, const struct target_summary *summary,
                             const struct paint *paint);

/* What is missing at the target, one line for each reason. */
void terminal_unsupported_add(struct text *out, const struct target_summary *summary,
                              const struct paint *paint);

/* Which capability the author of an adapter or a profile should declare next; nothing for any other target. */
void terminal_opening_add(struct text *out, const struct target_summary *summary, const char *label,
                          const struct paint *paint);

/* "selected 512 = passed 500 + failed 12"; the label goes before it unless it is NULL. */
void terminal_sum_add(struct text *out, const struct target_summary *summary, const char *label);

#endif
