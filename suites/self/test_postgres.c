#include "reference/store/postgres.h"
#include "suites/self/support_cluster.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct hp_interrupt *store_read(struct pg_bench *pg, const char *id) {
    struct hp_interrupt *shown = NULL;
    struct hp_problem problem = {0};
    if (store_get(pg->bench.store, id, &shown, &problem) != HP_OK) {
        fail_msg("%s", problem.detail);
    }
    return shown;
}

static size_t sweep(struct pg_bench *pg) {
    struct hp_id_list ids = {0};
    assert_int_equal(store_expire_due(pg->bench.store, &ids, NULL), HP_OK);
    size_t count = ids.count;
    hp_id_list_release(&ids);
    return count;
}

static struct hp_interrupt *change(struct pg_bench *pg, const struct hp_change *wish) {
    struct hp_interrupt *after = NULL;
    struct hp_problem problem = {0};
    if (store_change(pg->bench.store, wish, &after, &problem) != HP_OK) {
        fail_msg("%s", problem.detail);
    }
    return after;
}

static void refused(struct pg_bench *pg, const struct hp_change *wish, enum hp_status wanted,
                    const char *field) {
    struct hp_interrupt *after = NULL;
    struct hp_problem problem = {0};
    assert_refused(store_change(pg->bench.store, wish, &after, &problem), &problem, wanted, field);
    assert_null(after);
}

static void every_field_comes_back(void **state) {
    (void)state;
    struct pg_bench pg;
    pg_bench_init(&pg, NULL);
    const struct hp_interrupt full = bench_full_interrupt();
    const struct hp_create request = {.kind = HP_TIMEOUT,
                                      .request_id = full.request_id,
                                      .user_id = full.user_id,
                                      .session_id = full.session_id,
                                      .envelope_id = full.envelope_id,
                                      .question = full.question,
                                      .message = full.message,
                                      .data = full.data,
                                      .ttl_us = 1,
                                      .trace_id = full.trace_id,
                                      .span_id = full.span_id};
    struct hp_interrupt *created = bench_create(&pg.bench, &request), *read = store_read(&pg, created->id);
    assert_same_interrupt(created, read);
    const struct hp_change wish = {.id = created->id, .to = HP_RESOLVED, .response = &full.response};
    struct hp_interrupt *after = change(&pg, &wish), *again = store_read(&pg, created->id);
    assert_same_interrupt(after, again);
    struct hp_interrupt wanted = full;
    memcpy(wanted.id, created->id, sizeof wanted.id);
    wanted.kind = HP_TIMEOUT;
    wanted.data = after->data; /* the order of the keys is the database's */
    wanted.expires_at_us = BENCH_NOW_US + 1;
    wanted.resolved_at_us = wanted.response.received_at_us = BENCH_NOW_US;
    assert_same_interrupt(after, &wanted);
    assert_string_equal(after->data, "{\"\\u0001\":\"\\\"\",\"a\":[1,2.5,null,true,{}]}");
    hp_interrupt_free(created);
    hp_interrupt_free(read);
    hp_interrupt_free(after);
    hp_interrupt_free(again);
    pg_bench_release(&pg);
}

static void values_survive(void **state) {
    (void)state;
    static const struct {
        const char *data;
        const char *back;
    } rows[] = {
        {"{\"a\":1e22}", "{\"a\":1e+22}"},
        {"{\"a\":-1.7976931348623157e308}", "{\"a\":-1.7976931348623157e+308}"},
        {"{\"a\":5e-324}", "{\"a\":4.94065645841247e-324}"},
        {"{\"a\":1.2345678901234566e17}", "{\"a\":1.2345678901234566e+17}"},
        {"{\"a\":9223372036854775807}", "{\"a\":9223372036854775807}"},
        {"{\"a\":-9223372036854775808}", "{\"a\":-9223372036854775808}"},
        {"{\"a\":1.0}", "{\"a\":1.0}"},
        {"{\"bb\":1,\"a\":\"\\u001f\\\"\"}", "{\"a\":\"\\u001f\\\"\",\"bb\":1}"},
        {"{\"\":\"\xF0\x9F\x98\x80\"}", "{\"\":\"\xF0\x9F\x98\x80\"}"},
    };
    struct pg_bench pg;
    pg_bench_init(&pg, NULL);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hp_create request = bench_request(HP_TIMEOUT);
        request.data = rows[i].data;
        struct hp_interrupt *created = bench_create(&pg.bench, &request);
        assert_string_equal(created->data, rows[i].back);
        struct hp_response response = {.data = rows[i].data};
        struct hp_interrupt *after =
            change(&pg, &(struct hp_change){.id = created->id, .to = HP_RESOLVED, .response = &response});
        assert_string_equal(after->response.data, rows[i].back);
        hp_interrupt_free(created);
        hp_interrupt_free(after);
    }
    pg_bench_release(&pg);
}

