#include "reference/server/server.h"
#include "suites/self/support_bench.h"
#include "suites/self/support_cluster.h"
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

#define NEW "{\"kind\":\"confirmation\",\"request_id\":\"r1\",\"user_id\":\"ann\",\"session_id\":\"s1\"}"
#define POST                                                                                                 \
    "POST /v1/interrupts HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nContent-Length: "       \
    "%zu\r\n\r\n"

static struct server *start(struct deployment *deployment, const struct server_options *options) {
    struct server *server = NULL;
    struct hp_problem problem = {0};
    if (server_start(deployment, options, &server, &problem) != HP_OK) {
        fail_msg("%s", problem.detail);
    }
    return server;
}

static size_t count_rows(struct deployment *deployment) {
    const struct hp_query query = {.user_id = "ann", .statuses = HP_STATUSES_ALL};
    struct hp_page page = {0};
    assert_int_equal(hp_service_list(deployment_enter(deployment), &query, &page, NULL), HP_OK);
    deployment_leave(deployment);
    size_t total = page.total;
    hp_page_release(&page);
    return total;
}

static void refused_options(void **state) {
    (void)state;
    static const struct {
        struct server_options options;
        enum hp_status status;
    } rows[] = {
        {{.listen = "nowhere", .log_fd = -1}, HP_INVALID},
        {{.listen = "203.0.113.1:0", .log_fd = -1}, HP_UNAVAILABLE}, /* TEST-NET-3 (RFC 5737) */
        {{.prefix = "v1", .log_fd = -1}, HP_INVALID},
        {{.auth_header = "X:", .log_fd = -1}, HP_INVALID},
        {{.operator_token = "", .log_fd = -1}, HP_INVALID},
    };
    struct deployment *deployment = deployment_memory_new();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct server *server = NULL;
        struct hp_problem problem = {0};
        assert_int_equal(server_start(deployment, &rows[i].options, &server, &problem), rows[i].status);
        assert_null(server);
        assert_true(problem.detail[0] != '\0');
    }
    server_stop(NULL);
    deployment_free(deployment);
}

/* Two servers over one deployment, and its controls, see the same. */
static void servers_share(void **state) {
    (void)state;
    const struct server_options options = {.prefix = "/v1", .threads = 2, .log_fd = -1};
    struct deployment *deployment = deployment_memory_new();
    struct server *one = start(deployment, &options), *other = start(deployment, &options), *controls = NULL;
    struct http_answer answer = {0};
    char location[128];
    assert_int_equal(server_start_controls(deployment, &controls, NULL), HP_OK);
    assert_string_not_equal(server_url(one), server_url(other));
    assert_non_null(strstr(server_url(one), "/v1"));
    assert_memory_equal(server_url(controls), "http://127.0.0.1:", 17);
    http_ask(server_url(controls), "POST", "/clock", "", "{\"now\":\"2025-12-11T09:30:00Z\"}", &answer);
    assert_int_equal(answer.status, 200);
    http_ask(server_url(one), "POST", "/v1/interrupts", "", NEW, &answer);
    assert_int_equal(answer.status, 201);
    http_header(&answer, "Location", location, sizeof location);
    strcat(location, "?user_id=ann");
    http_ask(server_url(other), "GET", location, "", NULL, &answer);
    assert_int_equal(answer.status, 200);
    assert_non_null(strstr(answer.body.bytes, "2025-12-11T09:30:00.000000Z"));
    http_ask(server_url(controls), "POST", "/reset", "Content-Length: 0\r\n", NULL, &answer);
    assert_int_equal(answer.status, 200);
    http_ask(server_url(one), "GET", location, "", NULL, &answer);
    assert_int_equal(answer.status, 404);
    http_ask(server_url(one), "POST", "/v1/reset", "Content-Length: 0\r\n", NULL, &answer);
    assert_int_equal(answer.status, 404);
    http_answer_release(&answer);
    server_stop(one);
    server_stop(other);
    server_stop(controls);
    deployment_free(deployment);
}

static void *stop(void *server) {
    server_stop(server);
    return NULL;
}

/* A request whose body is still to come when the server stops is carried out and answered, and the last of its
 * connection; nobody new is let in. */
