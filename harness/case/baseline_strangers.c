#include "harness/adapters/adapter.h"
#include "harness/base/suggest.h"
#include "harness/case/baseline.h"
#include "harness/case/baseline_entry.h"
#include "reference/base/text.h"

#include <stdlib.h>
#include <string.h>

/* Half edits, as suggest_distance counts: a letter left out and another one wrong. */
enum { MISSPELT_DISTANCE = 4, WORD_SIZE = 256, ANY_TIMEOUT_MS = 1 };

void baseline_strangers_release(struct baseline_strangers *strangers) {
    baseline_problems_release(&strangers->misnamed);
    baseline_problems_release(&strangers->notes);
}

static void copy_without_digits(char word[WORD_SIZE], const char *target) {
    size_t length = 0;
    for (; *target && length + 1 < WORD_SIZE; target++) {
        if (*target < '0' || *target > '9') {
            word[length++] = *target;
        }
    }
    word[length] = '\0';
}

/* Two that differ in digits only are two versions, ports or files of one service, and meant so. */
static bool is_misspelt(const char *target, const char *known) {
    char one[WORD_SIZE], other[WORD_SIZE];
    copy_without_digits(one, target);
    copy_without_digits(other, known);
    return strcmp(one, other) != 0 && suggest_distance(target, known) <= MISSPELT_DISTANCE;
}

/* The target of the run that was meant; NULL when none was. */
static const char *find_meant(const char *target, const char *const *targets, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (is_misspelt(target, targets[i])) {
            return targets[i];
        }
    }
    return NULL;
}

static bool is_of_run(const char *target, const char *const *targets, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (strcmp(target, targets[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* Says in *text what is wrong with a target that the run lacks; leaves it empty when nothing is. */
static enum hp_status describe_misnamed(const struct baseline *baseline, const struct known_failure *entry,
                                        const char *meant, struct text *text) {
    struct hp_problem fault = {0};
    struct target *target = NULL;
    enum hp_status status = target_from_name(entry->target, ANY_TIMEOUT_MS, &target, &fault);
    target_free(target);
    if (status != HP_OK && status != HP_INVALID) {
        return status;
    }
    if (meant || status != HP_OK) {
        text_addf(text, "%s:%zu: ", baseline->document.path, baseline_line(baseline, entry));
    }
    if (meant) {
        text_addf(text, "no target of this run is \"%s\"; did you mean \"%s\"? Mend the entry's \"target\"",
                  entry->target, meant);
    } else if (status != HP_OK) {
        text_addf(text, "%s: mend the entry's \"target\"", fault.detail);
    }
    return text->failed ? HP_INTERNAL : HP_OK;
}

/* The first entry for a target speaks for all of them. */
static bool is_first(const struct baseline *baseline, const struct known_failure *entry) {
    for (const struct known_failure *at = baseline->entries; at < entry; at++) {
        if (at->target && strcmp(at->target, entry->target) == 0) {
            return false;
        }
    }
    return true;
}

static enum hp_status add_note(const struct baseline *baseline, const struct known_failure *entry,
                               struct baseline_problems *notes) {
    struct text text = {0};
    size_t count = 0;
    if (!is_first(baseline, entry)) {
        return HP_OK;
    }
    for (size_t i = 0; i < baseline->entry_count; i++) {
        const char *target = baseline->entries[i].target;
        count += target && strcmp(target, entry->target) == 0;
    }
    text_addf(&text, "%s: %zu %s for %s, which is not part of this run", baseline->document.path, count,
              count == 1 ? "entry is" : "entries are", entry->target);
    return baseline_problems_take(notes, &text);
}

enum hp_status baseline_find_strangers(const struct baseline *baseline, const char *const *targets,
                                       size_t target_count, struct baseline_strangers *strangers) {
    enum hp_status status = HP_OK;
    for (size_t i = 0; baseline && status == HP_OK && i < baseline->entry_count; i++) {
        const struct known_failure *entry = &baseline->entries[i];
        struct text text = {0};
        if (!entry->target || is_of_run(entry->target, targets, target_count)) {
            continue;
        }
        const char *meant = find_meant(entry->target, targets, target_count);
        status = describe_misnamed(baseline, entry, meant, &text);
        if (status != HP_OK) {
            text_release(&text);
        } else if (text.length_bytes > 0) {
            status = baseline_problems_take(&strangers->misnamed, &text);
        } else {
            status = add_note(baseline, entry, &strangers->notes);
        }
    }
    return status;
}
