#include "harness/adapters/unshown.h"

#include "harness/base/value.h"
#include "suites/self/support_fake_target.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* What the service shows, what is stored, and what comes of both. */
static void completes(void **state) {
    (void)state;
    static const struct {
        struct fake_answer shown, kept;
        const char *result; /* NULL: the answer is broken */
    } rows[] = {
        {{"a", "{\"interrupt\":{\"id\":\"i\",\"status\":\"resolved\"}}", NULL, NULL, NULL},
         {"interrupt.get",
          "{\"interrupt\":{\"id\":\"i\",\"status\":\"resolved\",\"response\":{\"text\":\"x\"}}}", NULL, NULL,
          NULL},
         "{\"interrupt\":{\"id\":\"i\",\"status\":\"resolved\",\"response\":{\"text\":\"x\"}}}"},
        {{"a",
          "{\"interrupts\":[{\"id\":\"i\",\"status\":\"pending\"},{\"id\":\"j\",\"status\":\"cancelled\"}],"
          "\"total\":2}",
          NULL, NULL, NULL},
         {"interrupt.get", "{\"interrupt\":{\"response\":null}}", NULL, NULL, NULL},
         "{\"interrupts\":[{\"id\":\"i\",\"status\":\"pending\"},{\"id\":\"j\",\"status\":\"cancelled\","
         "\"response\":null}],\"total\":2}"},
        {{"a", "{\"interrupt\":{\"id\":\"i\",\"status\":\"resolved\",\"response\":{}}}", NULL, NULL, NULL},
         {0},
         "{\"interrupt\":{\"id\":\"i\",\"status\":\"resolved\",\"response\":{}}}"},
        {{"a", "{\"interrupt\":null}", NULL, NULL, NULL}, {0}, "{\"interrupt\":null}"},
        {{"a", "{\"interrupt\":{\"id\":\"i\",\"status\":\"expired\"}}", NULL, NULL, NULL},
         {"interrupt.get", NULL, "not_found", NULL, NULL},
         "{\"interrupt\":{\"id\":\"i\",\"status\":\"expired\"}}"},
        {{"a", "{\"interrupt\":{\"id\":\"i\",\"status\":\"resolved\"}}", NULL, NULL, NULL},
         {"interrupt.get", NULL, "unavailable", NULL, NULL},
         NULL},
        {{"a", "{\"interrupt\":{\"id\":\"i\",\"status\":\"resolved\"}}", NULL, NULL, NULL},
         {"interrupt.get", NULL, NULL, NULL, NULL},
         NULL},
    };
    json_t *fields = json_pack("[s]", "response");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct fake_answer shown[] = {rows[i].shown, {0}}, kept[] = {rows[i].kept, {0}};
        const struct request request = {"a", "{}", 2, false};
        struct fake_target inner, other;
        struct session *session = NULL;
        struct answer answer;
        fake_target_init(&inner, "[]", shown);
        fake_target_init(&other, "[]", kept);
        struct target *target = unshown_new(&inner.target, &other.target, fields, 1000);
        assert_int_equal(target_open(target, 0, &session, NULL), HP_OK);
        session_call(session, &request, 1000, &answer);
        assert_int_equal(answer.kind, rows[i].result ? ANSWER_RESULT : ANSWER_BROKEN);
        if (rows[i].result) {
            json_t *expected = json_loads(rows[i].result, 0, NULL);
            assert_true(value_equals(answer.result, expected));
            json_decref(expected);
        } else {
            assert_non_null(strstr(answer.detail, "what is stored cannot be read"));
        }
        answer_release(&answer);
        session_close(session);
        target_free(target);
        fake_target_release(&inner);
        fake_target_release(&other);
    }
    json_decref(fields);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(completes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
