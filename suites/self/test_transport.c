/* What of HTTP/1.1 is odd, over real sockets, with each way to have threads. */
#include "reference/server/server.h"
#include "suites/self/support_api.h"
#include "suites/self/support_http.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define NEW "{\"kind\":\"confirmation\",\"request_id\":\"r1\",\"user_id\":\"ann\",\"session_id\":\"s1\"}"
#define HOST "Host: test\r\n"
#define JSON "Content-Type: application/json\r\n"
#define LIST "GET /interrupts?user_id=ann HTTP/1.1\r\n" HOST "\r\n"

static struct {
    struct deployment *deployment;
    struct server *server;
    const char *url;
    int log[2]; /* a pipe that the server logs to */
} bench;

static void begin(struct server_options options) {
    struct hp_problem problem = {0};
    bench.deployment = deployment_memory_new();
    assert_int_equal(pipe(bench.log), 0);
    options.log_fd = options.log_fd ? bench.log[1] : -1;
    options.auth_header = options.auth_header ? options.auth_header : NULL;
    if (server_start(bench.deployment, &options, &bench.server, &problem) != HP_OK) {
        fail_msg("%s", problem.detail);
    }
    bench.url = server_url(bench.server);
}

static void end(void) {
    server_stop(bench.server);
    deployment_free(bench.deployment);
    close(bench.log[0]);
    close(bench.log[1]);
}

static const char *header_of(const void *context, const char *name) {
    static char value[512];
    http_header(context, name, value, sizeof value);
    return value[0] ? value : NULL;
}

static void check(const struct http_answer *answer, const char *method, const char *pattern,
                  unsigned status) {
    char type[64];
    if (answer->status != status) {
        fail_msg("%s %s: %u, not %u: %s", method, pattern, answer->status, status, answer->body.bytes);
    }
    http_header(answer, "Content-Type", type, sizeof type);
    json_t *body = answer->body.length_bytes > 0 ? http_json(answer) : NULL;
    assert_true(http_has_header(answer, "X-Request-Id", NULL));
    api_check_described(method, pattern, status, body ? type : NULL, body, header_of, answer);
    json_decref(body);
}

/* One connection, many requests, one after the other and all at once. */
static void test_keeps_alive(void **state) {
    (void)state;
    for (unsigned threads = 0; threads < 3; threads++) {
        struct http_line line;
        struct http_answer answer = {0};
        begin((struct server_options){.threads = threads});
        assert_true(http_connect(&line, bench.url));
        for (int i = 0; i < 3; i++) {
            assert_true(http_send(&line, LIST));
            assert_true(http_receive(&line, &answer, false));
            check(&answer, "GET", "/interrupts", 200);
            assert_true(http_send(&line,
                                  "POST /interrupts HTTP/1.1\r\n" HOST JSON "Content-Length: %zu\r\n\r\n" NEW,
                                  strlen(NEW)));
            assert_true(http_receive(&line, &answer, false));
            check(&answer, "POST", "/interrupts", 201);
            assert_true(http_send(&line, "HEAD /interrupts?user_id=ann HTTP/1.1\r\n" HOST "\r\n"));
            assert_true(http_receive(&line, &answer, true));
            check(&answer, "HEAD", "/interrupts", 200);
            assert_false(http_has_header(&answer, "Content-Length", "0"));
            assert_true(http_send(&line, "GET /none HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nwhat?"));
            assert_true(http_receive(&line, &answer, false));
            assert_int_equal(answer.status, 404);
        }
        for (int i = 0; i < 20; i++) {
            assert_true(
                http_send(&line, i % 2 ? LIST : "DELETE /interrupts/x?user_id=ann HTTP/1.1\r\n" HOST "\r\n"));
        }
        for (int i = 0; i < 20; i++) {
            assert_true(http_receive(&line, &answer, false));
            assert_int_equal(answer.status, i % 2 ? 200 : 404);
        }
        http_close(&line);
        http_answer_release(&answer);
        end();
    }
}

