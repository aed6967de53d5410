/* The parts of past_run_read: private to past_run_read.c, past_run_members.c, past_run_head.c, past_run_case.c,
 * past_run_parity.c. */
#ifndef HOLDPOINT_REPORT_PAST_RUN_PARTS_H
#define HOLDPOINT_REPORT_PAST_RUN_PARTS_H

#include "harness/report/past_run.h"

/* A report on its way into memory. */
struct reading {
    struct past_run *run;
    const json_t *object; /* the line that is read */
    size_t line;
    struct past_target *target; /* the one whose cases come; NULL between targets */
    size_t ended_targets;
    size_t step_at, exchange_at;
    bool has_differences; /* which no sum has followed yet */
    bool ended;
    struct hp_problem *problem;
};

/* Records HP_INVALID with "PATH:LINE: " before printf's text, or before what was expected of a member and what stands
 * there, and returns it. */
enum hp_status reading_fault(struct reading *reading, const char *format, ...) HP_PRINTF(2, 3);
enum hp_status reading_fault_member(struct reading *reading, const json_t *object, const char *key,
                                    const char *expected);

/* The first fault until now. */
enum hp_status reading_status(const struct reading *reading);

/* Each fills in what a member of the object holds; false, with the fault recorded, when it is of another kind. A text that
 * may miss is NULL then. Numbers are none below 0. */
bool reading_take_text(struct reading *reading, const json_t *object, const char *key, bool may_miss,
                       const char **text);
bool reading_take_number(struct reading *reading, const json_t *object, const char *key, int64_t *number);
bool reading_take_size(struct reading *reading, const json_t *object, const char *key, size_t *number);

/* The same for texts that the reporters' types own elsewhere; here they are borrowed, and nobody frees or changes them. */
bool reading_borrow(struct reading *reading, const json_t *object, const char *key, bool may_miss,
                    char **text);

/* The texts of an array of the line, for the caller to free; one more is NULL. */
bool reading_take_texts(struct reading *reading, const char *key, const char ***texts, size_t *count);

/* How many lines of that type the report has. */
size_t reading_count_lines(const struct past_run *run, const char *type);

/* The name of a verdict, from a member of the line. */
enum hp_status reading_take_verdict(struct reading *reading, const char *key, enum verdict *verdict);

/* Each reads a line of its type. */
enum hp_status past_run_read_run(struct reading *reading);
enum hp_status past_run_read_selection(struct reading *reading);
enum hp_status past_run_read_requirement(struct reading *reading);
enum hp_status past_run_read_target(struct reading *reading);
enum hp_status past_run_read_case(struct reading *reading);
enum hp_status past_run_read_target_end(struct reading *reading);
enum hp_status past_run_read_difference(struct reading *reading);
enum hp_status past_run_read_parity(struct reading *reading);

#endif
