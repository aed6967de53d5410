#include "harness/report/diff.h"
#include "harness/report/escape.h"

#include <string.h>

/* How much of what is the same stays in sight before the difference of long texts. */
enum { CONTEXT_COLUMNS = 24, POINTER_MIN_COLUMNS = 6 };

/* The first byte of the character so many characters after the start, or the end. */
static const char *skip_points(const char *at, size_t points) {
    while (*at && points > 0) {
        at++;
        while (((unsigned char)*at & 0xC0) == 0x80) {
            at++;
        }
        points--;
    }
    return at;
}

/* How many characters both texts begin with. */
static size_t same_points(const char *one, const char *other) {
    size_t same = 0;
    const char *one_next = skip_points(one, 1);
    const char *other_next = skip_points(other, 1);
    while (*one && *other && one_next - one == other_next - other &&
           memcmp(one, other, (size_t)(one_next - one)) == 0) {
        same++;
        one = one_next;
        other = other_next;
        one_next = skip_points(one, 1);
        other_next = skip_points(other, 1);
    }
    return same;
}

static void add_window(struct text *out, const char *text, size_t start, size_t width_columns) {
    const char *from = skip_points(text, start);
    const char *to = skip_points(from, width_columns);
    text_add(out, start > 0 ? "..." : "");
    text_append(out, from, (size_t)(to - from));
    text_add(out, *to ? "..." : "");
}

static void add_line(struct text *out, const char *indent, const char *label, const char *color,
                     const char *window, const struct paint *paint) {
    text_addf(out, "%s%-9s %s%s%s\n", indent, label, color, window, paint->plain);
}

static void add_pointer(struct text *out, const char *indent, size_t columns, const struct paint *paint) {
    text_addf(out, "%s%10s%s", indent, "", paint->dim);
    for (size_t i = 0; i < columns; i++) {
        text_add_byte(out, ' ');
    }
    text_addf(out, "^%s\n", paint->plain);
}

void diff_add(struct text *out, const char *indent, const char *expected, const char *got,
              size_t width_columns, const struct paint *paint) {
    if (!expected && !got) {
        return;
    }
    struct text want = {0}, have = {0}, want_window = {0}, have_window = {0};
    escape_terminal(&want, expected ? expected : "(nothing)");
    escape_terminal(&have, got ? got : "(nothing)");
    text_add(&want, "");
    text_add(&have, "");
    if (want.failed || have.failed) {
        out->failed = true;
        goto done;
    }
    size_t same = same_points(want.bytes, have.bytes);
    bool fits = text_count_code_points(want.bytes, want.length_bytes) <= width_columns &&
                text_count_code_points(have.bytes, have.length_bytes) <= width_columns;
    size_t start = fits || same <= CONTEXT_COLUMNS ? 0 : same - CONTEXT_COLUMNS;
    add_window(&want_window, want.bytes, start, width_columns);
    add_window(&have_window, have.bytes, start, width_columns);
    if (want_window.failed || have_window.failed) {
        out->failed = true;
        goto done;
    }
    add_line(out, indent, "expected", paint->good, want_window.bytes, paint);
    add_line(out, indent, "got", paint->bad, have_window.bytes, paint);
    if (same >= POINTER_MIN_COLUMNS && strcmp(want.bytes, have.bytes) != 0) {
        add_pointer(out, indent, same - start + (start > 0 ? 3 : 0), paint);
    }
done:
    text_release(&want);
    text_release(&have);
    text_release(&want_window);
    text_release(&have_window);
}
