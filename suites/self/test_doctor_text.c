#include "harness/report/doctor_report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A checkup of three checks, of which one fails when it is faulty. */
static void make(struct checkup *checkup, bool faulty) {
    *checkup = (struct checkup){.target = text_copy("stdio:./a"), .next = text_copy("holdpoint run")};
    checkup_add(checkup, "hello", "answers the hello in time");
    checkup_add(checkup, "flush", "hands out each answer at once");
    checkup_add(checkup, "endpoints", "shares one state");
    checkup_pass(checkup, "hello", "it took %d ms", 2500);
    if (faulty) {
        checkup->log = text_copy("first\nsecond \x1b[31m\n");
        checkup->by_hand = text_copy("printf x | ./a");
        checkup_fail(checkup, "flush", "each answer", "Flush.", "It wrote %s.", "\x1b[31m");
    } else {
        checkup->who = text_copy("a 1, C; 2 capabilities, 1 endpoint");
        checkup_skip(checkup, "flush", "no wire");
    }
    checkup_skip(checkup, "endpoints", faulty ? "one endpoint" : "no wire");
    assert_false(checkup->failed);
}

static void assert_text(bool faulty, bool color, const char *wanted) {
    struct checkup checkup;
    struct text text = {0};
    make(&checkup, faulty);
    doctor_add_text(&text, &checkup, paint_get(color), 100);
    assert_false(text.failed);
    assert_string_equal(text.bytes, wanted);
    text_release(&text);
    checkup_release(&checkup);
}

static void a_healthy_one_says_what_comes_next(void **state) {
    (void)state;
    assert_text(false, false,
                "doctor of stdio:./a\n"
                "          a 1, C; 2 capabilities, 1 endpoint\n"
                "\n"
                "ok         hello                answers the hello in time: it took 2500 ms\n"
                "not tried  flush, endpoints: no wire\n"
                "\n"
                "checks 3 = ok 1 + fails 0 + not tried 2\n"
                "HEALTHY\n"
                "next     holdpoint run\n");
}

static void want_of_time_is_no_health(void **state) {
    (void)state;
    struct checkup checkup;
    struct text text = {0}, json = {0};
    make(&checkup, false);
    checkup.hurried = true;
    doctor_add_text(&text, &checkup, paint_get(false), 100);
    doctor_add_json(&json, &checkup);
    assert_non_null(strstr(text.bytes, "\nUNDECIDED\n"));
    assert_non_null(strstr(json.bytes, "\"conclusion\":\"undecided\""));
    text_release(&text);
    text_release(&json);
    checkup_release(&checkup);
}

static void a_fault_says_what_was_done_and_what_to_mend(void **state) {
    (void)state;
    assert_text(true, false,
                "doctor of stdio:./a\n"
                "\n"
                "ok         hello                answers the hello in time: it took 2500 ms\n"
                "fails      flush                hands out each answer at once\n"
                "    did       It wrote \\x1b[31m.\n"
                "    expected  each answer\n"
                "    mend      Flush.\n"
                "not tried  endpoints: one endpoint\n"
                "\n"
                "the end of its stderr\n"
                "    first\n"
                "    second \\x1b[31m\n"
                "\n"
                "checks 3 = ok 1 + fails 1 + not tried 1\n"
                "FAULTY\n"
                "by hand  printf x | ./a\n"
                "next     holdpoint run\n");
}

static void colours_are_for_those_who_want_them(void **state) {
    (void)state;
    struct checkup checkup;
    struct text text = {0};
    make(&checkup, true);
    doctor_add_text(&text, &checkup, paint_get(true), 100);
    assert_non_null(strstr(text.bytes, paint_get(true)->bad));
    text_release(&text);
    checkup_release(&checkup);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_healthy_one_says_what_comes_next),
        cmocka_unit_test(want_of_time_is_no_health),
        cmocka_unit_test(a_fault_says_what_was_done_and_what_to_mend),
        cmocka_unit_test(colours_are_for_those_who_want_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
