#include "suites/chapters/webhook.h"

#include "harness/base/value.h"
#include "suites/chapters/receiver.h"
#include "suites/chapters/webhook_record.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ANSWERS_MAX = 32, SLICE_MS = 20 };

/* One for the whole program, started by the first play that needs it. */
static struct {
    pthread_mutex_t mutex;
    struct receiver *receiver;
    int nowhere; /* a socket that is bound and does not listen; 0: none yet */
    unsigned nowhere_port;
} grounds = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static enum hp_status find_receiver(struct receiver **receiver, struct hp_problem *problem) {
    pthread_mutex_lock(&grounds.mutex);
    enum hp_status status = grounds.receiver ? HP_OK : receiver_start(&grounds.receiver, problem);
    *receiver = grounds.receiver;
    pthread_mutex_unlock(&grounds.mutex);
    return status;
}

void chapter_webhook_release(void) {
    pthread_mutex_lock(&grounds.mutex);
    receiver_stop(grounds.receiver);
    grounds.receiver = NULL;
    if (grounds.nowhere > 0) {
        close(grounds.nowhere);
    }
    grounds.nowhere = 0;
    pthread_mutex_unlock(&grounds.mutex);
}

static enum play_end misuse(struct hp_problem *problem, const char *key, const char *expected) {
    hp_problem_set(problem, HP_INVALID, NULL, "at /args/%s of the play: expected %s", key, expected);
    return PLAY_BROKEN;
}

static enum play_end no_memory(struct hp_problem *problem) {
    hp_problem_no_memory(problem);
    return PLAY_BROKEN;
}

static enum play_end finish(json_t *made, json_t **result, struct hp_problem *problem) {
    *result = made;
    return made ? PLAY_DONE : no_memory(problem);
}

static bool read_status(const json_t *value, struct receiver_reply *reply) {
    json_int_t status = value ? json_integer_value(value) : 200;
    reply->status = (int)status;
    return (!value || json_is_integer(value)) && status >= 200 && status <= 599;
}

static bool read_answer(const json_t *value, struct receiver_reply *reply) {
    static const struct {
        const char *word;
        struct receiver_reply reply;
    } words[] = {{"close", {.kind = RECEIVER_CLOSE}},
                 {"hang", {.kind = RECEIVER_HANG}},
                 {"flood", {.kind = RECEIVER_FLOOD, .status = 200}}};
    *reply = (struct receiver_reply){.kind = RECEIVER_ANSWER};
    for (size_t i = 0; json_is_string(value) && i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(json_string_value(value), words[i].word) == 0) {
            *reply = words[i].reply;
            return true;
        }
    }
    if (!json_is_object(value)) {
        return json_is_integer(value) && read_status(value, reply);
    }
    const char *location = json_string_value(json_object_get(value, "location"));
    reply->held = json_is_true(json_object_get(value, "held"));
    return text_put(reply->location, sizeof reply->location, location ? location : "") &&
           read_status(json_object_get(value, "status"), reply);
}

enum play_end webhook_receive_play(const struct play_stage *stage, const json_t *args, json_t **result,
                                   struct hp_problem *problem) {
    (void)stage;
    struct receiver_reply script[ANSWERS_MAX];
    struct receiver *receiver;
    char url[RECEIVER_URL_SIZE];
    const json_t *answers = json_object_get(args, "answers");
    size_t count = json_array_size(answers);
    bool sound = (!answers || json_is_array(answers)) && count <= ANSWERS_MAX;
    for (size_t i = 0; sound && i < count; i++) {
        sound = read_answer(json_array_get(answers, i), &script[i]);
    }
    if (!sound) {
        return misuse(
            problem, "answers",
            "up to 32 of: a status 200 to 599, \"close\", \"hang\", \"flood\", {status, location, held}");
    }
    if (find_receiver(&receiver, problem) != HP_OK) {
        return PLAY_BROKEN;
    }
    unsigned box = receiver_open(receiver, script, count, url);
    return box > 0 ? finish(json_pack("{s:I, s:s}", "box", (json_int_t)box, "url", url), result, problem)
                   : no_memory(problem);
}

