#include "suites/self/support_results.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void has_the_golden_form(void **state) {
    (void)state;
    static const enum sample samples[] = {SAMPLE_MIXED, SAMPLE_HOSTILE, SAMPLE_MATRIX, SAMPLE_DOWN,
                                          SAMPLE_PARITY};
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        char *got = sample_write(samples[i], reporter_ndjson_new);
        golden_compare(sample_name(samples[i]), "ndjson", got);
        free(got);
    }
}

/* Counts the lines of a type, after reading each as JSON. */
static size_t count_lines(char *text, const char *type, json_t **last) {
    size_t count = 0;
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        json_error_t error;
        json_t *object = json_loads(line, JSON_REJECT_DUPLICATES, &error);
        if (!object) {
            fail_msg("%s in %.200s", error.text, line);
        }
        count += strcmp(json_string_value(json_object_get(object, "type")), type) == 0;
        json_decref(*last);
        *last = object;
    }
    return count;
}

static void every_line_is_an_object_and_the_last_one_the_exit_code(void **state) {
    (void)state;
    static const size_t cases[SAMPLE_COUNT] = {8, 8, 3, 24, 8, 256, 8, 8, 24};
    for (enum sample sample = 0; sample < SAMPLE_COUNT; sample++) {
        char *got = sample_write(sample, reporter_ndjson_new);
        json_t *last = NULL;
        assert_int_equal(count_lines(got, "case", &last), cases[sample]);
        assert_string_equal(json_string_value(json_object_get(last, "type")), "end");
        assert_int_equal(json_integer_value(json_object_get(last, "exit_code")), sample_exit_code(sample));
        json_decref(last);
        free(got);
    }
}

static void footers_add_up(void **state) {
    (void)state;
    char *got = sample_write(SAMPLE_MATRIX, reporter_ndjson_new);
    size_t footers = 0;
    for (char *line = strtok(got, "\n"); line; line = strtok(NULL, "\n")) {
        json_t *object = json_loads(line, 0, NULL);
        if (strcmp(json_string_value(json_object_get(object, "type")), "target_end") == 0) {
            const char *name;
            json_t *value;
            json_int_t sum = 0;
            json_object_foreach(json_object_get(object, "tally"), name, value) {
                sum += json_integer_value(value);
            }
            assert_int_equal(sum, json_integer_value(json_object_get(object, "selected")));
            footers++;
        }
        json_decref(object);
    }
    assert_int_equal(footers, 3);
    free(got);
}

static void a_full_disk_is_noticed(void **state) {
    (void)state;
    FILE *out = fopen("/dev/full", "w");
    assert_false(sample_play(SAMPLE_GREEN, reporter_ndjson_new(out)));
    fclose(out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(has_the_golden_form),
        cmocka_unit_test(every_line_is_an_object_and_the_last_one_the_exit_code),
        cmocka_unit_test(footers_add_up),
        cmocka_unit_test(a_full_disk_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
