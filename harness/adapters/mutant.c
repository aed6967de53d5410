#include "harness/adapters/mutant.h"

#include "harness/adapters/mutant_fault.h"
#include "harness/adapters/mutant_target.h"
#include "harness/base/value.h"

#include <stdlib.h>
#include <string.h>

enum { OWN_CALLS_DEADLINE_MS = 10000 };

/* A call of which the answer was not fetched yet. */
struct pending {
    struct pending *next;
    unsigned ticket;
    unsigned inner_ticket;
    bool answered; /* without the inner target: `answer` holds what */
    struct answer answer;
    json_t *scene;
};

struct mutant_session {
    struct wrapped_session wrapped;
    unsigned endpoint;
    unsigned last_ticket;
    struct pending *pending;
};

static struct mutant_target *mutant_of(struct session *session) {
    return (struct mutant_target *)session->target;
}

static struct fault_call call_of(struct mutant_session *self, json_t *scene) {
    struct mutant_target *target = mutant_of(&self->wrapped.session);
    return (struct fault_call){.fault = target->mutant->fault,
                               .shadow = &target->shadow,
                               .inner = self->wrapped.inner,
                               .courier = target->courier,
                               .scene = scene,
                               .deadline_ms = OWN_CALLS_DEADLINE_MS};
}

static void answer_break(struct answer *answer) {
    answer_release(answer);
    answer->kind = ANSWER_BROKEN;
    text_put(answer->detail, sizeof answer->detail,
             "the mutant ran out of memory, or a call of its own broke");
}

static void put_text(char *buffer, size_t size_bytes, const json_t *refusal, const char *key) {
    const char *text = json_string_value(json_object_get(refusal, key));
    text_put(buffer, size_bytes, text ? text : "");
}

/* Writes what the scene ends with into the answer. A refusal that no rule touched is the target's own, whole. */
static void hand_out(json_t *scene, const json_t *own_refusal, struct answer *answer) {
    json_t *result = json_object_get(scene, "result");
    const json_t *refusal = json_object_get(scene, "refusal");
    if (result) {
        answer_release(answer);
        /* The scene ends under the mutex; the result alone goes on, and holds nothing of the shadow's. */
        *answer = (struct answer){.kind = ANSWER_RESULT, .result = json_incref(result)};
    } else if (refusal && !value_equals(refusal, own_refusal)) {
        answer_release(answer);
        answer->kind = ANSWER_REFUSED;
        put_text(answer->error_name, sizeof answer->error_name, refusal, "name");
        put_text(answer->field, sizeof answer->field, refusal, "field");
        put_text(answer->interrupt_status, sizeof answer->interrupt_status, refusal, "interrupt_status");
        text_put(answer->detail, sizeof answer->detail, "refused by the mutant");
    }
}

/* A subscription is made with the courier's URL, when there is one. */
static bool address(const struct mutant_target *target, const struct request *request, json_t *scene) {
    json_t *sent = json_object_get(scene, "sent");
    return !target->courier || !sent || strcmp(request->method, "webhook.subscribe") != 0 ||
           courier_address(target->courier, json_object_get(scene, "params"), sent);
}

/* The phase before: true when the call goes on to the target. */
static bool begin(struct mutant_session *self, struct pending *pending, const struct request *request) {
    struct mutant_target *target = mutant_of(&self->wrapped.session);
    pthread_mutex_lock(&target->shadow.mutex);
    pending->scene = scene_new(&target->shadow, request, self->endpoint);
    struct fault_call call = call_of(self, pending->scene);
    bool complete =
        pending->scene && fault_carry_out(&call, "before") && address(target, request, pending->scene);
    if (!complete) {
        answer_break(&pending->answer);
    } else if (json_object_get(pending->scene, "result") || json_object_get(pending->scene, "refusal")) {
        hand_out(pending->scene, NULL, &pending->answer);
    } else {
        pthread_mutex_unlock(&target->shadow.mutex);
        return true;
    }
    pending->answered = true;
    pthread_mutex_unlock(&target->shadow.mutex);
    return false;
}

/* The phase after. */
static void conclude(struct mutant_session *self, struct pending *pending, struct answer *answer) {
    struct mutant_target *target = mutant_of(&self->wrapped.session);
    struct fault_call call = call_of(self, pending->scene);
    if (answer->kind == ANSWER_BROKEN) {
        return;
    }
    pthread_mutex_lock(&target->shadow.mutex);
    bool complete = scene_take(pending->scene, answer) && shadow_note(&target->shadow, pending->scene);
    const json_t *refusal = json_object_get(pending->scene, "refusal");
    json_t *own_refusal = refusal ? json_deep_copy(refusal) : NULL;
    if (complete && fault_carry_out(&call, "after")) {
        hand_out(pending->scene, own_refusal, answer);
    } else {
        answer_break(answer);
    }
    json_decref(own_refusal);
    json_decref(pending->scene);
    pending->scene = NULL;
    pthread_mutex_unlock(&target->shadow.mutex);
}

static void pending_free(struct mutant_session *self, struct pending *pending) {
    struct mutant_target *target = mutant_of(&self->wrapped.session);
    pthread_mutex_lock(&target->shadow.mutex);
    json_decref(pending->scene);
    pthread_mutex_unlock(&target->shadow.mutex);
    answer_release(&pending->answer);
    free(pending);
}

