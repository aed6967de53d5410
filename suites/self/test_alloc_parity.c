/* Every allocation fails once while answers are brought into their normal form and compared. */
#include "harness/case/normal.h"
#include "harness/case/tree_difference.h"
#include "suites/self/support_fail_alloc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ID1 "aaaaaaa1-0000-4000-8000-000000000000"
#define ID2 "aaaaaaa2-0000-4000-8000-000000000000"
#define START "2025-12-11T09:30:00.000000Z"

/* Made before any allocation fails. */
struct call {
    const char *method;
    json_t *result;
};

struct calls {
    struct call items[8];
    size_t count;
    bool loose;
};

static json_t *make_interrupt(const char *id) {
    json_t *made = json_pack("{ssssssss s{ss} s{s{sn ss sf}ss}}", "id", id, "created_at", START, "expires_at",
                             START, "resolved_at", START, "response", "received_at", START, "data", "x", "a",
                             "b", START, "c", 1.5, "d", ID2);
    assert_non_null(made);
    return made;
}

static void add(struct calls *calls, const char *method, json_t *result) {
    assert_non_null(result);
    calls->items[calls->count++] = (struct call){method, result};
}

static void make_calls(struct calls *calls) {
    json_t *event = json_pack("{ssssssso}", "event_id", ID2, "event_type", "t", "timestamp", START, "data",
                              make_interrupt(ID1));
    add(calls, "interrupt.create", json_pack("{so}", "interrupt", make_interrupt(ID1)));
    add(calls, "interrupt.create", json_pack("{so}", "interrupt", make_interrupt(ID2)));
    add(calls, "interrupt.list",
        json_pack("{s[oo]siss}", "interrupts", make_interrupt(ID1), make_interrupt(ID2), "total", 2,
                  "next_cursor", "c"));
    add(calls, "interrupt.list",
        json_pack("{s[oo]}", "interrupts", make_interrupt(ID1), make_interrupt(ID2)));
    add(calls, "interrupt.pending_for_request", json_pack("{so}", "interrupt", make_interrupt(ID1)));
    add(calls, "interrupt.expire_pending", json_pack("{s[i]}", "ids", 7));
    add(calls, "events.drain", json_pack("{s[o]}", "events", event));
    add(calls, "describe", json_pack("{s[ss]s[i]}", "kinds", "b", "a", "statuses", 1));
}

static enum hp_status normalise(void *context) {
    const struct calls *calls = context;
    struct scope scope = {.run = "run4case"};
    struct normal normal;
    enum hp_status status = normal_init(&normal, &scope, calls->loose) ? HP_OK : HP_INTERNAL;
    json_t *none = json_null();
    for (size_t i = 0; i < calls->count && status == HP_OK; i++) {
        const struct answer answer = {.kind = ANSWER_RESULT, .result = calls->items[i].result};
        json_t *made = normal_answer(&normal, calls->items[i].method, none, &answer);
        status = made ? HP_OK : HP_INTERNAL;
        json_decref(made);
    }
    const struct answer refused = {.kind = ANSWER_REFUSED, .error_name = "invalid", .field = "/x"};
    json_t *made = status == HP_OK ? normal_answer(&normal, "interrupt.get", none, &refused) : NULL;
    status = made ? status : HP_INTERNAL;
    json_decref(made);
    normal_release(&normal);
    return status;
}

static void normal_forms_survive_every_failure(void **state) {
    (void)state;
    struct calls calls = {.count = 0};
    make_calls(&calls);
    for (int loose = 0; loose < 2; loose++) {
        calls.loose = loose;
        assert_true(fail_alloc_sweep(normalise, &calls, false) > 200);
    }
    for (size_t i = 0; i < calls.count; i++) {
        json_decref(calls.items[i].result);
    }
}

int main(void) {
    fail_alloc_install();
    const struct CMUnitTest tests[] = {cmocka_unit_test(normal_forms_survive_every_failure)};
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
