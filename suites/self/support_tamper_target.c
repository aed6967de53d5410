#include "suites/self/support_tamper_target.h"

#include "harness/adapters/in_process.h"
#include "harness/base/value.h"
#include "reference/base/instant.h"
#include "suites/self/support_script.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { TAMPERS_MAX = 16, CREATIONS_MAX = 64, DEADLINE_MS = 5000 };

struct tamper_target {
    struct target target; /* first, so that a target is its tamper_target */
    struct target *inner;
    const struct tamper *tampers;
    unsigned calls[TAMPERS_MAX]; /* of each row's method */
    json_t *before[TAMPERS_MAX]; /* what each row's method answered last */
    char *ids[CREATIONS_MAX];    /* as the store made them */
    unsigned creations;
};

struct tamper_session {
    struct session session;
    struct session *inner;
    struct answer answer;
};

const char *instant_respelled(const char *text) {
    static char respelled[HP_INSTANT_SIZE + 8];
    int64_t instant_us;
    if (!hp_instant_parse(text, strlen(text), &instant_us)) {
        return text;
    }
    hp_instant_format(instant_us + 5400 * HP_SECOND_US, respelled);
    memcpy(respelled + HP_INSTANT_SIZE - 2, "000+01:30", sizeof "000+01:30");
    return respelled;
}

/* The value with its instants respelled; a new one. */
static json_t *respell(const json_t *value) {
    if (json_is_string(value)) {
        return json_string(instant_respelled(json_string_value(value)));
    }
    json_t *copy = json_is_object(value) ? json_object() : json_is_array(value) ? json_array() : NULL;
    const char *key;
    size_t index;
    json_t *member;
    json_object_foreach((json_t *)value, key, member) {
        json_object_set_new(copy, key, respell(member));
    }
    json_array_foreach((json_t *)value, index, member) {
        json_array_append_new(copy, respell(member));
    }
    return copy ? copy : json_deep_copy(value);
}

/* The value with "$idN" replaced; a new one. */
static json_t *fill_in(const struct tamper_target *tamper, const json_t *value) {
    const char *text = json_string_value(value);
    if (text && strncmp(text, "$id", 3) == 0) {
        unsigned number = (unsigned)atoi(text + 3);
        assert_true(number < tamper->creations);
        return json_string(tamper->ids[number]);
    }
    return json_deep_copy(value);
}

/* The parent of what a pointer leads to, and the last token. */
static json_t *parent_of(json_t *root, const char *pointer, const char **token) {
    char path[128];
    assert_true(strlen(pointer) < sizeof path);
    strcpy(path, pointer);
    char *last = strrchr(path, '/');
    assert_non_null(last);
    *token = pointer + (last - path) + 1;
    *last = '\0';
    json_t *parent = value_at(root, path);
    if (!parent) {
        fail_msg("nothing at %s", path);
    }
    return parent;
}

static void put(json_t *root, const char *pointer, json_t *value) {
    const char *token;
    json_t *parent = parent_of(root, pointer, &token);
    int done = json_is_object(parent)    ? json_object_set_new(parent, token, value)
               : strcmp(token, "-") == 0 ? json_array_append_new(parent, value)
                                         : json_array_set_new(parent, (size_t)atoi(token), value);
    assert_int_equal(done, 0);
}

static void drop(json_t *root, const char *pointer) {
    const char *token;
    json_t *parent = parent_of(root, pointer, &token);
    int done = json_is_object(parent) ? json_object_del(parent, token)
                                      : json_array_remove(parent, (size_t)atoi(token));
    assert_int_equal(done, 0);
}

static json_t *copy_at(json_t *root, const char *pointer) {
    json_t *value = value_at(root, pointer);
    if (!value) {
        fail_msg("nothing at %s", pointer);
    }
    return json_deep_copy(value);
}

static const char *text_at(const json_t *change, const char *key) {
    return json_string_value(json_object_get(change, key));
}

static void change_one(const struct tamper_target *tamper, json_t *root, const json_t *change) {
    const json_t *swap = json_object_get(change, "swap");
    if (text_at(change, "set")) {
        put(root, text_at(change, "set"), fill_in(tamper, json_object_get(change, "to")));
    } else if (text_at(change, "drop")) {
        drop(root, text_at(change, "drop"));
    } else if (text_at(change, "copy")) {
        put(root, text_at(change, "to"), copy_at(root, text_at(change, "copy")));
    } else if (text_at(change, "respell")) {
        json_t *respelled = respell(value_at(root, text_at(change, "respell")));
        put(root, text_at(change, "respell"), respelled);
    } else {
        const char *one = json_string_value(json_array_get(swap, 0));
        const char *other = json_string_value(json_array_get(swap, 1));
        json_t *kept = copy_at(root, one);
        put(root, one, copy_at(root, other));
        put(root, other, kept);
    }
}

static void change_all(const struct tamper_target *tamper, json_t **root, const char *changes) {
    size_t index;
    json_t *change;
    json_t *list = json_short(changes);
    json_t *own = json_deep_copy(*root);
    json_decref(*root);
    *root = own;
    json_array_foreach(list, index, change) {
        change_one(tamper, own, change);
    }
    json_decref(list);
}

