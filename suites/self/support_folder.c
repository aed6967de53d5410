#include "suites/self/support_folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_SIZE = 512, TEXT_SIZE = 64 * 1024 };

static char folder[PATH_SIZE];

static void path_of(char path[PATH_SIZE], const char *name) {
    snprintf(path, PATH_SIZE, "%.200s/%.200s", folder, name);
}

bool fixtures_write(const char *name, const char *text) {
    char path[PATH_SIZE];
    path_of(path, name);
    FILE *file = fopen(path, "w");
    bool written = file && fputs(text, file) >= 0;
    return file && fclose(file) == 0 && written;
}

static bool make_folder(const char *name) {
    char path[PATH_SIZE];
    path_of(path, name);
    return mkdir(path, S_IRWXU) == 0;
}

static bool link_schemas(void) {
    char path[PATH_SIZE];
    char target[PATH_SIZE];
    char here[256];
    path_of(path, "schema");
    if (!getcwd(here, sizeof here)) {
        return false;
    }
    snprintf(target, sizeof target, "%.250s/fixtures/schema", here);
    return symlink(target, path) == 0;
}

const char *fixtures_new(const char *cases) {
    static const char requirements[] =
        "{\"requirements\": [\n"
        " {\"id\": \"REQ-A-1\", \"level\": \"MUST\", \"source\": \"F4\", \"sentence\": \"First.\"},\n"
        " {\"id\": \"REQ-A-2\", \"level\": \"SHOULD\", \"source\": \"fact\", \"sentence\": \"Second.\"},\n"
        " {\"id\": \"REQ-A-3\", \"level\": \"MUST\", \"source\": \"fact\", \"sentence\": \"Third.\",\n"
        "  \"excluded\": \"nobody can see it from outside\"}\n]}\n";
    const char *base = getenv("TMPDIR");
    fixtures_remove();
    snprintf(folder, sizeof folder, "%.200s/holdpoint-XXXXXX", base ? base : "/tmp");
    bool made = mkdtemp(folder) && make_folder("cases") && make_folder("cases/kinds") && link_schemas() &&
                fixtures_write("requirements.json", requirements) &&
                fixtures_write("cases/kinds/one.json", cases);
    return made ? folder : NULL;
}

const char *fixtures_of_case(const char *members) {
    static char text[TEXT_SIZE];
    const char *level = strstr(members, "\"level\"") ? "" : "\"level\": \"MUST\", ";
    snprintf(text, sizeof text, "{\"cases\": [\n{\"id\": \"kinds.a\", \"title\": \"A\", %s%s}\n]}\n", level,
             members);
    return fixtures_new(text);
}

const char *fixtures_of_schedule(const char *schedule) {
    bool made =
        fixtures_new("{}") && make_folder("schedules") && fixtures_write("schedules/one.json", schedule);
    return made ? folder : NULL;
}

void fixtures_remove(void) {
    static const char *const names[] = {"cases/kinds/one.json",
                                        "cases/kinds/two.json",
                                        "cases/kinds",
                                        "cases/users/one.json",
                                        "cases/users",
                                        "cases/kind",
                                        "cases",
                                        "schedules/one.json",
                                        "schedules",
                                        "requirements.json",
                                        "baseline.json",
                                        "file.json",
                                        "schema"};
    for (size_t i = 0; folder[0] && i < sizeof names / sizeof names[0]; i++) {
        char path[PATH_SIZE];
        path_of(path, names[i]);
        remove(path);
    }
    if (folder[0]) {
        rmdir(folder);
    }
    folder[0] = '\0';
}
