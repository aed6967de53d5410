#include "harness/case/judge.h"
#include "harness/case/run.h"
#include "suites/self/support_play.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define CAPABILITIES "[\"create\",\"get\",\"describe\",\"events\"]"
#define ASK(members) "{\"op\":\"describe\",\"args\":{}," members "}"
#define PROOF "\"requirement\":\"REQ-A-1\""
#define SAY(json)                                                                                            \
    { "describe", json, NULL, NULL, NULL }
#define SAY_NO(name, status, field)                                                                          \
    { "describe", NULL, name, status, field }
#define GET(json)                                                                                            \
    { "interrupt.get", json, NULL, NULL, NULL }
#define GET_NO(name)                                                                                         \
    { "interrupt.get", NULL, name, NULL, NULL }
#define NO(members)                                                                                          \
    "{\"name\":\"no\",\"op\":\"interrupt.get\",\"args\":{\"id\":\"x\"},\"refused\":\"not_found\"" members "}"
#define HIDE(name, texts)                                                                                    \
    "{\"name\":\"no\",\"op\":\"interrupt.get\",\"args\":{\"id\":\"x\"},\"refused\":{\"name\":" name          \
    ",\"hides\":[" texts "]}," PROOF "}"
#define TWIN(members) "{\"twin_of\":\"no\",\"set\":{\"/id\":\"y\"}" members "}"
#define LONG                                                                                                 \
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"

