#include "harness/drift/source/source.h"

#include "harness/base/folder.h"
#include "harness/drift/source/audit.h"

#include <stdlib.h>
#include <sys/stat.h>
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

/* Where nothing was read nothing was proved: it may be the wrong folder. */
static enum hp_status refuse_empty(const struct source_tree *tree, struct hp_problem *problem) {
    return hp_problem_set(problem, HP_INVALID, NULL,
                          "%s holds no source file that is understood (%zu passed over: too large, or no "
                          "text); expected Python, Go, TypeScript, JavaScript, Rust, Java or C",
                          tree->root, tree->passed_over);
}

static enum hp_status check_folder(const char *path, struct hp_problem *problem) {
    struct stat is;
    if (access(path, R_OK) != 0 || stat(path, &is) != 0) {
        return hp_problem_set(problem, HP_INVALID, NULL, "%s: no such folder, or it cannot be read", path);
    }
    return S_ISDIR(is.st_mode)
               ? HP_OK
               : hp_problem_set(problem, HP_INVALID, NULL, "%s: not a folder; name the one it is in", path);
}

enum hp_status source_drift(const struct source_drift *options, const struct vocabulary *vocabulary,
                            struct drift_report *report, struct hp_problem *problem) {
    struct configuration configuration = {0};
    struct source_tree tree = {0};
    drift_report_init(report, source_checks, source_check_count);
    enum hp_status status = check_folder(options->directory, problem);
    if (status == HP_OK) {
        status = configure(options, vocabulary, &configuration, problem);
    }
    if (status == HP_OK) {
        status = source_tree_read(options->directory, &configuration, &tree, problem);
    }
    if (status == HP_OK && tree.read_count == 0) {
        status = refuse_empty(&tree, problem);
    }
    if (status == HP_OK) {
        set_subject(report, &tree);
        examine(&(struct audit){&tree, vocabulary, &configuration, report});
        status = report->failed ? hp_problem_no_memory(problem) : HP_OK;
    }
    source_tree_release(&tree);
    configuration_release(&configuration);
    return status;
}
