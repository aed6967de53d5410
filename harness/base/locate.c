#include "harness/base/locate.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Where a scan of JSON text stands. */
struct scanner {
    const char *at;
    const char *end;
    size_t line;
};

static void skip_blanks(struct scanner *scanner) {
    for (; scanner->at < scanner->end && strchr(" \t\r\n", *scanner->at) && *scanner->at; scanner->at++) {
        scanner->line += *scanner->at == '\n';
    }
}

/* Skips blanks and looks at the byte behind them; NUL at the end. */
static char peek(struct scanner *scanner) {
    skip_blanks(scanner);
    return scanner->at < scanner->end ? *scanner->at : '\0';
}

static bool skip_byte(struct scanner *scanner, char byte) {
    if (peek(scanner) != byte) {
        return false;
    }
    scanner->at++;
    return true;
}

static void skip_string(struct scanner *scanner) {
    scanner->at++;
    while (scanner->at < scanner->end && *scanner->at != '"') {
        scanner->at += *scanner->at == '\\' && scanner->at + 1 < scanner->end ? 2 : 1;
    }
    scanner->at += scanner->at < scanner->end;
}

/* Skips one value of any depth without recursion: only brackets outside of strings count. */
static void skip_value(struct scanner *scanner) {
    size_t depth = 0;
    do {
        char byte = peek(scanner);
        if (byte == '"') {
            skip_string(scanner);
        } else if (byte == '{' || byte == '[') {
            depth++;
            scanner->at++;
        } else if (byte == '}' || byte == ']') {
            if (depth == 0) {
                return;
            }
            depth--;
            scanner->at++;
        } else if (byte == ',' || byte == ':') {
            if (depth == 0) {
                return;
            }
            scanner->at++;
        } else {
            do {
                scanner->at += scanner->at < scanner->end;
            } while (scanner->at < scanner->end && !strchr(" \t\r\n,:]}\"", *scanner->at));
        }
    } while (depth > 0 && scanner->at < scanner->end);
}

/* Reads a string's bytes and compares them with a pointer token. A key written with escapes is compared by
 * its simple ones only: a wrong line number is all that can come of it. */
static bool string_is_token(const char *string, size_t length, const char *token, size_t token_length) {
    size_t at = 0;
    for (size_t i = 0; i < length; i++, at++) {
        char byte = string[i] == '\\' && i + 1 < length ? string[++i] : string[i];
        if (at >= token_length) {
            return false;
        }
        char wanted = token[at];
        if (wanted == '~' && at + 1 < token_length) {
            wanted = token[++at] == '0' ? '~' : '/';
        }
        if (byte != wanted) {
            return false;
        }
    }
    return at == token_length;
}

/* Moves to the value of a member; *line becomes that of its key. */
static bool enter_member(struct scanner *scanner, const char *token, size_t token_length, size_t *line) {
    while (peek(scanner) == '"') {
        size_t key_line = scanner->line;
        const char *key = scanner->at + 1;
        skip_string(scanner);
        size_t key_length = scanner->at > key ? (size_t)(scanner->at - key) - 1 : 0;
        if (!skip_byte(scanner, ':')) {
            return false;
        }
        if (string_is_token(key, key_length, token, token_length)) {
            *line = key_line;
            return true;
        }
        skip_value(scanner);
        skip_byte(scanner, ',');
    }
    return false;
}

static bool enter_element(struct scanner *scanner, const char *token, size_t *line) {
    size_t index = (size_t)strtoul(token, NULL, 10);
    for (; index > 0; index--) {
        skip_value(scanner);
        if (!skip_byte(scanner, ',')) {
            return false;
        }
    }
    if (peek(scanner) == ']') {
        return false;
    }
    *line = scanner->line;
    return true;
}

/* Follows a pointer as far as it leads; *line is that of the last part found. */
static bool follow(struct scanner *scanner, const char *pointer, size_t *line) {
    peek(scanner);
    *line = scanner->line;
    while (*pointer == '/') {
        const char *token = pointer + 1;
        size_t token_length = strcspn(token, "/");
        bool entered = false;
        if (skip_byte(scanner, '{')) {
            entered = enter_member(scanner, token, token_length, line);
        } else if (skip_byte(scanner, '[')) {
            entered = enter_element(scanner, token, line);
        }
        if (!entered) {
            return false;
        }
        pointer = token + token_length;
    }
    return true;
}

size_t locate_pointer(const char *text, size_t length_bytes, const char *pointer) {
    struct scanner scanner = {text, text + length_bytes, 1};
    size_t line = 1;
    follow(&scanner, pointer, &line);
    return line;
}

size_t locate_elements(const char *text, size_t length_bytes, const char *pointer, size_t *lines,
                       size_t count) {
    struct scanner scanner = {text, text + length_bytes, 1};
    size_t line = 1;
    size_t found = 0;
    if (!follow(&scanner, pointer, &line) || !skip_byte(&scanner, '[')) {
        return 0;
    }
    while (found < count && peek(&scanner) != ']' && scanner.at < scanner.end) {
        lines[found++] = scanner.line;
        skip_value(&scanner);
        if (!skip_byte(&scanner, ',')) {
            break;
        }
    }
    return found;
}
