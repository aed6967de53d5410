#include "harness/report/json_line.h"
#include "harness/report/escape.h"

#include <inttypes.h>
#include <string.h>

/* A value needs a comma before it unless it is the first behind a bracket, a colon or a line end. */
static void json_line_name(struct text *out, const char *name) {
    if (out->length_bytes > 0 && !strchr("[{:\n", out->bytes[out->length_bytes - 1])) {
        text_add_byte(out, ',');
    }
    if (name) {
        escape_json(out, name);
        text_add_byte(out, ':');
    }
}

void json_line_open(struct text *out, const char *name, char bracket) {
    json_line_name(out, name);
    text_add_byte(out, bracket);
}

void json_line_close(struct text *out, char bracket) {
    text_add_byte(out, bracket);
}

void json_line_text(struct text *out, const char *name, const char *value) {
    json_line_name(out, name);
    if (value) {
        escape_json(out, value);
    } else {
        text_add(out, "null");
    }
}

void json_line_number(struct text *out, const char *name, int64_t value) {
    json_line_name(out, name);
    text_addf(out, "%" PRId64, value);
}

void json_line_unsigned(struct text *out, const char *name, uint64_t value) {
    json_line_name(out, name);
    text_addf(out, "%" PRIu64, value);
}
