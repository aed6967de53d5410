#include "reference/base/instant.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define DAY_US (86400 * HP_SECOND_US)

static bool parse(const char *text, int64_t *instant_us) {
    return hp_instant_parse(text, strlen(text), instant_us);
}

static const struct {
    const char *text;
    const char *utc; /* as it is written */
} taken[] = {
    {"1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000000Z"},
    {"2025-12-11T09:30:00.000000Z", "2025-12-11T09:30:00.000000Z"},
    {"2025-12-11t09:30:00z", "2025-12-11T09:30:00.000000Z"},
    {"2025-12-11T09:30:00+00:00", "2025-12-11T09:30:00.000000Z"},
    {"2025-12-11T09:30:00-00:00", "2025-12-11T09:30:00.000000Z"},
    {"2025-12-11T15:15:00+05:45", "2025-12-11T09:30:00.000000Z"},
    {"2025-12-10T22:00:00-11:30", "2025-12-11T09:30:00.000000Z"},
    {"2025-12-11T00:00:00+23:59", "2025-12-10T00:01:00.000000Z"},
    {"2025-12-31T23:59:59-23:59", "2026-01-01T23:58:59.000000Z"},
    {"2025-12-11T09:30:00.1Z", "2025-12-11T09:30:00.100000Z"},
    {"2025-12-11T09:30:00.12Z", "2025-12-11T09:30:00.120000Z"},
    {"2025-12-11T09:30:00.123Z", "2025-12-11T09:30:00.123000Z"},
    {"2025-12-11T09:30:00.1234Z", "2025-12-11T09:30:00.123400Z"},
    {"2025-12-11T09:30:00.12345Z", "2025-12-11T09:30:00.123450Z"},
    {"2025-12-11T09:30:00.123456Z", "2025-12-11T09:30:00.123456Z"},
    {"2025-12-11T09:30:00.1234569Z", "2025-12-11T09:30:00.123456Z"},
    {"2025-12-11T09:30:00.12345699Z", "2025-12-11T09:30:00.123456Z"},
    {"2025-12-11T09:30:00.999999999Z", "2025-12-11T09:30:00.999999Z"},
    {"1969-12-31T23:59:59.9999999Z", "1969-12-31T23:59:59.999999Z"},
    {"2024-02-29T12:00:00Z", "2024-02-29T12:00:00.000000Z"},
    {"2000-02-29T00:00:00Z", "2000-02-29T00:00:00.000000Z"},
    {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000000Z"},
    {"9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"},
    {"0001-01-01T12:00:00+12:00", "0001-01-01T00:00:00.000000Z"},
    {"9999-12-31T12:00:00-11:59", "9999-12-31T23:59:00.000000Z"},
};

static void test_taken(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++) {
        int64_t instant_us = 0;
        char text[HP_INSTANT_SIZE];
        if (!parse(taken[i].text, &instant_us)) {
            fail_msg("%s is refused", taken[i].text);
        }
        hp_instant_format(instant_us, text);
        assert_string_equal(text, taken[i].utc);
    }
}

static const char *const refused[] = {
    "",
    "2025",
    "2025-12-11",
    "2025-12-11T",
    "2025-12-11T09",
    "2025-12-11T09:30",
    "2025-12-11T09:30Z",
    "2025-12-11T09:30:00",
    "2025-12-11T09:30:00.5",
    "2025-12-11T09:30:00.Z",
    "2025-12-11T09:30:00.1234567890Z",
    "2025-12-11T09:30:00,5Z",
    "2025-12-11 09:30:00Z",
    "2025-12-11T09:30:00 Z",
    " 2025-12-11T09:30:00Z",
    "2025-12-11T09:30:00Z ",
    "2025-12-11T09:30:00ZZ",
    "2025-12-11T09:30:60Z",
    "2016-12-31T23:59:60Z",
    "2025-12-11T09:60:00Z",
    "2025-12-11T24:00:00Z",
    "2025-12-11T09:30:00+24:00",
    "2025-12-11T09:30:00+01:60",
    "2025-12-11T09:30:00+1:00",
    "2025-12-11T09:30:00+0100",
    "2025-12-11T09:30:00+01",
    "2025-12-11T09:30:00+",
    "2025-12-11T09:30:00+01:0",
    "2025-12-11T09:30:00 01:00",
    "2025-12-11T09:30:00UTC",
    "2025-12-11T09:30:00+01:00Z",
    "2025-13-01T00:00:00Z",
    "2025-00-01T00:00:00Z",
    "2025-01-00T00:00:00Z",
    "2025-01-32T00:00:00Z",
    "2025-04-31T00:00:00Z",
    "2025-02-29T00:00:00Z",
    "2100-02-29T00:00:00Z",
    "1900-02-29T00:00:00Z",
    "2024-02-30T00:00:00Z",
    "0000-12-31T00:00:00Z",
    "0001-01-01T00:00:00+00:01",
    "9999-12-31T23:59:59-00:01",
    "10000-01-01T00:00:00Z",
    "-001-01-01T00:00:00Z",
    "+2025-12-11T09:30:00Z",
    "25-12-11T09:30:00Z",
    "2025/12/11T09:30:00Z",
    "2025-12/11T09:30:00Z",
    "2025-1-11T09:30:00Z",
    "2025-12-1T09:30:00Z",
    "2025-12-11T9:30:00Z",
    "2025-12-11T09.30:00Z",
    "2025-12-11T09:3:00Z",
    "2025-12-11T09:30.00Z",
    "2025-12-11T09:30:0Z",
    "2025-12-11T09:30:00\xC2\xA0Z",
    "1765445400",
    "now",
};

