#include "harness/commands/fixtures.h"
#include "reference/base/text.h"

#include <errno.h>
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

/* A folder without requirements.json is no folder of fixtures: most often a slip of the pen. */
static enum hp_status check_folder(const char *given, const char *path, struct hp_problem *problem) {
    struct text file = {0};
    text_addf(&file, "%s/requirements.json", path);
    if (file.failed) {
        return hp_problem_no_memory(problem);
    }
    int error = access(file.bytes, R_OK) == 0 ? 0 : errno;
    text_release(&file);
    if (error == 0) {
        return HP_OK;
    }
    const char *environment = getenv("HOLDPOINT_FIXTURES");
    const char *origin = given ? "--fixtures " : environment && *environment ? "HOLDPOINT_FIXTURES=" : "";
    return hp_problem_set(problem, HP_INVALID, NULL,
                          "%s%s: no fixtures there (requirements.json: %s); such a folder holds "
                          "requirements.json, vocabulary.json, schema/ and cases/CHAPTER/*.json",
                          origin, path, strerror(error));
}

enum hp_status fixtures_load(const char *given, struct suite **suite, struct hp_problem *problem) {
    return fixtures_load_files(given, &(struct option_list){0}, suite, problem);
}

enum hp_status fixtures_load_files(const char *given, const struct option_list *files, struct suite **suite,
                                   struct hp_problem *problem) {
    char *path = NULL;
    enum hp_status status = fixtures_find(given, &path, problem);
    if (status == HP_OK) {
        status = check_folder(given, path, problem);
    }
    if (status == HP_OK) {
        status = files->count > 0 ? suite_load_files(path, files->items, files->count, suite, problem)
                                  : suite_load(path, suite, problem);
    }
    free(path);
    return status;
}

bool suite_command_begin(struct suite_command *command, const struct manual *manual,
                         const struct option *options, size_t option_count, int count, char **arguments,
                         int *exit_code) {
    struct hp_problem problem = {0};
    if (!options_begin(manual, options, option_count, count, arguments, &command->operands, exit_code)) {
        return false;
    }
    if (fixtures_load(command->fixtures, &command->suite, &problem) != HP_OK) {
        *exit_code = usage_complain(manual->command, &problem);
        return false;
    }
    return true;
}

void suite_command_release(struct suite_command *command) {
    suite_free(command->suite);
    option_list_release(&command->operands);
    *command = (struct suite_command){0};
}
