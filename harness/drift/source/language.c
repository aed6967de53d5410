#include "harness/drift/source/language.h"

#include <string.h>

#define PATTERNS(name) name##_patterns, &name##_patterns_length_bytes

const struct language languages[LANGUAGE_COUNT] = {
    {LANGUAGE_PYTHON, "Python", "python", ".py .pyi", PATTERNS(python)},
    {LANGUAGE_GO, "Go", "go", ".go", PATTERNS(go)},
    {LANGUAGE_TYPESCRIPT, "TypeScript", "typescript", ".ts .mts .cts", PATTERNS(typescript)},
    {LANGUAGE_TSX, "TypeScript", "tsx", ".tsx .js .jsx .mjs .cjs", PATTERNS(typescript)},
    {LANGUAGE_RUST, "Rust", "rust", ".rs", PATTERNS(rust)},
    {LANGUAGE_JAVA, "Java", "java", ".java", PATTERNS(java)},
    {LANGUAGE_C, "C", "c", ".c .h", PATTERNS(c)},
};

/* True when the list, with blanks between, has the word. */
static bool holds(const char *list, const char *word) {
    size_t length = strlen(word);
    for (const char *at = strstr(list, word); at; at = strstr(at + 1, word)) {
        if ((at == list || at[-1] == ' ') && (at[length] == '\0' || at[length] == ' ')) {
            return true;
        }
    }
    return false;
}

const struct language *language_of(const char *path) {
    const char *slash = strrchr(path, '/');
    const char *ending = strrchr(slash ? slash : path, '.');
    for (size_t i = 0; ending && i < LANGUAGE_COUNT; i++) {
        if (holds(languages[i].endings, ending)) {
            return &languages[i];
        }
    }
    return NULL;
}
