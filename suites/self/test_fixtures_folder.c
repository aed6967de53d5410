#include "harness/base/fixtures_folder.h"
#include "suites/self/support_results.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void the_given_folder_wins(void **state) {
    (void)state;
    char *path = NULL;
    struct hp_problem problem = {0};
    setenv("HOLDPOINT_FIXTURES", "from/environment", 1);
    assert_int_equal(fixtures_find("given", &path, &problem), HP_OK);
    assert_string_equal(path, "given");
    free(path);
    assert_int_equal(fixtures_find(NULL, &path, &problem), HP_OK);
    assert_string_equal(path, "from/environment");
    free(path);
    unsetenv("HOLDPOINT_FIXTURES");
}

/* The test program lies in build/self, whose parent holds no fixtures; an empty variable counts as none. What
 * is left is the place of an installed Holdpoint, which may be there. */
static void the_last_place_is_where_it_was_installed(void **state) {
    (void)state;
    char *path = NULL;
    struct hp_problem problem = {0};
    bool installed = access(HOLDPOINT_DATA "/fixtures/requirements.json", R_OK) == 0;
    setenv("HOLDPOINT_FIXTURES", "", 1);
    assert_int_equal(fixtures_find(NULL, &path, &problem), installed ? HP_OK : HP_INVALID);
    if (installed) {
        assert_string_equal(path, HOLDPOINT_DATA "/fixtures");
    } else {
        assert_non_null(strstr(problem.detail, "--fixtures or HOLDPOINT_FIXTURES"));
    }
    free(path);
    unsetenv("HOLDPOINT_FIXTURES");
}

/* Beside the program, or where an installed one has them: as a person in the current folder would write
 * it. */
static void fixtures_beside_the_program_are_found(void **state) {
    (void)state;
    static const char *const folders[] = {"fixtures", "share/holdpoint/fixtures"};
    char here[SCRATCH_PATH_SIZE], built[SCRATCH_PATH_SIZE];
    assert_non_null(getcwd(here, sizeof here));
    scratch_path(built, ".");
    for (size_t i = 0; i < 2; i++) {
        char command[SCRATCH_PATH_SIZE];
        char *below = NULL, *away = NULL;
        assert_int_equal(chdir(built), 0);
        snprintf(command, sizeof command, "mkdir -p '%s' && touch '%s/requirements.json'", folders[i],
                 folders[i]);
        assert_int_equal(system(command), 0);
        enum hp_status found = fixtures_find(NULL, &below, NULL);
        assert_int_equal(chdir("/"), 0);
        enum hp_status found_away = fixtures_find(NULL, &away, NULL);
        assert_int_equal(chdir(here), 0);
        assert_int_equal(chdir(built), 0);
        snprintf(command, sizeof command, "rm -r '%s'", folders[i]);
        assert_int_equal(system(command), 0);
        assert_int_equal(chdir(here), 0);
        assert_int_equal(found, HP_OK);
        assert_string_equal(below, folders[i]);
        assert_int_equal(found_away, HP_OK);
        assert_int_equal(away[0], '/');
        assert_string_equal(away + strlen(away) - strlen(folders[i]), folders[i]);
        free(below);
        free(away);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_given_folder_wins),
        cmocka_unit_test(the_last_place_is_where_it_was_installed),
        cmocka_unit_test(fixtures_beside_the_program_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
