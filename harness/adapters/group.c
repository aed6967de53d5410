#include "harness/adapters/group.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STAT_SIZE = 1024, PATH_SIZE = 64 };

/* The third field of /proc/PID/stat is the state, the fifth the group. They are counted from the last ")",
 * because the second, the name in parentheses, may hold anything. */
static bool runs_in_group(const char *stat, pid_t group) {
    const char *name_end = strrchr(stat, ')');
    char state = '\0';
    long parent = 0, process_group = 0;
    return name_end && sscanf(name_end + 1, " %c %ld %ld", &state, &parent, &process_group) == 3 &&
           process_group == (long)group && state != 'Z' && state != 'X';
}

static bool is_follower(long id, pid_t group) {
    char path[PATH_SIZE], stat[STAT_SIZE];
    snprintf(path, sizeof path, "/proc/%ld/stat", id);
    FILE *file = fopen(path, "r");
    if (!file) {
        return false; /* it has ended meanwhile */
    }
    size_t length = fread(stat, 1, sizeof stat - 1, file);
    fclose(file);
    stat[length] = '\0';
    return id != (long)group && runs_in_group(stat, group);
}

bool group_count_followers(pid_t group, size_t *count) {
    DIR *folder = opendir("/proc");
    const struct dirent *entry;
    size_t entries = 0;
    *count = 0;
    if (!folder) {
        return false;
    }
    while ((entry = readdir(folder))) {
        char *end = NULL;
        long id = strtol(entry->d_name, &end, 10);
        if (id > 0 && *end == '\0') {
            entries++;
            *count += is_follower(id, group);
        }
    }
    closedir(folder);
    return entries > 0;
}
