#include "harness/report/past_run_parts.h"

#include <stdlib.h>
#include <string.h>

/* The comparison that is read: the one behind those whose sums are known. Its cases come with the first line of it. */
static struct parity_target *current(struct reading *reading) {
    struct past_run *run = reading->run;
    struct parity_target *target = &run->parity.targets[run->parity.target_count];
    if (target->cases) {
        return target;
    }
    target->cases = calloc(run->case_count + 1, sizeof *target->cases);
    if (!target->cases) {
        hp_problem_no_memory(reading->problem);
        return NULL;
    }
    target->case_count = run->case_count;
    for (size_t i = 0; i < run->case_count; i++) {
        target->cases[i].test_case = run->selected[i];
    }
    return target;
}

static struct parity_case *find_pair(struct reading *reading, const char *id, size_t *hint) {
    struct parity_target *target = current(reading);
    if (!target) {
        return NULL;
    }
    *hint = past_run_find(reading->run, id, *hint);
    if (*hint == reading->run->case_count) {
        reading_fault(reading, "there is no case %s in this report", id);
        return NULL;
    }
    return &target->cases[*hint];
}

/* Difference by difference; the room for them was counted by the sums. */
static bool has_room(const struct reading *reading) {
    const struct past_run *run = reading->run;
    return run->parity.target_count < reading_count_lines(run, "parity");
}

enum hp_status past_run_read_difference(struct reading *reading) {
    const json_t *object = reading->object;
    const char *id = NULL;
    size_t hint = 0;
    if (!has_room(reading)) {
        return reading_fault(reading, "no sum of the parity follows this difference");
    }
    if (!reading_take_text(reading, object, "id", false, &id)) {
        return reading_status(reading);
    }
    struct parity_case *pair = find_pair(reading, id, &hint);
    if (!pair || reading_take_verdict(reading, "first_verdict", &pair->first_verdict) != HP_OK ||
        reading_take_verdict(reading, "verdict", &pair->verdict) != HP_OK ||
        !reading_borrow(reading, object, "step", true, &pair->step) ||
        !reading_borrow(reading, object, "method", true, &pair->method) ||
        !reading_borrow(reading, object, "path", true, &pair->path) ||
        !reading_borrow(reading, object, "first_value", true, &pair->first) ||
        !reading_borrow(reading, object, "value", true, &pair->other)) {
        return reading_status(reading);
    }
    pair->state = PARITY_DIFFERS;
    reading->has_differences = true;
    return HP_OK;
}

static enum hp_status read_left_out(struct reading *reading) {
    const char **ids = NULL;
    size_t count = 0, hint = 0;
    bool good = reading_take_texts(reading, "left_out", &ids, &count);
    for (size_t i = 0; good && i < count; i++) {
        struct parity_case *pair = find_pair(reading, ids[i], &hint);
        good = pair != NULL;
        if (good) {
            pair->state = PARITY_LEFT_OUT;
            hint++;
        }
    }
    free(ids);
    return reading_status(reading);
}

enum hp_status past_run_read_parity(struct reading *reading) {
    const json_t *object = reading->object;
    const json_t *left_out = json_object_get(object, "not_compared");
    struct parity_target *target = current(reading);
    if (!target || !reading_take_text(reading, object, "first", false, &target->first) ||
        !reading_take_text(reading, object, "target", false, &target->target) ||
        !reading_take_size(reading, object, "compared", &target->compared) ||
        !reading_take_size(reading, object, "without_times", &target->loose) ||
        !reading_take_size(reading, object, "differ", &target->differ) || read_left_out(reading) != HP_OK) {
        return reading_status(reading);
    }
    for (enum verdict verdict = 0; verdict < VERDICT_COUNT; verdict++) {
        target->left_out[verdict] =
            (size_t)json_integer_value(json_object_get(left_out, verdict_name(verdict)));
    }
    reading->run->parity.target_count++;
    reading->has_differences = false;
    return HP_OK;
}
