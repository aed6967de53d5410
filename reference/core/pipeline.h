/* A pipeline: its stages in order, and for each kind of interrupt the stage at which a flow goes on behind it. Both are
 * configuration, {"stages": [...], "routes": {kind: stage}}: no name of a stage stands in the code. What a stage does is scripted:
 * {stage: {"output": object, "fail": text}}. A pipeline does not change; it belongs to the thread that read it. */
#ifndef HOLDPOINT_CORE_PIPELINE_H
#define HOLDPOINT_CORE_PIPELINE_H

#include "reference/core/json.h"
#include "reference/core/kind.h"

struct pipeline;

/* The shipped one, reference/routes/default.json; carried inside by the Makefile. */
extern const char default_routes[];
extern const size_t default_routes_length_bytes;

/* Reads a pipeline. HP_INVALID, naming the member by its pointer behind `prefix`, for an unknown key or kind, a route to a
 * stage that there is not, a stage twice or without a name, and no stage at all. The caller frees *pipeline. */
enum hp_status pipeline_read(const json_t *value, const char *prefix, struct pipeline **pipeline,
                             struct hp_problem *problem);

/* pipeline_read of a text; NULL: of the shipped one. */
enum hp_status pipeline_read_text(const char *text, struct pipeline **pipeline, struct hp_problem *problem);

void pipeline_free(struct pipeline *pipeline); /* NULL is allowed */

/* The stage at which a flow goes on behind an interrupt of that kind; NULL: where it stands. */
const char *pipeline_route(const struct pipeline *pipeline, enum hp_kind kind);

/* HP_INVALID, naming the member behind `prefix`, unless these are effects of stages of the pipeline. NULL are none. */
enum hp_status effects_check(const json_t *effects, const struct pipeline *pipeline, const char *prefix,
                             struct hp_problem *problem);

/* How far to run. */
enum pipeline_reach {
    PIPELINE_ONE_STAGE,
    PIPELINE_TO_THE_END, /* the flow is completed behind the last stage */
};

/* Runs the flow from its current_stage on. Each execution appends {"stage", "at"} to processing_history, then the stage's effect
 * happens: its output becomes that of the stage in outputs, or the flow ends with the text as its termination_reason. It stops
 * earlier when the flow may not go on (envelope_can_continue). HP_CONFLICT for a current_stage that the pipeline lacks, HP_INTERNAL
 * without memory; the envelope is then of no use. */
enum hp_status pipeline_run(const struct pipeline *pipeline, const json_t *effects, json_t *envelope,
                            enum pipeline_reach reach, int64_t now_us, struct hp_problem *problem);

/* Whether the pipeline has a stage of that name. */
bool pipeline_has(const struct pipeline *pipeline, const char *stage);

#endif
