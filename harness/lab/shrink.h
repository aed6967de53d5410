/* Makes a script smaller while it still shows what it showed, by trying smaller ones. To leave operations out of a recorded
 * history would be unsound: without them the others might have been answered otherwise. */
#ifndef HOLDPOINT_LAB_SHRINK_H
#define HOLDPOINT_LAB_SHRINK_H

#include "harness/lab/script.h"

/* How a script is tried. */
struct shrinking {
    /* True when the script shows it. After this has once set *over (out of time, or broken), nothing more is tried. */
    bool (*shows)(void *context, const struct script *script, bool *over);
    void *context;
};

/* Replaces the script, which shows it, by a smaller one that does too: fewer clients, acts, interrupts, then simpler ones.
 * In the end no single step makes it smaller still, unless it was over before. Every script that is tried can be decoded.
 * HP_INTERNAL without memory; *script is whole in every case. */
enum hp_status script_shrink(const struct shrinking *shrinking, struct script *script,
                             struct hp_problem *problem);

#endif