static void stops_when_all_is_answered(void **state) {
    (void)state;
    for (unsigned threads = 0; threads < 3; threads++) {
        const struct server_options options = {
            .prefix = "/v1", .threads = threads, .log_fd = -1, .grace_seconds = 600};
        struct deployment *deployment = deployment_memory_new();
        struct server *server = start(deployment, &options);
        struct http_line line, idle, other, newcomer;
        struct http_answer answer = {0};
        pthread_t stopper;
        char url[256];
        snprintf(url, sizeof url, "%s", server_url(server));
        assert_true(http_connect(&idle, url));
        assert_true(http_send(&idle, "GET /healthz HTTP/1.1\r\nHost: test\r\n\r\n"));
        assert_true(http_receive(&idle, &answer, false));
        assert_true(http_connect(&line, url));
        assert_true(http_send(&line, "GET /healthz HTTP/1.1\r\nHost: test\r\n\r\n"));
        assert_true(http_receive(&line, &answer, false));
        assert_true(http_send(&line, POST "{", strlen(NEW)));
        assert_true(http_connect(&other, url));
        assert_true(http_send(&other, "GET /healthz HTTP/1.1\r\nHost: test\r\n\r\n"));
        assert_true(http_receive(&other, &answer, false));
        assert_int_equal(pthread_create(&stopper, NULL, stop, server), 0);
        do { /* until it has begun to stop */
            assert_true(http_send(&other, "GET /healthz HTTP/1.1\r\nHost: test\r\n\r\n"));
            assert_true(http_receive(&other, &answer, false));
        } while (!http_has_header(&answer, "Connection", "close"));
        assert_false(http_connect(&newcomer, url));
        assert_true(http_send(&line, "%s", &NEW[1]));
        assert_true(http_receive(&line, &answer, false));
        assert_int_equal(answer.status, 201);
        assert_true(http_has_header(&answer, "Connection", "close"));
        assert_true(http_at_end(&line));
        pthread_join(stopper, NULL);
        assert_true(http_at_end(&idle));
        assert_false(http_connect(&newcomer, url));
        assert_int_equal(count_rows(deployment), 1);
        http_close(&line);
        http_close(&idle);
        http_close(&other);
        http_answer_release(&answer);
        deployment_free(deployment);
    }
}

/* One that never ends is waited for as long as the options say, and leaves nothing half done. */
static void stops_at_last(void **state) {
    (void)state;
    const struct server_options options = {.prefix = "/v1", .threads = 1, .log_fd = -1, .grace_seconds = 1};
    struct deployment *deployment = deployment_memory_new();
    struct server *server = start(deployment, &options);
    struct http_line line;
    struct http_answer answer = {0};
    assert_true(http_connect(&line, server_url(server)));
    assert_true(http_send(&line, POST "{", strlen(NEW)));
    server_stop(server);
    assert_false(http_receive(&line, &answer, false));
    assert_int_equal(count_rows(deployment), 0);
    http_close(&line);
    http_answer_release(&answer);
    deployment_free(deployment);
}

static bool responded;

static void *respond(void *url) {
    struct http_answer answer = {0};
    struct http_line line;
    char target[2][200];
    if (sscanf(url, "%199s %199s", target[0], target[1]) == 2 && http_connect(&line, target[0])) {
        http_send(&line,
                  "POST %s/respond?user_id=ann HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"
                  "Content-Length: 17\r\n\r\n{\"approved\":true}",
                  target[1]);
        responded = http_receive(&line, &answer, false) && answer.status == 200;
        http_close(&line);
    }
    http_answer_release(&answer);
    return NULL;
}

/* A request that waits for a lock of the database keeps nobody else waiting, and the server waits for it. */
static void waits_for_the_store(void **state) {
    (void)state;
    struct pg_bench pg;
    struct http_answer answer = {0};
    char location[128], words[400];
    pthread_t client, stopper;
    pg_bench_init(&pg, NULL);
    const struct server_options options = {.prefix = "/v1", .threads = 0, .log_fd = -1};
    struct deployment *deployment = deployment_postgres_new(support_conninfo(), pg.schema);
    struct server *server = start(deployment, &options);
    http_ask(server_url(server), "POST", "/v1/interrupts", "Idempotency-Key: k\r\n", NEW, &answer);
    assert_int_equal(answer.status, 201);
    http_header(&answer, "Location", location, sizeof location);
    snprintf(words, sizeof words, "%s %s", server_url(server), location);
    pg_run(&pg, "begin; select id from flow_interrupts for update");
    assert_int_equal(pthread_create(&client, NULL, respond, words), 0);
    pg_await_waiters(&pg, 1);
    http_ask(server_url(server), "GET", "/v1/interrupts?user_id=ann", "", NULL, &answer);
    assert_int_equal(answer.status, 200);
    assert_int_equal(pthread_create(&stopper, NULL, stop, server), 0);
    pg_run(&pg, "commit");
    pthread_join(client, NULL);
    pthread_join(stopper, NULL);
    assert_true(responded);
    assert_int_equal(pg_ask(&pg, "select count(*) from flow_interrupts where status = 'resolved'"), 1);
    http_answer_release(&answer);
    deployment_free(deployment);
    pg_bench_release(&pg);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refused_options),
        cmocka_unit_test(servers_share),
        cmocka_unit_test(stops_when_all_is_answered),
        cmocka_unit_test(stops_at_last),
        cmocka_unit_test(waits_for_the_store),
    };
    return cmocka_run_group_tests(tests, support_cluster_start, support_cluster_stop);
}