/* A port that is ours, so that nobody else comes to listen there. */
static bool bind_nowhere(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int bound = socket(AF_INET, SOCK_STREAM, 0);
    if (bound < 0 || bind(bound, (struct sockaddr *)&address, length) != 0 ||
        getsockname(bound, (struct sockaddr *)&address, &length) != 0) {
        if (bound >= 0) {
            close(bound);
        }
        return false;
    }
    fcntl(bound, F_SETFD, FD_CLOEXEC);
    grounds.nowhere = bound;
    grounds.nowhere_port = ntohs(address.sin_port);
    return true;
}

enum play_end webhook_nowhere_play(const struct play_stage *stage, const json_t *args, json_t **result,
                                   struct hp_problem *problem) {
    (void)stage;
    (void)args;
    char url[RECEIVER_URL_SIZE];
    pthread_mutex_lock(&grounds.mutex);
    bool bound = grounds.nowhere > 0 || bind_nowhere();
    snprintf(url, sizeof url, "http://127.0.0.1:%u/nowhere", grounds.nowhere_port);
    pthread_mutex_unlock(&grounds.mutex);
    if (!bound) {
        hp_problem_set(problem, HP_UNAVAILABLE, NULL, "there is no port to be had");
        return PLAY_BROKEN;
    }
    return finish(json_pack("{s:s}", "url", url), result, problem);
}

static bool read_box(const json_t *object, const char *key, unsigned *box) {
    const json_t *value = json_object_get(object, key);
    *box = json_is_integer(value) ? (unsigned)json_integer_value(value) : 0;
    return *box > 0;
}

enum play_end webhook_received_play(const struct play_stage *stage, const json_t *args, json_t **result,
                                    struct hp_problem *problem) {
    (void)stage;
    struct receiver *receiver;
    struct receiver_list list;
    unsigned box;
    const char *secret = json_string_value(json_object_get(args, "secret"));
    if (!read_box(args, "box", &box)) {
        return misuse(problem, "box", "the number that webhook.receive gave");
    }
    if (find_receiver(&receiver, problem) != HP_OK) {
        return PLAY_BROKEN;
    }
    if (!receiver_read(receiver, box, &list)) {
        return misuse(problem, "box", "a box that is still there");
    }
    json_t *requests = json_array();
    bool complete = requests != NULL;
    for (size_t i = 0; complete && i < list.count; i++) {
        complete = json_array_append_new(requests, webhook_record(&list.requests[i], secret)) == 0;
    }
    size_t count = list.count;
    receiver_list_release(&list);
    if (!complete) {
        json_decref(requests);
        return no_memory(problem);
    }
    return finish(json_pack("{s:I, s:o}", "count", (json_int_t)count, "requests", requests), result, problem);
}

/* The delivery under way in a thread of its own. */
struct flush {
    struct session *session;
    unsigned deadline_ms;
    struct answer answer;
    atomic_bool ended; /* the target says that nothing more comes */
};

static void *run_flush(void *argument) {
    struct flush *flush = argument;
    const struct request request = {"webhook.flush", "{}", 2, false};
    session_call(flush->session, &request, flush->deadline_ms, &flush->answer);
    atomic_store(&flush->ended, true);
    return NULL;
}

/* Makes one call and adds what came of it. */
static enum play_end add_call(struct session *session, unsigned deadline_ms, const json_t *call,
                              json_t *answers, struct hp_problem *problem) {
    const char *method = json_string_value(json_object_get(call, "op"));
    const json_t *args = json_object_get(call, "args");
    char *params = args ? value_dump(args, JSON_COMPACT) : NULL;
    struct answer answer = {0};
    if (!method || !params) {
        free(params);
        return misuse(problem, "calls", "objects with op and args");
    }
    const struct request request = {method, params, strlen(params), false};
    session_call(session, &request, deadline_ms, &answer);
    free(params);
    json_t *told = answer.kind == ANSWER_RESULT ? json_incref(answer.result)
                                                : json_pack("{s:s}", "refused", answer.error_name);
    enum play_end end = PLAY_DONE;
    if (answer.kind == ANSWER_BROKEN) {
        hp_problem_set(problem, HP_UNAVAILABLE, NULL, "%s while an endpoint held its answer: %s", method,
                       answer.detail);
        json_decref(told);
        end = PLAY_BROKEN;
    } else if (json_array_append_new(answers, told) != 0) {
        end = no_memory(problem);
    }
    answer_release(&answer);
    return end;
}

