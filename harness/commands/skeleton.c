#include "harness/commands/skeleton.h"

#include "harness/base/folder.h"
#include "harness/base/suggest.h"
#include "harness/commands/templates.h"
#include "harness/report/escape.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME_SIZE = 64 };

static const char name_mark[] = "@NAME@";

/* What the commands of a language are; each line goes round the folder. */
struct language {
    const char *name;
    const char *build[2];   /* before any run; zeroed: nothing is built */
    const char *adapter[2]; /* behind stdio: */
    const char *server[2];  /* zeroed: there is no skeleton over HTTP */
    const char *service;    /* the file that is to be filled in */
};

static const struct language languages[] = {
    {"python", {NULL}, {"python3 ", "/adapter.py"}, {"python3 ", "/server.py"}, "service.py"},
    {"node", {NULL}, {"node ", "/adapter.mjs"}, {"node ", "/server.mjs"}, "service.mjs"},
    {"go", {"(cd ", " && go build -o main .)"}, {"", "/main"}, {"", "/main"}, "service.go"},
    {"c", {"make -C ", ""}, {"", "/adapter"}, {NULL}, "service.c"},
};

enum { LANGUAGE_COUNT = sizeof languages / sizeof languages[0] };

static const struct language *find_language(const char *name) {
    for (size_t i = 0; i < LANGUAGE_COUNT; i++) {
        if (strcmp(languages[i].name, name) == 0) {
            return &languages[i];
        }
    }
    return NULL;
}

static enum hp_status check_language(const struct skeleton *skeleton, struct hp_problem *problem) {
    const char *names[LANGUAGE_COUNT];
    const struct language *language = find_language(skeleton->language);
    if (language && skeleton->http && !language->server[0]) {
        return hp_problem_set(
            problem, HP_INVALID, NULL,
            "--http is not offered for %s, whose standard library has no HTTP server; leave it "
            "out for an adapter over stdin and stdout, which may pass calls on in any way",
            language->name);
    }
    if (language) {
        return HP_OK;
    }
    for (size_t i = 0; i < LANGUAGE_COUNT; i++) {
        names[i] = languages[i].name;
    }
    const char *nearest = suggest_nearest(skeleton->language, names, LANGUAGE_COUNT);
    return nearest ? hp_problem_set(problem, HP_INVALID, NULL,
                                    "there is no skeleton in \"%.40s\"; did you mean %s?", skeleton->language,
                                    nearest)
                   : hp_problem_set(problem, HP_INVALID, NULL,
                                    "there is no skeleton in \"%.40s\"; python, node, go and c are known",
                                    skeleton->language);
}

/* A path that cannot be is wrong use; a folder that may not be made, or a full disk, is none. */
static enum hp_status fault_of(int error) {
    return error == ENOENT || error == ENOTDIR || error == ENAMETOOLONG || error == ELOOP ? HP_INVALID
                                                                                          : HP_UNAVAILABLE;
}

static bool is_folder(const char *path) {
    struct stat is;
    return stat(path, &is) == 0 && S_ISDIR(is.st_mode);
}

/* Makes the folder, or sees that the one that is there holds nothing. */
static enum hp_status claim_folder(const char *path, bool *made, struct hp_problem *problem) {
    struct folder folder = {0};
    *made = mkdir(path, 0777) == 0;
    if (*made) {
        return HP_OK;
    }
    if (errno != EEXIST) {
        return hp_problem_set(problem, fault_of(errno), NULL, "the folder %s cannot be made: %s", path,
                              strerror(errno));
    }
    struct hp_problem why = {0};
    enum hp_status status = folder_read(path, &folder, &why);
    if (status != HP_OK) {
        status = hp_problem_set(problem, status == HP_UNAVAILABLE && !is_folder(path) ? HP_INVALID : status,
                                NULL, "no folder can be made of %s", why.detail);
    }
    if (status == HP_OK && folder.count > 0) {
        status =
            hp_problem_set(problem, HP_INVALID, NULL,
                           "the folder %s is not empty: it holds %s; name a new one", path, folder.names[0]);
    }
    folder_release(&folder);
    return status;
}

static bool is_part(const struct skeleton *skeleton, const struct template_file *file) {
    const char *form = skeleton->http ? "http" : "stdio";
    return (strcmp(file->language, skeleton->language) == 0 || strcmp(file->language, "shared") == 0) &&
           (strcmp(file->form, form) == 0 || strcmp(file->form, "all") == 0);
}

/* The last part of the path, with nothing in it that would need quotes in any of the languages; "adapter" for "." and the like. */
static void put_name(char name[NAME_SIZE], const char *folder) {
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    size_t end = strlen(folder);
    while (end > 0 && folder[end - 1] == '/') {
        end--;
    }
    size_t start = end;
    while (start > 0 && folder[start - 1] != '/') {
        start--;
    }
    snprintf(name, NAME_SIZE, "%.*s", (int)(end - start), folder + start);
    if (strspn(name, ".") == strlen(name)) {
        snprintf(name, NAME_SIZE, "adapter");
    }
    for (char *at = name; *(at += strspn(at, plain));) {
        *at = '-';
    }
}

