#include "reference/core/pipeline.h"
#include "reference/core/envelope.h"
#include "reference/core/member_path.h"

#include <stdlib.h>
#include <string.h>

enum { STAGES_MAX = 1000 };

struct pipeline {
    json_t *stages;                    /* a list of texts, of which the routes borrow */
    const char *routes[HP_KIND_COUNT]; /* NULL: none */
};

/* The place of a stage; -1 when there is none of that name. */
static int find(const struct pipeline *pipeline, const char *stage) {
    for (size_t i = 0; stage && i < json_array_size(pipeline->stages); i++) {
        if (strcmp(json_string_value(json_array_get(pipeline->stages, i)), stage) == 0) {
            return (int)i;
        }
    }
    return -1;
}

static enum hp_status refuse(const char *prefix, const char *key, const char *part, const char *why,
                             struct hp_problem *problem) {
    struct member_path pointer;
    member_path_init(&pointer, prefix);
    member_path_add(&pointer, key);
    if (part) {
        member_path_add(&pointer, part);
    }
    return hp_problem_set(problem, HP_INVALID, pointer.text, "%s", why);
}

static enum hp_status refuse_stage(const char *prefix, size_t index, const char *why,
                                   struct hp_problem *problem) {
    struct member_path pointer;
    member_path_init(&pointer, prefix);
    member_path_add(&pointer, "stages");
    member_path_add_index(&pointer, index);
    return hp_problem_set(problem, HP_INVALID, pointer.text, "%s", why);
}

static enum hp_status read_stages(const json_t *value, const char *prefix, struct pipeline *pipeline,
                                  struct hp_problem *problem) {
    const json_t *stages = json_object_get(value, "stages");
    size_t count = json_array_size(stages);
    if (count == 0 || count > STAGES_MAX) {
        return refuse(prefix, "stages", NULL, "stages must be a list of 1 to 1000 names", problem);
    }
    for (size_t i = 0; i < count; i++) {
        json_t *stage = json_array_get(stages, i);
        if (json_string_length(stage) == 0) {
            return refuse_stage(prefix, i, "a stage must be a text that is not empty", problem);
        }
        if (find(pipeline, json_string_value(stage)) >= 0) {
            return refuse_stage(prefix, i, "there is a stage of that name already", problem);
        }
        if (json_array_append(pipeline->stages, stage) != 0) {
            return hp_problem_no_memory(problem);
        }
    }
    return HP_OK;
}

static enum hp_status read_route(const char *key, const json_t *value, const char *prefix,
                                 struct pipeline *pipeline, struct hp_problem *problem) {
    enum hp_kind kind;
    int stage = find(pipeline, json_string_value(value));
    if (!hp_kind_from_name(key, &kind)) {
        return refuse(prefix, "routes", key, "there is no such kind", problem);
    }
    if (stage < 0) {
        return refuse(prefix, "routes", key, "the pipeline has no such stage", problem);
    }
    pipeline->routes[kind] = json_string_value(json_array_get(pipeline->stages, (size_t)stage));
    return HP_OK;
}

static enum hp_status read_routes(const json_t *value, const char *prefix, struct pipeline *pipeline,
                                  struct hp_problem *problem) {
    json_t *routes = json_object_get(value, "routes");
    enum hp_status status = HP_OK;
    if (routes && !json_is_object(routes)) {
        return refuse(prefix, "routes", NULL, "routes must be an object, from kinds to stages", problem);
    }
    for (void *at = json_object_iter(routes); status == HP_OK && at; at = json_object_iter_next(routes, at)) {
        status = read_route(json_object_iter_key(at), json_object_iter_value(at), prefix, pipeline, problem);
    }
    return status;
}

static enum hp_status check_keys(const json_t *value, const char *prefix, struct hp_problem *problem) {
    json_t *members = (json_t *)value; /* read only; jansson's iterators ask for one that may be changed */
    if (!json_is_object(value)) {
        return hp_problem_set(problem, HP_INVALID, prefix, "a pipeline must be an object");
    }
    for (void *at = json_object_iter(members); at; at = json_object_iter_next(members, at)) {
        const char *key = json_object_iter_key(at);
        if (strcmp(key, "stages") != 0 && strcmp(key, "routes") != 0) {
            return refuse(prefix, key, NULL, "a pipeline has stages and routes, and nothing else", problem);
        }
    }
    return HP_OK;
}

enum hp_status pipeline_read(const json_t *value, const char *prefix, struct pipeline **pipeline,
                             struct hp_problem *problem) {
    struct pipeline *read = calloc(1, sizeof *read);
    if (!read) {
        return hp_problem_no_memory(problem);
    }
    read->stages = json_array();
    enum hp_status status = read->stages ? check_keys(value, prefix, problem) : hp_problem_no_memory(problem);
    if (status == HP_OK) {
        status = read_stages(value, prefix, read, problem);
    }
    if (status == HP_OK) {
        status = read_routes(value, prefix, read, problem);
    }
    if (status != HP_OK) {
        pipeline_free(read);
        return status;
    }
    *pipeline = read;
    return HP_OK;
}

