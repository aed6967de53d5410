#include "reference/service/kernel_process.h"
#include "reference/base/text.h"
#include "reference/core/envelope_interrupt.h"
#include "reference/core/wire.h"
#include "reference/service/checked.h"
#include "reference/store/calls.h"

#include <stdlib.h>
#include <string.h>

void kernel_process_release(struct kernel_process *process) {
    json_decref(process->envelope);
    json_decref(process->pipeline);
    json_decref(process->effects);
    *process = (struct kernel_process){0};
}

const char *kernel_process_pid(const struct kernel_process *process) {
    return envelope_text(process->envelope, "envelope_id");
}

static json_t *amounts_encode(const struct quota_amounts *amounts) {
    json_t *list = json_array();
    for (int i = 0; i < QUOTA_COUNT; i++) {
        if (json_array_append_new(list, json_integer(amounts->of[i])) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static void amounts_decode(const json_t *list, struct quota_amounts *amounts) {
    for (size_t i = 0; i < QUOTA_COUNT; i++) {
        amounts->of[i] = json_integer_value(json_array_get(list, i));
    }
}

static enum hp_status read_stored(const char *text, json_t **value, struct hp_problem *problem) {
    struct hp_problem cause = {0};
    if (json_read(text, strlen(text), value, &cause) == HP_OK && json_is_object(*value)) {
        return HP_OK;
    }
    return cause.status == HP_INTERNAL ? hp_problem_no_memory(problem)
                                       : hp_problem_set(problem, HP_INTERNAL, NULL,
                                                        "a stored process cannot be read: %s", cause.detail);
}

static json_t *shared(const json_t *notes, const char *key) {
    json_t *value = json_object_get(notes, key);
    return json_is_object(value) ? json_incref(value) : NULL;
}

static enum hp_status open_flow(const struct hp_flow *flow, struct kernel_process *process,
                                struct hp_problem *problem) {
    json_t *notes = NULL;
    struct kernel_process read = {.version = flow->version, .state = flow->state};
    text_put(read.interrupt_id, sizeof read.interrupt_id, flow->interrupt_id);
    enum hp_status status = read_stored(flow->envelope, &read.envelope, problem);
    if (status == HP_OK) {
        status = read_stored(flow->notes, &notes, problem);
    }
    if (status == HP_OK) {
        read.pipeline = shared(notes, "pipeline");
        read.effects = shared(notes, "effects");
        amounts_decode(json_object_get(notes, "quota"), &read.most);
        amounts_decode(json_object_get(notes, "usage"), &read.used);
    }
    json_decref(notes);
    if (status != HP_OK) {
        kernel_process_release(&read);
        return status;
    }
    *process = read;
    return HP_OK;
}

enum hp_status kernel_process_read(struct hp_service *service, const char *pid,
                                   struct kernel_process *process, struct hp_problem *problem) {
    struct hp_flow *flow = NULL;
    enum hp_status status = store_flow_get(service_store(service), pid, &flow, problem);
    if (status == HP_OK) {
        status = open_flow(flow, process, problem);
    }
    hp_flow_free(flow);
    return status;
}

void kernel_process_texts_free(struct kernel_process_texts *texts) {
    free(texts->envelope);
    free(texts->notes);
    *texts = (struct kernel_process_texts){0};
}

static char *write_notes(const struct kernel_process *process) {
    json_t *notes =
        json_pack("{so so sO? sO?}", "quota", amounts_encode(&process->most), "usage",
                  amounts_encode(&process->used), "pipeline", process->pipeline, "effects", process->effects);
    char *text = notes ? json_to_text(notes) : NULL;
    json_decref(notes);
    return text;
}

enum hp_status kernel_process_draft(const struct kernel_process *process, struct kernel_process_texts *texts,
                                    struct hp_flow *flow, struct hp_problem *problem) {
    *texts = (struct kernel_process_texts){json_to_text(process->envelope), write_notes(process)};
    if (!texts->envelope || !texts->notes) {
        kernel_process_texts_free(texts);
        return hp_problem_no_memory(problem);
    }
    *flow = (struct hp_flow){
        .pid = kernel_process_pid(process),
        .state = process->state,
        .version = process->version + 1,
        .envelope = texts->envelope,
        .notes = texts->notes,
    };
    text_put(flow->interrupt_id, sizeof flow->interrupt_id, process->interrupt_id);
    return HP_OK;
}

enum hp_status kernel_process_write(struct hp_service *service, struct kernel_process *process,
                                    struct hp_problem *problem) {
    struct hp_store *store = service_store(service);
    struct kernel_process_texts texts;
    struct hp_flow flow;
    enum hp_status status = kernel_process_draft(process, &texts, &flow, problem);
    if (status != HP_OK) {
        return status;
    }
    status = process->version == 0 ? store_flow_add(store, &flow, problem)
                                   : store_flow_change(store, &flow, problem);
    process->version += status == HP_OK;
    kernel_process_texts_free(&texts);
    return status;
}

enum hp_status kernel_process_raise(struct hp_service *service, struct kernel_process *process,
                                    struct hp_create *create, struct hp_interrupt **interrupt,
                                    struct hp_problem *problem) {
    struct kernel_process_texts texts;
    struct hp_flow flow;
    create->request_id = envelope_text(process->envelope, "request_id");
    create->user_id = envelope_text(process->envelope, "user_id");
    create->session_id = envelope_text(process->envelope, "session_id");
    create->envelope_id = kernel_process_pid(process);
    enum hp_status status = kernel_process_draft(process, &texts, &flow, problem);
    if (status != HP_OK) {
        return status;
    }
    create->flow = &flow;
    status = service_create_checked(service, create, interrupt, problem);
    create->flow = NULL;
    if (status == HP_OK) {
        process->version++;
        text_put(process->interrupt_id, sizeof process->interrupt_id, (*interrupt)->id);
    }
    kernel_process_texts_free(&texts);
    return status;
}

enum hp_status kernel_process_go_on(struct hp_service *service, struct kernel_process *process,
                                    const char *interrupt_id, struct hp_problem *problem) {
    struct kernel_process_texts texts;
    struct hp_flow flow;
    enum hp_status status = kernel_process_draft(process, &texts, &flow, problem);
    if (status != HP_OK) {
        return status;
    }
    status = store_flow_resume(service_store(service), flow.pid, interrupt_id, &flow, problem);
    process->version += status == HP_OK;
    kernel_process_texts_free(&texts);
    return status;
}

enum hp_status kernel_process_interrupt(struct hp_service *service, const struct kernel_process *process,
                                        struct hp_interrupt **interrupt, struct hp_problem *problem) {
    struct hp_problem cause = {0};
    *interrupt = NULL;
    if (!process->interrupt_id[0]) {
        return HP_OK;
    }
    enum hp_status status = hp_service_get(service, process->interrupt_id, NULL, interrupt, &cause);
    return status == HP_OK || status == HP_NOT_FOUND
               ? HP_OK
               : hp_problem_set(problem, status, NULL, "%s", cause.detail);
}

/* Amounts by name; NULL when memory runs out. */
static json_t *show_amounts(const struct quota_amounts *amounts, bool most) {
    json_t *object = json_object();
    for (int i = 0; object && i < QUOTA_COUNT; i++) {
        const struct quota_words *words = quota_words((enum quota_resource)i);
        json_t *value = i == QUOTA_ELAPSED ? json_real((double)amounts->of[i] / (double)HP_SECOND_US)
                                           : json_integer(amounts->of[i]);
        if (json_object_set_new(object, most ? words->most : words->used, value) != 0) {
            json_decref(object);
            object = NULL;
        }
    }
    return object;
}

/* The envelope with the interrupt in it. */
static json_t *show_envelope(const struct kernel_process *process, const struct hp_interrupt *interrupt) {
    bool shown = interrupt && interrupt->status != HP_EXPIRED && interrupt->status != HP_CANCELLED;
    json_t *envelope = json_copy_whole(process->envelope);
    json_t *embedded = shown ? interrupt_encode(interrupt) : NULL;
    bool made =
        envelope && (!shown || (embedded && envelope_set_interrupt(envelope, embedded, NULL) == HP_OK));
    json_decref(embedded);
    if (!made) {
        json_decref(envelope);
        return NULL;
    }
    return envelope;
}

json_t *kernel_process_show(const struct kernel_process *process, const struct hp_interrupt *interrupt) {
    json_t *envelope = show_envelope(process, interrupt);
    json_t *quota = show_amounts(&process->most, true), *usage = show_amounts(&process->used, false);
    json_t *shown = NULL;
    if (envelope && quota && usage) {
        shown = json_pack("{ss ss sO sO sO}", "pid", kernel_process_pid(process), "state",
                          hp_flow_state_name(process->state), "envelope", envelope, "quota", quota, "usage",
                          usage);
    }
    json_decref(envelope);
    json_decref(quota);
    json_decref(usage);
    return shown;
}