/* The instants of the edges, whatever the settings of the database are. */
static void settings_change_nothing(void **state) {
    (void)state;
    static const char *const settings[] = {
        "timezone = 'Asia/Kathmandu'",    "datestyle = 'SQL, DMY'",
        "intervalstyle = 'sql_standard'", "default_transaction_isolation = 'serializable'",
        "extra_float_digits = -15",       "standard_conforming_strings = off"};
    struct pg_bench pg;
    pg_bench_init(&pg, NULL);
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++) {
        pg_run(&pg, "alter database postgres set %s", settings[i]);
    }
    static const int64_t instants[] = {HP_INSTANT_MIN,      -1,           0,
                                       951782400000000 - 1, BENCH_NOW_US, HP_INSTANT_MAX - 7};
    for (size_t i = 0; i < sizeof instants / sizeof instants[0]; i++) {
        hp_clock_free(pg.bench.clock);
        pg.bench.clock = hp_clock_new();
        assert_int_equal(hp_clock_set(pg.bench.clock, instants[i], NULL), HP_OK);
        struct hp_postgres_options options = pg.options;
        options.clock = pg.bench.clock;
        hp_service_free(pg.bench.service);
        hp_store_free(pg.bench.store);
        pg.bench.store = hp_store_postgres_new(support_conninfo(), &options);
        pg.bench.service = hp_service_new(pg.bench.store);
        struct hp_create request = bench_request(HP_TIMEOUT);
        request.ttl_us = 7;
        struct hp_interrupt *created = bench_create(&pg.bench, &request);
        assert_true(created->created_at_us == instants[i]);
        assert_true(created->expires_at_us == instants[i] + 7);
        hp_interrupt_free(created);
        struct hp_event_list events;
        bench_drain(&pg.bench, &events);
        assert_int_equal(events.count, 1);
        assert_true(events.events[0]->timestamp_us == instants[i]);
        assert_true(events.events[0]->interrupt->expires_at_us == instants[i] + 7);
        hp_event_list_release(&events);
    }
    pg_run(&pg, "alter database postgres reset all");
    pg_bench_release(&pg);
}

static void refused_creations_store_nothing(void **state) {
    (void)state;
    struct pg_bench pg;
    pg_bench_init(&pg, NULL);
    struct hp_interrupt *created = NULL;
    struct hp_create request = bench_request(HP_TIMEOUT);
    static const int64_t ttls[] = {HP_INSTANT_MAX - BENCH_NOW_US + 1, INT64_MAX};
    for (size_t i = 0; i < 2; i++) {
        struct hp_problem problem = {0};
        request.ttl_us = ttls[i];
        assert_refused(store_create(pg.bench.store, &request, &created, &problem), &problem, HP_INVALID,
                       "/ttl_seconds");
        assert_null(created);
    }
    assert_int_equal(pg_ask(&pg, "select count(*) from flow_interrupts"), 0);
    assert_int_equal(pg_ask(&pg, "select count(*) from flow_interrupt_events"), 0);
    request.ttl_us = HP_INSTANT_MAX - BENCH_NOW_US;
    created = bench_create(&pg.bench, &request);
    assert_true(created->expires_at_us == HP_INSTANT_MAX);
    hp_interrupt_free(created);
    pg_bench_release(&pg);
}

/* A source that repeats itself costs a try, not an interrupt. */
static void ids_that_are_in_use(void **state) {
    (void)state;
    struct pg_bench pg;
    pg_bench_init(&pg, NULL);
    struct hp_create request = bench_request(HP_TIMEOUT);
    struct hp_interrupt *first = bench_create(&pg.bench, &request);
    struct hp_postgres_options options = pg.options;
    unsigned seed = 0;
    sscanf(pg.schema, "Schema %u", &seed);
    options.ids = hp_ids_seeded_new(seed);
    struct hp_store *other = hp_store_postgres_new(support_conninfo(), &options);
    struct hp_interrupt *second = NULL;
    assert_int_equal(store_create(other, &request, &second, NULL), HP_OK);
    assert_string_not_equal(first->id, second->id);
    assert_int_equal(pg_ask(&pg, "select count(*) from flow_interrupt_events"), 2);
    hp_store_free(other);
    hp_ids_free(options.ids);
    hp_interrupt_free(first);
    hp_interrupt_free(second);
    pg_bench_release(&pg);
}