static void answer_otherwise(const struct tamper_target *tamper, size_t at, struct answer *answer) {
    const struct tamper *row = &tamper->tampers[at];
    if (row->refused || row->lost) {
        answer_release(answer);
        *answer = (struct answer){.kind = row->lost ? ANSWER_BROKEN : ANSWER_REFUSED};
        text_put(answer->detail, sizeof answer->detail, row->lost ? "the line is broken" : "because");
        text_put(answer->error_name, sizeof answer->error_name, row->refused ? row->refused : "");
        text_put(answer->interrupt_status, sizeof answer->interrupt_status, row->status ? row->status : "");
    }
    if (row->again) {
        assert_non_null(tamper->before[at]);
        answer_release(answer);
        *answer = (struct answer){.kind = ANSWER_RESULT, .result = json_incref(tamper->before[at])};
    }
    if (row->changes && answer->kind == ANSWER_RESULT) {
        change_all(tamper, &answer->result, row->changes);
    }
}

static void note_creation(struct tamper_target *tamper, const char *method, const struct answer *answer) {
    const json_t *id = value_at(answer->result, "/interrupt/id");
    if (strcmp(method, "interrupt.create") == 0 && json_is_string(id) && tamper->creations < CREATIONS_MAX) {
        tamper->ids[tamper->creations++] = text_copy(json_string_value(id));
    }
}

static enum hp_status start(struct session *session, const struct request *request, unsigned *ticket,
                            struct hp_problem *problem) {
    struct tamper_session *own = (struct tamper_session *)session;
    struct tamper_target *tamper = (struct tamper_target *)session->target;
    bool hit[TAMPERS_MAX] = {false};
    bool undone = false;
    (void)problem;
    *ticket = 1;
    for (size_t i = 0; tamper->tampers && tamper->tampers[i].method; i++) {
        assert_true(i < TAMPERS_MAX);
        if (strcmp(tamper->tampers[i].method, request->method) == 0) {
            tamper->calls[i]++;
            hit[i] = tamper->tampers[i].nth == 0 || tamper->tampers[i].nth == tamper->calls[i];
            undone = undone || (hit[i] && tamper->tampers[i].undone);
        }
    }
    memset(&own->answer, 0, sizeof own->answer);
    if (undone) {
        own->answer.result = json_object();
    } else {
        session_call(own->inner, request, DEADLINE_MS, &own->answer);
        note_creation(tamper, request->method, &own->answer);
    }
    for (size_t i = 0; tamper->tampers && tamper->tampers[i].method; i++) {
        if (hit[i]) {
            answer_otherwise(tamper, i, &own->answer);
        }
        if (strcmp(tamper->tampers[i].method, request->method) == 0) {
            json_decref(tamper->before[i]);
            tamper->before[i] = json_incref(own->answer.result);
        }
    }
    return HP_OK;
}

static enum poll_state poll_answer(struct session *session, unsigned ticket, unsigned timeout_ms,
                                   struct answer *answer) {
    (void)ticket, (void)timeout_ms;
    *answer = ((struct tamper_session *)session)->answer;
    return POLL_ANSWERED;
}

static void close_session(struct session *session) {
    session_close(((struct tamper_session *)session)->inner);
    free(session);
}

static const struct session_ops session_ops = {start, poll_answer, close_session};

static enum hp_status say_hello(struct target *target, struct hello *hello, struct hp_problem *problem) {
    return target_hello(((struct tamper_target *)target)->inner, hello, problem);
}

static enum hp_status open_session(struct target *target, unsigned endpoint, struct session **session,
                                   struct hp_problem *problem) {
    struct tamper_session *own = calloc(1, sizeof *own);
    assert_non_null(own);
    own->session = (struct session){&session_ops, target};
    enum hp_status status =
        target_open(((struct tamper_target *)target)->inner, endpoint, &own->inner, problem);
    if (status != HP_OK) {
        free(own);
        return status;
    }
    *session = &own->session;
    return HP_OK;
}

static void restart(struct target *target) {
    target_restart(((struct tamper_target *)target)->inner);
}

static void say_nothing(struct target *target, struct text *log) {
    (void)target, (void)log;
}

static void reproduce(struct target *target, const struct request *request, struct text *text) {
    (void)target, (void)request, (void)text;
}

static void free_target(struct target *target) {
    struct tamper_target *tamper = (struct tamper_target *)target;
    target_free(tamper->inner);
    for (size_t i = 0; i < TAMPERS_MAX; i++) {
        json_decref(tamper->before[i]);
    }
    for (unsigned i = 0; i < tamper->creations; i++) {
        free(tamper->ids[i]);
    }
    free(tamper);
}

static const struct target_ops target_ops = {say_hello, open_session, restart, say_nothing,
                                             reproduce, free_target,  NULL};

struct target *tamper_target_new(const struct tamper *tampers) {
    struct tamper_target *tamper = calloc(1, sizeof *tamper);
    assert_non_null(tamper);
    tamper->target.ops = &target_ops;
    tamper->inner = in_process_memory_new();
    assert_non_null(tamper->inner);
    tamper->tampers = tampers;
    return &tamper->target;
}
