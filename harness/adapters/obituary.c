#include "harness/adapters/obituary.h"

#include "harness/adapters/excerpt.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

/* Between the end of its stdout and its own end a process needs only to be scheduled. */
enum { END_WAIT_MS = 300, SENTENCE_SIZE = 200, LAST_WORDS_SIZE = 160, SHELL_SIGNAL_BASE = 128 };

static const char *signal_name(int number) {
    static const struct {
        int number;
        const char *name;
    } names[] = {{SIGABRT, "SIGABRT"}, {SIGALRM, "SIGALRM"}, {SIGBUS, "SIGBUS"},   {SIGFPE, "SIGFPE"},
                 {SIGHUP, "SIGHUP"},   {SIGILL, "SIGILL"},   {SIGINT, "SIGINT"},   {SIGKILL, "SIGKILL"},
                 {SIGPIPE, "SIGPIPE"}, {SIGQUIT, "SIGQUIT"}, {SIGSEGV, "SIGSEGV"}, {SIGTERM, "SIGTERM"}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (names[i].number == number) {
            return names[i].name;
        }
    }
    return "no common one";
}

static void describe_exit(int code, char *sentence, size_t size_bytes) {
    if (code == 127) {
        snprintf(sentence, size_bytes,
                 "the shell found no such command (exit status 127); check its path and spelling");
    } else if (code == 126) {
        snprintf(sentence, size_bytes,
                 "the command cannot be executed (exit status 126); check its permissions");
    } else if (code > SHELL_SIGNAL_BASE) {
        snprintf(sentence, size_bytes,
                 "the child died with exit status %d (the shell's word for signal %d, %s)", code,
                 code - SHELL_SIGNAL_BASE, signal_name(code - SHELL_SIGNAL_BASE));
    } else {
        snprintf(sentence, size_bytes, "the child died with exit status %d", code);
    }
}

static void describe_end(struct process *process, char *sentence, size_t size_bytes) {
    int code = 0;
    switch (process_wait(process, END_WAIT_MS, &code)) {
    case PROCESS_RUNNING:
        snprintf(sentence, size_bytes, "the child closed its stdout but still runs");
        return;
    case PROCESS_KILLED:
        snprintf(sentence, size_bytes, "the child was killed by signal %d (%s)", code, signal_name(code));
        return;
    case PROCESS_EXITED:
        describe_exit(code, sentence, size_bytes);
        return;
    }
}

void obituary_write(struct process *process, const char *rest, size_t rest_bytes, unsigned answers,
                    struct hp_problem *problem) {
    char sentence[SENTENCE_SIZE], excerpt[EXCERPT_SIZE] = "", words[LAST_WORDS_SIZE];
    char last_words[EXCERPT_SIZE] = "";
    if (rest_bytes > 0) {
        /* Before the wait, which may move what rest points to. */
        excerpt_put(excerpt, rest, rest_bytes);
    }
    describe_end(process, sentence, sizeof sentence);
    process_last_words(process, words, sizeof words);
    if (words[0]) {
        excerpt_put(last_words, words, strlen(words));
    }
    char when[48] = "before its first answer";
    if (answers > 0) {
        snprintf(when, sizeof when, "after %u answer%s", answers, answers == 1 ? "" : "s");
    }
    hp_problem_set(problem, HP_UNAVAILABLE, NULL, "%s%s%s: %s%s%s", when,
                   rest_bytes > 0 ? ", in the middle of the line " : "", excerpt, sentence,
                   words[0] ? "; last words on stderr: " : "", last_words);
}
