/* The matrix of mutants and cases: which case notices which fault. */
#ifndef HOLDPOINT_COMMANDS_MATRIX_H
#define HOLDPOINT_COMMANDS_MATRIX_H

#include "harness/adapters/mutants.h"
#include "harness/case/case.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MATRIX_DETAIL_SIZE = 512 };

/* What a case came to on a mutant, or on a target without one. */
enum mark {
    MARK_NONE, /* it was not run: the mutant is judged by others or out of its reach, or the target lacks what it needs */
    MARK_PASSED, /* it noticed nothing */
    MARK_FAILED, /* it failed, at a step that names other requirements than the broken one */
    MARK_TIED,   /* it failed at a step that names the broken requirement */
    MARK_BROKEN, /* it could not be set up, or the adapter broke: it proves nothing */
};

/* What became of a mutant. */
enum fate {
    FATE_KILLED,      /* by a case that is tied to its requirement */
    FATE_UNTIED,      /* only by cases that are not */
    FATE_SURVIVED,    /* by none */
    FATE_UNREACHABLE, /* not all cases that name its requirement were selected, or the target can run none */
    FATE_BROKEN,      /* the target could not be reached, or the harness broke */
};

/* One row. */
struct matrix_row {
    const struct mutant *mutant;   /* NULL: the target without one */
    const char *base;              /* the target by its name, "memory" */
    bool is_database;              /* of a row without one: it is there for mutants of the database */
    unsigned char *marks;          /* enum mark for each case of the matrix; owned */
    char down[MATRIX_DETAIL_SIZE]; /* why nothing could be run; "" */
    /* What the judge says. */
    enum fate fate;
    size_t failing;    /* cases that did not pass */
    size_t tied;       /* of these, tied ones that failed */
    bool catastrophic; /* fails so many that it counts for no case's kill */
};

/* Everything of one run. Release with matrix_release. */
struct matrix {
    const struct suite *suite;
    const struct mutants *mutants;
    const struct test_case *const *cases; /* the selected ones */
    size_t case_count;
    struct matrix_row *bases; /* the targets without a mutant */
    size_t base_count;
    struct matrix_row *rows;
    size_t row_count;
    bool all_mutants;     /* none was left out on demand, so every case must kill */
    size_t waiting_count; /* mutants that are judged by a chapter of which no case was selected */
    /* What the judge says of each case; owned. */
    size_t *kills;     /* mutants that do not fail too many, and that it fails on */
    char **complaints; /* sentences, each a reason for the exit code 1; owned */
    size_t complaint_count;
    int64_t duration_us;
    uint64_t seed;
    unsigned deadline_ms;
};

void matrix_release(struct matrix *matrix);

/* Static text: "killed", "survived", ... */
const char *fate_name(enum fate fate);

#endif
