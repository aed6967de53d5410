#include "harness/report/exhibit.h"

#include "harness/base/folder.h"
#include "harness/lab/timeline.h"
#include "harness/report/timeline_page.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The interrupt in the history: of the finding, or that of its slot. SIZE_MAX: there is none. */
static size_t find_key(const struct exhibit *exhibit) {
    const struct performance *performance = exhibit->performance;
    const struct finding *finding = exhibit->finding;
    if (finding->key != SIZE_MAX || finding->slot >= performance->stage.slot_count) {
        return finding->key;
    }
    for (size_t key = 0; key < performance->history.key_count; key++) {
        if (strcmp(history_key_name(&performance->history, key),
                   performance->stage.slots[finding->slot].id) == 0) {
            return key;
        }
    }
    return SIZE_MAX;
}

static bool add_history(struct text *lines, const struct history *history, size_t key) {
    const struct history_key *group = &history->keys[key];
    bool whole = true;
    for (uint32_t i = 0; whole && i < group->count; i++) {
        whole = history_write_operation(history, &history->operations[group->first + i], lines);
    }
    return whole;
}

static bool add_page(struct text *page, const struct exhibit *exhibit, size_t key) {
    return timeline_page_add(page, &(struct timeline_page){.title = exhibit->title,
                                                           .sentence = exhibit->finding->sentence,
                                                           .note = exhibit->note,
                                                           .repeat = exhibit->repeat,
                                                           .history = &exhibit->performance->history,
                                                           .key = key,
                                                           .judgement = &exhibit->finding->judgement});
}

/* Writes a file and tells where it is, or why it is not. */
static void write_file(struct text *text, const char *label, const char *path, const struct text *content) {
    FILE *file = content->failed ? NULL : fopen(path, "wb");
    bool written = file && fwrite(content->bytes, 1, content->length_bytes, file) == content->length_bytes;
    int error = errno;
    written = (!file || fclose(file) == 0) && written;
    if (written) {
        text_addf(text, "%-8s %s\n", label, path);
    } else {
        text_addf(text, "%-8s %s could not be written: %s\n", label, path,
                  content->failed ? "out of memory" : strerror(error));
    }
}

static void write_files(struct text *text, const struct exhibit *exhibit, size_t key) {
    struct text history = {0}, page = {0}, path = {0};
    folder_make(exhibit->folder);
    add_history(&history, &exhibit->performance->history, key);
    text_addf(&path, "%s/%s.history.jsonl", exhibit->folder, exhibit->name);
    if (!path.failed) {
        write_file(text, "history", path.bytes, &history);
        int64_t error_ns = exhibit->finding->slot < exhibit->performance->stage.slot_count
                               ? performance_clock_error_ns(exhibit->performance, exhibit->finding->slot)
                               : 0;
        text_addf(text, "%-8s holdpoint judge --explain --clock-error %" PRId64 " %s\n", "judge", error_ns,
                  path.bytes);
    }
    add_page(&page, exhibit, key);
    text_clear(&path);
    text_addf(&path, "%s/%s.timeline.html", exhibit->folder, exhibit->name);
    if (!path.failed) {
        write_file(text, "page", path.bytes, &page);
    }
    text->failed = text->failed || path.failed;
    text_release(&history);
    text_release(&page);
    text_release(&path);
}

bool exhibit_add(struct text *text, const struct exhibit *exhibit) {
    size_t key = find_key(exhibit);
    text_addf(text, "%s\n", exhibit->finding->sentence);
    text_addf(text, "(%s)\n", exhibit->note);
    if (key == SIZE_MAX) {
        return !text->failed;
    }
    text_add(text, "\n");
    timeline_add(text, &exhibit->performance->history, key, &exhibit->finding->judgement, "");
    text_add(text, "\n");
    if (exhibit->folder) {
        write_files(text, exhibit, key);
    }
    if (exhibit->repeat) {
        text_addf(text, "%-8s %s\n", "repeat", exhibit->repeat);
    }
    return !text->failed;
}
