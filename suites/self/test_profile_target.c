#include "harness/adapters/profile_target.h"

#include "reference/store/postgres.h"
#include "suites/self/support_child.h"
#include "suites/self/support_cluster.h"
#include "suites/self/support_commands.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <stdio.h>

static struct child service;

/* Starts examples/profiles/audited_api.py over a database of its own, and says where both are. */
static int begin(void **state) {
    static const char said[] = "listening on ";
    struct text line = {0};
    char conninfo[1024];
    if (support_cluster_start(state) != 0 || !commands_begin("profile-target-XXXXXX") ||
        hp_postgres_migrate(support_conninfo(), NULL, NULL) != HP_OK) {
        return -1;
    }
    text_put(conninfo, sizeof conninfo, support_conninfo());
    const char *const with_database[] = {"examples/profiles/audited_api.py", conninfo, NULL};
    child_start(&service, "/usr/bin/python3", with_database);
    if (!child_read_line(&service, &line) || strncmp(line.bytes, said, strlen(said)) != 0) {
        return -1;
    }
    line.bytes[strcspn(line.bytes, "\r\n")] = '\0';
    setenv("AUDITED_URL", line.bytes + strlen(said), 1);
    setenv("AUDITED_DATABASE", conninfo, 1);
    text_release(&line);
    return 0;
}

static int end(void **state) {
    child_end(&service, NULL);
    commands_end();
    return support_cluster_stop(state);
}

#define RUN "$H run --fixtures fixtures --target profile:examples/profiles/audited.json --no-color "

/* What it does is judged, what it lacks is unsupported, by name. */
static void verdicts(void **state) {
    (void)state;
    static const struct command_row rows[] = {
        {RUN "--filter users --filter kinds",
         0,
         {"needs the capability clock, which the target does not declare",
          "step 1 judges interrupt.create, which is not carried out by the service itself",
          "CONFORMS  exit code 0"}},
        {RUN "--filter users.respond", 0, {"selected 17 = passed 14 + unsupported 3"}},
        {RUN "--filter lifecycle --filter listing",
         0,
         {"interrupt.get cannot be said to the target: id: a URL cannot tell what is no text from text",
          "interrupt.list cannot be said to the target: without a user_id the caller is trusted; by HTTP "
          "nobody is",
          "needs the capability pending_for_request"}},
        {RUN "--filter roundtrip.response --filter concurrency.respond-respond.two",
         0,
         {"selected 2 = passed 2"}},
        {RUN "--filter concurrency.schedule.get-respond --filter concurrency.schedule.respond-cancel",
         0,
         {"unsupported 1: a step had no answer: without a user_id the caller is trusted; by HTTP nobody is",
          "selected 2 = passed 1 + unsupported 1"}},
        {RUN "--filter events",
         1,
         {"needs the capability events", "needs the capability webhooks", "nothing was proved"}},
    };
    COMMANDS_CHECK(rows);
}

/* The same service through a profile that expects something else of it: the failure shows the request. */
static void failure_shows_curl(void **state) {
    (void)state;
    static const struct command_row rows[] = {
        {"sed 's/\"statuses\": {/\"headers\": {\"X-Token\": \"${HP_TEST_TOKEN}\"}, \"statuses\": {\"403\": "
         "\"not_found\", /' "
         "examples/profiles/audited.json >$S/odd.json && HP_TEST_TOKEN=s3cret $H run --fixtures fixtures "
         "--target "
         "profile:$S/odd.json "
         "--no-color --filter users.get.missing --filter users.list >$S/out; HP_TEST_TOKEN=s3cret $H run "
         "--fixtures fixtures "
         "--target "
         "profile:$S/odd.json --no-color --filter users.respond.stranger >>$S/out; cat $S/out; grep -c "
         "s3cret $S/out",
         1,
         {"refused under another name", "curl -sS -i -X POST \"${AUDITED_URL}/interrupts/",
          "-H \"X-Token: ${HP_TEST_TOKEN}\""}},
        {"$H run --fixtures fixtures --target profile:$S/nowhere.json --filter users",
         2,
         {"nowhere.json: No such file or directory"}},
        {"echo '{\"servers\": [\"http://a\"], \"routes\": {}, \"by\": {\"reset\": "
         "\"stdio:${HP_TEST_NOBODY}\"}}' >$S/by.json; "
         "$H run --fixtures fixtures --target profile:$S/by.json --filter users",
         2,
         {"the environment variable HP_TEST_NOBODY is not set"}},
    };
    COMMANDS_CHECK(rows);
}

static void frees_what_it_made(void **state) {
    (void)state;
    struct target *target = NULL;
    struct hello hello = {0};
    struct session *session = NULL;
    struct answer answer;
    static const char params[] =
        "{\"kind\":\"timeout\",\"request_id\":\"r\",\"user_id\":\"u\",\"session_id\":\"s\"}";
    const struct request create = {"interrupt.create", params, sizeof params - 1, false};
    const struct request list = {"interrupt.list", "{\"user_id\":\"u\"}", 15, false};
    assert_int_equal(profile_target_new("examples/profiles/audited.json", 20000, &target, NULL), HP_OK);
    assert_int_equal(target_hello(target, &hello, NULL), HP_OK);
    assert_string_equal(hello.name, "the audited API");
    assert_true(hello_declares(&hello, "create"));
    assert_int_equal(json_array_size(hello.stand_ins), 1);
    hello_release(&hello);
    assert_int_equal(target_open(target, 0, &session, NULL), HP_OK);
    session_call(session, &create, 20000, &answer);
    assert_int_equal(answer.kind, ANSWER_RESULT);
    answer_release(&answer);
    session_call(session, &list, 20000, &answer);
    assert_int_equal(json_array_size(json_object_get(answer.result, "interrupts")), 1);
    answer_release(&answer);
    session_close(session);
    target_free(target);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(verdicts), cmocka_unit_test(failure_shows_curl),
                                       cmocka_unit_test(frees_what_it_made)};
    return cmocka_run_group_tests(tests, begin, end);
}
