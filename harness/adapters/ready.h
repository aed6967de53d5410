/* Answers that are there at once, for targets that need nobody else to answer. */
#ifndef HOLDPOINT_ADAPTERS_READY_H
#define HOLDPOINT_ADAPTERS_READY_H

#include "harness/adapters/adapter.h"

/* The answers of one session that nobody asked for yet. A zeroed list is empty. */
struct ready_list {
    struct ready *first;
    unsigned last_ticket;
};

/* Takes over the answer and names it by a ticket. When memory runs out the answer is released and the status
 * is HP_INTERNAL. */
enum hp_status ready_add(struct ready_list *list, struct answer *answer, unsigned *ticket,
                         struct hp_problem *problem);

/* Hands out the answer of that ticket; a ticket that was never given or was used already is ANSWER_BROKEN. */
enum poll_state ready_take(struct ready_list *list, unsigned ticket, struct answer *answer);

/* Throws away what nobody asked for. */
void ready_release(struct ready_list *list);

#endif
