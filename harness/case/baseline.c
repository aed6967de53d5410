#include "harness/case/baseline.h"

#include "harness/base/locate.h"
#include "harness/case/baseline_entry.h"
#include "harness/case/baseline_schema.h"
#include "reference/base/instant.h"
#include "reference/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { POINTER_SIZE = 64, SECOND_SIZE = 320 };

static const char *text_of(const json_t *source, const char *key) {
    return json_string_value(json_object_get(source, key));
}

static enum hp_status check(const struct baseline *baseline, struct hp_problem *problem) {
    struct schema *schema = NULL;
    json_error_t error;
    json_t *source = json_loads(BASELINE_SCHEMA, 0, &error);
    enum hp_status status = source ? schema_compile(source, &schema, problem) : hp_problem_no_memory(problem);
    if (status == HP_OK) {
        status = document_check(&baseline->document, schema, problem);
    }
    schema_free(schema);
    json_decref(source);
    return status;
}

static enum hp_status refuse(const struct baseline *baseline, size_t at, const char *member,
                             const char *detail, struct hp_problem *problem) {
    char pointer[POINTER_SIZE];
    snprintf(pointer, sizeof pointer, "/known_failures/%zu%s", at, member);
    return document_fault(&baseline->document, pointer, problem, "%s", detail);
}

/* The schema asks for a word in the reason by a regular expression, which says nothing to a person who has
 * just met an entry of --update-baseline. */
static enum hp_status check_reasons(const struct baseline *baseline, struct hp_problem *problem) {
    const json_t *list = json_object_get(baseline->document.root, "known_failures");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *reason = text_of(json_array_get(list, i), "reason");
        if (reason && reason[strspn(reason, " \t\r\n")] == '\0') {
            return refuse(baseline, i, "/reason",
                          "expected a reason of at least one word: why is this failure known and accepted?",
                          problem);
        }
    }
    return HP_OK;
}

static bool is_date(const char *until) {
    char instant[32];
    int64_t ignored;
    snprintf(instant, sizeof instant, "%.10sT00:00:00Z", until);
    return hp_instant_parse(instant, strlen(instant), &ignored);
}

/* True when some target has both entries. */
static bool overlap(const struct known_failure *one, const struct known_failure *other) {
    return strcmp(one->case_id, other->case_id) == 0 &&
           (!one->target || !other->target || strcmp(one->target, other->target) == 0);
}

static enum hp_status refuse_second(const struct baseline *baseline, size_t at, size_t first,
                                    struct hp_problem *problem) {
    const struct known_failure *entry = &baseline->entries[at], *other = &baseline->entries[first];
    char detail[SECOND_SIZE];
    const char *why = entry->target && other->target ? "is for the same target"
                      : !other->target               ? "is for every target"
                                                     : "is for one of its targets";
    snprintf(
        detail, sizeof detail,
        "a second entry for %.120s: the one on line %zu %s; keep one, or give each a \"target\" of its own",
        entry->case_id, baseline_line(baseline, other), why);
    return refuse(baseline, at, "", detail, problem);
}

static enum hp_status check_entry(const struct baseline *baseline, size_t at, struct hp_problem *problem) {
    const struct known_failure *entry = &baseline->entries[at];
    if (entry->until && !is_date(entry->until)) {
        return refuse(baseline, at, "/until", "expected a date of the calendar, 2026-12-31", problem);
    }
    for (size_t i = 0; i < at; i++) {
        if (overlap(&baseline->entries[i], entry)) {
            return refuse_second(baseline, at, i, problem);
        }
    }
    return HP_OK;
}

static enum hp_status read_entries(struct baseline *baseline, struct hp_problem *problem) {
    const json_t *list = json_object_get(baseline->document.root, "known_failures");
    size_t count = json_array_size(list);
    baseline->entries = calloc(count + 1, sizeof *baseline->entries);
    if (!baseline->entries) {
        return hp_problem_no_memory(problem);
    }
    enum hp_status status = HP_OK;
    for (size_t i = 0; status == HP_OK && i < count; i++) {
        const json_t *source = json_array_get(list, i);
        baseline->entries[i] = (struct known_failure){
            source,
            text_of(source, "case"),
            text_of(source, "target"),
            text_of(source, "fingerprint"),
            text_of(source, "reason"),
            text_of(source, "link"),
            text_of(source, "until"),
        };
        baseline->entry_count++;
        status = check_entry(baseline, i, problem);
    }
    return status;
}

enum hp_status baseline_load(const char *path, struct baseline **baseline, struct hp_problem *problem) {
    *baseline = NULL;
    struct baseline *loaded = calloc(1, sizeof *loaded);
    if (!loaded) {
        return hp_problem_no_memory(problem);
    }
    enum hp_status status = document_read_regular(path, &loaded->document, problem);
    if (status == HP_OK) {
        status = check_reasons(loaded, problem);
    }
    if (status == HP_OK) {
        status = check(loaded, problem);
    }
    if (status == HP_OK) {
        status = read_entries(loaded, problem);
    }
    if (status != HP_OK) {
        baseline_free(loaded);
        return status;
    }
    *baseline = loaded;
    return HP_OK;
}

void baseline_free(struct baseline *baseline) {
    if (baseline) {
        document_release(&baseline->document);
        free(baseline->entries);
        free(baseline);
    }
}

bool known_failure_is_for(const struct known_failure *entry, const char *target) {
    return !entry->target || strcmp(entry->target, target) == 0;
}

const struct known_failure *baseline_find(const struct baseline *baseline, const char *case_id,
                                          const char *target) {
    for (size_t i = 0; baseline && i < baseline->entry_count; i++) {
        const struct known_failure *entry = &baseline->entries[i];
        if (strcmp(entry->case_id, case_id) == 0 && known_failure_is_for(entry, target)) {
            return entry;
        }
    }
    return NULL;
}

size_t baseline_line(const struct baseline *baseline, const struct known_failure *entry) {
    char pointer[POINTER_SIZE];
    snprintf(pointer, sizeof pointer, "/known_failures/%zu", (size_t)(entry - baseline->entries));
    return locate_pointer(baseline->document.text, baseline->document.length_bytes, pointer);
}
