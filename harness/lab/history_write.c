#include "harness/base/value.h"
#include "harness/lab/history.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void add_string(struct text *text, const char *string) {
    value_write_string(text, string, strlen(string));
}

static void add_name(struct text *text, const struct names *names, uint32_t number) {
    if (names_form(names, number) == NAME_NUMBER) {
        text_add(text, names_text(names, number));
    } else {
        add_string(text, names_text(names, number));
    }
}

static void add_answerer(struct text *text, const struct history *history,
                         const struct operation *operation) {
    if (operation->who != NAME_NONE) {
        text_add(text, "\"by\":");
        add_name(text, &history->clients, operation->who);
    }
    if (operation->user != NAME_NONE) {
        text_add(text, operation->who != NAME_NONE ? ",\"user\":" : "\"user\":");
        add_string(text, names_text(&history->users, operation->user));
    }
}

static void add_creation(struct text *text, const struct history *history,
                         const struct operation *operation) {
    text_add(text, "\"owner\":");
    add_string(text, names_text(&history->users, operation->who));
    text_add(text, ",\"expires_ns\":");
    if (operation->expires_ns == HISTORY_NEVER) {
        text_add(text, "null");
    } else {
        text_addf(text, "%" PRId64, operation->expires_ns);
    }
    text_addf(text, ",\"checkpoint\":%s", operation->checkpoint ? "true" : "false");
}

static void add_filter(struct text *text, const struct operation *operation) {
    const char *comma = "";
    text_add(text, "\"filter\":[");
    for (unsigned shown = SHOWN_PENDING; shown < SHOWN_COUNT; shown++) {
        if (operation->filter & (1u << shown)) {
            text_addf(text, "%s\"%s\"", comma, shown_name(shown));
            comma = ",";
        }
    }
    text_add(text, "]");
}

static void add_args(struct text *text, const struct history *history, const struct operation *operation) {
    switch (operation->kind) {
    case OPERATION_CREATE:
        add_creation(text, history, operation);
        return;
    case OPERATION_RESPOND:
    case OPERATION_CANCEL:
        add_answerer(text, history, operation);
        return;
    case OPERATION_LIST:
        add_filter(text, operation);
        return;
    default:
        return;
    }
}

/* A result may hold a client's name, which may hold anything. */
static void add_result(struct text *text, const struct history *history, const struct operation *operation) {
    struct text result = {0};
    if (!operation_result_add(&result, history, operation)) {
        text->failed = true;
    } else {
        add_string(text, result.bytes);
    }
    text_release(&result);
}

bool history_write_operation(const struct history *history, const struct operation *operation,
                             struct text *text) {
    text_add(text, "{\"client\":");
    add_name(text, &history->clients, operation->client);
    text_add(text, ",\"key\":");
    add_name(text, &history->key_names, operation->key);
    text_addf(text, ",\"op\":\"%s\",\"args\":{", operation_kind_name(operation->kind));
    add_args(text, history, operation);
    text_add(text, "},\"result\":");
    add_result(text, history, operation);
    text_addf(text, ",\"invoke_ns\":%" PRId64 ",\"return_ns\":", operation->invoke_ns);
    if (operation->return_ns == HISTORY_LOST) {
        text_add(text, "null}\n");
    } else {
        text_addf(text, "%" PRId64 "}\n", operation->return_ns);
    }
    return !text->failed;
}

/* An operation and what orders it, since qsort takes no context. */
struct place {
    int64_t invoke_ns;
    size_t rank; /* of its client */
    const struct operation *operation;
};

static int compare_places(const void *left, const void *right) {
    const struct place *one = left;
    const struct place *other = right;
    if (one->invoke_ns != other->invoke_ns) {
        return one->invoke_ns < other->invoke_ns ? -1 : 1;
    }
    if (one->rank != other->rank) {
        return one->rank < other->rank ? -1 : 1;
    }
    return (one->operation->line > other->operation->line) - (one->operation->line < other->operation->line);
}

/* A client, to be ranked among the clients. */
struct ranked {
    const struct names *names;
    uint32_t number;
};

static int compare_ranked(const void *left, const void *right) {
    const struct ranked *one = left;
    const struct ranked *other = right;
    return names_compare(one->names, one->number, other->number);
}

/* ranks[client] is the client's place among all of them. */
static bool rank_clients(const struct names *clients, size_t *ranks) {
    struct ranked *sorted = malloc((clients->count + 1) * sizeof *sorted);
    if (!sorted) {
        return false;
    }
    for (uint32_t i = 0; i < clients->count; i++) {
        sorted[i] = (struct ranked){clients, i};
    }
    qsort(sorted, clients->count, sizeof *sorted, compare_ranked);
    for (size_t i = 0; i < clients->count; i++) {
        ranks[sorted[i].number] = i;
    }
    free(sorted);
    return true;
}

static bool sort_places(const struct history *history, struct place *places) {
    size_t *ranks = malloc((history->clients.count + 1) * sizeof *ranks);
    bool ranked = ranks && rank_clients(&history->clients, ranks);
    for (size_t i = 0; ranked && i < history->count; i++) {
        const struct operation *operation = &history->operations[i];
        places[i] = (struct place){operation->invoke_ns, ranks[operation->client], operation};
    }
    if (ranked) {
        qsort(places, history->count, sizeof *places, compare_places);
    }
    free(ranks);
    return ranked;
}

static enum hp_status write_places(const struct history *history, const struct place *places, FILE *stream,
                                   struct hp_problem *problem) {
    struct text line = {0};
    enum hp_status status = HP_OK;
    for (size_t i = 0; i < history->count && status == HP_OK; i++) {
        text_clear(&line);
        if (!history_write_operation(history, places[i].operation, &line)) {
            status = hp_problem_no_memory(problem);
        } else if (fwrite(line.bytes, 1, line.length_bytes, stream) != line.length_bytes) {
            status = hp_problem_set(problem, HP_UNAVAILABLE, NULL, "the history cannot be written: %s",
                                    strerror(errno));
        }
    }
    text_release(&line);
    if (status == HP_OK && fflush(stream) != 0) {
        status = hp_problem_set(problem, HP_UNAVAILABLE, NULL, "the history cannot be written: %s",
                                strerror(errno));
    }
    return status;
}

enum hp_status history_write(const struct history *history, FILE *stream, struct hp_problem *problem) {
    struct place *places = malloc((history->count + 1) * sizeof *places);
    if (!places || !sort_places(history, places)) {
        free(places);
        return hp_problem_no_memory(problem);
    }
    enum hp_status status = write_places(history, places, stream, problem);
    free(places);
    return status;
}
