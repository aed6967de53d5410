/* Rows of others in the same tables: whatever they hold, one user's operations come to the same, and what is not his
 * stays as it is. */
#include "reference/base/text.h"
#include "suites/self/support_cluster.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { OWN_MAX = 64 };

/* The interrupts of ann, in the order in which she made them; their ids differ from bench to bench. */
struct own {
    char ids[OWN_MAX][HP_ID_SIZE];
    size_t count;
};

/* Others who answer to every status and kind, share ann's session and request, are due or never due, and carry what our
 * own store would not write; with events that nobody has taken. */
static void settle_strangers(struct pg_bench *pg) {
    pg_run(pg,
           "insert into flow_interrupts (kind, status, request_id, user_id, session_id, question, data, "
           "response,"
           " resolved_at, created_at, expires_at)"
           " select (array['clarification','confirmation','critic_review','checkpoint','resource_exhausted',"
           " 'timeout','system_error'])[1 + i %% 7],"
           " s, case when i %% 3 = 0 then 'r1' else 'q' || i end,"
           " case when i %% 5 = 0 then 'ANN' when i %% 5 = 1 then 'ann ' else 'bob' || i end,"
           " case when i %% 2 = 0 then 's1' else '' end, case when i %% 4 = 0 then E'\\u20ac\\n' end,"
           " jsonb_build_object('n', 18446744073709551616 + i),"
           " case when s = 'resolved' then '{\"text\": 5, \"x\": {}}'::jsonb end,"
           " case when s = 'resolved' then now() end,"
           " '2025-12-11 09:30Z'::timestamptz + (i - 200) * interval '1 second',"
           " case i %% 3 when 0 then '2001-01-01Z'::timestamptz when 1 then 'infinity' end"
           " from generate_series(1, 400) i, unnest(array['pending', 'resolved', 'expired', 'cancelled']) s");
    pg_run(pg,
           "insert into flow_interrupt_events (id, interrupt_id, event_type, occurred_at, payload)"
           " select gen_random_uuid(), f.id, 'interrupt.checkpoint', now(), jsonb_build_object('id', f.id, "
           "'kind',"
           " 'checkpoint', 'request_id', 'q', 'user_id', 'bob', 'session_id', 's', 'data', '{}'::jsonb, "
           "'status',"
           " 'pending', 'created_at', '2025-01-01T00:00:00Z') from flow_interrupts f where f.user_id <> 'ann'"
           " limit 50");
}

/* What is theirs, but for the statuses that a sweep changes. */
static int64_t digest_of_strangers(struct pg_bench *pg) {
    return pg_ask(
        pg, "select hashtextextended(string_agg((to_jsonb(f) - 'updated_at' || case when f.expires_at < "
            "'2002-01-01Z'"
            " and f.kind <> 'checkpoint' and f.status in ('pending', 'expired') then '{\"status\": "
            "\"due\"}'::jsonb"
            " else '{}' end)::text, ',' order by f.id), 0) from flow_interrupts f where f.user_id <> 'ann'");
}

/* Which of ann's it is; OWN_MAX for a stranger's. */
static size_t find_own(const struct own *own, const char *id) {
    for (size_t i = 0; i < own->count; i++) {
        if (strcmp(own->ids[i], id) == 0) {
            return i;
        }
    }
    return OWN_MAX;
}

static void note(struct text *notes, const struct own *own, const char *what,
                 const struct hp_interrupt *interrupt) {
    assert_true(text_addf(notes, "%s %zu %s %s %s %s expires %lld resolved %lld\n", what,
                          find_own(own, interrupt->id), hp_kind_rule(interrupt->kind)->name,
                          hp_interrupt_status_name(interrupt->status), interrupt->user_id, interrupt->data,
                          (long long)interrupt->expires_at_us, (long long)interrupt->resolved_at_us));
}

static void note_refusal(struct text *notes, enum hp_status status, const struct hp_problem *problem) {
    assert_true(
        text_addf(notes, "%s %s %s\n", hp_status_name(status), problem->field, problem->interrupt_status));
}

static void create_all(struct pg_bench *pg, struct own *own, struct text *notes) {
    for (int i = 0; i < 3 * HP_KIND_COUNT; i++) {
        struct hp_create request = bench_request((enum hp_kind)(i % HP_KIND_COUNT));
        request.ttl_us = i % 2 ? HP_TTL_NEVER : (i % 3 + 1) * HP_SECOND_US;
        bench_pass(&pg->bench, 1);
        struct hp_interrupt *created = bench_create(&pg->bench, &request);
        memcpy(own->ids[own->count++], created->id, HP_ID_SIZE);
        note(notes, own, "made", created);
        hp_interrupt_free(created);
    }
}

static void change_some(struct pg_bench *pg, const struct own *own, struct text *notes) {
    static const char *const users[] = {"ann", "ANN", "ann ", "bob2"};
    for (size_t i = 0; i < own->count; i += 2) {
        struct hp_interrupt *after = NULL;
        struct hp_problem problem = {0};
        struct hp_response response = bench_response((enum hp_kind)(i % HP_KIND_COUNT));
        const char *user = users[i / 2 % 4];
        enum hp_status status =
            i % 3 ? hp_service_respond(pg->bench.service, own->ids[i], user, &response, &after, &problem)
                  : hp_service_cancel(pg->bench.service, own->ids[i], user, "enough", &after, &problem);
        if (status == HP_OK) {
            note(notes, own, "changed", after);
        } else {
            note_refusal(notes, status, &problem);
        }
        hp_interrupt_free(after);
    }
}