/* Sends the request, with other params when the fault changed them. */
static enum hp_status pass_on(struct mutant_session *self, struct pending *pending,
                              const struct request *request, struct hp_problem *problem) {
    struct request sent = *request;
    json_t *params = json_object_get(pending->scene, "sent");
    char *text = NULL;
    if (params && !value_equals(params, json_object_get(pending->scene, "params"))) {
        text = value_dump(params, JSON_COMPACT | JSON_ENCODE_ANY);
        if (!text) {
            return hp_problem_no_memory(problem);
        }
        sent.params = text;
        sent.params_length_bytes = strlen(text);
        sent.raw = false;
    }
    enum hp_status status = wrapped_start(&self->wrapped.session, &sent, &pending->inner_ticket, problem);
    free(text);
    return status;
}

static enum hp_status session_start(struct session *session, const struct request *request, unsigned *ticket,
                                    struct hp_problem *problem) {
    struct mutant_session *self = (struct mutant_session *)session;
    struct pending *pending = calloc(1, sizeof *pending);
    if (!pending) {
        return hp_problem_no_memory(problem);
    }
    enum hp_status status = begin(self, pending, request) ? pass_on(self, pending, request, problem) : HP_OK;
    if (status != HP_OK) {
        pending_free(self, pending);
        return status;
    }
    *ticket = pending->ticket = ++self->last_ticket;
    pending->next = self->pending;
    self->pending = pending;
    return HP_OK;
}

static enum poll_state session_poll(struct session *session, unsigned ticket, unsigned timeout_ms,
                                    struct answer *answer) {
    struct mutant_session *self = (struct mutant_session *)session;
    struct pending **at = &self->pending;
    while (*at && (*at)->ticket != ticket) {
        at = &(*at)->next;
    }
    struct pending *pending = *at;
    if (!pending) {
        return POLL_PENDING;
    }
    if (pending->answered) {
        *answer = pending->answer;
        pending->answer = (struct answer){0};
    } else if (wrapped_poll(session, pending->inner_ticket, timeout_ms, answer) == POLL_ANSWERED) {
        conclude(self, pending, answer);
    } else {
        return POLL_PENDING;
    }
    *at = pending->next;
    pending_free(self, pending);
    return POLL_ANSWERED;
}

static void mutant_close(struct session *session) {
    struct mutant_session *self = (struct mutant_session *)session;
    while (self->pending) {
        struct pending *pending = self->pending;
        self->pending = pending->next;
        pending_free(self, pending);
    }
    wrapped_close(session);
}

static const struct session_ops mutant_session_ops = {session_start, session_poll, mutant_close};

static enum hp_status mutant_open(struct target *target, unsigned endpoint, struct session **session,
                                  struct hp_problem *problem) {
    if (!((struct mutant_target *)target)->mutant->fault) {
        return wrap_open(target, endpoint, session, problem);
    }
    enum hp_status status =
        wrapped_open(target, &mutant_session_ops, sizeof(struct mutant_session), endpoint, session, problem);
    if (status == HP_OK) {
        ((struct mutant_session *)*session)->endpoint = endpoint;
    }
    return status;
}

static enum hp_status mutant_hello(struct target *target, struct hello *hello, struct hp_problem *problem) {
    const struct mutant *mutant = ((struct mutant_target *)target)->mutant;
    enum hp_status status = wrap_hello(target, hello, problem);
    struct text name = {0};
    if (status != HP_OK) {
        return status;
    }
    text_addf(&name, "%s, mutant %s", hello->name ? hello->name : "", mutant->id);
    free(hello->name);
    hello->name = text_take(&name);
    if (mutant->where == MUTANT_STORE && !(hello->fault = text_copy(mutant->store))) {
        hello_release(hello);
        return hp_problem_no_memory(problem);
    }
    if (hello->name && mutant->where == MUTANT_DATABASE) {
        json_decref(hello->capabilities);
        hello->capabilities = json_pack("[s]", "database");
    }
    if (!hello->name || !hello->capabilities) {
        hello_release(hello);
        return hp_problem_no_memory(problem);
    }
    return HP_OK;
}

static void mutant_free(struct target *target) {
    struct mutant_target *self = (struct mutant_target *)target;
    struct mutants *owned = self->owned;
    /* The inner stores may use the decorator until they are gone. */
    target_free(self->wrap.inner);
    mutant_webhooks_free(self->webhooks);
    courier_stop(self->courier);
    shadow_release(&self->shadow);
    mutants_free(owned);
    free(self);
}

static const struct target_ops mutant_ops = {mutant_hello,   mutant_open, wrap_restart, wrap_take_log,
                                             wrap_reproduce, mutant_free, wrap_set_gate};

enum hp_status mutant_target_new(const struct mutant *mutant, struct mutant_target **made,
                                 struct hp_problem *problem) {
    struct mutant_target *self = calloc(1, sizeof *self);
    if (!self) {
        return hp_problem_no_memory(problem);
    }
    self->wrap.target.ops = &mutant_ops;
    self->mutant = mutant;
    enum hp_status status = shadow_init(&self->shadow) ? HP_OK : hp_problem_no_memory(problem);
    if (status == HP_OK && mutant->where != MUTANT_WEBHOOK && courier_is_needed(mutant->fault)) {
        status = courier_start(mutant->fault, &self->shadow, &self->courier, problem);
    }
    if (status != HP_OK) {
        mutant_free(&self->wrap.target);
        return status;
    }
    *made = self;
    return HP_OK;
}

enum hp_status mutant_wrap(struct target *inner, const struct mutant *mutant, struct target **target,
                           struct hp_problem *problem) {
    struct mutant_target *self = NULL;
    enum hp_status status = mutant_target_new(mutant, &self, problem);
    if (status == HP_OK) {
        self->wrap.inner = inner;
        *target = &self->wrap.target;
    }
    return status;
}
