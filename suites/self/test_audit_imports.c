/* Tests that import what is gone, by the rules of each language. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "suites/self/support_source.h"

/* A tree of several files; the last is the test. */
struct tree_row {
    const char *files[4][2];
    const char *wanted;
};

static void check(const struct tree_row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        source_clear();
        for (size_t k = 0; k < 4 && rows[i].files[k][0]; k++) {
            source_write(rows[i].files[k][0], rows[i].files[k][1]);
        }
        char *found = source_find(NULL, 1);
        assert_string_equal(found, rows[i].wanted);
        free(found);
    }
}

static void python_is_followed(void **state) {
    (void)state;
    static const struct tree_row rows[] = {
        {{{"app/one.py", "def f():\n    pass\n"},
          {"tests/test_a.py", "import pytest\nfrom app.one import f\nimport app.one\n"}},
         ""},
        {{{"app/one.py", "def f():\n    pass\n"}, {"tests/test_a.py", "from app.two import f\n"}},
         "source-test-import tests/test_a.py:1\n"},
        {{{"app/one.py", "def f():\n    pass\n"},
          {"tests/test_a.py", "import os\nfrom app.one import f, g\n"}},
         "source-test-import tests/test_a.py:2\n"},
        {{{"src/app/one.py", "X = 1\n"},
          {"tests/test_a.py", "from app.one import X\nfrom app import one\nfrom app import two\n"}},
         "source-test-import tests/test_a.py:3\n"},
        {{{"app/one.py", ""},
          {"app/tests/test_a.py", "from ..one import x\nfrom .. import one\nfrom . import helper\n"}},
         "source-test-import app/tests/test_a.py:1\nsource-test-import app/tests/test_a.py:3\n"},
        {{{"app/__init__.py", "from .one import *\n"},
          {"app/one.py", ""},
          {"test_a.py", "from app import anything\n"}},
         ""},
        {{{"app/one.py", "def __getattr__(name):\n    pass\n"},
          {"test_a.py", "from app.one import anything\n"}},
         ""},
        {{{"app/one.py", ""},
          {"test_a.py", "try:\n    import app.two\nexcept ImportError:\n    two = None\n"}},
         ""},
        {{{"app/sub/one.py", ""}, {"test_a.py", "import app.elsewhere\n"}}, ""},
        {{{"app/one.py", ""}, {"app/uses.py", "import app.two\n"}}, ""},
    };
    check(rows, sizeof rows / sizeof rows[0]);
}

static void go_is_followed(void **state) {
    (void)state;
    static const struct tree_row rows[] = {
        {{{"go.mod", "module example.com/x\n"},
          {"one/a.go", "package one\n"},
          {"one/a_test.go", "package one\nimport \"example.com/x/one\"\n"}},
         ""},
        {{{"go.mod", "module example.com/x\n"},
          {"one/a.go", "package one\n"},
          {"one/a_test.go",
           "package one\nimport (\n\t\"fmt\"\n\t\"example.com/x/two\"\n\t\"example.com/y\"\n)\n"}},
         "source-test-import one/a_test.go:4\n"},
        {{{"back/go.mod", "module example.com/x\n"},
          {"back/one/a.go", "package one\n"},
          {"back/a_test.go", "package x\nimport o \"example.com/x/one\"\n"}},
         ""},
    };
    check(rows, sizeof rows / sizeof rows[0]);
}

static void typescript_is_followed(void **state) {
    (void)state;
    static const struct tree_row rows[] = {
        {{{"src/a.ts", "export const x = 1; export class Y {}\n"},
          {"src/b/index.ts", "export * from '../a';\n"},
          {"a.test.ts",
           "import { x, Y } from './src/a.js';\nimport { z } from './src/b';\nimport React from 'react';\n"}},
         ""},
        {{{"src/a.ts", "export const x = 1;\n"}, {"a.spec.ts", "import { y } from './src/a';\n"}},
         "source-test-import a.spec.ts:1\n"},
        {{{"src/a.ts", ""},
          {"__tests__/a.js",
           "const a = require('../src/gone');\njest.mock('../src/a');\nread('./no.txt');\n"}},
         "source-test-import __tests__/a.js:1\n"},
    };
    check(rows, sizeof rows / sizeof rows[0]);
}

static void rust_is_followed(void **state) {
    (void)state;
    static const struct tree_row rows[] = {
        {{{"Cargo.toml", "[package]\nname = \"my-gate\"\n"},
          {"src/lib.rs", "pub mod one;\npub use one::Hold;\n"},
          {"src/one.rs", "pub struct Hold;\npub fn open() {}\n"},
          {"tests/a.rs", "use my_gate::one::{open, Hold};\nuse my_gate::Hold as H;\nuse "
                         "std::fmt::Display;\nuse my_gate::one::*;\n"}},
         ""},
        {{{"Cargo.toml", "[package]\nname = \"my-gate\"\n"},
          {"src/lib.rs", "pub mod one;\n"},
          {"src/one.rs", "pub struct Hold;\n"},
          {"tests/a.rs", "use my_gate::one::{Hold, shut};\nuse my_gate::two::X;\n"}},
         "source-test-import tests/a.rs:1\nsource-test-import tests/a.rs:2\n"},
    };
    check(rows, sizeof rows / sizeof rows[0]);
}

static void java_and_c_are_followed(void **state) {
    (void)state;
    static const struct tree_row rows[] = {
        {{{"src/main/java/com/acme/hold/A.java", "package com.acme.hold;\nclass A { class B {} }\n"},
          {"src/test/java/com/acme/hold/ATest.java",
           "import com.acme.hold.A;\nimport com.acme.hold.A.B;\nimport com.acme.hold.*;\nimport "
           "java.util.List;\nimport "
           "com.acme.hold.Gone;\n"}},
         "source-test-import src/test/java/com/acme/hold/ATest.java:5\n"},
        {{{"core/a.h", ""},
          {"tests/a.c",
           "#include \"core/a.h\"\n#include \"core/gone.h\"\n#include \"config.h\"\n#include <stdio.h>\n"}},
         "source-test-import tests/a.c:2\n"},
    };
    check(rows, sizeof rows / sizeof rows[0]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(python_is_followed),      cmocka_unit_test(go_is_followed),
        cmocka_unit_test(typescript_is_followed),  cmocka_unit_test(rust_is_followed),
        cmocka_unit_test(java_and_c_are_followed),
    };
    return cmocka_run_group_tests(tests, source_set_up, source_tear_down) == 0 ? 0 : 1;
}
