/* What json_read takes, json_write writes so that it reads back equal, and writes again byte for byte; and
 * jansson's own reader, where it takes the same bytes too, understands the same by them. */
#include "reference/base/json_reader.h"
#include "reference/core/json.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    json_t *value = NULL, *again = NULL;
    struct hp_problem problem = {0};
    enum hp_status status = json_read((const char *)data, size, &value, &problem);
    json_t *theirs = json_loadb((const char *)data, size, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, NULL);
    if (status != HP_OK) {
        bool zero = size > 0 && memchr(data, 0, size); /* which jansson passes over behind a number */
        if (problem.detail[0] == '\0' || (theirs && !zero)) {
            abort();
        }
        json_decref(theirs);
        return 0;
    }
    bool shallow = size < JSON_READER_LEVELS; /* jansson counts levels a little otherwise */
    if ((theirs || shallow) && !json_equal(value, theirs)) {
        abort();
    }
    char *text = json_to_text(value);
    if (!text || json_read(text, strlen(text), &again, NULL) != HP_OK || !json_equal(value, again)) {
        abort();
    }
    char *text_again = json_to_text(again);
    if (!text_again || strcmp(text, text_again) != 0) {
        abort();
    }
    free(text);
    free(text_again);
    json_decref(value);
    json_decref(again);
    json_decref(theirs);
    return 0;
}