/* What one play of webhook.meanwhile works on. */
struct meanwhile {
    const struct play_stage *stage;
    const json_t *args;
    struct receiver *receiver;
    unsigned held;
    struct session *calls;
    struct flush flush;
    bool reached;
    bool others;
    json_t *answers;
};

/* Waits until a box has got so many, or nothing more comes. */
static bool await(struct meanwhile *own, unsigned box, size_t count) {
    bool ended = false, there = false;
    for (unsigned waited_ms = 0; !there && !ended && waited_ms < own->stage->deadline_ms;
         waited_ms += SLICE_MS) {
        ended = atomic_load(&own->flush.ended);
        there = receiver_await(own->receiver, box, count, SLICE_MS);
    }
    return there;
}

static enum play_end while_held(struct meanwhile *own, struct hp_problem *problem) {
    const json_t *until = json_object_get(own->args, "until");
    const json_t *calls = json_object_get(own->args, "calls");
    unsigned other;
    enum play_end end = PLAY_DONE;
    own->reached = await(own, own->held, 1);
    if (until) {
        json_int_t count = json_integer_value(json_object_get(until, "count"));
        own->others =
            own->reached && read_box(until, "box", &other) && count > 0 && await(own, other, (size_t)count);
    }
    for (size_t i = 0; own->reached && end == PLAY_DONE && i < json_array_size(calls); i++) {
        end = add_call(own->calls, own->stage->deadline_ms, json_array_get(calls, i), own->answers, problem);
    }
    return end;
}

static enum play_end deliver(struct meanwhile *own, struct hp_problem *problem) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, run_flush, &own->flush) != 0) {
        hp_problem_set(problem, HP_INTERNAL, NULL, "there is no thread to be had");
        return PLAY_BROKEN;
    }
    enum play_end end = while_held(own, problem);
    receiver_release(own->receiver, own->held);
    pthread_join(thread, NULL);
    if (end == PLAY_DONE && own->flush.answer.kind != ANSWER_RESULT) {
        hp_problem_set(problem, HP_UNAVAILABLE, NULL, "webhook.flush: %s", own->flush.answer.detail);
        end = PLAY_BROKEN;
    }
    return end;
}

enum play_end webhook_meanwhile_play(const struct play_stage *stage, const json_t *args, json_t **result,
                                     struct hp_problem *problem) {
    struct meanwhile own = {
        .stage = stage, .args = args, .flush = {.deadline_ms = stage->deadline_ms}, .answers = json_array()};
    enum play_end end = PLAY_BROKEN;
    if (!read_box(args, "held", &own.held)) {
        end = misuse(problem, "held", "the number that webhook.receive gave");
    } else if (!own.answers) {
        end = no_memory(problem);
    } else if (find_receiver(&own.receiver, problem) == HP_OK &&
               target_open(stage->target, 0, &own.calls, problem) == HP_OK &&
               target_open(stage->target, 0, &own.flush.session, problem) == HP_OK) {
        end = deliver(&own, problem);
    }
    if (end == PLAY_DONE) {
        end = finish(json_pack("{s:b, s:b, s:O, s:O}", "reached", own.reached, "others", own.others,
                               "answers", own.answers, "flush", own.flush.answer.result),
                     result, problem);
    }
    answer_release(&own.flush.answer);
    session_close(own.flush.session);
    session_close(own.calls);
    json_decref(own.answers);
    return end;
}

void chapter_webhook_register(void) {
    play_register("webhook.receive", webhook_receive_play);
    play_register("webhook.nowhere", webhook_nowhere_play);
    play_register("webhook.received", webhook_received_play);
    play_register("webhook.meanwhile", webhook_meanwhile_play);
}
