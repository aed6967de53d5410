/* Scripts as JSON. What may and may not stand in one is said twice, by script_decode and by fixtures/schema/script.json; each
 * row here asks both. */
#include "harness/base/schema.h"
#include "harness/base/value.h"
#include "harness/lab/script.h"
#include "suites/self/support_script.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static json_t *schema_document;
static struct schema *schema;

static int load_schema(void **state) {
    (void)state;
    struct hp_problem problem = {0};
    schema_document = json_load_file("fixtures/schema/script.json", JSON_REJECT_DUPLICATES, NULL);
    if (!schema_document || schema_compile(schema_document, &schema, &problem) != HP_OK) {
        print_error("fixtures/schema/script.json: %s %s\n", problem.field, problem.detail);
        return -1;
    }
    return 0;
}

static int drop_schema(void **state) {
    (void)state;
    schema_free(schema);
    json_decref(schema_document);
    return 0;
}

/* An act of the one client; one seed is there. */
#define ACT(members) "{'interrupts': [{}], 'clients': [{'acts': [{" members "}]}]}"
#define SEED(members) "{'interrupts': [{" members "}], 'clients': [{'acts': []}]}"

/* Whoever works on it may come before whoever creates it; each client has a clock of its own. */
#define LATE                                                                                                 \
    "{'clients': [{'acts': [{'do': 'get', 'on': 9}, {'do': 'clock', 'seconds': 9}]},"                        \
    " {'acts': [{'do': 'create', 'on': 9}, {'do': 'clock', 'seconds': 1}]}]}"

static const char *const good[] = {
    "{'clients': [{'acts': []}]}",
    "{'interrupts': [], 'clients': [{'endpoint': 63, 'acts': [], 'note': 'idle'}, {'acts': []}]}",
    SEED(""),
    SEED("'kind': 'clarification', 'owner': 'ann'"),
    SEED("'kind': 'system_error', 'owner': 'bob', 'ttl_seconds': null"),
    SEED("'ttl_seconds': 0.000001"),
    SEED("'ttl_seconds': 1000000000"),
    ACT("'do': 'create', 'on': 1"),
    ACT("'do': 'create', 'on': 255, 'kind': 'checkpoint', 'owner': 'bob', 'ttl_seconds': 2.5, 'note': 'n'"),
    ACT("'do': 'respond', 'on': 0, 'as': 'owner', 'note': 'n'"),
    ACT("'do': 'respond', 'as': 'stranger'"),
    ACT("'do': 'cancel', 'on': 0, 'as': 'stranger', 'reason': true, 'note': 'n'"),
    ACT("'do': 'cancel', 'reason': false"),
    ACT("'do': 'get', 'on': 0, 'as': 'trusted', 'note': 'n'"),
    ACT("'do': 'list', 'owner': 'bob', 'status': 'all', 'limit': 200, 'note': 'n'"),
    ACT("'do': 'list', 'limit': 0"),
    ACT("'do': 'pending', 'owner': 'bob', 'note': 'n'"),
    ACT("'do': 'sweep', 'note': ''"),
    ACT("'do': 'resume', 'on': 0, 'as': 'stranger', 'note': 'n'"),
    ACT("'do': 'resume'"),
    ACT("'do': 'check', 'owner': 'bob', 'note': 'n'"),
    "{'per_minute': 0, 'clients': [{'acts': [{'do': 'check'}]}]}",
    "{'per_minute': 1000, 'clients': [{'acts': [{'do': 'check'}]}]}",
    ACT("'do': 'clock', 'seconds': 0, 'note': 'n'"),
    ACT("'do': 'clock', 'seconds': 86400.000001"),
    ACT("'do': 'clock'"),
    ACT("'do': 'clock', 'seconds': 5}, {'do': 'clock', 'seconds': 5"), /* it may stand still */
    LATE,
};

static void good_scripts_are_read_and_fit_the_schema(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct script script;
        struct hp_problem problem = {0};
        json_t *value = json_short(good[i]);
        script_short(&script, good[i]);
        script_release(&script);
        if (schema_check(schema, value, &problem) != HP_OK) {
            fail_msg("%s: the schema: %s: %s", good[i], problem.field, problem.detail);
        }
        json_decref(value);
    }
}

