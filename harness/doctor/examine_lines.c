#include "harness/doctor/parts.h"

#include "harness/adapters/deadline.h"
#include "harness/adapters/hello.h"

#include <string.h>

enum { PIPELINED = 16 };

#define UNKNOWN_MEND                                                                                         \
    "Answer every method that you do not know with {\"error\": {\"code\": -32601, \"message\": \"there is "  \
    "no "                                                                                                    \
    "such method\", \"data\": {\"name\": \"unsupported\"}}}, and go on."

/* Without it, does a second hello bring an answer? That is all the other checks need. */
static void find_pulse(struct exam *exam) {
    struct answer answer = {0};
    struct hp_problem problem = {0};
    exam->pulse = PULSE_HELLO;
    if (!exam->target && exam_ready(exam, "unknown-method") &&
        exam_pulse(exam, 0, "{}", &answer, &problem) != HEARD_ANSWER) {
        exam->pulse = PULSE_NONE;
    }
    answer_release(&answer);
}

static void examine_unknown(struct exam *exam) {
    struct answer answer = {0};
    struct hp_problem problem = {0};
    exam->pulse = PULSE_UNKNOWN_METHOD;
    enum heard heard = exam_pulse(exam, 0, "{}", &answer, &problem);
    bool refused = heard == HEARD_ANSWER && answer.kind == ANSWER_REFUSED;
    if (refused && strcmp(answer.error_name, "unsupported") == 0) {
        checkup_pass(exam->checkup, "unknown-method", NULL);
    } else if (heard == HEARD_ANSWER) {
        checkup_fail(exam->checkup, "unknown-method", "an error named unsupported", UNKNOWN_MEND,
                     "It answered the method " EXAM_UNKNOWN_METHOD ", which nobody knows, with %s%s.",
                     refused ? "an error named " : "a result", refused ? answer.error_name : "");
    } else {
        exam_blame(exam, "unknown-method", heard, &problem,
                   "the method " EXAM_UNKNOWN_METHOD ", which nobody knows, was called", UNKNOWN_MEND);
        find_pulse(exam);
    }
    answer_release(&answer);
}

static void examine_no_json(struct exam *exam) {
    static const char line[] = "this line is no JSON\n";
    struct answer answer = {0};
    struct hp_problem problem = {0};
    if (!talk_say(exam->talk, line, sizeof line - 1, true)) {
        exam->checkup->failed = true;
        return;
    }
    enum heard heard = exam_pulse(exam, 0, "{}", &answer, &problem);
    answer_release(&answer);
    if (heard == HEARD_ANSWER) {
        checkup_pass(exam->checkup, "no-json",
                     talk_was_told_null(exam->talk) ? NULL : "it passes it over in silence");
        return;
    }
    exam_blame(
        exam, "no-json", heard, &problem,
        "the line \"this line is no JSON\" came, and a good request behind it",
        "Catch the parser's error for each line: try json.loads(line), except ValueError answer {\"id\": "
        "null, \"error\": {\"code\": -32700, \"message\": ..., \"data\": {\"name\": \"invalid\"}}}, and go "
        "on.");
}

/* Sends all at once, each with an id of its own; how many are answered. */
static size_t ask_together(struct exam *exam, const struct request *request, struct hp_problem *problem,
                           enum heard *heard) {
    struct text batch = {0};
    unsigned ids[PIPELINED];
    size_t answered = 0;
    for (size_t i = 0; i < PIPELINED; i++) {
        ids[i] = talk_prepare(exam->talk, 0, request, &batch);
    }
    *heard = HEARD_NOTHING;
    if (!batch.failed && talk_say(exam->talk, batch.bytes, batch.length_bytes, false)) {
        int64_t deadline_us = deadline_after_ms(exam_wait_ms(exam));
        do {
            struct answer answer = {0};
            *heard = talk_hear(exam->talk, ids[answered], (unsigned)deadline_remaining_ms(deadline_us),
                               &answer, problem);
            answer_release(&answer);
        } while (*heard == HEARD_ANSWER && ++answered < PIPELINED);
    }
    text_release(&batch);
    return answered;
}

static void examine_pipelined(struct exam *exam) {
    struct text params = {0};
    struct request request;
    struct hp_problem problem = {0};
    enum heard heard = HEARD_NOTHING;
    if (!exam_pulse_request(exam, "{}", &params, &request)) {
        text_release(&params);
        exam->checkup->failed = true;
        return;
    }
    size_t answered = ask_together(exam, &request, &problem, &heard);
    text_release(&params);
    if (answered == PIPELINED) {
        checkup_pass(exam->checkup, "pipelined", NULL);
        return;
    }
    exam_drop(exam);
    if (heard == HEARD_BAD) {
        exam_blame(exam, "pipelined", heard, &problem, "", "");
        return;
    }
    checkup_fail(exam->checkup, "pipelined", "an answer to each, by its id, in any order",
                 "Take what is read apart at its line feeds, and keep what comes behind the first: read with "
                 "readline() or an iterator over lines, not with read() or recv() of a fixed size.",
                 "%d requests were sent together; it answered %zu of them, then: %s.", PIPELINED, answered,
                 problem.detail);
}

void examine_lines(struct exam *exam) {
    static const struct {
        const char *check;
        void (*examine)(struct exam *exam);
    } parts[] = {{"no-json", examine_no_json}, {"pipelined", examine_pipelined}};
    if (exam_ready(exam, "unknown-method")) {
        examine_unknown(exam);
    }
    for (size_t i = 0; !exam->target && i < sizeof parts / sizeof parts[0]; i++) {
        if (exam_has_pulse(exam, parts[i].check) && exam_ready(exam, parts[i].check)) {
            parts[i].examine(exam);
        }
    }
}