static void each_refusal_of_a_change(void **state) {
    (void)state;
    struct pg_bench pg;
    pg_bench_init(&pg, NULL);
    struct hp_create request = bench_request(HP_CONFIRMATION);
    struct hp_interrupt *created = bench_create(&pg.bench, &request);
    struct hp_response yes = {.approved = HP_APPROVED}, text = {.text = "x"};
    struct hp_change wish = {.id = created->id, .user_id = "bob", .to = HP_RESOLVED, .response = &text};
    refused(&pg, &wish, HP_FORBIDDEN, "");
    wish.user_id = "ann";
    refused(&pg, &wish, HP_INVALID, "/response/text");
    wish.response = &yes;
    wish.id = "00000000-0000-4000-8000-000000000000";
    refused(&pg, &wish, HP_NOT_FOUND, "");
    wish.id = "no such id";
    refused(&pg, &wish, HP_NOT_FOUND, "");
    wish.id = created->id;
    hp_interrupt_free(change(&pg, &wish));
    struct hp_problem problem = {0};
    struct hp_interrupt *none = NULL;
    assert_int_equal(store_change(pg.bench.store, &wish, &none, &problem), HP_CONFLICT);
    assert_string_equal(problem.interrupt_status, "resolved");
    assert_int_equal(store_get(pg.bench.store, "no such id", &none, NULL), HP_NOT_FOUND);
    assert_int_equal(store_get(pg.bench.store, "00000000-0000-4000-8000-000000000000", &none, NULL),
                     HP_NOT_FOUND);
    assert_int_equal(pg_ask(&pg, "select count(*) from flow_interrupt_events"), 2);
    hp_interrupt_free(created);
    pg_bench_release(&pg);
}

static void a_reason_joins_the_data(void **state) {
    (void)state;
    static const struct {
        const char *reason;
        const char *data;
    } rows[] = {{NULL, "{\"a\":1,\"cancel_reason\":\"old\"}"},
                {"", "{\"a\":1,\"cancel_reason\":\"old\"}"},
                {"new \"\n", "{\"a\":1,\"cancel_reason\":\"new \\\"\\n\"}"}};
    struct pg_bench pg;
    pg_bench_init(&pg, NULL);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hp_create request = bench_request(HP_CONFIRMATION);
        request.data = "{\"cancel_reason\":\"old\",\"a\":1}";
        struct hp_interrupt *created = bench_create(&pg.bench, &request);
        struct hp_interrupt *after = change(
            &pg, &(struct hp_change){
                     .id = created->id, .to = HP_CANCELLED, .user_id = "ann", .reason = rows[i].reason});
        assert_string_equal(after->data, rows[i].data);
        assert_int_equal(after->status, HP_CANCELLED);
        assert_true(after->resolved_at_us == HP_INSTANT_NONE);
        hp_interrupt_free(created);
        hp_interrupt_free(after);
    }
    pg_bench_release(&pg);
}

/* {"a":"bbb..."} of so many bytes; the caller frees it. */
static char *large_data(size_t size_bytes) {
    char *data = malloc(size_bytes + 1);
    assert_non_null(data);
    memset(data, 'b', size_bytes);
    memcpy(data, "{\"a\":\"", 6);
    memcpy(data + size_bytes - 2, "\"}", 3);
    return data;
}

/* [1,1,1...] in an object: jsonb shows half as much again. */
static char *blank_data(size_t size_bytes) {
    char *data = malloc(size_bytes + 8);
    assert_non_null(data);
    memcpy(data, "{\"a\":[1", 8);
    size_t length = 7;
    while (length + 4 < size_bytes) {
        memcpy(data + length, ",1", 2);
        length += 2;
    }
    memcpy(data + length, "]}", 3);
    return data;
}

