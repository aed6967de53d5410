#include "harness/doctor/parts.h"

#include "harness/base/method.h"
#include "harness/base/value.h"
#include "reference/base/instant.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { NANOSECONDS_PER_MICROSECOND = 1000 };

/* A plausible call of each method. $id stands for an interrupt that is pending, $now for the time; $later is a second
 * behind it, with an offset. Some methods have no reason to refuse one. */
static const struct sample {
    const char *capability;
    const char *method;
    const char *params;
    bool never_refused;
} samples[] = {
    {"reset", "reset", "{}", true},
    {"clock", "clock.set", "{\"now\":\"$now\"}", true},
    {"instants", "clock.set", "{\"now\":\"$later\"}", true},
    {"describe", "describe", "{}", true},
    {"create", "interrupt.create", NULL, false},
    {"get", "interrupt.get", "{\"id\":\"$id\"}", false},
    {"list", "interrupt.list", "{\"user_id\":\"doctor\",\"limit\":1}", false},
    {"pending_for_request", "interrupt.pending_for_request", "{\"request_id\":\"doctor\"}", false},
    {"respond", "interrupt.respond",
     "{\"id\":\"$id\",\"user_id\":\"doctor\",\"response\":{\"text\":\"Yes.\"}}", false},
    {"cancel", "interrupt.cancel", "{\"id\":\"$id\",\"user_id\":\"doctor\"}", false},
    {"expire_pending", "interrupt.expire_pending", "{}", false},
    {"events", "events.drain", "{}", false},
    {"envelope", "envelope.roundtrip", "{\"envelope\":{}}", false},
    {"flow", "flow.resume",
     "{\"envelope\":{\"user_id\":\"doctor\",\"interrupt\":{\"id\":\"$id\",\"kind\":\"clarification\"}},"
     "\"interrupt_id\":\"$id\",\"response\":{\"text\":\"Yes.\"}}",
     false},
    {"kernel", "kernel.submit", "{\"envelope\":{\"user_id\":\"doctor\"}}", false},
    {"ratelimit", "ratelimit.check",
     "{\"user_id\":\"doctor\",\"endpoint\":\"doctor\",\"request_id\":\"doctor\",\"session_id\":\"doctor\"}",
     false},
};

enum { SAMPLE_COUNT = sizeof samples / sizeof samples[0] };

bool examine_works(const struct exam *exam, const char *capability) {
    const struct check_row *row = checkup_row(exam->checkup, capability);
    return row && row->state == CHECK_OK;
}

static const struct sample *sample_of(const char *capability) {
    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        if (strcmp(samples[i].capability, capability) == 0) {
            return &samples[i];
        }
    }
    return NULL;
}

enum heard examine_create(struct exam *exam, unsigned endpoint, const char *data, char id[PARTS_ID_SIZE],
                          struct answer *answer, struct hp_problem *problem) {
    struct text params = {0};
    text_add(&params, "{\"kind\":\"clarification\",\"request_id\":\"doctor\",\"user_id\":\"doctor\","
                      "\"session_id\":\"doctor\",\"question\":\"Is anybody there?\",\"data\":");
    text_add(&params, data);
    text_add(&params, "}");
    id[0] = '\0';
    enum heard heard = HEARD_NOTHING;
    if (params.failed) {
        hp_problem_no_memory(problem);
    } else {
        const struct request request = {"interrupt.create", params.bytes, params.length_bytes, false};
        heard = exam_ask(exam, endpoint, &request, answer, problem);
    }
    text_release(&params);
    const char *made = heard == HEARD_ANSWER && answer->kind == ANSWER_RESULT
                           ? json_string_value(value_at(answer->result, "/interrupt/id"))
                           : NULL;
    if (made) {
        text_put(id, PARTS_ID_SIZE, made);
    }
    return heard;
}

static void add_instant(struct text *params, int64_t later_us, const char *zone) {
    struct timespec now = {0};
    char text[HP_INSTANT_SIZE];
    clock_gettime(CLOCK_REALTIME, &now);
    int64_t now_us = (int64_t)now.tv_sec * HP_SECOND_US + now.tv_nsec / NANOSECONDS_PER_MICROSECOND;
    hp_instant_format(now_us + later_us, text);
    text_append(params, text, HP_INSTANT_SIZE - 2);
    text_add(params, zone);
}

static void add_params(struct text *params, const char *sample, const char *id) {
    const char *at;
    while ((at = strchr(sample, '$'))) {
        text_append(params, sample, (size_t)(at - sample));
        if (strncmp(at, "$id", 3) == 0) {
            value_write_inner(params, id, strlen(id));
        } else if (strncmp(at, "$now", 4) == 0) {
            add_instant(params, 0, "Z");
        } else {
            add_instant(params, HP_SECOND_US, "+00:00");
        }
        sample = at + 1 + strspn(at + 1, "abcdefghijklmnopqrstuvwxyz");
    }
    text_add(params, sample);
}

