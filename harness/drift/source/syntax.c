#include "harness/drift/source/syntax.h"

#include "reference/base/text.h"

#include <ctype.h>
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tree_sitter/api.h>
#include <unistd.h>

enum { PATH_SIZE = 4096, SYMBOL_SIZE = 64 };

struct syntax_library {
    void *handle;
};

struct syntax_patterns {
    const TSLanguage *language;
    TSQuery *query;
};

/* The places where the library may be; false for one that the environment does not name. */
static bool find_place(size_t index, char path[PATH_SIZE]) {
    const char *cache = getenv("HOLDPOINT_CACHE"), *xdg = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    switch (index) {
    case 0:
        return cache && snprintf(path, PATH_SIZE, "%s/grammars.so", cache) < PATH_SIZE;
    case 1:
        return xdg && snprintf(path, PATH_SIZE, "%s/holdpoint/grammars.so", xdg) < PATH_SIZE;
    case 2:
        return home && snprintf(path, PATH_SIZE, "%s/.cache/holdpoint/grammars.so", home) < PATH_SIZE;
    default:
        return snprintf(path, PATH_SIZE, "%s/../../lib/holdpoint/grammars.so", HOLDPOINT_DATA) < PATH_SIZE;
    }
}

enum { PLACE_COUNT = 4 };

static void *open_handle(void) {
    const char *given = getenv("HOLDPOINT_GRAMMARS");
    char path[PATH_SIZE];
    if (given) {
        return dlopen(given, RTLD_NOW | RTLD_LOCAL);
    }
    for (size_t i = 0; i < PLACE_COUNT; i++) {
        if (find_place(i, path) && access(path, R_OK) == 0) {
            return dlopen(path, RTLD_NOW | RTLD_LOCAL);
        }
    }
    return NULL;
}

enum hp_status syntax_open(struct syntax_library **library, struct hp_problem *problem) {
    struct syntax_library *opened = calloc(1, sizeof *opened);
    *library = NULL;
    if (!opened) {
        return hp_problem_no_memory(problem);
    }
    opened->handle = open_handle();
    if (!opened->handle) {
        free(opened);
        return hp_problem_set(problem, HP_UNAVAILABLE, NULL,
                              "the grammars that source code is read with are not installed. "
                              "scripts/grammars fetches them with npm and compiles them into "
                              "~/.cache/holdpoint/grammars.so; HOLDPOINT_GRAMMARS names another file");
    }
    *library = opened;
    return HP_OK;
}

void syntax_close(struct syntax_library *library) {
    if (library) {
        dlclose(library->handle);
        free(library);
    }
}

/* The grammar's own function; NULL when the library has none, or one of an ABI that is too new or too old. */
static const TSLanguage *find_language(const struct syntax_library *library, const char *grammar) {
    char symbol[SYMBOL_SIZE];
    const TSLanguage *(*make)(void) = NULL;
    snprintf(symbol, sizeof symbol, "tree_sitter_%s", grammar);
    void *found = dlsym(library->handle, symbol);
    if (!found) {
        return NULL;
    }
    memcpy(&make, &found,
           sizeof make); /* POSIX lets a function stand in a void *, ISO C has no cast for it */
    const TSLanguage *language = make();
    uint32_t version = ts_language_version(language);
    bool fits =
        version >= TREE_SITTER_MIN_COMPATIBLE_LANGUAGE_VERSION && version <= TREE_SITTER_LANGUAGE_VERSION;
    return fits ? language : NULL;
}

static size_t line_at(const char *text, size_t offset) {
    size_t line = 1;
    for (size_t i = 0; i < offset; i++) {
        line += text[i] == '\n';
    }
    return line;
}

enum hp_status syntax_compile(struct syntax_library *library, const char *grammar, const char *text,
                              size_t length_bytes, struct syntax_patterns **patterns,
                              struct hp_problem *problem) {
    const TSLanguage *language = find_language(library, grammar);
    uint32_t offset = 0;
    TSQueryError error = TSQueryErrorNone;
    struct syntax_patterns *compiled = calloc(1, sizeof *compiled);
    *patterns = NULL;
    if (!compiled) {
        return hp_problem_no_memory(problem);
    }
    if (!language) {
        free(compiled);
        return hp_problem_set(problem, HP_UNAVAILABLE, NULL,
                              "the library of grammars lacks %s; scripts/grammars makes it anew", grammar);
    }
    compiled->language = language;
    compiled->query = ts_query_new(language, text, (uint32_t)length_bytes, &offset, &error);
    if (!compiled->query) {
        free(compiled);
        return hp_problem_set(problem, HP_INTERNAL, NULL,
                              "the patterns of %s do not fit its grammar, line %zu", grammar,
                              line_at(text, offset));
    }
    *patterns = compiled;
    return HP_OK;
}

