#include "harness/report/escape.h"

#include <string.h>

static const char replacement[] = "\xEF\xBF\xBD";

/* One character of the text: its value and its bytes. */
struct point {
    uint32_t value;
    const char *bytes;
    size_t length_bytes;
};

static uint32_t point_value(const char *bytes, size_t length_bytes) {
    static const unsigned char masks[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    uint32_t value = (unsigned char)bytes[0] & masks[length_bytes];
    for (size_t i = 1; i < length_bytes; i++) {
        value = value << 6 | ((unsigned char)bytes[i] & 0x3F);
    }
    return value;
}

/* Takes the next character, or one byte that belongs to none as U+FFFD. */
static struct point point_take(const char **at, size_t *left_bytes) {
    struct point point = {0xFFFD, replacement, sizeof replacement - 1};
    size_t taken = 1;
    if ((unsigned char)**at < 0x80) {
        point = (struct point){(unsigned char)**at, *at, 1};
        ++*at;
        --*left_bytes;
        return point;
    }
    for (size_t length = 2; length <= 4 && length <= *left_bytes; length++) {
        if (text_is_utf8(*at, length)) {
            point = (struct point){point_value(*at, length), *at, length};
            taken = length;
            break;
        }
    }
    *at += taken;
    *left_bytes -= taken;
    return point;
}

typedef void (*point_writer)(struct text *out, const struct point *point);

/* Letters, digits and blanks, which every writer leaves as they are: most of any text. */
static size_t word_length(const char *at) {
    size_t length = 0;
    for (;; length++) {
        char byte = at[length], letter = (char)(byte | 0x20);
        if (!(letter >= 'a' && letter <= 'z') && !(byte >= '0' && byte <= '9') && byte != ' ') {
            return length;
        }
    }
}

static void write_each(struct text *out, const char *string, point_writer write) {
    const char *at = string ? string : "";
    size_t left_bytes = strlen(at);
    while (left_bytes > 0) {
        size_t word_bytes = word_length(at);
        if (word_bytes > 0) {
            text_append(out, at, word_bytes);
            at += word_bytes;
            left_bytes -= word_bytes;
            continue;
        }
        struct point point = point_take(&at, &left_bytes);
        write(out, &point);
    }
}

static void put_point(struct text *out, const struct point *point) {
    text_append(out, point->bytes, point->length_bytes);
}

/* Control characters, and those that turn the order of what is read or end a line. */
static bool point_is_hidden(uint32_t value) {
    return value < 0x20 || (value >= 0x7F && value < 0xA0) || value == 0x61C ||
           (value >= 0x200E && value <= 0x200F) || (value >= 0x2028 && value <= 0x202E) ||
           (value >= 0x2066 && value <= 0x2069) || value == 0xFEFF;
}

static void put_visible(struct text *out, uint32_t value) {
    static const char letters[] = "\aa\bb\tt\nn\vv\ff\rr";
    const char *letter = value < 0x20 ? strchr(letters, (int)value) : NULL;
    if (letter && value >= '\a' && value <= '\r') {
        text_addf(out, "\\%c", letter[1]);
    } else if (value < 0x80) {
        text_addf(out, "\\x%02x", (unsigned)value);
    } else {
        text_addf(out, "\\u%04x", (unsigned)value);
    }
}

static void write_terminal(struct text *out, const struct point *point) {
    if (point_is_hidden(point->value)) {
        put_visible(out, point->value);
    } else {
        put_point(out, point);
    }
}

void escape_terminal(struct text *out, const char *string) {
    write_each(out, string, write_terminal);
}

/* The reference for a character that is special in XML and HTML; NULL for all others. */
static const char *entity_of(uint32_t value) {
    switch (value) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    default:
        return NULL;
    }
}

static bool xml_allows(uint32_t value) {
    return value == '\t' || value == '\n' || value == '\r' ||
           (value >= 0x20 && value != 0xFFFE && value != 0xFFFF);
}

static void write_xml(struct text *out, const struct point *point) {
    const char *entity = entity_of(point->value);
    if (entity) {
        text_add(out, entity);
    } else if (!xml_allows(point->value)) {
        text_add(out, replacement);
    } else if (point->value == '\r') {
        text_add(out, "&#13;");
    } else {
        put_point(out, point);
    }
}

static void write_xml_attribute(struct text *out, const struct point *point) {
    if (point->value == '\n' || point->value == '\t') {
        text_addf(out, "&#%u;", (unsigned)point->value);
    } else {
        write_xml(out, point);
    }
}

void escape_xml(struct text *out, const char *string) {
    write_each(out, string, write_xml);
}

void escape_xml_attribute(struct text *out, const char *string) {
    write_each(out, string, write_xml_attribute);
}

static void write_json(struct text *out, const struct point *point) {
    if (point->value == '"' || point->value == '\\') {
        text_addf(out, "\\%c", (int)point->value);
    } else if (point->value < 0x20 || point->value == 0x7F || point->value == 0x2028 ||
               point->value == 0x2029) {
        text_addf(out, "\\u%04x", (unsigned)point->value);
    } else {
        put_point(out, point);
    }
}

void escape_json(struct text *out, const char *string) {
    text_add_byte(out, '"');
    write_each(out, string, write_json);
    text_add_byte(out, '"');
}

static void write_html(struct text *out, const struct point *point) {
    const char *entity = entity_of(point->value);
    if (entity) {
        text_add(out, entity);
    } else {
        write_terminal(out, point);
    }
}

static void write_html_lines(struct text *out, const struct point *point) {
    if (point->value == '\n') {
        put_point(out, point);
    } else {
        write_html(out, point);
    }
}

void escape_html(struct text *out, const char *string, bool lines) {
    write_each(out, string, lines ? write_html_lines : write_html);
}

static void write_markdown(struct text *out, const struct point *point) {
    uint32_t value = point->value;
    if (value == '@') {
        /* A word joiner of no width behind the sign keeps GitHub from notifying a person of that name. */
        text_add(out, "@\xE2\x80\x8B");
    } else if (value < 0x80 && strchr("\\`*_{}[]()#+-!|~$", (int)value) && value != 0) {
        text_addf(out, "\\%c", (int)value);
    } else {
        write_html(out, point);
    }
}

void escape_markdown(struct text *out, const char *string) {
    write_each(out, string, write_markdown);
}

void escape_shell(struct text *out, const char *string) {
    static const char harmless[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=,+@%";
    const char *word = string ? string : "";
    if (*word && word[strspn(word, harmless)] == '\0') {
        text_add(out, word);
        return;
    }
    text_add_byte(out, '\'');
    for (const char *at = word; *at; at++) {
        if (*at == '\'') {
            text_add(out, "'\\''");
        } else {
            text_add_byte(out, *at);
        }
    }
    text_add_byte(out, '\'');
}
