#include "harness/lab/model_review.h"
#include "suites/self/support_tryout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define CLIENT(seeds, acts) "{'interrupts':[" seeds "],'clients':[{'acts':[" acts "]}]}"

/* Everything a script can do, by two clients. */
#define LONG                                                                                                 \
    "{'interrupts':[{'ttl_seconds':1},{'kind':'confirmation','owner':'bob'},{'kind':'checkpoint'}],"         \
    "'clients':[{'acts':[{'do':'respond','on':0},{'do':'cancel','on':1,'reason':true},{'do':'cancel','on':"  \
    "0},"                                                                                                    \
    "{'do':'respond','on':2,'as':'stranger'},{'do':'create','on':3,'kind':'timeout','ttl_seconds':1},"       \
    "{'do':'list','status':'all','limit':1},{'do':'clock','seconds':1.000001}]},"                            \
    "{'endpoint':1,'acts':[{'do':'sweep'},{'do':'pending'},{'do':'list'},{'do':'get','on':3},"               \
    "{'do':'respond','on':3},{'do':'clock','seconds':1},{'do':'list','status':'expired'},{'do':'sweep'}]}]}"

struct model_row {
    const char *script;
    struct tamper tampers[TAMPERS_OF_A_ROW];
    const char *without;
    const char *said; /* NULL: nothing is found */
    unsigned slot;
};

static void check(const struct model_row *row) {
    struct tryout tryout;
    struct review review = {0};
    tryout_init(&tryout, row->script, row->tampers, row->without);
    assert_int_equal(tryout_play(&tryout, NULL), HP_OK);
    assert_int_equal(model_review(&tryout.performance, NULL, 0, &review, NULL), HP_OK);
    if (review.count == 0 && row->said) {
        print_error("nothing found, wanted %s\n", row->said);
    }
    if (review.count > 0 && (!row->said || !strstr(review.findings[0].sentence, row->said))) {
        print_error("%s\nwanted %s\n", review.findings[0].sentence, row->said ? row->said : "nothing");
    }
    assert_int_equal(review.count, row->said ? 1 : 0);
    if (row->said) {
        assert_int_equal(review.findings[0].class, FINDING_MODEL);
        assert_int_equal(review.findings[0].slot, row->slot);
        assert_non_null(strstr(review.findings[0].sentence, row->said));
    }
    review_release(&review);
    tryout_release(&tryout);
}

