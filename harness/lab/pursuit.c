#include "harness/lab/pursuit.h"

#include "harness/lab/shrink.h"

/* Of a script played in turn: as often as it takes to see that it is no chance. */
enum { PLAYS_IN_TURN = 2, ROUNDS_MAX = 100000, ROUNDS_MIN = 10 };
/* The natural logarithm of a million, twice: the rate may be half of what was measured. */
enum { LOG_MILLION_TWICE = 28 };

/* Plays a script once. */
static enum hp_status play_once(struct pursuit *pursuit, const struct script *script, struct attempt *attempt,
                                bool *shown, struct hp_problem *problem) {
    const struct choices *choices = pursuit->choices.count > 0 ? &pursuit->choices : NULL;
    enum hp_status status = attempt_make(pursuit->arena, script, pursuit->way, choices, attempt, problem);
    *shown = status == HP_OK && review_find(&attempt->review, pursuit->class) != NULL;
    return status;
}

static bool is_late(const struct pursuit *pursuit) {
    return recorder_now_ns() >= pursuit->until_ns;
}

enum hp_status pursuit_measure(struct pursuit *pursuit, unsigned plays_max, unsigned returns_enough,
                               struct hp_problem *problem) {
    struct recurrence *recurrence = &pursuit->recurrence;
    enum hp_status status = HP_OK;
    *recurrence = (struct recurrence){0};
    while (status == HP_OK && recurrence->plays < plays_max && recurrence->returns < returns_enough &&
           (recurrence->plays == 0 || !is_late(pursuit))) {
        struct attempt attempt;
        bool shown;
        status = play_once(pursuit, &pursuit->script, &attempt, &shown, problem);
        recurrence->plays++;
        recurrence->returns += shown;
        if (shown) {
            attempt_release(&pursuit->last);
            pursuit->last = attempt;
        } else {
            attempt_release(&attempt);
        }
    }
    return status;
}

/* In turn all plays must show it; at once some of many. */
static bool shows(void *context, const struct script *script, bool *over) {
    struct pursuit *pursuit = context;
    bool in_turn = script_way(script, pursuit->way) == WAY_IN_TURN;
    unsigned plays = in_turn ? PLAYS_IN_TURN : PURSUIT_PLAYS;
    unsigned wanted = in_turn ? PLAYS_IN_TURN : PURSUIT_RETURNS;
    unsigned returns = 0;
    struct hp_problem problem = {0};
    for (unsigned i = 0; i < plays && returns < wanted; i++) {
        struct attempt attempt;
        bool shown;
        if (is_late(pursuit)) {
            *over = pursuit->out_of_time = true;
            return false;
        }
        if (play_once(pursuit, script, &attempt, &shown, &problem) != HP_OK) {
            attempt_release(&attempt);
            *over = true;
            return false;
        }
        attempt_release(&attempt);
        returns += shown;
        if (in_turn && !shown) {
            break;
        }
    }
    pursuit->tries++;
    return returns >= wanted;
}

enum hp_status pursuit_shrink(struct pursuit *pursuit, struct hp_problem *problem) {
    const struct shrinking shrinking = {shows, pursuit};
    attempt_release(&pursuit->last); /* it borrows the script */
    return script_shrink(&shrinking, &pursuit->script, problem);
}

enum hp_status pursuit_fix_turns(struct pursuit *pursuit, struct hp_problem *problem) {
    if (script_way(&pursuit->script, pursuit->way) != WAY_BY_TURNS) {
        return HP_OK;
    }
    enum hp_status status = pursuit_measure(pursuit, PURSUIT_PLAYS, 1, problem);
    bool whole = true;
    for (size_t i = 0; status == HP_OK && whole && i < pursuit->last.choices.count; i++) {
        whole = choices_add(&pursuit->choices, pursuit->last.choices.turns[i]);
    }
    return whole ? status : hp_problem_no_memory(problem);
}

void pursuit_release(struct pursuit *pursuit) {
    attempt_release(&pursuit->last);
    choices_release(&pursuit->choices);
    script_release(&pursuit->script);
}

unsigned recurrence_rounds(const struct recurrence *recurrence, enum way way) {
    if (way == WAY_IN_TURN && recurrence->returns == recurrence->plays) {
        return 1;
    }
    uint64_t returns = recurrence->returns > 0 ? recurrence->returns : 1;
    uint64_t rounds = (LOG_MILLION_TWICE * (uint64_t)recurrence->plays + returns - 1) / returns;
    return rounds > ROUNDS_MAX ? ROUNDS_MAX : rounds < ROUNDS_MIN ? ROUNDS_MIN : (unsigned)rounds;
}