static void add_file(struct text *out, const char *template, const char *name) {
    for (const char *at = template, *next; *at; at = next) {
        const char *found = strstr(at, name_mark);
        text_append(out, at, found ? (size_t)(found - at) : strlen(at));
        text_add(out, found ? name : "");
        next = found ? found + sizeof name_mark - 1 : at + strlen(at);
    }
}

/* Never writes over a file. */
static enum hp_status write_file(const char *path, const struct text *text, struct hp_problem *problem) {
    FILE *file = fopen(path, "wbx");
    bool written = file && fwrite(text->bytes, 1, text->length_bytes, file) == text->length_bytes;
    int why = errno;
    if (file && fclose(file) != 0) {
        why = errno;
        written = false;
    }
    if (written) {
        return HP_OK;
    }
    if (file) {
        unlink(path);
    }
    return hp_problem_set(problem, HP_UNAVAILABLE, NULL, "%s cannot be written: %s", path, strerror(why));
}

static enum hp_status write_template(const struct skeleton *skeleton, const struct template_file *file,
                                     const char *name, struct hp_problem *problem) {
    struct text text = {0};
    char *path = path_join(skeleton->folder, file->name);
    add_file(&text, file->text, name);
    enum hp_status status =
        !path || text.failed ? hp_problem_no_memory(problem) : write_file(path, &text, problem);
    text_release(&text);
    free(path);
    return status;
}

/* Removes the first `count` files of the table that belong to it. */
static void take_back(const struct skeleton *skeleton, size_t count, bool made) {
    for (size_t i = 0; i < count; i++) {
        char *path = is_part(skeleton, &template_files[i])
                         ? path_join(skeleton->folder, template_files[i].name)
                         : NULL;
        if (path) {
            unlink(path);
        }
        free(path);
    }
    if (made) {
        rmdir(skeleton->folder);
    }
}

enum hp_status skeleton_write(const struct skeleton *skeleton, struct hp_problem *problem) {
    char name[NAME_SIZE];
    bool made = false;
    enum hp_status status = check_language(skeleton, problem);
    if (status == HP_OK) {
        status = claim_folder(skeleton->folder, &made, problem);
    }
    if (status != HP_OK) {
        return status;
    }
    put_name(name, skeleton->folder);
    for (size_t i = 0; i < template_file_count; i++) {
        if (is_part(skeleton, &template_files[i]) &&
            (status = write_template(skeleton, &template_files[i], name, problem)) != HP_OK) {
            take_back(skeleton, i, made);
            break;
        }
    }
    return status;
}

/* A line of the table with the folder in it, as one word for a shell where `word` says so. */
static void add_line(struct text *out, const char *const parts[2], const char *before, const char *folder,
                     bool word) {
    struct text line = {0};
    text_add(&line, before);
    text_add(&line, parts[0]);
    escape_shell(&line, folder);
    text_add(&line, parts[1]);
    if (word) {
        escape_shell(out, line.bytes);
    } else {
        text_add(out, line.bytes ? line.bytes : "");
    }
    out->failed = out->failed || line.failed;
    text_release(&line);
}

/* A path that says where it is, so that the shell looks for the program there and not along PATH. */
static bool needs_dot(const struct language *language, const char *folder) {
    return !*language->adapter[0] && folder[0] != '/' && folder[0] != '.';
}

static void add_target(struct text *out, const struct skeleton *skeleton, const struct language *language) {
    static const char *const profile[2] = {"", "/profile.json"};
    const char *dot = needs_dot(language, skeleton->folder) ? "stdio:./" : "stdio:";
    add_line(out, skeleton->http ? profile : language->adapter, skeleton->http ? "profile:" : dot,
             skeleton->folder, true);
}

void skeleton_add_next(struct text *out, const struct skeleton *skeleton, const char *program) {
    const struct language *language = find_language(skeleton->language);
    text_add(out, "wrote    ");
    escape_shell(out, skeleton->folder);
    text_add_byte(out, ':');
    for (size_t i = 0; i < template_file_count; i++) {
        if (is_part(skeleton, &template_files[i])) {
            text_addf(out, " %s", template_files[i].name);
        }
    }
    if (language->build[0]) {
        text_add(out, "\nbuild    ");
        add_line(out, language->build, "", skeleton->folder, false);
    }
    if (skeleton->http) {
        text_add(out, "\nserve    export PORT=8080; ");
        add_line(out, language->server, needs_dot(language, skeleton->folder) ? "./" : "", skeleton->folder,
                 false);
        text_add(out, " &");
    }
    text_addf(out, "\nexamine  %s doctor ", program);
    add_target(out, skeleton, language);
    text_addf(out, "\nrun      %s run --target ", program);
    add_target(out, skeleton, language);
    text_add(out, "\nfill in  ");
    escape_shell(out, skeleton->folder);
    text_addf(out, "/%s, as README.md beside it says\n", language->service);
}
