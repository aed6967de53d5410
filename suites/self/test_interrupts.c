#include "reference/service/checked.h"
#include "reference/store/answer_book.h"
#include "reference/store/store.h"
#include "suites/self/support_api.h"
#include "suites/self/support_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>

#define NEW(members)                                                                                         \
    "{\"kind\":\"confirmation\",\"request_id\":\"r1\",\"user_id\":\"ann\",\"session_id\":\"s1\"" members "}"

static const char *text_of(const json_t *object, const char *key) {
    return json_string_value(json_object_get(object, key));
}

/* The answer equals what the wire beside HTTP shows, and leads there. */
static void creates(void **state) {
    (void)state;
    struct api_bench bench;
    struct api_reply reply;
    char params[128], location[128];
    api_bench_init(&bench, NULL);
    api_call(
        &bench,
        &(struct api_request){
            .line = "POST /interrupts",
            .body = NEW(",\"data\":{\"b\":[1,2.5e300,\"\\u00e9\\n\"]},\"ttl_seconds\":90,\"status\":\"x\"")},
        &reply);
    assert_int_equal(reply.status, 201);
    snprintf(params, sizeof params, "{\"id\":\"%s\"}", text_of(reply.json, "id"));
    json_t *stored = api_wire(&bench, "interrupt.get", params);
    assert_true(json_equal(json_object_get(stored, "interrupt"), reply.json));
    assert_string_equal(text_of(reply.json, "expires_at"), "2025-12-11T09:31:30.000000Z");
    snprintf(location, sizeof location, "/interrupts/%s", text_of(reply.json, "id"));
    assert_string_equal(response_header(&reply.response, "Location"), location);
    assert_null(response_header(&reply.response, "Idempotency-Replayed"));
    json_decref(stored);
    api_reply_release(&reply);
    api_bench_release(&bench);
}

static void refuses_creations(void **state) {
    (void)state;
    static const struct {
        const char *body, *field;
    } rows[] = {
        {"{\"kind\":\"agent_review\",\"request_id\":\"r\",\"user_id\":\"u\",\"session_id\":\"s\"}", "/kind"},
        {"{\"request_id\":\"r\",\"user_id\":\"u\",\"session_id\":\"s\"}", "/kind"},
        {"{\"kind\":\"timeout\",\"request_id\":\"r\",\"session_id\":\"s\"}", "/user_id"},
        {"{\"kind\":\"timeout\",\"request_id\":\"r\",\"user_id\":7,\"session_id\":\"s\"}", "/user_id"},
        {NEW(",\"ttl_seconds\":0"), "/ttl_seconds"},
        {NEW(",\"data\":[]"), "/data"},
        {NEW(",\"kind\":\"timeout\""), NULL},
        {"[]", NULL},
        {"{", NULL},
        {"{\"kind\":\"\xff\"}", NULL},
        {"", NULL},
    };
    struct api_bench bench;
    api_bench_init(&bench, NULL);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        api_expect(&bench, &(struct api_request){.line = "POST /interrupts", .body = rows[i].body}, 400,
                   "invalid", rows[i].field);
    }
    assert_int_equal(api_count_events(&bench), 0);
    api_bench_release(&bench);
}