/* However the bytes are cut. */
static void test_chunks_and_drops(void **state) {
    (void)state;
    static const char request[] =
        "POST /interrupts HTTP/1.1\r\n" HOST JSON "Transfer-Encoding: chunked\r\n\r\n"
        "1;a=b\r\n{\r\n"
        "56\r\n\"kind\":\"confirmation\",\"request_id\":\"r1\",\"user_id\":\"ann\",\"session_id\":\"s1\"}"
        "            \r\n0\r\nTrailer: x\r\n\r\n";
    struct http_line line;
    struct http_answer answer = {0};
    begin((struct server_options){.threads = 2});
    assert_true(http_connect(&line, bench.url));
    assert_true(http_send_bytes(&line, request, sizeof request - 1));
    assert_true(http_receive(&line, &answer, false));
    check(&answer, "POST", "/interrupts", 201);
    for (size_t i = 0; i < sizeof request - 1; i++) {
        assert_true(http_send_bytes(&line, request + i, 1));
    }
    assert_true(http_receive(&line, &answer, false));
    check(&answer, "POST", "/interrupts", 201);
    http_close(&line);
    http_answer_release(&answer);
    end();
}

/* Who has sent all and closes that half still gets his answer; who goes away disturbs nobody. */
static void test_half_closed(void **state) {
    (void)state;
    for (unsigned threads = 0; threads < 3; threads++) {
        struct http_line line;
        struct http_answer answer = {0};
        begin((struct server_options){.threads = threads, .idle_seconds = 1});
        assert_true(http_connect(&line, bench.url));
        assert_true(http_send(&line, LIST));
        http_end_sending(&line);
        assert_true(http_receive(&line, &answer, false));
        check(&answer, "GET", "/interrupts", 200);
        http_close(&line);
        assert_true(http_connect(&line, bench.url));
        assert_true(
            http_send(&line, "POST /interrupts HTTP/1.1\r\n" HOST JSON "Content-Length: 500\r\n\r\n" NEW));
        http_end_sending(&line);
        assert_false(http_receive(&line, &answer, false) && answer.status < 400);
        http_close(&line);
        assert_true(http_connect(&line, bench.url));
        assert_true(
            http_send(&line, "POST /interrupts HTTP/1.1\r\n" HOST JSON "Content-Length: 500\r\n\r\n" NEW));
        http_close(&line);
        http_ask(bench.url, "GET", "/interrupts?user_id=ann", "", NULL, &answer);
        assert_non_null(strstr(answer.body.bytes, "\"total\":0"));
        http_answer_release(&answer);
        end();
    }
}

static void test_expectations(void **state) {
    (void)state;
    struct http_line line;
    struct http_answer answer = {0};
    begin((struct server_options){.threads = 1});
    assert_true(http_connect(&line, bench.url));
    assert_true(http_send(&line,
                          "POST /interrupts HTTP/1.1\r\n" HOST JSON
                          "Expect: 100-continue\r\nContent-Length: %zu\r\n\r\n",
                          strlen(NEW)));
    assert_true(http_receive(&line, &answer, false));
    assert_int_equal(answer.status, 100);
    assert_true(http_send(&line, NEW));
    assert_true(http_receive(&line, &answer, false));
    check(&answer, "POST", "/interrupts", 201);
    http_close(&line);
    assert_true(http_connect(&line, bench.url));
    assert_true(http_send(&line,
                          "POST /interrupts HTTP/1.1\r\n" HOST
                          "Content-Type: text/plain\r\nExpect: 100-continue\r\nContent-Length: 50\r\n\r\n"));
    assert_true(http_receive(&line, &answer, false));
    check(&answer, "POST", "/interrupts", 415);
    http_close(&line);
    http_answer_release(&answer);
    end();
}