/* What is read, written, read and copied is the same, and what is written is the same text. */
static void what_is_written_comes_back(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct script script, again, copy;
        script_short(&script, good[i]);
        json_t *written = script_encode(&script);
        assert_non_null(written);
        assert_int_equal(script_decode(written, &again, NULL), HP_OK);
        assert_int_equal(script_copy(&again, &copy, NULL), HP_OK);
        script_release(&again);
        json_t *of_copy = script_encode(&copy);
        assert_true(value_equals(written, of_copy));
        assert_int_equal(schema_check(schema, written, NULL), HP_OK);
        script_release(&copy);
        script_release(&script);
        json_decref(of_copy);
        json_decref(written);
    }
}

/* Every member is written, except what is default. */
static void the_written_form(void **state) {
    (void)state;
    struct script script;
    script_short(
        &script,
        "{'interrupts': [{'owner': 'ann'}, {'kind': 'timeout', 'owner': 'bob', 'ttl_seconds': 60},"
        " {'ttl_seconds': null}, {'ttl_seconds': 0.5}], 'clients': [{'endpoint': 0, 'acts': ["
        "{'do': 'create', 'on': 4, 'owner': 'bob', 'ttl_seconds': 1.000001, 'note': 'dropped'},"
        "{'do': 'respond', 'as': 'owner'}, {'do': 'cancel', 'on': 1, 'as': 'stranger', 'reason': true},"
        "{'do': 'cancel', 'reason': false}, {'do': 'get', 'on': 2, 'as': 'trusted'},"
        "{'do': 'list', 'status': 'pending', 'owner': 'ann', 'limit': 0},"
        "{'do': 'list', 'status': 'expired', 'owner': 'bob', 'limit': 2},"
        "{'do': 'pending'}, {'do': 'pending', 'owner': 'bob'}, {'do': 'sweep'},"
        "{'do': 'clock', 'seconds': 60.0}, {'do': 'clock', 'seconds': 60.25},"
        "{'do': 'resume', 'on': 1, 'as': 'stranger'}, {'do': 'resume', 'as': 'owner'},"
        "{'do': 'check', 'owner': 'bob'}, {'do': 'check', 'owner': 'ann'}]},"
        " {'endpoint': 1, 'acts': []}], 'per_minute': 3}");
    json_t *written = script_encode(&script);
    assert_json(
        written,
        "{'interrupts': [{'kind': 'clarification'}, {'kind': 'timeout', 'owner': 'bob', 'ttl_seconds': 60},"
        " {'kind': 'clarification', 'ttl_seconds': null}, {'kind': 'clarification', 'ttl_seconds': 0.5}],"
        " 'clients': [{'acts': ["
        "{'do': 'create', 'on': 4, 'kind': 'clarification', 'owner': 'bob', 'ttl_seconds': 1.000001},"
        "{'do': 'respond', 'on': 0}, {'do': 'cancel', 'on': 1, 'as': 'stranger', 'reason': true},"
        "{'do': 'cancel', 'on': 0}, {'do': 'get', 'on': 2, 'as': 'trusted'},"
        "{'do': 'list'}, {'do': 'list', 'status': 'expired', 'owner': 'bob', 'limit': 2},"
        "{'do': 'pending'}, {'do': 'pending', 'owner': 'bob'}, {'do': 'sweep'},"
        "{'do': 'clock', 'seconds': 60}, {'do': 'clock', 'seconds': 60.25},"
        "{'do': 'resume', 'on': 1, 'as': 'stranger'}, {'do': 'resume', 'on': 0},"
        "{'do': 'check', 'owner': 'bob'}, {'do': 'check'}]},"
        " {'endpoint': 1, 'acts': []}], 'per_minute': 3}");
    json_decref(written);
    script_release(&script);
}

