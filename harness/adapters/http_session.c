#include "harness/adapters/http_session.h"

#include "harness/adapters/deadline.h"
#include "harness/adapters/http_answer.h"
#include "harness/adapters/http_line.h"
#include "harness/adapters/http_map.h"
#include "harness/adapters/http_plain.h"
#include "harness/adapters/http_plain_answer.h"
#include "harness/base/value.h"

#include <stdlib.h>
#include <string.h>

/* Sweeps of other sessions may take a while before a reset has its turn. */
enum { ALONE_MS = 30000, HEADERS_MAX = 2 * PROFILE_HEADERS_MAX + 1 };

/* What the answer that is waited for belongs to. */
enum phase { PHASE_IDLE, PHASE_READY, PHASE_ROUTE, PHASE_THEN, PHASE_CONTROLS, PHASE_PLAIN };

struct http_session {
    struct session session;
    struct http_ground ground;
    char *url, *controls; /* controls: NULL when there are none */
    struct http_line *line, *control_line;
    enum phase phase;
    const struct profile_route *route; /* of the answer that is waited for */
    json_t *who;                       /* id and user_id of a call with a second request behind it */
    unsigned ticket;
    bool without_members; /* the body under way is no object */
    bool inside;          /* the sluice */
    struct answer answer; /* of PHASE_READY; in PHASE_THEN that of the first request */
};

static void leave(struct http_session *own) {
    if (own->inside) {
        sluice_leave(own->ground.sluice);
    }
    own->inside = false;
}

static void set_ready(struct http_session *own, enum answer_kind kind, const char *name, const char *detail) {
    own->answer = (struct answer){.kind = kind};
    text_put(own->answer.error_name, sizeof own->answer.error_name, name);
    text_put(own->answer.detail, sizeof own->answer.detail, detail);
    own->phase = PHASE_READY;
}

static size_t add_lines(const char *lines[HEADERS_MAX], size_t count, const struct profile_headers *headers) {
    for (size_t i = 0; i < headers->count; i++) {
        lines[count++] = headers->lines[i].sent;
    }
    return count;
}

/* Sends what a sketch says to the server. */
static enum hp_status send_sketch(struct http_session *own, const struct profile_route *route,
                                  const struct http_sketch *sketch, struct hp_problem *problem) {
    const char *lines[HEADERS_MAX];
    struct text url = {0};
    size_t count = add_lines(lines, 0, &own->ground.profile->headers);
    count = add_lines(lines, count, &route->headers);
    if (sketch->has_body) {
        lines[count++] = "Content-Type: application/json";
    }
    text_add(&url, own->url);
    text_append(&url, sketch->path.bytes, sketch->path.length_bytes);
    bool bare = strcmp(sketch->verb, "GET") == 0 || strcmp(sketch->verb, "DELETE") == 0;
    const struct http_request request = {
        .verb = sketch->verb,
        .url = url.bytes,
        .headers = lines,
        .header_count = count,
        .body = sketch->has_body ? sketch->body.bytes
                : bare           ? NULL
                                 : "",
        .body_length_bytes = sketch->has_body ? sketch->body.length_bytes : 0,
    };
    enum hp_status status =
        url.failed ? hp_problem_no_memory(problem) : http_line_start(own->line, &request, problem);
    text_release(&url);
    return status;
}

static enum hp_status send_call(struct http_line *line, const char *controls, const struct request *call,
                                struct hp_problem *problem) {
    static const char *const headers[] = {"Content-Type: application/json"};
    struct text url = {0}, body = {0};
    text_addf(&url, "%s/call", controls);
    text_addf(&body, "{\"method\":\"%s\",\"params\":", call->method);
    text_append(&body, call->params, call->params_length_bytes);
    text_add_byte(&body, '}');
    const struct http_request request = {"POST", url.bytes, headers, 1, body.bytes, body.length_bytes};
    enum hp_status status =
        url.failed || body.failed ? hp_problem_no_memory(problem) : http_line_start(line, &request, problem);
    text_release(&url);
    text_release(&body);
    return status;
}

static enum hp_status start_controls(struct http_session *own, const struct request *request,
                                     struct hp_problem *problem) {
    if (!own->control_line) {
        own->control_line = http_line_new(own->ground.profile->body_max_bytes);
    }
    own->phase = PHASE_CONTROLS;
    return own->control_line ? send_call(own->control_line, own->controls, request, problem)
                             : hp_problem_no_memory(problem);
}

