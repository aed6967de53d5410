/* What is there after a crash, counted. */
#ifndef HOLDPOINT_CHAPTERS_AFTERMATH_H
#define HOLDPOINT_CHAPTERS_AFTERMATH_H

#include "harness/case/play.h"
#include "suites/chapters/crash.h"

struct aftermath {
    struct crash *crash; /* resumed */
    bool again;          /* the client repeats its call */
    const json_t *box;   /* what webhook.receive gave; NULL: there is no webhook */
    const struct play_stage *stage;
};

/* Repeats, delivers, reads and counts; *result is that of the play durability.crash (durability.h), owned by the caller. */
enum hp_status aftermath_count(const struct aftermath *aftermath, json_t **result,
                               struct hp_problem *problem);

#endif
