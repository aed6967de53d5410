/* A crew plays a script on a target: it creates the seeds, lets all clients go at once, each in a thread with a session of
 * its own, and then reads everything once more and drains the events. What comes of it is a performance; whether it may be
 * is for harness/lab/review.h to say.
 *
 * Threads: one crew at a time on a target; it starts and joins its own. */
#ifndef HOLDPOINT_LAB_CREW_H
#define HOLDPOINT_LAB_CREW_H

#include "harness/lab/act.h"

/* How a script is to be played. Everything is borrowed. */
struct crew {
    struct target *target;
    const struct hello *hello;
    unsigned deadline_ms; /* for each call */
    uint64_t seed;        /* of the small pauses before acts, and of the names */
    unsigned number;      /* of this performance among those of one seed */
    int64_t start_us;     /* where the clock is set first; only with the capability clock */
    bool reset;           /* begins with a reset where the target can */
    bool in_turn;         /* one client after another, each to its end; for a crew of one and for repeating */
};

/* When the end of an interrupt was reached, on the clock of the history: not before, and not after. */
struct window {
    int64_t from_ns, until_ns; /* HISTORY_NEVER: it was not */
};

/* What came of it. Zeroed it is empty; release it with performance_release. */
struct performance {
    struct stage stage;
    struct outcome **outcomes; /* [client][act], as in the script */
    struct outcome *seeding;   /* of each seed's creation */
    struct outcome *closing;   /* of the last get of each slot */
    struct window *windows;    /* of each slot */
    struct history history;    /* grouped; whose creates have the windows' middles as their ends */
    bool has_events;           /* the target declares events, and drained_all */
    json_t *events; /* array: those about this script's interrupts, in the order in which they came */
    size_t lost;    /* acts without an answer */
    char lost_why[ADAPTER_DETAIL_SIZE]; /* of the first */
    bool unsendable;                    /* the first could not be said to the target */
    size_t overlaps; /* pairs of calls of different clients that overlapped on one interrupt, or one limit */
};

/* Plays the script, recording below the folder, which must exist and is left empty; NULL: in a fresh one below $TMPDIR, or where
 * that is not set below /dev/shm or /tmp.
 * HP_UNAVAILABLE when a session cannot be opened, a seed cannot be created or the closing reads have no answer,
 * HP_INVALID when the set-up is refused or the target lacks an endpoint, HP_INTERNAL without memory; *performance may be released in every case. */
enum hp_status crew_play(const struct crew *crew, const struct script *script, const char *folder,
                         struct performance *performance, struct hp_problem *problem);

void performance_release(struct performance *performance);

/* How far the end of that slot's interrupt may be from the middle of its window, for the checker. */
int64_t performance_clock_error_ns(const struct performance *performance, unsigned slot);

#endif
