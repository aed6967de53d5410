#include "harness/doctor/examine.h"

#include "harness/adapters/deadline.h"
#include "harness/doctor/parts.h"

#include <stdlib.h>
#include <string.h>

enum { LOG_SHOWN_BYTES = 1000 };

/* Every check but those of declared capabilities, which come behind these. */
static const struct {
    const char *id;
    const char *title;
    bool needs_child; /* there is nothing to look at where no process stands between */
} checks[] = {
    {"start", "starts, and goes on running", true},
    {"hello", "answers the hello in time", false},
    {"flush", "hands out each answer at once", true},
    {"protocol", "speaks protocol 1", true},
    {"nonce", "repeats the nonce", true},
    {"capabilities", "declares capabilities that exist", false},
    {"limits", "says its limits and database as it should", true},
    {"lines", "writes one object a line: JSON, UTF-8, a line feed", true},
    {"frame", "answers in the frame of JSON-RPC 2.0", true},
    {"ids", "repeats the id of each request, as a number", true},
    {"one-answer", "gives each request one answer", true},
    {"errors", "names its errors by the seven names", true},
    {"quiet", "writes nothing but answers to stdout", true},
    {"unknown-method", "refuses an unknown method as unsupported, and goes on", false},
    {"bad-params", "answers params that lack members, and goes on", false},
    {"no-json", "survives a line that is no JSON", true},
    {"pipelined", "answers requests that were sent together", true},
    {"long-line", "takes and gives lines of 1 MiB", false},
    {"endpoints", "shares one state between its endpoints", false},
    {"end", "ends when its stdin ends", true},
    {"left-behind", "leaves no process behind", true},
    {"terminate", "ends on SIGTERM", true},
};

enum { CHECK_COUNT = sizeof checks / sizeof checks[0] };

static enum hp_status open_exam(struct exam *exam, const char *name, const struct examine_options *options,
                                struct hp_problem *problem) {
    static const char prefix[] = "stdio:";
    exam->timeout_ms = options->timeout_ms;
    exam->deadline_us = deadline_after_ms(options->total_ms);
    text_init(&exam->log, EXAM_LOG_CAP_BYTES);
    struct target *target = NULL;
    enum hp_status status = target_from_name(name, options->timeout_ms, &target, problem);
    if (status == HP_OK && strncmp(name, prefix, sizeof prefix - 1) == 0) {
        target_free(target); /* it has seen to the name, and no child was started yet */
        exam->command = name + sizeof prefix - 1;
    } else {
        exam->target = target;
    }
    return status;
}

static void add_rows(struct exam *exam) {
    for (size_t i = 0; i < CHECK_COUNT; i++) {
        checkup_add(exam->checkup, checks[i].id, checks[i].title);
        if (exam->target && checks[i].needs_child) {
            checkup_skip(exam->checkup, checks[i].id, "this target runs inside Holdpoint, without a wire");
        }
    }
}

static void skip_rest(struct exam *exam) {
    for (size_t i = 0; i < CHECK_COUNT; i++) {
        checkup_skip(exam->checkup, checks[i].id, "it has said no proper hello, which must be mended first");
    }
}

static void examine_all(struct exam *exam) {
    if (examine_hello(exam)) {
        examine_lines(exam);
        examine_methods(exam);
        examine_limits(exam);
        examine_end(exam);
    }
    if (!exam->target) {
        witness_judge(&exam->witness, exam->checkup);
    }
    skip_rest(exam);
}

/* The end of the log, from the begin of a line on. */
static void keep_log(struct exam *exam) {
    const char *log = exam->log.bytes;
    if (exam->target) {
        target_take_log(exam->target, &exam->log);
        log = exam->log.bytes;
    }
    if (!log || exam->log.length_bytes == 0) {
        return;
    }
    if (exam->log.length_bytes > LOG_SHOWN_BYTES) {
        const char *from = log + exam->log.length_bytes - LOG_SHOWN_BYTES;
        const char *line = strchr(from, '\n');
        log = line && line[1] ? line + 1 : from;
    }
    exam->checkup->log = text_copy(log);
    exam->checkup->failed = exam->checkup->failed || !exam->checkup->log;
}

enum hp_status examine(const char *target, const struct examine_options *options, struct checkup *checkup,
                       struct hp_problem *problem) {
    struct exam exam = {.checkup = checkup};
    enum hp_status status = open_exam(&exam, target, options, problem);
    checkup->target = text_copy(target);
    checkup->failed = checkup->failed || !checkup->target;
    if (status == HP_OK) {
        add_rows(&exam);
        examine_all(&exam);
        exam_drop(&exam);
        keep_log(&exam);
        if (exam.broken) {
            status = hp_problem_set(problem,
                                    exam.problem.status == HP_INVALID ? HP_UNAVAILABLE : exam.problem.status,
                                    NULL, "%s", exam.problem.detail);
        } else if (checkup->failed) {
            status = hp_problem_no_memory(problem);
        }
    }
    exam_release(&exam);
    target_free(exam.target);
    return status;
}
