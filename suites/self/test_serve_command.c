/* `holdpoint serve` as a process: what it prints, how it ends. */
#include "suites/self/support_bench.h"
#include "suites/self/support_child.h"
#include "suites/self/support_cluster.h"
#include "suites/self/support_commands.h"
#include "suites/self/support_http.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <signal.h>
#include <stdio.h>

#define NEW "{\"kind\":\"confirmation\",\"request_id\":\"r1\",\"user_id\":\"ann\",\"session_id\":\"s1\"}"

static int set_up(void **state) {
    return commands_begin("serve-XXXXXX") ? support_cluster_start(state) : -1;
}

static int tear_down(void **state) {
    commands_end();
    return support_cluster_stop(state);
}

static void start(struct child *child, const char *one, const char *two, const char *three) {
    const char *const words[] = {"serve", one, two, three, NULL};
    const char *const without_last[] = {"serve", one, two, NULL};
    child_start(child, getenv("H"), three ? words : without_last);
}

/* Reads "WHAT URL". */
static void read_url(struct child *child, const char *what, char url[256]) {
    struct text line = {0};
    assert_true(child_read_line(child, &line));
    assert_memory_equal(line.bytes, what, strlen(what));
    snprintf(url, 256, "%.*s", (int)strcspn(line.bytes + strlen(what), "\n"), line.bytes + strlen(what));
    text_release(&line);
}

static void ends(struct child *child, int signal_number) {
    assert_int_equal(kill(child->pid, signal_number), 0);
    assert_int_equal(child_end(child, NULL), 0);
}

static void serves_until_a_signal(void **state) {
    (void)state;
    static const int signals[] = {SIGTERM, SIGINT};
    for (size_t i = 0; i < 2; i++) {
        struct child child;
        struct http_answer answer = {0};
        char url[256];
        start(&child, "--quiet", i ? "--threads=1" : "--threads=0", i ? "--prefix=" : NULL);
        read_url(&child, "listening on ", url);
        assert_int_equal(strstr(url, "/api/v1") != NULL, i == 0);
        http_ask(url, "POST", i ? "/interrupts" : "/api/v1/interrupts", "", NEW, &answer);
        assert_int_equal(answer.status, 201);
        http_ask(url, "POST", "/reset", "Content-Length: 0\r\n", NULL, &answer);
        assert_int_equal(answer.status, 404);
        http_answer_release(&answer);
        ends(&child, signals[i]);
    }
}

static void has_controls_when_asked(void **state) {
    (void)state;
    struct child child;
    struct http_answer answer = {0};
    char url[256], controls[256];
    start(&child, "--quiet", "--conformance", NULL);
    read_url(&child, "listening on ", url);
    read_url(&child, "controls on ", controls);
    http_ask(controls, "POST", "/clock", "", "{\"now\":\"2025-12-11T09:30:00Z\"}", &answer);
    assert_int_equal(answer.status, 200);
    http_ask(url, "POST", "/api/v1/interrupts", "", NEW, &answer);
    assert_non_null(strstr(answer.body.bytes, "\"created_at\":\"2025-12-11T09:30:00.000000Z\""));
    http_answer_release(&answer);
    ends(&child, SIGTERM);
}

/* Two servers start at once on an empty database, and share it. */
static void serves_a_database(void **state) {
    (void)state;
    struct child children[2];
    struct http_answer answer = {0};
    char urls[2][256], store[512], location[128];
    snprintf(store, sizeof store, "--store=postgres:%s", support_conninfo());
    for (size_t i = 0; i < 2; i++) {
        start(&children[i], "--quiet", store, NULL);
    }
    for (size_t i = 0; i < 2; i++) {
        read_url(&children[i], "listening on ", urls[i]);
    }
    http_ask(urls[0], "POST", "/api/v1/interrupts", "Idempotency-Key: k\r\n", NEW, &answer);
    assert_int_equal(answer.status, 201);
    http_header(&answer, "Location", location, sizeof location);
    http_ask(urls[1], "POST", "/api/v1/interrupts", "Idempotency-Key: k\r\n", NEW, &answer);
    assert_true(http_has_header(&answer, "Idempotency-Replayed", "true"));
    assert_true(http_has_header(&answer, "Location", location));
    http_answer_release(&answer);
    ends(&children[0], SIGTERM);
    ends(&children[1], SIGTERM);
}

