#include "reference/store/flow_book.h"
#include "reference/base/text.h"

#include <stdlib.h>
#include <string.h>

struct flow_entry {
    struct table_entry entry; /* first, so that an entry is its flow_entry */
    struct hp_flow *current;  /* replaced as a whole, never changed */
    char pid[];
};

struct resumed_entry {
    struct table_entry entry;
    char id[HP_ID_SIZE];
};

void flow_book_init(struct flow_book *book) {
    *book = (struct flow_book){0};
    pthread_mutex_init(&book->mutex, NULL);
}

static void entry_free(struct flow_entry *entry) {
    if (entry) {
        hp_flow_free(entry->current);
        free(entry);
    }
}

static void free_flow(struct table_entry *entry) {
    entry_free((struct flow_entry *)entry);
}

static void free_resumed(struct table_entry *entry) {
    free(entry);
}

void flow_book_release(struct flow_book *book) {
    table_release(&book->flows, free_flow);
    table_release(&book->resumed, free_resumed);
    pthread_mutex_destroy(&book->mutex);
}

static struct flow_entry *entry_new(const struct hp_flow *flow) {
    size_t size_bytes = strlen(flow->pid) + 1;
    struct flow_entry *entry = calloc(1, sizeof *entry + size_bytes);
    if (!entry) {
        return NULL;
    }
    memcpy(entry->pid, flow->pid, size_bytes);
    entry->entry = (struct table_entry){.hash = table_hash(entry->pid), .key = entry->pid};
    entry->current = hp_flow_new(flow);
    if (!entry->current) {
        free(entry);
        return NULL;
    }
    return entry;
}

static struct flow_entry *find(const struct flow_book *book, const char *pid) {
    return (struct flow_entry *)table_find(&book->flows, pid, table_hash(pid));
}

enum hp_status flow_book_add(struct flow_book *book, const struct hp_flow *flow, struct hp_problem *problem) {
    struct flow_entry *entry = entry_new(flow);
    if (!entry) {
        return hp_problem_no_memory(problem);
    }
    enum hp_status status = HP_OK;
    pthread_mutex_lock(&book->mutex);
    if (find(book, flow->pid)) {
        status = hp_problem_set(problem, HP_CONFLICT, NULL, "there is a process of that id already");
    } else if (!table_reserve(&book->flows)) {
        status = hp_problem_no_memory(problem);
    } else {
        table_insert(&book->flows, &entry->entry);
        entry = NULL;
    }
    pthread_mutex_unlock(&book->mutex);
    entry_free(entry);
    return status;
}

enum hp_status flow_book_get(struct flow_book *book, const char *pid, struct hp_flow **flow,
                             struct hp_problem *problem) {
    struct hp_flow *copy = NULL;
    pthread_mutex_lock(&book->mutex);
    const struct flow_entry *entry = find(book, pid);
    copy = entry ? hp_flow_new(entry->current) : NULL;
    pthread_mutex_unlock(&book->mutex);
    if (!entry) {
        return hp_problem_set(problem, HP_NOT_FOUND, NULL, "there is no such process");
    }
    *flow = copy;
    return copy ? HP_OK : hp_problem_no_memory(problem);
}

/* The process that is to become `after`; NULL, with a problem, unless it is at the version before. */
static struct flow_entry *find_before(const struct flow_book *book, const struct hp_flow *after,
                                      struct hp_problem *problem) {
    struct flow_entry *entry = find(book, after->pid);
    if (entry && entry->current->version == after->version - 1) {
        return entry;
    }
    hp_problem_set(problem, HP_CONFLICT, NULL, "the process was changed meanwhile");
    return NULL;
}

enum hp_status flow_book_begin(struct flow_book *book, const struct hp_flow *after, const char *interrupt_id,
                               struct flow_step *step, struct hp_problem *problem) {
    struct hp_flow *made = hp_flow_new(after);
    if (!made) {
        return hp_problem_no_memory(problem);
    }
    text_put(made->interrupt_id, sizeof made->interrupt_id, interrupt_id);
    pthread_mutex_lock(&book->mutex);
    struct flow_entry *entry = find_before(book, after, problem);
    if (!entry) {
        pthread_mutex_unlock(&book->mutex);
        hp_flow_free(made);
        return HP_CONFLICT;
    }
    *step = (struct flow_step){book, entry, made};
    return HP_OK;
}

void flow_book_carry_out(struct flow_step *step) {
    if (step->book) {
        hp_flow_free(step->entry->current);
        step->entry->current = step->after;
        pthread_mutex_unlock(&step->book->mutex);
        *step = (struct flow_step){0};
    }
}

void flow_book_drop(struct flow_step *step) {
    if (step->book) {
        hp_flow_free(step->after);
        pthread_mutex_unlock(&step->book->mutex);
        *step = (struct flow_step){0};
    }
}

enum hp_status flow_book_change(struct flow_book *book, const struct hp_flow *after,
                                struct hp_problem *problem) {
    struct flow_step step = {0};
    enum hp_status status = flow_book_begin(book, after, after->interrupt_id, &step, problem);
    flow_book_carry_out(&step);
    return status;
}

/* The book is locked. */
static enum hp_status mark_locked(struct flow_book *book, const char *pid, struct resumed_entry *mark,
                                  const struct hp_flow *after, struct hp_flow **made,
                                  struct hp_problem *problem) {
    struct flow_entry *entry = after ? find_before(book, after, problem) : find(book, pid);
    if (after && !entry) {
        return HP_CONFLICT;
    }
    if (!after && entry) {
        return hp_problem_set(problem, HP_CONFLICT, NULL, "the process was made meanwhile");
    }
    if (table_find(&book->resumed, mark->id, mark->entry.hash)) {
        return hp_problem_set(problem, HP_CONFLICT, NULL, "the flow has gone on behind this interrupt");
    }
    if (!table_reserve(&book->resumed)) {
        return hp_problem_no_memory(problem);
    }
    table_insert(&book->resumed, &mark->entry);
    if (after) {
        struct hp_flow *before = entry->current;
        entry->current = *made;
        *made = before;
    }
    return HP_OK;
}

enum hp_status flow_book_resume(struct flow_book *book, const char *pid, const char *interrupt_id,
                                const struct hp_flow *after, struct hp_problem *problem) {
    struct resumed_entry *mark = calloc(1, sizeof *mark);
    struct hp_flow *made = after ? hp_flow_new(after) : NULL;
    enum hp_status status = HP_OK;
    if (!mark || (after && !made)) {
        free(mark);
        hp_flow_free(made);
        return hp_problem_no_memory(problem);
    }
    text_put(mark->id, sizeof mark->id, interrupt_id);
    mark->entry = (struct table_entry){.hash = table_hash(mark->id), .key = mark->id};
    pthread_mutex_lock(&book->mutex);
    status = mark_locked(book, pid, mark, after, &made, problem);
    pthread_mutex_unlock(&book->mutex);
    if (status != HP_OK) {
        free(mark);
    }
    hp_flow_free(made);
    return status;
}
