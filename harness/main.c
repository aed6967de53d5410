#include "harness/base/small_memory.h"
#include "harness/base/standard_streams.h"
#include "harness/commands/adapter.h"
#include "harness/commands/command.h"
#include "harness/commands/signals.h"
#include "suites/chapters/chapters.h"
#include "suites/chapters/webhook.h"

#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

static const struct command commands[] = {
    {"run", "run cases against one target or several, and report", command_run},
    {"list", "list cases, or requirements with their cases", command_list},
    {"explain", "explain a case or a requirement", command_explain},
    {"doctor", "look whether an adapter speaks the wire, before any verdict", command_doctor},
    {"explore", "play scripts drawn by chance, and keep the smallest that fails", command_explore},
    {"replay", "run the cases of files, as explore writes them", command_replay},
    {"judge", "judge recorded histories of concurrent clients", command_judge},
    {"report", "make a page of reports, or put the parts of a run together", command_report},
    {"diff", "say what changed between two runs", command_diff},
    {"serve", "serve the reference over HTTP", command_serve},
    {"new-adapter", "write a working adapter to begin with, in four languages", command_new_adapter},
    {"mutants", "prove by faulty services that the cases bite", command_mutants},
    {"spec", "print the requirements as a page", command_spec},
    {"drift", "find what a database or migrations have drifted from", command_drift},
    {"adapter", "serve a target over stdin and stdout", command_adapter},
    {NULL, NULL, NULL},
};

/* A run makes and drops the same megabytes again and again: glibc is told to keep them, and the small pieces of
 * JSON values have lists of their own. */
static void keep_memory(void) {
#ifdef __GLIBC__
    enum { KEPT_BYTES = 64 * 1024 * 1024, STEP_BYTES = 2 * 1024 * 1024 };
    mallopt(M_MMAP_THRESHOLD, KEPT_BYTES / 2);
    mallopt(M_TRIM_THRESHOLD, KEPT_BYTES);
    mallopt(M_TOP_PAD, STEP_BYTES);
#endif
    json_set_alloc_funcs(small_memory_get, small_memory_drop);
}

int main(int count, char **arguments) {
    if (!standard_streams_hold()) {
        return EXIT_BROKEN;
    }
    keep_memory();
    /* A reader that has gone is then an error of the write, noticed below, and ends nothing half-way. */
    signal(SIGPIPE, SIG_IGN);
    signals_guard();
    chapters_register();
    int code = command_dispatch(commands, count, arguments);
    chapter_webhook_release();
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fputs("holdpoint: stdout could not be written (closed pipe or full disk)\n", stderr);
        return EXIT_BROKEN;
    }
    return code;
}
