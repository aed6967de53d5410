/* `holdpoint judge` as a process: arguments and files in, verdicts and exit code out. */
#include "suites/self/support_commands.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define LINE(client, key, op, args, result, invoke, returned)                                                \
    "{\"client\":" client ",\"key\":" key ",\"op\":\"" op "\",\"args\":{" args "},\"result\":\"" result      \
    "\",\"invoke_ns\":" invoke ",\"return_ns\":" returned "}\n"

static bool write_file(const char *name, const char *text) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", commands_folder(), name);
    FILE *file = fopen(path, "wb");
    return file && fputs(text, file) >= 0 && fclose(file) == 0;
}

static int set_up(void **state) {
    (void)state;
    bool done =
        commands_begin("judge-XXXXXX") &&
        write_file("good", LINE("1", "\"a\"", "respond", "\"by\":1", "ok", "1", "5")
                               LINE("2", "\"a\"", "get", "", "resolved:1", "3", "9")
                                   LINE("2", "\"b\"", "get", "", "pending", "10", "11")) &&
        write_file("bad", LINE("1", "7", "respond", "\"by\":1", "ok", "1", "5")
                              LINE("2", "7", "get", "", "pending", "6", "9")
                                  LINE("2", "8", "get", "", "pending", "10", "11")) &&
        write_file("late",
                   LINE("1", "7", "create", "\"owner\":\"ann\",\"expires_ns\":50,\"checkpoint\":false", "ok",
                        "1", "5") LINE("2", "7", "respond", "\"by\":2", "ok", "54", "60")) &&
        write_file("hard", LINE("0", "7", "respond", "\"by\":0", "unknown", "0", "null")
                               LINE("1", "7", "respond", "\"by\":1", "unknown", "0", "null")
                                   LINE("2", "7", "get", "", "resolved:1", "5", "9")) &&
        write_file("broken", LINE("1", "7", "respond", "\"by\":1", "ok", "1", "5") "{\"client\":2\n") &&
        write_file("forged", LINE("\"y\\nz ok\\u001b[2J\"", "\"a ok\\nb\\u001b[2J\"", "respond",
                                  "\"by\":\"y\\nz ok\\u001b[2J\"", "ok", "1", "5")
                                 LINE("2", "\"a ok\\nb\\u001b[2J\"", "get", "", "pending", "6", "9")) &&
        write_file("empty", "");
    return done ? 0 : -1;
}

static int tear_down(void **state) {
    (void)state;
    commands_end();
    return 0;
}

static void verdicts_are_lines_and_exit_codes(void **state) {
    (void)state;
    static const struct command_row rows[] = {
        {"\"$H\" judge \"$S/good\"",
         0,
         {"a ok\nb ok\n2 keys: 2 ok, 0 illegal, 0 undecided; 3 operations, by interval\n"}},
        {"\"$H\" judge - <\"$S/good\"", 0, {"a ok\nb ok\n2 keys"}},
        {"\"$H\" judge \"$S/bad\"",
         1,
         {"7 illegal\n8 ok\n2 keys: 1 ok, 1 illegal, 0 undecided; 3 operations"}},
        {"\"$H\" judge \"$S/good\" \"$S/bad\"", 1, {"good\na ok\nb ok\n== ", "4 keys: 3 ok, 1 illegal"}},
        {"\"$H\" judge --method search \"$S/bad\"", 1, {"7 illegal\n8 ok", "by search"}},
        {"\"$H\" judge --method=brute \"$S/bad\"", 1, {"7 illegal\n8 ok", "by brute"}},
        {"\"$H\" judge --method search --budget 1 \"$S/hard\"",
         3,
         {"7 undecided\n1 keys: 0 ok, 0 illegal, 1 undecided"}},
        {"\"$H\" judge --method search --budget 2 \"$S/hard\" \"$S/bad\"", 1, {"7 undecided", "7 illegal"}},
        {"\"$H\" judge --method search \"$S/hard\"", 0, {"7 ok"}},
        {"\"$H\" judge \"$S/late\"", 1, {"7 illegal"}},
        {"\"$H\" judge --clock-error 3 \"$S/late\"", 1, {"7 illegal"}},
        {"\"$H\" judge --clock-error 4 \"$S/late\"", 0, {"7 ok"}},
        {"\"$H\" judge --method brute fixtures/histories/c_hot_c64_200.ok.jsonl", 3, {"0 undecided"}},
        {"\"$H\" judge fixtures/histories/damaged_3000.jsonl | grep -v keys: | sort -n | "
         "cmp - fixtures/histories/damaged_3000.verdicts && echo alike",
         0,
         {"alike"}},
    };
    COMMANDS_CHECK(rows);
}

