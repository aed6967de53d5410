#include "harness/commands/run_options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/commands/command.h"

static bool read_line(struct run_options *options, int *code, const char *line) {
    static char copy[512];
    char *words[64] = {NULL};
    int count = 0;
    snprintf(copy, sizeof copy, "%s", line);
    for (char *word = strtok(copy, " "); word; word = strtok(NULL, " ")) {
        words[count++] = word;
    }
    return run_options_read(options, false, count, words, code);
}

static void replay_takes_files(void **state) {
    (void)state;
    struct run_options options;
    char *words[] = {"replay", "it's.json", "--target", "null:echo", "b.json", NULL};
    char *none[] = {"replay", NULL};
    struct text verb = {0}, whole = {0};
    int code;
    assert_true(run_options_read(&options, true, 5, words, &code));
    assert_int_equal(options.files.count, 2);
    run_options_add_verb(&verb, &options);
    run_options_add_command(&whole, &options);
    assert_string_equal(verb.bytes, "replay 'it'\\''s.json' b.json");
    assert_string_equal(whole.bytes, "holdpoint replay 'it'\\''s.json' b.json --target null:echo --seed 1");
    run_options_release(&options);
    assert_false(run_options_read(&options, true, 1, none, &code));
    assert_int_equal(code, 2);
    run_options_release(&options);
    text_release(&verb);
    text_release(&whole);
}

static void has_defaults(void **state) {
    (void)state;
    struct run_options options;
    int code;
    assert_true(read_line(&options, &code, "run"));
    assert_int_equal(options.targets.count, 1);
    assert_string_equal(options.targets.items[0], "memory");
    assert_int_equal(options.seed, 1);
    assert_int_equal(options.timeout_ms, 10000);
    assert_int_equal(options.outputs.count, 0);
    struct text repeat = {0};
    run_options_add_repeat(&repeat, &options);
    assert_int_equal(repeat.length_bytes, 0);
    run_options_release(&options);
}

static void pairs_formats_with_files(void **state) {
    (void)state;
    struct run_options options;
    int code;
    assert_true(read_line(&options, &code,
                          "run --format junit --output a.xml --format terminal --format ndjson --output b"));
    assert_int_equal(options.outputs.count, 3);
    assert_string_equal(options.outputs.items[0].path, "a.xml");
    assert_null(options.outputs.items[1].path);
    assert_string_equal(options.outputs.items[2].format, "ndjson");
    assert_string_equal(options.outputs.items[2].path, "b");
    run_options_release(&options);
}

static void wrong_use_is_refused(void **state) {
    (void)state;
    static const char *const lines[] = {
        "run x",
        "run --format pdf",
        "run --output a",
        "run --format junit --output a --output b",
        "run --format junit --format ndjson",
        "run --update-baseline",
        "run --timeout 0",
        "run --seed x",
        "run --seed 9223372036854775808",
        "run --jobs 0",
        "run --jobs 65",
        "run --shard 0/2",
        "run --shard 3/2",
        "run --shard 2",
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        struct run_options options;
        int code = -1;
        assert_false(read_line(&options, &code, lines[i]));
        assert_int_equal(code, EXIT_USAGE);
        run_options_release(&options);
    }
}

static void the_command_repeats_the_run(void **state) {
    (void)state;
    struct run_options options;
    int code;
    assert_true(read_line(
        &options, &code,
        "run --target memory --target null:echo --filter a.* --level MUST --seed 9 --fail-fast "
        "--no-parity --baseline b.json --timeout 5 --without reset --crowd 3 --fixtures f --report-dir r "
        "--shard 2/4 --jobs 3 --no-color --trace t --format junit --output x"));
    struct text text = {0};
    run_options_add_command(&text, &options);
    assert_string_equal(
        text.bytes, "holdpoint run --target memory --target null:echo --filter 'a.*' --level MUST --seed 9 "
                    "--fail-fast --no-parity --baseline b.json --timeout 5 --without reset --crowd 3 "
                    "--fixtures f --jobs 3 --shard 2/4");
    text_clear(&text);
    run_options_add_repeat(&text, &options);
    assert_string_equal(text.bytes, " --timeout 5 --without reset --crowd 3 --fixtures f");
    text_release(&text);
    run_options_release(&options);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(replay_takes_files),          cmocka_unit_test(has_defaults),
        cmocka_unit_test(pairs_formats_with_files),    cmocka_unit_test(wrong_use_is_refused),
        cmocka_unit_test(the_command_repeats_the_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
