#include "harness/adapters/profile.h"

#include "harness/adapters/profile_texts.h"
#include "harness/base/value.h"
#include "suites/self/support_commands.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <stdio.h>

static char path[256];

static int begin(void **state) {
    (void)state;
    bool made = commands_begin("profile-XXXXXX") && setenv("HP_TEST_TOKEN", "s3cret", 1) == 0;
    snprintf(path, sizeof path, "%s/profile.json", commands_folder());
    return made ? 0 : -1;
}

static int end(void **state) {
    (void)state;
    commands_end();
    return 0;
}

static enum hp_status read_text(const char *text, struct profile **profile, struct hp_problem *problem) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
    *profile = NULL;
    return profile_read(path, profile, problem);
}

static void built_in(void **state) {
    (void)state;
    struct profile *profile = NULL;
    const struct {
        const char *text, *file;
    } rows[] = {{profile_schema_text, "fixtures/schema/profile.json"},
                {profile_contract_text, "examples/profiles/contract.json"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *one = json_loads(rows[i].text, 0, NULL), *other = json_load_file(rows[i].file, 0, NULL);
        assert_non_null(one);
        assert_true(value_equals(one, other));
        json_decref(one);
        json_decref(other);
    }
    assert_int_equal(profile_of_contract("http://h:1/x", NULL, &profile, NULL), HP_OK);
    assert_string_equal(profile->servers[0].url.sent, "http://h:1/x");
    assert_false(profile_has_controls(profile));
    assert_int_equal(profile->route_count, 5);
    assert_string_equal(profile->statuses[422], "invalid");
    assert_null(profile->statuses[302]);
    profile_free(profile);
    profile_free(NULL);
}

static void whole_file(void **state) {
    (void)state;
    struct profile *profile = NULL;
    struct hp_problem problem = {0};
    enum hp_status status =
        read_text("{\"name\": \"mine\", \"servers\": [\"http://127.0.0.1:${HP_TEST_TOKEN}/\", "
                  "\"https://b\"], \"prefix\": \"v1/\",\n"
                  " \"headers\": {\"Authorization\": \"Bearer ${HP_TEST_TOKEN}\"},\n"
                  " \"operator\": {\"X-Operator\": \"${HP_TEST_TOKEN}\"},\n"
                  " \"routes\": {\"interrupt.get\": {\"request\": \"GET /i/{id}\", \"headers\": {\"X-A\": "
                  "\"b\"}, \"result\": {\"interrupt\": \"\"}}},\n"
                  " \"statuses\": {\"410\": \"not_found\", \"409\": \"invalid\"}, \"errors\": {\"detail\": "
                  "\"/message\"},\n"
                  " \"body_max_bytes\": 10, \"by\": {\"interrupt.create\": \"stdio:x\"}}",
                  &profile, &problem);
    assert_string_equal(problem.detail, "");
    assert_int_equal(status, HP_OK);
    assert_string_equal(profile->name, "mine");
    assert_string_equal(profile->servers[0].url.sent, "http://127.0.0.1:s3cret/v1");
    assert_string_equal(profile->servers[0].url.shown, "http://127.0.0.1:${HP_TEST_TOKEN}/v1");
    assert_string_equal(profile->servers[1].url.sent, "https://b/v1");
    assert_string_equal(profile->headers.lines[0].sent, "Authorization: Bearer s3cret");
    assert_string_equal(profile->headers.lines[0].shown, "Authorization: Bearer ${HP_TEST_TOKEN}");
    assert_string_equal(profile_route(profile, "interrupt.get")->headers.lines[0].sent, "X-A: b");
    assert_int_equal(profile->operator_headers.count, 1);
    assert_string_equal(profile->operator_headers.lines[0].sent, "X-Operator: s3cret");
    assert_string_equal(profile->operator_headers.lines[0].shown, "X-Operator: ${HP_TEST_TOKEN}");
    assert_null(profile_route(profile, "interrupt.list"));
    assert_string_equal(profile->statuses[410], "not_found");
    assert_string_equal(profile->statuses[409], "invalid");
    assert_string_equal(profile->detail, "/message");
    assert_null(profile->field);
    assert_null(profile->interrupt_status);
    assert_int_equal(profile->body_max_bytes, 10);
    json_t *capabilities = profile_capabilities(profile);
    json_t *expected = json_pack("[sss]", "concurrent", "get", "create");
    assert_true(value_equals(capabilities, expected));
    json_decref(capabilities);
    json_decref(expected);
    profile_free(profile);
}

static size_t capability_count(const struct profile *profile) {
    json_t *capabilities = profile_capabilities(profile);
    size_t count = json_array_size(capabilities);
    json_decref(capabilities);
    return count;
}

/* What the file names is all that is declared; without it, all that the controls can do. */
static void with_controls(void **state) {
    (void)state;
    static const char begin[] =
        "{\"servers\": [{\"url\": \"http://a\", \"controls\": \"http://a:2/\"}], \"routes\": {}";
    static const struct {
        const char *end;
        size_t count;
    } rows[] = {{", \"capabilities\": [\"clock\", \"kernel\", \"processes\"]}", 3}, {"}", 14}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct profile *profile = NULL;
        struct text text = {0};
        assert_true(text_addf(&text, "%s%s", begin, rows[i].end));
        assert_int_equal(read_text(text.bytes, &profile, NULL), HP_OK);
        assert_true(profile_has_controls(profile));
        assert_false(profile_has_commands(profile));
        assert_string_equal(profile->servers[0].controls.sent, "http://a:2");
        assert_int_equal(capability_count(profile), rows[i].count);
        profile_free(profile);
        text_release(&text);
    }
}

/* Where such servers listen is known when they run; what starts them stays. */
static void with_commands(void **state) {
    (void)state;
    struct profile *profile = NULL;
    const struct profile_server started[] = {
        {{(char *)"http://b", (char *)"$URL"}, {(char *)"http://c", (char *)"$C"}},
        {{(char *)"http://d", (char *)"$URL"}, {(char *)"http://e", (char *)"$C"}}};
    assert_int_equal(
        read_text("{\"servers\": [{\"command\": \"mine $A\"}, {\"command\": \"yours\"}], \"prefix\": \"/v1\","
                  " \"routes\": {}}",
                  &profile, NULL),
        HP_OK);
    assert_true(profile_has_commands(profile));
    assert_true(profile_has_controls(profile));
    assert_int_equal(profile->server_count, 2);
    assert_int_equal(profile_move(profile, started, 2, NULL), HP_OK);
    assert_string_equal(profile->servers[1].url.sent, "http://d");
    assert_string_equal(profile->commands[0], "mine $A");
    assert_string_equal(profile->commands[1], "yours");
    profile_free(profile);
}

#define SERVERS "{\"servers\": [\"http://a\"],\n"

/* Each file, and where and how it is refused. */
static void refused(void **state) {
    (void)state;
    static const struct {
        const char *text, *said[3];
    } rows[] = {
        {"{", {"profile.json:1:"}},
        {"{\"servers\": [\"http://a\"]}", {":1: ", "routes"}},
        {SERVERS "\"colour\": 1, \"routes\": {}}", {":2: at /colour: "}},
        {SERVERS "\"routes\": {\"interrupt.gte\": {}}}", {":2: at /routes", "interrupt.get"}},
        {SERVERS "\"routes\": {\"interrupt.get\": {\"request\": \"GET /\"}}}",
         {":2: at /routes/interrupt.get"}},
        {SERVERS "\"routes\": {\"interrupt.get\": {\"request\": \"GET x\", \"result\": {}}}}",
         {":2: at /routes/interrupt.get/request: ", "VERB /path"}},
        {SERVERS
         "\"routes\": {\"interrupt.get\": {\"request\": \"GET /\", \"result\": {\"interrupt\": \"x\"}}}}",
         {":2: at /routes/interrupt.get/result/interrupt"}},
        {SERVERS
         "\"routes\": {\"interrupt.cancel\": {\"request\": \"DELETE /\", \"then\": \"interrupt.get\"}}}",
         {":2: at /routes/interrupt.cancel: ", "no route of its own"}},
        {SERVERS "\"routes\": {},\n\"capabilities\": [\"get\"]}", {":3: at /capabilities: ", "no route"}},
        {SERVERS "\"routes\": {},\n\"capabilities\": [\"http\", \"http_sweep\"]}",
         {":3: at /capabilities: ", "no `operator`"}},
        {SERVERS "\"routes\": {},\n\"headers\": {\"A\": \"${HP_TEST_NOBODY}\"}}",
         {":3: at /headers/A: ", "the environment variable HP_TEST_NOBODY is not set"}},
        {SERVERS "\"routes\": {},\n\"headers\": {\"A\": \"x\\r\\nB: y\"}}",
         {":3: at /headers/A: ", "line feed"}},
        {SERVERS "\"routes\": {},\n\"statuses\": {\"409\": \"gone\"}}",
         {":3: at /statuses/409: ", "conflict"}},
        {SERVERS "\"routes\": {},\n\"by\": {\"reset\": \"memory\"}}", {":3: at /by/reset: "}},
        {"{\"routes\": {},\n\"servers\": [\"ftp://a\"]}", {":2: at /servers/0: ", "http://HOST:PORT"}},
        {"{\"routes\": {},\n\"servers\": [\"http://a?b\"]}", {":2: at /servers/0: "}},
        {"{\"routes\": {},\n\"servers\": [{\"url\": \"http://a\", \"controls\": \"b\"}]}",
         {":2: at /servers/0: "}},
        {"{\"routes\": {},\n\"servers\": [{\"url\": \"http://a\", \"controls\": \"http://b\"}, "
         "\"http://c\"]}",
         {":2: at /servers: ", "all servers have controls"}},
        {"{\"routes\": {},\n\"servers\": []}", {":2: at /servers: "}},
        {"{\"routes\": {},\n\"servers\": [{\"command\": \"\"}]}", {":2: at /servers/0"}},
        {"{\"routes\": {},\n\"servers\": [{\"command\": \"a\"}, \"http://c\"]}",
         {":2: at /servers: ", "all servers are started by commands"}},
    };
    unsetenv("HP_TEST_NOBODY");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct profile *profile = NULL;
        struct hp_problem problem = {0};
        assert_int_equal(read_text(rows[i].text, &profile, &problem), HP_INVALID);
        assert_null(profile);
        for (size_t k = 0; k < 3 && rows[i].said[k]; k++) {
            if (!strstr(problem.detail, rows[i].said[k])) {
                fail_msg("row %zu says: %s", i, problem.detail);
            }
        }
        assert_null(strstr(problem.detail, "s3cret"));
    }
    struct profile *profile = NULL;
    struct hp_problem problem = {0};
    assert_int_equal(profile_read("/nowhere.json", &profile, &problem), HP_UNAVAILABLE);
}

