/* Configurations that are none: file, line and path are said. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "suites/self/support_commands.h"
#include "suites/self/support_source.h"

#define SOURCE(text)                                                                                         \
    "printf '%s' '" text "' > \"$S/c.json\"; \"$H\" drift source --config \"$S/c.json\" \"$S/tree\""

static void what_is_wrong_with_it_is_said(void **state) {
    (void)state;
    static const struct command_row rows[] = {
        {"\"$H\" drift source --config \"$S/none.json\" \"$S/tree\"", 2, {"none.json"}},
        {SOURCE("{\n\"types\": {\n\"Why\": \"kind\"}}"), 2, {"c.json:3: at /types/Why"}},
        {SOURCE("{\n\"ignore\": [\n{\"check\": \"source-map\", \"path\": \"a.py\"}]}"),
         2,
         {"c.json:3: at /ignore/0", "reason"}},
        {SOURCE("{\n\"folder\": {}}"), 2, {"c.json:", "folder"}},
        {SOURCE("{\"folders\": {\n\"tests\": \"spec/\"}}"), 2, {"c.json:2: at /folders/tests"}},
        {SOURCE("{"), 2, {"c.json:", "not JSON"}},
        {SOURCE("{}"), 0, {"CONFORMS"}},
    };
    setenv("HOLDPOINT_FIXTURES", "fixtures", 1);
    source_clear();
    source_write("a.py", "x = 1\n");
    COMMANDS_CHECK(rows);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_wrong_with_it_is_said),
    };
    return cmocka_run_group_tests(tests, source_set_up, source_tear_down) == 0 ? 0 : 1;
}