static void what_is_too_large_together(void **state) {
    (void)state;
    struct pg_bench pg;
    pg_bench_init(&pg, NULL);
    char *half = large_data(500000), *more = large_data(700000), *blanks = blank_data(900000);
    struct hp_create request = bench_request(HP_TIMEOUT);
    request.data = half;
    struct hp_interrupt *created = bench_create(&pg.bench, &request);
    struct hp_response response = {.data = more};
    struct hp_change wish = {.id = created->id, .to = HP_RESOLVED, .response = &response};
    refused(&pg, &wish, HP_INVALID, "/response/data");
    response.data = half;
    hp_interrupt_free(change(&pg, &wish));
    hp_interrupt_free(created);
    request.data = blanks;
    created = bench_create(&pg.bench, &request);
    assert_int_equal(strlen(created->data), strlen(blanks));
    wish.id = created->id;
    response.data = large_data(50000);
    hp_interrupt_free(change(&pg, &wish));
    free((char *)(uintptr_t)response.data);
    hp_interrupt_free(created);
    created = bench_create(&pg.bench, &request);
    char *reason = large_data(300000);
    wish = (struct hp_change){.id = created->id, .to = HP_CANCELLED, .reason = reason};
    refused(&pg, &wish, HP_INVALID, "/reason");
    hp_interrupt_free(created);
    free(reason);
    free(half);
    free(more);
    free(blanks);
    pg_bench_release(&pg);
}

static void expiry_of_each_kind(void **state) {
    (void)state;
    for (int kind = 0; kind < HP_KIND_COUNT; kind++) {
        struct pg_bench pg;
        pg_bench_init(&pg, NULL);
        bool expires = kind != HP_CHECKPOINT;
        struct hp_create request = bench_request((enum hp_kind)kind);
        request.ttl_us = 10;
        struct hp_interrupt *created = bench_create(&pg.bench, &request);
        bench_forget_events(&pg.bench);
        bench_pass(&pg.bench, 10);
        assert_int_equal(sweep(&pg), 0);
        bench_pass(&pg.bench, 1);
        struct hp_interrupt *shown = store_read(&pg, created->id);
        assert_int_equal(shown->status, expires ? HP_EXPIRED : HP_PENDING);
        assert_int_equal(pg_ask(&pg, "select count(*) from flow_interrupts where status = 'pending'"), 1);
        assert_int_equal(sweep(&pg), expires);
        assert_int_equal(sweep(&pg), 0);
        struct hp_event_list events;
        bench_drain(&pg.bench, &events);
        assert_int_equal(events.count, expires);
        if (expires) {
            assert_string_equal(events.events[0]->type, "interrupt.expired");
            assert_same_interrupt(events.events[0]->interrupt, shown);
        }
        hp_event_list_release(&events);
        hp_interrupt_free(created);
        hp_interrupt_free(shown);
        pg_bench_release(&pg);
    }
}

/* More than two batches, and what is not due beside it. */
static void a_sweep_of_many(void **state) {
    (void)state;
    struct pg_bench pg;
    pg_bench_init(&pg, NULL);
    pg_run(&pg, "insert into flow_interrupts (kind, request_id, user_id, session_id, expires_at)"
                " select case when i %% 3 = 0 then 'checkpoint' else 'timeout' end, 'r', 'u', 's',"
                " case when i %% 2 = 0 then '2025-01-01Z'::timestamptz else '2030-01-01Z' end"
                " from generate_series(1, 3600) i");
    assert_int_equal(sweep(&pg), 1200);
    assert_int_equal(sweep(&pg), 0);
    assert_int_equal(
        pg_ask(&pg, "select count(*) from flow_interrupt_events where event_type = 'interrupt.expired'"),
        1200);
    pg_bench_release(&pg);
}

