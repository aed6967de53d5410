#include "harness/drift/migrations/steps.h"

#include "harness/base/folder.h"
#include "harness/drift/migrations/migration_checks.h"
#include "reference/base/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

static bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

static bool ends_with(const char *name, const char *end) {
    size_t length = strlen(name), end_length = strlen(end);
    return length >= end_length && strcasecmp(name + length - end_length, end) == 0;
}

/* A file for the way back. */
static bool leads_back(const char *name) {
    static const char *const ends[] = {".down.sql", "_down.sql",     "-down.sql",     ".undo.sql",
                                       "_undo.sql", ".rollback.sql", "_rollback.sql", ".revert.sql"};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        if (ends_with(name, ends[i])) {
            return true;
        }
    }
    return name[0] == 'U' && is_digit(name[1]) && strstr(name, "__");
}

/* One run of digits; leading zeros count for nothing, and 19 digits are the most that are told apart. */
static unsigned long long read_part(const char **at) {
    unsigned long long part = 0;
    for (int digits = 0; is_digit(**at); (*at)++) {
        if (digits < 19 && (digits > 0 || **at != '0')) {
            part = part * 10 + (unsigned long long)(**at - '0');
            digits++;
        }
    }
    return part;
}

/* "12_x", "1.2_x", and Flyway's "V1_2__x", where an underscore may stand for the dot. */
static void read_number(struct step *step) {
    const char *at = step->name;
    bool flyway = (at[0] == 'V' || at[0] == 'v') && is_digit(at[1]);
    at += flyway;
    while (is_digit(*at) && step->part_count < STEP_NUMBER_PARTS) {
        step->parts[step->part_count++] = read_part(&at);
        at += (*at == '.' || (flyway && *at == '_')) && is_digit(at[1]);
    }
}

int step_compare_numbers(const struct step *one, const struct step *other) {
    bool one_missing = one->part_count == 0, other_missing = other->part_count == 0;
    if (one_missing || other_missing) {
        return one_missing - other_missing;
    }
    for (size_t i = 0; i < STEP_NUMBER_PARTS; i++) {
        if (one->parts[i] != other->parts[i]) {
            return one->parts[i] < other->parts[i] ? -1 : 1;
        }
    }
    return 0;
}

static int compare_steps(const void *one, const void *other) {
    int order = step_compare_numbers(one, other);
    return order ? order : strcmp(((const struct step *)one)->name, ((const struct step *)other)->name);
}

/* A line that begins with one of these, in any case, ends what is applied. */
static bool begins_way_back(const char *line) {
    static const char *const marks[] = {"-- +goose down", "-- migrate:down", "-- +migrate down", "--//@undo",
                                        "-- //@undo"};
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        if (strncasecmp(line, marks[i], strlen(marks[i])) == 0) {
            return true;
        }
    }
    return false;
}

/* The length of what is applied. */
static size_t find_way_back(struct step *step, const char *text, size_t length) {
    size_t line = 1;
    for (const char *at = text; at; line++) {
        if (begins_way_back(at)) {
            step->down_line = line;
            return (size_t)(at - text);
        }
        at = strchr(at, '\n');
        at = at ? at + 1 : NULL;
    }
    return length;
}

/* Some statements refuse a transaction, and some files have their own. */
static bool comes_one_by_one(const struct step *step, const char *text) {
    static const char *const marks[] = {"-- +goose NO TRANSACTION", "transaction:false",
                                        "-- +migrate Up notransaction"};
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        if (strstr(text, marks[i])) {
            return true;
        }
    }
    for (size_t i = 0; i < step->statements.count; i++) {
        enum statement_kind kind = step->statements.items[i].kind;
        if (kind == STATEMENT_BEGIN || kind == STATEMENT_END || kind == STATEMENT_ALONE) {
            return true;
        }
    }
    return false;
}

static bool put_checksum(struct step *step, const char *text, size_t length) {
    struct digest *digest = digest_new();
    if (digest) {
        digest_add(digest, text, length);
    }
    return digest_finish(digest, step->checksum);
}

/* What stands behind a NUL would not be sent, and nobody would know. */
static enum hp_status refuse_nul(const struct step *step, const char *text, size_t length,
                                 struct hp_problem *problem) {
    const char *nul = memchr(text, '\0', length);
    size_t line = 1;
    if (!nul) {
        return HP_OK;
    }
    for (const char *at = text; at < nul; at++) {
        line += *at == '\n';
    }
    return hp_problem_set(problem, HP_INVALID, NULL,
                          "%s:%zu: holds a NUL byte; expected SQL in UTF-8 (save UTF-16 as UTF-8)",
                          step->path, line);
}

