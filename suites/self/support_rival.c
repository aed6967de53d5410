#include "suites/self/support_rival.h"

#include "harness/adapters/in_process.h"
#include "harness/adapters/wrap.h"
#include "harness/base/value.h"
#include "reference/base/json_reader.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { WINNERS_MAX = 4096, ID_SIZE = 64, DEADLINE_MS = 5000 };

/* Who answered an interrupt first. */
struct winner {
    char id[ID_SIZE];
    const struct session *session;
};

struct rival_target {
    struct wrap wrap;
    enum rival rival;
    atomic_uint resets;
    pthread_mutex_t mutex; /* guards the winners */
    struct winner winners[WINNERS_MAX];
    size_t winner_count;
};

struct rival_session {
    struct wrapped_session wrapped;
    char method[64];
    char id[ID_SIZE];
    json_int_t by;
};

/* The winner of that interrupt; NULL: there is none. The mutex is held. */
static struct winner *find_winner(struct rival_target *rival, const char *id) {
    for (size_t i = 0; i < rival->winner_count; i++) {
        if (strcmp(rival->winners[i].id, id) == 0) {
            return &rival->winners[i];
        }
    }
    return NULL;
}

static void note_winner(struct rival_target *rival, const struct rival_session *session) {
    pthread_mutex_lock(&rival->mutex);
    if (rival->winner_count < WINNERS_MAX) {
        struct winner *winner = &rival->winners[rival->winner_count++];
        snprintf(winner->id, sizeof winner->id, "%s", session->id);
        winner->session = &session->wrapped.session;
    }
    pthread_mutex_unlock(&rival->mutex);
}

/* The loser is told that he won, with his own answer in it. */
static void let_win(struct rival_session *session, struct answer *answer) {
    struct rival_target *rival = (struct rival_target *)session->wrapped.session.target;
    char params[ID_SIZE + 16];
    pthread_mutex_lock(&rival->mutex);
    const struct winner *winner = find_winner(rival, session->id);
    bool others = winner && winner->session != &session->wrapped.session;
    pthread_mutex_unlock(&rival->mutex);
    if (!others) {
        return;
    }
    snprintf(params, sizeof params, "{\"id\":\"%s\"}", session->id);
    answer_release(answer);
    session_call(
        session->wrapped.inner,
        &(struct request){.method = "interrupt.get", .params = params, .params_length_bytes = strlen(params)},
        DEADLINE_MS, answer);
    json_t *copy = json_deep_copy(answer->result);
    json_decref(answer->result);
    answer->result = copy;
    json_object_set_new(value_at(copy, "/interrupt/response/data"), "by", json_integer(session->by));
    json_object_set_new(copy, "request_can_resume", json_true());
}

static void lose_data(struct answer *answer) {
    json_t *copy = json_deep_copy(answer->result);
    json_t *data = value_at(copy, "/interrupt/data");
    json_decref(answer->result);
    answer->result = copy;
    if (json_object_get(data, "cancel_reason")) {
        json_object_del(data, "kept");
    }
}

static void lose_row(struct answer *answer) {
    json_t *copy = json_deep_copy(answer->result);
    json_t *rows = json_object_get(copy, "interrupts");
    json_decref(answer->result);
    answer->result = copy;
    json_array_remove(rows, json_array_size(rows) - 1);
}

static enum hp_status start(struct session *session, const struct request *request, unsigned *ticket,
                            struct hp_problem *problem) {
    struct rival_session *own = (struct rival_session *)session;
    struct rival_target *rival = (struct rival_target *)session->target;
    struct json_fault fault;
    json_t *params = json_parse(request->params, request->params_length_bytes, &fault);
    const char *id = json_string_value(json_object_get(params, "id"));
    snprintf(own->method, sizeof own->method, "%s", request->method);
    snprintf(own->id, sizeof own->id, "%s", id ? id : "");
    own->by = json_integer_value(value_at(params, "/response/data/by"));
    json_decref(params);
    if (strcmp(own->method, "reset") == 0) {
        atomic_fetch_add(&rival->resets, 1);
    }
    return wrapped_start(session, request, ticket, problem);
}

static enum poll_state poll_answer(struct session *session, unsigned ticket, unsigned timeout_ms,
                                   struct answer *answer) {
    struct rival_session *own = (struct rival_session *)session;
    struct rival_target *rival = (struct rival_target *)session->target;
    unsigned resets = atomic_load(&rival->resets);
    enum poll_state state = wrapped_poll(session, ticket, timeout_ms, answer);
    bool responds = strcmp(own->method, "interrupt.respond") == 0;
    if (state != POLL_ANSWERED) {
        return state;
    }
    if (responds && answer->kind == ANSWER_RESULT) {
        note_winner(rival, own);
    } else if (responds && rival->rival == RIVAL_TWO_WINNERS &&
               strcmp(answer->interrupt_status, "resolved") == 0) {
        let_win(own, answer);
    } else if (rival->rival == RIVAL_LOST_DATA && strcmp(own->method, "interrupt.cancel") == 0 &&
               answer->kind == ANSWER_RESULT) {
        lose_data(answer);
    } else if (rival->rival == RIVAL_MOODY && strcmp(own->method, "interrupt.list") == 0 && resets % 2 == 0) {
        lose_row(answer);
    } else if (rival->rival == RIVAL_UNSOUND && resets >= 3) {
        answer_release(answer);
        *answer = (struct answer){.kind = ANSWER_BROKEN, .detail = "it has gone away"};
    }
    return state;
}

static const struct session_ops session_ops = {start, poll_answer, wrapped_close};

static enum hp_status rival_open(struct target *target, unsigned endpoint, struct session **session,
                                 struct hp_problem *problem) {
    return wrapped_open(target, &session_ops, sizeof(struct rival_session), endpoint, session, problem);
}

static void rival_free(struct target *target) {
    pthread_mutex_destroy(&((struct rival_target *)target)->mutex);
    wrap_free(target);
}

static const struct target_ops target_ops = {wrap_hello,     rival_open, wrap_restart, wrap_take_log,
                                             wrap_reproduce, rival_free, wrap_set_gate};

struct target *rival_new(enum rival rival) {
    struct rival_target *made = calloc(1, sizeof *made);
    assert_non_null(made);
    made->wrap.target.ops = &target_ops;
    made->wrap.inner = in_process_memory_new();
    assert_non_null(made->wrap.inner);
    made->rival = rival;
    atomic_init(&made->resets, 0);
    assert_int_equal(pthread_mutex_init(&made->mutex, NULL), 0);
    return &made->wrap.target;
}
