#include "suites/bench/contest.h"

#include <stdlib.h>

static int compare(const void *one, const void *other) {
    double a = *(const double *)one, b = *(const double *)other;
    return (a > b) - (a < b);
}

double median(double *values, size_t count) {
    qsort(values, count, sizeof *values, compare);
    return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

typedef double figure(const struct contest_round *round);

static double ratio_of(const struct contest_round *round) {
    return round->ours / round->theirs;
}

static double ours_of(const struct contest_round *round) {
    return round->ours;
}

static double theirs_of(const struct contest_round *round) {
    return round->theirs;
}

static double our_cpu_of(const struct contest_round *round) {
    return round->our_cpu_us;
}

static double their_cpu_of(const struct contest_round *round) {
    return round->their_cpu_us;
}

/* The values of all rounds, in order when the median is taken of them. */
static double median_of(const struct contest *contest, figure *of, double values[CONTEST_ROUNDS_MAX]) {
    for (unsigned i = 0; i < contest->count; i++) {
        values[i] = of(&contest->rounds[i]);
    }
    return median(values, contest->count);
}

double contest_ratio(const struct contest *contest) {
    double values[CONTEST_ROUNDS_MAX];
    return contest->count > 0 ? median_of(contest, ratio_of, values) : 0;
}

bool contest_holds(const struct contest *contest, double bound) {
    return contest->count > 0 && contest_ratio(contest) >= bound;
}

bool contest_write_head(struct text *text) {
    return text_addf(text, "%-9s %11s %9s %10s %12s  %-6s %-13s %11s %13s %6s\n", "operation", "connections",
                     "each run", "store tx/s", "pgbench tx/s", "ratio", "(range)", "store us/tx",
                     "pgbench us/tx", "rounds");
}

bool contest_write(struct text *text, const struct contest *contest, double bound) {
    double values[CONTEST_ROUNDS_MAX], other[CONTEST_ROUNDS_MAX];
    if (contest->count == 0) {
        return text_addf(text, "%-9s %11u  no round\n", contest->name, contest->connections);
    }
    double ratio = median_of(contest, ratio_of, values);
    text_addf(text, "%-9s %11u %9lld %10.0f %12.0f  %-6.3f %5.3f - %5.3f", contest->name,
              contest->connections, (long long)contest->operations, median_of(contest, ours_of, other),
              median_of(contest, theirs_of, other), ratio, values[0], values[contest->count - 1]);
    text_addf(text, " %11.1f", median_of(contest, our_cpu_of, other));
    return text_addf(text, " %13.1f %6u%s\n", median_of(contest, their_cpu_of, other), contest->count,
                     contest_holds(contest, bound) ? "" : "  TOO SLOW");
}
