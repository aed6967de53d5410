#include "sample.h"
#define LEFT_ALONE(x) ((x) + 1)

/* Comments and directives are left alone: a < b. */
enum { SIZE = 64 };
static const char *const names[8] = {"a && b", "c"};

static enum status find(const struct list *list, int wanted, size_t *at) {
    struct text text = {0};
    size_t *first = at;
    assert(wanted >= 0);
    if (!list || (list->count == 0 && wanted)) {
        return HP_INVALID;
    }
    for (size_t i = 0; i < list->count; i++) {
        if (list->values[i] == wanted * 2) {
            *at = i;
            note(first, 'x');
            return HP_OK;
        }
    }
    while (more(list)) {
        continue;
    }
    switch (wanted) {
    case 3:
        list->hits += 1;
        break;
    default:
        (void)text;
    }
    return list->strict ? HP_NOT_FOUND : HP_OK;
}
