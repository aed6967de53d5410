#include "harness/doctor/parts.h"

#include "harness/base/method.h"
#include "harness/base/value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    MEBIBYTE = 1024 * 1024,
    BACK_BYTES = 1000 * 1000 /* one interrupt holds 1 MiB, with all that is in it */
};

static void examine_bad_params(struct exam *exam) {
    static const char *const methods[] = {"interrupt.create", "interrupt.get", "interrupt.respond"};
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        struct answer answer = {0};
        struct hp_problem problem = {0};
        const struct request request = {methods[i], "{}", 2, false};
        char doing[PARTS_DOING_SIZE];
        if (!examine_works(exam, method_capability(methods[i]))) {
            continue;
        }
        if (!exam_ready(exam, "bad-params")) {
            return;
        }
        enum heard heard = exam_ask(exam, 0, &request, &answer, &problem);
        snprintf(doing, sizeof doing, "%s was called with the params {}", methods[i]);
        exam_blame(
            exam, "bad-params", heard, &problem, doing,
            "Catch what a missing member raises (KeyError, TypeError, undefined) around the whole call, "
            "and answer an error named invalid.");
        answer_release(&answer);
        if (heard == HEARD_ANSWER) {
            checkup_pass(exam->checkup, "bad-params", NULL);
        }
    }
    checkup_skip(exam->checkup, "bad-params", "none of create, get and respond is declared and answers");
}

/* {"padding":"aaa..."}, or some such, of so many bytes; NULL when memory runs out. */
static char *make_padding(size_t length_bytes) {
    static const char begin[] = "{\"padding\":\"", end[] = "\"}";
    char *text = malloc(length_bytes + 1);
    if (text) {
        memset(text, 'a', length_bytes);
        memcpy(text, begin, sizeof begin - 1);
        memcpy(text + length_bytes - (sizeof end - 1), end, sizeof end);
    }
    return text;
}

#define LONG_MEND                                                                                            \
    "Read whole lines, however long (for line in sys.stdin; bufio.Reader.ReadBytes('\\n') and not "          \
    "bufio.Scanner "                                                                                         \
    "in Go), and write them whole: a write to a pipe may take a part only."

static void examine_line_out(struct exam *exam) {
    struct answer answer = {0};
    struct hp_problem problem = {0};
    char *padding = make_padding(MEBIBYTE);
    if (!padding) {
        exam->checkup->failed = true;
        return;
    }
    enum heard heard = exam_pulse(exam, 0, padding, &answer, &problem);
    exam_blame(exam, "long-line", heard, &problem, "a request of 1 MiB was sent", LONG_MEND);
    answer_release(&answer);
    free(padding);
}

/* The way back: what is created comes back. */
static void examine_line_back(struct exam *exam) {
    struct answer answer = {0};
    struct hp_problem problem = {0};
    char id[PARTS_ID_SIZE];
    char *data = make_padding(BACK_BYTES);
    if (!data || !exam_ready(exam, "long-line")) {
        exam->checkup->failed = exam->checkup->failed || !data;
        free(data);
        return;
    }
    exam->witness.longest_bytes = 0;
    enum heard heard = examine_create(exam, 0, data, id, &answer, &problem);
    if (heard != HEARD_ANSWER) {
        exam_blame(exam, "long-line", heard, &problem, "an interrupt of 1 MB was created", LONG_MEND);
    } else if (answer.kind != ANSWER_RESULT) {
        checkup_pass(exam->checkup, "long-line",
                     "the way back was not tried: an interrupt of 1 MB was refused: %s", answer.error_name);
    } else if (!exam->target && exam->witness.longest_bytes < BACK_BYTES) {
        checkup_pass(exam->checkup, "long-line",
                     "the way back was not tried: interrupt.create does not return the data");
    } else {
        checkup_pass(exam->checkup, "long-line", NULL);
    }
    answer_release(&answer);
    free(data);
}

static void examine_long_line(struct exam *exam) {
    examine_line_out(exam);
    if (examine_works(exam, "create")) {
        examine_line_back(exam);
    } else {
        checkup_pass(exam->checkup, "long-line", "the way back was not tried: it takes create");
    }
}

/* What is created on one endpoint is there on each other. */
static void examine_endpoint(struct exam *exam, unsigned endpoint, const char *id) {
    struct text params = {0};
    struct answer answer = {0};
    struct hp_problem problem = {0};
    json_t *object = json_pack("{s:s}", "id", id);
    bool written = object && value_write(&params, object);
    const struct request request = {"interrupt.get", params.bytes, params.length_bytes, false};
    enum heard heard = written ? exam_ask(exam, endpoint, &request, &answer, &problem) : HEARD_NOTHING;
    char doing[PARTS_DOING_SIZE];
    snprintf(doing, sizeof doing, "interrupt.get was called on endpoint %u", endpoint);
    if (heard != HEARD_ANSWER) {
        exam_blame(
            exam, "endpoints", heard, &problem, doing,
            "Take `endpoint`, which stands beside `id` in a request, as the number of the server to ask; "
            "it is left out for 0.");
    } else if (answer.kind == ANSWER_REFUSED) {
        checkup_fail(exam->checkup, "endpoints", "endpoints that share one state",
                     "Let all servers behind the adapter use one database; or declare one endpoint.",
                     "What was created on endpoint 0 is refused on endpoint %u: %s: %s.", endpoint,
                     answer.error_name, answer.detail);
    }
    json_decref(object);
    text_release(&params);
    answer_release(&answer);
}

static void examine_endpoints(struct exam *exam) {
    struct answer answer = {0};
    struct hp_problem problem = {0};
    char id[PARTS_ID_SIZE] = "";
    if (exam->hello.endpoints < 2) {
        checkup_skip(exam->checkup, "endpoints", "one endpoint is declared");
        return;
    }
    if (examine_works(exam, "create") && examine_works(exam, "get")) {
        examine_create(exam, 0, "{}", id, &answer, &problem);
        answer_release(&answer);
    }
    if (!id[0]) {
        checkup_skip(exam->checkup, "endpoints",
                     "it takes create and get to see whether they share their state");
        return;
    }
    for (unsigned endpoint = 1; endpoint < exam->hello.endpoints; endpoint++) {
        if (!exam_ready(exam, "endpoints")) {
            return;
        }
        examine_endpoint(exam, endpoint, id);
    }
    checkup_pass(exam->checkup, "endpoints", NULL);
}

void examine_limits(struct exam *exam) {
    if (exam_ready(exam, "bad-params")) {
        examine_bad_params(exam);
    }
    if (exam_has_pulse(exam, "long-line") && exam_ready(exam, "long-line")) {
        examine_long_line(exam);
    }
    if (exam_ready(exam, "endpoints")) {
        examine_endpoints(exam);
    }
}
