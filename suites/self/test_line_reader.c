#include "harness/adapters/line_reader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { LIMIT = 8 };

/* Writes what is read: a line in brackets, ! for one that was too long. */
static void read_all(const char *input, size_t length_bytes, struct text *seen) {
    FILE *file = tmpfile();
    struct line_reader reader;
    const char *line;
    size_t line_bytes;
    enum line_read read;
    assert_non_null(file);
    assert_int_equal(fwrite(input, 1, length_bytes, file), length_bytes);
    rewind(file);
    line_reader_init(&reader, fileno(file), LIMIT);
    while ((read = line_reader_next(&reader, &line, &line_bytes)) != LINE_READ_END) {
        if (read == LINE_READ) {
            text_addf(seen, "[%s:%zu]", line, line_bytes);
        } else {
            text_add_byte(seen, '!');
        }
    }
    line_reader_release(&reader);
    fclose(file);
}

static void each_input_is_cut_into_lines(void **state) {
    (void)state;
    static const char *const rows[][2] = {
        {"", ""},
        {"a\nbc\n", "[a:1][bc:2]"},
        {"a\nbc", "[a:1][bc:2]"},
        {"\n\n", "[:0][:0]"},
        {"12345678\n", "[12345678:8]"},
        {"123456789\nok\n", "![ok:2]"},
        {"123456789", "!"},
        {"ok\n123456789\nok", "[ok:2]![ok:2]"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct text seen = {0};
        read_all(rows[i][0], strlen(rows[i][0]), &seen);
        assert_string_equal(seen.bytes ? seen.bytes : "", rows[i][1]);
        text_release(&seen);
    }
}

/* Longer than what is read at once, so that the rest of the line comes in later pieces. */
static void a_very_long_line_is_dropped_whole(void **state) {
    (void)state;
    struct text input = {0}, seen = {0};
    for (size_t i = 0; i < 30000; i++) {
        text_add(&input, "0123456789");
    }
    text_add(&input, "\nok\n");
    read_all(input.bytes, input.length_bytes, &seen);
    assert_string_equal(seen.bytes, "![ok:2]");
    text_release(&input);
    text_release(&seen);
}

static void what_cannot_be_read_is_the_end(void **state) {
    (void)state;
    struct line_reader reader;
    const char *line;
    size_t length_bytes;
    line_reader_init(&reader, -1, LIMIT);
    assert_int_equal(line_reader_next(&reader, &line, &length_bytes), LINE_READ_END);
    line_reader_release(&reader);
}

static void told_to_stop_it_waits_no_more(void **state) {
    (void)state;
    struct line_reader reader;
    const char *line;
    size_t line_bytes;
    int input[2], stop[2];
    assert_int_equal(pipe(input), 0);
    assert_int_equal(pipe(stop), 0);
    line_reader_init(&reader, input[0], LIMIT);
    reader.stop = stop[0];
    assert_int_equal(write(input[1], "a\nb", 3), 3);
    assert_int_equal(line_reader_next(&reader, &line, &line_bytes), LINE_READ);
    assert_string_equal(line, "a");
    assert_int_equal(write(stop[1], "", 1), 1);
    assert_int_equal(line_reader_next(&reader, &line, &line_bytes), LINE_READ_END);
    assert_int_equal(line_reader_next(&reader, &line, &line_bytes), LINE_READ_END);
    line_reader_release(&reader);
    for (size_t i = 0; i < 2; i++) {
        close(input[i]);
        close(stop[i]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_input_is_cut_into_lines), cmocka_unit_test(a_very_long_line_is_dropped_whole),
        cmocka_unit_test(what_cannot_be_read_is_the_end), cmocka_unit_test(told_to_stop_it_waits_no_more)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
