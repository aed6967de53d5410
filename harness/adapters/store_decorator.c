#include "harness/adapters/store_decorator.h"

#include <stddef.h>

struct hp_store *store_decorate(struct hp_store *inner, const struct store_decorator *decorator) {
    while (inner && decorator) {
        inner = decorator->wrap(inner, decorator->context);
        decorator = decorator->outer;
    }
    return inner;
}
