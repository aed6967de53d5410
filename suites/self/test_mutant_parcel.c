#include "harness/adapters/mutant_parcel.h"
#include "suites/self/support_json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void only_this_machine_is_served(void **state) {
    (void)state;
    static const struct {
        const char *url, *path; /* NULL: it is left alone */
        unsigned port;
    } rows[] = {{"http://127.0.0.1:8080/a/b?c", "/a/b?c", 8080},
                {"http://127.0.0.1:1", "/", 1},
                {"http://127.0.0.1/a", NULL, 0},
                {"http://127.0.0.1:/a", NULL, 0},
                {"http://127.0.0.1:65536/", NULL, 0},
                {"http://127.0.0.1:80x/", NULL, 0},
                {"https://127.0.0.1:80/", NULL, 0},
                {"http://example.com:80/", NULL, 0},
                {"", NULL, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        unsigned port = 0;
        const char *path = NULL;
        if (parcel_address(rows[i].url, &port, &path) != (rows[i].path != NULL)) {
            fail_msg("%s", rows[i].url);
        }
        if (rows[i].path) {
            assert_int_equal(port, rows[i].port);
            assert_string_equal(path, rows[i].path);
        }
    }
}

static json_t *read_parcel(const char *head, const char *body, size_t length_bytes) {
    struct text text = {0};
    assert_true(text_append(&text, body, length_bytes));
    json_t *params = parcel_params(head, &text, "http://127.0.0.1:5/x");
    text_release(&text);
    return params;
}

static void a_request_as_params(void **state) {
    (void)state;
    static const char head[] =
        "POST /courier/0 HTTP/1.1\r\nHost: 127.0.0.1:9\r\nX-A: 1\r\nx-a: 2\r\n"
        "Content-Length: 7\r\nTransfer-Encoding: chunked\r\nConnection: x\r\nExpect: y\r\n\r\n";
    json_t *params = read_parcel(head, "{\"a\":1}", 7);
    assert_json(params, "{'url':'http://127.0.0.1:5/x','headers':{'host':'127.0.0.1:5','x-a':'1, 2'},"
                        "'text':'{\\\"a\\\":1}','body':{'a':1}}");
    json_decref(params);
    params = read_parcel(head, "no json", 7);
    assert_non_null(params);
    assert_null(json_object_get(params, "body"));
    json_decref(params);
    assert_null(read_parcel(head, "\xff", 1));
}

static char *written(const char *params, const char *came) {
    struct text bytes = {0};
    json_t *now = json_short(params), *before = came ? json_short(came) : NULL;
    assert_true(parcel_write(now, before, &bytes));
    json_decref(now);
    json_decref(before);
    return text_take(&bytes);
}

/* The bytes stay as they were as long as nobody touched what they say. */
static void params_as_a_request(void **state) {
    (void)state;
    static const struct {
        const char *params, *came, *request;
    } rows[] = {
        {"{'url':'http://127.0.0.1:5/x','headers':{'a':'b'},'text':'{ }','body':{}}",
         "{'text':'{ }','body':{}}",
         "POST /x HTTP/1.1\r\na: b\r\nContent-Length: 3\r\nConnection: close\r\n\r\n{ }"},
        {"{'url':'http://127.0.0.1:5/x','text':'{ }','body':{'a':1}}", "{'text':'{ }','body':{}}",
         "POST /x HTTP/1.1\r\nContent-Length: 7\r\nConnection: close\r\n\r\n{\"a\":1}"},
        {"{'url':'http://127.0.0.1:5/x','text':'[]','body':{}}", "{'text':'{ }','body':{}}",
         "POST /x HTTP/1.1\r\nContent-Length: 2\r\nConnection: close\r\n\r\n[]"},
        {"{'url':'http://127.0.0.1:5/x','body':[]}", NULL,
         "POST /x HTTP/1.1\r\nContent-Length: 2\r\nConnection: close\r\n\r\n[]"},
        {"{'headers':{'a':1}}", NULL,
         "POST / HTTP/1.1\r\na: \r\nContent-Length: 0\r\nConnection: close\r\n\r\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *request = written(rows[i].params, rows[i].came);
        assert_string_equal(request, rows[i].request);
        free(request);
    }
}

static void an_answer_as_a_result(void **state) {
    (void)state;
    json_t *result = parcel_result("HTTP/1.1 308 Go\r\nLocation: http://127.0.0.1:5/y\r\n\r\n");
    assert_json(result, "{'status':308,'headers':{'location':'http://127.0.0.1:5/y'}}");
    json_decref(result);
    assert_null(parcel_result("SSH-2.0-x\r\n\r\n"));
    assert_null(parcel_result("HTTP/1.1 \r\n\r\n"));
}

static void a_result_as_an_answer(void **state) {
    (void)state;
    static const struct {
        const char *head, *answer;
    } rows[] = {{"HTTP/1.1 500 No\r\nA: b\r\n\r\n", "HTTP/1.1 204 Answer\r\nA: b\r\n\r\n"},
                {NULL, "HTTP/1.1 204 Answer\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"}};
    json_t *result = json_short("{'status':204}");
    for (size_t i = 0; i < 2; i++) {
        struct text bytes = {0};
        assert_true(parcel_write_head(result, rows[i].head, &bytes));
        assert_string_equal(bytes.bytes, rows[i].answer);
        text_release(&bytes);
    }
    json_decref(result);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_this_machine_is_served), cmocka_unit_test(a_request_as_params),
        cmocka_unit_test(params_as_a_request), cmocka_unit_test(an_answer_as_a_result),
        cmocka_unit_test(a_result_as_an_answer)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