static long peak_kilobytes(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

/* 100 MB: announced and not sent, announced and sent, and in chunks that nobody announced. */
static void test_too_large(void **state) {
    (void)state;
    enum { PIECE = 1 << 16, PIECES = 1600 };
    static char piece[PIECE];
    for (unsigned threads = 0; threads < 3; threads++) {
        struct http_line line;
        struct http_answer answer = {0};
        begin((struct server_options){.threads = threads});
        long before = peak_kilobytes();
        assert_true(http_connect(&line, bench.url));
        assert_true(
            http_send(&line, "POST /interrupts HTTP/1.1\r\n" HOST JSON "Content-Length: 104857600\r\n\r\n"));
        assert_true(http_receive(&line, &answer, false));
        check(&answer, "POST", "/interrupts", 413);
        http_close(&line);
        assert_true(http_connect(&line, bench.url));
        assert_true(
            http_send(&line, "POST /interrupts HTTP/1.1\r\n" HOST JSON "Content-Length: 104857600\r\n\r\n"));
        for (int i = 0; i < PIECES; i++) {
            assert_true(http_send_bytes(&line, piece, sizeof piece));
        }
        assert_true(http_receive(&line, &answer, false));
        check(&answer, "POST", "/interrupts", 413);
        http_close(&line);
        assert_true(http_connect(&line, bench.url));
        assert_true(
            http_send(&line, "POST /interrupts HTTP/1.1\r\n" HOST JSON "Transfer-Encoding: chunked\r\n\r\n"));
        for (int i = 0; i < PIECES; i++) {
            assert_true(http_send(&line, "10000\r\n") && http_send_bytes(&line, piece, sizeof piece) &&
                        http_send(&line, "\r\n"));
        }
        assert_true(http_send(&line, "0\r\n\r\n"));
        assert_true(http_receive(&line, &answer, false));
        check(&answer, "POST", "/interrupts", 413);
        http_close(&line);
        assert_true(peak_kilobytes() - before < 32 * 1024);
        http_answer_release(&answer);
        end();
    }
}

/* 1,000,000 bytes are taken, and so are 1,200,000 of which many are blanks; one more is not. */
static void test_sizes(void **state) {
    (void)state;
    static const struct {
        size_t blanks, letters;
        unsigned status;
    } rows[] = {{0, 1000000 - 100, 201}, {1200000 - 100, 0, 201}, {1200001 - 100, 0, 413}, {0, 1100000, 400}};
    begin((struct server_options){.threads = 1});
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct http_answer answer = {0};
        struct text body = {0};
        text_add(&body, "{\"kind\":\"timeout\",\"request_id\":\"r1\",\"user_id\":\"ann\",\"session_id\":"
                        "\"s1\",\"question\":\"");
        for (size_t j = 0; j < rows[i].letters; j++) {
            text_add_byte(&body, 'x');
        }
        text_add(&body, "\"");
        for (size_t blanks = 100 - 1 - (body.length_bytes - rows[i].letters) + rows[i].blanks; blanks > 0;
             blanks--) {
            text_add_byte(&body, ' ');
        }
        text_add(&body, "}");
        assert_int_equal(body.length_bytes, 100 + rows[i].blanks + rows[i].letters);
        http_ask(bench.url, "POST", "/interrupts", "", body.bytes, &answer);
        check(&answer, "POST", "/interrupts", rows[i].status);
        text_release(&body);
        http_answer_release(&answer);
    }
    end();
}

/* In the place of a body: whoever takes it for a request answers 200. */
#define SMUGGLED "GET /interrupts?user_id=ann HTTP/1.1\r\n" HOST "\r\n"

