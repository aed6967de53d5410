/* The course that a play by turns took: who went on, and how far. Of it a person is shown the order in words and what came
 * of each step, as PostgreSQL's isolation tester does:
 *
 *   starting permutation: a.answer:change b.answer a.answer
 *   a.answer:change
 *   b.answer: ok
 *   a.answer: conflict:resolved
 *
 * "a.answer" says that a goes on to the end of its step answer, "a.answer:change" only to the point "change" in it. A step
 * that is held up by another is marked <waiting>, and when it comes on, <goes on>.
 *
 * Threads: one at a time. */
#ifndef HOLDPOINT_LAB_COURSE_H
#define HOLDPOINT_LAB_COURSE_H

#include "harness/lab/crew.h"

enum move_end {
    MOVE_POINT, /* stands at a point within its act */
    MOVE_DONE,  /* its act is at its end */
    MOVE_WAITS, /* is held up */
};

/* One actor went on. Actors are the clients of a script and, numbered behind them, the holders of rows. */
struct move {
    size_t actor;
    size_t act; /* which of its acts that is about */
    enum move_end end;
    const char *point; /* MOVE_POINT: where; static */
    bool comes_on;     /* had been held up, and went on without a turn */
};

/* Zeroed it is empty; release it with course_release. */
struct course {
    struct move *moves;
    size_t count, room;
    unsigned
        preemptions; /* how often the turn went to another while one who could go on stood within its act */
};

/* False when memory runs out. */
bool course_add(struct course *course, const struct move *move);
void course_clear(struct course *course);
void course_release(struct course *course);

/* What actors and their acts are called; everything is borrowed. */
struct labels {
    const char *const *actors;
    const char *const *const *acts; /* [actor][act] */
};

/* Adds the order, "a.answer:change b.answer a.answer": played as a permutation it takes the same course. */
bool course_add_order(struct text *text, const struct course *course, const struct labels *labels);

/* What came of it as lines of text, in a JSON array without the order itself; NULL when memory runs out. The caller
 * drops it. */
json_t *course_lines(const struct course *course, const struct labels *labels,
                     const struct performance *performance);

#endif
