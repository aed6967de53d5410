/* What names stand for while a case runs: bound values, the run's suffix, the start, the case's own
 * interrupts. */
#ifndef HOLDPOINT_CASE_SCOPE_H
#define HOLDPOINT_CASE_SCOPE_H

#include "reference/base/status.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SCOPE_BINDINGS_MAX = 64, SCOPE_RUN_SIZE = 9 };

/* A name and its value. */
struct binding {
    const char *name; /* borrowed */
    json_t *value;
};

/* One case under way. Zeroed it holds nothing; release with scope_release. One thread at a time. */
struct scope {
    struct binding bindings[SCOPE_BINDINGS_MAX];
    size_t binding_count;
    char run[SCOPE_RUN_SIZE]; /* what {run} becomes */
    size_t index;             /* what {index} becomes */
    int64_t start_us;         /* where the case begins on this target */
    int64_t cycles;           /* how many times 400 years it was moved by */
    json_t **own;             /* ids of interrupts that the case created */
    size_t own_count;
    size_t own_room;
};

/* Empties the scope for another case and keeps its memory. */
void scope_clear(struct scope *scope);
void scope_release(struct scope *scope);

/* Binds a name, taking a reference; an older value of it is dropped. False when there are too many names. A
 * value of the suite, which all threads share, must be copied before: its count would be touched. */
bool scope_bind(struct scope *scope, const char *name, json_t *value);

bool scope_has(const struct scope *scope, const char *name);

/* Notes the id of an interrupt of this case, taking a reference. False when memory runs out. */
bool scope_add_own(struct scope *scope, json_t *id);
bool scope_owns(const struct scope *scope, const json_t *id);

/* "$name" or "$name/pointer" in a template. The texts are borrowed from it; a zeroed one is none. */
struct reference {
    const char *name;
    size_t name_length;
    const char *pointer; /* "" for the whole value */
};

/* Reads "$name/pointer". False when the text is no reference. */
bool reference_read(const char *text, size_t length_bytes, struct reference *reference);

/* The value that it stands for, borrowed; NULL when nothing is bound or the pointer leads nowhere. */
const json_t *scope_resolve(const struct scope *scope, const struct reference *reference);

#endif
