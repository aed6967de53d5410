#include "harness/base/folder.h"

#include "reference/base/text.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int compare_names(const void *one, const void *other) {
    return strcmp(*(char *const *)one, *(char *const *)other);
}

static enum hp_status add_name(struct folder *folder, size_t *room, const char *name) {
    if (folder->count == *room) {
        size_t more = *room ? *room * 2 : 32;
        char **names = realloc(folder->names, more * sizeof *names);
        if (!names || more > FOLDER_CAP) {
            folder->names = names ? names : folder->names;
            return HP_INTERNAL;
        }
        folder->names = names;
        *room = more;
    }
    char *copy = text_copy(name);
    if (!copy) {
        return HP_INTERNAL;
    }
    folder->names[folder->count++] = copy;
    return HP_OK;
}

enum hp_status folder_read(const char *path, struct folder *folder, struct hp_problem *problem) {
    size_t room = 0;
    memset(folder, 0, sizeof *folder);
    DIR *directory = opendir(path);
    if (!directory) {
        return errno == ENOMEM
                   ? hp_problem_no_memory(problem)
                   : hp_problem_set(problem, HP_UNAVAILABLE, NULL, "%s: %s", path, strerror(errno));
    }
    enum hp_status status = HP_OK;
    const struct dirent *entry;
    while (status == HP_OK && (entry = readdir(directory)) != NULL) {
        if (entry->d_name[0] != '.') {
            status = add_name(folder, &room, entry->d_name);
        }
    }
    closedir(directory);
    if (status != HP_OK) {
        return hp_problem_no_memory(problem);
    }
    if (folder->count > 1) {
        qsort(folder->names, folder->count, sizeof *folder->names, compare_names);
    }
    return HP_OK;
}

void folder_release(struct folder *folder) {
    for (size_t i = 0; i < folder->count; i++) {
        free(folder->names[i]);
    }
    free(folder->names);
    memset(folder, 0, sizeof *folder);
}

char *path_join(const char *folder, const char *name) {
    struct text path = {0};
    text_addf(&path, "%s/%s", folder, name);
    return text_take(&path);
}

bool folder_make(const char *path) {
    if (!*path) {
        errno = ENOENT;
        return false;
    }
    char *copy = text_copy(path);
    bool made = copy != NULL;
    for (char *at = copy; made && at; *at = '/') {
        at = strchr(at + 1, '/');
        if (!at) {
            break;
        }
        *at = '\0';
        made = mkdir(copy, 0777) == 0 || errno == EEXIST;
    }
    made = made && (mkdir(copy, 0777) == 0 || errno == EEXIST);
    free(copy);
    return made;
}
