/* What every store promises of flows and limits, of the memory store. */
#include "suites/self/support_flow.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void each_promise_is_kept(void **state) {
    (void)state;
    for (size_t i = 0; i < flow_promise_count; i++) {
        struct bench bench;
        bench_init(&bench);
        print_message("%s\n", flow_promises[i].name);
        flow_promises[i].keep(&bench);
        bench_release(&bench);
    }
    assert_true(flow_promise_count > 0);
}

static void threads_contend(void **state) {
    (void)state;
    struct bench bench;
    bench_init(&bench);
    struct hp_service *services[] = {bench.service, hp_service_new(bench.store)};
    flow_contend(&bench, services, 2);
    hp_service_free(services[1]);
    bench_release(&bench);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_promise_is_kept),
                                       cmocka_unit_test(threads_contend)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
