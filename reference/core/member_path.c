#include "reference/core/member_path.h"
#include "reference/base/text.h"

#include <stdio.h>
#include <string.h>

void member_path_init(struct member_path *path, const char *prefix) {
    text_put(path->text, sizeof path->text, prefix);
    path->length_bytes = strlen(path->text);
}

static void add_byte(struct member_path *path, char byte) {
    if (path->length_bytes + 1 < sizeof path->text) {
        path->text[path->length_bytes++] = byte;
        path->text[path->length_bytes] = '\0';
    }
}

size_t member_path_add(struct member_path *path, const char *key) {
    size_t before = path->length_bytes;
    add_byte(path, '/');
    for (; *key; key++) {
        bool escaped = *key == '~' || *key == '/';
        add_byte(path, escaped ? '~' : *key);
        if (escaped) {
            add_byte(path, *key == '~' ? '0' : '1');
        }
    }
    text_trim_partial(path->text);
    path->length_bytes = strlen(path->text);
    return before;
}

size_t member_path_add_index(struct member_path *path, size_t index) {
    char digits[24];
    snprintf(digits, sizeof digits, "%zu", index);
    return member_path_add(path, digits);
}

void member_path_cut(struct member_path *path, size_t length_bytes) {
    path->length_bytes = length_bytes;
    path->text[length_bytes] = '\0';
}