/* What is not HTTP, or ambiguous, gets no answer that says success, and ends its own connection only. */
static void test_malformed(void **state) {
    (void)state;
    static const struct {
        const char *bytes;
        size_t length;
    } rows[] = {
#define ROW(text) {text, sizeof text - 1}
        ROW("\r\n\r\n\r\n\r\n"),
        ROW("hello\r\n\r\n"),
        ROW("GET /interrupts?user_id=ann\r\n\r\n"),
        ROW("GET /interrupts?user_id=ann HTTP/1.1\r\n\r\n"), /* no Host */
        ROW("GET /interrupts?user_id=ann\0x HTTP/1.1\r\n" HOST "\r\n"),
        ROW("GET /interrupts?user_id=ann\0HTTP/1.1 HTTP/1.1\r\n" HOST "\r\n"),
        ROW("GET /interrupts?user_id=ann\0 HTTP/1.1\r\n" HOST "\r\n"),
        ROW("GET /interrupts?user_id=ann HTTP/9.9\r\n" HOST "\r\n"),
        ROW("GET /interrupts?user_id=ann HTTP/1.1\r\n" HOST "no colon\r\n\r\n"),
        ROW("GET /interrupts?user_id=a n HTTP/1.1\r\n" HOST "\r\n"),
        ROW("POST /interrupts HTTP/1.1\r\n" HOST JSON "Content-Length: x\r\n\r\n" NEW),
        ROW("POST /interrupts HTTP/1.1\r\n" HOST JSON "Content-Length: -1\r\n\r\n" NEW),
        ROW("POST /interrupts HTTP/1.1\r\n" HOST JSON "Content-Length: 99999999999999999999999\r\n\r\n" NEW),
        ROW("POST /interrupts HTTP/1.1\r\n" HOST JSON
            "Content-Length: 80\r\nContent-Length: 81\r\n\r\n" NEW NEW),
        ROW("POST /interrupts HTTP/1.1\r\n" HOST JSON
            "Content-Length: 80\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        ROW("POST /interrupts HTTP/1.1\r\n" HOST JSON
            "Content-Length: 0\r\nContent-Length: 60\r\n\r\n" SMUGGLED),
        ROW("POST /interrupts HTTP/1.1\r\n" HOST JSON
            "Content-Length: 00\r\nContent-Length: 60\r\n\r\n" SMUGGLED),
        ROW("POST /interrupts HTTP/1.1\r\n" HOST JSON
            "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" SMUGGLED),
        ROW("POST /interrupts HTTP/1.1\r\n" HOST JSON "Content-Length : 60\r\n\r\n" SMUGGLED),
        ROW("POST /interrupts HTTP/1.1\r\n" HOST JSON "Content-Length\t: 60\r\n\r\n" SMUGGLED),
        ROW("POST /interrupts HTTP/1.1\r\n" HOST JSON "Transfer-Encoding : chunked\r\n\r\n" SMUGGLED),
        ROW("GET /interrupts?user_id=ann HTTP/1.1\r\n" HOST "X-User : bob\r\n\r\n"),
        ROW("POST /interrupts HTTP/1.1\r\n" HOST JSON "Transfer-Encoding: gzip\r\n\r\n" NEW),
        ROW("POST /interrupts HTTP/1.1\r\n" HOST JSON "Transfer-Encoding: chunked\r\n\r\nzz\r\n" NEW
            "\r\n0\r\n\r\n"),
        ROW("POST /interrupts HTTP/1.1\r\n" HOST JSON "Transfer-Encoding: chunked\r\n\r\n-5\r\n" NEW
            "\r\n0\r\n\r\n"),
        ROW("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"),
#undef ROW
    };
    for (unsigned threads = 0; threads < 2; threads++) {
        struct http_answer answer = {0};
        begin((struct server_options){.threads = threads, .idle_seconds = 1});
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
            struct http_line line;
            assert_true(http_connect(&line, bench.url));
            http_send_bytes(&line, rows[i].bytes, rows[i].length);
            http_end_sending(&line);
            while (http_receive(&line, &answer, false)) {
                if (answer.status < 400) {
                    fail_msg("row %zu: %s", i, answer.head.bytes);
                }
            }
            http_close(&line);
        }
        http_ask(bench.url, "GET", "/interrupts?user_id=ann&status_filter=all", "", NULL, &answer);
        check(&answer, "GET", "/interrupts", 200);
        assert_non_null(strstr(answer.body.bytes, "\"total\":0"));
        http_answer_release(&answer);
        end();
    }
}

/* Nothing of a request comes back as a header. */
static void test_no_injection(void **state) {
    (void)state;
    static const char *const targets[] = {"/interrupts/%0d%0aSet-Cookie:%20a=b?user_id=ann",
                                          "/interrupts?user_id=%0d%0aSet-Cookie:%20a=b",
                                          "/%0d%0aSet-Cookie:%20a=b"};
    struct http_answer answer = {0};
    begin((struct server_options){.threads = 1});
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        http_ask(bench.url, "GET", targets[i], "Idempotency-Key: a\rSet-Cookie: b\r\n", NULL, &answer);
        assert_false(http_has_header(&answer, "Set-Cookie", NULL));
    }
    http_ask(bench.url, "GET", "/interrupts?user_id=%0d%0aSet-Cookie:%20a=b", "", NULL, &answer);
    check(&answer, "GET", "/interrupts", 200);
    http_answer_release(&answer);
    end();
}

static void test_huge_headers(void **state) {
    (void)state;
    static char value[200000];
    struct http_line line;
    struct http_answer answer = {0};
    memset(value, 'x', sizeof value - 1);
    begin((struct server_options){.threads = 1});
    for (int i = 0; i < 2; i++) {
        assert_true(http_connect(&line, bench.url));
        http_send(&line,
                  i ? "GET /interrupts?user_id=%s HTTP/1.1\r\n" HOST "\r\n"
                    : "GET / HTTP/1.1\r\nHost: test\r\nX: %s\r\n\r\n",
                  value);
        assert_false(http_receive(&line, &answer, false) && answer.status < 400);
        http_close(&line);
    }
    http_ask(bench.url, "GET", "/healthz", "", NULL, &answer);
    check(&answer, "GET", "/healthz", 200);
    http_answer_release(&answer);
    end();
}

