#include "harness/drift/source/source.h"

#include "harness/base/folder.h"
#include "harness/drift/source/audit.h"

#include <stdlib.h>
#include <unistd.h>

/* Finds the configuration, read when there is one. */
static enum hp_status configure(const struct source_drift *options, const struct vocabulary *vocabulary,
                                struct configuration *configuration, struct hp_problem *problem) {
    enum hp_status status = HP_OK;
    char *path = path_join(options->directory, CONFIGURATION_NAME);
    if (!path) {
        return hp_problem_no_memory(problem);
    }
    const char *file = options->configuration    ? options->configuration
                       : access(path, F_OK) == 0 ? path
                                                 : NULL;
    if (file) {
        status = configuration_read(file, vocabulary, configuration, problem);
    }
    free(path);
    return status;
}

/* An entry that ignores nothing hides what may come back. */
static void tell_unused(const struct audit *audit) {
    const struct configuration *configuration = audit->configuration;
    for (size_t i = 0; i < configuration->ignored_count; i++) {
        const struct ignored *ignored = &configuration->ignored[i];
        const struct drift_place place = {NULL, configuration->document.path, ignored->line};
        if (ignored->used == 0) {
            drift_find(audit->report, &source_checks[SOURCE_IGNORED], &place, "Take the entry out.",
                       "Nothing fits this entry, %s in %s.", ignored->check, ignored->path);
        }
    }
}

static void examine(const struct audit *audit) {
    static void (*const parts[])(const struct audit *) = {
        audit_words, audit_records, audit_tables, audit_maps, audit_services, audit_imports, audit_stages};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        parts[i](audit);
    }
    tell_unused(audit);
    for (size_t i = 0; i < source_check_count; i++) {
        drift_examined(audit->report, &source_checks[i]);
    }
}

/* What was read, as the subject of the report. */
static void set_subject(struct drift_report *report, const struct source_tree *tree) {
    struct text text = {0};
    text_addf(&text, "the source tree %s, %zu %s", tree->root, tree->read_count,
              tree->read_count == 1 ? "file" : "files");
    if (tree->passed_over > 0) {
        text_addf(&text, " (%zu passed over: too large, or no text)", tree->passed_over);
    }
    report->subject = text_take(&text);
    report->failed = report->failed || !report->subject;
}

enum hp_status source_drift(const struct source_drift *options, const struct vocabulary *vocabulary,
                            struct drift_report *report, struct hp_problem *problem) {
    struct configuration configuration = {0};
    struct source_tree tree = {0};
    drift_report_init(report, source_checks, source_check_count);
    enum hp_status status =
        access(options->directory, R_OK) == 0
            ? configure(options, vocabulary, &configuration, problem)
            : hp_problem_set(problem, HP_INVALID, NULL, "%s: no such folder, or it cannot be read",
                             options->directory);
    if (status == HP_OK) {
        status = source_tree_read(options->directory, &configuration, &tree, problem);
    }
    if (status == HP_OK) {
        set_subject(report, &tree);
        if (tree.read_count > 0) {
            examine(&(struct audit){&tree, vocabulary, &configuration, report});
        }
        status = report->failed ? hp_problem_no_memory(problem) : HP_OK;
    }
    source_tree_release(&tree);
    configuration_release(&configuration);
    return status;
}