static const struct {
    const char *steps;
    struct fake_answer script[5];
    enum verdict verdict;
    const char *reason, *requirements[2], *path, *expected, *got;
} rows[] = {
    /* accepted or refused */
    {ASK(PROOF), {SAY("{}")}, VERDICT_PASSED, NULL, {NULL}, NULL, NULL, NULL},
    {ASK(PROOF), {SAY("null")}, VERDICT_PASSED, NULL, {NULL}, NULL, NULL, NULL},
    {ASK(PROOF),
     {SAY_NO("conflict", "expired", "/id")},
     VERDICT_FAILED,
     "refused what must be accepted",
     {"REQ-A-1"},
     "",
     "accepted",
     "refused: conflict, interrupt_status expired, field /id (because)"},
    {ASK("\"requirement\":[\"REQ-A-1\",\"REQ-A-2\"]"),
     {SAY_NO("teapot", NULL, NULL)},
     VERDICT_FAILED,
     "refused what must be accepted",
     {"REQ-A-1", "REQ-A-2"},
     "",
     "accepted",
     "refused: teapot (because)"},
    {ASK("\"note\":\"set-up\"") "," ASK(PROOF),
     {SAY_NO("invalid", NULL, NULL)},
     VERDICT_UNTESTABLE,
     "refused what must be accepted",
     {NULL},
     "",
     "accepted",
     "refused: invalid (because)"},
    {ASK(PROOF),
     {{"describe", NULL, NULL, NULL, NULL}},
     VERDICT_ERRORED,
     "describe: the line is broken",
     {NULL},
     NULL,
     NULL,
     NULL},
    /* a refusal and its twin */
    {NO("," PROOF) "," TWIN(""),
     {GET_NO("not_found"), GET("{}")},
     VERDICT_PASSED,
     NULL,
     {NULL},
     NULL,
     NULL,
     NULL},
    /* what refusals of the service have no place for is not asked; what they have is */
    {"{\"name\":\"no\",\"op\":\"interrupt.get\",\"args\":{\"id\":\"x\"},\"refused\":{\"name\":\"conflict\","
     "\"interrupt_status\":\"resolved\",\"field\":\"/id\"}," PROOF "}," TWIN(""),
     {{"interrupt.get", NULL, "conflict", FAKE_UNTOLD, FAKE_UNTOLD}, GET("{}")},
     VERDICT_PASSED,
     NULL,
     {NULL},
     NULL,
     NULL,
     NULL},
    {"{\"name\":\"no\",\"op\":\"interrupt.get\",\"args\":{\"id\":\"x\"},\"refused\":{\"name\":\"conflict\","
     "\"interrupt_status\":\"resolved\",\"field\":\"/id\"}," PROOF "}," TWIN(""),
     {{"interrupt.get", NULL, "conflict", FAKE_UNTOLD, "/other"}, GET("{}")},
     VERDICT_FAILED,
     "refused for another field",
     {"REQ-A-1"},
     "",
     "refused: conflict, interrupt_status resolved, field /id",
     "refused: conflict, field /other (because)"},
    {ASK(PROOF),
     {{"describe", NULL, FAKE_UNSENDABLE, NULL, NULL}},
     VERDICT_UNSUPPORTED,
     "describe cannot be said to the target: because",
     {NULL},
     NULL,
     NULL,
     NULL},
    /* a refusal that hides */
    {HIDE("\"not_found\"", "\"secret\", \"{run}\"") "," TWIN(""),
     {GET_NO("not_found"), GET("{}")},
     VERDICT_PASSED,
     NULL,
     {NULL},
     NULL,
     NULL,
     NULL},
    {HIDE("\"not_found\"", "\"secret\", \"because\"") "," TWIN(""),
     {GET_NO("not_found")},
     VERDICT_FAILED,
     "the refusal tells what is not the caller's",
     {"REQ-A-1"},
     "",
     "refused: not_found, without a word of \"because\"",
     "refused: not_found (because)"},
    {HIDE("\"forbidden\"", "\"secret\"") "," TWIN(""),
     {{"interrupt.get", NULL, "forbidden", "pending", NULL}},
     VERDICT_FAILED,
     "the refusal tells what is not the caller's",
     {"REQ-A-1"},
     "",
     "refused: forbidden, without a word of \"pending\"",
     "refused: forbidden, interrupt_status pending (because)"},
    {HIDE("\"not_found\"", "\"because\", \"secret\"") "," TWIN(""),
     {GET_NO("not_found")},
     VERDICT_FAILED,
     "the refusal tells what is not the caller's",
     {"REQ-A-1"},
     "",
     "refused: not_found, without a word of \"because\"",
     "refused: not_found (because)"},
    {HIDE("\"not_found\"", "\"secret\"") "," TWIN(""),
     {{"interrupt.get", NULL, "not_found", NULL, "/secret"}},
     VERDICT_FAILED,
     "the refusal tells what is not the caller's",
     {"REQ-A-1"},
     "",
     "refused: not_found, without a word of \"secret\"",
     "refused: not_found, field /secret (because)"},
    /* one that hides well counts, and the case goes on */
    {HIDE("\"not_found\"", "\"secret\"") "," TWIN("") "," ASK(PROOF ",\"expect\":1"),
     {GET_NO("not_found"), GET("{}"), SAY("2")},
     VERDICT_FAILED,
     "the answer differs",
     {"REQ-A-1"},
     "",
     "1",
     "2"},
    {NO("," PROOF) "," TWIN(""),
     {{"interrupt.get", NULL, NULL, NULL, NULL}},
     VERDICT_ERRORED,
     "interrupt.get: the line is broken",
     {NULL},
     NULL,
     NULL,
     NULL},
    {NO("," PROOF) "," TWIN(""),
     {GET_NO("not_found"), {"interrupt.get", NULL, NULL, NULL, NULL}},
     VERDICT_ERRORED,
     "interrupt.get: the line is broken",
     {NULL},
     NULL,
     NULL,
     NULL},
    {NO("," PROOF) "," TWIN(",\"requirement\":\"REQ-A-2\""),
     {GET_NO("not_found"), GET_NO("not_found")},
     VERDICT_FAILED,
     "the refusal does not count: its twin",
     {"REQ-A-1"},
     "",
     "accepted",
     "refused: not_found (because)"},
    {NO("") "," TWIN("," PROOF),
     {GET_NO("not_found"), GET_NO("forbidden")},
     VERDICT_FAILED,
     "the refusal does not count: its twin",
     {"REQ-A-1"},
     "",
     "accepted",
     "refused: forbidden (because)"},
    {NO("") "," TWIN("") "," ASK(PROOF),
     {GET_NO("not_found"), GET_NO("forbidden")},
     VERDICT_UNTESTABLE,
     "the refusal does not count: its twin",
     {NULL},
     "",
     "accepted",
     "refused: forbidden (because)"},
    {NO("") "," TWIN("") "," ASK(PROOF),
     {GET("{\"a\":\"" LONG LONG LONG "\"}")},
     VERDICT_UNTESTABLE,
     "accepted what must be refused",
     {NULL},
     "",
     "refused: not_found",
     "accepted: {\"a\":\"" LONG
     "012345678901234567890123456789012345678901234567890123456789012345678901234567890123... "
     "(318 bytes)"},
    {NO("," PROOF) "," TWIN(",\"expect\":{\"a\":1}"),
     {GET_NO("not_found"), GET("{\"a\":2}")},
     VERDICT_UNTESTABLE,
     "the answer differs",
     {NULL},
     "/a",
     "1",
     "2"},
    /* binds */
    {ASK("\"bind\":{\"x\":\"/a\"}") "," ASK(PROOF ",\"expect\":{\"a\":\"$x\"}"),
     {SAY("{\"a\":[1]}"), SAY("{\"a\":[1]}")},
     VERDICT_PASSED,
     NULL,
     {NULL},
     NULL,
     NULL,
     NULL},
    {ASK("\"bind\":{\"x\":\"/a\"}") "," ASK(PROOF ",\"expect\":{\"a\":\"$x\"}"),
     {SAY("{\"a\":[1]}"), SAY("{\"a\":[1,2]}")},
     VERDICT_FAILED,
     "the answer differs",
     {"REQ-A-1"},
     "/a",
     "[1] (\"$x\")",
     "[1,2]"},
    {ASK("\"bind\":{\"x\":\"/a\"}") "," ASK(PROOF),
     {SAY("{\"b\":1}")},
     VERDICT_UNTESTABLE,
     "the answer lacks what a later step needs",
     {NULL},
     "/a",
     "a value for $x",
     "nothing"},
    /* a bind that the expectation can say more of leaves it the word */
    {ASK(PROOF ",\"bind\":{\"x\":\"/a\"},\"expect\":{\"a\":{\"$uuid\":true}}"),
     {SAY("{}")},
     VERDICT_FAILED,
     "the answer differs",
     {"REQ-A-1"},
     "/a",
     "a UUID in lower-case canonical text",
     "nothing"},
    /* a fresh bind stands in the step's own expectation; one that is bound is compared with the old value */
    {ASK(PROOF ",\"bind\":{\"x\":\"/a\"},\"expect\":{\"b\":\"$x\"}"),
     {SAY("{\"a\":1,\"b\":1}")},
     VERDICT_PASSED,
     NULL,
     {NULL},
     NULL,
     NULL,
     NULL},
    {ASK("\"bind\":{\"x\":\"/a\"}") "," ASK(
         PROOF
         ",\"bind\":{\"x\":\"/a\"},\"expect\":{\"b\":\"$x\"}") "," ASK(PROOF ",\"expect\":{\"a\":\"$x\"}"),
     {SAY("{\"a\":1}"), SAY("{\"a\":2,\"b\":1}"), SAY("{\"a\":2}")},
     VERDICT_PASSED,
     NULL,
     {NULL},
     NULL,
     NULL,
     NULL},
    /* a step of several times binds lists, and is judged each time */
    {ASK("\"times\":2,\"bind\":{\"all\":\"/a\",\"bs\":\"/b\"}") "," ASK(
         PROOF ",\"expect\":{\"a\":\"$all\",\"b\":\"$bs/1\"}"),
     {SAY("{\"a\":1,\"b\":3}"), SAY("{\"a\":2,\"b\":4}"), SAY("{\"a\":[1,2],\"b\":4}")},
     VERDICT_PASSED,
     NULL,
     {NULL},
     NULL,
     NULL,
     NULL},
    {ASK(PROOF ",\"times\":2,\"bind\":{\"all\":\"/a\"}"),
     {SAY("{\"a\":1}"), SAY("{\"b\":2}")},
     VERDICT_FAILED,
     "the answer lacks what a later step needs",
     {"REQ-A-1"},
     "/a",
     "a value for $all",
     "nothing"},
    {ASK(PROOF ",\"times\":3,\"expect\":{\"a\":1}"),
     {SAY("{\"a\":1}"), SAY("{\"a\":2}")},
     VERDICT_FAILED,
     "the answer differs",
     {"REQ-A-1"},
     "/a",
     "1",
     "2"},
    /* what a creation returned is the case's own, also one that should have been refused; nothing else is */
    {PLAY_CREATE "," ASK(PROOF ",\"expect\":{\"$own\":[\"i\"]}"),
     {{"interrupt.create", "{\"interrupt\":{\"id\":\"i\"}}", NULL, NULL, NULL}, SAY("[\"j\",\"i\",\"k\"]")},
     VERDICT_PASSED,
     NULL,
     {NULL},
     NULL,
     NULL,
     NULL},
    {ASK("\"note\":\"no creation\"") "," ASK(PROOF ",\"expect\":{\"$own\":[]}"),
     {SAY("{\"interrupt\":{\"id\":\"i\"}}"), SAY("[\"i\"]")},
     VERDICT_PASSED,
     NULL,
     {NULL},
     NULL,
     NULL,
     NULL},
    {"{\"op\":\"interrupt.create\",\"args\":{" PLAY_IDS "}}," ASK(PROOF ",\"expect\":{\"$own\":[]}"),
     {{"interrupt.create", "{\"interrupt\":{\"id\":7}}", NULL, NULL, NULL}, SAY("[7]")},
     VERDICT_PASSED,
     NULL,
     {NULL},
     NULL,
     NULL,
     NULL},
};

static void each_answer_is_held_against_its_step(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct play play;
        struct text text = {0};
        text_addf(&text, PLAY_STEPS("%s"), rows[i].steps);
        play_init(&play, text.bytes, CAPABILITIES, rows[i].script);
        assert_int_equal(play_run(&play), HP_OK);
        const struct case_result *result = &play.results[0];
        assert_outcome(result, rows[i].verdict, rows[i].reason);
        assert_text(result->requirements[0], rows[i].requirements[0]);
        assert_text(result->requirements[1], rows[i].requirements[1]);
        assert_text(result->path, rows[i].path);
        assert_text(result->expected, rows[i].expected);
        assert_text(result->got, rows[i].got);
        assert_int_equal(play.fake.restarts, rows[i].verdict == VERDICT_ERRORED);
        text_release(&text);
        play_release(&play);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_answer_is_held_against_its_step)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
