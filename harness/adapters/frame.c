#include "harness/adapters/frame.h"

#include <string.h>

struct scanner {
    const char *at;
    const char *end;
};

static bool is_blank(char byte) {
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static void skip_blanks(struct scanner *scanner) {
    while (scanner->at < scanner->end && is_blank(*scanner->at)) {
        scanner->at++;
    }
}

static bool skip_byte(struct scanner *scanner, char byte) {
    skip_blanks(scanner);
    if (scanner->at == scanner->end || *scanner->at != byte) {
        return false;
    }
    scanner->at++;
    return true;
}

/* Steps over text from its opening quote to behind its closing one. */
static bool skip_text(struct scanner *scanner) {
    scanner->at++;
    while (scanner->at < scanner->end && *scanner->at != '"') {
        scanner->at += *scanner->at == '\\' && scanner->at + 1 < scanner->end ? 2 : 1;
    }
    if (scanner->at >= scanner->end) {
        return false;
    }
    scanner->at++;
    return true;
}

/* Steps over a value: up to the comma or brace, outside of text and brackets, that ends it. */
static bool skip_value(struct scanner *scanner, struct slice *value) {
    skip_blanks(scanner);
    const char *from = scanner->at;
    size_t depth = 0;
    while (scanner->at < scanner->end) {
        char byte = *scanner->at;
        if (byte == '"') {
            if (!skip_text(scanner)) {
                return false;
            }
            continue;
        }
        if (depth == 0 && (byte == ',' || byte == '}' || byte == ']')) {
            break;
        }
        depth += byte == '{' || byte == '[';
        depth -= byte == '}' || byte == ']';
        scanner->at++;
    }
    const char *to = scanner->at;
    while (to > from && is_blank(to[-1])) {
        to--;
    }
    *value = (struct slice){from, (size_t)(to - from)};
    return scanner->at < scanner->end && to > from;
}

static struct slice *frame_member(struct frame *frame, struct slice key) {
    const struct {
        const char *key;
        struct slice *member;
    } members[] = {{"\"jsonrpc\"", &frame->jsonrpc},
                   {"\"id\"", &frame->id},
                   {"\"endpoint\"", &frame->endpoint},
                   {"\"method\"", &frame->method},
                   {"\"params\"", &frame->params}};
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        if (slice_is(key, members[i].key)) {
            return members[i].member;
        }
    }
    return NULL;
}

static bool scan_member(struct scanner *scanner, struct frame *frame) {
    skip_blanks(scanner);
    const char *from = scanner->at;
    if (from == scanner->end || *from != '"' || !skip_text(scanner)) {
        return false;
    }
    struct slice key = {from, (size_t)(scanner->at - from)}, value;
    if (!skip_byte(scanner, ':') || !skip_value(scanner, &value)) {
        return false;
    }
    struct slice *member = frame_member(frame, key);
    if (member && member->bytes) {
        frame->repeated = true;
    } else if (member) {
        *member = value;
    }
    return true;
}

bool frame_scan(const char *line, size_t length_bytes, struct frame *frame) {
    struct scanner scanner = {line, line + length_bytes};
    *frame = (struct frame){0};
    if (!skip_byte(&scanner, '{')) {
        return false;
    }
    if (!skip_byte(&scanner, '}')) {
        do {
            if (!scan_member(&scanner, frame)) {
                return false;
            }
        } while (skip_byte(&scanner, ','));
        if (!skip_byte(&scanner, '}')) {
            return false;
        }
    }
    skip_blanks(&scanner);
    return scanner.at == scanner.end;
}

bool slice_is(struct slice slice, const char *text) {
    return slice.bytes && slice.length_bytes == strlen(text) &&
           memcmp(slice.bytes, text, slice.length_bytes) == 0;
}

bool slice_number(struct slice slice, unsigned *number) {
    unsigned sum = 0;
    if (!slice.bytes || slice.length_bytes == 0 || slice.length_bytes > 9) {
        return false;
    }
    for (size_t i = 0; i < slice.length_bytes; i++) {
        if (slice.bytes[i] < '0' || slice.bytes[i] > '9') {
            return false;
        }
        sum = sum * 10 + (unsigned)(slice.bytes[i] - '0');
    }
    *number = sum;
    return true;
}
