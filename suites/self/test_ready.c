#include "harness/adapters/ready.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void answers_are_taken_by_ticket_once(void **state) {
    (void)state;
    struct ready_list list = {0};
    struct answer taken = {0};
    unsigned tickets[3];
    for (int i = 0; i < 3; i++) {
        struct answer answer = {.kind = ANSWER_RESULT, .result = json_integer(i)};
        assert_int_equal(ready_add(&list, &answer, &tickets[i], NULL), HP_OK);
        assert_null(answer.result);
    }
    static const size_t order[] = {1, 0};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(ready_take(&list, tickets[order[i]], &taken), POLL_ANSWERED);
        assert_int_equal(json_integer_value(taken.result), (int)order[i]);
        answer_release(&taken);
        assert_int_equal(ready_take(&list, tickets[order[i]], &taken), POLL_ANSWERED);
        assert_int_equal(taken.kind, ANSWER_BROKEN);
        assert_non_null(strstr(taken.detail, "not under way"));
    }
    ready_release(&list);
    assert_null(list.first);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(answers_are_taken_by_ticket_once)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