/* One server's part of a call that concerns all. */
static void call_server(struct http_session *own, const char *controls, const struct request *request,
                        struct answer *answer) {
    struct http_reply reply = {.broken = true};
    struct hp_problem problem = {0};
    struct http_line *line = http_line_new(own->ground.profile->body_max_bytes);
    if (!line || send_call(line, controls, request, &problem) != HP_OK) {
        text_put(reply.detail, sizeof reply.detail, line ? problem.detail : "harness: out of memory");
    } else if (!http_line_wait(line, ALONE_MS, &reply)) {
        reply.broken = true;
        text_put(reply.detail, sizeof reply.detail, "the controls of a server do not answer");
    }
    http_answer_read_controls(own->ground.profile, &reply, answer);
    http_reply_release(&reply);
    http_line_free(line);
}

/* A reset or clock.set of several servers counts in each before it is answered; the first refusal is the answer. */
static void call_all(struct http_session *own, const struct request *request) {
    const struct profile *profile = own->ground.profile;
    own->phase = PHASE_READY;
    if (!sluice_shut(own->ground.sluice, ALONE_MS)) {
        sluice_open(own->ground.sluice);
        set_ready(own, ANSWER_REFUSED, "unavailable", "calls of other sessions are still under way");
        return;
    }
    for (size_t i = 0; i < profile->server_count; i++) {
        answer_release(&own->answer);
        call_server(own, profile->servers[i].controls.sent, request, &own->answer);
        if (own->answer.kind != ANSWER_RESULT) {
            break;
        }
    }
    sluice_open(own->ground.sluice);
}

static bool concerns_all(const struct http_session *own, const char *method) {
    return own->controls && own->ground.profile->server_count > 1 &&
           (strcmp(method, "reset") == 0 || strcmp(method, "clock.set") == 0);
}

/* Keeps what the second request will ask for. */
static bool keep_who(struct http_session *own, const struct request *request) {
    json_t *params = json_loadb(request->params, request->params_length_bytes, JSON_ALLOW_NUL, NULL);
    json_decref(own->who);
    own->who = json_pack("{s:O*, s:O*}", "id", json_object_get(params, "id"), "user_id",
                         json_object_get(params, "user_id"));
    json_decref(params);
    return own->who != NULL;
}

static enum hp_status start_route(struct http_session *own, const struct request *request,
                                  struct hp_problem *problem) {
    char why[MAP_WHY_SIZE];
    struct http_sketch sketch;
    /* Text that JSON forbids would be another fault in a URL; the controls take it as it is. */
    if (request->raw && !own->route->body && own->controls) {
        return start_controls(own, request, problem);
    }
    enum map_end end = http_map(own->route, request, &sketch, why);
    enum hp_status status = HP_OK;
    if (end == MAP_NO_MEMORY || (end == MAP_DONE && own->route->then && !keep_who(own, request))) {
        status = hp_problem_no_memory(problem);
    } else if (end == MAP_DONE) {
        own->without_members = sketch.without_members;
        own->phase = PHASE_ROUTE;
        status = send_sketch(own, own->route, &sketch, problem);
    } else if (own->controls) {
        status = start_controls(own, request, problem);
    } else {
        set_ready(own, ANSWER_UNSENDABLE, "", why);
    }
    http_sketch_release(&sketch);
    return status;
}

/* A request that a case wrote itself. */
static enum hp_status start_plain(struct http_session *own, const struct request *request,
                                  struct hp_problem *problem) {
    char why[PLAIN_WHY_SIZE];
    struct http_plain plain = {0};
    enum hp_status status = HP_OK;
    switch (http_plain_read(own->ground.profile, own->url, false, request, &plain, why)) {
    case PLAIN_DONE: {
        const struct http_request ready = http_plain_request(&plain);
        own->phase = PHASE_PLAIN;
        status = http_line_start(own->line, &ready, problem);
        break;
    }
    case PLAIN_CANNOT:
        set_ready(own, ANSWER_UNSENDABLE, "", why);
        break;
    case PLAIN_MISUSE:
        set_ready(own, ANSWER_BROKEN, "", why);
        break;
    case PLAIN_NO_MEMORY:
        status = hp_problem_no_memory(problem);
        break;
    }
    http_plain_release(&plain);
    return status;
}

static enum hp_status start(struct http_session *own, const struct request *request,
                            struct hp_problem *problem) {
    if (concerns_all(own, request->method)) {
        call_all(own, request);
        return HP_OK;
    }
    sluice_enter(own->ground.sluice);
    own->inside = true;
    if (strcmp(request->method, "http.request") == 0) {
        return start_plain(own, request, problem);
    }
    own->route = profile_route(own->ground.profile, request->method);
    if (own->route) {
        return start_route(own, request, problem);
    }
    if (own->controls) {
        return start_controls(own, request, problem);
    }
    set_ready(own, ANSWER_REFUSED, "unsupported", "the profile has no route for this method");
    return HP_OK;
}

