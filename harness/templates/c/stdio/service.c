#include "service.h"

const char service_version[] = "0.1";

static const char *const kinds[] = {"clarification",      "confirmation", "critic_review", "checkpoint",
                                    "resource_exhausted", "timeout",      "system_error",  NULL};
static const char *const statuses[] = {"pending", "resolved", "expired", "cancelled", NULL};
static const char *const decisions[] = {"approve", "reject", "modify", NULL};

json_t *refuse(struct refusal *refusal, const char *name, const char *message) {
    *refusal = (struct refusal){.name = name, .message = message};
    return NULL;
}

static json_t *list_of(const char *const *words) {
    json_t *list = json_array();
    for (size_t i = 0; words[i]; i++) {
        json_array_append_new(list, json_string(words[i]));
    }
    return list;
}

static json_t *describe(const json_t *params, struct refusal *refusal) {
    (void)params;
    json_t *result = json_pack("{s:o, s:o, s:o}", "kinds", list_of(kinds), "statuses", list_of(statuses), "decisions",
                               list_of(decisions));
    return result ? result : refuse(refusal, "internal", "out of memory");
}

/* Add {"interrupt.create", "create", create} when create works. */
const struct method methods[] = {
    {"describe", "describe", describe},
    {NULL, NULL, NULL},
};

const char *const also[] = {NULL};
