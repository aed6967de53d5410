#include "harness/report/past_run_parts.h"

#include <stdlib.h>
#include <string.h>

enum { FORMAT_KNOWN = 1 };

size_t reading_count_lines(const struct past_run *run, const char *type) {
    size_t count = 0, at;
    json_t *line;
    json_array_foreach(run->lines, at, line) {
        const char *own = json_string_value(json_object_get(line, "type"));
        count += own && strcmp(own, type) == 0;
    }
    return count;
}

/* How many elements the arrays of that name have in all lines. */
static size_t count_elements(const struct past_run *run, const char *key) {
    size_t count = 0, at;
    json_t *line;
    json_array_foreach(run->lines, at, line) {
        count += json_array_size(json_object_get(line, key));
    }
    return count;
}

static bool allocate(struct past_run *run, size_t target_count, size_t selected) {
    run->targets = calloc(target_count + 1, sizeof *run->targets);
    run->cases = calloc(selected + 1, sizeof *run->cases);
    run->selected = calloc(selected + 1, sizeof *run->selected);
    run->steps = calloc(count_elements(run, "proves") + 1, sizeof *run->steps);
    run->exchanges = calloc(count_elements(run, "exchanges") + 1, sizeof *run->exchanges);
    run->suite.requirements =
        calloc(reading_count_lines(run, "requirement") + 1, sizeof *run->suite.requirements);
    run->parity.targets = calloc(reading_count_lines(run, "parity") + 1, sizeof *run->parity.targets);
    return run->targets && run->cases && run->selected && run->steps && run->exchanges &&
           run->suite.requirements && run->parity.targets;
}

static enum hp_status read_shard(struct reading *reading, struct shard *shard) {
    const json_t *value = json_object_get(reading->object, "shard");
    if (!value || json_is_null(value)) {
        return HP_OK;
    }
    size_t index = 0, count = 0;
    if (!reading_take_size(reading, value, "index", &index) ||
        !reading_take_size(reading, value, "count", &count)) {
        return reading_status(reading);
    }
    if (index < 1 || index > count || count > SHARDS_MAX) {
        return reading_fault(reading, "at /shard: there is no part %zu of %zu", index, count);
    }
    *shard = (struct shard){(unsigned)index, (unsigned)count};
    return HP_OK;
}

enum hp_status past_run_read_run(struct reading *reading) {
    struct past_run *run = reading->run;
    struct run_header *header = &run->header;
    const json_t *object = reading->object;
    int64_t format = 0, seed = 0;
    if (!reading_take_number(reading, object, "format", &format)) {
        return reading_status(reading);
    }
    if (format != FORMAT_KNOWN) {
        return reading_fault(reading, "at /format: this program reads format %d, not %lld", FORMAT_KNOWN,
                             (long long)format);
    }
    if (!reading_take_texts(reading, "targets", &run->target_names, &header->target_count) ||
        !reading_take_text(reading, object, "suite_digest", false, &header->suite_digest) ||
        !reading_take_number(reading, object, "seed", &seed) ||
        !reading_take_size(reading, object, "selected", &header->selected) ||
        !reading_take_text(reading, object, "command", false, &header->command) ||
        !reading_take_text(reading, object, "program", true, &header->program) ||
        !reading_take_text(reading, object, "verb", true, &header->verb) ||
        !reading_take_text(reading, object, "repeat", true, &header->repeat) ||
        read_shard(reading, &header->shard) != HP_OK) {
        return reading_status(reading);
    }
    if (header->selected > json_array_size(run->lines)) {
        return reading_fault_member(reading, object, "selected", "no more cases than the file has lines");
    }
    header->seed = (uint64_t)seed;
    header->targets = run->target_names;
    return allocate(run, header->target_count, header->selected) ? HP_OK
                                                                 : hp_problem_no_memory(reading->problem);
}

enum hp_status past_run_read_selection(struct reading *reading) {
    struct past_run *run = reading->run;
    if (run->selection) {
        return reading_fault(reading, "the selection stands there twice");
    }
    if (!reading_take_texts(reading, "ids", &run->selection, &run->header.selection_count)) {
        return reading_status(reading);
    }
    run->header.selection = run->selection;
    return HP_OK;
}

enum hp_status past_run_read_requirement(struct reading *reading) {
    struct suite *suite = &reading->run->suite;
    struct requirement *requirement = &suite->requirements[suite->requirement_count];
    const json_t *object = reading->object;
    if (reading->run->target_count > 0) {
        return reading_fault(reading, "a requirement stands behind a target");
    }
    if (!reading_take_text(reading, object, "id", false, &requirement->id) ||
        !reading_take_text(reading, object, "sentence", false, &requirement->sentence) ||
        !reading_take_text(reading, object, "source", true, &requirement->source) ||
        !reading_take_text(reading, object, "level", true, &requirement->level) ||
        !reading_take_text(reading, object, "excluded", true, &requirement->excluded)) {
        return reading_status(reading);
    }
    suite->requirement_count++;
    return HP_OK;
}

static int compare_requirements(const void *one, const void *other) {
    const struct requirement *const *first = one;
    const struct requirement *const *second = other;
    return strcmp((*first)->id, (*second)->id);
}

static bool sort_requirements(struct past_run *run) {
    size_t count = run->suite.requirement_count;
    run->store.requirements_by_id = calloc(count + 1, sizeof *run->store.requirements_by_id);
    if (!run->store.requirements_by_id) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        run->store.requirements_by_id[i] = &run->suite.requirements[i];
    }
    qsort(run->store.requirements_by_id, count, sizeof *run->store.requirements_by_id, compare_requirements);
    run->suite.store = &run->store;
    run->header.suite = count > 0 ? &run->suite : NULL;
    return true;
}

enum hp_status past_run_read_target(struct reading *reading) {
    struct past_run *run = reading->run;
    const json_t *object = reading->object;
    const char *name = NULL;
    int64_t endpoints = 0;
    if (reading->target || run->target_count == run->header.target_count) {
        return reading_fault(reading, "a target begins where none is expected");
    }
    if (run->target_count == 0 && !sort_requirements(run)) {
        return hp_problem_no_memory(reading->problem);
    }
    struct past_target *target = &run->targets[run->target_count++];
    struct target_summary *summary = &target->summary;
    target->results = calloc(run->header.selected + 1, sizeof *target->results);
    if (!target->results) {
        return hp_problem_no_memory(reading->problem);
    }
    if (!reading_take_text(reading, object, "target", false, &name) ||
        !reading_borrow(reading, object, "name", true, &target->hello.name) ||
        !reading_borrow(reading, object, "version", true, &target->hello.version) ||
        !reading_borrow(reading, object, "language", true, &target->hello.language) ||
        !reading_take_number(reading, object, "endpoints", &endpoints) ||
        !reading_take_text(reading, object, "down", true, &summary->down)) {
        return reading_status(reading);
    }
    if (strcmp(name, run->target_names[run->target_count - 1]) != 0) {
        return reading_fault_member(reading, object, "target", run->target_names[run->target_count - 1]);
    }
    target->hello.capabilities = json_object_get(object, "capabilities");
    target->hello.endpoints = (unsigned)endpoints;
    summary->target = name;
    summary->hello = target->hello.name ? &target->hello : NULL;
    summary->results = target->results;
    reading->target = target;
    return HP_OK;
}
