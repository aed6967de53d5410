/* What a skeleton consists of, and what is refused. That it works is seen in test_new_adapter.sh. */
#include "harness/commands/skeleton.h"

#include "harness/base/folder.h"
#include "harness/commands/templates.h"
#include "suites/self/support_results.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char place[SCRATCH_PATH_SIZE];
static char path[SCRATCH_PATH_SIZE + 64];

static int set_up(void **state) {
    (void)state;
    scratch_path(place, "skeleton-XXXXXX");
    return mkdtemp(place) ? 0 : -1;
}

static int tear_down(void **state) {
    (void)state;
    int exit_code = -1;
    snprintf(path, sizeof path, "rm -r '%s'", place);
    free(command_feed(path, "", &exit_code));
    return exit_code;
}

static const char *inside(const char *name) {
    snprintf(path, sizeof path, "%s/%s", place, name);
    return path;
}

static bool holds(const char *file, const char *wanted) {
    char text[8192] = "";
    FILE *opened = fopen(inside(file), "rb");
    if (opened) {
        text[fread(text, 1, sizeof text - 1, opened)] = '\0';
        fclose(opened);
    }
    return strstr(text, wanted) != NULL;
}

static void every_language_has_what_belongs_to_it(void **state) {
    (void)state;
    static const struct {
        const char *language;
        bool http;
        const char *folder;
        const char *file; /* with its name in it */
        size_t files;
    } rows[] = {
        {"python", false, "mine-py", "adapter.py", 5}, {"python", true, "mine-py-http", "profile.json", 6},
        {"node", false, "mine-js", "adapter.mjs", 5},  {"node", true, "mine-js-http", "profile.json", 6},
        {"go", false, "mine-go", "main.go", 6},        {"go", true, "mine-go-http", "profile.json", 7},
        {"c", false, "mine-c", "adapter.c", 6},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char file[64];
        struct folder folder = {0};
        struct hp_problem problem = {0};
        struct skeleton skeleton = {rows[i].language, rows[i].http, inside(rows[i].folder)};
        assert_int_equal(skeleton_write(&skeleton, &problem), HP_OK);
        assert_int_equal(folder_read(path, &folder, &problem), HP_OK);
        assert_int_equal(folder.count, rows[i].files);
        folder_release(&folder);
        snprintf(file, sizeof file, "%s/%s", rows[i].folder, rows[i].file);
        assert_true(holds(file, rows[i].folder));
        snprintf(file, sizeof file, "%s/README.md", rows[i].folder);
        assert_false(holds(file, "@NAME@"));
    }
}

static void a_name_needs_no_quotes(void **state) {
    (void)state;
    struct hp_problem problem = {0};
    struct skeleton skeleton = {"python", false, inside("it's \"mine\"//")};
    assert_int_equal(skeleton_write(&skeleton, &problem), HP_OK);
    assert_true(holds("it's \"mine\"/adapter.py", "\"it-s--mine-\""));
}

static void what_is_wrong_is_said_and_nothing_is_written(void **state) {
    (void)state;
    static const struct {
        const char *language;
        bool http;
        const char *folder;
        enum hp_status status;
        const char *wanted;
    } rows[] = {
        {"pyhton", false, "new", HP_INVALID, "there is no skeleton in \"pyhton\"; did you mean python?"},
        {"cobol", false, "new", HP_INVALID, "python, node, go and c are known"},
        {"c", true, "new", HP_INVALID, "--http is not offered for c"},
        {"python", false, "full", HP_INVALID, "is not empty: it holds mine; name a new one"},
        {"python", false, "file", HP_INVALID, "Not a directory"},
        {"python", false, "no/where", HP_INVALID, "cannot be made: No such file or directory"},
    };
    mkdir(inside("full"), 0777);
    fclose(fopen(inside("full/mine"), "wb"));
    fclose(fopen(inside("file"), "wb"));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hp_problem problem = {0};
        struct skeleton skeleton = {rows[i].language, rows[i].http, inside(rows[i].folder)};
        assert_int_equal(skeleton_write(&skeleton, &problem), rows[i].status);
        if (!strstr(problem.detail, rows[i].wanted)) {
            fail_msg("%s", problem.detail);
        }
        assert_int_not_equal(access(inside("new"), F_OK), 0);
    }
}

