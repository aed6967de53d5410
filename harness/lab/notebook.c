#include "harness/lab/crew_parts.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A folder of our own is gone with us, so it may lie in memory, where making and removing a file costs least. */
static const char *parent_folder(void) {
    const char *given = getenv("TMPDIR");
    if (given && *given) {
        return given;
    }
    return access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm" : "/tmp";
}

static enum hp_status make_folder(struct notebook *notebook, struct hp_problem *problem) {
    struct text path = {0};
    text_addf(&path, "%s/holdpoint-XXXXXX", parent_folder());
    notebook->folder = text_take(&path);
    if (!notebook->folder) {
        return hp_problem_no_memory(problem);
    }
    if (!mkdtemp(notebook->folder)) {
        return hp_problem_set(problem, HP_UNAVAILABLE, NULL, "%s: %s", notebook->folder, strerror(errno));
    }
    notebook->own = true;
    return HP_OK;
}

enum hp_status notebook_open(struct notebook *notebook, const char *folder, struct hp_problem *problem) {
    enum hp_status status = HP_OK;
    if (!folder) {
        status = make_folder(notebook, problem);
    } else if (!(notebook->folder = text_copy(folder))) {
        status = hp_problem_no_memory(problem);
    }
    return status == HP_OK ? recorder_new(notebook->folder, &notebook->recorder, problem) : status;
}

static void remove_file(const char *folder, const char *name) {
    struct text path = {0};
    if (strncmp(name, "client-", 7) == 0 && text_addf(&path, "%s/%s", folder, name)) {
        unlink(path.bytes);
    }
    text_release(&path);
}

void notebook_close(struct notebook *notebook) {
    DIR *folder = notebook->recorder ? opendir(notebook->folder) : NULL;
    for (const struct dirent *entry; folder && (entry = readdir(folder));) {
        remove_file(notebook->folder, entry->d_name);
    }
    if (folder) {
        closedir(folder);
    }
    if (notebook->own) {
        rmdir(notebook->folder);
    }
    recorder_free(notebook->recorder);
    free(notebook->folder);
    *notebook = (struct notebook){0};
}
