#include "harness/case/parity.h"

#include "harness/base/value.h"
#include "harness/case/case.h"
#include "harness/case/normal.h"
#include "harness/case/outcome.h"
#include "harness/case/tree_difference.h"

#include <stdlib.h>
#include <string.h>

enum { SIDE_SHOWN_BYTES = 200 };

struct parity_side {
    char *exact, *loose; /* JSON text: an array of calls */
    bool has_clock;
};

/* Set-up and plays are the harness's own, and clocks are set as far as there are any. */
static bool is_compared(const struct test_case *test_case, const struct record *record) {
    if (record->step == RECORD_SETUP) {
        return false;
    }
    enum step_kind kind = test_case->steps[record->step].kind;
    return kind == STEP_CALL || kind == STEP_TWIN;
}

static json_t *make_call(struct normal *normal, const struct rig *rig, const struct record *record) {
    bool whole = !record->raw && record->whole_length <= PARAMS_KEPT_BYTES && rig->params.bytes;
    json_t *params =
        whole ? normal_params(normal, rig->params.bytes + record->begin, record->length) : json_null();
    json_t *call = params ? normal_answer(normal, record->method, params, &record->answer) : NULL;
    json_t *place = json_pack("{sisIsI}", "step", record->step, "time", (json_int_t)record->time, "times",
                              (json_int_t)record->times);
    bool done = call && place && json_object_set(call, "params", params) == 0 &&
                json_object_set_new(call, "method", json_string(record->method)) == 0 &&
                json_object_set(call, "at", place) == 0;
    json_decref(place);
    json_decref(params);
    if (!done) {
        json_decref(call);
        return NULL;
    }
    return call;
}