/* Calls the method; for a call that needs an interrupt one is created first, where that is offered. */
static enum heard call_sample(struct exam *exam, const struct sample *sample, struct answer *answer,
                              struct hp_problem *problem) {
    char id[PARTS_ID_SIZE] = "";
    struct text params = {0};
    enum heard heard = HEARD_NOTHING;
    if (!sample->params) {
        return examine_create(exam, 0, "{}", id, answer, problem);
    }
    if (strstr(sample->params, "$id") && examine_works(exam, "create")) {
        heard = examine_create(exam, 0, "{}", id, answer, problem);
        answer_release(answer);
        if (heard != HEARD_ANSWER) {
            return heard;
        }
    }
    add_params(&params, sample->params, id[0] ? id : "no-such-id");
    const struct request request = {sample->method, params.bytes, params.length_bytes, false};
    heard = params.failed ? HEARD_NOTHING : exam_ask(exam, 0, &request, answer, problem);
    text_release(&params);
    return heard;
}

static void judge_refusal(struct exam *exam, const struct sample *sample, const struct answer *answer) {
    static const char *const helpless[] = {"unsupported", "unavailable", "internal"};
    bool fails = sample->never_refused;
    for (size_t i = 0; i < sizeof helpless / sizeof helpless[0]; i++) {
        fails = fails || strcmp(answer->error_name, helpless[i]) == 0;
    }
    if (fails) {
        checkup_fail(
            exam->checkup, sample->capability, "a method that works, since it is declared",
            strcmp(answer->error_name, "unsupported") == 0
                ? "Handle the method, or take its capability out of the hello: what is not declared is "
                  "unsupported and never failed."
                : "Look into its log; the cases of this capability will all fail as it is.",
            "It declares %s, but answers a call of %s with %s: %s.", sample->capability, sample->method,
            answer->error_name, answer->detail);
    } else {
        checkup_pass(exam->checkup, sample->capability, "it refuses a plausible call: %s: %.200s",
                     answer->error_name, answer->detail);
    }
}

static void examine_sample(struct exam *exam, const struct sample *sample) {
    struct answer answer = {0};
    struct hp_problem problem = {0};
    char doing[PARTS_DOING_SIZE];
    enum heard heard = call_sample(exam, sample, &answer, &problem);
    snprintf(doing, sizeof doing, "%s was called", sample->method);
    if (heard != HEARD_ANSWER) {
        exam->mute = heard == HEARD_NOTHING && exam->pulse == PULSE_NONE;
        exam_blame(exam, sample->capability, heard, &problem, doing,
                   "Answer every call, whatever happens in it: an error named internal for what goes wrong "
                   "inside; and see what its log says.");
    } else if (answer.kind == ANSWER_REFUSED) {
        judge_refusal(exam, sample, &answer);
    } else if (exam_goes_on(exam, sample->capability, doing)) {
        checkup_pass(exam->checkup, sample->capability, NULL);
    }
    answer_release(&answer);
}

static void examine_database(struct exam *exam) {
    if (exam->hello.database) {
        checkup_pass(exam->checkup, "database", NULL);
        return;
    }
    checkup_fail(exam->checkup, "database", "a hello that says where the database is",
                 "Add \"database\": {\"conninfo\": \"host=... dbname=...\"} to the hello's result, or do not "
                 "declare it.",
                 "It declares database, but its hello names none.");
}

/* Adds the row of a declared capability, once, and fills it in. */
static void examine_capability(struct exam *exam, const char *capability) {
    const struct sample *sample = sample_of(capability);
    char title[PARTS_DOING_SIZE];
    if (checkup_row(exam->checkup, capability) || strcmp(capability, "concurrent") == 0) {
        return; /* pipelined has seen to concurrent, as far as can be seen from here */
    }
    if (strcmp(capability, "database") == 0) {
        checkup_add(exam->checkup, capability, "says where its database is");
        examine_database(exam);
        return;
    }
    snprintf(title, sizeof title, "answers %s", sample ? sample->method : "its methods");
    checkup_add(exam->checkup, capability, title);
    if (!sample) {
        checkup_skip(exam->checkup, capability, "no call of it is known here");
    } else if (exam->mute) {
        checkup_skip(exam->checkup, capability, "it answers nothing behind its hello");
    } else if (exam_ready(exam, capability)) {
        examine_sample(exam, sample);
    }
}

void examine_methods(struct exam *exam) {
    const json_t *capability;
    size_t index;
    /* In the order of the table, so that what sets the clock comes before what reads it; then the others. */
    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        if (hello_declares(&exam->hello, samples[i].capability)) {
            examine_capability(exam, samples[i].capability);
        }
    }
    json_array_foreach(exam->hello.capabilities, index, capability) {
        if (capability_is_known(json_string_value(capability))) {
            examine_capability(exam, json_string_value(capability));
        }
    }
}
