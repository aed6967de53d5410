#include "harness/commands/named_files.h"

#include "reference/base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { FIRST_ROOM = 16 };

static bool make_room(struct named_files *files) {
    if (files->count < files->room) {
        return true;
    }
    size_t room = files->room ? files->room * 2 : FIRST_ROOM;
    struct named_file *items = realloc(files->items, room * sizeof *items);
    if (!items) {
        return false;
    }
    files->items = items;
    files->room = room;
    return true;
}

void named_files_add(struct named_files *files, const char *path, enum named_file_use use, const char *role,
                     ...) {
    if (!path) {
        return;
    }
    char *copy = make_room(files) ? text_copy(path) : NULL;
    if (!copy) {
        files->failed = true;
        return;
    }
    struct named_file *file = &files->items[files->count++];
    *file = (struct named_file){.path = copy, .use = use};
    va_list arguments;
    va_start(arguments, role);
    vsnprintf(file->role, sizeof file->role, role, arguments);
    va_end(arguments);
}

/* The folder that a path lies in. */
static bool stat_folder(const char *path, struct stat *status) {
    const char *slash = strrchr(path, '/');
    struct text folder = {0};
    text_append(&folder, path, slash ? (size_t)(slash - path) + 1 : 0);
    text_add(&folder, slash ? "." : "./");
    bool there = !folder.failed && stat(folder.bytes, status) == 0;
    text_release(&folder);
    return there;
}

static const char *last_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static bool is_one(const struct stat *one, const struct stat *other) {
    return one->st_dev == other->st_dev && one->st_ino == other->st_ino;
}

/* Two paths to what is not there yet are one when they name the same in one folder. */
static bool will_be_same(const char *one, const char *other) {
    struct stat folder, other_folder;
    if (strcmp(one, other) == 0) {
        return true;
    }
    return strcmp(last_name(one), last_name(other)) == 0 && stat_folder(one, &folder) &&
           stat_folder(other, &other_folder) && is_one(&folder, &other_folder);
}

static bool is_same(const char *one, const char *other) {
    struct stat status, other_status;
    bool there = stat(one, &status) == 0;
    bool other_there = stat(other, &other_status) == 0;
    if (there && other_there) {
        return S_ISREG(status.st_mode) && is_one(&status, &other_status);
    }
    return !there && !other_there && will_be_same(one, other);
}

static enum hp_status refuse(const struct named_file *written, const struct named_file *other,
                             struct hp_problem *problem) {
    if (strcmp(written->path, other->path) == 0) {
        return hp_problem_set(
            problem, HP_INVALID, NULL,
            "%s would be both %s and %s, one written over the other; give each a file of its own",
            written->path, other->role, written->role);
    }
    return hp_problem_set(
        problem, HP_INVALID, NULL,
        "%s (%s) and %s (%s) are one file, one written over the other; give each a file of its own",
        other->path, other->role, written->path, written->role);
}

enum hp_status named_files_check(const struct named_files *files, struct hp_problem *problem) {
    if (files->failed) {
        return hp_problem_no_memory(problem);
    }
    for (size_t i = 0; i < files->count; i++) {
        const struct named_file *written = &files->items[i];
        for (size_t j = 0; written->use == NAMED_FILE_WRITTEN && j < files->count; j++) {
            if (j != i && is_same(written->path, files->items[j].path)) {
                return refuse(written, &files->items[j], problem);
            }
        }
    }
    return HP_OK;
}

void named_files_release(struct named_files *files) {
    for (size_t i = 0; i < files->count; i++) {
        free(files->items[i].path);
    }
    free(files->items);
    *files = (struct named_files){0};
}
