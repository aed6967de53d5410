#include "reference/service/service.h"
#include "suites/self/support_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char unknown[] = "00000000-0000-4000-8000-000000000000";

static void test_create(void **state) {
    (void)state;
    struct bench bench;
    bench_init(&bench);
    static const struct {
        struct hp_create create;
        const char *field;
    } rows[] = {
        {{.kind = HP_TIMEOUT, .user_id = "u", .session_id = "s"}, "/request_id"},
        {{.kind = HP_TIMEOUT, .request_id = "r", .user_id = "", .session_id = "s"}, "/user_id"},
        {{.kind = HP_KIND_COUNT, .request_id = "r", .user_id = "u", .session_id = "s"}, "/kind"},
        {{.request_id = "r", .user_id = "u", .session_id = "s", .ttl_us = -7}, "/ttl_seconds"},
        {{.request_id = "r", .user_id = "u", .session_id = "s", .ttl_us = INT64_MAX}, "/ttl_seconds"},
        {{.request_id = "r", .user_id = "u", .session_id = "s", .data = "[]"}, "/data"},
        {{.request_id = "r", .user_id = "u", .session_id = "s", .data = "{\"a\":"}, "/data"},
        {{.request_id = "r", .user_id = "u", .session_id = "s", .question = "\xFF"}, "/question"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hp_interrupt *created = NULL;
        struct hp_problem problem = {0};
        enum hp_status status = hp_service_create(bench.service, &rows[i].create, &created, &problem);
        assert_refused(status, &problem, HP_INVALID, rows[i].field);
        assert_null(created);
        assert_int_equal(hp_service_create(bench.service, &rows[i].create, &created, NULL), HP_INVALID);
    }
    struct hp_create request = bench_request(HP_CHECKPOINT);
    request.data = "{\"a\":[1]}";
    struct hp_interrupt *created = bench_create(&bench, &request), *read = NULL;
    assert_int_equal(hp_service_get(bench.service, created->id, "ann", &read, NULL), HP_OK);
    assert_same_interrupt(created, read);
    assert_string_equal(read->data, "{\"a\":[1]}");
    hp_interrupt_free(created);
    hp_interrupt_free(read);
    struct hp_event_list events;
    bench_drain(&bench, &events);
    assert_int_equal(events.count, 1);
    hp_event_list_release(&events);
    bench_release(&bench);
}

static void test_get(void **state) {
    (void)state;
    struct bench bench;
    bench_init(&bench);
    struct hp_create request = bench_request(HP_CHECKPOINT);
    struct hp_interrupt *created = bench_create(&bench, &request);
    const struct {
        const char *id;
        const char *user_id;
        enum hp_status status;
        const char *field;
    } rows[] = {
        {created->id, "bob", HP_FORBIDDEN, ""},
        {created->id, "ANN", HP_FORBIDDEN, ""},
        {created->id, "", HP_INVALID, "/user_id"},
        {created->id, "\xFF", HP_INVALID, "/user_id"},
        {unknown, "ann", HP_NOT_FOUND, ""},
        {"x", "ann", HP_NOT_FOUND, ""},
        {"", NULL, HP_NOT_FOUND, ""},
        {NULL, NULL, HP_INVALID, "/id"},
        {NULL, "", HP_INVALID, "/user_id"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hp_interrupt *read = NULL;
        struct hp_problem problem = {0};
        enum hp_status status = hp_service_get(bench.service, rows[i].id, rows[i].user_id, &read, &problem);
        assert_refused(status, &problem, rows[i].status, rows[i].field);
        assert_null(read);
    }
    static const char *const users[] = {NULL, "ann"};
    for (size_t i = 0; i < 2; i++) {
        struct hp_interrupt *read = NULL;
        assert_int_equal(hp_service_get(bench.service, created->id, users[i], &read, NULL), HP_OK);
        assert_same_interrupt(created, read);
        hp_interrupt_free(read);
    }
    hp_interrupt_free(created);
    bench_release(&bench);
}

/* The request itself, then the id, the owner, the status and the kind, in this order; a refusal changes
 * nothing. */
static void test_respond_and_cancel_refusals(void **state) {
    (void)state;
    struct bench bench;
    bench_init(&bench);
    struct hp_create request = bench_request(HP_CONFIRMATION);
    struct hp_interrupt *created = bench_create(&bench, &request);
    static const struct hp_response fits = {.approved = HP_DENIED}, other = {.text = "x"},
                                    broken = {.text = ""};
    const struct {
        const char *id;
        const char *user_id;
        const struct hp_response *response; /* NULL: a cancellation */
        enum hp_status status;
        const char *field;
    } rows[] = {
        {unknown, NULL, &fits, HP_INVALID, "/user_id"},
        {unknown, "", &fits, HP_INVALID, "/user_id"},
        {unknown, "ann", &broken, HP_INVALID, "/response/text"},
        {NULL, "ann", &fits, HP_INVALID, "/id"},
        {unknown, "ann", &other, HP_NOT_FOUND, ""},
        {"x", "ann", &fits, HP_NOT_FOUND, ""},
        {created->id, "bob", &other, HP_FORBIDDEN, ""},
        {created->id, "ann", &other, HP_INVALID, "/response/text"},
        {unknown, NULL, NULL, HP_INVALID, "/user_id"},
        {unknown, "", NULL, HP_INVALID, "/user_id"},
        {unknown, "ann", NULL, HP_NOT_FOUND, ""},
        {"x", "ann", NULL, HP_NOT_FOUND, ""},
        {created->id, "bob", NULL, HP_FORBIDDEN, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hp_interrupt *after = NULL;
        struct hp_problem problem = {0};
        enum hp_status status =
            rows[i].response
                ? hp_service_respond(bench.service, rows[i].id, rows[i].user_id, rows[i].response, &after,
                                     &problem)
                : hp_service_cancel(bench.service, rows[i].id, rows[i].user_id, "no", &after, &problem);
        assert_refused(status, &problem, rows[i].status, rows[i].field);
        assert_null(after);
    }
    struct hp_interrupt *after = NULL;
    struct hp_problem problem = {0};
    assert_refused(hp_service_respond(bench.service, created->id, "ann", NULL, &after, &problem), &problem,
                   HP_INVALID, "/response");
    hp_problem_clear(&problem);
    assert_refused(hp_service_cancel(bench.service, created->id, "ann", "\xFF", &after, &problem), &problem,
                   HP_INVALID, "/reason");
    assert_int_equal(hp_service_get(bench.service, created->id, NULL, &after, NULL), HP_OK);
    assert_same_interrupt(after, created);
    hp_interrupt_free(after);
    hp_interrupt_free(created);
    bench_release(&bench);
}

typedef enum hp_status (*finish)(struct bench *bench, const char *id, struct hp_interrupt **after,
                                 struct hp_problem *problem);

static const struct hp_response approval = {.approved = HP_APPROVED};

static enum hp_status finish_by_owner(struct bench *bench, const char *id, struct hp_interrupt **after,
                                      struct hp_problem *problem) {
    return hp_service_respond(bench->service, id, "ann", &approval, after, problem);
}

static enum hp_status finish_trusted(struct bench *bench, const char *id, struct hp_interrupt **after,
                                     struct hp_problem *problem) {
    return hp_service_respond_trusted(bench->service, id, &approval, after, problem);
}

static enum hp_status cancel_by_owner(struct bench *bench, const char *id, struct hp_interrupt **after,
                                      struct hp_problem *problem) {
    return hp_service_cancel(bench->service, id, "ann", NULL, after, problem);
}

static enum hp_status cancel_trusted(struct bench *bench, const char *id, struct hp_interrupt **after,
                                     struct hp_problem *problem) {
    return hp_service_cancel_trusted(bench->service, id, "why", after, problem);
}

static const struct {
    finish finish;
    enum hp_interrupt_status becomes;
} ways[] = {{finish_by_owner, HP_RESOLVED},
            {finish_trusted, HP_RESOLVED},
            {cancel_by_owner, HP_CANCELLED},
            {cancel_trusted, HP_CANCELLED}};

/* Every way out of pending, and every way tried after it. */
static void test_final_is_final(void **state) {
    (void)state;
    for (size_t first = 0; first < 4; first++) {
        for (size_t second = 0; second < 4; second++) {
            struct bench bench;
            struct hp_interrupt *after = NULL, *none = NULL, *read = NULL;
            struct hp_problem problem = {0};
            bench_init(&bench);
            struct hp_create request = bench_request(HP_CONFIRMATION);
            struct hp_interrupt *created = bench_create(&bench, &request);
            bench_pass(&bench, 3600 * HP_SECOND_US); /* the last instant at which it is open */
            assert_int_equal(ways[first].finish(&bench, created->id, &after, NULL), HP_OK);
            assert_int_equal(after->status, ways[first].becomes);
            bench_pass(&bench, 1); /* what is final does not expire */
            assert_int_equal(ways[second].finish(&bench, created->id, &none, &problem), HP_CONFLICT);
            assert_string_equal(problem.interrupt_status, hp_interrupt_status_name(ways[first].becomes));
            assert_null(none);
            assert_int_equal(hp_service_get(bench.service, created->id, NULL, &read, NULL), HP_OK);
            assert_same_interrupt(read, after);
            hp_interrupt_free(read);
            hp_interrupt_free(after);
            hp_interrupt_free(created);
            bench_release(&bench);
        }
    }
}

static void test_list(void **state) {
    (void)state;
    struct bench bench;
    bench_init(&bench);
    for (int i = 0; i < 5; i++) {
        struct hp_create request = bench_request(HP_CHECKPOINT);
        hp_interrupt_free(bench_create(&bench, &request));
    }
    struct hp_query query = {.user_id = "ann", .limit = 2};
    struct hp_page page = {0};
    assert_int_equal(hp_service_list(bench.service, &query, &page, NULL), HP_OK);
    assert_int_equal(page.count, 2);
    char cursor[HP_CURSOR_SIZE];
    memcpy(cursor, page.next_cursor, sizeof cursor);
    hp_page_release(&page);
    query.cursor = cursor;
    query.statuses = HP_STATUSES_ALL; /* another filter than the cursor's */
    struct hp_problem problem = {0};
    assert_refused(hp_service_list(bench.service, &query, &page, &problem), &problem, HP_INVALID, "/cursor");
    query = (struct hp_query){.limit = 2};
    hp_problem_clear(&problem);
    assert_refused(hp_service_list(bench.service, &query, &page, &problem), &problem, HP_INVALID, "");
    assert_null(page.interrupts);
    bench_release(&bench);
}

static void assert_pending(struct bench *bench, const char *user_id, const char *id) {
    struct hp_interrupt *found = NULL;
    assert_int_equal(hp_service_pending_for_request(bench->service, "r1", user_id, &found, NULL), HP_OK);
    assert_string_equal(found ? found->id : "none", id);
    hp_interrupt_free(found);
}

static void test_pending_for_request(void **state) {
    (void)state;
    struct bench bench;
    bench_init(&bench);
    assert_pending(&bench, NULL, "none");
    struct hp_create request = bench_request(HP_CHECKPOINT);
    struct hp_interrupt *older = bench_create(&bench, &request), *after = NULL;
    bench_pass(&bench, 1);
    struct hp_interrupt *newer = bench_create(&bench, &request);
    assert_pending(&bench, NULL, newer->id);
    assert_pending(&bench, "ann", newer->id);
    assert_pending(&bench, "bob", "none");
    assert_int_equal(hp_service_cancel(bench.service, newer->id, "ann", NULL, &after, NULL), HP_OK);
    assert_pending(&bench, NULL, older->id);
    struct hp_interrupt *found = NULL;
    struct hp_problem problem = {0};
    assert_refused(hp_service_pending_for_request(bench.service, "", NULL, &found, &problem), &problem,
                   HP_INVALID, "/request_id");
    hp_problem_clear(&problem);
    assert_refused(hp_service_pending_for_request(bench.service, "r1", "", &found, &problem), &problem,
                   HP_INVALID, "/user_id");
    hp_interrupt_free(after);
    hp_interrupt_free(older);
    hp_interrupt_free(newer);
    bench_release(&bench);
}

/* Two services over one store are two handlers of one server. */
static void test_two_services(void **state) {
    (void)state;
    struct bench bench;
    bench_init(&bench);
    struct hp_service *other = hp_service_new(bench.store);
    struct hp_create request = bench_request(HP_CONFIRMATION);
    struct hp_interrupt *created = bench_create(&bench, &request), *after = NULL, *read = NULL;
    assert_int_equal(hp_service_respond(other, created->id, "ann", &approval, &after, NULL), HP_OK);
    assert_int_equal(hp_service_get(bench.service, created->id, "ann", &read, NULL), HP_OK);
    assert_same_interrupt(after, read);
    hp_interrupt_free(created);
    hp_interrupt_free(after);
    hp_interrupt_free(read);
    hp_service_free(other);
    hp_service_free(NULL);
    bench_release(&bench);
}

/* Events that go back are given again, with the same ids. */
static void test_events(void **state) {
    (void)state;
    struct bench bench;
    bench_init(&bench);
    struct hp_create request = bench_request(HP_CONFIRMATION);
    struct hp_interrupt *created = bench_create(&bench, &request), *after = NULL;
    assert_int_equal(hp_service_respond(bench.service, created->id, "ann", &approval, &after, NULL), HP_OK);
    struct hp_event_list first = {0}, none = {0}, again = {0};
    assert_int_equal(hp_service_take_events(bench.service, &first, NULL), HP_OK);
    assert_int_equal(first.count, 2);
    assert_int_equal(hp_service_take_events(bench.service, &none, NULL), HP_OK);
    assert_int_equal(none.count, 0);
    assert_int_equal(hp_service_settle_events(bench.service, &first, HP_RETURNED, NULL), HP_OK);
    assert_int_equal(hp_service_take_events(bench.service, &again, NULL), HP_OK);
    assert_int_equal(again.count, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_string_equal(again.events[i]->id, first.events[i]->id);
        assert_true(again.events[i]->timestamp_us == BENCH_NOW_US);
    }
    assert_int_equal(hp_service_settle_events(bench.service, &again, HP_DELIVERED, NULL), HP_OK);
    struct hp_problem problem = {0};
    assert_refused(hp_service_settle_events(bench.service, &again, HP_DELIVERED, &problem), &problem,
                   HP_NOT_FOUND, "");
    hp_event_list_release(&first);
    hp_event_list_release(&none);
    hp_event_list_release(&again);
    hp_interrupt_free(created);
    hp_interrupt_free(after);
    bench_release(&bench);
}

static void test_expire_pending(void **state) {
    (void)state;
    struct bench bench;
    bench_init(&bench);
    struct hp_create request = bench_request(HP_TIMEOUT);
    struct hp_interrupt *created = bench_create(&bench, &request);
    struct hp_id_list ids = {0};
    bench_pass(&bench, 300 * HP_SECOND_US + 1);
    assert_int_equal(hp_service_expire_pending(bench.service, &ids, NULL), HP_OK);
    assert_int_equal(ids.count, 1);
    assert_string_equal(ids.ids[0], created->id);
    hp_id_list_release(&ids);
    hp_interrupt_free(created);
    bench_release(&bench);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_create),
        cmocka_unit_test(test_get),
        cmocka_unit_test(test_respond_and_cancel_refusals),
        cmocka_unit_test(test_final_is_final),
        cmocka_unit_test(test_list),
        cmocka_unit_test(test_pending_for_request),
        cmocka_unit_test(test_two_services),
        cmocka_unit_test(test_events),
        cmocka_unit_test(test_expire_pending),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
