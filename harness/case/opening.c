#include "harness/case/opening.h"

#include "harness/base/method.h"
#include "harness/case/case.h"

#include <string.h>

enum { OPENINGS_MAX = 64 };

/* How a service is set up, not what it can do. */
static bool is_circumstance(const char *capability) {
    static const char *const circumstances[] = {"database", "endpoints", "processes"};
    for (size_t i = 0; i < sizeof circumstances / sizeof circumstances[0]; i++) {
        if (strcmp(capability, circumstances[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_over_http(const struct hello *hello) {
    for (size_t i = 0; capability_over_http(i); i++) {
        if (hello_declares(hello, capability_over_http(i))) {
            return true;
        }
    }
    return false;
}

/* What the case lacks at the target, with no cases counted; no capability when that is nothing, too much, or not to be proposed. */
static struct opening find_missing(const struct test_case *test_case, const struct hello *hello) {
    static const struct opening none;
    struct opening missing = {.capability_count = 0};
    for (size_t i = 0; i < test_case->need_count; i++) {
        const char *need = test_case->needs[i];
        if (hello_declares(hello, need)) {
            continue;
        }
        if (missing.capability_count == OPENING_MAX || is_circumstance(need) ||
            (capability_is_over_http(need) && !is_over_http(hello))) {
            return none;
        }
        missing.capabilities[missing.capability_count++] = need;
    }
    return test_case->endpoints > hello->endpoints ? none : missing;
}

static bool is_same(const struct opening *one, const struct opening *other) {
    if (one->capability_count != other->capability_count) {
        return false;
    }
    for (size_t i = 0; i < one->capability_count; i++) {
        if (strcmp(one->capabilities[i], other->capabilities[i]) != 0) {
            return false;
        }
    }
    return true;
}

static struct opening missing_of(const struct case_result *result, const struct hello *hello) {
    static const struct opening none;
    return result->verdict == VERDICT_UNSUPPORTED ? find_missing(result->test_case, hello) : none;
}

/* The fewest capabilities that any case lacks; 0 when none lacks any. */
static size_t count_fewest(const struct case_result *results, size_t count, const struct hello *hello) {
    size_t fewest = 0;
    for (size_t i = 0; i < count; i++) {
        size_t missing = missing_of(&results[i], hello).capability_count;
        fewest = missing > 0 && (fewest == 0 || missing < fewest) ? missing : fewest;
    }
    return fewest;
}

/* Notes what a case lacks, when it lacks no more than the fewest; beyond the room nothing is kept. */
static void add_opening(struct opening *openings, size_t *count, const struct opening *missing) {
    size_t at = 0;
    while (at < *count && !is_same(&openings[at], missing)) {
        at++;
    }
    if (at == OPENINGS_MAX) {
        return;
    }
    if (at == *count) {
        openings[(*count)++] = *missing;
    }
    openings[at].cases++;
}

static bool lacks(const struct opening *missing, const char *capability) {
    for (size_t i = 0; i < missing->capability_count; i++) {
        if (strcmp(missing->capabilities[i], capability) == 0) {
            return true;
        }
    }
    return false;
}

static void count_awaiting(struct opening *openings, size_t count, const struct opening *missing) {
    for (size_t i = 0; i < count; i++) {
        size_t lacking = 0;
        for (size_t at = 0; at < openings[i].capability_count; at++) {
            lacking += lacks(missing, openings[i].capabilities[at]);
        }
        openings[i].awaited += lacking == openings[i].capability_count;
    }
}

bool opening_find(const struct case_result *results, size_t count, const struct hello *hello,
                  struct opening *opening) {
    struct opening openings[OPENINGS_MAX];
    size_t opening_count = 0, fewest = count_fewest(results, count, hello);
    for (size_t i = 0; i < count && fewest > 0; i++) {
        struct opening missing = missing_of(&results[i], hello);
        if (missing.capability_count == fewest) {
            add_opening(openings, &opening_count, &missing);
        }
    }
    for (size_t i = 0; i < count && fewest > 0; i++) {
        struct opening missing = missing_of(&results[i], hello);
        count_awaiting(openings, opening_count, &missing);
    }
    *opening = (struct opening){.capability_count = 0};
    for (size_t i = 0; i < opening_count; i++) {
        if (openings[i].cases + openings[i].awaited > opening->cases + opening->awaited) {
            *opening = openings[i];
        }
    }
    return opening->cases > 0;
}
