#include "harness/commands/reports.h"
#include "harness/base/folder.h"
#include "harness/report/fan_out.h"
#include "harness/report/screen.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char folder_default[] = "reports/latest";

/* The reports while they are being opened. */
struct opening {
    struct reports *reports;
    const struct run_options *options;
    struct reporter *reporters[REPORT_FILES_MAX + 1];
    bool begins_with_conclusion[REPORT_FILES_MAX + 1];
    size_t count;
    struct hp_problem *problem;
};

static struct reporter *make_reporter(const struct opening *opening, const char *format, FILE *out) {
    if (strcmp(format, "junit") == 0) {
        return reporter_junit_new(out);
    }
    if (strcmp(format, "ndjson") == 0) {
        return reporter_ndjson_new(out);
    }
    if (strcmp(format, "markdown") == 0) {
        return reporter_markdown_new(out);
    }
    if (strcmp(format, "html") == 0) {
        return reporter_page_new(out);
    }
    return reporter_terminal_new(out, screen_has_color(out, opening->options->no_color), screen_obeys(out),
                                 screen_columns(out));
}

/* Markdown and pages begin with the conclusion, so they are settled behind all that can still change it. */
static void put_conclusions_last(struct opening *opening) {
    struct reporter *ordered[REPORT_FILES_MAX + 1] = {NULL};
    size_t count = 0;
    for (int last = 0; last < 2; last++) {
        for (size_t i = 0; i < opening->count; i++) {
            if (opening->begins_with_conclusion[i] == (last == 1)) {
                ordered[count++] = opening->reporters[i];
            }
        }
    }
    memcpy(opening->reporters, ordered, count * sizeof(struct reporter *));
}

static enum hp_status add_reporter(struct opening *opening, const char *format, FILE *out) {
    struct reporter *reporter = make_reporter(opening, format, out);
    if (!reporter) {
        return hp_problem_no_memory(opening->problem);
    }
    opening->begins_with_conclusion[opening->count] =
        strcmp(format, "markdown") == 0 || strcmp(format, "html") == 0;
    opening->reporters[opening->count++] = reporter;
    return HP_OK;
}

static enum hp_status add_file(struct opening *opening, const char *format, const char *path) {
    struct reports *reports = opening->reports;
    FILE *file = fopen(path, "wb");
    if (!file) {
        return hp_problem_set(opening->problem, HP_UNAVAILABLE, NULL, "the report %s cannot be written: %s",
                              path, strerror(errno));
    }
    reports->files[reports->file_count].file = file;
    reports->files[reports->file_count++].path = text_copy(path);
    return add_reporter(opening, format, file);
}

/* What the report folder holds. */
static const struct {
    const char *format;
    const char *name;
} folder_rows[] = {
    {"junit", "junit.xml"}, {"ndjson", "report.ndjson"}, {"markdown", "summary.md"}, {"html", "report.html"}};

enum { FOLDER_ROW_COUNT = sizeof folder_rows / sizeof folder_rows[0] };

static enum hp_status add_folder(struct opening *opening, const char *folder) {
    if (!folder_make(folder)) {
        return hp_problem_set(opening->problem, HP_UNAVAILABLE, NULL, "the folder %s cannot be made: %s",
                              folder, strerror(errno));
    }
    enum hp_status status = HP_OK;
    for (size_t i = 0; i < FOLDER_ROW_COUNT && status == HP_OK; i++) {
        struct text path = {0};
        text_addf(&path, "%s/%s", folder, folder_rows[i].name);
        status = path.failed ? hp_problem_no_memory(opening->problem)
                             : add_file(opening, folder_rows[i].format, path.bytes);
        text_release(&path);
    }
    return status;
}

const char *reports_folder(const struct run_options *options) {
    struct stat status;
    if (options->report_dir) {
        return options->report_dir;
    }
    return stat("reports", &status) == 0 && S_ISDIR(status.st_mode) ? folder_default : NULL;
}

static void name_folder(const char *folder, struct named_files *files) {
    for (size_t i = 0; folder && i < FOLDER_ROW_COUNT; i++) {
        char *path = path_join(folder, folder_rows[i].name);
        files->failed = files->failed || !path;
        named_files_add(files, path, NAMED_FILE_WRITTEN, "%s of the report folder", folder_rows[i].name);
        free(path);
    }
}

static void name_inputs(const struct run_options *options, struct named_files *files) {
    static const char profile[] = "profile:";
    for (size_t i = 0; i < options->files.count; i++) {
        named_files_add(files, options->files.items[i], NAMED_FILE_READ, "a file that is replayed");
    }
    for (size_t i = 0; i < options->targets.count; i++) {
        const char *target = options->targets.items[i];
        if (strncmp(target, profile, sizeof profile - 1) == 0) {
            named_files_add(files, target + sizeof profile - 1, NAMED_FILE_READ, "a target profile");
        }
    }
}

enum hp_status reports_check(const struct run_options *options, struct hp_problem *problem) {
    struct named_files files = {0};
    name_inputs(options, &files);
    named_files_add(&files, options->baseline,
                    options->update_baseline ? NAMED_FILE_WRITTEN : NAMED_FILE_READ, "the baseline");
    outputs_name_files(&options->outputs, &files);
    named_files_add(&files, options->trace, NAMED_FILE_WRITTEN, "the trace");
    name_folder(reports_folder(options), &files);
    enum hp_status status = named_files_check(&files, problem);
    named_files_release(&files);
    return status;
}

static enum hp_status add_all(struct opening *opening) {
    const struct run_options *options = opening->options;
    bool stdout_taken = false;
    enum hp_status status = HP_OK;
    for (size_t i = 0; i < options->outputs.count && status == HP_OK; i++) {
        const struct output *output = &options->outputs.items[i];
        stdout_taken = stdout_taken || !output->path;
        status = output->path ? add_file(opening, output->format, output->path)
                              : add_reporter(opening, output->format, stdout);
    }
    if (status == HP_OK && !stdout_taken) {
        status = add_reporter(opening, "terminal", stdout);
    }
    const char *folder = reports_folder(options);
    return status == HP_OK && folder ? add_folder(opening, folder) : status;
}

enum hp_status reports_open(struct reports *reports, const struct run_options *options,
                            struct hp_problem *problem) {
    struct opening opening = {.reports = reports, .options = options, .problem = problem};
    enum hp_status status = add_all(&opening);
    put_conclusions_last(&opening);
    reports->all = reporter_fan_out_take(opening.reporters, opening.count);
    return status == HP_OK && !reports->all ? hp_problem_no_memory(problem) : status;
}

bool reports_close(struct reports *reports) {
    bool written = !reports->all || reports->all->ops->close(reports->all);
    if (!written) {
        fputs("holdpoint run: a report could not be written whole (full disk, closed pipe, or no memory)\n",
              stderr);
    }
    for (size_t i = 0; i < reports->file_count; i++) {
        bool failed = ferror(reports->files[i].file) != 0;
        failed = fclose(reports->files[i].file) != 0 || failed;
        if (failed) {
            fprintf(stderr, "holdpoint run: %s could not be written\n",
                    reports->files[i].path ? reports->files[i].path : "a report");
        }
        written = written && !failed;
        free(reports->files[i].path);
    }
    *reports = (struct reports){0};
    return written;
}
