/* Between crew.c and the files that it is made of. */
#ifndef HOLDPOINT_LAB_CREW_PARTS_H
#define HOLDPOINT_LAB_CREW_PARTS_H

#include "harness/lab/crew.h"

/* What happens before and after the clients, by one more client on endpoint 0. */
struct backstage {
    const struct crew *crew;
    struct performance *performance;
    struct player player;
};

/* Resets, sets the clock, and forgets the events of before. */
enum hp_status backstage_open(struct backstage *backstage, const struct crew *crew, struct recorder *recorder,
                              struct performance *performance, struct hp_problem *problem);

/* Creates the seeds. */
enum hp_status backstage_seed(struct backstage *backstage, struct hp_problem *problem);

/* Reads every interrupt once more, and drains the events. */
enum hp_status backstage_read(struct backstage *backstage, struct hp_problem *problem);

/* HP_UNAVAILABLE when its history could not be written. */
enum hp_status backstage_close(struct backstage *backstage, struct hp_problem *problem);

/* A folder to record in. */
struct notebook {
    char *folder;
    bool own; /* made by us, and removed again */
    struct recorder *recorder;
};

enum hp_status notebook_open(struct notebook *notebook, const char *folder, struct hp_problem *problem);

/* Removes what was recorded, and the folder if it is our own. */
void notebook_close(struct notebook *notebook);

/* What can be told when everybody is done: the windows, put into the history; lost acts; overlaps. */
void performance_complete(struct performance *performance);

#endif
