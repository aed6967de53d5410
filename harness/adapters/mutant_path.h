/* Paths of the fault language: JSON Pointers (RFC 6901) in which a part "*" stands for every element or
 * member. "@interrupts" at the begin stands for wherever an answer holds interrupts: /result/interrupt,
 * /result/interrupts and the data of /result/events. Private to the mutants. */
#ifndef HOLDPOINT_ADAPTERS_MUTANT_PATH_H
#define HOLDPOINT_ADAPTERS_MUTANT_PATH_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* A value and where it hangs. Borrowed from the tree, and good until the tree changes there. */
struct spot {
    json_t *parent;  /* NULL: the value is the root */
    const char *key; /* in an object */
    size_t index;    /* in an array */
    json_t *value;
};

/* Zeroed it is empty; release it with spots_release. */
struct spots {
    struct spot *items;
    size_t count;
    size_t room;
};

/* Appends every value that the path leads to, in the order of the tree; none is no error. False when memory
 * runs out. */
bool spots_find(json_t *root, const char *path, struct spots *spots);
void spots_release(struct spots *spots);

/* Puts a value, which it takes over, in the spot's place; takes the spot's value out. A root stays. Spots
 * behind it in the same array move, so several are taken out from the last on. False when memory runs out. */
bool spot_replace(const struct spot *spot, json_t *value_new);
void spot_remove(const struct spot *spot);

/* Sets what the path leads to, also a member that is not there yet, to copies of the value; where there is no
 * parent nothing is set. False when memory runs out. */
bool path_set(json_t *root, const char *path, const json_t *value);

#endif
