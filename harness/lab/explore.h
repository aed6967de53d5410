/* Scripts drawn by chance from a seed and played one after another on a target: run 0, run 1, ... Each run depends on the
 * seed and its number alone, so one of them can be made again by itself.
 *
 * Threads: as attempts. */
#ifndef HOLDPOINT_LAB_EXPLORE_H
#define HOLDPOINT_LAB_EXPLORE_H

#include "harness/lab/attempt.h"
#include "harness/lab/draw.h"

/* What is explored. Made by explore_init; owns nothing. */
struct explore {
    struct arena *arena;
    struct draw draw;
    bool has_points; /* so that clients can be let go by turns */
    uint64_t next;   /* the number of the next run */
};

/* What one run came to. Zeroed it is empty; release it with explored_release. Its attempt borrows its script, so it stays
 * where it is. */
struct explored {
    uint64_t number;
    struct script script;
    enum way way;
    struct attempt attempt;
    bool repeated;                            /* it was played twice, and must agree with itself */
    char disagreement[FINDING_SENTENCE_SIZE]; /* where it did not; "" */
};

/* What all runs came to. */
struct explore_tally {
    uint64_t runs, operations, overlaps, repeated;
    uint64_t by_clients[DRAW_CLIENTS_MAX + 1];
    uint64_t by_way[WAY_COUNT];
};

/* By what the target declares; at most so many clients, and one where it does not declare `concurrent`. */
void explore_init(struct explore *explore, struct arena *arena, unsigned clients);

/* Makes the next run. Five in a hundred of those in turn or by turns are made
 * twice; by the same turns. Errors as attempt_make; *run may be released in
 * every case. */
enum hp_status explore_next(struct explore *explore, struct explored *run, struct hp_problem *problem);
void explored_release(struct explored *run);

/* Counts a run. An operation is an act that was carried out, by the script's clients. */
void explore_count(struct explore_tally *tally, const struct explored *run);

#endif
