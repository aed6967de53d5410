#include "harness/case/verdict.h"

#include "harness/case/parity.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    bool conforms;
} verdicts[] = {
#define X(constant, name, conforms) {name, conforms},
    VERDICT_LIST(X)
#undef X
};

const char *verdict_name(enum verdict verdict) {
    return verdicts[verdict].name;
}

bool verdict_conforms(enum verdict verdict) {
    return verdicts[verdict].conforms;
}

static void exchange_release(struct exchange *exchange) {
    free(exchange->step);
    free(exchange->method);
    free(exchange->params);
    free(exchange->answer);
}

void case_result_release(struct case_result *result) {
    for (size_t i = 0; i < result->exchange_count; i++) {
        exchange_release(&result->exchanges[i]);
    }
    free(result->exchanges);
    free(result->step);
    free(result->reason);
    free(result->path);
    free(result->expected);
    free(result->got);
    free(result->reproduce);
    free(result->exhibit);
    free(result->log);
    free(result->baseline);
    parity_side_free(result->parity);
    memset(result, 0, sizeof *result);
}

void tally_add(struct tally *tally, enum verdict verdict) {
    tally->counts[verdict]++;
}

size_t tally_sum(const struct tally *tally) {
    size_t sum = 0;
    for (size_t i = 0; i < VERDICT_COUNT; i++) {
        sum += tally->counts[i];
    }
    return sum;
}