static void read_pages(struct pg_bench *pg, const struct own *own, struct text *notes) {
    const struct hp_query queries[] = {{.user_id = "ann", .statuses = HP_STATUSES_ALL, .limit = 4},
                                       {.user_id = "ann", .session_id = "s1", .limit = 5},
                                       {.user_id = "ann", .request_id = "r1", .kinds = 1u << HP_TIMEOUT},
                                       {.user_id = "ann", .statuses = 1u << HP_EXPIRED}};
    for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++) {
        struct hp_query query = queries[i];
        char cursor[HP_CURSOR_SIZE] = "";
        do {
            struct hp_page page = {0};
            query.cursor = cursor[0] ? cursor : NULL;
            assert_int_equal(hp_service_list(pg->bench.service, &query, &page, NULL), HP_OK);
            text_addf(notes, "page of %zu\n", page.total);
            for (size_t row = 0; row < page.count; row++) {
                note(notes, own, "listed", page.interrupts[row]);
            }
            memcpy(cursor, page.next_cursor, sizeof cursor);
            hp_page_release(&page);
        } while (cursor[0]);
    }
    struct hp_interrupt *pending = NULL;
    assert_int_equal(hp_service_pending_for_request(pg->bench.service, "r1", "ann", &pending, NULL), HP_OK);
    if (pending) {
        note(notes, own, "pending", pending);
    }
    hp_interrupt_free(pending);
}

/* Which of hers a sweep named, in her order, and how many are not hers. */
static size_t sweep(struct pg_bench *pg, const struct own *own, struct text *notes) {
    struct hp_id_list ids = {0};
    bool named[OWN_MAX + 1] = {false};
    size_t others = 0;
    assert_int_equal(hp_service_expire_pending(pg->bench.service, &ids, NULL), HP_OK);
    for (size_t i = 0; i < ids.count; i++) {
        size_t at = find_own(own, ids.ids[i]);
        assert_true(at == OWN_MAX || !named[at]);
        named[at] = true;
        others += at == OWN_MAX;
    }
    for (size_t i = 0; i < own->count; i++) {
        if (named[i]) {
            text_addf(notes, "expired %zu\n", i);
        }
    }
    hp_id_list_release(&ids);
    return others;
}

static void drain(struct pg_bench *pg, const struct own *own, struct text *notes) {
    struct hp_event_list events;
    bench_drain(&pg->bench, &events);
    for (size_t at = 0; at < own->count; at++) {
        for (size_t i = 0; i < events.count; i++) {
            if (find_own(own, events.events[i]->interrupt->id) == at) {
                note(notes, own, events.events[i]->type, events.events[i]->interrupt);
            }
        }
    }
    hp_event_list_release(&events);
}

/* A day of ann's; returns how many of the strangers' were expired by her sweeps. */
static size_t live(struct pg_bench *pg, struct text *notes) {
    static struct own own;
    own.count = 0;
    create_all(pg, &own, notes);
    read_pages(pg, &own, notes);
    change_some(pg, &own, notes);
    bench_pass(&pg->bench, 2 * HP_SECOND_US);
    read_pages(pg, &own, notes);
    change_some(pg, &own, notes);
    size_t others = sweep(pg, &own, notes);
    others += sweep(pg, &own, notes);
    read_pages(pg, &own, notes);
    drain(pg, &own, notes);
    return others;
}

static void strangers_change_nothing(void **state) {
    (void)state;
    struct pg_bench alone, among;
    struct text wanted = {0}, got = {0};
    pg_bench_init(&alone, NULL);
    pg_bench_init(&among, NULL);
    settle_strangers(&among);
    int64_t before = digest_of_strangers(&among);
    int64_t due = pg_ask(
        &among, "select count(*) from flow_interrupts where status = 'pending' and kind <> 'checkpoint'"
                " and expires_at < '2002-01-01Z'");
    assert_true(due > 0);
    assert_int_equal(live(&alone, &wanted), 0);
    assert_int_equal(live(&among, &got), due);
    assert_non_null(strstr(wanted.bytes, "forbidden"));
    assert_non_null(strstr(wanted.bytes, "conflict"));
    assert_non_null(strstr(wanted.bytes, "\nexpired "));
    assert_non_null(strstr(wanted.bytes, "changed "));
    assert_string_equal(got.bytes, wanted.bytes);
    assert_true(digest_of_strangers(&among) == before);
    pg_run(&among, "update flow_interrupts set question = 'seen' where user_id = 'ANN'");
    assert_true(digest_of_strangers(&among) != before);
    text_release(&wanted);
    text_release(&got);
    pg_bench_release(&alone);
    pg_bench_release(&among);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(strangers_change_nothing)};
    return cmocka_run_group_tests(tests, support_cluster_start, support_cluster_stop);
}
