#include "harness/doctor/exam.h"

#include "harness/adapters/deadline.h"
#include "harness/adapters/hello.h"

#include <string.h>

void exam_release(struct exam *exam) {
    exam_drop(exam);
    hello_release(&exam->hello);
    text_release(&exam->log);
}

unsigned exam_wait_ms(const struct exam *exam) {
    int rest_ms = deadline_remaining_ms(exam->deadline_us);
    return rest_ms > 0 && (unsigned)rest_ms < exam->timeout_ms ? (unsigned)rest_ms : exam->timeout_ms;
}

bool exam_hello(const char *nonce, struct text *params, struct request *request) {
    if (!hello_add_params(params, nonce)) {
        return false;
    }
    *request = (struct request){"hello", params->bytes, params->length_bytes, false};
    return true;
}

void exam_drop(struct exam *exam) {
    if (exam->log.failed) {
        text_clear(&exam->log);
    }
    talk_end(exam->talk, &exam->log);
    exam->talk = NULL;
}

/* Starts a child and hears its hello, which was judged before. */
static enum hp_status start_again(struct exam *exam, struct hp_problem *problem) {
    char nonce[HELLO_NONCE_SIZE];
    struct text params = {0};
    struct request request;
    struct answer answer = {0};
    enum hp_status status = talk_start(exam->command, &exam->witness, &exam->talk, problem);
    if (status != HP_OK) {
        exam->broken = true;
        exam->problem = *problem;
        return status;
    }
    hello_make_nonce(nonce);
    unsigned id = exam_hello(nonce, &params, &request) ? talk_ask(exam->talk, 0, &request) : 0;
    exam->checkup->failed = exam->checkup->failed || id == 0;
    if (talk_hear(exam->talk, id, exam_wait_ms(exam), &answer, problem) != HEARD_ANSWER) {
        exam_drop(exam);
    }
    text_release(&params);
    answer_release(&answer);
    return exam->talk ? HP_OK : HP_UNAVAILABLE;
}

/* Whether the time is up, and the check therefore not tried. */
static bool is_too_late(struct exam *exam, const char *check) {
    if (deadline_remaining_ms(exam->deadline_us) > 0) {
        return false;
    }
    checkup_skip(exam->checkup, check, "the time for the whole examination is up (--total MS)");
    exam->checkup->hurried = true;
    return true;
}

bool exam_ready(struct exam *exam, const char *check) {
    struct hp_problem problem = {0};
    if (exam->broken || is_too_late(exam, check)) {
        return false;
    }
    if (!exam->target && !exam->talk && start_again(exam, &problem) != HP_OK) {
        checkup_skip(exam->checkup, check, "a fresh child did not say its hello again: %s", problem.detail);
        return false;
    }
    return true;
}

static enum heard ask_target(struct exam *exam, unsigned endpoint, const struct request *request,
                             struct answer *answer, struct hp_problem *problem) {
    struct session *session = NULL;
    if (target_open(exam->target, endpoint, &session, problem) != HP_OK) {
        return HEARD_END;
    }
    session_call(session, request, exam_wait_ms(exam), answer);
    session_close(session);
    if (answer->kind != ANSWER_BROKEN) {
        return HEARD_ANSWER;
    }
    hp_problem_set(problem, HP_UNAVAILABLE, NULL, "%s", answer->detail);
    answer_release(answer);
    target_restart(exam->target);
    return HEARD_END;
}

enum heard exam_ask(struct exam *exam, unsigned endpoint, const struct request *request,
                    struct answer *answer, struct hp_problem *problem) {
    if (exam->target) {
        return ask_target(exam, endpoint, request, answer, problem);
    }
    unsigned id = talk_ask(exam->talk, endpoint, request);
    exam->checkup->failed = exam->checkup->failed || id == 0;
    enum heard heard = talk_hear(exam->talk, id, exam_wait_ms(exam), answer, problem);
    if (heard != HEARD_ANSWER) {
        exam_drop(exam);
    }
    return heard;
}

bool exam_has_pulse(struct exam *exam, const char *check) {
    if (exam->pulse == PULSE_NONE && !is_too_late(exam, check)) {
        checkup_skip(exam->checkup, check,
                     "it answers nothing that may be asked again; unknown-method must be mended first");
    }
    return exam->pulse != PULSE_NONE;
}

bool exam_pulse_request(const struct exam *exam, const char *params, struct text *text,
                        struct request *request) {
    char nonce[HELLO_NONCE_SIZE];
    if (exam->pulse == PULSE_HELLO) {
        hello_make_nonce(nonce);
        if (!hello_add_params(text, nonce)) {
            return false;
        }
        /* The members of both: the brace between them becomes a comma. */
        if (strcmp(params, "{}") != 0) {
            text->bytes[text->length_bytes - 1] = ',';
            text_add(text, params + 1);
        }
    } else {
        text_add(text, params);
    }
    const char *method = exam->pulse == PULSE_HELLO ? "hello" : EXAM_UNKNOWN_METHOD;
    *request = (struct request){method, text->bytes, text->length_bytes, false};
    return !text->failed;
}

enum heard exam_pulse(struct exam *exam, unsigned endpoint, const char *params, struct answer *answer,
                      struct hp_problem *problem) {
    struct text text = {0};
    struct request request;
    enum heard heard = HEARD_NOTHING;
    if (exam_pulse_request(exam, params, &text, &request)) {
        heard = exam_ask(exam, endpoint, &request, answer, problem);
    } else {
        hp_problem_no_memory(problem);
    }
    text_release(&text);
    return heard;
}

void exam_blame(struct exam *exam, const char *check, enum heard heard, const struct hp_problem *problem,
                const char *doing, const char *mend) {
    switch (heard) {
    case HEARD_ANSWER:
        return;
    case HEARD_BAD:
        checkup_skip(exam->checkup, check, "the answer broke the frame: %s", problem->detail);
        return;
    case HEARD_NOTHING:
        checkup_fail(exam->checkup, check, "an answer in time, whatever it says", mend, "When %s: %s.", doing,
                     problem->detail);
        return;
    case HEARD_END:
        checkup_fail(exam->checkup, check, "an answer, and an adapter that goes on", mend, "When %s: %s.",
                     doing, problem->detail);
        return;
    }
}

bool exam_goes_on(struct exam *exam, const char *check, const char *doing) {
    struct answer answer = {0};
    struct hp_problem problem = {0};
    if (exam->target || exam->pulse == PULSE_NONE) {
        return true;
    }
    enum heard heard = exam_pulse(exam, 0, "{}", &answer, &problem);
    answer_release(&answer);
    if (heard == HEARD_ANSWER) {
        return true;
    }
    if (heard == HEARD_BAD) {
        exam_blame(exam, check, heard, &problem, doing, "");
        return false;
    }
    checkup_fail(exam->checkup, check, "an adapter that goes on behind its answer",
                 "Go back to reading stdin behind each answer, whatever it was.",
                 "When %s it answered, and then, when the next request came: %s.", doing, problem.detail);
    return false;
}
