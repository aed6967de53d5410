#include "harness/adapters/second_process.h"

#include "harness/adapters/shell.h"
#include "harness/adapters/sluice.h"
#include "harness/adapters/stdio.h"
#include "harness/adapters/wrap.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A sweep over many rows may take a while before a reset has its turn. */
enum { ALONE_MS = 30000, CLOCK_SIZE = 64 };

struct second_process {
    struct wrap wrap;
    unsigned endpoint; /* the last */
    struct target *child;
    struct sluice sluice;    /* shut by whoever uses what follows; calls of the child are inside */
    struct session *control; /* to the child, once it runs and has been told the clock */
    struct gate gate;        /* of the inner target, when there is an outer one */
    _Atomic(struct gate *) outer_gate;
    char clock[CLOCK_SIZE]; /* what the clock was set to, as the service writes it; "": it runs */
};

struct second_session {
    struct wrapped_session
        wrapped; /* its inner session; of the last endpoint: one that carries out reset and clock.set */
    struct session *line; /* of the last endpoint: to the child */
    bool inside;          /* a call of the line has no answer */
    unsigned last_ticket;
    unsigned ticket;       /* of the call whose answer is to come; 0: none */
    unsigned inner_ticket; /* what it is called by who carries it out; 0: its answer is kept here */
    struct answer answer;
};

static void refuse(struct answer *answer, const char *detail) {
    *answer = (struct answer){.kind = ANSWER_REFUSED};
    text_put(answer->error_name, sizeof answer->error_name, "unavailable");
    text_put(answer->detail, sizeof answer->detail, detail);
}

/* The inner target's clock, from its answer to clock.set. */
static void note_clock(struct second_process *own, const struct request *request,
                       const struct answer *answer) {
    const char *now = json_string_value(json_object_get(answer->result, "now"));
    bool set = strcmp(request->method, "clock.set") == 0;
    text_put(own->clock, sizeof own->clock, set && now ? now : "");
}

static bool concerns_all(const char *method) {
    return strcmp(method, "reset") == 0 || strcmp(method, "clock.set") == 0;
}

/* A reset or clock.set: here, and then in the child when it runs. */
static void carry_out_for_all(struct second_process *own, struct session *inner,
                              const struct request *request, struct answer *answer) {
    struct answer other = {0};
    if (!sluice_shut(&own->sluice, ALONE_MS)) {
        sluice_open(&own->sluice);
        refuse(answer, "calls of the second process are still under way");
        return;
    }
    session_call(inner, request, ALONE_MS, answer);
    if (answer->kind == ANSWER_RESULT) {
        note_clock(own, request, answer);
    }
    if (answer->kind == ANSWER_RESULT && own->control) {
        session_call(own->control, request, ALONE_MS, &other);
        struct answer *dropped = other.kind == ANSWER_RESULT ? &other : answer;
        answer_release(dropped);
        if (dropped == answer) {
            *answer = other;
        }
    }
    sluice_open(&own->sluice);
}

static struct second_process *process_of(struct session *session) {
    return (struct second_process *)session->target;
}

static enum hp_status start_on_line(struct second_session *own, const struct request *request,
                                    struct hp_problem *problem) {
    struct sluice *sluice = &process_of(&own->wrapped.session)->sluice;
    sluice_enter(sluice);
    enum hp_status status = own->line->ops->start(own->line, request, &own->inner_ticket, problem);
    own->inside = status == HP_OK;
    if (!own->inside) {
        sluice_leave(sluice);
    }
    return status;
}

/* The inner target carries the call out before it returns. */
static enum hp_status start_inside(struct second_session *own, const struct request *request,
                                   struct hp_problem *problem) {
    struct sluice *sluice = &process_of(&own->wrapped.session)->sluice;
    sluice_enter(sluice);
    enum hp_status status = wrapped_start(&own->wrapped.session, request, &own->inner_ticket, problem);
    sluice_leave(sluice);
    return status;
}

