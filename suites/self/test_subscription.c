#include "reference/core/subscription.h"
#include "suites/self/support_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct hp_subscription sound(void) {
    return (struct hp_subscription){.url = "https://example.com/hook",
                                    .events = "interrupt.*,x",
                                    .headers = "{}",
                                    .timeout_us = HP_TIMEOUT_DEFAULT_US,
                                    .base_delay_us = HP_DELAY_DEFAULT_US,
                                    .max_tries = HP_TRIES_DEFAULT};
}

static void a_copy_owns_its_texts(void **state) {
    (void)state;
    char url[] = "http://a/", secret[] = "s";
    struct hp_subscription draft = sound();
    draft.url = url;
    draft.secret = secret;
    draft.request_id = "r";
    struct hp_subscription *copy = hp_subscription_new(&draft);
    assert_non_null(copy);
    url[7] = 'b';
    secret[0] = 't';
    assert_string_equal(copy->url, "http://a/");
    assert_string_equal(copy->secret, "s");
    assert_string_equal(copy->request_id, "r");
    assert_string_equal(copy->events, "interrupt.*,x");
    assert_int_equal(copy->max_tries, 3);
    hp_subscription_free(copy);
    draft.secret = NULL;
    copy = hp_subscription_new(&draft);
    assert_null(copy->secret);
    hp_subscription_free(copy);
    hp_subscription_free(NULL);
}

static void patterns(void **state) {
    (void)state;
    static const char *const good[] = {"*",   "a",     "a.b",   "a.b.c",
                                       "a.*", "a.b.*", "a_1-B", "interrupt.resolved"};
    static const char *const bad[] = {"",    ".",  ".*",   "a.",  ".a",  "a..b", "a.*.b", "**",
                                      "*.a", "a*", "a.b*", "a b", "a,b", "a.**", "ä",     "*.*"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_true(hp_event_pattern_is_valid(good[i], strlen(good[i])));
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        if (hp_event_pattern_is_valid(bad[i], strlen(bad[i]))) {
            fail_msg("\"%s\" is taken", bad[i]);
        }
    }
}