static void what_is_read(void **state) {
    (void)state;
    struct script script;
    script_short(&script,
                 "{'interrupts': [{'kind': 'critic_review', 'owner': 'bob', 'ttl_seconds': 0.0000014}],"
                 " 'clients': [{'acts': []}, {'endpoint': 2, 'acts': ["
                 "{'do': 'create', 'on': 1, 'kind': 'timeout', 'owner': 'bob', 'ttl_seconds': null},"
                 "{'do': 'list', 'owner': 'bob', 'status': 'cancelled', 'limit': 7},"
                 "{'do': 'clock', 'seconds': 999999999.999999}]}]}");
    assert_int_equal(script.seed_count, 1);
    assert_int_equal(script.seeds[0].kind, SEED_CRITIC_REVIEW);
    assert_int_equal(script.seeds[0].owner, OWNER_BOB);
    assert_int_equal(script.seeds[0].ttl_us, 1);
    assert_int_equal(script.client_count, 2);
    assert_int_equal(script.clients[1].endpoint, 2);
    const struct act *acts = script.clients[1].acts;
    assert_int_equal(script.clients[1].act_count, 3);
    assert_int_equal(acts[0].kind, ACT_CREATE);
    assert_int_equal(acts[0].slot, 1);
    assert_int_equal(acts[0].seed.kind, SEED_TIMEOUT);
    assert_int_equal(acts[0].seed.owner, OWNER_BOB);
    assert_int_equal(acts[0].seed.ttl_us, SEED_TTL_NEVER);
    assert_int_equal(acts[1].owner, OWNER_BOB);
    assert_int_equal(acts[1].status, LIST_CANCELLED);
    assert_int_equal(acts[1].limit, 7);
    assert_int_equal(acts[2].clock_us, INT64_C(999999999999999));
    script_release(&script);
}

