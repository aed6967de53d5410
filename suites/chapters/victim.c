#include "suites/chapters/victim.h"

#include "harness/adapters/deadline.h"
#include "harness/adapters/process.h"
#include "harness/adapters/shell.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WORDS_SIZE = 512, DEATH_MS = 20000 };

struct victim {
    struct process *process;
    char *url, *controls;
    bool holds;
    bool ended;
};

bool victim_holds(const struct victim *victim) {
    return victim->holds;
}

const char *victim_url(const struct victim *victim) {
    return victim->url;
}

const char *victim_controls(const struct victim *victim) {
    return victim->controls;
}

static void add_option(struct text *command, const char *name, const char *value) {
    if (value) {
        text_addf(command, " --%s ", name);
        shell_add_quoted(command, value, strlen(value));
    }
}

/* The shell keeps the server, and kills it when its stdin ends, which is our doing or our end. */
static bool add_command(struct text *command, const struct victim_options *options) {
    const char *program = getenv("HOLDPOINT");
    if (program && *program) {
        shell_add_quoted(command, program, strlen(program));
    } else {
        text_addf(command, "/proc/%ld/exe", (long)getpid());
    }
    text_add(command, " serve --conformance --quiet --operator-token " VICTIM_TOKEN);
    add_option(command, "store", options->store);
    add_option(command, "schema", options->schema);
    add_option(command, "hold", options->hold);
    add_option(command, "fault", options->fault);
    add_option(command, "legacy-zone", options->legacy_zone);
    return text_add(command, " & server=$!; exec >&-; cat >/dev/null; kill -9 $server; wait $server");
}

enum hp_status victim_start(const struct victim_options *options, struct victim **victim,
                            struct hp_problem *problem) {
    struct text command = {0};
    struct victim *made = calloc(1, sizeof *made);
    enum hp_status status = made && add_command(&command, options)
                                ? process_start(command.bytes, &made->process, problem)
                                : hp_problem_no_memory(problem);
    text_release(&command);
    if (status != HP_OK) {
        free(made);
        return status;
    }
    *victim = made;
    return HP_OK;
}

static void take_url(const char *line, const char *begin, char **url) {
    size_t length = strlen(begin);
    if (strncmp(line, begin, length) == 0 && !*url) {
        *url = text_copy(line + length);
    }
}

static void take_lines(struct victim *victim) {
    static const char held[] = "held at ";
    const char *line;
    size_t length;
    enum process_line state;
    while ((state = process_next_line(victim->process, &line, &length)) == PROCESS_LINE) {
        take_url(line, "listening on ", &victim->url);
        take_url(line, "controls on ", &victim->controls);
        victim->holds = victim->holds || strncmp(line, held, sizeof held - 1) == 0;
    }
    victim->ended = state != PROCESS_NO_LINE;
}

void victim_look(struct victim *victim, unsigned wait_ms) {
    struct pollfd watched[PROCESS_POLL_COUNT];
    poll(watched, process_prepare(victim->process, watched), (int)wait_ms);
    process_pump(victim->process);
    take_lines(victim);
}

enum hp_status victim_await(struct victim *victim, unsigned timeout_ms, struct hp_problem *problem) {
    int64_t deadline_us = deadline_after_ms(timeout_ms);
    char words[WORDS_SIZE] = "";
    while (!(victim->url && victim->controls) && !victim->ended && deadline_remaining_ms(deadline_us) > 0) {
        victim_look(victim, (unsigned)deadline_remaining_ms(deadline_us));
    }
    if (victim->url && victim->controls) {
        return HP_OK;
    }
    int code;
    process_wait(victim->process, 0, &code);
    process_last_words(victim->process, words, sizeof words);
    return hp_problem_set(problem, HP_UNAVAILABLE, NULL,
                          "holdpoint serve did not say within %u ms where it listens%s%s", timeout_ms,
                          words[0] ? "; it says: " : "", words);
}

void victim_kill(struct victim *victim) {
    int code;
    if (!victim) {
        return;
    }
    process_close_input(victim->process);
    process_wait(victim->process, DEATH_MS, &code);
    process_end(victim->process, NULL);
    free(victim->url);
    free(victim->controls);
    free(victim);
}
