#include "harness/adapters/http.h"

#include "suites/self/support_commands.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PATIENT_MS = 60000 };

static int begin(void **state) {
    (void)state;
    return commands_begin("http-XXXXXX") ? 0 : -1;
}

static int end(void **state) {
    (void)state;
    commands_end();
    return 0;
}

static void stores(void **state) {
    (void)state;
    static const char *const refused[] = {"", "mongo", "postgres:", "memory:x"};
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        struct target *target = NULL;
        struct hp_problem problem = {0};
        assert_int_equal(http_reference_new(refused[i], 1000, &target, &problem), HP_INVALID);
        assert_null(target);
        assert_non_null(strstr(problem.detail, "http:URL"));
    }
}

/* The server that the target itself starts, and one that takes its place. */
static void lives_and_restarts(void **state) {
    (void)state;
    struct target *target = NULL;
    struct hello hello = {0};
    struct session *session = NULL;
    struct answer answer;
    struct text log = {0}, curl = {0};
    const struct request request = {"describe", "{}", 2, false};
    assert_int_equal(http_reference_new("memory", PATIENT_MS, &target, NULL), HP_OK);
    for (int life = 0; life < 2; life++) {
        assert_int_equal(target_hello(target, &hello, NULL), HP_OK);
        assert_int_equal(hello.endpoints, 2);
        assert_true(hello_declares(&hello, "reset"));
        assert_true(hello_declares(&hello, "instants"));
        assert_false(hello_declares(&hello, "processes"));
        assert_null(hello.database);
        hello_release(&hello);
        assert_int_equal(target_open(target, 1, &session, NULL), HP_OK);
        session_call(session, &request, PATIENT_MS, &answer);
        assert_int_equal(answer.kind, ANSWER_RESULT);
        answer_release(&answer);
        session_close(session);
        target_restart(target);
    }
    target_take_log(target, &log);
    assert_non_null(strstr(log.bytes, "\"path\""));
    target_reproduce(target, &request, &curl);
    assert_non_null(strstr(curl.bytes, "curl -sS -i -X POST \"$CONTROLS/call\""));
    text_release(&log);
    text_release(&curl);
    target_free(target);
}

/* Every verdict and every answer over HTTP is that of the reference in process. */
static void same_as_in_process(void **state) {
    (void)state;
    static const struct command_row rows[] = {
        {"$H run --fixtures fixtures --target memory --target http --no-color --filter kinds --filter "
         "lifecycle --filter users "
         "--filter expiry --filter listing --filter roundtrip --filter events",
         0,
         {"parity of http with memory holds", "0 differ", "CONFORMS  exit code 0"}},
        {"$H run --fixtures fixtures --target http:http://127.0.0.1:1 --no-color --filter users",
         3,
         {"nobody answers there"}},
    };
    COMMANDS_CHECK(rows);
}

/* Two servers over one database, told apart by nothing. */
static void two_servers(void **state) {
    (void)state;
    static const struct command_row rows[] = {
        {"$H run --fixtures fixtures --target http:postgres --no-color --filter drift --filter "
         "concurrency.two-servers.two "
         "--filter concurrency.two-processes.two --filter users --filter endtoend",
         0,
         {"CONFORMS  exit code 0"}},
    };
    COMMANDS_CHECK(rows);
}

/* A profile whose server is a command: started, asked, and not there any more. */
static void started_by_a_profile(void **state) {
    (void)state;
    static const struct command_row rows[] = {
        {"sed 's|exec .*server.py|exec $H serve|' examples/python/profile.json >\"$S/mine.json\" && "
         "$H run --fixtures fixtures --target \"profile:$S/mine.json\" --no-color --filter users.respond",
         0,
         {"selected 17 = passed 17", "CONFORMS  exit code 0"}},
        {"sed -i 's/--conformance//' \"$S/mine.json\" && $H run --fixtures fixtures --target "
         "\"profile:$S/mine.json\" --no-color --timeout 300 --filter users.respond",
         3,
         {"the server did not say within 300 ms where it and its controls listen"}},
    };
    COMMANDS_CHECK(rows);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(stores), cmocka_unit_test(lives_and_restarts),
                                       cmocka_unit_test(same_as_in_process), cmocka_unit_test(two_servers),
                                       cmocka_unit_test(started_by_a_profile)};
    return cmocka_run_group_tests(tests, begin, end);
}
