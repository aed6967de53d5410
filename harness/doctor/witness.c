#include "harness/doctor/witness.h"

#include "harness/adapters/answer_json.h"
#include "harness/adapters/excerpt.h"

#include <string.h>

/* The check that each slip fails, what was expected, and what to mend. */
static const struct {
    const char *check;
    const char *expected;
    const char *mend;
} slips[SLIP_COUNT] = {
    [SLIP_CARRIAGE_RETURN] =
        {"lines", "each line ended by a line feed alone",
         "Write \"\\n\", not the system's own line end: sys.stdout.reconfigure(newline=\"\\n\") in Python, "
         "Console.Out.NewLine = \"\\n\" in .NET, print(line + \"\\n\") in place of println in Java."},
    [SLIP_BYTE_ORDER_MARK] =
        {"lines", "UTF-8 without a byte order mark",
         "Open stdout as plain UTF-8: \"utf-8\" in place of \"utf-8-sig\" in Python, new "
         "UTF8Encoding(false) in .NET."},
    [SLIP_NUL] =
        {"lines", "UTF-8 text without bytes of zero",
         "Write as many bytes as the text has, without the NUL behind it, and in UTF-8, not UTF-16."},
    [SLIP_ENCODING] = {"lines", "UTF-8, whatever the locale is",
                       "Set the encoding of stdout: sys.stdout.reconfigure(encoding=\"utf-8\") in Python, "
                       "-Dstdout.encoding=UTF-8 for Java; or let the JSON library escape what is not ASCII."},
    [SLIP_PRETTY] = {"lines", "the whole answer on one line",
                     "Write JSON without line breaks: json.dumps(answer) without indent= in Python, "
                     "JSON.stringify(answer) without a third argument in Node."},
    [SLIP_JSON] = {"lines", "one JSON object a line",
                   "Let a JSON library write the whole answer (json.dumps, JSON.stringify) in place of "
                   "putting text together; NaN, a key twice and a comma too many are no JSON."},
    [SLIP_BATCH] = {"lines", "one object a line; there are no batches",
                    "Write each answer as an object on a line of its own."},
    [SLIP_ENDLESS] = {"lines", "a line of at most 8 MiB, ended by a line feed",
                      "End each answer with \"\\n\", and let nothing else write to stdout; list large "
                      "interrupts page by page."},
    [SLIP_ECHO] =
        {"frame", "an answer: {\"jsonrpc\": \"2.0\", \"id\": 1, \"result\": {...}}",
         "Read each line as JSON, do what `method` says with `params`, and write an answer with the "
         "same `id` and a `result`. docs/adapters.md has a whole adapter to begin with."},
    [SLIP_FRAME] = {"frame",
                    "{\"jsonrpc\": \"2.0\", \"id\": the request's, and either \"result\" or \"error\"}",
                    "Add \"jsonrpc\": \"2.0\" to each answer, and `result` when the call worked or `error` "
                    "when it did not; leave the other one out, also as null."},
    [SLIP_ERROR] = {"errors",
                    "{\"code\": an integer, \"message\": text, \"data\": {\"name\": one of invalid, "
                    "not_found, forbidden, conflict, unavailable, unsupported, internal}}",
                    "Send {\"code\": -32602, \"message\": str(error), \"data\": {\"name\": \"invalid\"}} and "
                    "the like; docs/adapters.md says which name when."},
    [SLIP_ID] = {"ids", "the id of the request, as the number that it was",
                 "Repeat it untouched: answer[\"id\"] = request[\"id\"]. Null is only for a line that is no "
                 "JSON."},
    [SLIP_NEVER_ASKED] = {"ids", "the id of a request that was sent",
                          "Repeat the request's id in place of counting on your own."},
    [SLIP_REPEATED] = {"one-answer", "exactly one answer to each request",
                       "Look for a branch that writes an answer and goes on to write another, such as an "
                       "error without a return behind it."},
    [SLIP_NOISE] = {"quiet", "nothing but answers on stdout",
                    "Write logs to stderr: print(..., file=sys.stderr) in Python, console.error in Node, and "
                    "the like for loggers and start-up banners."},
};

const char *slip_check(enum slip slip) {
    return slips[slip].check;
}

