#include "harness/report/past_run_parts.h"

#include <stdlib.h>
#include <string.h>

/* A case's proofs as steps that name one requirement each. */
static enum hp_status read_proofs(struct reading *reading, struct test_case *test_case) {
    struct past_run *run = reading->run;
    const json_t *proves = json_object_get(reading->object, "proves");
    test_case->steps = run->steps + reading->step_at;
    for (size_t i = 0; i < json_array_size(proves); i++) {
        const char *id = json_string_value(json_array_get(proves, i));
        const struct requirement *found = id && run->header.suite ? suite_requirement(&run->suite, id) : NULL;
        if (!found) {
            return reading_fault_member(reading, reading->object, "proves",
                                        "ids of requirements that stand above");
        }
        run->steps[reading->step_at++] = (struct step){.requirements = {found}, .requirement_count = 1};
        test_case->step_count++;
    }
    return HP_OK;
}

static enum hp_status read_test_case(struct reading *reading) {
    struct past_run *run = reading->run;
    const json_t *object = reading->object;
    struct test_case *test_case = &run->cases[run->case_count];
    if (!reading_borrow(reading, object, "id", false, &test_case->id) ||
        !reading_take_text(reading, object, "template", false, &test_case->template_id) ||
        !reading_take_text(reading, object, "chapter", false, &test_case->chapter) ||
        !reading_take_text(reading, object, "title", false, &test_case->title) ||
        !reading_take_text(reading, object, "level", false, &test_case->level) ||
        !reading_take_text(reading, object, "file", false, &test_case->file) ||
        !reading_take_size(reading, object, "line", &test_case->line)) {
        return reading_status(reading);
    }
    test_case->null_ok = json_object_get(object, "null_ok");
    run->selected[run->case_count++] = test_case;
    return read_proofs(reading, test_case);
}

static enum hp_status read_exchanges(struct reading *reading, struct case_result *result) {
    const json_t *list = json_object_get(reading->object, "exchanges");
    size_t at;
    json_t *object;
    result->exchanges = reading->run->exchanges + reading->exchange_at;
    json_array_foreach((json_t *)list, at, object) {
        struct exchange *exchange = &result->exchanges[result->exchange_count++];
        reading->exchange_at++;
        if (!reading_borrow(reading, object, "step", true, &exchange->step) ||
            !reading_borrow(reading, object, "method", true, &exchange->method) ||
            !reading_borrow(reading, object, "params", true, &exchange->params) ||
            !reading_borrow(reading, object, "answer", true, &exchange->answer)) {
            return reading_status(reading);
        }
    }
    return HP_OK;
}

static enum hp_status read_outcome(struct reading *reading, struct case_result *result) {
    const json_t *object = reading->object;
    const json_t *broken = json_object_get(object, "requirements");
    const char *fingerprint = NULL;
    for (size_t i = 0; i < 2; i++) {
        result->requirements[i] = json_string_value(json_array_get(broken, i));
    }
    if (!reading_take_number(reading, object, "duration_us", &result->duration_us) ||
        !reading_borrow(reading, object, "step", true, &result->step) ||
        !reading_borrow(reading, object, "reason", true, &result->reason) ||
        !reading_borrow(reading, object, "path", true, &result->path) ||
        !reading_borrow(reading, object, "expected", true, &result->expected) ||
        !reading_borrow(reading, object, "got", true, &result->got) ||
        !reading_take_text(reading, object, "fingerprint", true, &fingerprint) ||
        !reading_borrow(reading, object, "reproduce", true, &result->reproduce) ||
        !reading_borrow(reading, object, "exhibit", true, &result->exhibit) ||
        !reading_borrow(reading, object, "log", true, &result->log) ||
        !reading_borrow(reading, object, "baseline", true, &result->baseline)) {
        return reading_status(reading);
    }
    text_put(result->fingerprint, sizeof result->fingerprint, fingerprint ? fingerprint : "");
    return read_exchanges(reading, result);
}

enum hp_status past_run_read_case(struct reading *reading) {
    struct past_run *run = reading->run;
    struct past_target *target = reading->target;
    const char *id = json_string_value(json_object_get(reading->object, "id"));
    if (!target || target->summary.result_count == run->header.selected) {
        return reading_fault(reading, "a case stands where none is expected");
    }
    size_t at = target->summary.result_count++;
    if (run->target_count == 1 && read_test_case(reading) != HP_OK) {
        return reading_status(reading);
    }
    if (at >= run->case_count || !id || strcmp(id, run->cases[at].id) != 0) {
        return reading_fault_member(reading, reading->object, "id",
                                    at < run->case_count ? run->cases[at].id : "a case of the first target");
    }
    struct case_result *result = &target->results[at];
    result->test_case = run->selected[at];
    if (reading_take_verdict(reading, "verdict", &result->verdict) != HP_OK) {
        return reading_status(reading);
    }
    tally_add(&target->summary.tally, result->verdict);
    return read_outcome(reading, result);
}

enum hp_status past_run_read_target_end(struct reading *reading) {
    struct past_target *target = reading->target;
    if (!target || target->summary.result_count != reading->run->header.selected) {
        return reading_fault(reading, "a target ends after %zu of %zu cases",
                             target ? target->summary.result_count : 0, reading->run->header.selected);
    }
    struct target_summary *summary = &target->summary;
    if (!reading_take_text(reading, reading->object, "down", true, &summary->down) ||
        !reading_take_number(reading, reading->object, "duration_us", &summary->duration_us) ||
        !reading_take_texts(reading, "baseline_problems", &target->problems,
                            &summary->baseline_problem_count)) {
        return reading_status(reading);
    }
    summary->baseline_problems = target->problems;
    reading->target = NULL;
    reading->ended_targets++;
    return HP_OK;
}
