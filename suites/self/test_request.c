#include "reference/base/text.h"
#include "reference/core/json.h"
#include "reference/core/request.h"
#include "suites/self/support_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static json_t *params_of(const char *text) {
    json_t *params = NULL;
    struct hp_problem problem = {0};
    if (request_read(text, strlen(text), &params, &problem) != HP_OK) {
        fail_msg("%s: %s", text, problem.detail);
    }
    return params;
}

/* Every row: an operation, its params, and the field that is refused, NULL when they are taken. */
enum operation { CREATE, GET, LIST, PENDING, RESPOND, CANCEL, CLOCK };

static enum hp_status read_params(enum operation operation, const json_t *params,
                                  struct hp_problem *problem) {
    struct hp_create create;
    struct hp_query query;
    struct hp_change change;
    struct hp_response response;
    const char *one, *other;
    char *data = operation == CREATE || operation == RESPOND ? "not read" : NULL;
    int64_t now_us;
    enum hp_status status = HP_INTERNAL;
    switch (operation) {
    case CREATE:
        status = request_read_create(params, &create, &data, problem);
        break;
    case GET:
        status = request_read_get(params, &one, &other, problem);
        break;
    case LIST:
        status = request_read_list(params, &query, problem);
        break;
    case PENDING:
        status = request_read_pending(params, &one, &other, problem);
        break;
    case RESPOND:
        status = request_read_respond(params, &change, &response, &data, problem);
        break;
    case CANCEL:
        status = request_read_cancel(params, &change, problem);
        break;
    case CLOCK:
        status = request_read_clock(params, &now_us, problem);
        break;
    }
    assert_true(status == HP_OK || !data);
    free(data);
    return status;
}

#define IDS "\"request_id\":\"r\",\"user_id\":\"u\",\"session_id\":\"s\""
#define TIMEOUT "{\"kind\":\"timeout\"," IDS

