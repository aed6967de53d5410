#include "reference/service/kernel.h"
#include "reference/core/json.h"
#include "reference/service/checked.h"
#include "reference/store/calls.h"

#include <inttypes.h>
#include <string.h>

/* So often is a change made anew when somebody else was first. Each time another has got through, so it ends only under a load
 * that there is not. */
enum { TRIES = 100, DATA_SIZE = 160 };

static enum hp_status refuse_state(const struct kernel_process *process, const char *wanted,
                                   struct hp_problem *problem) {
    return hp_problem_set(problem, HP_CONFLICT, NULL, "the process is %s, not %s",
                          hp_flow_state_name(process->state), wanted);
}

/* Answers with the process and releases both. */
static enum hp_status answer_process(struct kernel_process *process, struct hp_interrupt *interrupt,
                                     json_t **answer, struct hp_problem *problem) {
    *answer = kernel_process_show(process, interrupt);
    kernel_process_release(process);
    hp_interrupt_free(interrupt);
    return *answer ? HP_OK : hp_problem_no_memory(problem);
}

/* True when the change came too late and is to be made anew. */
static bool came_late(enum hp_status status, int tries, struct hp_problem *problem) {
    if (status != HP_CONFLICT || tries + 1 >= TRIES) {
        return false;
    }
    hp_problem_clear(problem);
    return true;
}

static enum hp_status check_ids(const json_t *envelope, struct hp_problem *problem) {
    static const struct {
        const char *field, *pointer;
    } ids[] = {{"envelope_id", "/envelope/envelope_id"},
               {"request_id", "/envelope/request_id"},
               {"user_id", "/envelope/user_id"},
               {"session_id", "/envelope/session_id"}};
    enum hp_status status = HP_OK;
    for (size_t i = 0; status == HP_OK && i < sizeof ids / sizeof ids[0]; i++) {
        status = hp_id_check(envelope_text(envelope, ids[i].field), ids[i].pointer, problem);
    }
    return status;
}

static enum hp_status check_user(const json_t *envelope, const char *user_id, struct hp_problem *problem) {
    if (user_id && strcmp(envelope_text(envelope, "user_id"), user_id) != 0) {
        return hp_problem_set(problem, HP_FORBIDDEN, NULL, "the flow belongs to another user");
    }
    return HP_OK;
}

/* Reads the envelope and what it says was used. */
static enum hp_status open_submission(struct hp_service *service, const struct kernel_submission *submission,
                                      struct kernel_process *process, struct hp_problem *problem) {
    struct hp_moment moment;
    enum hp_status status = store_moment(service_store(service), &moment, problem);
    if (status == HP_OK) {
        status = envelope_decode(submission->envelope, "/envelope", &moment, &process->envelope, problem);
    }
    if (status == HP_OK) {
        status = check_ids(process->envelope, problem);
    }
    if (status != HP_OK) {
        return status;
    }
    process->state = HP_FLOW_RUNNING;
    process->most = submission->most;
    process->pipeline = json_incref((json_t *)submission->pipeline.pipeline);
    process->effects = json_incref((json_t *)submission->pipeline.effects);
    for (int i = 0; i < QUOTA_COUNT; i++) {
        const char *counter = quota_words((enum quota_resource)i)->counter;
        process->used.of[i] = counter ? envelope_counter(process->envelope, counter) : 0;
    }
    return check_user(process->envelope, submission->user_id, problem);
}

enum hp_status kernel_submit(struct hp_service *service, const struct kernel_submission *submission,
                             json_t **answer, struct hp_problem *problem) {
    struct kernel_process process = {0};
    enum hp_status status = open_submission(service, submission, &process, problem);
    if (status == HP_OK && (envelope_flag(process.envelope, "terminated") ||
                            envelope_flag(process.envelope, "interrupt_pending"))) {
        status =
            hp_problem_set(problem, HP_CONFLICT, NULL, "the flow is terminated, or waits for an interrupt");
    }
    if (status == HP_OK) {
        status = envelope_put(process.envelope, "interrupt", json_null(), problem);
    }
    if (status == HP_OK) {
        status = kernel_process_write(service, &process, problem);
    }
    if (status == HP_OK) {
        return answer_process(&process, NULL, answer, problem);
    }
    kernel_process_release(&process);
    return status;
}

/* Ends a flow that waits for an interrupt that nobody can answer any more. */
static enum hp_status end_vain_wait(struct hp_service *service, struct kernel_process *process,
                                    enum hp_interrupt_status became, struct hp_problem *problem) {
    struct hp_moment moment;
    bool expired = became == HP_EXPIRED;
    enum hp_status status = store_moment(service_store(service), &moment, problem);
    process->state = HP_FLOW_TERMINATED;
    if (status == HP_OK) {
        status =
            envelope_terminate(process->envelope, expired ? "interrupt_expired" : "interrupt_cancelled",
                               expired ? "Interrupt expired" : "Interrupt cancelled", moment.now_us, problem);
    }
    return status == HP_OK ? kernel_process_write(service, process, problem) : status;
}

