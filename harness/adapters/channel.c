#include "harness/adapters/channel.h"

#include "harness/adapters/deadline.h"
#include "harness/adapters/obituary.h"
#include "harness/adapters/process.h"
#include "harness/adapters/rpc.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { SILENCE_MS = 200 };

/* A call from its sending until its answer is handed out. */
struct call {
    struct call *next;
    unsigned id;
    bool raw;
    bool abandoned;
    bool answered;
    struct answer answer;
};

struct channel {
    pthread_mutex_t mutex;   /* guards everything below */
    pthread_cond_t changed;  /* answers came, or the one that polls has stopped polling */
    struct process *process; /* NULL once stopped */
    bool polling;            /* a thread is in poll(), without the mutex */
    bool leader_died;        /* seen in a silent moment, while something still holds its stdout open */
    unsigned references;
    unsigned last_id;
    unsigned answers; /* so many were good */
    struct call *calls;
    struct hp_problem fault;
};

enum hp_status channel_start(const char *command, struct channel **channel, struct hp_problem *problem) {
    struct channel *made = calloc(1, sizeof *made);
    if (!made) {
        return hp_problem_no_memory(problem);
    }
    if (pthread_mutex_init(&made->mutex, NULL) != 0) {
        free(made);
        return hp_problem_no_memory(problem);
    }
    if (!deadline_condition_init(&made->changed)) {
        pthread_mutex_destroy(&made->mutex);
        free(made);
        return hp_problem_no_memory(problem);
    }
    made->references = 1;
    enum hp_status status = process_start(command, &made->process, problem);
    if (status != HP_OK) {
        channel_release(made);
        return status;
    }
    *channel = made;
    return HP_OK;
}

struct channel *channel_retain(struct channel *channel) {
    pthread_mutex_lock(&channel->mutex);
    channel->references++;
    pthread_mutex_unlock(&channel->mutex);
    return channel;
}

static void call_free(struct call *call) {
    answer_release(&call->answer);
    free(call);
}

void channel_release(struct channel *channel) {
    if (!channel) {
        return;
    }
    pthread_mutex_lock(&channel->mutex);
    bool last = --channel->references == 0;
    pthread_mutex_unlock(&channel->mutex);
    if (!last) {
        return;
    }
    process_end(channel->process, NULL);
    while (channel->calls) {
        struct call *next = channel->calls->next;
        call_free(channel->calls);
        channel->calls = next;
    }
    pthread_cond_destroy(&channel->changed);
    pthread_mutex_destroy(&channel->mutex);
    free(channel);
}

static struct call **find_call(struct channel *channel, unsigned id) {
    struct call **at = &channel->calls;
    while (*at && (*at)->id != id) {
        at = &(*at)->next;
    }
    return at;
}

static void remove_call(struct call **at) {
    struct call *call = *at;
    *at = call->next;
    call_free(call);
}

static void break_answer(struct answer *answer, const char *detail) {
    answer_release(answer);
    answer->kind = ANSWER_BROKEN;
    text_put(answer->detail, sizeof answer->detail, detail);
}

/* The call that an answer without an id belongs to: the only one without an answer, if it may have been
 * malformed. */
static struct call **find_unreadable_call(struct channel *channel) {
    struct call **found = NULL;
    for (struct call **at = &channel->calls; *at; at = &(*at)->next) {
        if ((*at)->answered) {
            continue;
        }
        if (found || !(*at)->raw) {
            return NULL;
        }
        found = at;
    }
    return found;
}

static void settle_call(struct channel *channel, struct call **at, struct rpc_answer *answer) {
    channel->answers++;
    if ((*at)->abandoned) {
        remove_call(at);
        return;
    }
    (*at)->answered = true;
    (*at)->answer = answer->answer;
    answer->answer = (struct answer){0};
}

/* A line that must not be came together with an answer that still waits to be taken: then that call is the one
 * that suffers, and not the next, which has nothing to do with it. */
static void spoil_waiting(struct channel *channel) {
    for (struct call *call = channel->calls; call; call = call->next) {
        if (call->answered) {
            break_answer(&call->answer, channel->fault.detail);
        }
    }
}