static void the_reference_agrees(void **state) {
    (void)state;
    static const struct model_row rows[] = {
        {LONG, {{0}}, NULL, NULL, 0},
        {CLIENT("{},{}", "{'do':'respond','on':0},{'do':'list','status':'all'},{'do':'cancel','on':1}"),
         {{0}},
         "clock",
         NULL,
         0},
        {LONG, {{0}}, "events", NULL, 0},
        /* The same instant written otherwise is the same. */
        {CLIENT("{}", "{'do':'respond','on':0}"),
         {{.method = "interrupt.respond", .changes = "[{'respell':'/interrupt'}]"}},
         NULL,
         NULL,
         0},
        /* What nobody asked for is no fault. */
        {CLIENT("{}", "{'do':'get','on':0}"),
         {{.method = "interrupt.get", .changes = "[{'set':'/interrupt/more','to':1}]"}},
         NULL,
         NULL,
         0},
        /* After a lost answer nothing is said. */
        {CLIENT("{}", "{'do':'respond','on':0}"),
         {{.method = "interrupt.respond", .lost = true}},
         NULL,
         NULL,
         0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        check(&rows[i]);
    }
}

static void the_first_deviation_is_found(void **state) {
    (void)state;
    static const struct model_row rows[] = {
        {CLIENT("{}", "{'do':'cancel','on':0},{'do':'respond','on':0}"),
         {{.method = "interrupt.respond", .refused = "conflict", .status = "resolved"}},
         NULL,
         "client 1, act 2, respond #0: expected conflict:cancelled, got conflict:resolved",
         0},
        {CLIENT("{}", "{'do':'respond','on':0}"),
         {{.method = "interrupt.respond", .refused = "forbidden", .undone = true}},
         NULL,
         "client 1, act 1, respond #0: expected ok, got forbidden",
         0},
        {CLIENT("{}", "{'do':'cancel','on':0,'reason':true}"),
         {{.method = "interrupt.cancel", .changes = "[{'drop':'/interrupt/data/kept'}]"}},
         NULL,
         "client 1, act 1, cancel #0: expected /interrupt/data {\"slot\"",
         0},
        {CLIENT("{}", "{'do':'respond','on':0}"),
         {{.method = "interrupt.respond",
           .changes = "[{'set':'/interrupt/resolved_at','to':'2025-12-11T09:30:01Z'}]"}},
         NULL,
         "/interrupt/resolved_at \"2025-12-11T09:30:00.000000Z\", got \"2025-12-11T09:30:01Z\"",
         0},
        {CLIENT("{}", "{'do':'respond','on':0}"),
         {{.method = "interrupt.respond", .changes = "[{'drop':'/interrupt/response/received_at'}]"}},
         NULL,
         "/interrupt/response/received_at",
         0},
        {CLIENT("{}", "{'do':'respond','on':0}"),
         {{.method = "interrupt.respond", .changes = "[{'set':'/request_can_resume','to':false}]"}},
         NULL,
         "expected /request_can_resume true, got false",
         0},
        {CLIENT("{'ttl_seconds':1},{'ttl_seconds':1}", "{'do':'clock','seconds':2},{'do':'sweep'}"),
         {{.method = "interrupt.expire_pending", .changes = "[{'drop':'/ids/1'}]"}},
         NULL,
         "client 1, act 2, sweep: expected [#",
         SCRIPT_SLOTS_MAX},
        {CLIENT("{},{}", "{'do':'list'}"),
         {{.method = "interrupt.list", .changes = "[{'drop':'/interrupts/0'}]"}},
         NULL,
         "client 1, act 1, list pending: expected [#",
         SCRIPT_SLOTS_MAX},
        {CLIENT("{},{}", "{'do':'list'}"),
         {{.method = "interrupt.list", .changes = "[{'swap':['/interrupts/0','/interrupts/1']}]"}},
         NULL,
         "list pending: expected [#",
         SCRIPT_SLOTS_MAX},
        {CLIENT("{}", "{'do':'list'}"),
         {{.method = "interrupt.list", .changes = "[{'set':'/total','to':2}]"}},
         NULL,
         "expected /total 1, got 2",
         SCRIPT_SLOTS_MAX},
        {CLIENT("{}", "{'do':'pending'}"),
         {{.method = "interrupt.pending_for_request", .changes = "[{'set':'/interrupt','to':null}]"}},
         NULL,
         "pending: expected #0 pending, got none",
         SCRIPT_SLOTS_MAX},
        {CLIENT("{}", ""),
         {{.method = "interrupt.get", .changes = "[{'set':'/interrupt/status','to':'expired'}]"}},
         NULL,
         "the closing read, get #0: expected /interrupt/status \"pending\", got \"expired\"",
         0},
        {CLIENT("{}", ""),
         {{.method = "interrupt.create", .changes = "[{'set':'/interrupt/question','to':'?'}]"}},
         NULL,
         "the set-up, create #0",
         0},
        {CLIENT("", "{'do':'clock','seconds':1}"),
         {{.method = "clock.set", .nth = 2, .refused = "invalid"}},
         NULL,
         "clock +1.000000 s: expected ok, got invalid",
         SCRIPT_SLOTS_MAX},
        {CLIENT("{}", "{'do':'respond','on':0}"),
         {{.method = "events.drain", .nth = 2, .changes = "[{'drop':'/events/1'}]"}},
         NULL,
         "the events of #0: expected interrupt.clarification_needed, interrupt.resolved; got "
         "interrupt.clarification_needed",
         0},
        {CLIENT("{}", "{'do':'respond','on':0}"),
         {{.method = "events.drain", .nth = 2, .changes = "[{'swap':['/events/0','/events/1']}]"}},
         NULL,
         "event 1 of #0: expected",
         0},
        {CLIENT("{}", "{'do':'cancel','on':0}"),
         {{.method = "events.drain",
           .nth = 2,
           .changes = "[{'set':'/events/1/data/status','to':'pending'}]"}},
         NULL,
         "event 2 of #0: expected /data/status \"cancelled\", got \"pending\"",
         0},
        {CLIENT("{}", "{'do':'cancel','on':0}"),
         {{.method = "events.drain",
           .nth = 2,
           .changes = "[{'set':'/events/1/timestamp','to':'2025-12-11T09:31:00Z'}]"}},
         NULL,
         "event 2 of #0: expected /timestamp",
         0},
        /* Without a clock the events' times are not known, everything else is. */
        {CLIENT("{}", "{'do':'cancel','on':0}"),
         {{.method = "events.drain", .nth = 2, .changes = "[{'set':'/events/1/request_id','to':'r'}]"}},
         "clock",
         "event 2 of #0: expected /request_id",
         0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        check(&rows[i]);
    }
}

/* Both orders are possible, but what was answered fits one of them only. */
static void the_order_is_the_one_given(void **state) {
    (void)state;
    struct tryout tryout;
    static const struct turn played[] = {{0, 0}, {1, 0}}, other[] = {{1, 0}, {0, 0}};
    struct review review = {0};
    tryout_init(&tryout,
                "{'interrupts':[{}],'clients':[{'acts':[{'do':'respond','on':0}]},"
                "{'acts':[{'do':'cancel','on':0}]}]}",
                NULL, NULL);
    assert_int_equal(tryout_play(&tryout, NULL), HP_OK);
    assert_int_equal(model_review(&tryout.performance, played, 2, &review, NULL), HP_OK);
    assert_int_equal(review.count, 0);
    assert_int_equal(model_review(&tryout.performance, other, 2, &review, NULL), HP_OK);
    assert_int_equal(review.count, 1);
    assert_non_null(strstr(review.findings[0].sentence,
                           "client 2, act 1, cancel #0: expected ok, got conflict:resolved"));
    review_release(&review);
    tryout_release(&tryout);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_reference_agrees),
        cmocka_unit_test(the_first_deviation_is_found),
        cmocka_unit_test(the_order_is_the_one_given),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
