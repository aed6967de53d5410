#include "harness/commands/fixtures.h"
#include "harness/base/fixtures_folder.h"
#include "reference/base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