static void take_identified(struct channel *channel, struct rpc_answer *answer, enum hp_status status,
                            const struct hp_problem *problem) {
    struct call **at = find_call(channel, answer->id);
    bool asked = answer->id > 0 && answer->id <= channel->last_id;
    if (!asked) {
        hp_problem_set(&channel->fault, HP_INVALID, NULL,
                       "the target answered id %u, which was never asked; repeat the request's id",
                       answer->id);
    } else if (!*at || (*at)->answered) {
        hp_problem_set(&channel->fault, HP_INVALID, NULL,
                       "the target answered id %u a second time; each request has exactly one answer",
                       answer->id);
    } else {
        if (status != HP_OK) {
            break_answer(&answer->answer, problem->detail);
        }
        settle_call(channel, at, answer);
    }
}

static void take_unidentified(struct channel *channel, struct rpc_answer *answer) {
    struct call **at = find_unreadable_call(channel);
    if (at) {
        settle_call(channel, at, answer);
        return;
    }
    hp_problem_set(&channel->fault, HP_INVALID, NULL,
                   "the target answered with the id null, as if the request were no JSON, which it was; its "
                   "error: %.300s",
                   answer->answer.detail);
}

static void take_line(struct channel *channel, const char *line, size_t length_bytes) {
    struct rpc_answer answer;
    struct hp_problem problem = {0};
    enum hp_status status = rpc_decode_answer(line, length_bytes, &answer, &problem);
    if (answer.has_id) {
        take_identified(channel, &answer, status, &problem);
    } else if (status == HP_OK) {
        take_unidentified(channel, &answer);
    } else {
        hp_problem_set(&channel->fault, status, problem.field, "%s", problem.detail);
    }
    rpc_answer_release(&answer);
    if (channel->fault.status != HP_OK) {
        spoil_waiting(channel);
    }
}

/* Reads what has come and gives each answer to its call. */
static void channel_pump(struct channel *channel) {
    const char *line;
    size_t length_bytes;
    process_pump(channel->process);
    while (channel->fault.status == HP_OK) {
        switch (process_next_line(channel->process, &line, &length_bytes)) {
        case PROCESS_LINE:
            take_line(channel, line, length_bytes);
            break;
        case PROCESS_NO_LINE:
            return;
        case PROCESS_ENDLESS:
            hp_problem_set(
                &channel->fault, HP_INVALID, NULL,
                "the target wrote more than %d bytes without an end of line; an answer is one line",
                PROCESS_LINE_MAX);
            return;
        case PROCESS_NO_OUTPUT:
            obituary_write(channel->process, line, length_bytes, channel->answers, &channel->fault);
            return;
        }
    }
}

/* A child may die and leave somebody behind who holds its stdout open: then no end of the output tells. So
 * when nothing has come for a moment, and again nothing after the child was seen dead, that is the end. */
static void notice_silent_death(struct channel *channel) {
    int code;
    if (channel->leader_died && channel->fault.status == HP_OK) {
        obituary_write(channel->process, "", 0, channel->answers, &channel->fault);
    }
    channel->leader_died = process_wait(channel->process, 0, &code) != PROCESS_RUNNING;
}

/* Waits once for something to come: by polling, or for the thread that polls already. */
static void channel_turn(struct channel *channel, int64_t deadline_us) {
    if (channel->polling) {
        struct timespec until = deadline_timespec(deadline_us);
        pthread_cond_timedwait(&channel->changed, &channel->mutex, &until);
        return;
    }
    struct pollfd watched[PROCESS_POLL_COUNT];
    nfds_t count = process_prepare(channel->process, watched);
    channel->polling = true;
    pthread_mutex_unlock(&channel->mutex);
    int rest_ms = deadline_remaining_ms(deadline_us);
    int ready = poll(watched, count, rest_ms < SILENCE_MS ? rest_ms : SILENCE_MS);
    pthread_mutex_lock(&channel->mutex);
    channel->polling = false;
    if (ready == 0) {
        notice_silent_death(channel);
    }
    channel_pump(channel);
    pthread_cond_broadcast(&channel->changed);
}

static struct call *add_call(struct channel *channel, const struct request *request) {
    struct call *call = calloc(1, sizeof *call);
    if (call) {
        call->id = ++channel->last_id;
        call->raw = request->raw;
        call->next = channel->calls;
        channel->calls = call;
    }
    return call;
}