static void matching(void **state) {
    (void)state;
    static const struct {
        const char *events, *type;
        bool matches;
    } rows[] = {
        {"*", "interrupt.resolved", true},
        {"interrupt.*", "interrupt.resolved", true},
        {"interrupt.*", "interrupt.a.b", true},
        {"interrupt.*", "interrupts.resolved", false},
        {"interrupt.*", "interrupt", false},
        {"interrup.*", "interrupt.resolved", false},
        {"interrupt.resolved", "interrupt.resolved", true},
        {"interrupt.resolved", "interrupt.resolved2", false},
        {"interrupt.resolved2", "interrupt.resolved", false},
        {"interrupt", "interrupt.resolved", false},
        {"Interrupt.*", "interrupt.resolved", false},
        {"a,b,interrupt.resolved", "interrupt.resolved", true},
        {"a,interrupt.*,b", "interrupt.resolved", true},
        {"a,b", "interrupt.resolved", false},
        {"a,b", "b", true},
        {"ab,b", "a", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hp_subscription subscription = sound();
        subscription.events = rows[i].events;
        if (hp_subscription_matches(&subscription, rows[i].type, "r1") != rows[i].matches) {
            fail_msg("%s and %s", rows[i].events, rows[i].type);
        }
        subscription.request_id = "r1";
        assert_int_equal(hp_subscription_matches(&subscription, rows[i].type, "r1"), rows[i].matches);
        assert_false(hp_subscription_matches(&subscription, rows[i].type, "r"));
        assert_false(hp_subscription_matches(&subscription, rows[i].type, "r11"));
    }
}

static void each_field_has_its_rule(void **state) {
    (void)state;
    char long_url[HP_URL_MAX_BYTES + 2], long_secret[HP_SECRET_MAX_BYTES + 2];
    memset(long_url, 'a', sizeof long_url);
    memcpy(long_url, "http://", 7);
    long_url[sizeof long_url - 1] = '\0';
    memset(long_secret, 'a', sizeof long_secret);
    long_secret[sizeof long_secret - 1] = '\0';
    const struct {
        const char *url, *secret, *events, *request_id, *field;
        int64_t timeout_us, base_delay_us;
        unsigned max_tries;
    } rows[] = {
        {.field = ""},
        {.url = "HTTP://Example.com:8080", .field = ""},
        {.url = "http://[::1]:80/x?y=z#q", .field = ""},
        {.url = "http://h/a@b", .field = ""},
        {.url = "http://user@host/", .field = "/url"},
        {.url = "http://user:pw@host", .field = "/url"},
        {.url = "http://host\\@other/", .field = "/url"},
        {.url = "http://", .field = "/url"},
        {.url = "http:///x", .field = "/url"},
        {.url = "http://:80/", .field = "/url"},
        {.url = "http:/x", .field = "/url"},
        {.url = "ftp://x", .field = "/url"},
        {.url = "", .field = "/url"},
        {.url = "http://h/a b", .field = "/url"},
        {.url = "http://h/\r\nx", .field = "/url"},
        {.url = "http://h/\x7f", .field = "/url"},
        {.url = "http://h/ä", .field = "/url"},
        {.url = long_url, .field = "/url"},
        {.events = "", .field = "/events"},
        {.events = ",a", .field = "/events"},
        {.events = "a,", .field = "/events"},
        {.events = "a,b*", .field = "/events"},
        {.secret = "", .field = "/secret"},
        {.secret = "\xff", .field = "/secret"},
        {.secret = long_secret, .field = "/secret"},
        {.secret = "whsec_", .field = "/secret"},
        {.secret = "whsec_abc", .field = "/secret"},
        {.secret = "whsec_ab=c", .field = "/secret"},
        {.secret = "whsec_a===", .field = "/secret"},
        {.secret = "whsec_abc=", .field = ""},
        {.secret = "whsec_ab==", .field = ""},
        {.secret = "whsecabc", .field = ""},
        {.secret = long_secret + 1, .field = ""},
        {.request_id = "", .field = "/request_id"},
        {.request_id = "r", .field = ""},
        {.timeout_us = 999, .field = "/timeout_seconds"},
        {.timeout_us = 1000, .field = ""},
        {.timeout_us = HP_TIMEOUT_MAX_US, .field = ""},
        {.timeout_us = HP_TIMEOUT_MAX_US + 1, .field = "/timeout_seconds"},
        {.base_delay_us = 999, .field = "/base_delay_seconds"},
        {.base_delay_us = HP_DELAY_MAX_US, .field = ""},
        {.base_delay_us = HP_DELAY_MAX_US + 1, .field = "/base_delay_seconds"},
        {.max_tries = HP_TRIES_MAX, .field = ""},
        {.max_tries = HP_TRIES_MAX + 1, .field = "/max_tries"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hp_subscription subscription = sound();
        struct hp_problem problem = {0};
        subscription.url = rows[i].url ? rows[i].url : subscription.url;
        subscription.events = rows[i].events ? rows[i].events : subscription.events;
        subscription.secret = rows[i].secret;
        subscription.request_id = rows[i].request_id;
        subscription.timeout_us = rows[i].timeout_us ? rows[i].timeout_us : subscription.timeout_us;
        subscription.base_delay_us =
            rows[i].base_delay_us ? rows[i].base_delay_us : subscription.base_delay_us;
        subscription.max_tries = rows[i].max_tries ? rows[i].max_tries : subscription.max_tries;
        enum hp_status status = hp_subscription_check(&subscription, &problem);
        if (strcmp(problem.field, rows[i].field) != 0) {
            fail_msg("row %zu: %s %s", i, problem.field, problem.detail);
        }
        assert_int_equal(status, *rows[i].field ? HP_INVALID : HP_OK);
    }
    struct hp_subscription none = sound();
    struct hp_problem problem = {0};
    none.url = NULL;
    assert_refused(hp_subscription_check(&none, &problem), &problem, HP_INVALID, "/url");
    none = sound();
    none.max_tries = 0;
    hp_problem_clear(&problem);
    assert_refused(hp_subscription_check(&none, &problem), &problem, HP_INVALID, "/max_tries");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_copy_owns_its_texts), cmocka_unit_test(patterns),
                                       cmocka_unit_test(matching), cmocka_unit_test(each_field_has_its_rule)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
