/* A skip list (Pugh, 1990) of nodes that their owner holds, ordered by an instant and an id, ascending or
 * descending. Not safe for several threads by itself. */
#ifndef HOLDPOINT_STORE_ORDERED_H
#define HOLDPOINT_STORE_ORDERED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ORDERED_LEVELS = 12 };

/* One node, embedded or allocated by the owner with room for `levels` links (ordered_node_size). */
struct ordered_node {
    int64_t time_us;
    const char *id;  /* borrowed; must live as long as the node is linked */
    void *payload;   /* the owner's */
    unsigned levels; /* 1 .. ORDERED_LEVELS */
    struct ordered_node *next[];
};

struct ordered {
    bool descending;
    size_t count;
    struct ordered_node *head[ORDERED_LEVELS];
};

void ordered_init(struct ordered *list, bool descending);

/* A node that is linked nowhere, with as many levels as the id's hash says, so that no source of randomness
 * is needed. NULL when memory runs out. The caller frees it with free(), after ordered_remove. */
struct ordered_node *ordered_node_new(const char *id, void *payload);

/* Links a node at its time; no other of the list has the same time and id. */
void ordered_insert(struct ordered *list, struct ordered_node *node);

/* Unlinks a node of the list. */
void ordered_remove(struct ordered *list, struct ordered_node *node);

/* The first node; NULL when the list is empty. The one behind a node is node->next[0]. */
struct ordered_node *ordered_first(const struct ordered *list);

#endif
