/* The outcomes of an operation: success, and the seven errors of the contract, each with one name. */
#ifndef HOLDPOINT_BASE_STATUS_H
#define HOLDPOINT_BASE_STATUS_H

#include "reference/base/api.h"

#include <stdbool.h>

/* One row an outcome: constant, name on the wire, sentence. Every table about outcomes is made from this
 * list. */
#define HP_STATUS_LIST(X)                                                                                    \
    X(HP_OK, "ok", "the operation was carried out")                                                          \
    X(HP_INVALID, "invalid", "the request is not well formed or breaks a limit")                             \
    X(HP_NOT_FOUND, "not_found", "there is no such interrupt")                                               \
    X(HP_FORBIDDEN, "forbidden", "the interrupt belongs to another user")                                    \
    X(HP_CONFLICT, "conflict", "the interrupt is no longer pending")                                         \
    X(HP_UNAVAILABLE, "unavailable", "the store cannot be reached; try again")                               \
    X(HP_UNSUPPORTED, "unsupported", "the service does not offer this operation")                            \
    X(HP_INTERNAL, "internal", "the service failed by its own fault")

/* HP_OK (0) .. HP_INTERNAL. */
enum hp_status {
#define X(constant, name, sentence) constant,
    HP_STATUS_LIST(X)
#undef X
};

/* The name on the wire ("not_found"); static text, never NULL. */
HP_API const char *hp_status_name(enum hp_status status);

/* The sentence for a person; static text, never NULL. */
HP_API const char *hp_status_sentence(enum hp_status status);

/* Finds the error of that name. False, and *status untouched, when there is none; "ok" is no error. */
HP_API bool hp_status_from_name(const char *name, enum hp_status *status);

#endif
