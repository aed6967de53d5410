/* The parts of suite_load: private to load.c, requirement.c, load_case.c, load_step.c, load_lint.c,
 * twin.c. */
#ifndef HOLDPOINT_CASE_LOAD_PARTS_H
#define HOLDPOINT_CASE_LOAD_PARTS_H

#include "harness/base/document.h"
#include "harness/base/place.h"
#include "harness/case/case.h"
#include "harness/case/operand.h"
#include "harness/case/scope.h"

enum { NEEDS_MAX = 24, CHAPTER_COUNT = 16 };

/* What the rows of one case share, as the case stands in its file. */
struct case_body {
    struct case_body *next;
    struct step *steps;
    size_t step_count;
    const char *needs[NEEDS_MAX];
    size_t need_count;
    unsigned endpoints;
    int64_t start_us;
    bool fixed, wall_clock;
};

struct suite_store {
    struct document *documents; /* their texts are dropped once the suite is loaded */
    size_t document_count;
    struct case_body *bodies;
    const struct requirement **requirements_by_id;
    const struct test_case **cases_by_id;
    size_t case_room;
};

/* One case while it is read. Faults go to the problem with a JSON Pointer in its field; the caller adds file
 * and line. */
struct case_loader {
    struct suite *suite;
    const json_t *source;
    const json_t *rows; /* NULL when it has none */
    struct case_body *body;
    struct surroundings surroundings;
    const char *names[SCOPE_BINDINGS_MAX];
    struct place place; /* "/cases/3" */
    struct hp_problem *problem;
};

/* Reads requirements.json into the suite; documents[0] is it. */
enum hp_status requirements_load(struct suite *suite, const struct document *document,
                                 struct hp_problem *problem);

/* Reads the case at an index of a checked file and appends it, once for each row, to the suite. */
enum hp_status case_load(struct suite *suite, const struct document *document, const char *chapter,
                         size_t index, size_t line, struct hp_problem *problem);

/* Reads all steps of the loader's case. */
enum hp_status steps_load(struct case_loader *loader);

/* Fills in a twin's args or raw from those of the step that it repeats. */
enum hp_status twin_load(struct case_loader *loader, const json_t *source, struct step *step,
                         const struct place *place);

/* What no schema can say of a whole case: refusals have twins, levels fit, creations keep apart, the clock
 * goes on. */
enum hp_status case_lint(struct case_loader *loader);

/* Adds a capability to the needs, once. */
void need_add(struct case_body *body, const char *capability);

/* Frees a body and what its steps own. */
void case_body_free(struct case_body *body);

#endif
