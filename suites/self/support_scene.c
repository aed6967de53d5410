#include "suites/self/support_scene.h"

#include <string.h>

/* One move of that actor, which has made `made` of its own by now. */
static bool move_on(const struct paper_actors *actors, struct course *course, size_t actor, unsigned made) {
    bool last = made == actors->moves[actor];
    const struct move move = {
        .actor = actor, .end = last ? MOVE_DONE : MOVE_POINT, .point = last ? NULL : "p"};
    return course_add(course, &move);
}

bool paper_play(struct paper_actors *actors, struct director *director, struct hp_problem *problem) {
    unsigned made[PAPER_ACTORS_MAX] = {0};
    bool ready[PAPER_ACTORS_MAX] = {false};
    size_t acts[PAPER_ACTORS_MAX] = {0}, last = SIZE_MAX, length = 0, left = 0;
    struct course course = {0};
    for (size_t i = 0; i < actors->count; i++) {
        left += actors->moves[i];
    }
    bool whole = true;
    for (; whole && left > 0; left--) {
        for (size_t i = 0; i < actors->count; i++) {
            ready[i] = made[i] < actors->moves[i];
            acts[i] = !ready[i];
        }
        bool inside = last != SIZE_MAX && made[last] > 0 && ready[last];
        const struct scene scene = {actors->count, ready, acts, &course, last, inside};
        size_t actor = director->choose(director, &scene, problem);
        whole = actor != TURN_NONE;
        if (whole) {
            course.preemptions += inside && actor != last;
            actors->played[length++] = (char)('a' + actor);
            whole = move_on(actors, &course, actor, ++made[actor]);
            last = actor;
        }
    }
    actors->played[length] = '\0';
    actors->preemptions = course.preemptions;
    course_release(&course);
    return whole;
}