static enum hp_status session_start(struct session *session, const struct request *request, unsigned *ticket,
                                    struct hp_problem *problem) {
    struct http_session *own = (struct http_session *)session;
    if (own->phase != PHASE_IDLE) {
        return hp_problem_set(problem, HP_UNAVAILABLE, NULL,
                              "the last call of this session still has no answer; open a new session");
    }
    if (own->ground.pump) {
        own->ground.pump(own->ground.target);
    }
    enum hp_status status = start(own, request, problem);
    if (status != HP_OK) {
        own->phase = PHASE_IDLE;
        leave(own);
        return status;
    }
    *ticket = ++own->ticket;
    return HP_OK;
}

/* The first request was accepted: the second only shows what it made. Whatever becomes of it, the answer stays an
 * acceptance, so that a service which lets a stranger cancel, and then keeps the interrupt from him, is found out. */
static bool start_then(struct http_session *own) {
    char why[MAP_WHY_SIZE];
    struct http_sketch sketch = {0};
    struct hp_problem problem = {0};
    const struct profile_route *then = profile_route(own->ground.profile, own->route->then);
    char *params = value_dump(own->who, JSON_COMPACT);
    const struct request request = {own->route->then, params, params ? strlen(params) : 0, false};
    bool started = params && http_map(then, &request, &sketch, why) == MAP_DONE &&
                   send_sketch(own, then, &sketch, &problem) == HP_OK;
    http_sketch_release(&sketch);
    free(params);
    own->phase = started ? PHASE_THEN : PHASE_READY;
    own->route = started ? then : own->route;
    return started;
}

/* Takes the reply of the present phase; false when a second request is under way now. */
static bool take_reply(struct http_session *own, const struct http_reply *reply) {
    struct answer answer = {0};
    if (own->phase == PHASE_CONTROLS) {
        http_answer_read_controls(own->ground.profile, reply, &own->answer);
    } else if (own->phase == PHASE_PLAIN) {
        http_plain_answer(reply, &own->answer);
    } else if (own->phase == PHASE_ROUTE) {
        http_answer_read(own->ground.profile, own->route, own->without_members, reply, &own->answer);
        if (own->answer.kind == ANSWER_RESULT && own->route->then && start_then(own)) {
            return false;
        }
    } else {
        http_answer_read(own->ground.profile, own->route, false, reply, &answer);
        bool shown = answer.kind != ANSWER_REFUSED;
        answer_release(shown ? &own->answer : &answer);
        own->answer = shown ? answer : own->answer;
    }
    own->phase = PHASE_READY;
    return true;
}

static enum poll_state session_poll(struct session *session, unsigned ticket, unsigned timeout_ms,
                                    struct answer *answer) {
    struct http_session *own = (struct http_session *)session;
    int64_t deadline_us = deadline_after_ms(timeout_ms);
    if (ticket == 0 || ticket != own->ticket || own->phase == PHASE_IDLE) {
        return POLL_PENDING;
    }
    while (own->phase != PHASE_READY) {
        struct http_reply reply = {0};
        struct http_line *line = own->phase == PHASE_CONTROLS ? own->control_line : own->line;
        if (!http_line_wait(line, (unsigned)deadline_remaining_ms(deadline_us), &reply)) {
            return POLL_PENDING;
        }
        take_reply(own, &reply);
        http_reply_release(&reply);
    }
    *answer = own->answer;
    own->answer = (struct answer){0};
    own->phase = PHASE_IDLE;
    leave(own);
    return POLL_ANSWERED;
}

static void close_session(struct session *session) {
    struct http_session *own = (struct http_session *)session;
    http_line_free(own->line);
    http_line_free(own->control_line);
    leave(own);
    answer_release(&own->answer);
    json_decref(own->who);
    free(own->url);
    free(own->controls);
    free(own);
}

static const struct session_ops operations = {session_start, session_poll, close_session};

enum hp_status http_session_open(const struct http_ground *ground, unsigned server, struct session **session,
                                 struct hp_problem *problem) {
    const struct profile_server *at = &ground->profile->servers[server];
    struct http_session *made = calloc(1, sizeof *made);
    if (!made) {
        return hp_problem_no_memory(problem);
    }
    made->session = (struct session){&operations, ground->target};
    made->ground = *ground;
    made->url = text_copy(at->url.sent);
    made->controls = text_copy(at->controls.sent);
    made->line = http_line_new(ground->profile->body_max_bytes);
    if (!made->url || (at->controls.sent && !made->controls) || !made->line) {
        close_session(&made->session);
        return hp_problem_no_memory(problem);
    }
    *session = &made->session;
    return HP_OK;
}