static void reads(void **state) {
    (void)state;
    struct api_bench bench;
    char id[HP_ID_SIZE], line[128];
    api_bench_init(&bench, NULL);
    api_create(&bench, id);
    static const struct {
        const char *pattern;
        unsigned status;
        const char *name, *field;
    } rows[] = {
        {"GET /interrupts/%s?user_id=ann", 200, NULL, NULL},
        {"GET /interrupts/%s/?user_id=a%%6en", 200, NULL, NULL},
        {"HEAD /interrupts/%s?user_id=ann&more=1", 200, NULL, NULL},
        {"GET /interrupts/%s?user_id=bob", 403, "forbidden", NULL},
        {"GET /interrupts/%s", 400, "invalid", "/user_id"},
        {"GET /interrupts/%s?user_id=", 400, "invalid", "/user_id"},
        {"GET /interrupts/%s?user_id=ann&user_id=ann", 400, "invalid", "/user_id"},
        {"GET /interrupts/%s?user_id=ann%%00x", 400, "invalid", "/user_id"},
        {"GET /interrupts/%sx?user_id=ann", 404, "not_found", NULL},
        {"GET /interrupts/x?user_id=ann", 404, "not_found", NULL},
        {"GET /interrupts/%%00?user_id=ann", 404, "not_found", NULL},
        {"GET /interrupts/00000000-0000-4000-8000-000000000000?user_id=ann", 404, "not_found", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        snprintf(line, sizeof line, rows[i].pattern, id);
        api_expect(&bench, &(struct api_request){.line = line}, rows[i].status, rows[i].name, rows[i].field);
    }
    api_bench_release(&bench);
}

/* Reads page after page; how many rows there were. */
static size_t count_rows(struct api_bench *bench, const char *filters, size_t limit, long long *total) {
    char line[256], cursor[HP_CURSOR_SIZE + 16] = "";
    size_t count = 0;
    do {
        struct api_reply reply;
        snprintf(line, sizeof line, "GET /interrupts/?%s&limit=%zu%s", filters, limit, cursor);
        api_call(bench, &(struct api_request){.line = line}, &reply);
        assert_int_equal(reply.status, 200);
        const json_t *rows = json_object_get(reply.json, "interrupts");
        const char *next = text_of(reply.json, "next_cursor");
        assert_true(json_array_size(rows) <= limit);
        *total = json_integer_value(json_object_get(reply.json, "total"));
        count += json_array_size(rows);
        snprintf(cursor, sizeof cursor, "%s%s", next ? "&cursor=" : "", next ? next : "");
        api_reply_release(&reply);
    } while (cursor[0]);
    return count;
}

static void lists(void **state) {
    (void)state;
    struct api_bench bench;
    char id[HP_ID_SIZE];
    long long total;
    api_bench_init(&bench, NULL);
    for (size_t i = 0; i < 7; i++) {
        api_create(&bench, id);
    }
    assert_int_equal(count_rows(&bench, "user_id=ann", 3, &total), 7);
    assert_int_equal(total, 7);
    assert_int_equal(count_rows(&bench, "user_id=ann&session_id=s1&request_id=r1", 200, &total), 7);
    assert_int_equal(
        count_rows(&bench, "user_id=ann&kind=timeout&kind=confirmation&status_filter=all", 2, &total), 7);
    assert_int_equal(count_rows(&bench, "user_id=ann&kind=timeout", 2, &total), 0);
    assert_int_equal(count_rows(&bench, "user_id=ann&status_filter=resolved", 2, &total), 0);
    assert_int_equal(count_rows(&bench, "user_id=bob&session_id=s1", 2, &total), 0);
    static const struct {
        const char *line, *field;
    } rows[] = {
        {"GET /interrupts", "/user_id"},
        {"GET /interrupts?session_id=s1", "/user_id"},
        {"GET /interrupts?user_id=ann&kind=agent_review", "/kind"},
        {"GET /interrupts?user_id=ann&kind=", "/kind"},
        {"GET /interrupts?user_id=ann&status_filter=open", "/status_filter"},
        {"GET /interrupts?user_id=ann&limit=0", "/limit"},
        {"GET /interrupts?user_id=ann&limit=201", "/limit"},
        {"GET /interrupts?user_id=ann&limit=1e1", "/limit"},
        {"GET /interrupts?user_id=ann&limit=+5", "/limit"},
        {"GET /interrupts?user_id=ann&limit=", "/limit"},
        {"GET /interrupts?user_id=ann&limit=9999999999999999999999", "/limit"},
        {"GET /interrupts?user_id=ann&cursor=x", "/cursor"},
        {"GET /interrupts?user_id=ann&session_id=", "/session_id"},
        {"GET /interrupts?user_id=ann&session_id=%ff", "/session_id"},
        {"GET /interrupts?user_id=ann&limit=5&limit=5", "/limit"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        api_expect(&bench, &(struct api_request){.line = rows[i].line}, 400, "invalid", rows[i].field);
    }
    api_bench_release(&bench);
}

static void answers(void **state) {
    (void)state;
    struct api_bench bench;
    struct api_reply reply;
    char id[HP_ID_SIZE], line[128];
    api_bench_init(&bench, NULL);
    api_create(&bench, id);
    snprintf(line, sizeof line, "POST /interrupts/%s/respond?user_id=ann", id);
    static const struct {
        const char *body, *field;
    } rows[] = {{"{}", "/approved"},
                {"{\"approved\":1}", "/approved"},
                {"{\"approved\":true,\"text\":\"x\"}", "/text"},
                {"{\"text\":\"\"}", "/text"},
                {"{\"decision\":\"later\"}", "/decision"},
                {"{\"approved\":true,\"data\":[]}", "/data"},
                {"[]", NULL},
                {"", NULL}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        api_expect(&bench, &(struct api_request){.line = line, .body = rows[i].body}, 400, "invalid",
                   rows[i].field);
    }
    api_call(&bench, &(struct api_request){.line = line, .body = "{\"approved\":false,\"received_at\":1}"},
             &reply);
    assert_int_equal(reply.status, 200);
    assert_true(json_is_false(json_object_get(reply.json, "request_can_resume")));
    assert_string_equal(text_of(json_object_get(reply.json, "interrupt"), "status"), "resolved");
    api_reply_release(&reply);
    api_call(&bench, &(struct api_request){.line = line, .body = "{\"approved\":true}"}, &reply);
    assert_int_equal(reply.status, 409);
    assert_string_equal(text_of(reply.json, "interrupt_status"), "resolved");
    assert_null(response_header(&reply.response, "Retry-After"));
    api_reply_release(&reply);
    api_expect(&bench, &(struct api_request){.line = "POST /interrupts/x/respond?user_id=ann", .body = "{}"},
               404, "not_found", NULL);
    assert_int_equal(api_count_events(&bench), 2);
    api_bench_release(&bench);
}

static void cancels(void **state) {
    (void)state;
    struct api_bench bench;
    char id[HP_ID_SIZE], line[128], params[64];
    api_bench_init(&bench, NULL);
    api_create(&bench, id);
    snprintf(line, sizeof line, "DELETE /interrupts/%s?user_id=bob", id);
    api_expect(&bench, &(struct api_request){.line = line}, 403, "forbidden", NULL);
    snprintf(line, sizeof line, "DELETE /interrupts/%s?user_id=ann&reason=no+longer%%20%%C3%%A9", id);
    api_expect(&bench, &(struct api_request){.line = line}, 204, NULL, NULL);
    api_expect(&bench, &(struct api_request){.line = line}, 409, "conflict", NULL);
    snprintf(params, sizeof params, "{\"id\":\"%s\"}", id);
    json_t *stored = api_wire(&bench, "interrupt.get", params);
    const json_t *data = json_object_get(json_object_get(stored, "interrupt"), "data");
    assert_string_equal(text_of(data, "cancel_reason"), "no longer \xc3\xa9");
    json_decref(stored);
    api_bench_release(&bench);
}

static void sweeps(void **state) {
    (void)state;
    const struct server_options options = {.operator_token = "secret"};
    static const char *const wrong[] = {
        NULL, "", "secret", "Bearer", "Bearer ", "Bearer secre", "Bearer secrets", "Basic secret"};
    struct api_bench bench;
    struct api_reply reply;
    char id[HP_ID_SIZE];
    api_bench_init(&bench, &options);
    api_create(&bench, id);
    assert_int_equal(deployment_set_clock(bench.deployment, BENCH_NOW_US + 4000 * HP_SECOND_US, NULL), HP_OK);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        api_expect(&bench,
                   &(struct api_request){.line = "POST /interrupts/expire", .authorization = wrong[i]}, 401,
                   "forbidden", NULL);
    }
    api_expect(&bench,
               &(struct api_request){.line = "POST /interrupts/expire",
                                     .authorization = "Bearer  secret",
                                     .repeated = HEADER_AUTHORIZATION},
               401, "forbidden", NULL);
    api_call(&bench,
             &(struct api_request){.line = "POST /interrupts/expire/", .authorization = "bearer secret"},
             &reply);
    assert_int_equal(reply.status, 200);
    const json_t *ids = json_object_get(reply.json, "ids");
    assert_int_equal(json_array_size(ids), 1);
    assert_string_equal(json_string_value(json_array_get(ids, 0)), id);
    api_reply_release(&reply);
    api_bench_release(&bench);
    api_bench_init(&bench, NULL);
    api_expect(&bench, &(struct api_request){.line = "POST /interrupts/expire", .authorization = "Bearer "},
               401, "forbidden", NULL);
    api_bench_release(&bench);
}

static enum hp_status be_busy(struct hp_store *store, const struct hp_create *create,
                              struct hp_interrupt **created, struct hp_problem *problem) {
    (void)store;
    (void)created;
    return answer_refuse(create->idempotency, HP_KEY_BUSY, problem);
}

/* Of all conflicts this one alone ends by itself. */
static void a_busy_key_may_be_tried_again(void **state) {
    (void)state;
    struct api_bench bench;
    struct api_reply reply;
    api_bench_init(&bench, NULL);
    struct hp_store *store = service_store(deployment_enter(bench.deployment));
    deployment_leave(bench.deployment);
    const struct hp_store_ops *ops = store->ops;
    struct hp_store_ops busy = *ops;
    busy.create = be_busy;
    store->ops = &busy;
    api_call(&bench, &(struct api_request){.line = "POST /interrupts", .body = NEW(""), .key = "k"}, &reply);
    store->ops = ops;
    assert_int_equal(reply.status, 409);
    assert_null(json_object_get(reply.json, "interrupt_status"));
    assert_string_equal(response_header(&reply.response, "Retry-After"), "1");
    api_reply_release(&reply);
    api_bench_release(&bench);
}

/* The same body in another spelling is the same request; another is not. */
static void repeats(void **state) {
    (void)state;
    struct api_bench bench;
    struct api_reply first, again;
    char id[HP_ID_SIZE], line[128];
    api_bench_init(&bench, NULL);
    api_call(&bench,
             &(struct api_request){
                 .line = "POST /interrupts", .body = NEW(",\"data\":{\"a\":1,\"b\":2}"), .key = "k"},
             &first);
    assert_int_equal(first.status, 201);
    api_call(&bench,
             &(struct api_request){
                 .line = "POST /interrupts/",
                 .body = " {\"data\":{\"b\":2e0,\"a\":1.0},\"session_id\":\"s1\",\"user_id\":\"ann\","
                         "\"request_id\":\"r1\",\"kind\":\"confirmation\"}",
                 .key = "k"},
             &again);
    assert_int_equal(again.status, 201);
    assert_true(json_equal(first.json, again.json));
    assert_string_equal(response_header(&again.response, "Idempotency-Replayed"), "true");
    assert_string_equal(response_header(&again.response, "Location"),
                        response_header(&first.response, "Location"));
    api_reply_release(&first);
    api_reply_release(&again);
    assert_int_equal(api_count_events(&bench), 1);
    api_expect(&bench, &(struct api_request){.line = "POST /interrupts", .body = NEW(""), .key = "k"}, 422,
               "invalid", "/Idempotency-Key");
    api_create(&bench, id);
    snprintf(line, sizeof line, "POST /interrupts/%s/respond?user_id=ann", id);
    api_expect(&bench, &(struct api_request){.line = line, .body = "{\"approved\":true}", .key = "k"}, 200,
               NULL, NULL);
    api_expect(&bench, &(struct api_request){.line = line, .body = "{\"approved\":true}", .key = "k"}, 200,
               NULL, NULL);
    api_expect(&bench, &(struct api_request){.line = line, .body = "{\"approved\":false}", .key = "k"}, 422,
               "invalid", "/Idempotency-Key");
    api_expect(&bench, &(struct api_request){.line = line, .body = "{\"approved\":true}", .key = "l"}, 409,
               "conflict", NULL);
    assert_int_equal(api_count_events(&bench), 2);
    static char long_key[257];
    memset(long_key, 'k', 256);
    const char *const wrong[] = {"", long_key, "\xff"};
    for (size_t i = 0; i < 3; i++) {
        api_expect(&bench,
                   &(struct api_request){.line = "POST /interrupts", .body = NEW(""), .key = wrong[i]}, 400,
                   "invalid", "/Idempotency-Key");
    }
    api_expect(
        &bench,
        &(struct api_request){
            .line = "POST /interrupts", .body = NEW(""), .key = "m", .repeated = HEADER_IDEMPOTENCY_KEY},
        400, "invalid", "/Idempotency-Key");
    api_bench_release(&bench);
}

/* A proxy names the user: nobody else does. */
static void trusts_a_proxy(void **state) {
    (void)state;
    const struct server_options options = {.auth_header = "X-User"};
    static const char nobody[] = "{\"kind\":\"timeout\",\"request_id\":\"r\",\"session_id\":\"s\"}";
    struct api_bench bench;
    struct api_reply reply;
    char id[HP_ID_SIZE], line[128];
    api_bench_init(&bench, &options);
    api_call(&bench, &(struct api_request){.line = "POST /interrupts", .body = nobody, .user = "bob"},
             &reply);
    assert_int_equal(reply.status, 201);
    assert_string_equal(text_of(reply.json, "user_id"), "bob");
    api_reply_release(&reply);
    api_expect(&bench, &(struct api_request){.line = "POST /interrupts", .body = nobody}, 401, "forbidden",
               NULL);
    api_expect(&bench, &(struct api_request){.line = "POST /interrupts", .body = NEW(""), .user = "bob"}, 403,
               "forbidden", NULL);
    api_create(&bench, id);
    snprintf(line, sizeof line, "GET /interrupts/%s", id);
    api_expect(&bench, &(struct api_request){.line = line, .user = "ann"}, 200, NULL, NULL);
    api_expect(&bench, &(struct api_request){.line = line, .user = "bob"}, 403, "forbidden", NULL);
    api_expect(&bench, &(struct api_request){.line = line}, 401, "forbidden", NULL);
    api_expect(&bench, &(struct api_request){.line = line, .user = ""}, 401, "forbidden", NULL);
    api_expect(&bench, &(struct api_request){.line = line, .user = "ann", .repeated = HEADER_USER}, 401,
               "forbidden", NULL);
    snprintf(line, sizeof line, "GET /interrupts/%s?user_id=ann", id);
    api_expect(&bench, &(struct api_request){.line = line, .user = "ann"}, 200, NULL, NULL);
    api_expect(&bench, &(struct api_request){.line = line, .user = "bob"}, 403, "forbidden", NULL);
    api_expect(&bench, &(struct api_request){.line = line}, 401, "forbidden", NULL);
    api_bench_release(&bench);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(creates), cmocka_unit_test(refuses_creations),
        cmocka_unit_test(reads),   cmocka_unit_test(lists),
        cmocka_unit_test(answers), cmocka_unit_test(cancels),
        cmocka_unit_test(sweeps),  cmocka_unit_test(a_busy_key_may_be_tried_again),
        cmocka_unit_test(repeats), cmocka_unit_test(trusts_a_proxy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
