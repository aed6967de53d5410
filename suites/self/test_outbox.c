#include "reference/store/outbox.h"
#include "suites/self/support_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>

/* Puts an event with an id of that number behind the others, in a lane. */
static void append(struct outbox *outbox, struct outbox_lane *lane, int number) {
    char id[HP_ID_SIZE];
    const struct hp_interrupt interrupt = bench_full_interrupt();
    snprintf(id, sizeof id, "event %d", number);
    struct outbox_entry *entry = outbox_entry_new(id, BENCH_NOW_US, &interrupt, lane);
    assert_non_null(entry);
    outbox_append(outbox, entry);
}

/* The numbers of the events that a take gives, as text: "1 2 3 ". */
static const char *take(struct outbox *outbox, size_t max) {
    static char numbers[256];
    struct hp_event_list events = {0};
    size_t length = 0;
    assert_int_equal(outbox_take(outbox, max, &events, NULL), HP_OK);
    numbers[0] = '\0';
    for (size_t i = 0; i < events.count; i++) {
        length +=
            (size_t)snprintf(numbers + length, sizeof numbers - length, "%s ", events.events[i]->id + 6);
    }
    hp_event_list_release(&events);
    return numbers;
}

static enum hp_status settle(struct outbox *outbox, int number, enum hp_delivery delivery) {
    char id[HP_ID_SIZE];
    snprintf(id, sizeof id, "event %d", number);
    return outbox_settle(outbox, id, delivery, NULL);
}

static void test_each_once(void **state) {
    (void)state;
    struct outbox outbox = {0};
    struct outbox_lane one = {0}, other = {0};
    assert_string_equal(take(&outbox, SIZE_MAX), "");
    append(&outbox, &one, 1);
    append(&outbox, &other, 2);
    append(&outbox, &one, 3);
    assert_string_equal(take(&outbox, SIZE_MAX), "1 2 3 ");
    assert_string_equal(take(&outbox, SIZE_MAX), "");
    assert_int_equal(settle(&outbox, 2, HP_DELIVERED), HP_OK);
    assert_int_equal(settle(&outbox, 2, HP_DELIVERED), HP_NOT_FOUND);
    assert_int_equal(settle(&outbox, 1, HP_DELIVERED), HP_OK);
    assert_int_equal(settle(&outbox, 3, HP_DELIVERED), HP_OK);
    assert_null(outbox.first);
    assert_null(outbox.last);
    append(&outbox, &one, 4);
    assert_string_equal(take(&outbox, SIZE_MAX), "4 ");
    outbox_release(&outbox);
}

static void test_returned(void **state) {
    (void)state;
    struct outbox outbox = {0};
    struct outbox_lane lane = {0};
    append(&outbox, &lane, 1);
    append(&outbox, &lane, 2);
    assert_int_equal(settle(&outbox, 1, HP_RETURNED), HP_NOT_FOUND); /* not taken yet */
    assert_string_equal(take(&outbox, SIZE_MAX), "1 2 ");
    assert_int_equal(settle(&outbox, 1, HP_RETURNED), HP_OK);
    assert_string_equal(take(&outbox, SIZE_MAX), ""); /* 2 is still out */
    assert_int_equal(settle(&outbox, 2, HP_RETURNED), HP_OK);
    assert_string_equal(take(&outbox, SIZE_MAX), "1 2 ");
    outbox_release(&outbox);
}

/* While an earlier take holds one of an interrupt, no later one of it is given; others are. */
static void test_lanes(void **state) {
    (void)state;
    struct outbox outbox = {0};
    struct outbox_lane one = {0}, other = {0};
    append(&outbox, &one, 1);
    append(&outbox, &one, 2);
    append(&outbox, &other, 3);
    assert_string_equal(take(&outbox, 1), "1 ");
    assert_string_equal(take(&outbox, 5), "3 ");
    append(&outbox, &one, 4);
    assert_string_equal(take(&outbox, 5), "");
    assert_int_equal(settle(&outbox, 1, HP_DELIVERED), HP_OK);
    assert_string_equal(take(&outbox, 0), "");
    assert_string_equal(take(&outbox, 5), "2 4 ");
    outbox_release(&outbox);
}

static void test_unlinking(void **state) {
    (void)state;
    static const int orders[][3] = {{1, 2, 3}, {1, 3, 2}, {2, 1, 3}, {2, 3, 1}, {3, 1, 2}, {3, 2, 1}};
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
        struct outbox outbox = {0};
        struct outbox_lane lanes[3] = {{0}, {0}, {0}};
        for (int number = 1; number <= 3; number++) {
            append(&outbox, &lanes[number - 1], number);
        }
        take(&outbox, 3);
        for (size_t j = 0; j < 3; j++) {
            assert_int_equal(settle(&outbox, orders[i][j], HP_DELIVERED), HP_OK);
        }
        assert_null(outbox.first);
        assert_null(outbox.last);
        outbox_release(&outbox);
    }
    outbox_entry_free(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_each_once), cmocka_unit_test(test_returned),
                                       cmocka_unit_test(test_lanes), cmocka_unit_test(test_unlinking)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