/* Every shape of a list against the rule that the memory store goes by. */
static void each_filter_of_a_list(void **state) {
    (void)state;
    struct pg_bench pg;
    pg_bench_init(&pg, NULL);
    static const char *const ids[] = {"a", "b", NULL};
    for (int i = 0; i < 24; i++) {
        struct hp_create request = {.kind = i % 3 ? HP_TIMEOUT : HP_CHECKPOINT,
                                    .request_id = ids[i % 2],
                                    .session_id = ids[i / 2 % 2],
                                    .user_id = ids[i / 4 % 2],
                                    .ttl_us = i % 5 ? HP_TTL_NEVER : 1};
        struct hp_interrupt *created = bench_create(&pg.bench, &request);
        if (i % 7 == 0) {
            hp_interrupt_free(change(&pg, &(struct hp_change){.id = created->id, .to = HP_CANCELLED}));
        }
        hp_interrupt_free(created);
    }
    bench_pass(&pg.bench, 2);
    size_t checked = 0;
    for (int shape = 0; shape < 27; shape++) {
        for (unsigned statuses = 1; statuses <= HP_STATUSES_ALL; statuses++) {
            struct hp_query query = {.request_id = ids[shape % 3],
                                     .session_id = ids[shape / 3 % 3],
                                     .user_id = ids[shape / 9],
                                     .statuses = statuses,
                                     .kinds = shape % 2 ? 0 : 1u << HP_TIMEOUT,
                                     .limit = 2};
            struct hp_page page = {0};
            char cursor[HP_CURSOR_SIZE] = "";
            size_t rows = 0, total = 0;
            if (hp_query_check(&query, NULL) != HP_OK) {
                continue;
            }
            do {
                query.cursor = cursor[0] ? cursor : NULL;
                assert_int_equal(hp_service_list(pg.bench.service, &query, &page, NULL), HP_OK);
                for (size_t i = 0; i < page.count; i++) {
                    assert_true(hp_query_matches(&query, page.interrupts[i], BENCH_NOW_US + 2));
                    assert_int_equal(page.interrupts[i]->status,
                                     hp_interrupt_shown_status(page.interrupts[i], BENCH_NOW_US + 2));
                }
                rows += page.count;
                total = page.total;
                memcpy(cursor, page.next_cursor, sizeof cursor);
                hp_page_release(&page);
            } while (cursor[0]);
            assert_int_equal(rows, total);
            checked++;
        }
    }
    assert_int_equal(checked, 26 * 15);
    pg_bench_release(&pg);
}

