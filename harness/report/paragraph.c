#include "harness/report/paragraph.h"
#include "harness/report/escape.h"

#include <string.h>

static void add_blanks(struct text *out, size_t count) {
    for (size_t i = 0; i < count; i++) {
        text_add_byte(out, ' ');
    }
}

static void wrap_visible(struct text *out, size_t indent, const char *at, size_t width_columns) {
    size_t column = indent;
    while (*at) {
        size_t length_bytes = strcspn(at, " ");
        size_t columns = text_count_code_points(at, length_bytes);
        if (column > indent && column + 1 + columns > width_columns) {
            text_add_byte(out, '\n');
            add_blanks(out, indent);
            column = indent;
        } else if (column > indent) {
            text_add_byte(out, ' ');
            column++;
        }
        text_append(out, at, length_bytes);
        column += columns;
        at += length_bytes;
        at += strspn(at, " ");
    }
}

void paragraph_add(struct text *out, const char *first, const char *string, size_t width_columns) {
    struct text visible = {0};
    escape_terminal(&visible, string);
    text_add(&visible, "");
    text_add(out, first);
    if (visible.failed) {
        out->failed = true;
    } else {
        wrap_visible(out, text_count_code_points(first, strlen(first)), visible.bytes, width_columns);
    }
    text_add_byte(out, '\n');
    text_release(&visible);
}

/* A piece of JSON that stays on one line: up to a comma or a blank, which belongs to it; of one longer than a
 * line only the part up to a colon. */
static size_t piece_length(const char *at, size_t room_columns) {
    size_t length_bytes = strcspn(at, ", ");
    if (text_count_code_points(at, length_bytes) >= room_columns) {
        size_t name_bytes = strcspn(at, ":");
        length_bytes = name_bytes < length_bytes ? name_bytes : length_bytes;
    }
    return length_bytes + (at[length_bytes] != '\0');
}

static void begin_line(struct text *out, size_t indent_columns) {
    /* A blank at the end of a line is seen by nobody. */
    while (out->length_bytes > 0 && !out->failed && out->bytes[out->length_bytes - 1] == ' ') {
        out->bytes[--out->length_bytes] = '\0';
    }
    text_add_byte(out, '\n');
    add_blanks(out, indent_columns);
}

void json_break(struct text *out, const char *json, size_t column, size_t indent_columns,
                size_t width_columns) {
    for (const char *at = json; *at;) {
        size_t length_bytes = piece_length(at, width_columns - indent_columns);
        size_t columns = text_count_code_points(at, length_bytes);
        columns -= at[length_bytes - 1] == ' ';
        if (column + columns > width_columns && column > indent_columns &&
            columns + indent_columns <= width_columns) {
            begin_line(out, indent_columns);
            column = indent_columns;
        }
        for (; length_bytes > 0; length_bytes--, at++) {
            bool starts = ((unsigned char)*at & 0xC0) != 0x80;
            if (starts && column >= width_columns && *at != ' ') {
                begin_line(out, indent_columns);
                column = indent_columns;
            }
            column += starts;
            text_add_byte(out, *at);
        }
    }
}
