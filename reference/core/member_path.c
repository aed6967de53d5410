#include "reference/core/member_path.h"
#include "reference/base/text.h"

#include <stdio.h>

void member_path_init(struct member_path *pointer, const char *prefix) {
    text_put(pointer->text, sizeof pointer->text, prefix);
    pointer->length_bytes = 0;
    while (pointer->text[pointer->length_bytes]) {
        pointer->length_bytes++;
    }
}

static void add_byte(struct member_path *pointer, char byte) {
    if (pointer->length_bytes + 1 < sizeof pointer->text) {
        pointer->text[pointer->length_bytes++] = byte;
        pointer->text[pointer->length_bytes] = '\0';
    }
}

size_t member_path_add(struct member_path *pointer, const char *key) {
    size_t before = pointer->length_bytes;
    add_byte(pointer, '/');
    for (; *key; key++) {
        bool escaped = *key == '~' || *key == '/';
        add_byte(pointer, escaped ? '~' : *key);
        if (escaped) {
            add_byte(pointer, *key == '~' ? '0' : '1');
        }
    }
    text_trim_partial(pointer->text);
    while (pointer->length_bytes > before && !pointer->text[pointer->length_bytes - 1]) {
        pointer->length_bytes--;
    }
    return before;
}

size_t member_path_add_index(struct member_path *pointer, size_t index) {
    char digits[24];
    snprintf(digits, sizeof digits, "%zu", index);
    return member_path_add(pointer, digits);
}

void member_path_cut(struct member_path *pointer, size_t length_bytes) {
    pointer->length_bytes = length_bytes;
    pointer->text[length_bytes] = '\0';
}