/* A key is a text of the file: it begins no line, and a terminal does not obey it. */
static void names_are_shown_and_not_obeyed(void **state) {
    (void)state;
    static const struct command_row rows[] = {
        {"\"$H\" judge \"$S/forged\"", 1, {"a ok\\nb\\x1b[2J illegal\n1 keys"}},
        {"\"$H\" judge --explain \"$S/forged\" | tr -d '\\n' | grep -c '[[:cntrl:]]'; test $? = 1", 0, {"0"}},
        {"\"$H\" judge --explain \"$S/forged\" | grep -c '^z ok'; test $? = 1", 0, {"0"}},
        {"\"$H\" judge --explain \"$S/forged\"",
         1,
         {"the respond of client y\\nz ok\\x1b[2J, answered ok",
          "line 1: client y\\nz ok\\x1b[2J  respond -> ok", "* client y\\nz ok\\x1b[2J  respond"}},
        {"printf '{\"client\":1,\"x\\\\ny\":2}' | \"$H\" judge -", 2, {"\"x\\ny\" is no member"}},
    };
    COMMANDS_CHECK(rows);
}

static void reasons_are_told(void **state) {
    (void)state;
    static const struct command_row rows[] = {
        {"\"$H\" judge --explain \"$S/bad\"",
         1,
         {"7 illegal\n    the respond of client 1, answered ok at +4 ns, had ended it by +4 ns, but the get "
          "of client 2, ",
          "    line 1: client 1  respond -> ok  +0 ns .. +4 ns\n    line 2: client 2  get -> pending  +5 ns "
          ".. +8 ns\n",
          "    * client 1  respond -> ok   [======================]\n"}},
        {"\"$H\" judge --explain --method search --budget 1 \"$S/hard\"",
         3,
         {"7 undecided\n    the steps allowed for the search ran out\n1 keys"}},
        {"\"$H\" judge --explain \"$S/good\" | wc -l", 0, {"3"}},
    };
    COMMANDS_CHECK(rows);
}

static void wrong_use_is_two_and_says_where(void **state) {
    (void)state;
    static const struct command_row rows[] = {
        {"\"$H\" judge", 2, {"an argument is missing: [OPTION]... FILE..."}},
        {"\"$H\" judge --method porcupine \"$S/good\"",
         2,
         {"--method takes interval, search or brute, not \"porcupine\""}},
        {"\"$H\" judge --budget 0 \"$S/good\"", 2, {"--budget takes a number from 1"}},
        {"\"$H\" judge --clock-error -1 \"$S/good\"", 2, {"--clock-error takes a number from 0"}},
        {"\"$H\" judge --explian \"$S/good\"", 2, {"did you mean --explain?"}},
        {"\"$H\" judge \"$S/broken\"", 2, {"broken:2:12: not JSON"}},
        {"\"$H\" judge \"$S/good\" \"$S/nowhere\"", 2, {"nowhere: No such file or directory"}},
        {"printf '[]\\n' | \"$H\" judge -", 2, {"stdin:1: at the top: expected an object, got []"}},
        {"\"$H\" judge \"$S/empty\"", 2, {"/empty holds no operation: nothing was recorded"}},
        {"\"$H\" judge - </dev/null", 2, {"stdin holds no operation"}},
        {"\"$H\" judge \"$S/good\" \"$S/empty\"", 2, {"/empty holds no operation"}},
        {"\"$H\" judge --help", 0, {"Usage: holdpoint judge [OPTION]... FILE...", "Exit codes", "Examples:"}},
        {"\"$H\" --help", 0, {"judge"}},
    };
    COMMANDS_CHECK(rows);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verdicts_are_lines_and_exit_codes),
        cmocka_unit_test(names_are_shown_and_not_obeyed),
        cmocka_unit_test(reasons_are_told),
        cmocka_unit_test(wrong_use_is_two_and_says_where),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
