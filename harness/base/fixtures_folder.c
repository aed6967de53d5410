#include "harness/base/fixtures_folder.h"
#include "reference/base/text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH_SIZE = 4096 };

/* Writes the folder above that of the program's file; false when the system does not tell. */
static bool program_parent(char folder[PATH_SIZE]) {
    ssize_t length = readlink("/proc/self/exe", folder, PATH_SIZE - 1);
    if (length <= 0) {
        return false;
    }
    folder[length] = '\0';
    for (int up = 0; up < 2; up++) {
        char *slash = strrchr(folder, '/');
        if (!slash) {
            return false;
        }
        *slash = '\0';
    }
    return true;
}

/* A path below the current folder without that folder before it, as a person there would write it. */
static const char *path_from_here(const char *path) {
    char here[PATH_SIZE];
    if (!getcwd(here, sizeof here)) {
        return path;
    }
    size_t length = strlen(here);
    return strncmp(path, here, length) == 0 && path[length] == '/' ? path + length + 1 : path;
}

/* Hands over "folder/rest" when it holds requirements.json; NULL when not, or without memory. */
static char *take_if_there(const char *folder, const char *rest) {
    struct text path = {0};
    text_addf(&path, "%s/%s/requirements.json", folder, rest);
    bool there = !path.failed && access(path.bytes, R_OK) == 0;
    text_clear(&path);
    text_addf(&path, "%s/%s", folder, rest);
    char *taken = there && !path.failed ? text_copy(path_from_here(path.bytes)) : NULL;
    text_release(&path);
    return taken;
}

enum hp_status fixtures_find(const char *given, char **path, struct hp_problem *problem) {
    const char *chosen = given ? given : getenv("HOLDPOINT_FIXTURES");
    if (chosen && *chosen) {
        *path = text_copy(chosen);
        return *path ? HP_OK : hp_problem_no_memory(problem);
    }
    char folder[PATH_SIZE];
    *path = NULL;
    if (program_parent(folder)) {
        *path = take_if_there(folder, "fixtures");
        *path = *path ? *path : take_if_there(folder, "share/holdpoint/fixtures");
    }
    *path = *path ? *path : take_if_there(HOLDPOINT_DATA, "fixtures");
    if (*path) {
        return HP_OK;
    }
    return hp_problem_set(problem, HP_INVALID, NULL,
                          "no fixtures beside the program (../fixtures, ../share/holdpoint/fixtures) nor in "
                          "%s/fixtures; name their folder with --fixtures or HOLDPOINT_FIXTURES",
                          HOLDPOINT_DATA);
}