static const struct {
    const char *text;
    const char *field; /* of script_decode */
    const char *said;
    bool schema_takes_it; /* what a schema cannot say */
} bad[] = {
    {"[]", "", "the script: expected an object", false},
    {"null", "", "the script: expected an object", false},
    {"{'interrupts': []}", "/clients", "at least one client", false},
    {"{'clients': []}", "/clients", "at least one client", false},
    {"{'clients': {'a': {'acts': []}}}", "/clients", "at least one client", false},
    {"{'interrupts': {}, 'clients': [{'acts': []}]}", "/interrupts", "a list of interrupts", false},
    {"{'interrupt': [], 'clients': [{'acts': []}]}", "/interrupt", "did you mean interrupts?", false},
    {"{'a/b~c': 1, 'clients': [{'acts': []}]}", "/a~1b~0c",
     "at /a~1b~0c of the script: expected no such member", false},
    {"{'clients': [7]}", "/clients/0", "at /clients/0 of the script: expected an object", false},
    {"{'clients': [{'acts': []}, {}]}", "/clients/1/acts", "a list of acts", false},
    {"{'clients': [{'acts': {}}]}", "/clients/0/acts", "a list of acts", false},
    {"{'clients': [{'acts': [], 'endpoints': 1}]}", "/clients/0/endpoints", "did you mean endpoint?", false},
    {"{'clients': [{'acts': [], 'endpoint': 64}]}", "/clients/0/endpoint", "a whole number from 0 to 63",
     false},
    {"{'clients': [{'acts': [], 'endpoint': -1}]}", "/clients/0/endpoint", "a whole number from 0 to 63",
     false},
    {"{'clients': [{'acts': [], 'endpoint': '0'}]}", "/clients/0/endpoint", "a whole number", false},
    {"{'clients': [{'acts': [], 'note': 1}]}", "/clients/0/note", "text", false},
    {"{'interrupts': [[]], 'clients': [{'acts': []}]}", "/interrupts/0", "an object", false},
    {SEED("'kind': 'clarificaton'"), "/interrupts/0/kind", "did you mean clarification?", false},
    {SEED("'kind': 'agent_review'"), "/interrupts/0/kind",
     "one of clarification confirmation critic_review checkpoint resource_exhausted timeout system_error",
     false},
    {SEED("'kind': 3"), "/interrupts/0/kind", "one of clarification", false},
    {SEED("'owner': 'eve'"), "/interrupts/0/owner", "one of ann bob", false},
    {SEED("'owners': 'ann'"), "/interrupts/0/owners", "did you mean owner?", false},
    {SEED("'note': 'n'"), "/interrupts/0/note", "no such member", false},
    {SEED("'ttl_seconds': 0"), "/interrupts/0/ttl_seconds", "a number of seconds", false},
    {SEED("'ttl_seconds': -1"), "/interrupts/0/ttl_seconds", "a number of seconds", false},
    {SEED("'ttl_seconds': 0.0000009"), "/interrupts/0/ttl_seconds", "to the microsecond", false},
    {SEED("'ttl_seconds': 1000000001"), "/interrupts/0/ttl_seconds", "at most 1e9", false},
    {SEED("'ttl_seconds': '60'"), "/interrupts/0/ttl_seconds", "a number of seconds", false},
    {ACT("'on': 0"), "/clients/0/acts/0/do", "what the client does", false},
    {ACT("'do': 'answer'"), "/clients/0/acts/0/do",
     "one of create respond cancel get list pending sweep clock resume check", false},
    {ACT("'do': 'Respond'"), "/clients/0/acts/0/do", "did you mean respond?", false},
    {ACT("'do': null"), "/clients/0/acts/0/do", "one of create", false},
    {ACT("'do': 'respond', 'onn': 0"), "/clients/0/acts/0/onn", "did you mean on?", false},
    {ACT("'do': 'respond', 'on': 256"), "/clients/0/acts/0/on", "a whole number from 0 to 255", false},
    {ACT("'do': 'respond', 'on': -1"), "/clients/0/acts/0/on", "a whole number from 0 to 255", false},
    {ACT("'do': 'respond', 'on': 0.5"), "/clients/0/acts/0/on", "a whole number from 0 to 255", false},
    {ACT("'do': 'respond', 'as': 'owners'"), "/clients/0/acts/0/as", "did you mean owner?", false},
    {ACT("'do': 'respond', 'as': 'trusted'"), "/clients/0/acts/0/as", "no trusted callers on any wire",
     false},
    {ACT("'do': 'cancel', 'as': 'trusted'"), "/clients/0/acts/0/as", "no trusted callers on any wire", false},
    {ACT("'do': 'resume', 'as': 'trusted'"), "/clients/0/acts/0/as", "no trusted callers on any wire", false},
    {ACT("'do': 'resume', 'owner': 'bob'"), "/clients/0/acts/0/owner", "no such member", false},
    {ACT("'do': 'resume', 'on': 9"), "/clients/0/acts/0/on", "a slot that a seed or a create fills", true},
    {ACT("'do': 'check', 'on': 0"), "/clients/0/acts/0/on", "no such member", false},
    {"{'per_minute': 1001, 'clients': [{'acts': []}]}", "/per_minute", "a whole number from 0 to 1000",
     false},
    {"{'per_minute': '3', 'clients': [{'acts': []}]}", "/per_minute", "a whole number", false},
    {ACT("'do': 'cancel', 'reason': 'because'"), "/clients/0/acts/0/reason", "true or false", false},
    {ACT("'do': 'cancel', 'reason': null"), "/clients/0/acts/0/reason", "true or false", false},
    {ACT("'do': 'get', 'note': 5"), "/clients/0/acts/0/note", "text", false},
    {ACT("'do': 'list', 'status': 'open'"), "/clients/0/acts/0/status",
     "one of pending resolved cancelled expired all", false},
    {ACT("'do': 'list', 'limit': 201"), "/clients/0/acts/0/limit", "a whole number from 0 to 200", false},
    {ACT("'do': 'clock', 'seconds': -0.5"), "/clients/0/acts/0/seconds", "a number of seconds", false},
    {ACT("'do': 'clock', 'seconds': 1e10"), "/clients/0/acts/0/seconds", "at most 1e9", false},
    {ACT("'do': 'clock', 'seconds': null"), "/clients/0/acts/0/seconds", "a number of seconds", false},
    /* Members that another act has. */
    {ACT("'do': 'create', 'on': 1, 'as': 'owner'"), "/clients/0/acts/0/as", "no such member", false},
    {ACT("'do': 'respond', 'reason': true"), "/clients/0/acts/0/reason", "no such member", false},
    {ACT("'do': 'cancel', 'kind': 'timeout'"), "/clients/0/acts/0/kind", "no such member", false},
    {ACT("'do': 'get', 'limit': 3"), "/clients/0/acts/0/limit", "no such member", false},
    {ACT("'do': 'list', 'on': 0"), "/clients/0/acts/0/on", "no such member", false},
    {ACT("'do': 'pending', 'status': 'pending'"), "/clients/0/acts/0/status", "no such member", false},
    {ACT("'do': 'sweep', 'owner': 'ann'"), "/clients/0/acts/0/owner", "no such member", false},
    {ACT("'do': 'clock', 'ttl_seconds': 1"), "/clients/0/acts/0/ttl_seconds", "no such member", false},
    /* Slots and clocks. */
    {ACT("'do': 'create'"), "/clients/0/acts/0/on", "a slot that nothing else fills", true},
    {ACT("'do': 'create', 'on': 1}, {'do': 'create', 'on': 1"), "/clients/0/acts/1/on",
     "a slot that nothing else fills", true},
    {"{'clients': [{'acts': [{'do': 'create', 'on': 3}]}, {'acts': [{'do': 'create', 'on': 3}]}]}",
     "/clients/1/acts/0/on", "a slot that nothing else fills", true},
    {ACT("'do': 'respond', 'on': 1"), "/clients/0/acts/0/on", "a slot that a seed or a create fills", true},
    {ACT("'do': 'cancel', 'on': 1"), "/clients/0/acts/0/on", "a slot that a seed or a create fills", true},
    {ACT("'do': 'get', 'on': 255"), "/clients/0/acts/0/on", "a slot that a seed or a create fills", true},
    {"{'clients': [{'acts': [{'do': 'get'}]}]}", "/clients/0/acts/0/on",
     "a slot that a seed or a create fills", true},
    {ACT("'do': 'clock', 'seconds': 2}, {'do': 'sweep'}, {'do': 'clock', 'seconds': 1.999999"),
     "/clients/0/acts/2/seconds", "a clock does not go back", true},
};

