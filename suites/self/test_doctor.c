/* `holdpoint doctor` as a process: what it prints of three adapters, exit codes, wrong use, its bounds. What it finds in
 * faulty ones: test_faulty_adapters.c. */
#include "harness/adapters/deadline.h"
#include "suites/self/support_commands.h"
#include "suites/self/support_results.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FAULTY "stdio:exec python3 suites/self/children/faulty.py "

/* Called by a name that is the same for every build. */
static int set_up(void **state) {
    (void)state;
    int exit_code = -1;
    if (commands_begin("doctor-XXXXXX")) {
        free(command_feed("ln -s \"$H\" \"$S/holdpoint\"", "", &exit_code));
    }
    return exit_code;
}

static int tear_down(void **state) {
    (void)state;
    commands_end();
    return 0;
}

/* The version is another one each time that it is raised, and a traceback names the system's own files. The answer to a bad
 * line may come behind that to the next one, or before it: the reference answers at once whoever asks. */
#define DOCTOR(target)                                                                                       \
    "PATH=\"$S:$PATH\"; { holdpoint doctor --timeout 6000 '" target "'; echo \"exit $?\"; } | sed -e "       \
    "\"s/$(holdpoint --version | cut -d' ' -f2)/VERSION/\" -e '/^the end of its stderr$/,/^$/d'"             \
    " -e 's/: it passes it over in silence$//'"

static void three_adapters_get_three_answers(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *line;
    } rows[] = {
        {"doctor_reference", DOCTOR("stdio:holdpoint adapter memory")},
        {"doctor_only_hello", DOCTOR("stdio:python3 suites/self/children/only_hello.py")},
        {"doctor_cat", DOCTOR("stdio:cat")},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int exit_code = -1;
        char *said = command_feed(rows[i].line, "", &exit_code);
        golden_compare(rows[i].name, "txt", said);
        free(said);
    }
}

static void health_is_an_exit_code(void **state) {
    (void)state;
    static const struct command_row rows[] = {
        {"\"$H\" doctor memory",
         0,
         {"HEALTHY", "without a wire", "run --target memory --filter kinds.create"}},
        {"\"$H\" doctor null:reject-all", 1, {"FAULTY", "fails      unknown-method", "was refused: invalid"}},
        {"\"$H\" doctor null:drop-connection", 1, {"fails      unknown-method", "fails      create"}},
        {"\"$H\" doctor \"" FAULTY "none\"", 0, {"HEALTHY", "faulty 1, Python; 3 capabilities, 2 endpoints"}},
        {"\"$H\" doctor 'stdio:/no/such/adapter'", 1, {"fails      start", "found no such command"}},
        {"\"$H\" doctor 'postgres:host=/nowhere dbname=x'", 3, {"holdpoint doctor: ", "/nowhere"}},
    };
    COMMANDS_CHECK(rows);
}

static void wrong_use_is_two(void **state) {
    (void)state;
    static const struct command_row rows[] = {
        {"\"$H\" doctor", 2, {"an argument is missing"}},
        {"\"$H\" doctor memroy", 2, {"there is no target \"memroy\"", "did you mean memory?"}},
        {"\"$H\" doctor --format json --format text memory",
         2,
         {"two formats would share stdout, json and text"}},
        {"\"$H\" doctor stdio:", 2, {"names no command"}},
        {"\"$H\" doctor memory memory", 2, {"one argument too many"}},
        {"\"$H\" doctor --format xml memory", 2, {"there is no format \"xml\"; text and json are known"}},
        {"\"$H\" doctor --timeout 0 memory", 2, {"--timeout takes a number from 1"}},
        {"\"$H\" doctor --totl 5 memory", 2, {"did you mean --total?"}},
        {"\"$H\" doctor --help",
         0,
         {"Usage: holdpoint doctor", "Exit codes: 0 healthy; 1 faulty", "Examples:"}},
    };
    COMMANDS_CHECK(rows);
}

static void a_program_reads_json(void **state) {
    (void)state;
    static const struct command_row rows[] = {
        {"\"$H\" doctor --format json memory | jq -r '.conclusion, .counts.fails'", 0, {"healthy\n0\n"}},
        {"\"$H\" doctor --format json stdio:cat | jq -r '.checks[] | select(.state == \"fails\") | .id'",
         0,
         {"frame\n"}},
    };
    COMMANDS_CHECK(rows);
}

/* Each answer would be waited for longer than all may take. */
static void the_whole_time_is_bounded(void **state) {
    (void)state;
    static const struct command_row rows[] = {
        {"\"$H\" doctor --timeout 600000 --total 6000 \"" FAULTY "unknown-silent\"",
         1,
         {"fails      unknown-method", "not tried", "the time for the whole examination is up"}},
    };
    int64_t deadline_us = deadline_after_ms(60000);
    COMMANDS_CHECK(rows);
    assert_true(deadline_remaining_ms(deadline_us) > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_adapters_get_three_answers),
        cmocka_unit_test(health_is_an_exit_code),
        cmocka_unit_test(wrong_use_is_two),
        cmocka_unit_test(a_program_reads_json),
        cmocka_unit_test(the_whole_time_is_bounded),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
