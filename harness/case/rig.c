#include "harness/case/rig.h"

#include "reference/base/instant.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Different for every run, also of two that begin in the same microsecond on one machine. */
static uint64_t make_nonce(void) {
    struct timespec now;
    pid_t process = getpid();
    clock_gettime(CLOCK_REALTIME, &now);
    uint64_t hash = text_hash(TEXT_HASH_START, &now.tv_sec, sizeof now.tv_sec);
    hash = text_hash(hash, &now.tv_nsec, sizeof now.tv_nsec);
    return text_hash(hash, &process, sizeof process) | 1;
}

enum hp_status rig_init(struct rig *rig, const struct run_plan *plan, struct target *target,
                        const struct hello *hello, struct hp_problem *problem) {
    memset(rig, 0, sizeof *rig);
    rig->target = target;
    rig->plan = plan;
    rig->hello = hello;
    rig->has_reset = hello_declares(hello, "reset");
    rig->has_clock = hello_declares(hello, "clock");
    rig->clock_us = HP_INSTANT_NONE;
    rig->nonce = rig->has_reset ? 0 : make_nonce();
    rig->sessions = calloc(hello->endpoints + 1, sizeof(struct session *));
    return rig->sessions ? HP_OK : hp_problem_no_memory(problem);
}

static void close_sessions(struct rig *rig) {
    for (unsigned i = 0; rig->sessions && i < rig->hello->endpoints; i++) {
        session_close(rig->sessions[i]);
        rig->sessions[i] = NULL;
    }
}

void rig_clear(struct rig *rig) {
    for (size_t i = 0; i < rig->record_count; i++) {
        answer_release(&rig->records[i].answer);
    }
    rig->record_count = 0;
    text_clear(&rig->params);
}

void rig_release(struct rig *rig) {
    rig_clear(rig);
    close_sessions(rig);
    scope_release(&rig->scope);
    text_release(&rig->params);
    free(rig->records);
    free(rig->sessions);
    memset(rig, 0, sizeof *rig);
}

struct record *rig_begin(struct rig *rig, int step, const char *method) {
    if (rig->record_count == rig->record_room) {
        size_t room = rig->record_room ? rig->record_room * 2 : 16;
        struct record *records = realloc(rig->records, room * sizeof *records);
        if (!records) {
            return NULL;
        }
        rig->records = records;
        rig->record_room = room;
    }
    struct record *last = rig->record_count ? &rig->records[rig->record_count - 1] : NULL;
    if (last && last->length > PARAMS_KEPT_BYTES) {
        last->length = PARAMS_KEPT_BYTES;
        rig->params.length_bytes = last->begin + PARAMS_KEPT_BYTES;
    }
    struct record *record = &rig->records[rig->record_count++];
    memset(record, 0, sizeof *record);
    record->step = step;
    record->method = method;
    record->begin = rig->params.length_bytes;
    record->times = 1;
    return record;
}

static void break_answer(struct answer *answer, const char *detail) {
    memset(answer, 0, sizeof *answer);
    answer->kind = ANSWER_BROKEN;
    text_put(answer->detail, sizeof answer->detail, detail);
}

static struct session *session_of(struct rig *rig, unsigned endpoint, struct hp_problem *problem) {
    if (!rig->sessions[endpoint] &&
        target_open(rig->target, endpoint, &rig->sessions[endpoint], problem) != HP_OK) {
        rig->sessions[endpoint] = NULL;
    }
    return rig->sessions[endpoint];
}

const struct answer *rig_call(struct rig *rig, struct record *record, unsigned endpoint) {
    struct hp_problem problem = {0};
    record->length = record->whole_length = rig->params.length_bytes - record->begin;
    if (rig->params.failed) {
        break_answer(&record->answer, "out of memory");
        return &record->answer;
    }
    struct session *session = session_of(rig, endpoint, &problem);
    if (!session) {
        break_answer(&record->answer, problem.detail[0] ? problem.detail : "no session could be opened");
        return &record->answer;
    }
    struct request request = {record->method, rig->params.bytes + record->begin, record->length, record->raw};
    session_call(session, &request, rig->plan->deadline_ms, &record->answer);
    return &record->answer;
}

void rig_restart(struct rig *rig) {
    close_sessions(rig);
    target_restart(rig->target);
    rig->clock_us = HP_INSTANT_NONE;
}
