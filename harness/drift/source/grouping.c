#include "harness/drift/source/grouping.h"

#include <stdlib.h>
#include <string.h>

static bool begin(struct grouping *grouping) {
    size_t count = grouping->facts->count + 1;
    grouping->done = calloc(count, sizeof *grouping->done);
    grouping->members = calloc(count, sizeof *grouping->members);
    grouping->failed = !grouping->done || !grouping->members;
    return !grouping->failed;
}

static bool belongs(const struct fact *first, const struct fact *fact) {
    if (fact->type != first->type || !first->of != !fact->of) {
        return false;
    }
    return first->of ? strcmp(first->of, fact->of) == 0 : first->from == fact->from;
}

bool grouping_next(struct grouping *grouping) {
    const struct facts *facts = grouping->facts;
    if (!grouping->done && !begin(grouping)) {
        return false;
    }
    while (grouping->next < facts->count &&
           (facts->items[grouping->next].type != grouping->type || grouping->done[grouping->next])) {
        grouping->next++;
    }
    grouping->count = 0;
    if (grouping->next == facts->count) {
        return false;
    }
    const struct fact *first = &facts->items[grouping->next];
    for (size_t i = grouping->next; i < facts->count; i++) {
        if (!first->of && facts->items[i].from > first->from) {
            break; /* facts stand in the order of their begins */
        }
        if (!grouping->done[i] && belongs(first, &facts->items[i])) {
            grouping->done[i] = true;
            grouping->members[grouping->count++] = &facts->items[i];
        }
    }
    return true;
}

void grouping_release(struct grouping *grouping) {
    free(grouping->done);
    free(grouping->members);
    *grouping = (struct grouping){0};
}
