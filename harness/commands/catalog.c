#include "harness/commands/catalog.h"
#include "harness/base/suggest.h"
#include "harness/case/select.h"

#include <stdlib.h>
#include <string.h>

enum { NEAREST_MAX = 3 };

bool catalog_proves(const struct test_case *test_case, const struct requirement *requirement) {
    for (size_t i = 0; i < test_case->step_count; i++) {
        for (size_t j = 0; j < test_case->steps[i].requirement_count; j++) {
            if (strcmp(test_case->steps[i].requirements[j]->id, requirement->id) == 0) {
                return true;
            }
        }
    }
    return false;
}

size_t catalog_count(const struct suite *suite, const struct requirement *requirement) {
    size_t count = 0;
    for (size_t i = 0; i < suite->case_count; i++) {
        count += catalog_proves(&suite->cases[i], requirement);
    }
    return count;
}

size_t catalog_count_templates(const struct suite *suite, const struct requirement *requirement) {
    size_t count = 0;
    for (size_t i = 0; i < suite->case_count; i++) {
        count += catalog_proves(&suite->cases[i], requirement) && catalog_is_first(suite, i, requirement);
    }
    return count;
}

bool catalog_is_first(const struct suite *suite, size_t case_index, const struct requirement *requirement) {
    const struct test_case *test_case = &suite->cases[case_index];
    for (size_t i = 0; i < case_index; i++) {
        if (strcmp(suite->cases[i].template_id, test_case->template_id) == 0 &&
            catalog_proves(&suite->cases[i], requirement)) {
            return false;
        }
    }
    return true;
}

enum hp_status catalog_refuse(const struct suite *suite, const char *id, struct hp_problem *problem) {
    size_t count = suite->case_count + suite->requirement_count;
    const char **ids = malloc((count + 1) * sizeof *ids);
    if (!ids) {
        return hp_problem_no_memory(problem);
    }
    for (size_t i = 0; i < suite->case_count; i++) {
        ids[i] = suite->cases[i].id;
    }
    for (size_t i = 0; i < suite->requirement_count; i++) {
        ids[suite->case_count + i] = suite->requirements[i].id;
    }
    const char *nearest[NEAREST_MAX];
    size_t found = suggest_several(id, ids, count, nearest, NEAREST_MAX);
    struct text list = {0};
    for (size_t i = 0; i < found; i++) {
        text_addf(&list, "%s%s", i == 0 ? "; did you mean " : " or ", nearest[i]);
    }
    if (found > 0) {
        text_add_byte(&list, '?');
    } else {
        text_add(&list, "; the chapters are ");
        select_add_chapters(&list, suite);
    }
    enum hp_status status = hp_problem_set(problem, HP_INVALID, NULL,
                                           "there is no case, template, chapter or requirement \"%.200s\"%s",
                                           id, list.failed ? "" : list.bytes);
    text_release(&list);
    free(ids);
    return status;
}
