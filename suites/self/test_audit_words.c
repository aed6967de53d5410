/* Types that stand for kinds, statuses and decisions, in each form that a language has for them; and what only looks so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "suites/self/support_source.h"

static void an_enum_is_found_in_each_form(void **state) {
    (void)state;
    static const struct source_row rows[] = {
        {"a.py",
         "class InterruptKind(Enum):\n    CLARIFICATION = \"clarification\"\n    TIMEOUT = \"timeout\"\n",
         "source-kinds 1"},
        {"a.py",
         "class Reason(enum.StrEnum):\n    CLARIFICATION = auto()\n    CONFIRMATION = auto()\n    CHECKPOINT "
         "= auto()\n"
         "    CRITIC_REVIEW = auto()\n    RESOURCE_EXHAUSTED = auto()\n    TIMEOUT = auto()\n    "
         "SYSTEM_ERROR = auto()\n",
         ""},
        {"a.py",
         "Kind = Literal[\"clarification\", \"confirmation\", \"critic_review\",\n    \"checkpoint\", "
         "\"timeout\", "
         "\"system_error\"]\n",
         "source-kinds 1"},
        {"a.py",
         "class X:\n    k: Literal[\"clarification\", \"confirmation\", \"critic_review\", \"checkpoint\", "
         "\"timeout\"]\n",
         "source-kinds 2"},
        {"a.py",
         "\nKIND_CLARIFICATION = \"clarification\"\nKIND_CONFIRMATION = \"confirmation\"\nKIND_CHECKPOINT = "
         "\"checkpoint\"\n"
         "KIND_TIMEOUT = \"timeout\"\nKIND_ODD = \"odd\"\nURL = \"http://localhost\"\n",
         "source-kinds-extra 6, source-kinds 2"},
        {"a.py", "INTERRUPT_KINDS = (\"clarification\", \"confirmation\", \"checkpoint\", \"timeout\")\n",
         "source-kinds 1"},
        {"a.py", "KINDS = frozenset({\"clarification\", \"confirmation\", \"checkpoint\", \"timeout\"})\n",
         "source-kinds 1"},
        {"a.go",
         "package a\ntype Kind string\nconst (\n\tClarification Kind = \"clarification\"\n\tConfirmation "
         "Kind = "
         "\"confirmation\"\n\tCheckpoint Kind = \"checkpoint\"\n\tTimeout Kind = \"timeout\"\n)\n",
         "source-kinds 3"},
        {"a.ts",
         "export type Kind = 'clarification' | 'confirmation' | 'critic_review' | 'checkpoint' |\n  "
         "'resource_exhausted' | 'timeout';\n",
         "source-kinds 1"},
        {"a.ts",
         "export type InterruptKind = 'clarification' | 'confirmation' | 'agent_review' | 'checkpoint' |\n  "
         "'resource_exhausted' | 'timeout' | 'system_error';\n",
         "source-kinds 1"},
        {"a.ts",
         "const Kind = {\n  Clarification: 'clarification', Confirmation: 'confirmation', Checkpoint: "
         "'checkpoint',\n  "
         "Timeout: 'timeout',\n} as const;\n",
         "source-kinds 1"},
        {"a.js",
         "const Kind = Object.freeze({ A: 'clarification', B: 'confirmation', C: 'checkpoint', D: 'timeout' "
         "});\n",
         "source-kinds 1"},
        {"a.ts", "const KINDS = ['clarification', 'confirmation', 'checkpoint', 'timeout'] as const;\n",
         "source-kinds 1"},
        {"a.ts",
         "const HOLDS = ['clarification', 'confirmation', 'checkpoint', 'timeout'] as const;\ntype Hold = "
         "(typeof "
         "HOLDS)[number];\n",
         "source-kinds 1"},
        {"a.tsx",
         "enum Why { Clarification = 'clarification', Confirmation = 'confirmation', Checkpoint = "
         "'checkpoint', Timeout = "
         "'timeout' }\n",
         "source-kinds 1"},
        {"a.rs",
         "#[serde(rename_all = \"snake_case\")]\npub enum Why { Clarification, Confirmation, Checkpoint, "
         "Timeout, "
         "SystemError, ResourceExhausted }\n",
         "source-kinds 2"},
        {"a.rs",
         "enum Why { #[serde(rename = \"clarification\")] Ask, Confirmation, Checkpoint, CriticReview,\n "
         "Timeout, "
         "SystemError, ResourceExhausted }\n",
         ""},
        {"a.rs",
         "pub const KINDS: [&str; 4] = [\"clarification\", \"confirmation\", \"checkpoint\", \"timeout\"];\n",
         "source-kinds 1"},
        {"A.java", "enum Why { CLARIFICATION, CONFIRMATION, CHECKPOINT, TIMEOUT }\n", "source-kinds 1"},
        {"A.java",
         "enum Why {\n ASK(\"clarification\"), CONFIRM(\"confirmation\"), REVIEW(\"agent_review\"), "
         "CHECK(\"checkpoint\"),\n"
         " FULL(\"resource_exhausted\"), LATE(\"timeout\"), BROKEN(\"system_error\");\n private final String "
         "w; }\n",
         "source-kinds 2"},
        {"A.java",
         "class Kinds { static final String A = \"clarification\", B = \"confirmation\";\n static final "
         "String C = "
         "\"checkpoint\"; static final String D = \"timeout\"; }\n",
         "source-kinds 1"},
        {"a.h", "enum why { WHY_CLARIFICATION, WHY_CONFIRMATION, WHY_CHECKPOINT, WHY_TIMEOUT, WHY_COUNT };\n",
         "source-kinds 1"},
        {"a.h",
         "typedef enum {\n K_CLARIFICATION, K_CONFIRMATION, K_CRITIC_REVIEW, K_CHECKPOINT, "
         "K_RESOURCE_EXHAUSTED, K_TIMEOUT\n} "
         "why_t;\n",
         "source-kinds 1"},
    };
    SOURCE_CHECK(rows);
}

static void statuses_and_decisions_are_found_too(void **state) {
    (void)state;
    static const struct source_row rows[] = {
        {"a.py",
         "class InterruptStatus(str, Enum):\n    PENDING = \"pending\"\n    RESOLVED = \"resolved\"\n    "
         "CANCELLED = "
         "\"cancelled\"\n",
         "source-statuses 1"},
        {"a.py",
         "class S(Enum):\n    PENDING = \"pending\"\n    RESOLVED = \"resolved\"\n    EXPIRED = "
         "\"expired\"\n    CANCELED = "
         "\"canceled\"\n",
         "source-statuses 5"},
        {"a.ts", "type InterruptStatus = 'pending' | 'resolved' | 'expired' | 'cancelled' | 'open';\n",
         "source-statuses-extra 1"},
        {"a.py", "class Decision(Enum):\n    APPROVE = \"approve\"\n    REJECT = \"reject\"\n",
         "source-decisions 1"},
    };
    SOURCE_CHECK(rows);
}

static void what_is_something_else_is_left_alone(void **state) {
    (void)state;
    static const struct source_row rows[] = {
        {"a.py",
         "class JobStatus(Enum):\n    PENDING = \"pending\"\n    RUNNING = \"running\"\n    FAILED = "
         "\"failed\"\n    CANCELLED = "
         "\"cancelled\"\n",
         ""},
        {"a.py",
         "class ErrorKind(Enum):\n    TIMEOUT = \"timeout\"\n    SYSTEM_ERROR = \"system_error\"\n    OTHER "
         "= \"other\"\n",
         ""},
        {"a.py",
         "EXPIRING_KINDS = (\"clarification\", \"confirmation\", \"critic_review\", \"timeout\", "
         "\"system_error\")\n",
         ""},
        {"a.ts", "const ANSWERED = ['clarification', 'confirmation', 'critic_review', 'timeout'] as const;\n",
         ""},
        {"a.ts", "type Answered = 'clarification' | 'confirmation' | 'critic_review';\n", ""},
        {"a.py",
         "class InterruptEvent(Enum):\n    A = \"checkpoint\"\n    B = \"timeout\"\n    C = "
         "\"clarification\"\n",
         ""},
        {"a.py",
         "class Event(Enum):\n    A = \"interrupt.checkpoint\"\n    B = \"interrupt.timeout\"\n    C = "
         "\"interrupt.system_error\"\n"
         "    D = \"interrupt.critic_review\"\n",
         ""},
        {"a.go", "package a\nconst (\n\tPending = iota\n\tRunning\n\tExpired\n)\n", ""},
        {"test_a.py",
         "class InterruptKind(Enum):\n    CLARIFICATION = \"clarification\"\n    TIMEOUT = \"timeout\"\n",
         ""},
        {"a.py", "class InterruptKind(Enum:\n    def broken(\n", ""},
        {"a.py", "", ""},
    };
    SOURCE_CHECK(rows);
}

static void a_configuration_says_what_stands_for_what(void **state) {
    (void)state;
    static const struct {
        const char *configuration, *wanted;
    } rows[] = {
        {"{}", ""},
        {"{\"types\": {\"Why\": \"kinds\"}}", "source-kinds 1"},
        {"{\"types\": {\"Why\": \"nothing\"}}", ""},
        {"{\"types\": {\"Why\": \"kinds\"}, \"ignore\": [{\"check\": \"source-kinds\", \"path\": \"a.py\", "
         "\"reason\": \"the rest is "
         "to come\"}]}",
         "source-ignored 1"},
        {"{\"types\": {\"Why\": \"kinds\"}, \"folders\": {\"skip\": [\"*.py\"]}}", ""},
        {"{\"ignore\": [{\"check\": \"source-kinds\", \"path\": \"b.py\", \"reason\": \"there is no such "
         "thing\"}]}",
         "source-ignored 1"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        source_clear();
        source_write("a.py", "class Why(Enum):\n    A = \"clarification\"\n    B = \"timeout\"\n");
        source_write("b.go", "package b\n");
        source_write("holdpoint-source.json", rows[i].configuration);
        char *found = source_find(NULL, 0);
        assert_string_equal(found, rows[i].wanted);
        free(found);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_enum_is_found_in_each_form),
        cmocka_unit_test(statuses_and_decisions_are_found_too),
        cmocka_unit_test(what_is_something_else_is_left_alone),
        cmocka_unit_test(a_configuration_says_what_stands_for_what),
    };
    return cmocka_run_group_tests(tests, source_set_up, source_tear_down) == 0 ? 0 : 1;
}
