#include "harness/lab/crew_parts.h"

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

static char parent[] = "/tmp/holdpoint-notebook-XXXXXX";
static char *tmpdir_before;

/* A folder in which temporary folders are made. */
static int make_parent(void **state) {
    (void)state;
    const char *before = getenv("TMPDIR");
    tmpdir_before = text_copy(before);
    memcpy(parent + strlen(parent) - 6, "XXXXXX", 6);
    return mkdtemp(parent) && setenv("TMPDIR", parent, 1) == 0 ? 0 : -1;
}

/* Nothing may be left in it. */
static int drop_parent(void **state) {
    (void)state;
    if (tmpdir_before) {
        setenv("TMPDIR", tmpdir_before, 1);
    } else {
        unsetenv("TMPDIR");
    }
    free(tmpdir_before);
    return rmdir(parent);
}

static bool exists(const char *path) {
    struct stat found;
    return stat(path, &found) == 0;
}

static void record_one(struct notebook *notebook) {
    struct recording *recording = NULL;
    const struct recorded respond = {.kind = OPERATION_RESPOND, .key = "k"};
    assert_int_equal(recording_open(notebook->recorder, &recording, NULL), HP_OK);
    recording_call(recording, &respond, 1);
    assert_int_equal(recording_close(recording, NULL), HP_OK);
}

static void a_folder_of_its_own_is_gone_afterwards(void **state) {
    (void)state;
    struct notebook notebook = {0};
    char folder[128];
    assert_int_equal(notebook_open(&notebook, NULL, NULL), HP_OK);
    assert_int_equal(strncmp(notebook.folder, parent, strlen(parent)), 0);
    snprintf(folder, sizeof folder, "%s", notebook.folder);
    record_one(&notebook);
    assert_true(exists(folder));
    notebook_close(&notebook);
    assert_false(exists(folder));
    assert_null(notebook.folder);
    notebook_close(&notebook); /* what is closed may be closed again */
}

static void two_are_beside_each_other(void **state) {
    (void)state;
    struct notebook one = {0}, other = {0};
    assert_int_equal(notebook_open(&one, NULL, NULL), HP_OK);
    assert_int_equal(notebook_open(&other, NULL, NULL), HP_OK);
    assert_string_not_equal(one.folder, other.folder);
    notebook_close(&one);
    record_one(&other);
    notebook_close(&other);
}

/* A folder of the caller's stays, and so does what is not a client's file. */
static void a_given_folder_is_left_without_recordings(void **state) {
    (void)state;
    struct notebook notebook = {0};
    char folder[128], file[160], client[160];
    snprintf(folder, sizeof folder, "%s/given", parent);
    snprintf(file, sizeof file, "%s/notes.txt", folder);
    snprintf(client, sizeof client, "%s/client-000000.jsonl", folder);
    assert_int_equal(mkdir(folder, 0700), 0);
    FILE *notes = fopen(file, "w");
    assert_non_null(notes);
    assert_int_equal(fclose(notes), 0);
    assert_int_equal(notebook_open(&notebook, folder, NULL), HP_OK);
    record_one(&notebook);
    assert_true(exists(client));
    notebook_close(&notebook);
    assert_false(exists(client));
    assert_int_equal(unlink(file), 0);
    assert_int_equal(rmdir(folder), 0);
}

/* Another's recording is neither mixed with ours nor removed. */
static void a_recording_that_is_there_is_left_alone(void **state) {
    (void)state;
    struct notebook first = {0}, second = {0};
    struct hp_problem problem = {0};
    char folder[128], client[160];
    snprintf(folder, sizeof folder, "%s/given", parent);
    snprintf(client, sizeof client, "%s/client-000000.jsonl", folder);
    assert_int_equal(mkdir(folder, 0700), 0);
    assert_int_equal(notebook_open(&first, folder, NULL), HP_OK);
    record_one(&first);
    assert_int_equal(notebook_open(&second, folder, &problem), HP_CONFLICT);
    notebook_close(&second);
    assert_true(exists(client));
    notebook_close(&first);
    assert_false(exists(client));
    assert_int_equal(rmdir(folder), 0);
}

static void a_folder_that_cannot_be_made_is_told(void **state) {
    (void)state;
    struct notebook notebook = {0};
    struct hp_problem problem = {0};
    setenv("TMPDIR", "/no/such/folder", 1);
    assert_int_equal(notebook_open(&notebook, NULL, &problem), HP_UNAVAILABLE);
    assert_non_null(strstr(problem.detail, "/no/such/folder/holdpoint-"));
    assert_non_null(strstr(problem.detail, "No such file or directory"));
    notebook_close(&notebook);
}

static void an_empty_variable_is_none(void **state) {
    (void)state;
    struct notebook notebook = {0};
    setenv("TMPDIR", "", 1);
    assert_int_equal(notebook_open(&notebook, NULL, NULL), HP_OK);
    const char *memory = access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm" : "/tmp";
    char start[32];
    snprintf(start, sizeof start, "%s/holdpoint-", memory);
    assert_int_equal(strncmp(notebook.folder, start, strlen(start)), 0);
    notebook_close(&notebook);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_folder_of_its_own_is_gone_afterwards, make_parent, drop_parent),
        cmocka_unit_test_setup_teardown(two_are_beside_each_other, make_parent, drop_parent),
        cmocka_unit_test_setup_teardown(a_given_folder_is_left_without_recordings, make_parent, drop_parent),
        cmocka_unit_test_setup_teardown(a_recording_that_is_there_is_left_alone, make_parent, drop_parent),
        cmocka_unit_test_setup_teardown(a_folder_that_cannot_be_made_is_told, make_parent, drop_parent),
        cmocka_unit_test_setup_teardown(an_empty_variable_is_none, make_parent, drop_parent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
