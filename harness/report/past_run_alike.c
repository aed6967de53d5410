#include "harness/report/past_run_alike.h"

#include <inttypes.h>
#include <string.h>

/* Two runs while they are compared. */
struct pair {
    const struct past_run *one, *other;
    struct hp_problem *problem;
};

static enum hp_status complain(const struct pair *pair, const char *what, const char *first,
                               const char *second) {
    return hp_problem_set(pair->problem, HP_INVALID, NULL, "%s and %s are of different %s: %.100s and %.100s",
                          pair->one->path, pair->other->path, what, first, second);
}

static enum hp_status check_texts(const struct pair *pair, const char *what, const char *first,
                                  const char *second) {
    first = first ? first : "";
    second = second ? second : "";
    return strcmp(first, second) == 0
               ? HP_OK
               : complain(pair, what, *first ? first : "none", *second ? second : "none");
}

static enum hp_status check_seeds(const struct pair *pair) {
    char first[24], second[24];
    snprintf(first, sizeof first, "%" PRIu64, pair->one->header.seed);
    snprintf(second, sizeof second, "%" PRIu64, pair->other->header.seed);
    return check_texts(pair, "seeds", first, second);
}

/* Lists that must be the same; the first place where they are not is named. */
static enum hp_status check_lists(const struct pair *pair, const char *what, const char *const *first,
                                  size_t first_count, const char *const *second, size_t second_count) {
    size_t count = first_count > second_count ? first_count : second_count;
    enum hp_status status = HP_OK;
    for (size_t i = 0; i < count && status == HP_OK; i++) {
        status =
            check_texts(pair, what, i < first_count ? first[i] : NULL, i < second_count ? second[i] : NULL);
    }
    return status;
}

static enum hp_status check_cases(const struct pair *pair) {
    const struct past_run *one = pair->one, *other = pair->other;
    size_t count = one->case_count > other->case_count ? one->case_count : other->case_count;
    enum hp_status status = HP_OK;
    for (size_t i = 0; i < count && status == HP_OK; i++) {
        status = check_texts(pair, "selections", i < one->case_count ? one->cases[i].id : NULL,
                             i < other->case_count ? other->cases[i].id : NULL);
    }
    return status;
}

static enum hp_status check_parts(const struct pair *pair) {
    const struct run_header *one = &pair->one->header, *other = &pair->other->header;
    enum hp_status status =
        check_lists(pair, "targets", one->targets, one->target_count, other->targets, other->target_count);
    if (status == HP_OK) {
        status = check_lists(pair, "selections", one->selection, one->selection_count, other->selection,
                             other->selection_count);
    }
    if (status == HP_OK && pair->one->parity.target_count != pair->other->parity.target_count) {
        status = complain(pair, "parities", pair->one->parity.target_count ? "one" : "none",
                          pair->other->parity.target_count ? "one" : "none");
    }
    return status;
}

enum hp_status past_run_check_alike(const struct past_run *one, const struct past_run *other, bool as_parts,
                                    struct hp_problem *problem) {
    struct pair pair = {one, other, problem};
    enum hp_status status =
        check_texts(&pair, "suites", one->header.suite_digest, other->header.suite_digest);
    if (status == HP_OK) {
        status = check_seeds(&pair);
    }
    if (status == HP_OK) {
        status = check_texts(&pair, "options", one->header.repeat, other->header.repeat);
    }
    if (status == HP_OK) {
        status = check_texts(&pair, "commands", one->header.verb, other->header.verb);
    }
    return status != HP_OK ? status : as_parts ? check_parts(&pair) : check_cases(&pair);
}