void witness_put(struct witness *witness, enum slip slip, const char *did, ...) {
    va_list arguments;
    if (witness->seen[slip].count++ > 0) {
        return;
    }
    struct text text = {0};
    va_start(arguments, did);
    text_addv(&text, did, arguments);
    va_end(arguments);
    text_put(witness->seen[slip].did, sizeof witness->seen[slip].did, text.bytes ? text.bytes : "");
    text_release(&text);
}

void witness_see_bytes(struct witness *witness, const char *line, size_t length_bytes) {
    char excerpt[EXCERPT_SIZE];
    excerpt_put(excerpt, line, length_bytes);
    witness->lines++;
    witness->longest_bytes = length_bytes > witness->longest_bytes ? length_bytes : witness->longest_bytes;
    if (length_bytes > 0 && line[length_bytes - 1] == '\r') {
        witness_put(witness, SLIP_CARRIAGE_RETURN, "ended the line %s with CR LF", excerpt);
    }
    if (length_bytes >= 3 && memcmp(line, "\xef\xbb\xbf", 3) == 0) {
        witness_put(witness, SLIP_BYTE_ORDER_MARK, "began with a byte order mark: %s", excerpt);
    }
    if (memchr(line, '\0', length_bytes)) {
        witness_put(witness, SLIP_NUL, "wrote a line with a byte of zero in it: %s", excerpt);
    } else if (!text_is_utf8(line, length_bytes)) {
        witness_put(witness, SLIP_ENCODING, "wrote a line that is not UTF-8: %s", excerpt);
    }
}

static enum slip slip_of_message(const json_t *message, const struct hp_problem *problem) {
    if (json_is_array(message)) {
        return SLIP_BATCH;
    }
    if (!json_is_object(message)) {
        return SLIP_NOISE;
    }
    if (strncmp(problem->field, "/error", 6) == 0) {
        return SLIP_ERROR;
    }
    return strcmp(problem->field, "/id") == 0 ? SLIP_ID : SLIP_FRAME;
}

/* A bracket that stays open to the end of the line is JSON that goes on. */
static enum slip slip_of_text(const char *line, size_t length_bytes, const json_error_t *error) {
    size_t blanks = strspn(line, " \t\r");
    if (blanks >= length_bytes || (line[blanks] != '{' && line[blanks] != '[')) {
        return SLIP_NOISE;
    }
    return json_error_code(error) == json_error_premature_end_of_input ? SLIP_PRETTY : SLIP_JSON;
}

static enum slip classify(const char *line, size_t length_bytes, const struct hp_problem *problem) {
    json_error_t error;
    if (memchr(line, '\0', length_bytes)) {
        return SLIP_NUL;
    }
    if (!text_is_utf8(line, length_bytes)) {
        return SLIP_ENCODING;
    }
    json_t *message = answer_json_load(line, length_bytes, &error);
    enum slip slip = message ? slip_of_message(message, problem) : slip_of_text(line, length_bytes, &error);
    json_decref(message);
    return slip;
}

enum slip witness_see_refused(struct witness *witness, const char *line, size_t length_bytes,
                              const struct hp_problem *problem, const char *asked) {
    enum slip slip = classify(line, length_bytes, problem);
    char excerpt[EXCERPT_SIZE];
    excerpt_put(excerpt, line, length_bytes);
    if (slip == SLIP_NOISE) {
        witness_put(witness, slip, "wrote a line that is no answer: %s", excerpt);
    } else {
        witness_put(witness, slip, "answered %s wrongly: %s", asked, problem->detail);
    }
    return slip;
}

static bool is_first_of_check(enum slip slip) {
    for (enum slip earlier = 0; earlier < slip; earlier++) {
        if (strcmp(slips[earlier].check, slips[slip].check) == 0) {
            return false;
        }
    }
    return true;
}

void witness_judge(const struct witness *witness, struct checkup *checkup) {
    for (enum slip slip = 0; slip < SLIP_COUNT; slip++) {
        if (witness->seen[slip].count > 0) {
            checkup_fail(checkup, slips[slip].check, slips[slip].expected, slips[slip].mend, "It %s.",
                         witness->seen[slip].did);
        }
    }
    for (enum slip slip = 0; slip < SLIP_COUNT; slip++) {
        if (is_first_of_check(slip) && witness->lines > 0) {
            checkup_pass(checkup, slips[slip].check, NULL);
        } else if (is_first_of_check(slip)) {
            checkup_skip(checkup, slips[slip].check, "it wrote no line");
        }
    }
}
