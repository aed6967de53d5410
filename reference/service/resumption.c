#include "reference/service/resumption.h"
#include "reference/base/text.h"
#include "reference/core/envelope_interrupt.h"
#include "reference/core/wire.h"
#include "reference/service/checked.h"
#include "reference/service/kernel.h"
#include "reference/store/calls.h"

#include <string.h>

/* One resumption under way. */
struct run {
    struct hp_service *service;
    const struct request_resume *resume;
    struct pipeline *pipeline; /* owned */
    const json_t *effects;
    struct kernel_process *process; /* NULL: the kernel has none */
    json_t *envelope;               /* borrowed from the process, or from the caller */
    struct hp_interrupt *interrupt; /* owned; as it is now */
    struct hp_moment moment;
};

static void run_release(struct run *run) {
    pipeline_free(run->pipeline);
    hp_interrupt_free(run->interrupt);
}

static enum hp_status read_pipeline(struct run *run, const json_t *pipeline, const json_t *effects,
                                    struct hp_problem *problem) {
    run->effects = effects;
    return pipeline ? pipeline_read(pipeline, "/pipeline", &run->pipeline, problem)
                    : pipeline_read_text(service_routes(run->service), &run->pipeline, problem);
}

static enum hp_status refuse_status(const struct hp_interrupt *interrupt, struct hp_problem *problem) {
    const char *name = hp_interrupt_status_name(interrupt->status);
    if (problem && problem->status == HP_OK) {
        text_put(problem->interrupt_status, sizeof problem->interrupt_status, name);
    }
    return hp_problem_set(problem, HP_CONFLICT, NULL,
                          "the interrupt is %s; the flow does not go on behind it", name);
}

/* Who may say that the flow goes on: the owner of both. */
static enum hp_status check_owner(const struct run *run, struct hp_problem *problem) {
    if (strcmp(run->interrupt->user_id, envelope_text(run->envelope, "user_id")) != 0) {
        return hp_problem_set(problem, HP_FORBIDDEN, NULL, "the interrupt belongs to another user");
    }
    const char *envelope_id = run->interrupt->envelope_id;
    if (envelope_id && strcmp(envelope_id, envelope_text(run->envelope, "envelope_id")) != 0) {
        return hp_problem_set(problem, HP_CONFLICT, NULL, "the interrupt is about another flow");
    }
    return HP_OK;
}

/* A flow stands at a stage that the pipeline has, or is led to one. Looked at before anything is answered. */
static enum hp_status check_stage(const struct run *run, struct hp_problem *problem) {
    const char *stage = envelope_text(run->envelope, "current_stage");
    if (pipeline_route(run->pipeline, run->interrupt->kind) || pipeline_has(run->pipeline, stage)) {
        return HP_OK;
    }
    return hp_problem_set(problem, run->process ? HP_CONFLICT : HP_INVALID, "/envelope/current_stage",
                          "the pipeline has no such stage, and no route behind a %s",
                          hp_kind_rule(run->interrupt->kind)->name);
}

/* Gives the answer that came, where one is awaited. */
static enum hp_status answer_interrupt(struct run *run, struct hp_problem *problem) {
    const struct hp_change change = {
        .id = run->interrupt->id,
        .user_id = envelope_text(run->envelope, "user_id"),
        .to = HP_RESOLVED,
        .response = run->resume->response,
    };
    struct hp_interrupt *resolved = NULL;
    if (run->interrupt->status == HP_RESOLVED) {
        return HP_OK;
    }
    if (run->interrupt->status != HP_PENDING) {
        return refuse_status(run->interrupt, problem);
    }
    if (!change.response) {
        return hp_problem_set(problem, HP_INVALID, "/response", "response is required");
    }
    enum hp_status status = service_change_checked(run->service, &change, &resolved, problem);
    if (status == HP_OK) {
        hp_interrupt_free(run->interrupt);
        run->interrupt = resolved;
    }
    return status;
}

