#include "reference/store/ordered.h"
#include "reference/base/text.h"

#include <stdlib.h>
#include <string.h>

void ordered_init(struct ordered *list, bool descending) {
    *list = (struct ordered){.descending = descending};
}

/* One level more for each pair of zero bits: a quarter of the nodes of one level stand on the next. */
static unsigned levels_of(const char *id) {
    uint64_t hash = text_hash(TEXT_HASH_START, id, strlen(id));
    hash = (hash ^ hash >> 32) * UINT64_C(0x9E3779B97F4A7C15) >> 24;
    unsigned levels = 1;
    while (levels < ORDERED_LEVELS && (hash & 3) == 0) {
        levels++;
        hash >>= 2;
    }
    return levels;
}

struct ordered_node *ordered_node_new(const char *id, void *payload) {
    unsigned levels = levels_of(id);
    struct ordered_node *node = calloc(1, sizeof *node + levels * sizeof(struct ordered_node *));
    if (node) {
        node->id = id;
        node->payload = payload;
        node->levels = levels;
    }
    return node;
}

/* True when `left` stands before `right`. */
static bool is_before(const struct ordered *list, const struct ordered_node *left,
                      const struct ordered_node *right) {
    if (left->time_us != right->time_us) {
        return (left->time_us < right->time_us) != list->descending;
    }
    return (strcmp(left->id, right->id) < 0) != list->descending && left != right;
}

/* For every level the link that leads to the first node that does not stand before `node`. */
static void find_links(struct ordered *list, const struct ordered_node *node,
                       struct ordered_node **links[ORDERED_LEVELS]) {
    struct ordered_node **from = list->head;
    for (size_t level = ORDERED_LEVELS; level-- > 0;) {
        while (from[level] && is_before(list, from[level], node)) {
            from = from[level]->next;
        }
        links[level] = &from[level];
    }
}

void ordered_insert(struct ordered *list, struct ordered_node *node) {
    struct ordered_node **links[ORDERED_LEVELS];
    find_links(list, node, links);
    for (size_t level = 0; level < node->levels; level++) {
        node->next[level] = *links[level];
        *links[level] = node;
    }
    list->count++;
}

void ordered_remove(struct ordered *list, struct ordered_node *node) {
    struct ordered_node **links[ORDERED_LEVELS];
    find_links(list, node, links);
    for (size_t level = 0; level < node->levels; level++) {
        *links[level] = node->next[level];
    }
    list->count--;
}

struct ordered_node *ordered_first(const struct ordered *list) {
    return list->head[0];
}
