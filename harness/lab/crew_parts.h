/* Between crew.c and the files that it is made of. */
#ifndef HOLDPOINT_LAB_CREW_PARTS_H
#define HOLDPOINT_LAB_CREW_PARTS_H

#include "harness/lab/crew.h"

/* One client of a script, ready to act. */
struct runner {
    struct player player;
    const struct script_client *client;
    struct outcome *outcomes; /* of each of its acts */
    uint64_t random;
};

/* Carries out one act; false when its answer is lost: then the session is of no more use. */
bool runner_act(struct runner *runner, size_t act);

/* How the clients get to act: all of their acts, each client's in order. */
struct conduct {
    enum hp_status (*act)(struct conduct *conduct, struct runner *runners, size_t count,
                          struct hp_problem *problem);
};

/* crew_play with a conduct of one's own; in_turn of the crew is not looked at. */
enum hp_status crew_conduct(const struct crew *crew, const struct script *script, const char *folder,
                            struct conduct *conduct, struct performance *performance,
                            struct hp_problem *problem);

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
