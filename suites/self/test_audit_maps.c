/* Maps from one enum to another, as literals and as switches. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "suites/self/support_source.h"

static void a_map_with_holes_is_found(void **state) {
    (void)state;
    static const struct source_row rows[] = {
        {"a.py",
         "m = {\n  T.CLARIFICATION: K.CLARIFICATION, T.CONFIRMATION: K.CONFIRMATION,\n  T.TIMEOUT: "
         "K.TIMEOUT}\n",
         "source-map 1"},
        {"a.py",
         "def f(t):\n    match t:\n        case T.CLARIFICATION:\n            return K.CLARIFICATION\n       "
         " case "
         "T.CONFIRMATION | T.TIMEOUT:\n            return K.CONFIRMATION\n        case T.CHECKPOINT:\n       "
         "     return "
         "K.CHECKPOINT\n",
         "source-map 2"},
        {"a.go",
         "package a\nvar m = map[T]K{TClarification: KClarification, TConfirmation: KConfirmation, TTimeout: "
         "KTimeout}\n",
         "source-map 2"},
        {"a.go",
         "package a\nfunc f(t T) K {\n\tswitch t {\n\tcase TClarification:\n\t\treturn "
         "KClarification\n\tcase "
         "TConfirmation:\n\t\treturn KConfirmation\n\tcase TTimeout:\n\t\treturn KTimeout\n\t}\n\treturn "
         "KSystemError\n}\n",
         "source-map 3"},
        {"a.ts",
         "const m: Partial<Record<T, K>> = { clarification: K.Clarification, confirmation: K.Confirmation, "
         "timeout: K.Timeout };\n",
         "source-map 1"},
        {"a.ts",
         "const m = new Map([[T.Clarification, K.Clarification], [T.Confirmation, K.Confirmation], "
         "[T.Timeout, K.Timeout]]);\n",
         "source-map 1"},
        {"a.ts",
         "function f(t: T): K {\n  switch (t) {\n    case T.Clarification: return K.Clarification;\n    case "
         "T.Confirmation: "
         "return K.Confirmation;\n    case T.Timeout: return K.Timeout;\n    default: return "
         "K.SystemError;\n  }\n}\n",
         "source-map 2"},
        {"a.rs",
         "fn f(t: T) -> K {\n    match t {\n        T::Clarification => K::Clarification,\n        "
         "T::Confirmation => "
         "K::Confirmation,\n        T::Timeout => K::Timeout,\n        _ => K::SystemError,\n    }\n}\n",
         "source-map 2"},
        {"A.java",
         "class A { Map<T, K> m = Map.ofEntries(entry(T.CLARIFICATION, K.CLARIFICATION), entry(T.TIMEOUT, "
         "K.TIMEOUT),\n "
         "Map.entry(T.CONFIRMATION, K.CONFIRMATION)); }\n",
         "source-map 1"},
        {"A.java",
         "class A { Map<T, K> m = Map.of(T.CLARIFICATION, K.CLARIFICATION, T.CONFIRMATION, K.CONFIRMATION, "
         "T.TIMEOUT,\n "
         "K.TIMEOUT); }\n",
         "source-map 1"},
        {"A.java",
         "class A { K f(T t) {\n return switch (t) { case CLARIFICATION -> K.CLARIFICATION; case "
         "CONFIRMATION -> "
         "K.CONFIRMATION;\n case TIMEOUT -> K.TIMEOUT; default -> K.SYSTEM_ERROR; }; } }\n",
         "source-map 2"},
        {"a.c",
         "static const int m[] = {[T_CLARIFICATION] = K_CLARIFICATION, [T_CONFIRMATION] = K_CONFIRMATION,\n "
         "[T_TIMEOUT] = "
         "K_TIMEOUT};\n",
         "source-map 1"},
        {"a.c",
         "int f(int t) {\n switch (t) {\n case T_CLARIFICATION: return K_CLARIFICATION;\n case "
         "T_CONFIRMATION: return "
         "K_CONFIRMATION;\n case T_TIMEOUT: return K_TIMEOUT;\n default: return K_SYSTEM_ERROR; } }\n",
         "source-map 2"},
    };
    SOURCE_CHECK(rows);
}

static void a_whole_map_or_one_to_something_else_is_left_alone(void **state) {
    (void)state;
    static const struct source_row rows[] = {
        {"a.py",
         "m = {T.CLARIFICATION: K.CLARIFICATION, T.CONFIRMATION: K.CONFIRMATION, T.CRITIC_REVIEW: "
         "K.CRITIC_REVIEW,\n"
         " T.CHECKPOINT: K.CHECKPOINT, T.RESOURCE_EXHAUSTED: K.RESOURCE_EXHAUSTED, T.TIMEOUT: K.TIMEOUT,\n"
         " T.SYSTEM_ERROR: K.SYSTEM_ERROR}\n",
         ""},
        {"a.py",
         "ttl = {K.CLARIFICATION: 86400, K.CONFIRMATION: 3600, K.CRITIC_REVIEW: 1800, K.TIMEOUT: 300}\n", ""},
        {"a.py",
         "events = {\"clarification\": \"interrupt.clarification_needed\", \"confirmation\": "
         "\"interrupt.confirmation_needed\",\n"
         " \"timeout\": \"interrupt.timeout\"}\n",
         ""},
        {"a.py", "options = {\"timeout\": 3, \"checkpoint\": \"x.bin\", \"confirmation\": False}\n", ""},
        {"a.ts",
         "const field = { clarification: 'text', confirmation: 'approved', critic_review: 'decision' };\n",
         ""},
        {"a.go",
         "package a\nfunc f(t T) string {\n\tswitch t {\n\tcase TClarification:\n\t\treturn \"ask\"\n\tcase "
         "TConfirmation, "
         "TTimeout:\n\t\treturn \"wait\"\n\t}\n\treturn \"\"\n}\n",
         ""},
        {"a.c",
         "int f(int t) {\n switch (t) {\n case K_CLARIFICATION: case K_CONFIRMATION: case K_TIMEOUT: return "
         "1;\n default: return "
         "0; } }\n",
         ""},
    };
    SOURCE_CHECK(rows);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_map_with_holes_is_found),
        cmocka_unit_test(a_whole_map_or_one_to_something_else_is_left_alone),
    };
    return cmocka_run_group_tests(tests, source_set_up, source_tear_down) == 0 ? 0 : 1;
}
