/* Records that stand for the envelope, the interrupt and the response. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "suites/self/support_source.h"

#define PYTHON                                                                                               \
    "class Envelope:\n    envelope_id: str\n    request_id: str\n    user_id: str\n    current_stage: str\n"
#define GO                                                                                                   \
    "package a\ntype Envelope struct {\n\tID string `json:\"envelope_id\"`\n\tRequestID string\n\tUserID "   \
    "string\n"                                                                                               \
    "\tCurrentStage string `json:\"current_stage,omitempty\"`\n"

static void an_envelope_has_its_fields(void **state) {
    (void)state;
    static const struct source_row rows[] = {
        {"a.py", PYTHON "    interrupt_pending: bool\n    interrupt: dict\n", ""},
        {"a.py", PYTHON "    interrupt: dict\n", "source-envelope 1"},
        {"a.py", PYTHON "    interrupt_pending: bool\n    interrupt: dict\n    confirmation_pending: bool\n",
         "source-legacy-field 8"},
        {"a.py",
         "class Envelope:\n    def __init__(self):\n        self.envelope_id = 1\n        self.request_id = "
         "2\n        "
         "self.user_id = 3\n        self.iteration = 0\n        self.interrupt = None\n",
         "source-envelope 1"},
        {"a.go", GO "\tInterruptPending bool\n\tInterrupt *I\n}\n", ""},
        {"a.go", GO "\tInterruptPending bool\n\tInterrupt *I `json:\"-\"`\n}\n", "source-envelope 2"},
        {"a.ts",
         "interface Envelope { envelopeId: string; requestId: string; userId: string; currentStage: string; "
         "interrupt: I }\n",
         "source-envelope 1"},
        {"A.java",
         "record Envelope(String envelopeId, String requestId, String userId, @JsonProperty(\"interrupt\") "
         "Object held,\n "
         "boolean clarificationPending, boolean interruptPending) {}\n",
         "source-legacy-field 2"},
        {"a.h",
         "struct envelope { char *envelope_id, *request_id; char *user_id; int iteration; bool "
         "interrupt_pending; };\n",
         "source-envelope 1"},
    };
    SOURCE_CHECK(rows);
}

static void languages_are_compared(void **state) {
    (void)state;
    static const struct {
        const char *python, *go, *wanted;
    } rows[] = {
        {PYTHON "    interrupt_pending: bool\n    interrupt: dict\n",
         GO "\tInterruptPending bool\n\tInterrupt *I\n}\n", ""},
        {PYTHON "    interrupt_pending: bool\n    interrupt: dict\n    metadata: dict\n",
         GO "\tInterruptPending bool\n\tInterrupt *I\n}\n", "source-fields a.go:2\n"},
        {PYTHON "    interrupt_pending: bool\n    interrupt: dict\n    _cache: dict\n",
         GO "\tInterruptPending bool\n\tInterrupt *I\n\tErrors []E `json:\"errors\"`\n}\n",
         "source-fields a.py:1\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        source_clear();
        source_write("a.py", rows[i].python);
        source_write("a.go", rows[i].go);
        char *found = source_find(NULL, 1);
        assert_string_equal(found, rows[i].wanted);
        free(found);
    }
}

#define MOST                                                                                                 \
    "id: string; kind: Kind; status: S; request_id: string; user_id: string; session_id: string; question: " \
    "string; message: string; "                                                                              \
    "data: object; created_at: string; expires_at: string;"

static void interrupt_and_response_are_held_against_the_contract(void **state) {
    (void)state;
    static const struct source_row rows[] = {
        {"a.ts",
         "interface Pause { " MOST
         " envelope_id: string; response: R; resolved_at: string; trace_id: string; span_id: string }\n",
         ""},
        {"a.ts", "interface Pause { " MOST " }\n", "source-fields 1"},
        {"a.ts", "interface CreatePauseRequest { " MOST " }\n", ""},
        {"a.py",
         "class InterruptResponse:\n    text: str\n    approved: bool\n    decision: str\n    data: dict\n",
         "source-fields 1"},
        {"a.py",
         "class RespondRequest:\n    text: str\n    approved: bool\n    decision: str\n    data: dict\n", ""},
        {"a.py", "class Person:\n    id: str\n    kind: str\n    status: str\n    data: dict\n", ""},
    };
    SOURCE_CHECK(rows);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_envelope_has_its_fields),
        cmocka_unit_test(languages_are_compared),
        cmocka_unit_test(interrupt_and_response_are_held_against_the_contract),
    };
    return cmocka_run_group_tests(tests, source_set_up, source_tear_down) == 0 ? 0 : 1;
}
