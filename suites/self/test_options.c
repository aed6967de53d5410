#include "harness/commands/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/commands/command.h"

struct values {
    bool flag;
    const char *text;
    struct option_list list;
    uint64_t number;
    char taken[64];
};

static enum hp_status take(void *value, const char *text, struct hp_problem *problem) {
    if (strcmp(text, "bad") == 0) {
        return hp_problem_set(problem, HP_INVALID, NULL, "bad is refused");
    }
    strcat(value, text);
    return HP_OK;
}

static const struct manual manual = {.command = "sample",
                                     .synopsis = "[OPTION]... THING",
                                     .purpose = "Does things.\n",
                                     .examples = "  holdpoint sample x\n",
                                     .operands_min = 1,
                                     .operands_max = 2};

enum { OPTION_COUNT = 5 };

static void fill(struct option options[OPTION_COUNT], struct values *values) {
    const struct option rows[OPTION_COUNT] = {
        {.name = "fast", .kind = OPTION_FLAG, .value = &values->flag, .help = "goes fast"},
        {.name = "name", .argument = "NAME", .kind = OPTION_TEXT, .value = &values->text, .help = "whose"},
        {.name = "filter",
         .argument = "PATTERN",
         .kind = OPTION_LIST,
         .value = &values->list,
         .help = "which"},
        {.name = "a-rather-long-option",
         .argument = "N",
         .kind = OPTION_NUMBER,
         .value = &values->number,
         .minimum = 2,
         .maximum = 10,
         .help = "how many"},
        {.name = "call",
         .argument = "X",
         .kind = OPTION_CALL,
         .value = values->taken,
         .take = take,
         .help = "calls"},
    };
    memcpy(options, rows, sizeof rows);
}

static enum hp_status read_words(struct values *values, struct option_list *operands, bool *help,
                                 struct hp_problem *problem, const char *line) {
    static char copy[256];
    char *words[16] = {NULL};
    int count = 0;
    *values = (struct values){0};
    snprintf(copy, sizeof copy, "%s", line);
    for (char *word = strtok(copy, " "); word; word = strtok(NULL, " ")) {
        words[count++] = word;
    }
    struct option options[OPTION_COUNT];
    fill(options, values);
    return options_read(options, OPTION_COUNT, count, words, operands, help, problem);
}

static void reads_every_kind(void **state) {
    (void)state;
    struct values values;
    struct option_list operands = {0};
    struct hp_problem problem = {0};
    bool help;
    assert_int_equal(
        read_words(&values, &operands, &help, &problem,
                   "sample --fast --name=a=b one --filter x --filter=y --a-rather-long-option 10 "
                   "--call p --call=q - -- --name"),
        HP_OK);
    assert_false(help);
    assert_true(values.flag);
    assert_string_equal(values.text, "a=b");
    assert_int_equal(values.list.count, 2);
    assert_string_equal(values.list.items[1], "y");
    assert_int_equal(values.number, 10);
    assert_string_equal(values.taken, "pq");
    assert_int_equal(operands.count, 3);
    assert_string_equal(operands.items[1], "-");
    assert_string_equal(operands.items[2], "--name");
    option_list_release(&operands);
    option_list_release(&values.list);
}

static const struct {
    const char *line;
    const char *detail;
} wrong[] = {
    {"sample --filtr x", "unknown option --filtr; did you mean --filter?"},
    {"sample --filtr=x", "unknown option --filtr=x; did you mean --filter?"},
    {"sample --zzzzzzzzzz", "unknown option --zzzzzzzzzz"},
    {"sample -x", "unknown option -x"},
    {"sample --fast=1", "--fast takes no value"},
    {"sample --name", "--name needs NAME behind it"},
    {"sample --a-rather-long-option 1", "--a-rather-long-option takes a number from 2 to 10, not \"1\""},
    {"sample --a-rather-long-option 11", "--a-rather-long-option takes a number from 2 to 10, not \"11\""},
    {"sample --a-rather-long-option=", "--a-rather-long-option takes a number from 2 to 10, not \"\""},
    {"sample --a-rather-long-option 3x", "--a-rather-long-option takes a number from 2 to 10, not \"3x\""},
    {"sample --a-rather-long-option -3", "--a-rather-long-option takes a number from 2 to 10, not \"-3\""},
    {"sample --a-rather-long-option 18446744073709551618",
     "--a-rather-long-option takes a number from 2 to 10, not \"18446744073709551618\""},
    {"sample --call bad", "bad is refused"},
};

static void wrong_use_is_named(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct values values;
        struct option_list operands = {0};
        struct hp_problem problem = {0};
        bool help;
        assert_int_equal(read_words(&values, &operands, &help, &problem, wrong[i].line), HP_INVALID);
        assert_string_equal(problem.detail, wrong[i].detail);
        option_list_release(&operands);
        option_list_release(&values.list);
    }
}

static void help_wins_over_everything(void **state) {
    (void)state;
    static const char *const lines[] = {"sample --help", "sample -h", "sample --nonsense --help"};
    for (size_t i = 0; i < 3; i++) {
        struct values values;
        struct option_list operands = {0};
        struct hp_problem problem = {0};
        bool help = false;
        assert_int_equal(read_words(&values, &operands, &help, &problem, lines[i]), HP_OK);
        assert_true(help);
        option_list_release(&operands);
    }
}

static void the_manual_is_made_from_the_table(void **state) {
    (void)state;
    struct values values = {0};
    struct option options[OPTION_COUNT];
    fill(options, &values);
    char *bytes = NULL;
    size_t length_bytes = 0;
    FILE *out = open_memstream(&bytes, &length_bytes);
    options_explain(out, &manual, options, OPTION_COUNT);
    fclose(out);
    assert_string_equal(bytes, "Usage: holdpoint sample [OPTION]... THING\n"
                               "\n"
                               "Does things.\n"
                               "\n"
                               "Options:\n"
                               "  --fast                goes fast\n"
                               "  --name NAME           whose\n"
                               "  --filter PATTERN      which\n"
                               "  --a-rather-long-option N\n"
                               "                        how many\n"
                               "  --call X              calls\n"
                               "\n"
                               "Examples:\n"
                               "  holdpoint sample x\n");
    free(bytes);
}

static void operands_are_counted(void **state) {
    (void)state;
    static const struct {
        int count;
        bool goes_on;
    } rows[] = {{1, false}, {2, true}, {3, true}, {4, false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char a[] = "sample", b[] = "b", c[] = "c", d[] = "d";
        char *arguments[] = {a, b, c, d, NULL};
        struct option_list operands = {0};
        int code = -1;
        assert_int_equal(options_begin(&manual, NULL, 0, rows[i].count, arguments, &operands, &code),
                         rows[i].goes_on);
        assert_int_equal(code, rows[i].goes_on ? -1 : EXIT_USAGE);
        option_list_release(&operands);
    }
}

static void running_out_of_memory_is_no_wrong_use(void **state) {
    (void)state;
    struct hp_problem problem = {0};
    hp_problem_no_memory(&problem);
    assert_int_equal(usage_complain("sample", &problem), EXIT_BROKEN);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_kind),          cmocka_unit_test(wrong_use_is_named),
        cmocka_unit_test(help_wins_over_everything), cmocka_unit_test(the_manual_is_made_from_the_table),
        cmocka_unit_test(operands_are_counted),      cmocka_unit_test(running_out_of_memory_is_no_wrong_use),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