/* The envelope as it is behind the answer: denied, or at the stage where it goes on. */
static enum hp_status lead_on(struct run *run, struct hp_problem *problem) {
    const char *stage = pipeline_route(run->pipeline, run->interrupt->kind);
    if (!hp_request_can_resume(run->interrupt)) {
        return envelope_terminate(run->envelope, "user_denied", "User denied confirmation",
                                  run->moment.now_us, problem);
    }
    return stage ? envelope_put(run->envelope, "current_stage", json_string(stage), problem) : HP_OK;
}

/* The embedded interrupt of an envelope without a process; a process asks the store each time. */
static enum hp_status embed(struct run *run, struct hp_problem *problem) {
    if (run->process || !envelope_flag(run->envelope, "interrupt_pending")) {
        return HP_OK;
    }
    json_t *encoded = interrupt_encode(run->interrupt);
    enum hp_status status =
        encoded ? envelope_resolve_interrupt(run->envelope, json_object_get(encoded, "response"),
                                             run->interrupt->resolved_at_us, problem)
                : hp_problem_no_memory(problem);
    json_decref(encoded);
    return status;
}

static enum hp_status mark(struct run *run, struct hp_problem *problem) {
    struct kernel_process *process = run->process;
    if (!process) {
        return store_flow_resume(service_store(run->service), envelope_text(run->envelope, "envelope_id"),
                                 run->interrupt->id, NULL, problem);
    }
    process->state = envelope_flag(run->envelope, "terminated") ? HP_FLOW_TERMINATED : HP_FLOW_READY;
    return kernel_process_go_on(run->service, process, run->interrupt->id, problem);
}

static enum hp_status execute(struct run *run, enum pipeline_reach reach, struct hp_problem *problem) {
    struct kernel_process *process = run->process;
    if (envelope_flag(run->envelope, "terminated")) {
        return HP_OK;
    }
    enum hp_status status =
        pipeline_run(run->pipeline, run->effects, run->envelope, reach, run->moment.now_us, problem);
    if (status != HP_OK || !process) {
        return status;
    }
    process->state = envelope_flag(run->envelope, "terminated") ? HP_FLOW_TERMINATED : HP_FLOW_RUNNING;
    return kernel_process_write(run->service, process, problem);
}

/* All of it, for a flow that waits for this interrupt. */
static enum hp_status go_on(struct run *run, enum pipeline_reach reach, struct hp_problem *problem) {
    enum hp_status status = check_owner(run, problem);
    if (status == HP_OK) {
        status = check_stage(run, problem);
    }
    if (status == HP_OK) {
        status = answer_interrupt(run, problem);
    }
    if (status == HP_OK) {
        status = store_moment(service_store(run->service), &run->moment, problem);
    }
    if (status == HP_OK) {
        status = embed(run, problem);
    }
    if (status == HP_OK) {
        status = lead_on(run, problem);
    }
    if (status == HP_OK) {
        status = mark(run, problem);
    }
    return status == HP_OK ? execute(run, reach, problem) : status;
}

/* Resumes the process that was read, with its interrupt in run->interrupt. */
static enum hp_status go_on_process(struct run *run, const struct request_pipeline *pipeline,
                                    enum pipeline_reach reach, struct hp_problem *problem) {
    struct kernel_process *process = run->process;
    bool own = !pipeline || (!pipeline->pipeline && !pipeline->effects);
    bool names_it = strcmp(process->interrupt_id, run->resume->interrupt_id) == 0;
    run->envelope = process->envelope;
    if (names_it && run->interrupt &&
        (run->interrupt->status == HP_EXPIRED || run->interrupt->status == HP_CANCELLED)) {
        return refuse_status(run->interrupt, problem);
    }
    if (process->state != HP_FLOW_WAITING || !names_it || !run->interrupt) {
        return hp_problem_set(problem, HP_CONFLICT, NULL,
                              "the process is %s, and does not wait for that interrupt",
                              hp_flow_state_name(process->state));
    }
    enum hp_status status = read_pipeline(run, own ? process->pipeline : pipeline->pipeline,
                                          own ? process->effects : pipeline->effects, problem);
    return status == HP_OK ? go_on(run, reach, problem) : status;
}

