/* The suite loader on one document: a folder of fixtures with the real schemas and requirements, and the
 * input as its only file of cases. A file that is refused is refused with a reason; what is loaded has what a
 * run asks for. Runs from the project's folder. */
#include "harness/case/case.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char folder[64] = "/tmp/holdpoint-fuzz-XXXXXX";

static void path_in(char path[256], const char *name) {
    snprintf(path, 256, "%s/%s", folder, name);
}

/* Takes the folder away again, from the leaves up. */
static void remove_folder(void) {
    static const char *const names[] = {
        "cases/kinds/fuzz.json", "cases/kinds", "cases", "schema", "requirements.json", ""};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[256];
        path_in(path, names[i]);
        remove(path);
    }
}

static void link_fixture(const char *name) {
    char path[256], here[1024], target[1280];
    path_in(path, name);
    if (!getcwd(here, sizeof here)) {
        exit(2);
    }
    snprintf(target, sizeof target, "%s/fixtures/%s", here, name);
    if (access(target, R_OK) != 0 || symlink(target, path) != 0) {
        fprintf(stderr, "fuzz_case: %s cannot be linked into %s; run from the project's folder\n", target,
                folder);
        exit(2);
    }
}

int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc, (void)argv;
    char path[256];
    if (!mkdtemp(folder)) {
        perror(folder);
        exit(2);
    }
    atexit(remove_folder);
    link_fixture("schema");
    link_fixture("requirements.json");
    path_in(path, "cases");
    mkdir(path, 0700);
    path_in(path, "cases/kinds");
    mkdir(path, 0700);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char path[256];
    struct suite *suite = NULL;
    struct hp_problem problem = {0};
    path_in(path, "cases/kinds/fuzz.json");
    FILE *file = fopen(path, "wb");
    if (!file) {
        return 0;
    }
    fwrite(data, 1, size, file);
    fclose(file);
    enum hp_status status = suite_load(folder, &suite, &problem);
    if (status == HP_OK ? !suite : problem.status != status || !problem.detail[0]) {
        abort();
    }
    for (size_t i = 0; status == HP_OK && i < suite->case_count; i++) {
        const struct test_case *loaded = &suite->cases[i];
        if (!loaded->id || !loaded->title || loaded->step_count == 0 ||
            suite_case(suite, loaded->id) != loaded) {
            abort();
        }
    }
    suite_free(suite);
    return 0;
}
