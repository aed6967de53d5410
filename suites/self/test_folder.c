#include "harness/base/folder.h"
#include "suites/self/support_folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void names_come_sorted_and_without_dots(void **state) {
    (void)state;
    static const char *const names[] = {"cases", "file.json", "requirements.json", "schema"};
    struct folder folder;
    const char *path = fixtures_new("{}");
    assert_true(fixtures_write("file.json", "") && fixtures_write(".hidden", ""));
    assert_int_equal(folder_read(path, &folder, NULL), HP_OK);
    char *hidden = path_join(path, ".hidden");
    assert_int_equal(remove(hidden), 0);
    free(hidden);
    assert_int_equal(folder.count, 4);
    for (size_t i = 0; i < folder.count; i++) {
        assert_string_equal(folder.names[i], names[i]);
    }
    folder_release(&folder);
    assert_null(folder.names);
    assert_int_equal(folder.count, 0);
    fixtures_remove();
}

static void many_names_and_none_are_no_trouble(void **state) {
    (void)state;
    enum { MANY = 100 };
    char path[512];
    struct folder folder;
    snprintf(path, sizeof path, "%s/folder-XXXXXX", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
    assert_non_null(mkdtemp(path));
    assert_int_equal(folder_read(path, &folder, NULL), HP_OK);
    assert_int_equal(folder.count, 0);
    folder_release(&folder);
    char name[16];
    for (int i = 0; i < MANY; i++) {
        snprintf(name, sizeof name, "n%02d", MANY - 1 - i);
        char *file = path_join(path, name);
        FILE *stream = fopen(file, "w");
        assert_non_null(stream);
        fclose(stream);
        free(file);
    }
    assert_int_equal(folder_read(path, &folder, NULL), HP_OK);
    assert_int_equal(folder.count, MANY);
    for (int i = 0; i < MANY; i++) {
        snprintf(name, sizeof name, "n%02d", i);
        assert_string_equal(folder.names[i], name);
        char *file = path_join(path, name);
        assert_int_equal(remove(file), 0);
        free(file);
    }
    folder_release(&folder);
    assert_int_equal(rmdir(path), 0);
}

static void what_cannot_be_read_is_unavailable(void **state) {
    (void)state;
    static const char *const rows[][2] = {{"no/such", "no/such: No such file or directory"},
                                          {"Makefile", "Makefile: Not a directory"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct folder folder;
        struct hp_problem problem = {0};
        assert_int_equal(folder_read(rows[i][0], &folder, &problem), HP_UNAVAILABLE);
        assert_string_equal(problem.detail, rows[i][1]);
        assert_int_equal(folder.count, 0);
        folder_release(&folder);
    }
}

static void paths_are_joined_by_one_slash(void **state) {
    (void)state;
    char *path = path_join("a/b", "c.json");
    assert_string_equal(path, "a/b/c.json");
    free(path);
}

static void a_folder_is_made_with_those_above_it(void **state) {
    (void)state;
    char top[] = "/tmp/holdpoint-folder-XXXXXX";
    assert_non_null(mkdtemp(top));
    char *above = path_join(top, "a"), *below = path_join(above, "b"), *file = path_join(top, "file");
    assert_true(folder_make(below));
    assert_true(folder_make(below));
    FILE *made = fopen(file, "wb");
    assert_non_null(made);
    fclose(made);
    char *impossible = path_join(file, "x");
    assert_false(folder_make(impossible));
    assert_false(folder_make(""));
    free(impossible);
    assert_int_equal(remove(file), 0);
    assert_int_equal(rmdir(below), 0);
    assert_int_equal(rmdir(above), 0);
    assert_int_equal(rmdir(top), 0);
    free(file);
    free(below);
    free(above);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(names_come_sorted_and_without_dots),
                                       cmocka_unit_test(many_names_and_none_are_no_trouble),
                                       cmocka_unit_test(what_cannot_be_read_is_unavailable),
                                       cmocka_unit_test(paths_are_joined_by_one_slash),
                                       cmocka_unit_test(a_folder_is_made_with_those_above_it)};
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
