#include "harness/adapters/http_inbound.h"
#include "suites/self/support_json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static enum request_state parse(const char *bytes, size_t length, size_t *head_bytes, struct text *body) {
    struct text text = {0};
    *body = (struct text){0};
    assert_true(text_append(&text, bytes, length));
    enum request_state state = request_parse(&text, head_bytes, body);
    text_release(&text);
    return state;
}

/* Whole, and until its last byte came it was partial. */
static void each_is_whole_at_its_last_byte(void **state) {
    (void)state;
    static const struct {
        const char *request, *body;
    } rows[] = {
        {"POST / HTTP/1.1\r\n\r\n", ""},
        {"POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n", ""},
        {"POST / HTTP/1.1\r\ncontent-length:5\r\nA: b\r\n\r\nhello", "hello"},
        {"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "hello"},
        {"POST / HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n\r\n3\r\nhel\r\na;x=y\r\nlo, worlds\r\n0\r\n\r\n",
         "hello, worlds"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t whole = strlen(rows[i].request), head_bytes = 0;
        struct text body;
        for (size_t length = 0; length < whole; length++) {
            assert_int_equal(parse(rows[i].request, length, &head_bytes, &body), REQUEST_PARTIAL);
            assert_int_equal(body.length_bytes, 0);
            text_release(&body);
        }
        assert_int_equal(parse(rows[i].request, whole, &head_bytes, &body), REQUEST_WHOLE);
        assert_int_equal(head_bytes, (size_t)(strstr(rows[i].request, "\r\n\r\n") - rows[i].request) + 4);
        assert_string_equal(body.bytes ? body.bytes : "", rows[i].body);
        text_release(&body);
    }
}

static void a_body_may_hold_anything(void **state) {
    (void)state;
    static const char request[] = "POST / HTTP/1.1\r\nContent-Length: 6\r\n\r\na\0\r\n\r\n";
    size_t head_bytes;
    struct text body;
    assert_int_equal(parse(request, sizeof request - 1, &head_bytes, &body), REQUEST_WHOLE);
    assert_int_equal(body.length_bytes, 6);
    assert_memory_equal(body.bytes, "a\0\r\n\r\n", 6);
    text_release(&body);
}

static void what_is_no_body_is_malformed(void **state) {
    (void)state;
    static const char *const rows[] = {"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n",
                                       "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n"};
    for (size_t i = 0; i < 2; i++) {
        size_t head_bytes;
        struct text body;
        assert_int_equal(parse(rows[i], strlen(rows[i]), &head_bytes, &body), REQUEST_MALFORMED);
        text_release(&body);
    }
}

static void headers(void **state) {
    (void)state;
    static const char head[] =
        "POST /a:b HTTP/1.1\r\nA: 1\r\nAb:  two \t\r\na: 3\r\nEmpty:\r\n\r\nA: body\r\n";
    static const struct {
        const char *name, *value; /* NULL: there is none */
    } rows[] = {{"A", "1, 3"}, {"AB", "two"}, {"Empty", ""}, {"B", NULL}, {"POST /a", NULL}, {"", NULL}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct text value = {0};
        assert_int_equal(request_header(head, rows[i].name, &value), rows[i].value != NULL);
        if (rows[i].value) {
            assert_string_equal(value.bytes ? value.bytes : "", rows[i].value);
        }
        text_release(&value);
    }
}

static void all_headers(void **state) {
    (void)state;
    json_t *all = request_headers(
        "POST /a:b HTTP/1.1\r\nA: 1\r\na: 2\r\nOdd: \xff\r\nno colon\r\nE:\r\n\r\nB: body\r\n");
    assert_json(all, "{'a':'1, 2','odd':'(no UTF-8)','e':''}");
    json_decref(all);
    all = request_headers("POST / HTTP/1.1\r\n\r\n");
    assert_json(all, "{}");
    json_decref(all);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_is_whole_at_its_last_byte),
                                       cmocka_unit_test(a_body_may_hold_anything),
                                       cmocka_unit_test(what_is_no_body_is_malformed),
                                       cmocka_unit_test(headers), cmocka_unit_test(all_headers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
