/* Plays a whole schedule on a target: the orders that are written down, all within a bound of preemptions, and some by
 * chance; each is reviewed. How exactly, depends on the target:
 *
 * - the reference in memory: by the calls of its store (struct gate);
 * - the reference on PostgreSQL: by the same, each of which is a statement, and with rows held;
 * - another service whose hello names its database, when rows are to be held: by whole operations, with rows held;
 * - any other: the sessions all at once, with small pauses from the seed, again and again.
 *
 * Threads: one schedule at a time on a target. */
#ifndef HOLDPOINT_LAB_SCHEDULE_RUN_H
#define HOLDPOINT_LAB_SCHEDULE_RUN_H

#include "harness/lab/review.h"
#include "harness/lab/schedule_file.h"

/* What came of it. Zeroed it is empty; release it with schedule_result_release. */
struct schedule_result {
    /* "exact, by the store's calls", "exact, by statement", "exact, by whole operations" or "seeded timing"; static */
    const char *how;
    size_t runs;
    size_t failed; /* how many of them came to a violation */
    /* Of those the three with the fewest preemptions, the fewest first: {"class": "order", "what": sentence, "preemptions",
     * "order": "a.answer b.answer", "shows": [lines]}; by seeded timing {"class", "what", "run"}. */
    json_t *violations;
    /* Of the orders that are written down: {"order", "expected": [lines], "shows": [lines]}, or with "what" in place of
     * "shows" when it could not be played to its end. Only of exact plays; an order that stops at points, or shows them, is not compared
     * where a target has none. */
    json_t *differences;
    struct finding
        finding; /* of the first violation, for an exhibit; its sentence is "" when there is none */
    struct performance performance; /* which that is about */
    bool unsendable; /* an act cannot be said to the target, which made the status HP_UNAVAILABLE */
};

/* crew->number is where the numbers of the runs begin, crew->start_us where the clock stands at the first of them; without a
 * reset each later one begins behind the one before. The schedule is borrowed by the result. *clock_us is where the clock
 * was left. HP_UNSUPPORTED when rows are to be held and the hello names no
 * database, or when there are fewer endpoints than sessions name; else the errors of schedule_play and crew_play, and
 * HP_UNAVAILABLE for an act without an answer. */
enum hp_status schedule_run(const struct crew *crew, const struct schedule *schedule,
                            struct schedule_result *result, int64_t *clock_us, struct hp_problem *problem);

void schedule_result_release(struct schedule_result *result);

#endif