static enum hp_status split(struct step *step, const char *text, size_t length, struct hp_problem *problem) {
    enum hp_status status = refuse_nul(step, text, length, problem);
    if (status != HP_OK) {
        return status;
    }
    size_t applied = find_way_back(step, text, length);
    if (!put_checksum(step, text, length) || !statements_split(text, applied, &step->statements) ||
        !(step->left_out = calloc(step->statements.count + 1, sizeof *step->left_out))) {
        return hp_problem_no_memory(problem);
    }
    step->alone = comes_one_by_one(step, text);
    return HP_OK;
}

static enum hp_status read_text(const char *path, struct text *text, struct hp_problem *problem) {
    char chunk[16384];
    size_t length;
    FILE *stream = fopen(path, "rb");
    if (!stream) {
        return hp_problem_set(problem, HP_UNAVAILABLE, NULL, "%s: %s", path, strerror(errno));
    }
    text_init(text, (size_t)STEP_CAP_BYTES + 1);
    while ((length = fread(chunk, 1, sizeof chunk, stream)) > 0 && text_append(text, chunk, length)) {
    }
    bool broken = ferror(stream) != 0;
    int cause = errno;
    fclose(stream);
    if (broken) {
        return hp_problem_set(problem, HP_UNAVAILABLE, NULL, "%s: %s", path, strerror(cause));
    }
    if (text->failed && text->length_bytes + length > STEP_CAP_BYTES) {
        return hp_problem_set(problem, HP_INVALID, NULL, "%s: larger than %d bytes", path, STEP_CAP_BYTES);
    }
    return text->failed ? hp_problem_no_memory(problem) : HP_OK;
}

/* Reads the file of a step whose path is known. */
static enum hp_status fill(struct step *step, struct hp_problem *problem) {
    struct text text = {0};
    enum hp_status status = read_text(step->path, &text, problem);
    if (status == HP_OK) {
        status = split(step, text.bytes ? text.bytes : "", text.length_bytes, problem);
    }
    text_release(&text);
    return status;
}

/* "folder/name", also when the folder was named with a slash behind it. */
static char *join(const char *directory, const char *name) {
    struct text path = {0};
    size_t length = strlen(directory);
    text_addf(&path, "%s%s%s", directory, length > 0 && directory[length - 1] == '/' ? "" : "/", name);
    return text_take(&path);
}

static enum hp_status read_step(const char *directory, const char *name, struct step *step,
                                struct hp_problem *problem) {
    step->name = text_copy(name);
    step->path = join(directory, name);
    if (!step->name || !step->path) {
        return hp_problem_no_memory(problem);
    }
    read_number(step);
    return fill(step, problem);
}

enum hp_status step_read(const char *path, struct step *step, struct hp_problem *problem) {
    const char *slash = strrchr(path, '/');
    *step = (struct step){.name = text_copy(slash ? slash + 1 : path), .path = text_copy(path)};
    if (!step->name || !step->path) {
        return hp_problem_no_memory(problem);
    }
    return fill(step, problem);
}

void step_release(struct step *step) {
    free(step->name);
    free(step->path);
    free(step->left_out);
    statements_release(&step->statements);
    *step = (struct step){0};
}

static enum hp_status look_for_folder(const char *directory, const char *name, bool *folder,
                                      struct hp_problem *problem) {
    struct stat found;
    char *path = join(directory, name);
    *folder = path && stat(path, &found) == 0 && S_ISDIR(found.st_mode);
    enum hp_status status = path ? HP_OK : hp_problem_no_memory(problem);
    free(path);
    return status;
}

/* Reads one name of the folder: a step, something to be left out, or nothing that concerns us. */
static enum hp_status take_name(const char *directory, const char *name, struct steps *steps,
                                struct text *left_out, struct hp_problem *problem) {
    bool folder;
    enum hp_status status = look_for_folder(directory, name, &folder, problem);
    if (status != HP_OK) {
        return status;
    }
    if (folder || (ends_with(name, ".sql") && leads_back(name))) {
        text_addf(left_out, "%s%s%s", left_out->length_bytes ? ", " : "", name, folder ? "/" : "");
        return HP_OK;
    }
    return ends_with(name, ".sql") ? read_step(directory, name, &steps->items[steps->count++], problem)
                                   : HP_OK;
}