static enum hp_status session_start(struct session *session, const struct request *request, unsigned *ticket,
                                    struct hp_problem *problem) {
    struct second_session *own = (struct second_session *)session;
    enum hp_status status = HP_OK;
    if (own->inside) {
        return hp_problem_set(problem, HP_UNAVAILABLE, NULL,
                              "the last call of this session still has no answer; open a new session");
    }
    if (concerns_all(request->method)) {
        answer_release(&own->answer);
        own->inner_ticket = 0;
        carry_out_for_all(process_of(session), own->wrapped.inner, request, &own->answer);
    } else {
        status = own->line ? start_on_line(own, request, problem) : start_inside(own, request, problem);
    }
    if (status == HP_OK) {
        *ticket = own->ticket = ++own->last_ticket;
    }
    return status;
}

static enum poll_state session_poll(struct session *session, unsigned ticket, unsigned timeout_ms,
                                    struct answer *answer) {
    struct second_session *own = (struct second_session *)session;
    struct session *from = own->line ? own->line : own->wrapped.inner;
    if (ticket == 0 || ticket != own->ticket) {
        return POLL_PENDING;
    }
    if (own->inner_ticket == 0) {
        *answer = own->answer;
        own->answer = (struct answer){0};
    } else if (from->ops->poll(from, own->inner_ticket, timeout_ms, answer) == POLL_PENDING) {
        return POLL_PENDING;
    }
    own->ticket = 0;
    if (own->inside) {
        own->inside = false;
        sluice_leave(&process_of(session)->sluice);
    }
    return POLL_ANSWERED;
}

static void close_session(struct session *session) {
    struct second_session *own = (struct second_session *)session;
    session_close(own->line);
    if (own->inside) {
        sluice_leave(&process_of(session)->sluice);
    }
    answer_release(&own->answer);
    wrapped_close(session);
}

static const struct session_ops second_session_ops = {session_start, session_poll, close_session};

/* A child that has just started takes the clock as it is. */
static enum hp_status tell_clock(struct second_process *own, struct session *control,
                                 struct hp_problem *problem) {
    struct text params = {0};
    struct answer answer = {0};
    if (!own->clock[0]) {
        return HP_OK;
    }
    if (!text_addf(&params, "{\"now\":\"%s\"}", own->clock)) {
        text_release(&params);
        return hp_problem_no_memory(problem);
    }
    const struct request request = {"clock.set", params.bytes, params.length_bytes, false};
    session_call(control, &request, ALONE_MS, &answer);
    text_release(&params);
    enum hp_status status = HP_OK;
    if (answer.kind != ANSWER_RESULT) {
        status = hp_problem_set(problem, HP_UNAVAILABLE, NULL,
                                "the second process did not take the clock: %s", answer.detail);
    }
    answer_release(&answer);
    return status;
}

static enum hp_status meet_child(struct second_process *own, struct hp_problem *problem) {
    struct session *control = NULL;
    enum hp_status status = target_open(own->child, 0, &control, problem);
    if (status == HP_OK) {
        status = tell_clock(own, control, problem);
    }
    if (status == HP_OK) {
        own->control = control;
    } else {
        session_close(control);
    }
    return status;
}

/* Nobody has to be out for this: the clock stays what it is, and no call can be under way in a child that nobody met. */
static enum hp_status open_line(struct second_process *own, struct session **line,
                                struct hp_problem *problem) {
    sluice_shut(&own->sluice, 0);
    enum hp_status status = own->control ? HP_OK : meet_child(own, problem);
    sluice_open(&own->sluice);
    return status == HP_OK ? target_open(own->child, 0, line, problem) : status;
}

static enum hp_status second_open(struct target *target, unsigned endpoint, struct session **session,
                                  struct hp_problem *problem) {
    struct second_process *own = (struct second_process *)target;
    bool last = endpoint == own->endpoint;
    struct session *line = NULL;
    enum hp_status status = last ? open_line(own, &line, problem) : HP_OK;
    if (status == HP_OK) {
        status = wrapped_open(target, &second_session_ops, sizeof(struct second_session), last ? 0 : endpoint,
                              session, problem);
    }
    if (status != HP_OK) {
        session_close(line);
        return status;
    }
    ((struct second_session *)*session)->line = line;
    return HP_OK;
}

