#include "harness/adapters/hold.h"
#include "reference/store/calls.h"
#include "suites/self/support_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <stdatomic.h>

struct client {
    struct hp_store *store;
    atomic_bool ended;
};

static void create(struct hp_store *store) {
    const struct hp_create request = bench_request(HP_TIMEOUT);
    struct hp_interrupt *created = NULL;
    assert_int_equal(store_create(store, &request, &created, NULL), HP_OK);
    hp_interrupt_free(created);
}

static void *create_one(void *argument) {
    struct client *client = argument;
    const struct hp_create request = bench_request(HP_TIMEOUT);
    struct hp_interrupt *created = NULL;
    store_create(client->store, &request, &created, NULL);
    hp_interrupt_free(created);
    atomic_store(&client->ended, true);
    return NULL;
}

static void the_nth_call_is_held(void **state) {
    (void)state;
    struct hold hold;
    int ends[2];
    char line[64] = "";
    pthread_t thread;
    assert_int_equal(pipe(ends), 0);
    FILE *out = fdopen(ends[1], "w"), *in = fdopen(ends[0], "r");
    struct hp_clock *clock = hp_clock_new();
    struct hp_ids *ids = hp_ids_random_new();
    assert_int_equal(hold_init(&hold, "create.done:2", out, NULL), HP_OK);
    struct client client = {.store = hold_wrap(hp_store_memory_new(clock, ids), &hold)};
    assert_non_null(client.store);
    create(client.store);
    assert_int_equal(pthread_create(&thread, NULL, create_one, &client), 0);
    assert_non_null(fgets(line, sizeof line, in));
    assert_string_equal(line, "held at create.done\n");
    assert_false(atomic_load(&client.ended));
    create(client.store); /* the third is not held */
    assert_false(atomic_load(&client.ended));
    hold_let_go(&hold);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_true(atomic_load(&client.ended));
    hp_store_free(client.store);
    hold_release(&hold);
    hp_ids_free(ids);
    hp_clock_free(clock);
    fclose(out);
    fclose(in);
}

static void nobody_is_held_after_all_is_let_go(void **state) {
    (void)state;
    struct hold hold;
    struct hp_clock *clock = hp_clock_new();
    struct hp_ids *ids = hp_ids_random_new();
    assert_int_equal(hold_init(&hold, "create", NULL, NULL), HP_OK);
    struct hp_store *store = hold_wrap(hp_store_memory_new(clock, ids), &hold);
    hold_let_go(&hold);
    create(store);
    hp_store_free(store);
    hold_release(&hold);
    hp_ids_free(ids);
    hp_clock_free(clock);
}

static void other_points_are_refused(void **state) {
    (void)state;
    static const char *const wrong[] = {
        "",          "nowhere",    "creat",     "create.don", "create:",   "create:0",
        "create:-1", "create:one", "create:1x", ":1",         "create :1", "create:99999999999999999999999"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct hold hold;
        struct hp_problem problem = {0};
        assert_int_equal(hold_init(&hold, wrong[i], stderr, &problem), HP_INVALID);
        assert_non_null(strstr(problem.detail, "there is no point"));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_nth_call_is_held),
        cmocka_unit_test(nobody_is_held_after_all_is_let_go),
        cmocka_unit_test(other_points_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