static enum hp_status read_all(const char *directory, const struct folder *folder, struct steps *steps,
                               struct hp_problem *problem) {
    struct text left_out = {0};
    steps->items = calloc(folder->count + 1, sizeof *steps->items);
    enum hp_status status = steps->items ? HP_OK : hp_problem_no_memory(problem);
    for (size_t i = 0; status == HP_OK && i < folder->count; i++) {
        status = take_name(directory, folder->names[i], steps, &left_out, problem);
    }
    if (status == HP_OK && left_out.failed) {
        status = hp_problem_no_memory(problem);
    }
    if (left_out.length_bytes > 0) {
        steps->left_out = text_take(&left_out);
    }
    text_release(&left_out);
    return status;
}

enum hp_status steps_read(const char *directory, struct steps *steps, struct hp_problem *problem) {
    struct folder folder;
    *steps = (struct steps){0};
    struct hp_problem fault = {0};
    enum hp_status status = folder_read(directory, &folder, &fault);
    if (status != HP_OK) {
        status =
            hp_problem_set(problem, status == HP_UNAVAILABLE ? HP_INVALID : status, NULL, "%s", fault.detail);
    } else {
        status = read_all(directory, &folder, steps, problem);
    }
    folder_release(&folder);
    if (status != HP_OK) {
        return status;
    }
    if (steps->count == 0) {
        return hp_problem_set(problem, HP_INVALID, NULL,
                              "%s holds no migration; expected files whose names end in .sql", directory);
    }
    qsort(steps->items, steps->count, sizeof *steps->items, compare_steps);
    return HP_OK;
}

void steps_release(struct steps *steps) {
    for (size_t i = 0; i < steps->count; i++) {
        step_release(&steps->items[i]);
    }
    free(steps->items);
    free(steps->left_out);
    *steps = (struct steps){0};
}

static void judge_pair(const struct step *one, const struct step *other, bool *disordered,
                       struct drift_report *report) {
    const struct drift_place place = {.file = other->path};
    if (one->part_count == 0 || other->part_count == 0) {
        return;
    }
    if (step_compare_numbers(one, other) == 0) {
        drift_find(report, migration_check(NUMBER_DOUBLED), &place, NULL,
                   "%s bears the same number as %s; which of them comes first is left to the runner.",
                   other->name, one->name);
    } else if (strcmp(one->name, other->name) > 0 && !*disordered) {
        *disordered = true;
        drift_find(report, migration_check(ORDER_AMBIGUOUS), &place, NULL,
                   "%s comes after %s by its number, and before it by its name.", other->name, one->name);
    }
}

static void judge_left_out(const struct steps *steps, struct drift_report *report) {
    if (steps->left_out) {
        drift_find(report, migration_check(LEFT_OUT), NULL, NULL,
                   "Not looked at, since they lead back or lie deeper: %s.", steps->left_out);
    }
    for (size_t i = 0; i < steps->count; i++) {
        const struct step *step = &steps->items[i];
        if (step->down_line > 0) {
            drift_find(report, migration_check(LEFT_OUT),
                       &(struct drift_place){.file = step->path, .line = step->down_line}, NULL,
                       "What follows in %s leads back and is not looked at.", step->name);
        }
    }
}

void steps_judge(const struct steps *steps, struct drift_report *report) {
    bool disordered = false;
    for (size_t i = 0; i < steps->count; i++) {
        const struct step *step = &steps->items[i];
        if (i > 0) {
            judge_pair(&steps->items[i - 1], step, &disordered, report);
        }
        if (step->part_count == 0 && steps->count > 1) {
            drift_find(report, migration_check(NUMBER_MISSING), &(struct drift_place){.file = step->path},
                       NULL, "%s begins with no number; it is applied last here.", step->name);
        }
    }
    judge_left_out(steps, report);
    static const enum migration_check looked_at[] = {NUMBER_DOUBLED, NUMBER_MISSING, ORDER_AMBIGUOUS,
                                                     LEFT_OUT};
    for (size_t i = 0; i < sizeof looked_at / sizeof looked_at[0]; i++) {
        drift_examined(report, migration_check(looked_at[i]));
    }
}
