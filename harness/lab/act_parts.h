/* Between act.c and the files that it is made of. */
#ifndef HOLDPOINT_LAB_ACT_PARTS_H
#define HOLDPOINT_LAB_ACT_PARTS_H

#include "harness/lab/act.h"

/* Writes the params of a further page. */
bool act_add_page_params(struct text *params, const struct stage *stage, const struct act *act,
                         const char *cursor);

/* What a call may do and what its answer says, as the records of a recording: one for each interrupt that it concerns. */
struct call_record {
    struct recorded *records;
    char (*ids)[STAGE_ID_SIZE]; /* what their keys point to */
    size_t count, room;
    char user[STAGE_NAME_SIZE];
    bool failed; /* memory ran out */
};

/* Before the call: tells the recording what may happen. */
void call_record_begin(struct call_record *call_record, struct player *player, const struct act *act);

/* After it: tells the recording what was answered, and frees everything. */
void call_record_end(struct call_record *call_record, struct player *player, const struct act *act,
                     const struct outcome *outcome);

#endif
