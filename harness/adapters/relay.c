#include "harness/adapters/relay.h"

#include "harness/adapters/wrap.h"
#include "harness/base/method.h"

#include <stdlib.h>
#include <string.h>

struct relayed {
    char *method;
    struct target *target;
    bool stand_in;
};

struct relay {
    struct wrap wrap;
    struct relayed methods[RELAY_METHODS_MAX];
    size_t count;
};

struct relay_session {
    struct wrapped_session wrapped;
    struct session *others[RELAY_METHODS_MAX]; /* opened with their first call */
    struct session *asked;                     /* whose answer is to come */
};

static struct relay *relay_of(struct target *target) {
    return (struct relay *)target;
}

/* The number of the method's entry, or that of entries. */
static size_t find(const struct relay *relay, const char *method) {
    size_t at = 0;
    while (at < relay->count && strcmp(relay->methods[at].method, method) != 0) {
        at++;
    }
    return at;
}

static enum hp_status session_start(struct session *session, const struct request *request, unsigned *ticket,
                                    struct hp_problem *problem) {
    struct relay_session *own = (struct relay_session *)session;
    const struct relay *relay = relay_of(session->target);
    size_t at = find(relay, request->method);
    own->asked = own->wrapped.inner;
    if (at < relay->count) {
        if (!own->others[at]) {
            enum hp_status status = target_open(relay->methods[at].target, 0, &own->others[at], problem);
            if (status != HP_OK) {
                own->others[at] = NULL;
                return status;
            }
        }
        own->asked = own->others[at];
    }
    return own->asked->ops->start(own->asked, request, ticket, problem);
}

static enum poll_state session_poll(struct session *session, unsigned ticket, unsigned timeout_ms,
                                    struct answer *answer) {
    struct relay_session *own = (struct relay_session *)session;
    struct session *asked = own->asked ? own->asked : own->wrapped.inner;
    return asked->ops->poll(asked, ticket, timeout_ms, answer);
}

static void close_session(struct session *session) {
    struct relay_session *own = (struct relay_session *)session;
    for (size_t i = 0; i < RELAY_METHODS_MAX; i++) {
        session_close(own->others[i]);
    }
    wrapped_close(session);
}

static const struct session_ops session_operations = {session_start, session_poll, close_session};

static enum hp_status open_session(struct target *target, unsigned endpoint, struct session **session,
                                   struct hp_problem *problem) {
    return wrapped_open(target, &session_operations, sizeof(struct relay_session), endpoint, session,
                        problem);
}

static bool copy_database(const struct hello *from, struct hello *hello) {
    if (hello->database || !from->database) {
        return true;
    }
    hello->database = text_copy(from->database);
    hello->schema = text_copy(from->schema);
    return hello->database && (hello->schema || !from->schema);
}

static void drop(json_t *names, const char *name) {
    for (size_t i = json_array_size(names); i > 0; i--) {
        if (strcmp(json_string_value(json_array_get(names, i - 1)), name) == 0) {
            json_array_remove(names, i - 1);
        }
    }
}

/* What the other target promises of the method. */
static enum hp_status add_hello(const struct relayed *relayed, struct hello *hello,
                                struct hp_problem *problem) {
    struct hello other = {0};
    const char *capability = method_capability(relayed->method);
    enum hp_status status = target_hello(relayed->target, &other, problem);
    if (status != HP_OK) {
        return status;
    }
    bool declared = hello_declares(&other, capability), whole = copy_database(&other, hello);
    if (!declared) {
        drop(hello->capabilities, capability);
    } else if (!hello_declares(hello, capability)) {
        whole = whole && json_array_append_new(hello->capabilities, json_string(capability)) == 0;
    }
    if (relayed->stand_in) {
        hello->stand_ins = hello->stand_ins ? hello->stand_ins : json_array();
        whole = whole && json_array_append_new(hello->stand_ins, json_string(relayed->method)) == 0;
    }
    hello_release(&other);
    return whole ? HP_OK : hp_problem_no_memory(problem);
}

static enum hp_status say_hello(struct target *target, struct hello *hello, struct hp_problem *problem) {
    const struct relay *relay = relay_of(target);
    enum hp_status status = wrap_hello(target, hello, problem);
    if (status != HP_OK) {
        return status;
    }
    for (size_t i = 0; i < relay->count && status == HP_OK; i++) {
        status = add_hello(&relay->methods[i], hello, problem);
    }
    if (status != HP_OK) {
        hello_release(hello);
    }
    return status;
}

static void restart(struct target *target) {
    struct relay *relay = relay_of(target);
    for (size_t i = 0; i < relay->count; i++) {
        target_restart(relay->methods[i].target);
    }
    wrap_restart(target);
}

static void take_log(struct target *target, struct text *log) {
    struct relay *relay = relay_of(target);
    wrap_take_log(target, log);
    for (size_t i = 0; i < relay->count; i++) {
        target_take_log(relay->methods[i].target, log);
    }
}

static void reproduce(struct target *target, const struct request *request, struct text *text) {
    const struct relay *relay = relay_of(target);
    size_t at = find(relay, request->method);
    if (at < relay->count) {
        target_reproduce(relay->methods[at].target, request, text);
    } else {
        wrap_reproduce(target, request, text);
    }
}

/* Several entries may share one target. */
static bool is_first(const struct relay *relay, size_t at) {
    size_t first = 0;
    while (relay->methods[first].target != relay->methods[at].target) {
        first++;
    }
    return first == at;
}

static void free_target(struct target *target) {
    struct relay *relay = relay_of(target);
    for (size_t i = 0; i < relay->count; i++) {
        if (is_first(relay, i)) {
            target_free(relay->methods[i].target);
        }
        free(relay->methods[i].method);
    }
    wrap_free(target);
}

static const struct target_ops operations = {say_hello, open_session, restart,      take_log,
                                             reproduce, free_target,  wrap_set_gate};

struct target *relay_new(struct target *inner) {
    struct relay *made = calloc(1, sizeof *made);
    if (!made) {
        return NULL;
    }
    made->wrap = (struct wrap){{&operations}, inner};
    return (struct target *)made;
}

bool relay_add(struct target *target, const char *method, struct target *other, bool stand_in) {
    struct relay *relay = relay_of(target);
    char *copy = text_copy(method);
    if (!copy || relay->count == RELAY_METHODS_MAX) {
        free(copy);
        return false;
    }
    relay->methods[relay->count++] = (struct relayed){copy, other, stand_in};
    return true;
}
