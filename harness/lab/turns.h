/* Threads of which one at a time goes on. Each waits for its turn, goes on until it gives the turn back, and waits again;
 * so whoever gives the turns decides the order of all that they do. One that is held up by others, by a lock in a
 * database, keeps its turn while they get theirs, and gives it back whenever it comes on.
 *
 * Threads: turns_self and turns_give_back are for the threads themselves, all others for the one that called turns_new. */
#ifndef HOLDPOINT_LAB_TURNS_H
#define HOLDPOINT_LAB_TURNS_H

#include "reference/base/problem.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct turns;

/* Starts the threads; each waits for its first turn, and then calls act with its number, 0 .. count - 1. HP_UNAVAILABLE
 * when one could not be started; then there are none, and *turns is NULL. The caller ends *turns. */
enum hp_status turns_new(size_t count, void (*act)(void *context, size_t number), void *context,
                         struct turns **turns, struct hp_problem *problem);

/* Gives one that waits for it the turn, and returns at once. */
void turns_give(struct turns *turns, size_t number);

/* Tells how many threads are held up now. */
struct watch {
    enum hp_status (*count)(struct watch *watch, int64_t *held_up, struct hp_problem *problem);
};

/* Waits until everybody gave the turn back or ended. With a watch also until as many are held up as have not: then they
 * are all out. HP_UNAVAILABLE after deadline_ms, or what the watch says. */
enum hp_status turns_wait(struct turns *turns, struct watch *watch, unsigned deadline_ms,
                          struct hp_problem *problem);

/* Whether it has the turn and has not given it back; whether its act has returned. To be asked after turns_wait. */
bool turns_is_out(const struct turns *turns, size_t number);
bool turns_is_done(const struct turns *turns, size_t number);

/* Says that there are no more turns, waits until all have ended, and frees everything. One that had no turn yet does not
 * act. Nothing may hold them up by now. NULL is allowed. */
void turns_end(struct turns *turns);

/* The number of the thread that asks; SIZE_MAX when it is none of these. */
size_t turns_self(const struct turns *turns);

/* Gives the turn back and waits for the next; false when there are no more. For threads of these turns. */
bool turns_give_back(struct turns *turns);

#endif
