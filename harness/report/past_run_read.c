#include "harness/report/past_run_parts.h"
#include "reference/base/json_reader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static enum hp_status add_line(struct reading *reading, const char *bytes, size_t length_bytes) {
    struct json_fault fault = {0};
    json_t *object = json_parse(bytes, length_bytes, &fault);
    if (!object) {
        return fault.no_memory
                   ? hp_problem_no_memory(reading->problem)
                   : reading_fault(reading, "column %zu: %s; a report holds one JSON object a line",
                                   fault.column, fault.expected);
    }
    if (!json_is_string(json_object_get(object, "type"))) {
        json_decref(object);
        return reading_fault(reading, "expected an object with a \"type\", as reports/README.md has it");
    }
    return json_array_append_new(reading->run->lines, object) == 0 ? HP_OK
                                                                   : hp_problem_no_memory(reading->problem);
}

static enum hp_status read_lines(struct reading *reading, FILE *file) {
    char *bytes = NULL;
    size_t room = 0, sum = 0;
    enum hp_status status = HP_OK;
    for (ssize_t length; status == HP_OK && (length = getline(&bytes, &room, file)) > 0;) {
        reading->line++;
        sum += (size_t)length;
        status = sum > PAST_RUN_CAP_BYTES ? reading_fault(reading, "a report is not that large")
                                          : add_line(reading, bytes, (size_t)length);
    }
    free(bytes);
    if (status == HP_OK && ferror(file)) {
        return hp_problem_set(reading->problem, HP_UNAVAILABLE, NULL, "%s: %s", reading->run->path,
                              strerror(errno));
    }
    return status;
}

static enum hp_status load(struct reading *reading) {
    struct past_run *run = reading->run;
    FILE *file = fopen(run->path, "rb");
    if (!file) {
        return hp_problem_set(reading->problem, HP_UNAVAILABLE, NULL, "%s: %s", run->path, strerror(errno));
    }
    run->lines = json_array();
    enum hp_status status = run->lines ? read_lines(reading, file) : hp_problem_no_memory(reading->problem);
    fclose(file);
    return status;
}

static enum hp_status read_end(struct reading *reading) {
    int64_t code = 0;
    if (!reading_take_number(reading, reading->object, "exit_code", &code)) {
        return reading_status(reading);
    }
    reading->run->exit_code = (int)code;
    reading->ended = true;
    return HP_OK;
}

static const struct {
    const char *type;
    enum hp_status (*read)(struct reading *reading);
} rows[] = {
    {"run", past_run_read_run},
    {"selection", past_run_read_selection},
    {"requirement", past_run_read_requirement},
    {"target", past_run_read_target},
    {"case", past_run_read_case},
    {"target_end", past_run_read_target_end},
    {"parity_difference", past_run_read_difference},
    {"parity", past_run_read_parity},
    {"end", read_end},
};

/* Lines of other types may be added one day, and are passed over. */
static enum hp_status read_line(struct reading *reading) {
    const char *type = json_string_value(json_object_get(reading->object, "type"));
    bool is_run = strcmp(type, "run") == 0;
    if (is_run != (reading->line == 1) || reading->ended) {
        return reading_fault(reading, "a line of the type \"%s\" stands %s", type,
                             reading->ended ? "behind the end"
                             : is_run       ? "where the run has begun already"
                                            : "where the run is expected");
    }
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(rows[i].type, type) == 0) {
            return rows[i].read(reading);
        }
    }
    return HP_OK;
}

/* A run that was killed leaves a report that ends early; nothing may be concluded from it. */
static enum hp_status check_whole(struct reading *reading) {
    const struct past_run *run = reading->run;
    const struct run_header *header = &run->header;
    if (!reading->ended || reading->ended_targets != header->target_count) {
        return reading_fault(reading, "the report ends here, without %s: the run was cut off",
                             reading->ended ? "all of its targets" : "its end");
    }
    if (reading->has_differences) {
        return reading_fault(reading, "the differences in parity have no sum");
    }
    if ((header->shard.count > 0) != (run->selection != NULL)) {
        return reading_fault(reading, "a part of a run has a selection, and a whole one has none");
    }
    return HP_OK;
}

enum hp_status past_run_read(const char *path, struct past_run *run, struct hp_problem *problem) {
    struct reading reading = {.run = run, .problem = problem};
    *run = (struct past_run){.path = path};
    enum hp_status status = load(&reading);
    size_t count = json_array_size(run->lines);
    if (status == HP_OK && count == 0) {
        status = hp_problem_set(problem, HP_INVALID, NULL, "%s: the file is empty", path);
    }
    for (size_t i = 0; status == HP_OK && i < count; i++) {
        reading.line = i + 1;
        reading.object = json_array_get(run->lines, i);
        status = read_line(&reading);
    }
    run->header.cases = run->selected;
    return status == HP_OK ? check_whole(&reading) : status;
}

void past_run_release(struct past_run *run) {
    for (size_t i = 0; run->targets && i < run->target_count; i++) {
        free(run->targets[i].results);
        free(run->targets[i].problems);
    }
    /* The targets of the parity stand at the begin; one may have cases although its sum never came. */
    size_t compared = run->lines ? reading_count_lines(run, "parity") : run->parity.target_count;
    for (size_t i = 0; run->parity.targets && i < compared; i++) {
        free(run->parity.targets[i].cases);
    }
    free(run->parity.targets);
    free(run->targets);
    free(run->target_names);
    free(run->selection);
    free(run->exchanges);
    free(run->steps);
    free(run->selected);
    free(run->cases);
    free(run->command);
    free(run->store.requirements_by_id);
    free(run->suite.requirements);
    json_decref(run->lines);
    *run = (struct past_run){0};
}