static void bad_scripts_are_refused_with_the_place(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct script script;
        struct hp_problem problem = {0};
        json_t *value = json_short(bad[i].text);
        enum hp_status status = script_decode(value, &script, &problem);
        bool told = status == HP_INVALID && strcmp(problem.field, bad[i].field) == 0 &&
                    strstr(problem.detail, bad[i].said);
        if (!told) {
            fail_msg("%s: %s at \"%s\": %s", bad[i].text, hp_status_name(status), problem.field,
                     problem.detail);
        }
        assert_int_equal(script.client_count, 0);
        assert_null(script.seeds);
        enum hp_status checked = schema_check(schema, value, NULL);
        if (checked != (bad[i].schema_takes_it ? HP_OK : HP_INVALID)) {
            fail_msg("%s: the schema says %s", bad[i].text, hp_status_name(checked));
        }
        json_decref(value);
    }
}

/* A script with so many of each. */
static json_t *script_of_many(size_t seeds, size_t clients, size_t acts) {
    json_t *script = json_pack("{s:[], s:[]}", "interrupts", "clients");
    for (size_t i = 0; i < seeds; i++) {
        json_array_append_new(json_object_get(script, "interrupts"), json_object());
    }
    for (size_t i = 0; i < clients; i++) {
        json_t *client = json_pack("{s:[]}", "acts");
        for (size_t j = 0; i + 1 == clients && j < acts; j++) {
            json_array_append_new(json_object_get(client, "acts"), json_pack("{ss}", "do", "sweep"));
        }
        json_array_append_new(json_object_get(script, "clients"), client);
    }
    return script;
}

static void as_many_as_may_be_and_one_more(void **state) {
    (void)state;
    static const struct {
        size_t seeds, clients, acts;
        const char *field; /* NULL: taken */
        const char *said;
    } rows[] = {
        {SCRIPT_SLOTS_MAX, SCRIPT_CLIENTS_MAX, SCRIPT_ACTS_MAX, NULL, NULL},
        {SCRIPT_SLOTS_MAX + 1, 1, 0, "/interrupts/256", "at most 256 interrupts"},
        {0, SCRIPT_CLIENTS_MAX + 1, 0, "/clients/256", "at most 256 clients"},
        {0, 1, SCRIPT_ACTS_MAX + 1, "/clients/0/acts/4096", "at most 4096 acts of a client"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct script script;
        struct hp_problem problem = {0};
        json_t *value = script_of_many(rows[i].seeds, rows[i].clients, rows[i].acts);
        enum hp_status wanted = rows[i].field ? HP_INVALID : HP_OK;
        assert_int_equal(script_decode(value, &script, &problem), wanted);
        assert_int_equal(schema_check(schema, value, NULL), wanted);
        assert_string_equal(problem.field, rows[i].field ? rows[i].field : "");
        assert_true(!rows[i].said || strstr(problem.detail, rows[i].said));
        script_release(&script);
        json_decref(value);
    }
}

/* Nobody need want to know what was wrong. */
static void a_problem_is_not_needed(void **state) {
    (void)state;
    struct script script;
    assert_int_equal(script_decode(NULL, &script, NULL), HP_INVALID);
    script_release(&script);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_scripts_are_read_and_fit_the_schema),
        cmocka_unit_test(what_is_written_comes_back),
        cmocka_unit_test(the_written_form),
        cmocka_unit_test(what_is_read),
        cmocka_unit_test(bad_scripts_are_refused_with_the_place),
        cmocka_unit_test(as_many_as_may_be_and_one_more),
        cmocka_unit_test(a_problem_is_not_needed),
    };
    return cmocka_run_group_tests(tests, load_schema, drop_schema);
}