/* libmicrohttpd would neither answer nor end such a request, and the stop would wait for it. */
static void test_many_parameters(void **state) {
    (void)state;
    for (unsigned threads = 0; threads <= 2; threads++) {
        static const struct {
            size_t count;
            const char *parameter;
            unsigned status;
        } rows[] = {
            {50, "&kind=critic_review", 200}, {200, "&kind=x", 400}, {300, "&a", 414}, {3000, "&a", 414}};
        begin((struct server_options){.threads = threads, .log_fd = 0, .request_seconds = 600});
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
            struct http_answer answer = {0};
            struct text target = {0};
            text_add(&target, "/interrupts?user_id=ann");
            for (size_t n = 0; n < rows[i].count; n++) {
                text_add(&target, rows[i].parameter);
            }
            http_ask(bench.url, "GET", target.bytes, "", NULL, &answer);
            assert_int_equal(answer.status, rows[i].status);
            text_release(&target);
            http_answer_release(&answer);
        }
        end();
    }
}

/* What is turned away for its length is not carried out either. */
static void test_long_target(void **state) {
    (void)state;
    struct http_answer answer = {0};
    struct text target = {0};
    begin((struct server_options){.threads = 1});
    text_add(&target, "/interrupts?x=");
    for (size_t i = 0; i < 25 * 1024; i++) {
        text_add_byte(&target, 'x');
    }
    http_ask(bench.url, "POST", target.bytes, "", NEW, &answer);
    assert_int_equal(answer.status, 414);
    http_ask(bench.url, "GET", "/interrupts?user_id=ann&status_filter=all", "", NULL, &answer);
    assert_non_null(strstr(answer.body.bytes, "\"total\":0"));
    text_release(&target);
    http_answer_release(&answer);
    end();
}

/* Who sends nothing, and who sends a little for ever, are dropped, while others are served. */
static void test_slow_clients(void **state) {
    (void)state;
    enum { MANY = 50 };
    for (unsigned threads = 0; threads < 2; threads++) {
        struct http_line lines[MANY], line;
        struct http_answer answer = {0};
        begin((struct server_options){.threads = threads, .idle_seconds = 60, .request_seconds = 1});
        for (size_t i = 0; i < MANY; i++) {
            assert_true(http_connect(&lines[i], bench.url));
            assert_true(http_send(&lines[i], i % 2 ? "GET /interrupts?user"
                                                   : "POST /interrupts HTTP/1.1\r\n" HOST JSON
                                                     "Content-Length: 5\r\n\r\n{"));
        }
        http_ask(bench.url, "GET", "/healthz", "", NULL, &answer);
        check(&answer, "GET", "/healthz", 200);
        for (size_t i = 0; i < MANY; i++) {
            char byte;
            while (recv(lines[i].socket, &byte, 1, 0) > 0) {
            }
            assert_false(http_receive(&lines[i], &answer, false));
            http_close(&lines[i]);
        }
        end();
        begin((struct server_options){.threads = threads, .idle_seconds = 1});
        assert_true(http_connect(&line, bench.url));
        assert_true(http_send(&line, LIST));
        assert_true(http_receive(&line, &answer, false));
        assert_true(http_at_end(&line));
        http_close(&line);
        http_answer_release(&answer);
        end();
    }
}

/* The third waits until one of the two is gone. */
static void test_connection_cap(void **state) {
    (void)state;
    struct http_line lines[3];
    struct http_answer answer = {0};
    begin((struct server_options){.threads = 1, .max_connections = 2});
    for (size_t i = 0; i < 3; i++) {
        assert_true(http_connect(&lines[i], bench.url));
        assert_true(http_send(&lines[i], LIST));
        assert_true(i == 2 || http_receive(&lines[i], &answer, false));
    }
    char byte;
    assert_int_equal(recv(lines[2].socket, &byte, 1, MSG_DONTWAIT), -1);
    http_close(&lines[0]);
    assert_true(http_receive(&lines[2], &answer, false));
    assert_int_equal(answer.status, 200);
    http_close(&lines[1]);
    http_close(&lines[2]);
    http_answer_release(&answer);
    end();
}

enum { CLIENTS = 12, EACH = 40 };

static bool client_failed[CLIENTS];

