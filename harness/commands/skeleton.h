/* A working adapter to begin with, written from the templates that the program carries. */
#ifndef HOLDPOINT_COMMANDS_SKELETON_H
#define HOLDPOINT_COMMANDS_SKELETON_H

#include "reference/base/problem.h"
#include "reference/base/text.h"

#include <stdbool.h>

/* What is to be written. Everything is borrowed. */
struct skeleton {
    const char *language; /* "python", "node", "go" or "c" */
    bool http;            /* a server in place of an adapter over stdin and stdout */
    const char
        *folder; /* is made when it is not there, but not what it stands in; .git and the like may be in it */
};

/* Writes the files. HP_INVALID for a language that there is not, or not over HTTP, and for a folder that holds something or
 * cannot be one; HP_UNAVAILABLE when a file cannot be written. Then nothing of it is left behind. */
enum hp_status skeleton_write(const struct skeleton *skeleton, struct hp_problem *problem);

/* Adds what was written, and the commands that come next, of a skeleton that skeleton_write took. `program` is what the
 * commands begin with. */
void skeleton_add_next(struct text *out, const struct skeleton *skeleton, const char *program);

#endif
