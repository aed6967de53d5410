/* The names in a folder, sorted. */
#ifndef HOLDPOINT_BASE_FOLDER_H
#define HOLDPOINT_BASE_FOLDER_H

#include "reference/base/problem.h"

#include <stdbool.h>
#include <stddef.h>

enum { FOLDER_CAP = 100000 };

/* Names without a leading dot, in the order of their bytes. Zeroed it holds nothing. */
struct folder {
    char **names;
    size_t count;
};

/* Reads a folder. HP_UNAVAILABLE ("PATH: No such file or directory") when it cannot be read. The caller
 * releases *folder in every case. */
enum hp_status folder_read(const char *path, struct folder *folder, struct hp_problem *problem);
void folder_release(struct folder *folder);

/* Makes a folder with those above it. False, with errno, when one cannot be made; that it is there already is no fault. */
bool folder_make(const char *path);

/* "folder/name" for the caller to free; NULL when memory runs out. */
char *path_join(const char *folder, const char *name);

#endif
