#include "harness/drift/migrations/ledger.h"

#include "harness/base/locate.h"
#include "harness/base/value.h"
#include "harness/drift/migrations/migration_checks.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { POINTER_SIZE = 64 };

enum hp_status ledger_read(const char *path, const struct vocabulary *vocabulary, struct ledger *ledger,
                           struct hp_problem *problem) {
    struct hp_problem fault = {0};
    *ledger = (struct ledger){0};
    enum hp_status status = document_read(path, &ledger->document, &fault);
    if (status != HP_OK) {
        return hp_problem_set(problem, status == HP_INTERNAL ? HP_INTERNAL : HP_INVALID, NULL, "%s",
                              fault.detail);
    }
    return vocabulary_check(vocabulary, &ledger->document, "ledger.json", problem);
}

void ledger_release(struct ledger *ledger) {
    document_release(&ledger->document);
}

static const char *text_of(const json_t *entry, const char *key) {
    return json_string_value(json_object_get(entry, key));
}

static const json_t *entries_of(const struct ledger *ledger) {
    return json_object_get(ledger->document.root, "steps");
}

/* The first entry with that value of name or checksum; NULL: none. */
static const json_t *find_entry(const struct ledger *ledger, const char *key, const char *value) {
    size_t index;
    const json_t *entry;
    json_array_foreach(entries_of(ledger), index, entry) {
        if (strcmp(text_of(entry, key), value) == 0) {
            return entry;
        }
    }
    return NULL;
}

static const struct step *find_step(const struct steps *steps, const char *name) {
    for (size_t i = 0; i < steps->count; i++) {
        if (strcmp(steps->items[i].name, name) == 0) {
            return &steps->items[i];
        }
    }
    return NULL;
}

/* The step that bears another name than the ledger has, and the same bytes. */
static const struct step *find_renamed(const struct ledger *ledger, const struct steps *steps,
                                       const char *checksum) {
    for (size_t i = 0; i < steps->count; i++) {
        const struct step *step = &steps->items[i];
        if (strcmp(step->checksum, checksum) == 0 && !find_entry(ledger, "name", step->name)) {
            return step;
        }
    }
    return NULL;
}

static void judge_entry(const struct ledger *ledger, const struct steps *steps, size_t index,
                        struct drift_report *report) {
    char pointer[POINTER_SIZE];
    const json_t *entry = json_array_get(entries_of(ledger), index);
    const char *name = text_of(entry, "name"), *checksum = text_of(entry, "checksum");
    const struct step *step = find_step(steps, name);
    if (step && strcmp(step->checksum, checksum) != 0) {
        drift_find(report, migration_check(EDITED_AFTER_APPLIED), &(struct drift_place){.file = step->path},
                   NULL, "%s was edited after it was applied: its checksum was %s and is %s now.", name,
                   checksum, step->checksum);
    } else if (!step) {
        const struct step *renamed = find_renamed(ledger, steps, checksum);
        snprintf(pointer, sizeof pointer, "/steps/%zu", index);
        const struct drift_place place = {
            .file = ledger->document.path,
            .line = locate_pointer(ledger->document.text, ledger->document.length_bytes, pointer)};
        drift_find(report, migration_check(STEP_GONE), &place, NULL,
                   "%s was applied and is no longer in the folder%s%s.", name,
                   renamed ? "; its bytes are now in " : "", renamed ? renamed->name : "");
    }
}

/* Recorded under its name, or under one that it had before. */
static bool is_recorded(const struct ledger *ledger, const struct steps *steps, const struct step *step) {
    const json_t *entry = find_entry(ledger, "name", step->name);
    if (!entry) {
        entry = find_entry(ledger, "checksum", step->checksum);
        entry = entry && !find_step(steps, text_of(entry, "name")) ? entry : NULL;
    }
    return entry != NULL;
}

