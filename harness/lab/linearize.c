#include "harness/lab/linearize.h"

#include "harness/lab/brute.h"
#include "harness/lab/interval.h"
#include "harness/lab/search.h"

#include <stdlib.h>
#include <string.h>

struct linearizer {
    struct linearize_options options;
    struct search_limits limits;
    struct search *search; /* of METHOD_SEARCH; else NULL */
};

static const char *const layers[] = {
    [METHOD_INTERVAL] = "interval", [METHOD_SEARCH] = "search", [METHOD_BRUTE] = "brute"};

struct linearizer *linearizer_new(const struct linearize_options *options) {
    struct linearizer *linearizer = calloc(1, sizeof *linearizer);
    if (!linearizer) {
        return NULL;
    }
    linearizer->options = *options;
    if (options->method == METHOD_DEFAULT) {
        linearizer->options.method = METHOD_INTERVAL;
    }
    linearizer->limits.steps = options->steps ? options->steps : LINEARIZE_STEPS_DEFAULT;
    linearizer->limits.memo_bytes = options->memo_bytes ? options->memo_bytes : LINEARIZE_MEMO_BYTES_DEFAULT;
    if (options->method == METHOD_SEARCH && !(linearizer->search = search_new())) {
        free(linearizer);
        return NULL;
    }
    return linearizer;
}

void linearizer_free(struct linearizer *linearizer) {
    if (linearizer) {
        search_free(linearizer->search);
        free(linearizer);
    }
}

/* Puts the interval test's words in the place of a violation's, if it finds one too. */
static void explain(const struct linearizer *linearizer, const struct history *history, size_t key,
                    struct judgement *judgement) {
    struct judgement explained;
    interval_check(history, key, linearizer->options.clock_error_ns, &explained);
    if (explained.linearity == VIOLATION) {
        *judgement = explained;
    }
}

enum hp_status linearizer_check(struct linearizer *linearizer, const struct history *history, size_t key,
                                struct judgement *judgement, struct hp_problem *problem) {
    int64_t clock_error_ns = linearizer->options.clock_error_ns;
    enum hp_status status = HP_OK;
    switch (linearizer->options.method) {
    case METHOD_SEARCH:
        status = search_check(linearizer->search, history, key, clock_error_ns, &linearizer->limits,
                              judgement, problem);
        break;
    case METHOD_BRUTE:
        brute_check(history, key, clock_error_ns, judgement);
        break;
    default:
        interval_check(history, key, clock_error_ns, judgement);
        return HP_OK;
    }
    if (status == HP_OK && judgement->linearity == VIOLATION) {
        explain(linearizer, history, key, judgement);
    }
    return status;
}

const char *linearizer_layer(const struct linearizer *linearizer) {
    return layers[linearizer->options.method];
}

bool linearize_method_from_name(const char *name, enum linearize_method *method) {
    for (unsigned i = METHOD_INTERVAL; i <= METHOD_BRUTE; i++) {
        if (strcmp(layers[i], name) == 0) {
            *method = (enum linearize_method)i;
            return true;
        }
    }
    return false;
}

const char *linearity_name(enum linearity linearity) {
    static const char *const names[] = {"ok", "illegal", "undecided"};
    return names[linearity];
}
