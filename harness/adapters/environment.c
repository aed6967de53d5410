#include "harness/adapters/environment.h"

#include <stdlib.h>
#include <string.h>

enum { NAME_SIZE = 128 };

static const char name_bytes[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";

/* Replaces the ${NAME} at *at, and moves *at behind it. */
static enum hp_status expand_one(const char **at, struct text *expanded, struct hp_problem *problem) {
    char name[NAME_SIZE] = "";
    const char *from = *at + 2;
    size_t length = strspn(from, name_bytes);
    if (length == 0 || length >= sizeof name || from[length] != '}') {
        return hp_problem_set(problem, HP_INVALID, NULL,
                              "\"%.40s\": ${NAME} with an environment variable's name was expected", *at);
    }
    memcpy(name, from, length);
    const char *value = getenv(name);
    if (!value) {
        return hp_problem_set(problem, HP_INVALID, NULL, "the environment variable %s is not set", name);
    }
    text_add(expanded, value);
    *at = from + length + 1;
    return HP_OK;
}

enum hp_status environment_expand(const char *text, struct text *expanded, struct hp_problem *problem) {
    enum hp_status status = HP_OK;
    text_add(expanded, "");
    while (*text && status == HP_OK) {
        if (strncmp(text, "${", 2) == 0) {
            status = expand_one(&text, expanded, problem);
        } else {
            text_add_byte(expanded, *text++);
        }
    }
    return status == HP_OK && expanded->failed ? hp_problem_no_memory(problem) : status;
}
