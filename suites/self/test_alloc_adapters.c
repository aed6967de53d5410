/* Every allocation of the targets in this process fails once: an error or a refusal, no crash, no leak, and
 * no answer that says what is not so. */
#include "harness/adapters/in_process.h"
#include "harness/adapters/null.h"
#include "harness/adapters/null_answers.h"
#include "harness/adapters/trace.h"
#include "suites/self/support_fail_alloc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static enum hp_status say_hello(struct target *target) {
    struct hello hello = {0};
    enum hp_status status = target_hello(target, &hello, NULL);
    assert_int_equal(hello.capabilities != NULL, status == HP_OK);
    if (status == HP_OK) {
        assert_true(hello_declares(&hello, "describe"));
    }
    hello_release(&hello);
    return status;
}

static enum hp_status open_and_ask(struct target *target, const char *method, const char *params) {
    const struct request request = {method, params, strlen(params), false};
    struct session *session = NULL;
    struct answer answer = {0};
    enum hp_status status = target_open(target, 1, &session, NULL);
    if (status != HP_OK) {
        assert_null(session);
        return status;
    }
    session_call(session, &request, 10, &answer);
    if (answer.kind == ANSWER_REFUSED) {
        assert_string_equal(answer.error_name, "internal");
        status = HP_INTERNAL;
    } else if (answer.kind == ANSWER_BROKEN) {
        assert_string_equal(answer.detail, "out of memory");
        status = HP_INTERNAL;
    }
    answer_release(&answer);
    session_close(session);
    return status;
}

/* One call of the reference in this process. */
struct call {
    const char *method, *params;
};

static enum hp_status use_reference(void *context) {
    const struct call *call = context;
    struct target *target = in_process_memory_new();
    if (!target) {
        return HP_INTERNAL;
    }
    enum hp_status status = say_hello(target);
    status = status == HP_OK ? open_and_ask(target, call->method, call->params) : status;
    target_free(target);
    return status;
}

static void the_reference_survives_every_failure(void **state) {
    (void)state;
    static struct call calls[] = {
        {"reset", "{}"},
        {"clock.set", "{\"now\":\"2025-12-11T09:30:00Z\"}"},
        {"describe", "{}"},
        {"interrupt.create",
         "{\"kind\":\"checkpoint\",\"user_id\":\"u\",\"session_id\":\"s\",\"request_id\":\"r\"}"},
    };
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        if (fail_alloc_sweep(use_reference, &calls[i], false) < 20) {
            fail_msg("%s", calls[i].method);
        }
    }
}

static enum hp_status make_null(void *context) {
    struct target *target = NULL;
    enum hp_status status = null_new(context, &target, NULL);
    if (status == HP_OK) {
        status = say_hello(target);
    }
    if (status == HP_OK) {
        struct session *session = NULL;
        status = target_open(target, 0, &session, NULL);
        session_close(session);
    }
    target_free(target);
    return status;
}

static void nulls_survive_every_failure(void **state) {
    (void)state;
    for (size_t i = 0; null_name(i); i++) {
        assert_true(fail_alloc_sweep(make_null, (void *)null_name(i), false) > 10);
    }
}

typedef bool null_answer(const char *method, const json_t *params, unsigned counter, struct answer *answer);

struct question {
    null_answer *answer;
    const char *method;
    json_t *params;
};

static enum hp_status ask_null(void *context) {
    const struct question *question = context;
    struct answer answer = {0};
    bool answered = question->answer(question->method, question->params, 1, &answer);
    assert_int_equal(answered, answer.result != NULL);
    answer_release(&answer);
    return answered ? HP_OK : HP_INTERNAL;
}

static void answers_of_nulls_survive_every_failure(void **state) {
    (void)state;
    static const struct {
        null_answer *answer;
        const char *method;
    } rows[] = {
        {null_answer_empty, "describe"},           {null_answer_echo, "describe"},
        {null_answer_constant, "describe"},        {null_answer_accept, "interrupt.create"},
        {null_answer_accept, "interrupt.respond"}, {null_answer_accept, "interrupt.cancel"},
        {null_answer_accept, "interrupt.list"},    {null_answer_accept, "describe"},
        {null_answer_reject, "clock.set"},
    };
    json_t *params = json_loads("{\"data\":{\"a\":[1]},\"user_id\":\"ann\",\"now\":7}", 0, NULL);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct question question = {rows[i].answer, rows[i].method, params};
        if (fail_alloc_sweep(ask_null, &question, false) < 2) {
            fail_msg("row %zu", i);
        }
    }
    json_decref(params);
}

/* A trace that lacks memory lacks lines, or words in them, and the call goes on. */
static enum hp_status use_trace(void *context) {
    struct target *inner = NULL, *target = NULL;
    struct session *session = NULL;
    struct answer answer = {0};
    const struct request request = {"describe", "\xff", 1, true};
    enum hp_status status = null_new("drop-connection", &inner, NULL);
    if (status == HP_OK && !(target = trace_new(inner, context))) {
        target_free(inner);
        return HP_INTERNAL;
    }
    status = status == HP_OK ? target_open(target, 0, &session, NULL) : status;
    if (status == HP_OK) {
        session_call(session, &request, 10, &answer);
        assert_int_equal(answer.kind, ANSWER_BROKEN);
        session_close(session);
        target_restart(target);
    }
    answer_release(&answer);
    target_free(target);
    return status;
}

static void traces_survive_every_failure(void **state) {
    (void)state;
    FILE *file = tmpfile();
    assert_non_null(file);
    assert_true(fail_alloc_sweep(use_trace, file, true) > 20);
    fclose(file);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_reference_survives_every_failure),
        cmocka_unit_test(nulls_survive_every_failure),
        cmocka_unit_test(answers_of_nulls_survive_every_failure),
        cmocka_unit_test(traces_survive_every_failure),
    };
    fail_alloc_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
