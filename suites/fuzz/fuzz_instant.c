/* An instant that parses is formatted so that it parses to the same instant, in the one form that is
 * written. */
#include "reference/base/instant.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    int64_t instant_us = 0, again_us = 0;
    char text[HP_INSTANT_SIZE], text_again[HP_INSTANT_SIZE];
    if (!hp_instant_parse((const char *)data, size, &instant_us)) {
        return 0;
    }
    hp_instant_format(instant_us, text);
    if (strlen(text) != HP_INSTANT_SIZE - 1 || !hp_instant_parse(text, strlen(text), &again_us) ||
        again_us != instant_us) {
        abort();
    }
    hp_instant_format(again_us, text_again);
    if (strcmp(text, text_again) != 0) {
        abort();
    }
    return 0;
}