void syntax_free(struct syntax_patterns *patterns) {
    if (patterns) {
        ts_query_delete(patterns->query);
        free(patterns);
    }
}

bool syntax_can_read(const char *text, size_t length_bytes) {
    enum { TOKENS_MAX = 65000 };
    size_t count = 0;
    for (size_t i = 0; i < length_bytes; i++) {
        bool word = isalnum((unsigned char)text[i]) || text[i] == '_' || (text[i] & 0x80);
        bool goes_on =
            i > 0 && (isalnum((unsigned char)text[i - 1]) || text[i - 1] == '_' || (text[i - 1] & 0x80));
        bool blank = text[i] == ' ' || text[i] == '\t' || text[i] == '\r';
        count += !blank && !(word && goes_on);
    }
    return count <= TOKENS_MAX;
}

static void fill_match(const TSQuery *query, const TSQueryMatch *found, struct syntax_match *match) {
    match->count = 0;
    for (uint16_t i = 0; i < found->capture_count && match->count < SYNTAX_CAPTURES_MAX; i++) {
        const TSQueryCapture *capture = &found->captures[i];
        uint32_t length = 0;
        match->captures[match->count++] = (struct syntax_capture){
            .name = ts_query_capture_name_for_id(query, capture->index, &length),
            .from = ts_node_start_byte(capture->node),
            .to = ts_node_end_byte(capture->node),
            .line = (size_t)ts_node_start_point(capture->node).row + 1,
        };
    }
}

/* The bytes of the part that a predicate is about. */
static bool find_part(const TSQueryMatch *found, uint32_t id, uint32_t *from, uint32_t *to) {
    for (uint16_t i = 0; i < found->capture_count; i++) {
        if (found->captures[i].index == id) {
            *from = ts_node_start_byte(found->captures[i].node);
            *to = ts_node_end_byte(found->captures[i].node);
            return true;
        }
    }
    return false;
}

/* The steps of a predicate are its name, the part that it is about, and words one of which that must be. */
static bool fits(const TSQuery *query, const TSQueryMatch *found, const char *text) {
    uint32_t count = 0, from = 0, to = 0;
    const TSQueryPredicateStep *steps = ts_query_predicates_for_pattern(query, found->pattern_index, &count);
    if (count < 2 || steps[1].type != TSQueryPredicateStepTypeCapture ||
        !find_part(found, steps[1].value_id, &from, &to)) {
        return true;
    }
    for (uint32_t i = 2; i < count && steps[i].type == TSQueryPredicateStepTypeString; i++) {
        uint32_t length = 0;
        const char *word = ts_query_string_value_for_id(query, steps[i].value_id, &length);
        if (length == to - from && memcmp(word, text + from, length) == 0) {
            return true;
        }
    }
    return false;
}

static void ask(const struct syntax_patterns *patterns, TSQueryCursor *cursor, TSNode root, const char *text,
                void (*take)(void *context, const struct syntax_match *match), void *context) {
    TSQueryMatch found;
    struct syntax_match match;
    ts_query_cursor_exec(cursor, patterns->query, root);
    while (ts_query_cursor_next_match(cursor, &found)) {
        if (fits(patterns->query, &found, text)) {
            fill_match(patterns->query, &found, &match);
            take(context, &match);
        }
    }
}

enum hp_status syntax_search(const struct syntax_patterns *patterns, const char *text, size_t length_bytes,
                             void (*take)(void *context, const struct syntax_match *match), void *context,
                             struct hp_problem *problem) {
    TSParser *parser = ts_parser_new();
    TSQueryCursor *cursor = ts_query_cursor_new();
    TSTree *tree = NULL;
    if (parser && cursor && ts_parser_set_language(parser, patterns->language)) {
        tree = ts_parser_parse_string(parser, NULL, text, (uint32_t)length_bytes);
    }
    if (tree) {
        ask(patterns, cursor, ts_tree_root_node(tree), text, take, context);
    }
    enum hp_status status = tree ? HP_OK : hp_problem_no_memory(problem);
    ts_tree_delete(tree);
    ts_query_cursor_delete(cursor);
    ts_parser_delete(parser);
    return status;
}
