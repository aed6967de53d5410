#include "harness/adapters/http_child.h"

#include "harness/adapters/http_line.h"
#include "suites/self/support_child.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <poll.h>
#include <stdio.h>

enum { PATIENT_MS = 60000, LOOK_MS = 10, LOOKS_MAX = 3000 };

static bool answers(const char *url) {
    struct http_line *line = http_line_new(65536);
    struct http_reply reply = {0};
    char health[256];
    snprintf(health, sizeof health, "%s/healthz", url);
    const struct http_request request = {.verb = "GET", .url = health};
    assert_int_equal(http_line_start(line, &request, NULL), HP_OK);
    assert_true(http_line_wait(line, PATIENT_MS, &reply));
    bool there = !reply.broken && reply.status == 200;
    http_reply_release(&reply);
    http_line_free(line);
    return there;
}

static void comes_and_goes(void **state) {
    (void)state;
    struct http_child *child = NULL;
    struct text log = {0};
    char url[256];
    assert_int_equal(http_child_start(NULL, NULL, PATIENT_MS, &child, NULL), HP_OK);
    text_put(url, sizeof url, http_child_url(child));
    assert_non_null(strstr(url, "http://127.0.0.1:"));
    assert_non_null(strstr(http_child_controls(child), "http://127.0.0.1:"));
    assert_true(answers(url));
    http_child_pump(child);
    http_child_end(child, &log);
    assert_non_null(strstr(log.bytes, "/healthz"));
    assert_false(answers(url));
    text_release(&log);
    http_child_end(NULL, NULL);
}

static void does_not_come(void **state) {
    (void)state;
    const char *program = getenv("HOLDPOINT");
    char *kept = text_copy(program);
    struct http_child *child = NULL;
    struct hp_problem problem = {0};
    assert_int_equal(
        http_child_start("host=/nowhere password=s3cret", "public", PATIENT_MS, &child, &problem),
        HP_UNAVAILABLE);
    assert_null(child);
    assert_non_null(strstr(problem.detail, "did not say"));
    assert_null(strstr(problem.detail, "s3cret"));
    hp_problem_clear(&problem);
    assert_int_equal(setenv("HOLDPOINT", "/nowhere/holdpoint", 1), 0);
    assert_int_equal(http_child_start(NULL, NULL, PATIENT_MS, &child, &problem), HP_UNAVAILABLE);
    assert_non_null(strstr(problem.detail, "it says: "));
    if (kept) {
        setenv("HOLDPOINT", kept, 1);
    } else {
        unsetenv("HOLDPOINT");
    }
    free(kept);
}

/* Any command that says where it and its controls listen. */
static void by_a_command(void **state) {
    (void)state;
    struct http_child *child = NULL;
    struct hp_problem problem = {0};
    struct text log = {0};
    assert_int_equal(http_child_start_command("exec \"$HOLDPOINT\" serve --conformance --prefix '/own'",
                                              PATIENT_MS, &child, NULL),
                     HP_OK);
    assert_non_null(strstr(http_child_url(child), "/own"));
    assert_true(answers(http_child_url(child)));
    http_child_end(child, &log);
    assert_non_null(strstr(log.bytes, "/healthz"));
    text_release(&log);
    assert_int_equal(http_child_start_command("echo listening on http://l; echo no controls >&2", PATIENT_MS,
                                              &child, &problem),
                     HP_UNAVAILABLE);
    assert_non_null(strstr(problem.detail, "it says: no controls"));
}

/* The child of this test: starts a server, says where, and waits to be killed. */
static int be_harness(void) {
    struct http_child *child = NULL;
    if (http_child_start(NULL, NULL, PATIENT_MS, &child, NULL) != HP_OK) {
        return 1;
    }
    printf("%s\n", http_child_url(child));
    fflush(stdout);
    getchar();
    return 0;
}

static const char *self;

static void ends_with_a_killed_harness(void **state) {
    (void)state;
    const char *const words[] = {"be-harness", NULL};
    struct child harness = {0};
    struct text url = {0};
    child_start(&harness, self, words);
    assert_true(child_read_line(&harness, &url));
    url.bytes[strcspn(url.bytes, "\n")] = '\0';
    assert_true(answers(url.bytes));
    child_kill(&harness);
    bool there = true;
    for (int i = 0; there && i < LOOKS_MAX; i++) {
        poll(NULL, 0, LOOK_MS);
        there = answers(url.bytes);
    }
    assert_false(there);
    text_release(&url);
}

int main(int count, char **arguments) {
    self = arguments[0];
    if (count > 1 && strcmp(arguments[1], "be-harness") == 0) {
        return be_harness();
    }
    const struct CMUnitTest tests[] = {cmocka_unit_test(comes_and_goes), cmocka_unit_test(does_not_come),
                                       cmocka_unit_test(by_a_command),
                                       cmocka_unit_test(ends_with_a_killed_harness)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