enum hp_status resume_process(struct hp_service *service, const char *pid, const char *user_id,
                              const struct request_resume *resume, json_t **answer,
                              struct hp_problem *problem) {
    struct kernel_process process = {0};
    struct run run = {.service = service, .resume = resume, .process = &process};
    enum hp_status status = kernel_read(service, pid, user_id, &process, &run.interrupt, problem);
    if (status == HP_OK) {
        status = go_on_process(&run, NULL, PIPELINE_ONE_STAGE, problem);
    }
    if (status == HP_OK) {
        *answer = kernel_process_show(&process, run.interrupt);
        status = *answer ? HP_OK : hp_problem_no_memory(problem);
    }
    run_release(&run);
    kernel_process_release(&process);
    return status;
}

/* Resumes an envelope of which the kernel has no process. */
static enum hp_status go_on_alone(struct run *run, const struct request_pipeline *pipeline,
                                  struct hp_problem *problem) {
    const char *id = json_string_value(json_object_get(envelope_interrupt(run->envelope), "id"));
    if (envelope_flag(run->envelope, "terminated")) {
        return hp_problem_set(problem, HP_CONFLICT, NULL, "the flow is terminated");
    }
    if (id && envelope_flag(run->envelope, "interrupt_pending") &&
        embedded_is_expired(envelope_interrupt(run->envelope), run->moment.now_us)) {
        return hp_problem_set(problem, HP_CONFLICT, NULL, "the interrupt of the envelope has expired");
    }
    if (!id || strcmp(id, run->resume->interrupt_id) != 0) {
        return hp_problem_set(problem, HP_CONFLICT, NULL, "the flow does not wait for that interrupt");
    }
    enum hp_status status = read_pipeline(run, pipeline->pipeline, pipeline->effects, problem);
    if (status == HP_OK) {
        status = hp_service_get(run->service, id, NULL, &run->interrupt, problem);
    }
    return status == HP_OK ? go_on(run, PIPELINE_TO_THE_END, problem) : status;
}

/* The envelope of a process with its interrupt in it. */
static json_t *show_envelope(const struct kernel_process *process, const struct hp_interrupt *interrupt) {
    json_t *shown = kernel_process_show(process, interrupt);
    json_t *envelope = json_incref(json_object_get(shown, "envelope"));
    json_decref(shown);
    return envelope;
}

static enum hp_status resume_read(struct run *run, const json_t *envelope, struct kernel_process *process,
                                  const struct request_pipeline *pipeline, json_t **after,
                                  struct hp_problem *problem) {
    struct hp_problem cause = {0};
    enum hp_status status = kernel_read(run->service, envelope_text(envelope, "envelope_id"),
                                        envelope_text(envelope, "user_id"), process, &run->interrupt, &cause);
    if (status == HP_NOT_FOUND) {
        status = go_on_alone(run, pipeline, problem);
        *after = status == HP_OK ? json_incref(run->envelope) : NULL;
        return status;
    }
    if (status != HP_OK) {
        return hp_problem_set(problem, status, NULL, "%s", cause.detail);
    }
    run->process = process;
    status = go_on_process(run, pipeline, PIPELINE_TO_THE_END, problem);
    if (status == HP_OK) {
        *after = show_envelope(process, run->interrupt);
        status = *after ? HP_OK : hp_problem_no_memory(problem);
    }
    return status;
}

enum hp_status resume_flow(struct hp_service *service, const json_t *given,
                           const struct request_resume *resume, const struct request_pipeline *pipeline,
                           json_t **envelope, struct hp_problem *problem) {
    struct kernel_process process = {0};
    struct run run = {.service = service, .resume = resume};
    json_t *read = NULL;
    enum hp_status status = store_moment(service_store(service), &run.moment, problem);
    if (status == HP_OK) {
        status = envelope_decode(given, "/envelope", &run.moment, &read, problem);
    }
    if (status == HP_OK) {
        run.envelope = read;
        status = resume_read(&run, read, &process, pipeline, envelope, problem);
    }
    run_release(&run);
    kernel_process_release(&process);
    json_decref(read);
    return status;
}
