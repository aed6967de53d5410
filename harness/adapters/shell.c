#include "harness/adapters/shell.h"

#include <string.h>

bool shell_add_quoted(struct text *text, const char *bytes, size_t length_bytes) {
    text_add_byte(text, '\'');
    for (size_t i = 0; i < length_bytes; i++) {
        if (bytes[i] == '\'') {
            text_add(text, "'\\''");
        } else {
            text_add_byte(text, bytes[i]);
        }
    }
    return text_add_byte(text, '\'');
}

bool shell_add_command(struct text *text, const char *command) {
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ._-/+:,@%";
    if (command[strspn(command, plain)] == '\0') {
        return text_add(text, command);
    }
    text_add(text, "sh -c ");
    return shell_add_quoted(text, command, strlen(command));
}