static const struct {
    enum operation operation;
    const char *params;
    const char *field;
} rows[] = {
    {CREATE, TIMEOUT "}", NULL},
    {CREATE, "{" IDS "}", "/kind"},
    {CREATE, "{\"kind\":null," IDS "}", "/kind"},
    {CREATE, "{\"kind\":7," IDS "}", "/kind"},
    {CREATE, "{\"kind\":\"agent_review\"," IDS "}", "/kind"},
    {CREATE, "{\"kind\":\"timeout\",\"user_id\":\"u\",\"session_id\":\"s\"}", "/request_id"},
    {CREATE, "{\"kind\":\"timeout\",\"request_id\":\"r\",\"user_id\":null,\"session_id\":\"s\"}", "/user_id"},
    {CREATE, "{\"kind\":\"timeout\",\"request_id\":\"r\",\"user_id\":\"u\",\"session_id\":\"\"}",
     "/session_id"},
    {CREATE, "{\"kind\":\"timeout\",\"request_id\":\"r\",\"user_id\":5,\"session_id\":\"s\"}", "/user_id"},
    {CREATE, TIMEOUT ",\"question\":5}", "/question"},
    {CREATE, TIMEOUT ",\"message\":[]}", "/message"},
    {CREATE, TIMEOUT ",\"envelope_id\":true}", "/envelope_id"},
    {CREATE, TIMEOUT ",\"trace_id\":{}}", "/trace_id"},
    {CREATE, TIMEOUT ",\"span_id\":0.5}", "/span_id"},
    {CREATE, TIMEOUT ",\"data\":[]}", "/data"},
    {CREATE, TIMEOUT ",\"data\":\"{}\"}", "/data"},
    {CREATE, TIMEOUT ",\"data\":null,\"question\":null,\"trace_id\":null}", NULL},
    {CREATE, TIMEOUT ",\"ttl_seconds\":0}", "/ttl_seconds"},
    {CREATE, TIMEOUT ",\"ttl_seconds\":-0.0}", "/ttl_seconds"},
    {CREATE, TIMEOUT ",\"ttl_seconds\":-1}", "/ttl_seconds"},
    {CREATE, TIMEOUT ",\"ttl_seconds\":-0.000001}", "/ttl_seconds"},
    {CREATE, TIMEOUT ",\"ttl_seconds\":\"60\"}", "/ttl_seconds"},
    {CREATE, TIMEOUT ",\"ttl_seconds\":true}", "/ttl_seconds"},
    {CREATE, TIMEOUT ",\"ttl_seconds\":0.0000004}", "/ttl_seconds"},
    {CREATE, TIMEOUT ",\"ttl_seconds\":1e300}", "/ttl_seconds"},
    {CREATE, TIMEOUT ",\"ttl_seconds\":9223372036854775807}", "/ttl_seconds"},
    {CREATE, TIMEOUT ",\"id\":5,\"status\":\"done\",\"created_at\":{},\"nonsense\":[1]}", NULL},
    {GET, "{\"id\":\"x\"}", NULL},
    {GET, "{\"id\":\"\"}", NULL},
    {GET, "{\"id\":\"x\",\"user_id\":null}", NULL},
    {GET, "{}", "/id"},
    {GET, "{\"id\":null}", "/id"},
    {GET, "{\"id\":1}", "/id"},
    {GET, "{\"id\":\"x\",\"user_id\":\"\"}", "/user_id"},
    {GET, "{\"id\":\"x\",\"user_id\":1}", "/user_id"},
    {LIST, "{\"user_id\":\"u\"}", NULL},
    {LIST, "{\"user_id\":1}", "/user_id"},
    {LIST, "{\"session_id\":[]}", "/session_id"},
    {LIST, "{\"request_id\":{}}", "/request_id"},
    {LIST, "{\"status\":\"done\"}", "/status"},
    {LIST, "{\"status\":\"\"}", "/status"},
    {LIST, "{\"status\":[\"all\"]}", "/status"},
    {LIST, "{\"status\":\"all\"}", NULL},
    {LIST, "{\"status\":null,\"kinds\":null,\"limit\":null,\"cursor\":null}", NULL},
    {LIST, "{\"kinds\":[]}", "/kinds"},
    {LIST, "{\"kinds\":\"timeout\"}", "/kinds"},
    {LIST, "{\"kinds\":{\"timeout\":1}}", "/kinds"},
    {LIST, "{\"kinds\":[\"timeout\",\"x\"]}", "/kinds"},
    {LIST, "{\"kinds\":[null]}", "/kinds"},
    {LIST, "{\"kinds\":[1]}", "/kinds"},
    {LIST, "{\"kinds\":[\"timeout\",\"timeout\"]}", NULL},
    {LIST, "{\"limit\":0}", "/limit"},
    {LIST, "{\"limit\":201}", "/limit"},
    {LIST, "{\"limit\":-1}", "/limit"},
    {LIST, "{\"limit\":1.5}", "/limit"},
    {LIST, "{\"limit\":\"5\"}", "/limit"},
    {LIST, "{\"limit\":4294967297}", "/limit"},
    {LIST, "{\"limit\":200}", NULL},
    {LIST, "{\"cursor\":5}", "/cursor"},
    {PENDING, "{\"request_id\":\"r\"}", NULL},
    {PENDING, "{\"request_id\":\"r\",\"user_id\":null}", NULL},
    {PENDING, "{}", "/request_id"},
    {PENDING, "{\"request_id\":\"\"}", "/request_id"},
    {PENDING, "{\"request_id\":5}", "/request_id"},
    {PENDING, "{\"request_id\":\"r\",\"user_id\":\"\"}", "/user_id"},
    {RESPOND, "{\"id\":\"x\",\"user_id\":\"u\",\"response\":{}}", NULL},
    {RESPOND, "{\"user_id\":\"u\",\"response\":{}}", "/id"},
    {RESPOND, "{\"id\":\"x\",\"response\":{}}", "/user_id"},
    {RESPOND, "{\"id\":\"x\",\"user_id\":\"\",\"response\":{}}", "/user_id"},
    {RESPOND, "{\"id\":\"x\",\"user_id\":\"u\"}", "/response"},
    {RESPOND, "{\"id\":\"x\",\"user_id\":\"u\",\"response\":null}", "/response"},
    {RESPOND, "{\"id\":\"x\",\"user_id\":\"u\",\"response\":\"yes\"}", "/response"},
    {RESPOND, "{\"id\":\"x\",\"user_id\":\"u\",\"response\":{\"text\":\"\"}}", "/response/text"},
    {RESPOND, "{\"id\":\"x\",\"user_id\":\"u\",\"response\":{\"text\":1}}", "/response/text"},
    {RESPOND, "{\"id\":\"x\",\"user_id\":\"u\",\"response\":{\"approved\":1}}", "/response/approved"},
    {RESPOND, "{\"id\":\"x\",\"user_id\":\"u\",\"response\":{\"approved\":\"true\"}}", "/response/approved"},
    {RESPOND, "{\"id\":\"x\",\"user_id\":\"u\",\"response\":{\"decision\":\"approved\"}}",
     "/response/decision"},
    {RESPOND, "{\"id\":\"x\",\"user_id\":\"u\",\"response\":{\"decision\":true}}", "/response/decision"},
    {RESPOND, "{\"id\":\"x\",\"user_id\":\"u\",\"response\":{\"data\":[]}}", "/response/data"},
    {RESPOND,
     "{\"id\":\"x\",\"user_id\":\"u\",\"response\":{\"text\":null,\"approved\":null,\"decision\":null,"
     "\"data\":null,\"received_at\":17}}",
     NULL},
    {CANCEL, "{\"id\":\"x\",\"user_id\":\"u\"}", NULL},
    {CANCEL, "{\"id\":\"x\",\"user_id\":\"u\",\"reason\":null}", NULL},
    {CANCEL, "{\"id\":\"x\",\"user_id\":\"u\",\"reason\":\"\"}", NULL},
    {CANCEL, "{\"id\":\"x\",\"user_id\":\"u\",\"reason\":5}", "/reason"},
    {CANCEL, "{\"id\":\"x\"}", "/user_id"},
    {CANCEL, "{\"user_id\":\"u\"}", "/id"},
    {CLOCK, "{\"now\":\"2025-12-11T09:30:00Z\"}", NULL},
    {CLOCK, "{\"now\":\"2025-12-11T09:30:00\"}", "/now"},
    {CLOCK, "{\"now\":5}", "/now"},
    {CLOCK, "{}", "/now"},
};