enum hp_status pipeline_read_text(const char *text, struct pipeline **pipeline, struct hp_problem *problem) {
    json_t *value = NULL;
    enum hp_status status = json_read(text ? text : default_routes,
                                      text ? strlen(text) : default_routes_length_bytes, &value, problem);
    if (status == HP_OK) {
        status = pipeline_read(value, "", pipeline, problem);
    }
    json_decref(value);
    return status;
}

void pipeline_free(struct pipeline *pipeline) {
    if (pipeline) {
        json_decref(pipeline->stages);
        free(pipeline);
    }
}

const char *pipeline_route(const struct pipeline *pipeline, enum hp_kind kind) {
    return pipeline->routes[kind];
}

bool pipeline_has(const struct pipeline *pipeline, const char *stage) {
    return find(pipeline, stage) >= 0;
}

static enum hp_status check_effect(const char *stage, const json_t *effect, const char *prefix,
                                   struct hp_problem *problem) {
    const json_t *output = json_object_get(effect, "output");
    const json_t *fail = json_object_get(effect, "fail");
    size_t known = (output ? 1u : 0u) + (fail ? 1u : 0u);
    struct member_path pointer;
    member_path_init(&pointer, prefix);
    member_path_add(&pointer, stage);
    if (!json_is_object(effect) || json_object_size(effect) != known || (output && !json_is_object(output)) ||
        (fail && !json_is_string(fail))) {
        return hp_problem_set(problem, HP_INVALID, pointer.text,
                              "an effect has output, an object, or fail, a text, and nothing else");
    }
    return json_check_depth(effect, pointer.text, problem);
}

enum hp_status effects_check(const json_t *effects, const struct pipeline *pipeline, const char *prefix,
                             struct hp_problem *problem) {
    json_t *members = (json_t *)effects; /* read only, as above */
    enum hp_status status = HP_OK;
    if (effects && !json_is_object(effects)) {
        return hp_problem_set(problem, HP_INVALID, prefix,
                              "effects must be an object, from stages to effects");
    }
    for (void *at = json_object_iter(members); status == HP_OK && at;
         at = json_object_iter_next(members, at)) {
        const char *stage = json_object_iter_key(at);
        status = pipeline_has(pipeline, stage)
                     ? check_effect(stage, json_object_iter_value(at), prefix, problem)
                     : refuse(prefix, stage, NULL, "the pipeline has no such stage", problem);
    }
    return status;
}

static enum hp_status put_output(json_t *envelope, const char *stage, json_t *output,
                                 struct hp_problem *problem) {
    json_t *outputs = json_copy_whole(json_object_get(envelope, "outputs"));
    if (json_object_set(outputs, stage, output) != 0) {
        json_decref(outputs);
        return hp_problem_no_memory(problem);
    }
    return envelope_put(envelope, "outputs", outputs, problem);
}

static enum hp_status fail(json_t *envelope, const char *stage, const char *why, int64_t now_us,
                           struct hp_problem *problem) {
    enum hp_status status =
        envelope_append(envelope, "errors", json_pack("{ss ss}", "stage", stage, "error", why), problem);
    return status == HP_OK ? envelope_terminate(envelope, "stage_failed", why, now_us, problem) : status;
}

static enum hp_status execute(json_t *envelope, const char *stage, const json_t *effect, int64_t now_us,
                              struct hp_problem *problem) {
    char at[HP_INSTANT_SIZE];
    json_t *output = json_object_get(effect, "output");
    const char *why = json_string_value(json_object_get(effect, "fail"));
    hp_instant_format(now_us, at);
    enum hp_status status = envelope_put(envelope, "current_stage", json_string(stage), problem);
    if (status == HP_OK) {
        status = envelope_append(envelope, "processing_history",
                                 json_pack("{ss ss}", "stage", stage, "at", at), problem);
    }
    if (status == HP_OK && output) {
        status = put_output(envelope, stage, output, problem);
    }
    return status == HP_OK && why ? fail(envelope, stage, why, now_us, problem) : status;
}

enum hp_status pipeline_run(const struct pipeline *pipeline, const json_t *effects, json_t *envelope,
                            enum pipeline_reach reach, int64_t now_us, struct hp_problem *problem) {
    int first = find(pipeline, envelope_text(envelope, "current_stage"));
    size_t count = json_array_size(pipeline->stages);
    enum hp_status status = HP_OK;
    if (first < 0) {
        return hp_problem_set(problem, HP_CONFLICT, NULL, "the pipeline has no stage like the current one");
    }
    size_t end = reach == PIPELINE_ONE_STAGE ? (size_t)first + 1 : count;
    size_t next = (size_t)first;
    for (; status == HP_OK && next < end && envelope_can_continue(envelope); next++) {
        const char *stage = json_string_value(json_array_get(pipeline->stages, next));
        status = execute(envelope, stage, json_object_get(effects, stage), now_us, problem);
    }
    bool done = reach == PIPELINE_TO_THE_END && next == count && !envelope_flag(envelope, "terminated");
    return status == HP_OK && done ? envelope_terminate(envelope, "completed", NULL, now_us, problem)
                                   : status;
}
