/* The languages that source drift is seen in. */
#ifndef HOLDPOINT_DRIFT_SOURCE_LANGUAGE_H
#define HOLDPOINT_DRIFT_SOURCE_LANGUAGE_H

#include <stdbool.h>
#include <stddef.h>

enum language_id {
    LANGUAGE_PYTHON,
    LANGUAGE_GO,
    LANGUAGE_TYPESCRIPT,
    LANGUAGE_TSX, /* JavaScript too, which it contains */
    LANGUAGE_RUST,
    LANGUAGE_JAVA,
    LANGUAGE_C,
    LANGUAGE_COUNT
};

struct language {
    enum language_id id;
    const char *name;    /* "Python" */
    const char *grammar; /* "python" */
    const char *endings; /* ".py .pyi" */
    const char *patterns;
    const size_t *patterns_length_bytes;
};

extern const struct language languages[LANGUAGE_COUNT];

/* The language of a path by its ending; NULL when none is known. */
const struct language *language_of(const char *path);

/* The patterns of the languages, built in. */
extern const char python_patterns[], go_patterns[], typescript_patterns[], rust_patterns[], java_patterns[],
    c_patterns[];
extern const size_t python_patterns_length_bytes, go_patterns_length_bytes, typescript_patterns_length_bytes,
    rust_patterns_length_bytes, java_patterns_length_bytes, c_patterns_length_bytes;

#endif
