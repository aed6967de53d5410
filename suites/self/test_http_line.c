#include "harness/adapters/http_line.h"
#include "suites/self/support_script_server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { PATIENT_MS = 20000, REPLY_MAX_BYTES = 4096 };

static void ask(struct http_line *line, const char *url, struct http_reply *reply) {
    const struct http_request request = {.verb = "GET", .url = url};
    assert_int_equal(http_line_start(line, &request, NULL), HP_OK);
    assert_true(http_line_wait(line, PATIENT_MS, reply));
}

static void one_connection(void **state) {
    (void)state;
    const char *headers[] = {"Content-Type: application/json", "X-Token: secret"};
    const struct script_reply replies[] = {{.bytes = reply_json("201 Created", "{\"a\":1}")},
                                           {.bytes = "HTTP/1.1 204 No Content\r\n\r\n"},
                                           {.bytes = reply_json("200 OK", "{}")}};
    struct script_server *server = script_server_start(replies, 3);
    struct http_line *line = http_line_new(REPLY_MAX_BYTES);
    struct http_reply reply = {0};
    const struct http_request post = {"POST", script_server_url(server), headers, 2, "{\"b\":2}", 7};
    const struct http_request again = {"DELETE", script_server_url(server), NULL, 0, NULL, 0};
    assert_int_equal(http_line_start(line, &post, NULL), HP_OK);
    assert_int_equal(http_line_start(line, &again, NULL), HP_UNAVAILABLE);
    assert_true(http_line_wait(line, PATIENT_MS, &reply));
    assert_false(reply.broken);
    assert_int_equal(reply.status, 201);
    assert_string_equal(reply.content_type, "application/json");
    assert_string_equal(reply.body.bytes, "{\"a\":1}");
    assert_non_null(strstr(reply.head.bytes, "Content-Type: application/json\r\n"));
    assert_null(strstr(reply.head.bytes, "HTTP/1.1"));
    http_reply_release(&reply);
    const char *sent = script_server_request(server, 0);
    assert_non_null(strstr(sent, "POST / HTTP/1.1\r\n"));
    assert_non_null(strstr(sent, "X-Token: secret\r\n"));
    assert_non_null(strstr(sent, "Content-Type: application/json\r\n"));
    assert_non_null(strstr(sent, "\r\n\r\n{\"b\":2}"));
    assert_null(strstr(sent, "Expect:"));
    assert_int_equal(http_line_start(line, &again, NULL), HP_OK);
    assert_true(http_line_wait(line, PATIENT_MS, &reply));
    assert_int_equal(reply.status, 204);
    assert_int_equal(reply.body.length_bytes, 0);
    http_reply_release(&reply);
    assert_non_null(strstr(script_server_request(server, 1), "DELETE / HTTP/1.1\r\n"));
    assert_null(strstr(script_server_request(server, 1), "Content-Type"));
    ask(line, script_server_url(server), &reply);
    http_reply_release(&reply);
    assert_int_equal(script_server_connections(server), 1);
    assert_true(http_line_wait(line, 0, &reply));
    assert_true(reply.broken);
    http_line_free(line);
    script_server_stop(server);
}

/* The length that a HEAD tells is that of a body which does not come; what comes next is an answer of its own, and what came
 * before the last one's head counts for nothing. */
