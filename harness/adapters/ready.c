#include "harness/adapters/ready.h"

#include <stdlib.h>

struct ready {
    struct ready *next;
    unsigned ticket;
    struct answer answer;
};

enum hp_status ready_add(struct ready_list *list, struct answer *answer, unsigned *ticket,
                         struct hp_problem *problem) {
    struct ready *ready = calloc(1, sizeof *ready);
    if (!ready) {
        answer_release(answer);
        return hp_problem_no_memory(problem);
    }
    *ready = (struct ready){list->first, ++list->last_ticket, *answer};
    list->first = ready;
    *answer = (struct answer){0};
    *ticket = ready->ticket;
    return HP_OK;
}

enum poll_state ready_take(struct ready_list *list, unsigned ticket, struct answer *answer) {
    struct ready **at = &list->first;
    while (*at && (*at)->ticket != ticket) {
        at = &(*at)->next;
    }
    struct ready *ready = *at;
    if (!ready) {
        *answer = (struct answer){.kind = ANSWER_BROKEN};
        text_put(answer->detail, sizeof answer->detail, "harness: that call is not under way");
        return POLL_ANSWERED;
    }
    *at = ready->next;
    *answer = ready->answer;
    free(ready);
    return POLL_ANSWERED;
}

void ready_release(struct ready_list *list) {
    while (list->first) {
        struct ready *next = list->first->next;
        answer_release(&list->first->answer);
        free(list->first);
        list->first = next;
    }
}
