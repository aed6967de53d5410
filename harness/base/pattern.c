#include "harness/base/pattern.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>

struct pattern {
    regex_t expression;
};

enum hp_status pattern_compile(const char *text, struct pattern **pattern) {
    *pattern = NULL;
    struct pattern *compiled = malloc(sizeof *compiled);
    if (!compiled) {
        return HP_INTERNAL;
    }
    int error = regcomp(&compiled->expression, text, REG_EXTENDED | REG_NOSUB);
    if (error) {
        free(compiled);
        return error == REG_ESPACE ? HP_INTERNAL : HP_INVALID;
    }
    *pattern = compiled;
    return HP_OK;
}

void pattern_free(struct pattern *pattern) {
    if (pattern) {
        regfree(&pattern->expression);
        free(pattern);
    }
}

bool pattern_matches(const struct pattern *pattern, const char *bytes, size_t length_bytes) {
    return strlen(bytes) == length_bytes && regexec(&pattern->expression, bytes, 0, NULL, 0) == 0;
}