static void judge_new(const struct ledger *ledger, const struct steps *steps, struct drift_report *report) {
    const struct step *later = NULL; /* the first recorded one behind */
    for (size_t i = steps->count; i > 0; i--) {
        const struct step *step = &steps->items[i - 1];
        if (is_recorded(ledger, steps, step)) {
            later = step;
        } else if (later) {
            drift_find(report, migration_check(STEP_INSERTED), &(struct drift_place){.file = step->path},
                       NULL, "%s is new and stands before %s, which was applied already.", step->name,
                       later->name);
        }
    }
}

void ledger_judge(const struct ledger *ledger, const struct steps *steps, struct drift_report *report) {
    for (size_t i = 0; i < json_array_size(entries_of(ledger)); i++) {
        judge_entry(ledger, steps, i, report);
    }
    judge_new(ledger, steps, report);
    drift_examined(report, migration_check(EDITED_AFTER_APPLIED));
    drift_examined(report, migration_check(STEP_GONE));
    drift_examined(report, migration_check(STEP_INSERTED));
}

/* What is recorded must still hold. */
static enum hp_status compare(const struct ledger *ledger, const struct steps *steps, const char *path,
                              struct hp_problem *problem) {
    size_t index;
    const json_t *entry;
    json_array_foreach(entries_of(ledger), index, entry) {
        const char *name = text_of(entry, "name");
        const struct step *step = find_step(steps, name);
        if (!step || strcmp(step->checksum, text_of(entry, "checksum")) != 0) {
            return hp_problem_set(
                problem, HP_CONFLICT, NULL,
                "%s: %s was applied and is %s; the ledger stays as it is. Restore the file, and "
                "put the change into a new one",
                path, name, step ? "edited since" : "gone");
        }
    }
    return HP_OK;
}

static void render(const struct ledger *ledger, const struct steps *steps, struct text *text) {
    const json_t *schema = json_object_get(ledger->document.root, "$schema");
    text_add(text, "{\n");
    if (schema) {
        text_add(text, "  \"$schema\": ");
        value_write(text, schema);
        text_add(text, ",\n");
    }
    text_add(text, "  \"steps\": [");
    for (size_t i = 0; i < steps->count; i++) {
        const struct step *step = &steps->items[i];
        text_addf(text, "%s\n    {\"name\": ", i > 0 ? "," : "");
        value_write_string(text, step->name, strlen(step->name));
        text_addf(text, ", \"checksum\": \"%s\"}", step->checksum);
    }
    text_add(text, "\n  ]\n}\n");
}

/* Whole or not at all: a new file takes the place of the old one. */
static enum hp_status replace(const char *path, const struct text *text, struct hp_problem *problem) {
    struct text name = {0};
    if (text->failed || !text_addf(&name, "%s.new", path)) {
        return hp_problem_no_memory(problem);
    }
    FILE *stream = fopen(name.bytes, "wb");
    bool done = stream && fwrite(text->bytes, 1, text->length_bytes, stream) == text->length_bytes;
    done = stream && fclose(stream) == 0 && done && rename(name.bytes, path) == 0;
    enum hp_status status =
        done ? HP_OK : hp_problem_set(problem, HP_UNAVAILABLE, NULL, "%s: %s", path, strerror(errno));
    if (!done && stream) {
        unlink(name.bytes);
    }
    text_release(&name);
    return status;
}

enum hp_status ledger_write(const char *directory, const char *path, const struct vocabulary *vocabulary,
                            struct hp_problem *problem) {
    struct ledger ledger = {0};
    struct steps steps = {0};
    struct text text = {0};
    enum hp_status status = steps_read(directory, &steps, problem);
    if (status == HP_OK && access(path, F_OK) == 0) {
        status = ledger_read(path, vocabulary, &ledger, problem);
        status = status == HP_OK ? compare(&ledger, &steps, path, problem) : status;
    }
    if (status == HP_OK) {
        render(&ledger, &steps, &text);
        status = replace(path, &text, problem);
    }
    text_release(&text);
    steps_release(&steps);
    ledger_release(&ledger);
    return status;
}
