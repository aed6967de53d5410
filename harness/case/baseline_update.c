#include "harness/base/value.h"
#include "harness/case/baseline.h"
#include "harness/case/baseline_entry.h"
#include "reference/base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The new file while it is made. */
struct update {
    const struct suite *suite;
    const struct baseline_outcome *outcomes;
    size_t outcome_count;
    json_t *entries;
    size_t added;
};

static bool has_failed(const struct case_result *result) {
    return result->verdict == VERDICT_FAILED || result->verdict == VERDICT_EXPECTED_FAILURE;
}

static bool has_passed(const struct case_result *result) {
    return result->verdict == VERDICT_PASSED || result->verdict == VERDICT_UNEXPECTED_PASS;
}

static const struct case_result *result_of(const struct baseline_outcome *outcome, const char *case_id) {
    for (size_t i = 0; i < outcome->result_count; i++) {
        if (strcmp(outcome->results[i].test_case->id, case_id) == 0) {
            return &outcome->results[i];
        }
    }
    return NULL;
}

/* What became of an entry's case on the targets that it holds for: still known as recorded, failed otherwise
 * (*fingerprint), passed, or nothing at all. */
enum fate { FATE_KEPT, FATE_CHANGED, FATE_DROPPED };

static enum fate fate_of(const struct update *update, const struct known_failure *entry,
                         const char **fingerprint) {
    bool passed = false;
    *fingerprint = NULL;
    for (size_t i = 0; i < update->outcome_count; i++) {
        const struct case_result *result = known_failure_is_for(entry, update->outcomes[i].target)
                                               ? result_of(&update->outcomes[i], entry->case_id)
                                               : NULL;
        if (result && has_failed(result)) {
            if (strcmp(result->fingerprint, entry->fingerprint) == 0) {
                return FATE_KEPT;
            }
            *fingerprint = *fingerprint ? *fingerprint : result->fingerprint;
        }
        passed = passed || (result && has_passed(result));
    }
    if (*fingerprint) {
        return FATE_CHANGED;
    }
    return passed || !suite_case(update->suite, entry->case_id) ? FATE_DROPPED : FATE_KEPT;
}

static bool keep_entry(struct update *update, const struct known_failure *entry) {
    const char *fingerprint;
    enum fate fate = fate_of(update, entry, &fingerprint);
    if (fate == FATE_DROPPED) {
        return true;
    }
    json_t *copy = value_copy(entry->source);
    if (!copy ||
        (fate == FATE_CHANGED && json_object_set_new(copy, "fingerprint", json_string(fingerprint)) != 0)) {
        json_decref(copy);
        return false;
    }
    return json_array_append_new(update->entries, copy) == 0;
}

/* True when an entry of the new file covers the failure. */
static bool is_covered(const struct update *update, const char *target, const struct case_result *result) {
    size_t index;
    json_t *entry;
    json_array_foreach(update->entries, index, entry) {
        const char *entry_target = json_string_value(json_object_get(entry, "target"));
        bool same_case =
            strcmp(json_string_value(json_object_get(entry, "case")), result->test_case->id) == 0;
        bool same_mark =
            strcmp(json_string_value(json_object_get(entry, "fingerprint")), result->fingerprint) == 0;
        if (same_case && (entry_target ? strcmp(entry_target, target) == 0 : same_mark)) {
            return true;
        }
    }
    return false;
}

static bool add_entry(struct update *update, const char *target, const struct case_result *result) {
    json_t *entry = json_pack("{s:s, s:s, s:s, s:s}", "case", result->test_case->id, "target", target,
                              "fingerprint", result->fingerprint, "reason", "");
    update->added += entry != NULL;
    return entry && json_array_append_new(update->entries, entry) == 0;
}

static bool add_failures(struct update *update, const struct baseline_outcome *outcome) {
    for (size_t i = 0; i < outcome->result_count; i++) {
        const struct case_result *result = &outcome->results[i];
        if (has_failed(result) && !is_covered(update, outcome->target, result) &&
            !add_entry(update, outcome->target, result)) {
            return false;
        }
    }
    return true;
}

static bool fill(struct update *update, const struct baseline *baseline) {
    bool filled = update->entries != NULL;
    for (size_t i = 0; filled && baseline && i < baseline->entry_count; i++) {
        filled = keep_entry(update, &baseline->entries[i]);
    }
    for (size_t i = 0; filled && i < update->outcome_count; i++) {
        filled = add_failures(update, &update->outcomes[i]);
    }
    return filled;
}

static int add_piece(const char *bytes, size_t length_bytes, void *text) {
    return text_append(text, bytes, length_bytes) ? 0 : -1;
}

/* Writes to a text that remembers a failure: json_dumps loses keys when memory runs out, and tells nobody. */
static bool render(const struct update *update, const struct baseline *baseline, struct text *text) {
    const json_t *schema = baseline ? json_object_get(baseline->document.root, "$schema") : NULL;
    json_t *root = json_object();
    bool done = root && (!schema || json_object_set(root, "$schema", (json_t *)schema) == 0) &&
                json_object_set(root, "known_failures", update->entries) == 0 &&
                json_dump_callback(root, add_piece, text, JSON_INDENT(2)) == 0 && text_add(text, "\n");
    json_decref(root);
    return done && !text->failed;
}

static bool write_whole(int file, const char *text) {
    size_t left = strlen(text);
    while (left > 0) {
        ssize_t written = write(file, text, left);
        if (written < 0 && errno != EINTR) {
            return false;
        }
        if (written > 0) {
            text += written;
            left -= (size_t)written;
        }
    }
    return true;
}

/* Writes and syncs the text under a temporary name, and puts it in the place of the old file. */
static enum hp_status replace_file(const char *path, const char *temporary, const char *text,
                                   struct hp_problem *problem) {
    int file = open(temporary, O_WRONLY | O_CREAT | O_EXCL, S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH);
    if (file < 0) {
        return hp_problem_set(problem, HP_UNAVAILABLE, NULL, "%s: %s; the baseline is as it was", temporary,
                              strerror(errno));
    }
    bool written = write_whole(file, text) && fsync(file) == 0;
    int error = errno;
    if (close(file) != 0 && written) {
        written = false;
        error = errno;
    }
    if (written && rename(temporary, path) != 0) {
        written = false;
        error = errno;
    }
    if (!written) {
        unlink(temporary);
        return hp_problem_set(problem, HP_UNAVAILABLE, NULL, "%s: %s; the baseline is as it was", path,
                              strerror(error));
    }
    return HP_OK;
}

enum hp_status baseline_update(const char *path, const struct baseline *baseline, const struct suite *suite,
                               const struct baseline_outcome *outcomes, size_t outcome_count, size_t *added,
                               struct hp_problem *problem) {
    struct update update = {suite, outcomes, outcome_count, json_array(), 0};
    struct text temporary = {0};
    struct text text = {0};
    bool made = fill(&update, baseline) && render(&update, baseline, &text) &&
                text_addf(&temporary, "%s.new-%ld", path, (long)getpid());
    enum hp_status status =
        made ? replace_file(path, temporary.bytes, text.bytes, problem) : hp_problem_no_memory(problem);
    if (status == HP_OK && added) {
        *added = update.added;
    }
    text_release(&temporary);
    text_release(&text);
    json_decref(update.entries);
    return status;
}
