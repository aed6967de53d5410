/* The files that a command line names and what each is, so that none is written over another. */
#ifndef HOLDPOINT_COMMANDS_NAMED_FILES_H
#define HOLDPOINT_COMMANDS_NAMED_FILES_H

#include "reference/base/problem.h"

#include <stdbool.h>
#include <stddef.h>

enum { NAMED_FILE_ROLE_SIZE = 64 };

enum named_file_use { NAMED_FILE_READ, NAMED_FILE_WRITTEN };

struct named_file {
    char *path;
    char role[NAMED_FILE_ROLE_SIZE]; /* "the trace" */
    enum named_file_use use;
};

/* Zeroed it holds none; release with named_files_release. */
struct named_files {
    struct named_file *items;
    size_t count;
    size_t room;
    bool failed; /* memory ran out */
};

/* Adds a file; printf's text is its role. A path of NULL adds nothing. */
void named_files_add(struct named_files *files, const char *path, enum named_file_use use, const char *role,
                     ...) HP_PRINTF(4, 5);

/* HP_INVALID, with the file and both roles, when one that is written is another of them too: by device and inode where
 * both are there, else by folder and name. What is there and no regular file (/dev/null) may be named as often as one
 * likes. Call it before the first is opened for writing. */
enum hp_status named_files_check(const struct named_files *files, struct hp_problem *problem);

void named_files_release(struct named_files *files);

#endif
