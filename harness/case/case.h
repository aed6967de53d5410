/* A case as loaded: immutable data, shared by every target of a run. */
#ifndef HOLDPOINT_CASE_CASE_H
#define HOLDPOINT_CASE_CASE_H

#include "reference/base/problem.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One statement of the contract. Texts are borrowed from the suite. */
struct requirement {
    const char *id; /* "REQ-RESPOND-2" */
    const char *sentence;
    const char *source;   /* "F4", "fact", "decided" */
    const char *level;    /* "MUST" or "SHOULD" */
    const char *excluded; /* why no case can prove it, and what does instead; NULL for all others */
};

struct template; /* args or raw, compiled; see expand.h */
struct matcher;  /* an expectation, compiled; see expectation.h */

/* A play is carried out by the harness itself; see play.h. */
enum step_kind { STEP_CALL, STEP_CLOCK, STEP_TWIN, STEP_PLAY };

enum { STEP_REQUIREMENTS_MAX = 2 };

/* One step. Texts and JSON are borrowed from the suite and never changed. */
struct step {
    enum step_kind kind;
    const char *name;           /* NULL when it has none */
    const char *method;         /* of a call or a play; of a twin: that of the step it repeats */
    json_t *args;               /* a template; of a twin: as changed; NULL when raw is given */
    const char *raw;            /* params as text, with {run} and {$name}; NULL when args is given */
    json_t *expect;             /* NULL when the step names no expectation */
    const char *refused;        /* the error's name; NULL for a step that must be accepted */
    const char *refused_status; /* interrupt_status that the refusal must carry, NULL when not compared */
    const char *refused_field;  /* field that the refusal must carry, NULL when not compared */
    const struct template
        *refused_hides; /* a list of texts that the refusal must not hold, nor a status; or NULL */
    json_t *bind;       /* object name -> JSON Pointer, or NULL */
    unsigned times;     /* at least 1 */
    unsigned endpoint;
    json_t *clock;                     /* of a clock step: seconds after start, or an instant's text */
    const struct template *params;     /* args or raw, ready to be written out; NULL for a clock step */
    const struct matcher *expectation; /* expect, ready to be matched; NULL when there is none */
    size_t twin_of;                    /* of a twin: the index of the refused step */
    const char *twin_pointer;          /* of a twin: what is changed in its args, NULL for raw */
    json_t *twin_value;                /* the new value; NULL: the member is removed */
    const struct requirement *requirements[STEP_REQUIREMENTS_MAX];
    size_t requirement_count;
    const char *note;
};

/* One case, or one row of one. */
struct test_case {
    char *id;                /* with the row's name: "kinds.create.each.timeout" */
    const char *template_id; /* without it; cases of one template count once */
    const char *chapter;
    const char *title;
    const char *why;           /* NULL when none */
    const char *level;         /* "MUST" or "SHOULD" */
    const char *file;          /* path of its file */
    size_t line;               /* where it begins there */
    json_t *row;               /* object of values bound before the first step, or NULL */
    json_t *null_ok;           /* object null name -> reason, or NULL */
    const char *kills_nothing; /* why no mutant makes it fail; NULL: one must */
    const char *const *needs;  /* capabilities: those that its steps imply and those that it names; sorted */
    size_t need_count;
    unsigned endpoints; /* how many its steps speak to; at least 1, 2 when it needs `endpoints` */
    int64_t start_us;
    bool fixed;      /* the calendar of start matters */
    bool wall_clock; /* its clock steps may wait in real time */
    const struct step *steps;
    size_t step_count;
};

/* All cases and requirements of a fixtures folder. */
struct suite {
    char *directory;
    char digest[65]; /* hex, over every file that was read */
    struct requirement *requirements;
    size_t requirement_count;
    struct test_case *cases; /* sorted by chapter in the order of the design, then file, then position */
    size_t case_count;
    size_t template_count;
    struct suite_store *store; /* what everything above is borrowed from; private to load.c */
};

/* Reads requirements.json and every cases/<chapter>/<name>.json below the directory. Refuses, naming file,
 * line and JSON path, what is not JSON, an unknown key, a wrong type, a duplicate id, an unbound name, an
 * unknown requirement or method, a refusal without a twin, a twin that changes nothing, an id of another
 * chapter, a creation whose ids lack {run}. The caller frees *suite. */
enum hp_status suite_load(const char *directory, struct suite **suite, struct hp_problem *problem);

/* Reads requirements.json below the directory and the cases of those files alone, wherever they lie. All cases of a file
 * are of one chapter, which their ids name. Errors as suite_load, HP_UNAVAILABLE for a file that cannot be read. */
enum hp_status suite_load_files(const char *directory, const char *const *paths, size_t path_count,
                                struct suite **suite, struct hp_problem *problem);
void suite_free(struct suite *suite); /* NULL is allowed */

/* The requirement or case of that id; NULL when there is none. */
const struct requirement *suite_requirement(const struct suite *suite, const char *id);
const struct test_case *suite_case(const struct suite *suite, const char *id);

#endif
