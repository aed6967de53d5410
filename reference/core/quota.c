#include "reference/core/quota.h"

static const struct quota_words words[] = {
#define X(constant, used, most, type, standard, counter) {used, most, type, counter},
    QUOTA_LIST(X)
#undef X
};

const struct quota_words *quota_words(enum quota_resource resource) {
    return &words[resource];
}

struct quota_amounts quota_default(void) {
    return (struct quota_amounts){{
#define X(constant, used, most, type, standard, counter) [constant] = standard,
        QUOTA_LIST(X)
#undef X
    }};
}

void quota_add(struct quota_amounts *used, const struct quota_amounts *more) {
    for (int i = 0; i < QUOTA_COUNT; i++) {
        int64_t room = INT64_MAX - used->of[i];
        used->of[i] += more->of[i] < room ? more->of[i] : room;
    }
}

bool quota_crossed(const struct quota_amounts *used, const struct quota_amounts *most,
                   enum quota_resource *resource) {
    for (int i = 0; i < QUOTA_COUNT; i++) {
        if (used->of[i] > most->of[i]) {
            *resource = (enum quota_resource)i;
            return true;
        }
    }
    return false;
}
