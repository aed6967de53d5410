/* The process of a flow in hand: read from the store, changed, and written back as the next version. One thread at a time. The
 * library does not export it. */
#ifndef HOLDPOINT_SERVICE_KERNEL_PROCESS_H
#define HOLDPOINT_SERVICE_KERNEL_PROCESS_H

#include "reference/core/envelope.h"
#include "reference/core/interrupt.h"
#include "reference/core/quota.h"
#include "reference/service/service.h"

/* Zeroed it is none; release it with kernel_process_release. */
struct kernel_process {
    int64_t version; /* that was read; 0: it is new */
    enum hp_flow_state state;
    char interrupt_id[HP_ID_SIZE];
    json_t *envelope; /* its interrupt is null: the store's says what is pending */
    json_t *pipeline; /* NULL: the service's */
    json_t *effects;  /* NULL: none */
    struct quota_amounts most, used;
};

void kernel_process_release(struct kernel_process *process);

/* Reads the process of that pid, as it is stored. HP_NOT_FOUND. */
enum hp_status kernel_process_read(struct hp_service *service, const char *pid,
                                   struct kernel_process *process, struct hp_problem *problem);

/* The process as the store is to have it next. *flow borrows pid and `texts`, which the caller frees with
 * kernel_process_texts_free. HP_INTERNAL without memory. */
struct kernel_process_texts {
    char *envelope, *notes;
};
enum hp_status kernel_process_draft(const struct kernel_process *process, struct kernel_process_texts *texts,
                                    struct hp_flow *flow, struct hp_problem *problem);
void kernel_process_texts_free(struct kernel_process_texts *texts);

/* Writes it as a new one, or in the place of the version that was read; it is that version then. HP_CONFLICT when somebody else
 * was first. */
enum hp_status kernel_process_write(struct hp_service *service, struct kernel_process *process,
                                    struct hp_problem *problem);

/* Writes it with a new interrupt that it has raised, both or neither; the caller frees *interrupt. HP_CONFLICT as above. */
enum hp_status kernel_process_raise(struct hp_service *service, struct kernel_process *process,
                                    struct hp_create *create, struct hp_interrupt **interrupt,
                                    struct hp_problem *problem);

/* Writes it, and marks that the flow goes on behind that interrupt, both or neither. HP_CONFLICT as above, and when somebody else
 * has marked it. */
enum hp_status kernel_process_go_on(struct hp_service *service, struct kernel_process *process,
                                    const char *interrupt_id, struct hp_problem *problem);

/* The pid: the id of its envelope. Borrowed. */
const char *kernel_process_pid(const struct kernel_process *process);

/* The interrupt that the process has as it is shown now; NULL when it has none, or the store knows it no more. */
enum hp_status kernel_process_interrupt(struct hp_service *service, const struct kernel_process *process,
                                        struct hp_interrupt **interrupt, struct hp_problem *problem);

/* The process for an answer: {pid, state, envelope, quota, usage}. The envelope embeds the interrupt, unless that is NULL,
 * expired or cancelled. NULL when memory runs out. */
json_t *kernel_process_show(const struct kernel_process *process, const struct hp_interrupt *interrupt);

#endif
