#include "suites/chapters/schedule.h"

#include "harness/lab/schedule_run.h"
#include "harness/report/exhibit.h"

#include <inttypes.h>
#include <string.h>

static void add_lines(struct text *text, const json_t *lines) {
    size_t index;
    json_t *line;
    json_array_foreach((json_t *)lines, index, line) {
        text_addf(text, "  %s\n", json_string_value(line));
    }
}

/* An order with what came of it, as PostgreSQL's isolation tester prints it. */
static void add_transcript(struct text *text, const json_t *played) {
    const char *order = json_string_value(json_object_get(played, "order"));
    const json_t *expected = json_object_get(played, "expected");
    const char *what = json_string_value(json_object_get(played, "what"));
    if (order) {
        text_addf(text, "starting permutation: %s\n", order);
    }
    if (expected) {
        text_add(text, "expected\n");
        add_lines(text, expected);
        text_addf(text, "got%s%s\n", what ? " " : "", what ? what : "");
    }
    add_lines(text, json_object_get(played, "shows"));
}

/* The timeline knows clients by their numbers in the recording. */
static void add_note(struct text *note, const struct schedule_result *result, const struct schedule *schedule,
                     const char *name) {
    text_addf(note, "schedule %s, %s; %zu of %zu runs failed", name, result->how, result->failed,
              result->runs);
    for (size_t i = 0; i < schedule->script.client_count; i++) {
        const struct outcome *first = &result->performance.outcomes[i][0];
        if (first->end != ACT_SKIPPED) {
            text_addf(note, "; client %" PRIu32 " is %s", first->by, schedule->labels.actors[i]);
        }
    }
}

static void show(const struct play_stage *stage, const struct schedule_result *result,
                 const struct schedule *schedule, const char *name) {
    const json_t *violation = json_array_get(result->violations, 0);
    struct text note = {0};
    add_transcript(stage->exhibit, json_array_get(result->differences, 0));
    if (!violation) {
        return;
    }
    add_transcript(stage->exhibit, violation);
    add_note(&note, result, schedule, name);
    exhibit_add(stage->exhibit, &(struct exhibit){.performance = &result->performance,
                                                  .finding = &result->finding,
                                                  .title = stage->case_id,
                                                  .note = note.failed ? "" : note.bytes,
                                                  .folder = stage->evidence,
                                                  .name = stage->case_id});
    text_release(&note);
}

/* A target that cannot be set up as the schedule has it, or that takes another course each time, is none that it can be
 * played on. */
static enum play_end end_of(enum hp_status status, const struct schedule_result *come) {
    bool untestable = status == HP_UNSUPPORTED || status == HP_INVALID || status == HP_CONFLICT;
    if (status == HP_OK || untestable) {
        return status == HP_OK ? PLAY_DONE : PLAY_UNTESTABLE;
    }
    return come->unsendable ? PLAY_UNSUPPORTED : PLAY_BROKEN;
}

static enum play_end play(const struct play_stage *stage, const struct schedule *schedule, const char *name,
                          json_t **result, struct hp_problem *problem) {
    struct schedule_result come = {0};
    const struct crew crew = {.target = stage->target,
                              .hello = stage->hello,
                              .deadline_ms = stage->deadline_ms,
                              .seed = text_hash(stage->seed, name, strlen(name)),
                              .start_us = stage->start_us,
                              .reset = true};
    enum hp_status status = schedule_run(&crew, schedule, &come, stage->clock_us, problem);
    enum play_end end = end_of(status, &come);
    if (end == PLAY_DONE) {
        show(stage, &come, schedule, name);
        *result = json_pack("{s:s, s:I, s:I, s:O, s:O}", "how", come.how, "runs", (json_int_t)come.runs,
                            "failed", (json_int_t)come.failed, "violations", come.violations, "differences",
                            come.differences);
    }
    if (end == PLAY_DONE && !*result) {
        hp_problem_no_memory(problem);
        end = PLAY_BROKEN;
    }
    schedule_result_release(&come);
    return end;
}

enum play_end concurrency_schedule_play(const struct play_stage *stage, const json_t *args, json_t **result,
                                        struct hp_problem *problem) {
    const char *name = json_string_value(json_object_get(args, "schedule"));
    struct schedule schedule;
    if (!name) {
        hp_problem_set(problem, HP_INVALID, "/schedule",
                       "at /args/schedule of the play: expected the name of a file in schedules");
        return PLAY_BROKEN;
    }
    enum hp_status status = schedule_load(stage->fixtures, name, &schedule, problem);
    enum play_end end = status == HP_OK ? play(stage, &schedule, name, result, problem) : PLAY_BROKEN;
    schedule_release(&schedule);
    return end;
}

void chapter_schedule_register(void) {
    play_register("concurrency.schedule", concurrency_schedule_play);
}