static char *make_text(const struct rig *rig, const struct test_case *test_case, bool loose) {
    struct normal normal;
    json_t *calls = json_array();
    bool done = normal_init(&normal, &rig->scope, loose) && calls;
    for (size_t i = 0; done && i < rig->record_count; i++) {
        const struct record *record = &rig->records[i];
        done = !is_compared(test_case, record) ||
               json_array_append_new(calls, make_call(&normal, rig, record)) == 0;
    }
    char *text = done ? value_dump(calls, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
    json_decref(calls);
    normal_release(&normal);
    return text;
}

struct parity_side *parity_side_new(const struct rig *rig, const struct test_case *test_case) {
    struct parity_side *side = malloc(sizeof *side);
    if (!side) {
        return NULL;
    }
    side->exact = make_text(rig, test_case, false);
    side->loose = make_text(rig, test_case, true);
    side->has_clock = rig->has_clock;
    if (!side->exact || !side->loose) {
        parity_side_free(side);
        return NULL;
    }
    return side;
}

void parity_side_free(struct parity_side *side) {
    if (side) {
        free(side->exact);
        free(side->loose);
        free(side);
    }
}

bool verdict_is_comparable(enum verdict verdict) {
    return verdict != VERDICT_UNSUPPORTED && verdict != VERDICT_ERRORED && verdict != VERDICT_NOT_RUN;
}

/* The name of the step in which a call was made. */
static char *name_step(const struct test_case *test_case, const json_t *call) {
    const json_t *place = json_object_get(call, "at");
    const struct record record = {.step = (int)json_integer_value(json_object_get(place, "step")),
                                  .time = (unsigned)json_integer_value(json_object_get(place, "time")),
                                  .times = (unsigned)json_integer_value(json_object_get(place, "times"))};
    return step_name(test_case, &record);
}

static enum hp_status note_difference(struct parity_case *pair, const json_t *one, const json_t *other) {
    struct tree_difference found = {0};
    const json_t *call = one ? one : other;
    enum hp_status status = tree_differ(one, other, &found) ? HP_OK : HP_INTERNAL;
    pair->state = PARITY_DIFFERS;
    pair->step = name_step(pair->test_case, call);
    pair->method = text_copy(json_string_value(json_object_get(call, "method")));
    pair->path = text_take(&found.path);
    pair->first = value_show(found.one, SIDE_SHOWN_BYTES);
    pair->other = value_show(found.other, SIDE_SHOWN_BYTES);
    return pair->step && pair->method && pair->path && pair->first && pair->other ? status : HP_INTERNAL;
}

/* Compares call by call, up to the first that differs. */
static enum hp_status compare_calls(struct parity_case *pair, const json_t *first, const json_t *other) {
    size_t count = json_array_size(first);
    count = count > json_array_size(other) ? count : json_array_size(other);
    for (size_t i = 0; i < count; i++) {
        const json_t *one = json_array_get(first, i), *two = json_array_get(other, i);
        struct tree_difference found = {0};
        bool differ = tree_differ(one, two, &found);
        text_release(&found.path);
        if (differ) {
            return note_difference(pair, one, two);
        }
    }
    return HP_OK;
}

static enum hp_status compare_sides(struct parity_case *pair, const struct parity_side *first,
                                    const struct parity_side *other, bool *loose) {
    if (!first || !other) {
        return HP_INTERNAL;
    }
    *loose = !first->has_clock || !other->has_clock;
    const char *one = *loose ? first->loose : first->exact, *two = *loose ? other->loose : other->exact;
    if (strcmp(one, two) == 0) {
        return HP_OK;
    }
    json_t *calls = json_loads(one, JSON_ALLOW_NUL, NULL), *others = json_loads(two, JSON_ALLOW_NUL, NULL);
    enum hp_status status = calls && others ? compare_calls(pair, calls, others) : HP_INTERNAL;
    json_decref(calls);
    json_decref(others);
    return status;
}

static enum hp_status compare_verdicts(struct parity_case *pair) {
    pair->state = PARITY_DIFFERS;
    pair->path = text_copy("");
    pair->first = text_copy(verdict_name(pair->first_verdict));
    pair->other = text_copy(verdict_name(pair->verdict));
    return pair->path && pair->first && pair->other ? HP_OK : HP_INTERNAL;
}

static enum hp_status compare_case(struct parity_target *target, struct parity_case *pair,
                                   const struct case_result *first, const struct case_result *other) {
    bool loose = false;
    enum hp_status status = HP_OK;
    *pair = (struct parity_case){
        .test_case = first->test_case, .first_verdict = first->verdict, .verdict = other->verdict};
    if (!verdict_is_comparable(first->verdict) || !verdict_is_comparable(other->verdict)) {
        pair->state = PARITY_LEFT_OUT;
        target->left_out[verdict_is_comparable(first->verdict) ? other->verdict : first->verdict]++;
        return HP_OK;
    }
    status = first->verdict == other->verdict ? compare_sides(pair, first->parity, other->parity, &loose)
                                              : compare_verdicts(pair);
    target->compared++;
    target->loose += loose;
    target->differ += pair->state == PARITY_DIFFERS;
    return status;
}

enum hp_status parity_compare(const struct case_result *first, const struct case_result *other, size_t count,
                              struct parity_target *target) {
    enum hp_status status = HP_OK;
    target->cases = calloc(count + 1, sizeof *target->cases);
    if (!target->cases) {
        return HP_INTERNAL;
    }
    for (size_t i = 0; i < count && status == HP_OK; i++) {
        target->case_count++;
        status = compare_case(target, &target->cases[i], &first[i], &other[i]);
    }
    return status;
}

void parity_target_release(struct parity_target *target) {
    for (size_t i = 0; i < target->case_count; i++) {
        free(target->cases[i].step);
        free(target->cases[i].method);
        free(target->cases[i].path);
        free(target->cases[i].first);
        free(target->cases[i].other);
    }
    free(target->cases);
    *target = (struct parity_target){0};
}

void parity_release(struct parity *parity) {
    for (size_t i = 0; i < parity->target_count; i++) {
        parity_target_release(&parity->targets[i]);
    }
    free(parity->targets);
    *parity = (struct parity){0};
}

size_t parity_count_differences(const struct parity *parity) {
    size_t differ = 0;
    for (size_t i = 0; i < parity->target_count; i++) {
        differ += parity->targets[i].differ;
    }
    return differ;
}

void parity_add_sum(struct text *out, const struct parity_target *target) {
    text_addf(out, "%zu cases compared, %zu differ", target->compared, target->differ);
    if (target->loose > 0) {
        text_addf(out, "; %zu without their times, since a target has no clock", target->loose);
    }
    size_t left_out = target->case_count - target->compared;
    const char *sign = ": ";
    if (left_out > 0) {
        text_addf(out, "; %zu not compared", left_out);
    }
    for (enum verdict verdict = 0; verdict < VERDICT_COUNT; verdict++) {
        if (target->left_out[verdict] > 0) {
            text_addf(out, "%s%zu %s on one side", sign, target->left_out[verdict], verdict_name(verdict));
            sign = ", ";
        }
    }
}
