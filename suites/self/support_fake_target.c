#include "suites/self/support_fake_target.h"

#include <stdlib.h>
#include <string.h>

struct fake_session {
    struct session session;
    unsigned endpoint;
    struct answer answer;
};

static void break_answer(struct answer *answer, const char *detail) {
    answer->kind = ANSWER_BROKEN;
    text_put(answer->detail, sizeof answer->detail, detail);
}

static void give(const struct fake_answer *row, struct answer *answer) {
    if (row->result) {
        answer->kind = ANSWER_RESULT;
        answer->result = json_loads(row->result, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
        if (!answer->result) {
            break_answer(answer, "out of memory");
        }
        return;
    }
    if (!row->refused) {
        break_answer(answer, "the line is broken");
        return;
    }
    text_put(answer->detail, sizeof answer->detail, "because");
    if (strcmp(row->refused, FAKE_UNSENDABLE) == 0) {
        answer->kind = ANSWER_UNSENDABLE;
        return;
    }
    answer->kind = ANSWER_REFUSED;
    answer->untold_status = row->status && strcmp(row->status, FAKE_UNTOLD) == 0;
    answer->untold_field = row->field && strcmp(row->field, FAKE_UNTOLD) == 0;
    text_put(answer->error_name, sizeof answer->error_name, row->refused);
    text_put(answer->interrupt_status, sizeof answer->interrupt_status,
             row->status && !answer->untold_status ? row->status : "");
    text_put(answer->field, sizeof answer->field, row->field && !answer->untold_field ? row->field : "");
}

static bool is_setup(const char *method) {
    return strcmp(method, "reset") == 0 || strcmp(method, "clock.set") == 0;
}

static enum hp_status start(struct session *session, const struct request *request, unsigned *ticket,
                            struct hp_problem *problem) {
    static const struct fake_answer fine = {"", "{}", NULL, NULL, NULL};
    struct fake_session *own = (struct fake_session *)session;
    struct fake_target *fake = (struct fake_target *)session->target;
    (void)problem;
    *ticket = 1;
    memset(&own->answer, 0, sizeof own->answer);
    if (own->endpoint > 0) {
        text_addf(&fake->calls, "@%u ", own->endpoint);
    }
    text_addf(&fake->calls, "%s%s %.*s\n", request->raw ? "raw " : "", request->method,
              (int)request->params_length_bytes, request->params);
    const struct fake_answer *row = fake->script ? &fake->script[fake->at] : NULL;
    if (row && row->method && strcmp(row->method, request->method) == 0) {
        fake->at++;
        give(row, &own->answer);
    } else if (is_setup(request->method)) {
        give(&fine, &own->answer);
    } else {
        break_answer(&own->answer, "not in the script");
    }
    return HP_OK;
}

static enum poll_state poll_answer(struct session *session, unsigned ticket, unsigned timeout_ms,
                                   struct answer *answer) {
    (void)ticket, (void)timeout_ms;
    *answer = ((struct fake_session *)session)->answer;
    return POLL_ANSWERED;
}

static void close_session(struct session *session) {
    ((struct fake_target *)session->target)->closed++;
    free(session);
}

static const struct session_ops session_ops = {start, poll_answer, close_session};

static enum hp_status say_hello(struct target *target, struct hello *hello, struct hp_problem *problem) {
    struct fake_target *fake = (struct fake_target *)target;
    if (fake->hello_fails) {
        return hp_problem_set(problem, HP_UNAVAILABLE, NULL, "nobody is there");
    }
    *hello = (struct hello){.name = text_copy("fake"),
                            .version = text_copy("1"),
                            .language = text_copy("C"),
                            .capabilities = json_loads(fake->capabilities, 0, NULL),
                            .stand_ins = fake->stand_ins ? json_loads(fake->stand_ins, 0, NULL) : NULL,
                            .endpoints = fake->endpoints};
    return hello->name && hello->version && hello->language && hello->capabilities
               ? HP_OK
               : hp_problem_no_memory(problem);
}

static enum hp_status open_session(struct target *target, unsigned endpoint, struct session **session,
                                   struct hp_problem *problem) {
    struct fake_target *fake = (struct fake_target *)target;
    struct fake_session *own = fake->open_fails ? NULL : calloc(1, sizeof *own);
    if (!own) {
        return hp_problem_set(problem, HP_UNAVAILABLE, NULL, "no line to the fake");
    }
    own->session = (struct session){&session_ops, target};
    own->endpoint = endpoint;
    fake->opened++;
    *session = &own->session;
    return HP_OK;
}

static void restart(struct target *target) {
    ((struct fake_target *)target)->restarts++;
}

static void take_log(struct target *target, struct text *log) {
    struct fake_target *fake = (struct fake_target *)target;
    if (fake->log) {
        text_add(log, fake->log);
        fake->log = NULL;
    }
}

static void reproduce(struct target *target, const struct request *request, struct text *text) {
    (void)target;
    text_addf(text, "call %s %.*s", request->method, (int)request->params_length_bytes, request->params);
}

static void free_nothing(struct target *target) {
    (void)target;
}

static const struct target_ops target_ops = {say_hello, open_session, restart, take_log,
                                             reproduce, free_nothing, NULL};

void fake_target_init(struct fake_target *fake, const char *capabilities, const struct fake_answer *script) {
    memset(fake, 0, sizeof *fake);
    fake->target.ops = &target_ops;
    fake->capabilities = capabilities;
    fake->endpoints = 1;
    fake->script = script;
}

void fake_target_release(struct fake_target *fake) {
    text_release(&fake->calls);
}