static void rows_of_strangers(void **state) {
    (void)state;
    struct pg_bench pg;
    pg_bench_init(&pg, NULL);
    pg_run(&pg,
           "insert into flow_interrupts (id, kind, status, request_id, user_id, session_id, data, response,"
           " resolved_at, created_at, expires_at) values ('0f8fad5b-d9cb-469f-a165-70867728950e', "
           "'confirmation',"
           " 'resolved', 'r', 'ann', 's', '{\"n\": 18446744073709551616}',"
           " '{\"text\": 5, \"approved\": \"yes\", \"decision\": \"maybe\", \"data\": [], \"x\": 1}',"
           " 'infinity', '4000-01-01 BC', '20000-01-01')");
    struct hp_interrupt *read = store_read(&pg, "0f8fad5b-d9cb-469f-a165-70867728950e");
    assert_string_equal(read->data, "{\"n\":1.8446744073709552e+19}");
    assert_null(read->response.text);
    assert_null(read->response.data);
    assert_int_equal(read->response.approved, HP_APPROVAL_NONE);
    assert_int_equal(read->response.decision, HP_DECISION_NONE);
    assert_true(read->created_at_us == HP_INSTANT_MIN);
    assert_true(read->expires_at_us == HP_INSTANT_MAX);
    assert_true(read->resolved_at_us == HP_INSTANT_NONE);
    hp_interrupt_free(read);
    static const struct {
        const char *sql;
        const char *part;
    } rows[] = {
        {"alter table flow_interrupts drop constraint flow_interrupts_kind; update flow_interrupts set kind "
         "= 'agent_review'",
         "an unknown kind"},
        {"update flow_interrupts set kind = 'timeout', created_at = 'infinity'", "no instant in created_at"},
        {"alter table flow_interrupts drop constraint flow_interrupts_status, disable trigger all;"
         " update flow_interrupts set created_at = now(), status = 'open', response = null, resolved_at = "
         "null",
         "an unknown status"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hp_problem problem = {0};
        pg_run(&pg, "%s", rows[i].sql);
        enum hp_status status =
            store_get(pg.bench.store, "0f8fad5b-d9cb-469f-a165-70867728950e", &read, &problem);
        assert_refused(status, &problem, HP_INTERNAL, "");
        if (!strstr(problem.detail, rows[i].part)) {
            fail_msg("%s", problem.detail);
        }
    }
    struct hp_query query = {.user_id = "ann", .statuses = HP_STATUSES_ALL};
    struct hp_page page = {0};
    pg_run(&pg, "update flow_interrupts set status = 'pending', kind = 'agent_review'");
    assert_int_equal(hp_service_list(pg.bench.service, &query, &page, NULL), HP_OK);
    assert_int_equal(page.total, 0);
    hp_page_release(&page);
    pg_bench_release(&pg);
}

/* The database's clock, when none is given and while the given one runs. */
static void clocks(void **state) {
    (void)state;
    struct pg_bench pg;
    pg_bench_init(&pg, NULL);
    struct hp_clock *running = hp_clock_new();
    for (int i = 0; i < 2; i++) {
        struct hp_postgres_options options = pg.options;
        options.clock = i ? running : NULL;
        options.ids = NULL;
        struct hp_store *store = hp_store_postgres_new(support_conninfo(), &options);
        struct hp_create request = bench_request(HP_TIMEOUT);
        struct hp_interrupt *created = NULL;
        request.ttl_us = 1;
        int64_t before_us = hp_clock_now(running);
        assert_int_equal(store_create(store, &request, &created, NULL), HP_OK);
        assert_true(created->created_at_us >= before_us - HP_SECOND_US);
        assert_true(created->created_at_us <= hp_clock_now(running) + HP_SECOND_US);
        assert_true(created->expires_at_us == created->created_at_us + 1);
        struct hp_id_list ids = {0};
        pg_run(&pg, "select pg_sleep(0.01)");
        assert_int_equal(store_expire_due(store, &ids, NULL), HP_OK);
        assert_int_equal(ids.count, 1);
        hp_id_list_release(&ids);
        hp_interrupt_free(created);
        hp_store_free(store);
    }
    hp_clock_free(running);
    pg_bench_release(&pg);
}

/* How often the server's log has a word. */
static int count_in_log(const char *word) {
    char path[600], line[4096];
    int count = 0;
    snprintf(path, sizeof path, "%s/log", cluster_folder(support_cluster()));
    FILE *log = fopen(path, "r");
    assert_non_null(log);
    while (fgets(line, sizeof line, log)) {
        count += strstr(line, word) != NULL;
    }
    fclose(log);
    return count;
}

/* As the server counts them: each operation is one statement once its connection is warm. */
static void one_round_trip_each(void **state) {
    (void)state;
    struct pg_bench pg;
    pg_bench_init(&pg, NULL);
    pg_run(&pg, "alter database postgres set log_statement = 'all'");
    for (int round = 0; round < 2; round++) {
        int executed = count_in_log("execute holdpoint_"), all = count_in_log("LOG:  ");
        struct hp_create request = bench_request(HP_CONFIRMATION);
        struct hp_interrupt *first = bench_create(&pg.bench, &request),
                            *second = bench_create(&pg.bench, &request);
        const struct hp_response response = {.approved = HP_APPROVED};
        hp_interrupt_free(store_read(&pg, first->id));
        const struct hp_change yes = {.id = first->id, .to = HP_RESOLVED, .response = &response};
        hp_interrupt_free(change(&pg, &yes));
        hp_interrupt_free(change(&pg, &(struct hp_change){.id = second->id, .to = HP_CANCELLED}));
        refused(&pg, &(struct hp_change){.id = second->id, .user_id = "bob", .to = HP_CANCELLED},
                HP_FORBIDDEN, "");
        assert_int_equal(count_in_log("execute holdpoint_") - executed, 6);
        if (round > 0) {
            assert_int_equal(count_in_log("LOG:  ") - all, 6);
        }
        hp_interrupt_free(first);
        hp_interrupt_free(second);
    }
    pg_run(&pg, "alter database postgres reset all");
    pg_bench_release(&pg);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(one_round_trip_each),
                                       cmocka_unit_test(every_field_comes_back),
                                       cmocka_unit_test(values_survive),
                                       cmocka_unit_test(settings_change_nothing),
                                       cmocka_unit_test(refused_creations_store_nothing),
                                       cmocka_unit_test(ids_that_are_in_use),
                                       cmocka_unit_test(each_refusal_of_a_change),
                                       cmocka_unit_test(a_reason_joins_the_data),
                                       cmocka_unit_test(what_is_too_large_together),
                                       cmocka_unit_test(expiry_of_each_kind),
                                       cmocka_unit_test(a_sweep_of_many),
                                       cmocka_unit_test(each_filter_of_a_list),
                                       cmocka_unit_test(rows_of_strangers),
                                       cmocka_unit_test(clocks)};
    return cmocka_run_group_tests(tests, support_cluster_start, support_cluster_stop);
}
