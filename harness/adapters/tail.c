#include "harness/adapters/tail.h"

#include <stdlib.h>
#include <string.h>

bool tail_init(struct tail *tail, size_t room_bytes) {
    *tail = (struct tail){.bytes = malloc(room_bytes), .room_bytes = room_bytes};
    return tail->bytes != NULL;
}

void tail_release(struct tail *tail) {
    free(tail->bytes);
    *tail = (struct tail){0};
}

void tail_append(struct tail *tail, const char *bytes, size_t length_bytes) {
    for (size_t i = 0; i < length_bytes; i++) {
        tail->bytes[(tail->start + tail->length_bytes) % tail->room_bytes] = bytes[i];
        if (tail->length_bytes < tail->room_bytes) {
            tail->length_bytes++;
        } else {
            tail->start = (tail->start + 1) % tail->room_bytes;
            tail->lost_bytes++;
        }
    }
}

void tail_take(struct tail *tail, struct text *text) {
    if (tail->lost_bytes > 0) {
        text_addf(text, "... (%zu bytes before this are lost)\n", tail->lost_bytes);
    }
    size_t first_bytes = tail->room_bytes - tail->start;
    if (first_bytes > tail->length_bytes) {
        first_bytes = tail->length_bytes;
    }
    if (tail->length_bytes > 0) {
        text_append(text, tail->bytes + tail->start, first_bytes);
        text_append(text, tail->bytes, tail->length_bytes - first_bytes);
    }
    tail->start = tail->length_bytes = tail->lost_bytes = 0;
}

static char tail_byte(const struct tail *tail, size_t index) {
    return tail->bytes[(tail->start + index) % tail->room_bytes];
}

static bool is_blank(char byte) {
    return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}

void tail_last_line(const struct tail *tail, char *buffer, size_t size_bytes) {
    size_t end = tail->length_bytes;
    while (end > 0 && is_blank(tail_byte(tail, end - 1))) {
        end--;
    }
    size_t start = end;
    while (start > 0 && tail_byte(tail, start - 1) != '\n') {
        start--;
    }
    size_t length_bytes = 0;
    for (size_t i = start; i < end && length_bytes + 1 < size_bytes; i++) {
        buffer[length_bytes++] = tail_byte(tail, i);
    }
    buffer[length_bytes] = '\0';
    text_trim_partial(buffer);
}