static enum hp_status send_locked(struct channel *channel, unsigned endpoint, const struct request *request,
                                  unsigned *id, struct hp_problem *problem) {
    if (channel->fault.status != HP_OK) {
        return hp_problem_set(problem, channel->fault.status, NULL, "%s", channel->fault.detail);
    }
    struct call *call = add_call(channel, request);
    struct text line = {0};
    if (!call || !rpc_add_request(&line, call->id, endpoint, request) ||
        !process_write(channel->process, line.bytes, line.length_bytes)) {
        text_release(&line);
        if (call) {
            remove_call(find_call(channel, call->id));
        }
        return hp_problem_set(problem, HP_INTERNAL, NULL,
                              "out of memory, or the child takes no more of what is queued for it");
    }
    text_release(&line);
    if (channel->polling && process_unwritten(channel->process) > 0) {
        process_wake(channel->process);
    }
    *id = call->id;
    return HP_OK;
}

enum hp_status channel_send(struct channel *channel, unsigned endpoint, const struct request *request,
                            unsigned *id, struct hp_problem *problem) {
    enum hp_status status = rpc_check_request(request, problem);
    if (status != HP_OK) {
        return status;
    }
    pthread_mutex_lock(&channel->mutex);
    status = send_locked(channel, endpoint, request, id, problem);
    pthread_mutex_unlock(&channel->mutex);
    return status;
}

/* Hands out the answer of a call, or the fault that keeps it from ever coming. */
static bool take_answer(struct channel *channel, unsigned id, struct answer *answer) {
    struct call **at = find_call(channel, id);
    if (*at && (*at)->answered) {
        *answer = (*at)->answer;
        (*at)->answer = (struct answer){0};
    } else if (channel->fault.status != HP_OK || !*at) {
        *answer = (struct answer){0};
        break_answer(answer, *at ? channel->fault.detail : "harness: that call is not under way");
    } else {
        return false;
    }
    if (*at) {
        remove_call(at);
    }
    return true;
}

enum poll_state channel_wait(struct channel *channel, unsigned id, unsigned timeout_ms,
                             struct answer *answer) {
    int64_t deadline_us = deadline_after_ms(timeout_ms);
    bool looked = false;
    pthread_mutex_lock(&channel->mutex);
    bool taken = take_answer(channel, id, answer);
    while (!taken && (!looked || deadline_remaining_ms(deadline_us) > 0)) {
        channel_turn(channel, deadline_us);
        looked = true;
        taken = take_answer(channel, id, answer);
    }
    pthread_mutex_unlock(&channel->mutex);
    return taken ? POLL_ANSWERED : POLL_PENDING;
}

void channel_abandon(struct channel *channel, unsigned id) {
    pthread_mutex_lock(&channel->mutex);
    struct call **at = find_call(channel, id);
    if (*at && (*at)->answered) {
        remove_call(at);
    } else if (*at) {
        (*at)->abandoned = true;
    }
    pthread_mutex_unlock(&channel->mutex);
}

enum hp_status channel_fault(struct channel *channel, struct hp_problem *problem) {
    pthread_mutex_lock(&channel->mutex);
    enum hp_status status = channel->fault.status;
    if (status != HP_OK) {
        hp_problem_set(problem, status, channel->fault.field, "%s", channel->fault.detail);
    }
    pthread_mutex_unlock(&channel->mutex);
    return status;
}

void channel_take_errors(struct channel *channel, struct text *errors) {
    pthread_mutex_lock(&channel->mutex);
    if (channel->process) {
        channel_pump(channel);
        process_take_errors(channel->process, errors);
        /* An answer read here is one that the thread in poll() would wait for in vain. */
        if (channel->polling) {
            process_wake(channel->process);
        }
        pthread_cond_broadcast(&channel->changed);
    }
    pthread_mutex_unlock(&channel->mutex);
}

void channel_stop(struct channel *channel, struct text *errors) {
    pthread_mutex_lock(&channel->mutex);
    /* First of all, so that whoever polls finds it and does not poll again. */
    hp_problem_set(&channel->fault, HP_UNAVAILABLE, NULL,
                   "the child was ended by a restart; open a new session");
    while (channel->polling) {
        process_wake(channel->process);
        pthread_cond_wait(&channel->changed, &channel->mutex);
    }
    process_end(channel->process, errors);
    channel->process = NULL;
    pthread_cond_broadcast(&channel->changed);
    pthread_mutex_unlock(&channel->mutex);
}