static void reads_a_token(void **state) {
    (void)state;
    struct child child;
    struct http_answer answer = {0};
    char url[256], path[512], option[600];
    snprintf(path, sizeof path, "%s/token", commands_folder());
    snprintf(option, sizeof option, "--operator-token-file=%s", path);
    FILE *file = fopen(path, "w");
    assert_true(file && fputs("secret\nno more\n", file) >= 0 && fclose(file) == 0);
    start(&child, "--quiet", option, NULL);
    read_url(&child, "listening on ", url);
    http_ask(url, "POST", "/api/v1/interrupts/expire",
             "Authorization: Bearer secret\r\nContent-Length: 0\r\n", NULL, &answer);
    assert_int_equal(answer.status, 200);
    http_ask(url, "POST", "/api/v1/interrupts/expire",
             "Authorization: Bearer no more\r\nContent-Length: 0\r\n", NULL, &answer);
    assert_int_equal(answer.status, 401);
    http_answer_release(&answer);
    ends(&child, SIGTERM);
}

static void wrong_use(void **state) {
    (void)state;
    static const struct command_row rows[] = {
        {"\"$H\" serve --help", 0, {"Usage: holdpoint serve", "--conformance", "docs/server.md"}},
        {"\"$H\" serve --store=file", 2, {"--store takes memory or postgres:DSN"}},
        {"\"$H\" serve --listen=here", 2, {"HOST:PORT was expected"}},
        {"\"$H\" serve --prefix=/v1/", 2, {"is no prefix"}},
        {"\"$H\" serve --threads=many", 2, {"--threads takes a number"}},
        {"\"$H\" serve --threads=1000", 2, {"--threads takes a number"}},
        {"\"$H\" serve --max-connections=0", 2, {"max-connections"}},
        {"\"$H\" serve --auth-header='X User'", 2, {"is no name of a header"}},
        {"\"$H\" serve --operator-token=", 2, {"token is empty"}},
        {"\"$H\" serve --operator-token-file=/no/such/file", 2, {"/no/such/file"}},
        {"\"$H\" serve --store=postgres:host=/no/such/folder", 3, {"serve"}},
        {"\"$H\" serve --listen=203.0.113.1:0", 3, {"cannot be listened on"}},
        {"\"$H\" serve --hold=change", 2, {"add --conformance"}},
        {"\"$H\" serve --fault=event-twice", 2, {"add --conformance"}},
        {"\"$H\" serve --conformance --fault=none", 2, {"there is no fault of stores"}},
        {"\"$H\" serve --conformance --hold=nowhere", 2, {"there is no point"}},
        {"\"$H\" serve --routes=/no/such/file", 3, {"/no/such/file"}},
        {"echo '{\"stages\": [\"a\"],' >\"$S/bad.json\"; echo '\"routes\": {\"timeout\": \"b\"}}' "
         ">>\"$S/bad.json\"; "
         "\"$H\" serve "
         "--routes=\"$S/bad.json\"",
         2,
         {"bad.json:2: at /routes/timeout: the pipeline has no such stage"}},
        {"\"$H\" serve more", 2, {"serve"}},
    };
    COMMANDS_CHECK(rows);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(serves_until_a_signal),
        cmocka_unit_test(has_controls_when_asked),
        cmocka_unit_test(serves_a_database),
        cmocka_unit_test(reads_a_token),
        cmocka_unit_test(wrong_use),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