static void examples(void **state) {
    (void)state;
    struct profile *profile = NULL;
    struct hp_problem problem = {0};
    assert_int_equal(setenv("AUDITED_URL", "http://127.0.0.1:1", 1), 0);
    assert_int_equal(profile_read("examples/profiles/audited.json", &profile, &problem), HP_OK);
    assert_string_equal(profile->stored_by, "postgres:${AUDITED_DATABASE}");
    profile_free(profile);
    assert_int_equal(profile_read("examples/python/profile.json", &profile, &problem), HP_OK);
    assert_true(profile_has_commands(profile));
    profile_free(profile);
    assert_int_equal(profile_read("examples/profiles/contract.json", &profile, &problem), HP_OK);
    profile_free(profile);
}

static void moves(void **state) {
    (void)state;
    struct profile *profile = NULL;
    const struct profile_server servers[] = {
        {{(char *)"http://b", (char *)"$URL"}, {(char *)"http://c", (char *)"$C"}},
        {{(char *)"http://d", (char *)"$URL"}, {(char *)"http://e", (char *)"$C"}}};
    assert_int_equal(profile_of_contract("http://a", NULL, &profile, NULL), HP_OK);
    assert_int_equal(profile_move(profile, servers, 2, NULL), HP_OK);
    assert_int_equal(profile->server_count, 2);
    assert_string_equal(profile->servers[1].url.sent, "http://d");
    assert_string_equal(profile->servers[1].controls.shown, "$C");
    assert_true(profile_has_controls(profile));
    profile_free(profile);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(built_in),      cmocka_unit_test(whole_file),
                                       cmocka_unit_test(with_controls), cmocka_unit_test(with_commands),
                                       cmocka_unit_test(refused),       cmocka_unit_test(examples),
                                       cmocka_unit_test(moves)};
    return cmocka_run_group_tests(tests, begin, end);
}
