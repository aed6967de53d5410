#include "harness/commands/matrix_judge.h"
#include "harness/commands/matrix_text.h"
#include "suites/self/support_matrix.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void sheet_of_two(struct matrix_sheet *sheet) {
    matrix_sheet_init(sheet);
    matrix_sheet_add(sheet, "one", "REQ-A-1", "XXX.");
    matrix_sheet_add(sheet, "two-long", "REQ-A-2", "..x.");
    assert_true(matrix_judge(&sheet->matrix));
    sheet->matrix.duration_us = 1500000;
}

static void the_table_has_counts_and_killers(void **state) {
    (void)state;
    struct matrix_sheet sheet;
    struct text text = {0};
    sheet_of_two(&sheet);
    matrix_add_text(&text, &sheet.matrix);
    assert_string_equal(
        text.bytes, "mutant     breaks  kinds  users  killed by\n"
                    "one       REQ-A-1      3      .  kinds.a, kinds.b +1\n"
                    "two-long  REQ-A-2      1      .  killed by no tied case kinds.c\n"
                    "\n"
                    "the mutant two-long is killed only by cases that do not fail at REQ-A-2\n"
                    "users.d kills nothing: no mutant makes it fail\n"
                    "\n"
                    "2 mutants: 1 killed by tied cases, 1 by others only, 0 survived, 0 out of reach, 0 "
                    "broken; 0 fail more "
                    "than a tenth of the cases and count for no case's kill\n"
                    "4 cases selected, 4 can be run: 3 kill a mutant, 0 say why they kill none, 1 kill none\n"
                    "to be mended, 1.5 s\n");
    text_release(&text);
    matrix_sheet_release(&sheet);
}

static void markdown_names_the_faults(void **state) {
    (void)state;
    struct matrix_sheet sheet;
    struct text text = {0};
    sheet_of_two(&sheet);
    matrix_add_markdown(&text, &sheet.matrix);
    assert_non_null(strstr(text.bytes, "# Mutants and the cases that kill them\n"));
    assert_non_null(strstr(text.bytes, "To be mended:\n\n- the mutant two-long"));
    assert_non_null(strstr(text.bytes, "| mutant | breaks | findings | fault | kinds | users | killed by |\n"
                                       "|---|---|---|---|---|---|---|\n"));
    assert_non_null(strstr(text.bytes, "| `one` | REQ-A-1 | F4 | the \\| guard is missing | 3 | | `kinds.a`, "
                                       "`kinds.b` +1 |\n"));
    text_release(&text);
    matrix_sheet_release(&sheet);
}

static void json_has_everything(void **state) {
    (void)state;
    struct matrix_sheet sheet;
    struct text text = {0};
    sheet_of_two(&sheet);
    matrix_add_json(&text, &sheet.matrix);
    json_t *read = json_loads(text.bytes, 0, NULL);
    assert_non_null(read);
    const json_t *one = json_array_get(json_object_get(read, "mutants"), 0);
    assert_string_equal(json_string_value(json_object_get(one, "fate")), "killed");
    assert_int_equal(json_array_size(json_object_get(one, "tied")), 3);
    assert_int_equal(json_integer_value(json_object_get(one, "counts")), 1);
    const json_t *two = json_array_get(json_object_get(read, "mutants"), 1);
    assert_string_equal(json_string_value(json_array_get(json_object_get(two, "untied"), 0)), "kinds.c");
    const json_t *last = json_array_get(json_object_get(read, "cases"), 3);
    assert_string_equal(json_string_value(json_object_get(last, "id")), "users.d");
    assert_int_equal(json_integer_value(json_object_get(last, "kills")), 0);
    assert_int_equal(json_array_size(json_object_get(read, "complaints")), 2);
    json_decref(read);
    text_release(&text);
    matrix_sheet_release(&sheet);
}

static void the_list_names_each_mutant(void **state) {
    (void)state;
    struct matrix_sheet sheet;
    struct text text = {0};
    sheet_of_two(&sheet);
    const struct mutants mutants = {.items = sheet.mutants, .count = 2};
    mutants_add_list(&text, &mutants);
    assert_non_null(strstr(text.bytes, "one  "));
    assert_non_null(strstr(text.bytes, "  adapter   REQ-A-2"));
    text_release(&text);
    matrix_sheet_release(&sheet);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_has_counts_and_killers),
        cmocka_unit_test(markdown_names_the_faults),
        cmocka_unit_test(json_has_everything),
        cmocka_unit_test(the_list_names_each_mutant),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
