#include "harness/adapters/excerpt.h"

#include <stdio.h>

enum { SHOWN_MAX = 80, NOTE_BYTES = 40 };

void excerpt_put(char buffer[EXCERPT_SIZE], const char *bytes, size_t length_bytes) {
    size_t used = 0, shown = 0;
    buffer[used++] = '"';
    for (; shown < length_bytes && used < SHOWN_MAX; shown++) {
        unsigned char byte = (unsigned char)bytes[shown];
        if (byte >= 0x20 && byte < 0x7F) {
            buffer[used++] = (char)byte;
        } else {
            used += (size_t)snprintf(buffer + used, 5, "\\x%02x", byte);
        }
    }
    buffer[used++] = '"';
    buffer[used] = '\0';
    if (shown < length_bytes) {
        snprintf(buffer + used, NOTE_BYTES, "... (%zu bytes)", length_bytes);
    }
}
