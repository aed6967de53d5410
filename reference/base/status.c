#include "reference/base/status.h"

#include <stddef.h>
#include <string.h>

static const struct {
    const char *name;
    const char *sentence;
} statuses[] = {
#define X(constant, name, sentence) {name, sentence},
    HP_STATUS_LIST(X)
#undef X
};

static const size_t status_count = sizeof statuses / sizeof statuses[0];

const char *hp_status_name(enum hp_status status) {
    return (size_t)status < status_count ? statuses[status].name : "internal";
}

const char *hp_status_sentence(enum hp_status status) {
    return (size_t)status < status_count ? statuses[status].sentence : "an unknown status";
}

bool hp_status_from_name(const char *name, enum hp_status *status) {
    for (size_t i = 1; i < status_count; i++) {
        if (strcmp(statuses[i].name, name) == 0) {
            *status = (enum hp_status)i;
            return true;
        }
    }
    return false;
}