/* The same command works for another user, or elsewhere. Root may do everything, so it is nobody who asks. */
static void what_may_not_be_made_is_no_wrong_use(void **state) {
    (void)state;
    enum { NOBODY = 65534 };
    static const char *const folders[] = {"locked/new", "locked"};
    assert_int_equal(mkdir(inside("locked"), 0777), 0);
    assert_int_equal(chmod(place, 0755), 0);
    assert_int_equal(chmod(inside("locked"), 0111), 0);
    bool root = geteuid() == 0;
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        struct hp_problem problem = {0};
        struct skeleton skeleton = {"python", false, inside(folders[i])};
        assert_true(!root || seteuid(NOBODY) == 0);
        enum hp_status status = skeleton_write(&skeleton, &problem);
        assert_true(!root || seteuid(0) == 0);
        if (status != HP_UNAVAILABLE || !strstr(problem.detail, "Permission denied")) {
            fail_msg("%d: %s", status, problem.detail);
        }
    }
}

/* Of the first file there is room for all, of a later one there is not. */
static void what_cannot_be_written_takes_the_others_back(void **state) {
    (void)state;
    int exit_code = -1;
    struct hp_problem problem = {0};
    char command[sizeof path + 96];
    struct skeleton skeleton = {"python", false, inside("narrow")};
    snprintf(command, sizeof command,
             "trap '' XFSZ; ulimit -f 3; \"$HOLDPOINT\" new-adapter python '%s' 2>&1", path);
    char *said = command_feed(command, "", &exit_code);
    assert_int_equal(exit_code, 3);
    assert_non_null(said);
    assert_non_null(strstr(said, "cannot be written: File too large"));
    free(said);
    assert_int_not_equal(access(path, F_OK), 0);
    assert_int_equal(skeleton_write(&skeleton, &problem), HP_OK);
}

static void the_commands_that_come_next_are_copyable(void **state) {
    (void)state;
    static const struct {
        struct skeleton skeleton;
        const char *wanted[2];
    } rows[] = {
        {{"python", false, "a b"},
         {"wrote    'a b': ", "examine  hp doctor 'stdio:python3 '\\''a b'\\''/adapter.py'\n"}},
        {{"go", false, "mine"},
         {"build    (cd mine && go build -o main .)\n", "run      hp run --target stdio:./mine/main\n"}},
        {{"c", false, "/mine"},
         {"build    make -C /mine\n", "run      hp run --target stdio:/mine/adapter\n"}},
        {{"go", true, "mine"},
         {"serve    export PORT=8080; ./mine/main &\n",
          "run      hp run --target profile:mine/profile.json\n"}},
        {{"node", true, "mine"},
         {"serve    export PORT=8080; node mine/server.mjs &\n", "fill in  mine/service.mjs"}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct text text = {0};
        skeleton_add_next(&text, &rows[i].skeleton, "hp");
        assert_false(text.failed);
        for (size_t at = 0; at < 2; at++) {
            if (!strstr(text.bytes, rows[i].wanted[at])) {
                fail_msg("%s\nlacks\n%s", text.bytes, rows[i].wanted[at]);
            }
        }
        text_release(&text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_language_has_what_belongs_to_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_name_needs_no_quotes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_wrong_is_said_and_nothing_is_written, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_may_not_be_made_is_no_wrong_use, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_cannot_be_written_takes_the_others_back, set_up, tear_down),
        cmocka_unit_test(the_commands_that_come_next_are_copyable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