static void test_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        int64_t instant_us = 4711;
        if (parse(refused[i], &instant_us)) {
            fail_msg("%s is taken", refused[i]);
        }
        assert_true(instant_us == 4711);
    }
}

/* The length decides, not a NUL: what lies behind is never read, and a NUL within is no time. */
static void test_length(void **state) {
    (void)state;
    const char text[] = "2025-12-11T09:30:00Zgarbage";
    int64_t instant_us = 0;
    assert_true(hp_instant_parse(text, 20, &instant_us));
    assert_false(hp_instant_parse("2025-12-11T09:30:00Z", 21, &instant_us));
    for (size_t length = 0; length < 20; length++) {
        assert_false(hp_instant_parse(text, length, &instant_us));
    }
}

static int days_in(int year, int month) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0);
    return days[month - 1] + (leap && month == 2 ? 1 : 0);
}

static void put(char *at, int value, size_t digits) {
    while (digits-- > 0) {
        at[digits] = (char)('0' + value % 10);
        value /= 10;
    }
}

/* Steps through every day of the calendar beside a counter of days; the day behind each month is refused. */
static void test_every_day(void **state) {
    (void)state;
    char text[] = "0000-00-00T00:00:00.000000Z";
    int64_t wanted_us = HP_INSTANT_MIN;
    for (int year = 1; year <= 9999; year++) {
        for (int month = 1; month <= 12; month++) {
            put(text, year, 4);
            put(text + 5, month, 2);
            for (int day = 1; day <= days_in(year, month); day++, wanted_us += DAY_US) {
                int64_t instant_us = 0;
                char again[HP_INSTANT_SIZE];
                put(text + 8, day, 2);
                bool parsed = parse(text, &instant_us);
                hp_instant_format(wanted_us, again);
                if (!parsed || instant_us != wanted_us || strcmp(text, again) != 0) {
                    fail_msg("%s came back as %s", text, again);
                }
            }
            int64_t none;
            put(text + 8, days_in(year, month) + 1, 2);
            if (parse(text, &none)) {
                fail_msg("%s is taken", text);
            }
        }
    }
    assert_true(wanted_us == HP_INSTANT_MAX + 1);
}

/* Every offset leads to the instant that lies so far away. */
static void test_every_offset(void **state) {
    (void)state;
    char text[] = "2000-02-29T12:34:56.789+00:00";
    int64_t utc_us = 0;
    assert_true(parse("2000-02-29T12:34:56.789Z", &utc_us));
    for (int minutes = -1439; minutes <= 1439; minutes++) {
        int64_t instant_us = 0;
        text[23] = minutes < 0 ? '-' : '+';
        put(text + 24, abs(minutes) / 60, 2);
        put(text + 27, abs(minutes) % 60, 2);
        assert_true(parse(text, &instant_us));
        assert_true(instant_us == utc_us - minutes * 60 * HP_SECOND_US);
    }
}

/* Every second of a day, and strides that are prime to all units, from one end of time to the other. */
static void test_round_trips(void **state) {
    (void)state;
    int64_t stride_us[] = {HP_SECOND_US, INT64_C(3155695200000017)};
    int64_t begin_us[] = {-DAY_US, HP_INSTANT_MIN};
    int64_t end_us[] = {0, HP_INSTANT_MAX};
    for (size_t i = 0; i < 2; i++) {
        for (int64_t at_us = begin_us[i]; at_us <= end_us[i]; at_us += stride_us[i]) {
            char text[HP_INSTANT_SIZE];
            int64_t again_us = 0;
            hp_instant_format(at_us, text);
            assert_true(parse(text, &again_us));
            assert_true(again_us == at_us);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_taken),       cmocka_unit_test(test_refused),
        cmocka_unit_test(test_length),      cmocka_unit_test(test_every_day),
        cmocka_unit_test(test_round_trips), cmocka_unit_test(test_every_offset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
