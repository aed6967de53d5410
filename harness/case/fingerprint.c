#include "harness/case/fingerprint.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* How many bytes at `at` have a form in which 'x' is a hex digit, '9' a digit, all else itself; 0 for
 * none. */
static size_t match_form(const char *at, const char *form) {
    size_t length = 0;
    for (; form[length]; length++) {
        unsigned char byte = (unsigned char)at[length];
        bool fits = form[length] == 'x'   ? isxdigit(byte) != 0
                    : form[length] == '9' ? isdigit(byte) != 0
                                          : byte == (unsigned char)form[length];
        if (!fits) {
            return 0;
        }
    }
    return length;
}

/* The length of an RFC 3339 time: the form, then fraction and offset in whatever spelling. */
static size_t match_instant(const char *at) {
    size_t length = match_form(at, "9999-99-99T99:99:99");
    if (length == 0) {
        return 0;
    }
    length += strspn(at + length, ".0123456789");
    return length + (at[length] == 'Z' ? 1 : match_form(at + length, "+99:99"));
}

/* The length of what changes from run to run at this place; 0 when nothing does. */
static size_t match_changing(const char *at, const char *run) {
    size_t run_length = strlen(run);
    if (run_length && strncmp(at, run, run_length) == 0) {
        return run_length;
    }
    size_t length = match_form(at, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx");
    return length ? length : match_instant(at);
}

static uint64_t hash_stable(uint64_t hash, const char *text, const char *run) {
    for (; text && *text;) {
        size_t length = match_changing(text, run);
        hash = length ? text_hash(hash, "#", 1) : text_hash(hash, text, 1);
        text += length ? length : 1;
    }
    return text_hash(hash, "", 1);
}

/* Hashes a path with every index as the same mark. */
static uint64_t hash_path(uint64_t hash, const char *path) {
    for (; path && *path;) {
        size_t digits = path[0] == '/' ? strspn(path + 1, "0123456789") : 0;
        bool index = digits && (path[1 + digits] == '/' || path[1 + digits] == '\0');
        hash = index ? text_hash(hash, "/#", 2) : text_hash(hash, path, 1);
        path += index ? 1 + digits : 1;
    }
    return text_hash(hash, "", 1);
}

/* Hashes what came back up to where an object or array opens. */
static uint64_t hash_got(uint64_t hash, const char *got, const char *run) {
    char head[128] = "";
    size_t length = got ? strcspn(got, "{[") : 0;
    if (got) {
        text_put(head, sizeof head, got);
        head[length < sizeof head ? length : sizeof head - 1] = '\0';
        hash = text_hash(hash, got + length, got[length] != '\0');
    }
    return hash_stable(hash, head, run);
}

void fingerprint_make(struct case_result *result, const char *run) {
    uint64_t hash = TEXT_HASH_START;
    for (size_t i = 0; i < 2; i++) {
        hash = hash_stable(hash, result->requirements[i], "");
    }
    hash = hash_stable(hash, result->reason, run);
    hash = hash_path(hash, result->path);
    hash = hash_stable(hash, result->expected, run);
    hash = hash_got(hash, result->got, run);
    snprintf(result->fingerprint, sizeof result->fingerprint, "%016llx", (unsigned long long)hash);
}
