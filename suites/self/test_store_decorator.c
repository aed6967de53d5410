#include "harness/adapters/in_process.h"
#include "reference/store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* How often each decorator was there, and the order in which a get met them. */
struct tally {
    unsigned wrapped;
    unsigned freed;
    char order[8];
};

struct counted_store {
    struct hp_store store; /* first, so that a store is its counted_store */
    struct hp_store *inner;
    struct counter *counter;
};

struct counter {
    char name;
    struct tally *tally;
};

static enum hp_status counted_get(struct hp_store *store, const char *id, struct hp_interrupt **shown,
                                  struct hp_problem *problem) {
    struct counted_store *own = (struct counted_store *)store;
    char *order = own->counter->tally->order;
    order[strlen(order)] = own->counter->name;
    return own->inner->ops->get(own->inner, id, shown, problem);
}

static void counted_free(struct hp_store *store) {
    struct counted_store *own = (struct counted_store *)store;
    own->counter->tally->freed++;
    hp_store_free(own->inner);
    free(own);
}

/* A target under these decorators calls nothing but get. */
static const struct hp_store_ops counted_operations = {.get = counted_get, .free = counted_free};

static struct hp_store *count(struct hp_store *inner, void *context) {
    struct counter *counter = context;
    struct counted_store *own = calloc(1, sizeof *own);
    assert_non_null(own);
    *own = (struct counted_store){{&counted_operations}, inner, counter};
    counter->tally->wrapped++;
    return &own->store;
}

static struct hp_store *no_memory(struct hp_store *inner, void *context) {
    (void)context;
    hp_store_free(inner);
    return NULL;
}

static void ask(struct target *target, unsigned endpoint, const char *method, const char *params) {
    const struct request request = {
        .method = method, .params = params, .params_length_bytes = strlen(params)};
    struct session *session = NULL;
    struct answer answer = {0};
    assert_int_equal(target_open(target, endpoint, &session, NULL), HP_OK);
    session_call(session, &request, 10000, &answer);
    assert_int_not_equal(answer.kind, ANSWER_BROKEN);
    answer_release(&answer);
    session_close(session);
}

#define GET "{\"id\":\"5f0c2b9e-3f7a-4d5e-9a51-0c8f6a1f2b11\"}"

/* Once for both endpoints, and again after a reset; the second one stands outside. */
static void test_memory(void **state) {
    (void)state;
    struct tally tally = {0};
    struct counter a = {'a', &tally}, b = {'b', &tally};
    const struct store_decorator outer = {.wrap = count, .context = &b};
    const struct store_decorator inner = {.wrap = count, .context = &a, .outer = &outer};
    struct target *target = in_process_memory_decorated_new(&inner);
    assert_non_null(target);
    assert_int_equal(tally.wrapped, 2);
    ask(target, 0, "interrupt.get", GET);
    assert_string_equal(tally.order, "ba");
    ask(target, 0, "reset", "{}");
    assert_int_equal(tally.wrapped, 4);
    assert_int_equal(tally.freed, 2);
    ask(target, 1, "interrupt.get", GET);
    assert_string_equal(tally.order, "baba");
    target_free(target);
    assert_int_equal(tally.freed, 4);
}

/* One for each endpoint; a reset keeps them. */
static void test_postgres(void **state) {
    (void)state;
    struct tally tally = {0};
    struct counter a = {'a', &tally};
    const struct store_decorator decorator = {.wrap = count, .context = &a};
    struct target *target = NULL;
    struct hp_problem problem = {0};
    if (in_process_postgres_decorated_new(NULL, &decorator, &target, &problem) != HP_OK) {
        fail_msg("%s", problem.detail);
    }
    assert_int_equal(tally.wrapped, 2);
    ask(target, 0, "reset", "{}");
    ask(target, 1, "interrupt.get", GET);
    assert_string_equal(tally.order, "a");
    assert_int_equal(tally.wrapped, 2);
    target_free(target);
    assert_int_equal(tally.freed, 2);
}

/* Without memory for a decorator there is no target, and what was made of it is gone. */
static void test_failure(void **state) {
    (void)state;
    struct tally tally = {0};
    struct counter a = {'a', &tally};
    const struct store_decorator outer = {.wrap = no_memory};
    const struct store_decorator inner = {.wrap = count, .context = &a, .outer = &outer};
    assert_null(in_process_memory_decorated_new(&inner));
    assert_int_equal(tally.wrapped, 1);
    assert_int_equal(tally.freed, 1);
    assert_null(store_decorate(NULL, &inner));
    assert_int_equal(tally.wrapped, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memory),
        cmocka_unit_test(test_postgres),
        cmocka_unit_test(test_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
