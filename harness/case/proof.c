#include "harness/case/proof.h"

/* The requirement at a place, which counts through the steps; NULL where the step names fewer. */
static const struct requirement *requirement_at(const struct test_case *test_case, size_t place) {
    const struct step *step = &test_case->steps[place / STEP_REQUIREMENTS_MAX];
    size_t index = place % STEP_REQUIREMENTS_MAX;
    return index < step->requirement_count ? step->requirements[index] : NULL;
}

static bool is_named_before(const struct test_case *test_case, size_t place) {
    for (size_t i = 0; i < place; i++) {
        if (requirement_at(test_case, i) == requirement_at(test_case, place)) {
            return true;
        }
    }
    return false;
}

const struct requirement *proof_take(const struct test_case *test_case, size_t *at) {
    while (*at < test_case->step_count * STEP_REQUIREMENTS_MAX) {
        size_t place = (*at)++;
        const struct requirement *requirement = requirement_at(test_case, place);
        if (requirement && !is_named_before(test_case, place)) {
            return requirement;
        }
    }
    return NULL;
}