static void heads(void **state) {
    (void)state;
    const struct script_reply replies[] = {
        {.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A: b\r\n\r\n"},
        {.bytes = "HTTP/1.1 100 Continue\r\nX-Early: yes\r\n\r\nHTTP/1.1 200 OK\r\nX-Late: "
                  "yes\r\nContent-Length: 2\r\n\r\n{}"}};
    struct script_server *server = script_server_start(replies, 2);
    struct http_line *line = http_line_new(REPLY_MAX_BYTES);
    struct http_reply reply = {0};
    const struct http_request head = {.verb = "HEAD", .url = script_server_url(server)};
    assert_int_equal(http_line_start(line, &head, NULL), HP_OK);
    assert_true(http_line_wait(line, PATIENT_MS, &reply));
    assert_false(reply.broken);
    assert_int_equal(reply.status, 200);
    assert_int_equal(reply.body.length_bytes, 0);
    assert_non_null(strstr(reply.head.bytes, "X-A: b\r\n"));
    http_reply_release(&reply);
    assert_non_null(strstr(script_server_request(server, 0), "HEAD / HTTP/1.1\r\n"));
    ask(line, script_server_url(server), &reply);
    assert_string_equal(reply.body.bytes, "{}");
    assert_non_null(strstr(reply.head.bytes, "X-Late"));
    assert_null(strstr(reply.head.bytes, "X-Early"));
    http_reply_release(&reply);
    assert_non_null(strstr(script_server_request(server, 1), "GET / HTTP/1.1\r\n"));
    assert_int_equal(script_server_connections(server), 1);
    http_line_free(line);
    script_server_stop(server);
}

/* What is no answer, and what the reply says of it. */
static void faults(void **state) {
    (void)state;
    const struct {
        struct script_reply reply;
        const char *said;
    } rows[] = {
        {{.bytes = NULL, .close = 1}, "closed without an answer"},
        {{.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", .close = 1}, "in the middle"},
        {{.bytes = "SSH-2.0-OpenSSH_9.2\r\n", .close = 1}, "no HTTP"},
        {{.bytes = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", .close = 1}, "("},
        {{.bytes = "HTTP/1.1 200 OK\r\n\r\n", .repeat = 1000, .tail = "0123456789", .close = 1},
         "more than 4096 bytes"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct script_server *server = script_server_start(&rows[i].reply, 1);
        struct http_line *line = http_line_new(REPLY_MAX_BYTES);
        struct http_reply reply = {0};
        ask(line, script_server_url(server), &reply);
        assert_true(reply.broken);
        if (!strstr(reply.detail, rows[i].said)) {
            fail_msg("row %zu says: %s", i, reply.detail);
        }
        http_reply_release(&reply);
        http_line_free(line);
        script_server_stop(server);
    }
}

static void chunks_and_redirects(void **state) {
    (void)state;
    const struct script_reply replies[] = {
        {.bytes = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\n"
                  "3\r\n{\"a\r\n4\r\n\":1}\r\n0\r\n\r\n"},
        {.bytes = "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n"}};
    struct script_server *server = script_server_start(replies, 2);
    struct http_line *line = http_line_new(REPLY_MAX_BYTES);
    struct http_reply reply = {0};
    ask(line, script_server_url(server), &reply);
    assert_string_equal(reply.body.bytes, "{\"a\":1}");
    http_reply_release(&reply);
    ask(line, script_server_url(server), &reply);
    assert_int_equal(reply.status, 302);
    http_reply_release(&reply);
    assert_int_equal(script_server_requests(server), 2);
    http_line_free(line);
    script_server_stop(server);
}

/* The service may have carried out what it did not answer, so the request goes once. */
static void never_twice(void **state) {
    (void)state;
    const struct script_reply replies[] = {{.bytes = reply_json("200 OK", "{}")},
                                           {.bytes = NULL, .close = 1},
                                           {.bytes = reply_json("200 OK", "{}")}};
    struct script_server *server = script_server_start(replies, 3);
    struct http_line *line = http_line_new(REPLY_MAX_BYTES);
    struct http_reply reply = {0};
    ask(line, script_server_url(server), &reply);
    http_reply_release(&reply);
    ask(line, script_server_url(server), &reply);
    assert_true(reply.broken);
    assert_string_equal(reply.detail, "the connection was closed without an answer");
    assert_int_equal(script_server_requests(server), 2);
    http_reply_release(&reply);
    ask(line, script_server_url(server), &reply);
    assert_false(reply.broken);
    assert_int_equal(script_server_requests(server), 3);
    http_reply_release(&reply);
    http_line_free(line);
    script_server_stop(server);
}

static void slow_and_absent(void **state) {
    (void)state;
    const struct script_reply held = {.bytes = NULL, .hold = 1};
    struct script_server *server = script_server_start(&held, 1);
    struct http_line *line = http_line_new(REPLY_MAX_BYTES);
    struct http_reply reply = {0};
    const struct http_request request = {.verb = "GET", .url = script_server_url(server)};
    assert_int_equal(http_line_start(line, &request, NULL), HP_OK);
    assert_false(http_line_wait(line, 30, &reply));
    http_line_free(line);
    char url[64];
    text_put(url, sizeof url, script_server_url(server));
    script_server_stop(server);
    line = http_line_new(REPLY_MAX_BYTES);
    ask(line, url, &reply);
    assert_true(reply.broken);
    assert_non_null(strstr(reply.detail, "nobody answers there"));
    http_reply_release(&reply);
    ask(line, "ftp://127.0.0.1/x", &reply);
    assert_true(reply.broken);
    http_reply_release(&reply);
    http_line_free(line);
    http_line_free(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_connection), cmocka_unit_test(heads),
        cmocka_unit_test(faults),         cmocka_unit_test(chunks_and_redirects),
        cmocka_unit_test(never_twice),    cmocka_unit_test(slow_and_absent)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
