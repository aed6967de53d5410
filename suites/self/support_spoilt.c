#include "suites/self/support_spoilt.h"

#include "harness/adapters/wrap.h"

#include <stdlib.h>
#include <string.h>

struct spoilt {
    struct wrap wrap;
    spoil_function spoil;
};

enum { METHOD_SIZE = 64 };

struct spoilt_session {
    struct wrapped_session wrapped;
    char method[METHOD_SIZE]; /* of the call that is under way */
};

static enum hp_status start(struct session *session, const struct request *request, unsigned *ticket,
                            struct hp_problem *problem) {
    text_put(((struct spoilt_session *)session)->method, METHOD_SIZE, request->method);
    return wrapped_start(session, request, ticket, problem);
}

static enum poll_state poll_answer(struct session *session, unsigned ticket, unsigned timeout_ms,
                                   struct answer *answer) {
    enum poll_state state = wrapped_poll(session, ticket, timeout_ms, answer);
    if (state == POLL_ANSWERED) {
        ((struct spoilt *)session->target)->spoil(((struct spoilt_session *)session)->method, answer);
    }
    return state;
}

static const struct session_ops session_operations = {start, poll_answer, wrapped_close};

static enum hp_status open_session(struct target *target, unsigned endpoint, struct session **session,
                                   struct hp_problem *problem) {
    return wrapped_open(target, &session_operations, sizeof(struct spoilt_session), endpoint, session,
                        problem);
}

static const struct target_ops operations = {.hello = wrap_hello,
                                             .open = open_session,
                                             .restart = wrap_restart,
                                             .take_log = wrap_take_log,
                                             .reproduce = wrap_reproduce,
                                             .free = wrap_free};

struct target *spoilt_new(struct target *inner, spoil_function spoil) {
    struct spoilt *spoilt = calloc(1, sizeof *spoilt);
    if (!spoilt) {
        return NULL;
    }
    spoilt->wrap = (struct wrap){{&operations}, inner};
    spoilt->spoil = spoil;
    return &spoilt->wrap.target;
}

void spoil_result(struct answer *answer, const char *result) {
    answer_release(answer);
    answer->kind = ANSWER_RESULT;
    answer->result = json_loads(result, 0, NULL);
}
