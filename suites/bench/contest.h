/* Two that do the same work by turns: what each round came to, and who is how much faster in the middle. Pure. */
#ifndef HOLDPOINT_BENCH_CONTEST_H
#define HOLDPOINT_BENCH_CONTEST_H

#include "reference/base/text.h"

enum { CONTEST_ROUNDS_MAX = 99 };

/* One pair of runs. */
struct contest_round {
    double ours;         /* operations a second */
    double theirs;       /* the same, above 0 */
    double our_cpu_us;   /* of our process, for one operation */
    double their_cpu_us; /* of theirs */
};

/* The rounds of one discipline. Zeroed it is empty. */
struct contest {
    const char *name;
    unsigned connections;
    int64_t operations; /* in one run */
    unsigned count;
    struct contest_round rounds[CONTEST_ROUNDS_MAX];
};

/* The middle value, for an even count the mean of the two in the middle; reorders the values. count is above 0. */
double median(double *values, size_t count);

/* The median of the rounds' ratios, ours to theirs: the two runs of a pair stand next to each other, so what slows the
 * machine down for a while slows both. */
double contest_ratio(const struct contest *contest);

/* True when that is at least the bound; false without rounds. */
bool contest_holds(const struct contest *contest, double bound);

/* Adds the head of a table, and one line of it: medians of the absolute figures, the ratio with its range. */
bool contest_write_head(struct text *text);
bool contest_write(struct text *text, const struct contest *contest, double bound);

#endif
