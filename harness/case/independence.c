#include "harness/case/independence.h"

#include "harness/base/value.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { NAME_SIZE = 48 };

/* One instance while it is asked. */
struct instance {
    struct hello hello;
    struct session *session;
    char *id; /* of what was created in it */
};

struct probe {
    struct instance *instances;
    size_t count;
    unsigned deadline_ms;
    char name[NAME_SIZE]; /* of its user, request and session: nobody else's */
    struct hp_problem *problem;
};

static void make_name(char name[NAME_SIZE]) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    snprintf(name, NAME_SIZE, "probe-%lld-%ld-%ld", (long long)now.tv_sec, now.tv_nsec, (long)getpid());
}

static enum hp_status deny(const struct probe *probe, const char *reason) {
    return hp_problem_set(probe->problem, HP_UNSUPPORTED, NULL, "%s", reason);
}

static void ask(const struct probe *probe, const struct instance *instance, const char *method,
                const struct text *params, struct answer *answer) {
    *answer = (struct answer){.kind = ANSWER_BROKEN};
    if (!params->failed) {
        struct request request = {method, params->bytes, params->length_bytes, false};
        session_call(instance->session, &request, probe->deadline_ms, answer);
    }
}

/* Does something that is answered with nothing of interest. */
static bool command(const struct probe *probe, const struct instance *instance, const char *method,
                    const char *arguments) {
    struct text params = {0};
    struct answer answer;
    text_add(&params, arguments);
    ask(probe, instance, method, &params, &answer);
    bool done = answer.kind == ANSWER_RESULT;
    answer_release(&answer);
    text_release(&params);
    return done;
}

static bool create(const struct probe *probe, struct instance *instance, char **created_at) {
    struct text params = {0};
    struct answer answer;
    text_addf(&params,
              "{\"kind\":\"clarification\",\"request_id\":\"%s\",\"user_id\":\"%s\",\"session_id\":\"%s\"}",
              probe->name, probe->name, probe->name);
    ask(probe, instance, "interrupt.create", &params, &answer);
    const char *id = json_string_value(value_at(answer.result, "/interrupt/id"));
    const char *instant = json_string_value(value_at(answer.result, "/interrupt/created_at"));
    free(instance->id);
    instance->id = text_copy(id);
    if (created_at) {
        *created_at = text_copy(instant);
    }
    answer_release(&answer);
    text_release(&params);
    return instance->id;
}

/* Whether an instance knows what another has created. */
static bool knows(const struct probe *probe, const struct instance *instance, const struct instance *other) {
    struct text params = {0};
    struct answer answer;
    text_addf(&params, "{\"id\":\"%s\",\"user_id\":\"%s\"}", other->id, probe->name);
    ask(probe, instance, "interrupt.get", &params, &answer);
    bool known = answer.kind == ANSWER_RESULT;
    answer_release(&answer);
    text_release(&params);
    return known;
}

static enum hp_status check_records(const struct probe *probe) {
    for (size_t i = 0; i < probe->count; i++) {
        if (!create(probe, &probe->instances[i], NULL)) {
            return deny(probe, "nothing could be created to see whether its instances are independent");
        }
    }
    for (size_t i = 0; i < probe->count; i++) {
        for (size_t other = 0; other < probe->count; other++) {
            bool known = knows(probe, &probe->instances[i], &probe->instances[other]);
            if (known != (i == other)) {
                return deny(probe, known ? "what is created in one instance is there in another"
                                         : "what was created could not be read again");
            }
        }
    }
    return HP_OK;
}

static enum hp_status check_resets(const struct probe *probe) {
    if (!command(probe, &probe->instances[0], "reset", "{}")) {
        return deny(probe, "it could not be reset");
    }
    for (size_t i = 1; i < probe->count; i++) {
        if (!knows(probe, &probe->instances[i], &probe->instances[i])) {
            return deny(probe, "a reset of one instance empties another");
        }
    }
    return HP_OK;
}

/* Each is set to another year, which is seen in what it creates then. Only where a reset puts it back. */
static enum hp_status check_clocks(const struct probe *probe) {
    enum { YEAR_FIRST = 2100 };
    char instant[64];
    enum hp_status status = HP_OK;
    for (size_t i = 0; i < probe->count; i++) {
        snprintf(instant, sizeof instant, "{\"now\":\"%d-01-01T00:00:00.000000Z\"}", YEAR_FIRST + (int)i);
        if (!command(probe, &probe->instances[i], "reset", "{}") ||
            !command(probe, &probe->instances[i], "clock.set", instant)) {
            return deny(probe, "its clock could not be set");
        }
    }
    for (size_t i = 0; i < probe->count && status == HP_OK; i++) {
        char *created_at = NULL;
        snprintf(instant, sizeof instant, "%d-", YEAR_FIRST + (int)i);
        if (!create(probe, &probe->instances[i], &created_at) || !created_at ||
            strncmp(created_at, instant, strlen(instant)) != 0) {
            status = deny(probe, "the clock of one instance is that of another");
        }
        free(created_at);
    }
    for (size_t i = 0; i < probe->count; i++) {
        command(probe, &probe->instances[i], "reset", "{}");
    }
    return status;
}

static enum hp_status open_instances(const struct probe *probe, struct target *const *targets) {
    enum hp_status status = HP_OK;
    for (size_t i = 0; i < probe->count && status == HP_OK; i++) {
        struct instance *instance = &probe->instances[i];
        status = target_hello(targets[i], &instance->hello, probe->problem);
        if (status == HP_OK &&
            (!hello_declares(&instance->hello, "create") || !hello_declares(&instance->hello, "get"))) {
            status = deny(probe, "it does not declare create and get, by which instances are told apart");
        }
        if (status == HP_OK) {
            status = target_open(targets[i], 0, &instance->session, probe->problem);
        }
    }
    return status;
}

enum hp_status independence_check(struct target *const *targets, size_t count, unsigned deadline_ms,
                                  struct hp_problem *problem) {
    struct probe probe = {.instances = calloc(count, sizeof *probe.instances),
                          .count = count,
                          .deadline_ms = deadline_ms,
                          .problem = problem};
    if (!probe.instances) {
        return hp_problem_no_memory(problem);
    }
    make_name(probe.name);
    enum hp_status status = open_instances(&probe, targets);
    if (status == HP_OK) {
        status = check_records(&probe);
    }
    if (status == HP_OK && hello_declares(&probe.instances[0].hello, "reset")) {
        status = check_resets(&probe);
        if (status == HP_OK && hello_declares(&probe.instances[0].hello, "clock")) {
            status = check_clocks(&probe);
        }
    }
    for (size_t i = 0; i < count; i++) {
        session_close(probe.instances[i].session);
        hello_release(&probe.instances[i].hello);
        free(probe.instances[i].id);
    }
    free(probe.instances);
    return status;
}
