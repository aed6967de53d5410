#include "harness/adapters/http_child.h"

#include "harness/adapters/deadline.h"
#include "harness/adapters/process.h"
#include "harness/adapters/shell.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WORDS_SIZE = 512 };

#define KEEP " & server=$!; exec >&-; cat >/dev/null; kill $server 2>/dev/null; wait $server"

struct http_child {
    struct process *process;
    char *url, *controls;
};

const char *http_child_url(const struct http_child *child) {
    return child->url;
}

const char *http_child_controls(const struct http_child *child) {
    return child->controls;
}

void http_child_pump(struct http_child *child) {
    process_pump(child->process);
}

void http_child_take_log(struct http_child *child, struct text *log) {
    process_pump(child->process);
    process_take_errors(child->process, log);
}

void http_child_end(struct http_child *child, struct text *log) {
    if (!child) {
        return;
    }
    process_end(child->process, log);
    free(child->url);
    free(child->controls);
    free(child);
}

/* The shell keeps the server: its stdin ends with us, and then it ends the server. It closes its own stdout, so that the
 * server's end is seen there. */
static bool add_command(struct text *command, const char *conninfo, const char *schema) {
    const char *program = getenv("HOLDPOINT");
    if (program && *program) {
        shell_add_quoted(command, program, strlen(program));
    } else {
        text_addf(command, "/proc/%ld/exe", (long)getpid());
    }
    text_add(command, " serve --conformance --listen 127.0.0.1:0 --store ");
    if (conninfo) {
        struct text store = {0};
        text_addf(&store, "postgres:%s", conninfo);
        command->failed =
            command->failed || store.failed || !shell_add_quoted(command, store.bytes, store.length_bytes);
        text_release(&store);
        text_add(command, " --schema ");
        shell_add_quoted(command, schema, strlen(schema));
    } else {
        text_add(command, "memory");
    }
    return text_add(command, " --operator-token-file /dev/fd/3 3<<END" KEEP "\n" HTTP_CHILD_TOKEN "\nEND\n");
}

static bool read_url(const char *line, const char *begin, char **url) {
    size_t length = strlen(begin);
    if (strncmp(line, begin, length) != 0 || *url) {
        return false;
    }
    *url = text_copy(line + length);
    return true;
}

static enum hp_status refuse(struct http_child *child, unsigned timeout_ms, struct hp_problem *problem) {
    char words[WORDS_SIZE] = "";
    int code;
    process_wait(child->process, 0, &code);
    process_last_words(child->process, words, sizeof words);
    return hp_problem_set(problem, HP_UNAVAILABLE, NULL,
                          "the server did not say within %u ms where it and its controls listen%s%s",
                          timeout_ms, words[0] ? "; it says: " : "", words);
}

/* Waits for both lines. */
static enum hp_status await_urls(struct http_child *child, unsigned timeout_ms, struct hp_problem *problem) {
    int64_t deadline_us = deadline_after_ms(timeout_ms);
    struct pollfd watched[PROCESS_POLL_COUNT];
    const char *line;
    size_t length;
    while (!child->url || !child->controls) {
        enum process_line state = process_next_line(child->process, &line, &length);
        if (state == PROCESS_LINE && (read_url(line, "listening on ", &child->url) ||
                                      read_url(line, "controls on ", &child->controls))) {
            continue;
        }
        if (state != PROCESS_NO_LINE || deadline_remaining_ms(deadline_us) == 0) {
            return refuse(child, timeout_ms, problem);
        }
        poll(watched, process_prepare(child->process, watched), deadline_remaining_ms(deadline_us));
        process_pump(child->process);
    }
    return HP_OK;
}

static enum hp_status start(const char *command, unsigned timeout_ms, struct http_child **child,
                            struct hp_problem *problem) {
    struct http_child *made = calloc(1, sizeof *made);
    enum hp_status status =
        made ? process_start(command, &made->process, problem) : hp_problem_no_memory(problem);
    if (status == HP_OK) {
        status = await_urls(made, timeout_ms, problem);
    }
    if (status != HP_OK) {
        if (made && made->process) {
            http_child_end(made, NULL);
        } else {
            free(made);
        }
        return status;
    }
    *child = made;
    return HP_OK;
}

enum hp_status http_child_start(const char *conninfo, const char *schema, unsigned timeout_ms,
                                struct http_child **child, struct hp_problem *problem) {
    struct text command = {0};
    enum hp_status status = add_command(&command, conninfo, schema)
                                ? start(command.bytes, timeout_ms, child, problem)
                                : hp_problem_no_memory(problem);
    text_release(&command);
    return status;
}

enum hp_status http_child_start_command(const char *command, unsigned timeout_ms, struct http_child **child,
                                        struct hp_problem *problem) {
    struct text kept = {0};
    bool whole = text_add(&kept, "sh -c ") && shell_add_quoted(&kept, command, strlen(command)) &&
                 text_add(&kept, KEEP "\n");
    enum hp_status status =
        whole ? start(kept.bytes, timeout_ms, child, problem) : hp_problem_no_memory(problem);
    text_release(&kept);
    return status;
}
