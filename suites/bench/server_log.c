#include "suites/bench/server_log.h"

#include <stdio.h>
#include <string.h>

void server_log_add(struct server_log *log, const char *line) {
    const char *said = strstr(line, "LOG:  ");
    if (!said) {
        return;
    }
    said += strlen("LOG:  ");
    bool executed = strncmp(said, "execute ", 8) == 0;
    log->executions += strncmp(said, "execute holdpoint_", 18) == 0;
    log->statements += executed || strncmp(said, "statement: ", 11) == 0;
}

bool server_log_count(const char *folder, struct server_log *log) {
    char path[600], line[4096];
    bool begins = true; /* a line longer than ours comes in pieces */
    snprintf(path, sizeof path, "%s/log", folder);
    *log = (struct server_log){0};
    FILE *file = fopen(path, "r");
    if (!file) {
        return false;
    }
    while (fgets(line, sizeof line, file)) {
        if (begins) {
            server_log_add(log, line);
        }
        begins = strchr(line, '\n') != NULL;
    }
    bool read = !ferror(file);
    fclose(file);
    return read;
}