static enum hp_status second_hello(struct target *target, struct hello *hello, struct hp_problem *problem) {
    enum hp_status status = wrap_hello(target, hello, problem);
    if (status != HP_OK) {
        return status;
    }
    hello->endpoints = ((struct second_process *)target)->endpoint + 1;
    if (json_array_append_new(hello->capabilities, json_string("processes")) != 0) {
        hello_release(hello);
        return hp_problem_no_memory(problem);
    }
    return HP_OK;
}

/* Calls that are under way in the child are broken by its end, so they are not waited for. */
static void second_restart(struct target *target) {
    struct second_process *own = (struct second_process *)target;
    sluice_shut(&own->sluice, 0);
    session_close(own->control);
    own->control = NULL;
    target_restart(own->child);
    wrap_restart(target);
    sluice_open(&own->sluice);
}

static void second_take_log(struct target *target, struct text *log) {
    wrap_take_log(target, log);
    target_take_log(((struct second_process *)target)->child, log);
}

static void second_free(struct target *target) {
    struct second_process *own = (struct second_process *)target;
    session_close(own->control);
    target_free(own->child);
    sluice_release(&own->sluice);
    wrap_free(target);
}

/* A call that stands at a point keeps no clock.set waiting: it is out of the sluice meanwhile. */
static void pass(struct gate *gate, const char *point) {
    struct second_process *own =
        (struct second_process *)((char *)gate - offsetof(struct second_process, gate));
    struct gate *outer = atomic_load(&own->outer_gate);
    if (outer) {
        sluice_leave(&own->sluice);
        outer->pass(outer, point);
        sluice_enter(&own->sluice);
    }
}

/* Of calls to the child nothing can be held up. */
static bool second_set_gate(struct target *target, struct gate *gate) {
    struct second_process *own = (struct second_process *)target;
    atomic_store(&own->outer_gate, gate);
    return wrap_set_gate(target, gate ? &own->gate : NULL);
}

static const struct target_ops second_ops = {second_hello,   second_open, second_restart, second_take_log,
                                             wrap_reproduce, second_free, second_set_gate};

/* The child of a target that is reached there; NULL when memory runs out. */
static struct target *child_new(const struct hello *hello, unsigned timeout_ms) {
    const char *program = getenv("HOLDPOINT");
    struct text name = {0}, command = {0};
    text_add(&command, "exec ");
    if (program && *program) {
        shell_add_quoted(&command, program, strlen(program));
    } else {
        text_addf(&command, "/proc/%ld/exe", (long)getpid());
    }
    text_add(&command, " adapter ");
    text_addf(&name, "attached:%s@%s", hello->schema, hello->database);
    bool whole = !name.failed && shell_add_quoted(&command, name.bytes, name.length_bytes);
    struct target *child = whole ? stdio_new_named(command.bytes, "the second process", timeout_ms) : NULL;
    text_release(&name);
    text_release(&command);
    return child;
}

enum hp_status second_process_new(struct target *inner, unsigned timeout_ms, struct target **target,
                                  struct hp_problem *problem) {
    struct hello hello = {0};
    enum hp_status status = target_hello(inner, &hello, problem);
    if (status != HP_OK) {
        return status;
    }
    if (!hello.database || !hello.schema) {
        hello_release(&hello);
        return hp_problem_set(problem, HP_INVALID, NULL, "the target does not say where its database is");
    }
    struct second_process *made = calloc(1, sizeof *made);
    struct target *child = child_new(&hello, timeout_ms);
    unsigned endpoint = hello.endpoints;
    hello_release(&hello);
    if (!made || !child || !sluice_init(&made->sluice)) {
        target_free(child);
        free(made);
        return hp_problem_no_memory(problem);
    }
    made->wrap = (struct wrap){{&second_ops}, inner};
    made->gate = (struct gate){pass};
    atomic_init(&made->outer_gate, NULL);
    made->endpoint = endpoint;
    made->child = child;
    *target = &made->wrap.target;
    return HP_OK;
}