static enum hp_status read_once(struct hp_service *service, const char *pid, const char *user_id,
                                struct kernel_process *process, struct hp_interrupt **interrupt,
                                struct hp_problem *problem) {
    enum hp_status status = kernel_process_read(service, pid, process, problem);
    if (status == HP_OK) {
        status = check_user(process->envelope, user_id, problem);
    }
    if (status == HP_OK) {
        status = kernel_process_interrupt(service, process, interrupt, problem);
    }
    if (status != HP_OK || process->state != HP_FLOW_WAITING || !*interrupt ||
        (*interrupt)->status == HP_PENDING || (*interrupt)->status == HP_RESOLVED) {
        return status;
    }
    return end_vain_wait(service, process, (*interrupt)->status, problem);
}

enum hp_status kernel_read(struct hp_service *service, const char *pid, const char *user_id,
                           struct kernel_process *process, struct hp_interrupt **interrupt,
                           struct hp_problem *problem) {
    enum hp_status status;
    int tries = 0;
    do {
        kernel_process_release(process);
        hp_interrupt_free(*interrupt);
        *interrupt = NULL;
        status = read_once(service, pid, user_id, process, interrupt, problem);
    } while (came_late(status, tries++, problem));
    return status;
}

enum hp_status kernel_get(struct hp_service *service, const char *pid, const char *user_id, json_t **answer,
                          struct hp_problem *problem) {
    struct kernel_process process = {0};
    struct hp_interrupt *interrupt = NULL;
    enum hp_status status = kernel_read(service, pid, user_id, &process, &interrupt, problem);
    if (status == HP_OK) {
        return answer_process(&process, interrupt, answer, problem);
    }
    kernel_process_release(&process);
    hp_interrupt_free(interrupt);
    return status;
}

/* The kinds that end a flow, and leave their interrupt. */
static bool is_final(enum hp_kind kind) {
    return kind == HP_TIMEOUT || kind == HP_RESOURCE_EXHAUSTED;
}

/* Moves the process on, with its interrupt. */
static enum hp_status raise(struct hp_service *service, struct kernel_process *process,
                            struct hp_create *create, const char *terminal_reason,
                            struct hp_interrupt **interrupt, struct hp_problem *problem) {
    struct hp_moment moment;
    enum hp_status status = HP_OK;
    process->state = HP_FLOW_WAITING;
    if (is_final(create->kind)) {
        process->state = HP_FLOW_TERMINATED;
        status = store_moment(service_store(service), &moment, problem);
    }
    if (status == HP_OK && is_final(create->kind)) {
        status =
            envelope_terminate(process->envelope, terminal_reason,
                               create->message ? create->message : terminal_reason, moment.now_us, problem);
    }
    return status == HP_OK ? kernel_process_raise(service, process, create, interrupt, problem) : status;
}

/* What is done to a process that runs; *interrupt is what it raises. */
struct deed {
    const struct hp_create *create;   /* NULL: none is asked for */
    const struct quota_amounts *used; /* NULL: nothing */
};

/* Shows in the envelope what was used. */
static enum hp_status show_used(struct kernel_process *process, struct hp_problem *problem) {
    enum hp_status status = HP_OK;
    for (int i = 0; status == HP_OK && i < QUOTA_COUNT; i++) {
        const char *counter = quota_words((enum quota_resource)i)->counter;
        if (counter) {
            status = envelope_put(process->envelope, counter, json_integer(process->used.of[i]), problem);
        }
    }
    return status;
}

static enum hp_status record(struct hp_service *service, struct kernel_process *process,
                             const struct quota_amounts *used, struct hp_interrupt **interrupt,
                             struct hp_problem *problem) {
    enum quota_resource resource;
    struct text data = {.cap_bytes = DATA_SIZE};
    quota_add(&process->used, used);
    enum hp_status status = show_used(process, problem);
    if (status != HP_OK) {
        return status;
    }
    if (!quota_crossed(&process->used, &process->most, &resource)) {
        return kernel_process_write(service, process, problem);
    }
    const char *type = quota_words(resource)->type;
    text_addf(&data, "{\"resource_type\":\"%s\",\"retry_after_seconds\":%d}", type, QUOTA_RETRY_SECONDS);
    struct hp_create create = {
        .kind = HP_RESOURCE_EXHAUSTED, .message = "The quota of the flow is used up", .data = data.bytes};
    status = data.failed ? hp_problem_no_memory(problem)
                         : raise(service, process, &create, type, interrupt, problem);
    text_release(&data);
    return status;
}