static void test_rows(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *params = params_of(rows[i].params);
        struct hp_problem problem = {0};
        enum hp_status status = read_params(rows[i].operation, params, &problem);
        json_decref(params);
        if (strcmp(problem.field, rows[i].field ? rows[i].field : "") != 0) {
            fail_msg("%s: %s %s", rows[i].params, problem.field, problem.detail);
        }
        assert_int_equal(status, rows[i].field ? HP_INVALID : HP_OK);
    }
}

static void test_request(void **state) {
    (void)state;
    static const char *const texts[] = {"[]", "null", "\"x\"", "{", "{} {}", "{\"a\":1,\"a\":1}"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        json_t *params = NULL;
        struct hp_problem problem = {0};
        assert_refused(request_read(texts[i], strlen(texts[i]), &params, &problem), &problem, HP_INVALID, "");
        assert_null(params);
    }
    json_t *params = NULL;
    assert_int_equal(request_read(NULL, 0, &params, NULL), HP_OK);
    assert_int_equal(json_object_size(params), 0);
    json_decref(params);
}

/* What is wrong is said, not only where. */
static void test_details(void **state) {
    (void)state;
    static const struct {
        enum operation operation;
        const char *params, *detail;
    } wrong[] = {
        {CREATE, "{" IDS "}", "kind is required"},
        {CREATE, "{\"kind\":7," IDS "}", "a kind must be text"},
        {CREATE, TIMEOUT ",\"ttl_seconds\":\"60\"}", "ttl_seconds must be a number or null"},
        {CREATE, TIMEOUT ",\"ttl_seconds\":0}", "ttl_seconds must be above 0 and end before the year 10000"},
        {CREATE, TIMEOUT ",\"ttl_seconds\":9223372036854775807}",
         "ttl_seconds must be above 0 and end before the year 10000"},
        {CREATE, TIMEOUT ",\"ttl_seconds\":1e-9}", "ttl_seconds must be at least a microsecond"},
        {RESPOND, "{\"id\":\"x\",\"user_id\":\"u\"}", "response is required"},
        {RESPOND, "{\"id\":\"x\",\"user_id\":\"u\",\"response\":1}", "response must be an object"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        json_t *params = params_of(wrong[i].params);
        struct hp_problem problem = {0};
        assert_int_equal(read_params(wrong[i].operation, params, &problem), HP_INVALID);
        assert_string_equal(problem.detail, wrong[i].detail);
        json_decref(params);
    }
}

static void test_ttl(void **state) {
    (void)state;
    static const struct {
        const char *number;
        int64_t ttl_us;
    } ttls[] = {
        {"1", 1000000},         {"1.0", 1000000},          {"0.000001", 1},
        {"0.0000005", 1},       {"0.1", 100000},           {"1.2345678", 1234568},
        {"1.2345674", 1234567}, {"null", HP_TTL_NEVER},    {"1e-6", 1},
        {"86400", 86400000000}, {"1e9", 1000000000000000}, {"315537897599", 315537897599000000},
    };
    for (size_t i = 0; i < sizeof ttls / sizeof ttls[0]; i++) {
        struct text text = {0};
        text_addf(&text, TIMEOUT ",\"ttl_seconds\":%s}", ttls[i].number);
        json_t *params = params_of(text.bytes);
        struct hp_create create;
        char *data = NULL;
        assert_int_equal(request_read_create(params, &create, &data, NULL), HP_OK);
        assert_true(create.ttl_us == ttls[i].ttl_us);
        json_decref(params);
        text_release(&text);
    }
}

static void test_create(void **state) {
    (void)state;
    json_t *params =
        params_of("{\"kind\":\"critic_review\",\"request_id\":\"r\",\"user_id\":\"u\",\"session_id\":\"s\","
                  "\"envelope_id\":\"e\",\"question\":\"q\",\"message\":\"m\",\"trace_id\":\"t\","
                  "\"span_id\":\"p\",\"data\":{ \"b\" : 1.50, \"a\": [] }}");
    struct hp_create create;
    char *data = NULL;
    assert_int_equal(request_read_create(params, &create, &data, NULL), HP_OK);
    assert_int_equal(create.kind, HP_CRITIC_REVIEW);
    assert_string_equal(create.request_id, "r");
    assert_string_equal(create.user_id, "u");
    assert_string_equal(create.session_id, "s");
    assert_string_equal(create.envelope_id, "e");
    assert_string_equal(create.question, "q");
    assert_string_equal(create.message, "m");
    assert_string_equal(create.trace_id, "t");
    assert_string_equal(create.span_id, "p");
    assert_string_equal(create.data, "{\"b\":1.5,\"a\":[]}");
    assert_true(create.ttl_us == HP_TTL_DEFAULT);
    free(data);
    json_decref(params);
}

static void test_list(void **state) {
    (void)state;
    json_t *params =
        params_of("{\"user_id\":\"u\",\"session_id\":\"s\",\"request_id\":\"r\",\"status\":\"expired\","
                  "\"kinds\":[\"timeout\",\"checkpoint\"],\"limit\":7.0,\"cursor\":\"c\"}");
    struct hp_query query;
    assert_int_equal(request_read_list(params, &query, NULL), HP_OK);
    assert_string_equal(query.user_id, "u");
    assert_string_equal(query.session_id, "s");
    assert_string_equal(query.request_id, "r");
    assert_int_equal(query.statuses, 1u << HP_EXPIRED);
    assert_int_equal(query.kinds, 1u << HP_TIMEOUT | 1u << HP_CHECKPOINT);
    assert_int_equal(query.limit, 7);
    assert_string_equal(query.cursor, "c");
    json_decref(params);
    params = params_of("{\"status\":\"all\"}");
    assert_int_equal(request_read_list(params, &query, NULL), HP_OK);
    assert_int_equal(query.statuses, HP_STATUSES_ALL);
    assert_int_equal(query.kinds, HP_KINDS_ALL);
    assert_int_equal(query.limit, HP_LIMIT_DEFAULT);
    assert_null(query.user_id);
    json_decref(params);
    params = params_of("{}");
    assert_int_equal(request_read_list(params, &query, NULL), HP_OK);
    assert_int_equal(query.statuses, 1u << HP_PENDING);
    json_decref(params);
}

static void test_respond_and_cancel(void **state) {
    (void)state;
    json_t *params =
        params_of("{\"id\":\"x\",\"user_id\":\"u\",\"reason\":\"why\",\"response\":{\"text\":\"t\","
                  "\"approved\":false,\"decision\":\"modify\",\"data\":{},\"received_at\":\"x\"}}");
    struct hp_change change;
    struct hp_response response;
    char *data = NULL;
    assert_int_equal(request_read_respond(params, &change, &response, &data, NULL), HP_OK);
    assert_string_equal(change.id, "x");
    assert_string_equal(change.user_id, "u");
    assert_int_equal(change.to, HP_RESOLVED);
    assert_ptr_equal(change.response, &response);
    assert_string_equal(response.text, "t");
    assert_int_equal(response.approved, HP_DENIED);
    assert_int_equal(response.decision, HP_DECISION_MODIFY);
    assert_string_equal(response.data, "{}");
    assert_true(response.received_at_us == HP_INSTANT_NONE);
    assert_int_equal(request_read_cancel(params, &change, NULL), HP_OK);
    assert_int_equal(change.to, HP_CANCELLED);
    assert_string_equal(change.reason, "why");
    free(data);
    json_decref(params);
}

static char *nested_data(size_t levels, const char *head, const char *tail) {
    struct text text = {0};
    text_add(&text, head);
    for (size_t i = 0; i < levels; i++) {
        text_add(&text, "{\"a\":");
    }
    text_add(&text, "1");
    for (size_t i = 0; i < levels; i++) {
        text_add_byte(&text, '}');
    }
    text_add(&text, tail);
    return text_take(&text);
}

static void test_depth(void **state) {
    (void)state;
    static const struct {
        enum operation operation;
        const char *head;
        const char *tail;
        const char *field;
    } places[] = {
        {CREATE, TIMEOUT ",\"data\":", "}", "/data"},
        {RESPOND, "{\"id\":\"x\",\"user_id\":\"u\",\"response\":{\"data\":", "}}", "/response/data"},
    };
    for (size_t i = 0; i < 2; i++) {
        for (size_t levels = JSON_DEPTH_MAX; levels <= JSON_DEPTH_MAX + 1; levels++) {
            char *text = nested_data(levels, places[i].head, places[i].tail);
            json_t *params = params_of(text);
            struct hp_problem problem = {0};
            enum hp_status status = read_params(places[i].operation, params, &problem);
            assert_int_equal(status, levels > JSON_DEPTH_MAX ? HP_INVALID : HP_OK);
            assert_string_equal(problem.field, levels > JSON_DEPTH_MAX ? places[i].field : "");
            json_decref(params);
            free(text);
        }
    }
}

/* What is quoted of a caller's text is cut between its characters. */
static void test_unknown_kind_is_quoted_as_text(void **state) {
    (void)state;
    for (size_t shift = 0; shift < 4; shift++) {
        struct text text = {0};
        text_addf(&text, "{\"kind\":\"%.*s", (int)shift, "aaa");
        for (int i = 0; i < 60; i++) {
            text_add(&text, "\xF0\x9F\x98\x80");
        }
        text_add(&text, "\"}");
        json_t *params = params_of(text.bytes);
        struct hp_problem problem = {0};
        assert_refused(read_params(CREATE, params, &problem), &problem, HP_INVALID, "/kind");
        assert_true(text_is_utf8(problem.detail, strlen(problem.detail)));
        json_decref(params);
        text_release(&text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_request),
        cmocka_unit_test(test_details),
        cmocka_unit_test(test_ttl),
        cmocka_unit_test(test_create),
        cmocka_unit_test(test_list),
        cmocka_unit_test(test_respond_and_cancel),
        cmocka_unit_test(test_depth),
        cmocka_unit_test(test_unknown_kind_is_quoted_as_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
