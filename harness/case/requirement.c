#include "harness/case/load_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int compare_requirements(const void *one, const void *other) {
    const struct requirement *const *first = one;
    const struct requirement *const *second = other;
    return strcmp((*first)->id, (*second)->id);
}

static const char *text_of(const json_t *source, const char *key) {
    return json_string_value(json_object_get(source, key));
}

static enum hp_status refuse_duplicates(const struct suite *suite, const struct document *document,
                                        struct hp_problem *problem) {
    const struct requirement **sorted = suite->store->requirements_by_id;
    for (size_t i = 1; i < suite->requirement_count; i++) {
        if (strcmp(sorted[i - 1]->id, sorted[i]->id) == 0) {
            const struct requirement *later = sorted[i] > sorted[i - 1] ? sorted[i] : sorted[i - 1];
            char pointer[64];
            snprintf(pointer, sizeof pointer, "/requirements/%zu/id", (size_t)(later - suite->requirements));
            return document_fault(document, pointer, problem, "%s is there twice", later->id);
        }
    }
    return HP_OK;
}

enum hp_status requirements_load(struct suite *suite, const struct document *document,
                                 struct hp_problem *problem) {
    const json_t *list = json_object_get(document->root, "requirements");
    size_t count = json_array_size(list);
    suite->requirements = calloc(count, sizeof *suite->requirements);
    suite->store->requirements_by_id = calloc(count, sizeof(struct requirement *));
    if (!suite->requirements || !suite->store->requirements_by_id) {
        return hp_problem_no_memory(problem);
    }
    for (size_t i = 0; i < count; i++) {
        const json_t *source = json_array_get(list, i);
        suite->requirements[i] = (struct requirement){text_of(source, "id"), text_of(source, "sentence"),
                                                      text_of(source, "source"), text_of(source, "level"),
                                                      text_of(source, "excluded")};
        suite->store->requirements_by_id[i] = &suite->requirements[i];
    }
    suite->requirement_count = count;
    qsort(suite->store->requirements_by_id, count, sizeof(struct requirement *), compare_requirements);
    return refuse_duplicates(suite, document, problem);
}

const struct requirement *suite_requirement(const struct suite *suite, const char *id) {
    size_t low = 0;
    size_t high = suite->requirement_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int compared = strcmp(id, suite->store->requirements_by_id[middle]->id);
        if (compared == 0) {
            return suite->store->requirements_by_id[middle];
        }
        if (compared < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return NULL;
}
