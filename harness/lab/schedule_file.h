/* A schedule as data: fixtures/schedules/NAME.json, by fixtures/schema/schedule.json. Sessions with named steps, holders of
 * rows, and the orders in which they are to be played.
 *
 * Threads: a schedule is data; any number may read it. */
#ifndef HOLDPOINT_LAB_SCHEDULE_FILE_H
#define HOLDPOINT_LAB_SCHEDULE_FILE_H

#include "harness/base/document.h"
#include "harness/lab/permutation.h"

/* An order that is written down, and the lines that must come of it. */
struct planned_order {
    const char *words;
    struct permutation permutation;
    const json_t *shows;
};

/* Zeroed it is empty; release it with schedule_release. Texts belong to the document. */
struct schedule {
    struct document document;
    struct script script; /* each session a client, in order */
    struct labels labels; /* of the sessions, then of the holders */
    size_t *act_counts;
    size_t actor_count;
    unsigned held[ROW_LOCKS_MAX]; /* the slots of the holders */
    size_t holder_count;
    struct planned_order *orders;
    size_t order_count;
    bool is_exhaustive;
    unsigned preemptions;  /* is_exhaustive: the bound */
    unsigned random_count; /* 0: none by chance */
};

/* Reads schedules/NAME.json below the folder of the fixtures. HP_INVALID for a name that is none; else as document_read and
 * document_check, and HP_INVALID with file, line and path for what a schema cannot say: a name that comes twice, a slot
 * that nothing fills, an order whose words name no steps. Release *schedule in every case. */
enum hp_status schedule_load(const char *fixtures, const char *name, struct schedule *schedule,
                             struct hp_problem *problem);

void schedule_release(struct schedule *schedule);

#endif
