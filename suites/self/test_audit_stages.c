/* Stages that are named beside kinds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "suites/self/support_source.h"

static void a_stage_beside_a_kind_is_found(void **state) {
    (void)state;
    static const struct source_row rows[] = {
        {"a.py",
         "def f(e, k):\n    if k == Kind.CLARIFICATION:\n        e.current_stage = \"intent\"\n    elif k in "
         "(Kind.CONFIRMATION,):\n"
         "        stage = \"executor\"\n",
         "source-stage 3, source-stage 5"},
        {"a.py",
         "def f(e, k):\n    match k:\n        case \"clarification\":\n            "
         "e.go_to_stage(\"intent\")\n",
         "source-stage 4"},
        {"a.go",
         "package a\nfunc f() {\n\tif k == KindClarification {\n\t\tenv.CurrentStage = \"intent\"\n\t}\n}\n",
         "source-stage 4"},
        {"a.go",
         "package a\nfunc f() E {\n\tswitch k {\n\tcase KindTimeout:\n\t\treturn E{CurrentStage: "
         "\"late\"}\n\t}\n\treturn "
         "E{}\n}\n",
         "source-stage 5"},
        {"a.ts", "if (k === Kind.Clarification) { env.currentStage = 'intent'; }\n", "source-stage 1"},
        {"a.ts",
         "switch (k) {\n  case 'confirmation':\n    return { ...env, current_stage: 'executor' };\n}\n",
         "source-stage 3"},
        {"a.rs", "fn f() {\n    if k == Kind::Timeout {\n        env.stage = \"late\".into();\n    }\n}\n",
         "source-stage 3"},
        {"A.java",
         "class A { void f() { switch (k) {\n case CLARIFICATION: env.setStage(\"intent\"); break; } } }\n",
         "source-stage 2"},
        {"a.c",
         "void f(struct e *e) {\n if (k == KIND_TIMEOUT) {\n e->stage = \"late\";\n set_stage(e, \"later\"); "
         "} }\n",
         "source-stage 3, source-stage 4"},
    };
    SOURCE_CHECK(rows);
}

static void a_stage_by_itself_is_left_alone(void **state) {
    (void)state;
    static const struct source_row rows[] = {
        {"a.py",
         "def f(e, k):\n    e.current_stage = \"start\"\n    if timeout:\n        e.current_stage = "
         "\"late\"\n",
         ""},
        {"a.py",
         "def f(e, k):\n    if k == Kind.TIMEOUT:\n        e.current_stage = routes[k]\n        e.reason = "
         "\"late\"\n",
         ""},
        {"a.go", "package a\nfunc f() {\n\tif k == KindTimeout {\n\t\tenv.CurrentStage = \"\"\n\t}\n}\n", ""},
        {"a.ts", "const routes = { clarification: 'intent', confirmation: 'executor' };\n", ""},
        {"tests/a.py", "def f(e, k):\n    if k == Kind.TIMEOUT:\n        e.current_stage = \"late\"\n", ""},
    };
    SOURCE_CHECK(rows);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stage_beside_a_kind_is_found),
        cmocka_unit_test(a_stage_by_itself_is_left_alone),
    };
    return cmocka_run_group_tests(tests, source_set_up, source_tear_down) == 0 ? 0 : 1;
}