/* Creates, answers and reads back on one connection. */
static void *be_client(void *argument) {
    size_t number = (size_t)(uintptr_t)argument;
    struct http_line line;
    struct http_answer answer = {0};
    char location[128];
    bool well = http_connect(&line, bench.url);
    for (int i = 0; well && i < EACH; i++) {
        well = http_send(&line, "POST /interrupts HTTP/1.1\r\n" HOST JSON "Content-Length: %zu\r\n\r\n" NEW,
                         strlen(NEW)) &&
               http_receive(&line, &answer, false) && answer.status == 201;
        if (well) {
            http_header(&answer, "Location", location, sizeof location);
            well = http_send(&line,
                             "POST %s/respond?user_id=ann HTTP/1.1\r\n" HOST JSON
                             "Content-Length: 17\r\n\r\n{\"approved\":true}",
                             location) &&
                   http_receive(&line, &answer, false) && answer.status == 200 &&
                   http_send(&line, "GET %s?user_id=ann HTTP/1.1\r\n" HOST "\r\n", location) &&
                   http_receive(&line, &answer, false) && answer.status == 200 &&
                   strstr(answer.body.bytes, "\"resolved\"");
        }
    }
    client_failed[number] = !well;
    http_close(&line);
    http_answer_release(&answer);
    return NULL;
}

static void test_many_clients(void **state) {
    (void)state;
    for (unsigned threads = 0; threads < 4; threads += 3) {
        pthread_t clients[CLIENTS];
        char total[64];
        struct http_answer answer = {0};
        begin((struct server_options){.threads = threads});
        for (size_t i = 0; i < CLIENTS; i++) {
            assert_int_equal(pthread_create(&clients[i], NULL, be_client, (void *)(uintptr_t)i), 0);
        }
        for (size_t i = 0; i < CLIENTS; i++) {
            pthread_join(clients[i], NULL);
            assert_false(client_failed[i]);
        }
        http_ask(bench.url, "GET", "/interrupts?user_id=ann&status_filter=resolved&limit=1", "", NULL,
                 &answer);
        snprintf(total, sizeof total, "\"total\":%d,", CLIENTS * EACH);
        assert_non_null(strstr(answer.body.bytes, total));
        http_answer_release(&answer);
        end();
    }
}

/* A line for each request, whose id the client knows too, without what may be secret. */
static void test_log(void **state) {
    (void)state;
    static char log[8192];
    struct http_answer answer = {0};
    char id[64], path[32];
    begin((struct server_options){.threads = 1, .log_fd = 1, .auth_header = "X-User"});
    http_ask(bench.url, "POST", "/interrupts?secret=1", "X-User: ann\r\nIdempotency-Key: secret\r\n",
             "{\"kind\":\"timeout\",\"request_id\":\"secret\",\"session_id\":\"s1\"}", &answer);
    check(&answer, "POST", "/interrupts", 201);
    http_header(&answer, "X-Request-Id", id, sizeof id);
    http_ask(bench.url, "GET", "/no%0asuch?secret", "X-User: secret\r\n", NULL, &answer);
    assert_int_equal(answer.status, 404);
    server_stop(bench.server);
    bench.server = NULL;
    assert_true(read(bench.log[0], log, sizeof log - 1) > 0);
    assert_null(strstr(log, "secret"));
    assert_non_null(strstr(log, id));
    char *second = strchr(log, '\n') + 1;
    json_t *lines[] = {json_loadb(log, (size_t)(second - log), 0, NULL), json_loads(second, 0, NULL)};
    for (size_t i = 0; i < 2; i++) {
        assert_non_null(lines[i]);
        assert_true(json_is_true(json_object_get(lines[i], "complete")));
        assert_true(json_integer_value(json_object_get(lines[i], "duration_us")) >= 0);
    }
    assert_int_equal(json_integer_value(json_object_get(lines[0], "status")), 201);
    snprintf(path, sizeof path, "%s", json_string_value(json_object_get(lines[1], "path")));
    assert_string_equal(path, "/no%0asuch");
    assert_int_equal(json_integer_value(json_object_get(lines[1], "bytes")), answer.body.length_bytes);
    json_decref(lines[0]);
    json_decref(lines[1]);
    http_answer_release(&answer);
    end();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keeps_alive),
        cmocka_unit_test(test_chunks_and_drops),
        cmocka_unit_test(test_half_closed),
        cmocka_unit_test(test_expectations),
        cmocka_unit_test(test_too_large),
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_malformed),
        cmocka_unit_test(test_no_injection),
        cmocka_unit_test(test_huge_headers),
        cmocka_unit_test(test_many_parameters),
        cmocka_unit_test(test_long_target),
        cmocka_unit_test(test_slow_clients),
        cmocka_unit_test(test_connection_cap),
        cmocka_unit_test(test_many_clients),
        cmocka_unit_test(test_log),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