static enum hp_status do_once(struct hp_service *service, const char *pid, const struct deed *deed,
                              struct kernel_process *process, struct hp_interrupt **interrupt, bool *refused,
                              struct hp_problem *problem) {
    enum hp_status status = kernel_process_read(service, pid, process, problem);
    *refused = status == HP_OK && process->state != HP_FLOW_RUNNING;
    if (*refused) {
        return refuse_state(process, "running", problem);
    }
    if (status == HP_OK && deed->used) {
        return record(service, process, deed->used, interrupt, problem);
    }
    if (status == HP_OK) {
        struct hp_create create = *deed->create;
        status = raise(service, process, &create, hp_kind_rule(create.kind)->name, interrupt, problem);
    }
    return status;
}

static enum hp_status do_to_running(struct hp_service *service, const char *pid, const struct deed *deed,
                                    json_t **answer, struct hp_problem *problem) {
    struct kernel_process process = {0};
    struct hp_interrupt *interrupt = NULL;
    enum hp_status status;
    bool refused;
    int tries = 0;
    do {
        kernel_process_release(&process);
        status = do_once(service, pid, deed, &process, &interrupt, &refused, problem);
    } while (!refused && came_late(status, tries++, problem));
    if (status == HP_OK && !interrupt) {
        status = kernel_process_interrupt(service, &process, &interrupt, problem);
    }
    if (status == HP_OK) {
        return answer_process(&process, interrupt, answer, problem);
    }
    kernel_process_release(&process);
    hp_interrupt_free(interrupt);
    return status;
}

enum hp_status kernel_interrupt(struct hp_service *service, const char *pid, const struct hp_create *create,
                                json_t **answer, struct hp_problem *problem) {
    return do_to_running(service, pid, &(struct deed){.create = create}, answer, problem);
}

enum hp_status kernel_record(struct hp_service *service, const char *pid, const struct quota_amounts *used,
                             json_t **answer, struct hp_problem *problem) {
    return do_to_running(service, pid, &(struct deed){.used = used}, answer, problem);
}

static enum hp_status cancel_once(struct hp_service *service, const char *pid, const char *reason,
                                  struct kernel_process *process, struct hp_interrupt **interrupt,
                                  bool *refused, struct hp_problem *problem) {
    struct hp_moment moment;
    enum hp_status status = kernel_read(service, pid, NULL, process, interrupt, problem);
    *refused = status == HP_OK && !hp_flow_may_become(process->state, HP_FLOW_TERMINATED);
    if (*refused) {
        return refuse_state(process, "running or waiting", problem);
    }
    if (status == HP_OK) {
        status = store_moment(service_store(service), &moment, problem);
    }
    if (status == HP_OK) {
        status = envelope_terminate(process->envelope, "cancelled", reason ? reason : "Cancelled",
                                    moment.now_us, problem);
    }
    process->state = HP_FLOW_TERMINATED;
    return status == HP_OK ? kernel_process_write(service, process, problem) : status;
}

/* The interrupt of a flow that was just ended is cancelled, unless somebody has answered it meanwhile. */
static enum hp_status cancel_interrupt(struct hp_service *service, struct hp_interrupt **interrupt,
                                       const char *reason, struct hp_problem *problem) {
    struct hp_interrupt *after = NULL;
    struct hp_problem cause = {0};
    if (!*interrupt || (*interrupt)->status != HP_PENDING) {
        return HP_OK;
    }
    enum hp_status status = hp_service_cancel_trusted(service, (*interrupt)->id, reason, &after, &cause);
    if (status == HP_CONFLICT || status == HP_NOT_FOUND) {
        status = HP_OK;
    }
    if (after) {
        hp_interrupt_free(*interrupt);
        *interrupt = after;
    }
    return status == HP_OK ? HP_OK : hp_problem_set(problem, status, cause.field, "%s", cause.detail);
}

enum hp_status kernel_cancel(struct hp_service *service, const char *pid, const char *reason, json_t **answer,
                             struct hp_problem *problem) {
    struct kernel_process process = {0};
    struct hp_interrupt *interrupt = NULL;
    enum hp_status status;
    bool refused;
    int tries = 0;
    do {
        status = cancel_once(service, pid, reason, &process, &interrupt, &refused, problem);
    } while (!refused && came_late(status, tries++, problem));
    if (status == HP_OK) {
        status = cancel_interrupt(service, &interrupt, reason, problem);
    }
    if (status == HP_OK) {
        return answer_process(&process, interrupt, answer, problem);
    }
    kernel_process_release(&process);
    hp_interrupt_free(interrupt);
    return status;
}
