#include "harness/drift/source/sql_text.h"

#include <ctype.h>
#include <string.h>

/* One word or mark of SQL. */
struct token {
    char word[SQL_NAME_SIZE]; /* lower case; a mark stands for itself; "" at the end */
    size_t offset;
    bool is_name; /* begins with a letter, or was quoted */
    bool is_quoted;
};

struct scanner {
    const char *text;
    size_t length, at;
};

static bool is_word_byte(char byte) {
    return isalnum((unsigned char)byte) || byte == '_' || byte == '$';
}

/* Passes over blanks, comments and texts in single quotes. */
static void skip(struct scanner *scanner) {
    const char *text = scanner->text;
    while (scanner->at < scanner->length) {
        size_t at = scanner->at;
        bool more = at + 1 < scanner->length;
        if (isspace((unsigned char)text[at])) {
            scanner->at++;
        } else if (more && text[at] == '-' && text[at + 1] == '-') {
            const char *end = memchr(text + at, '\n', scanner->length - at);
            scanner->at = end ? (size_t)(end - text) : scanner->length;
        } else if (more && text[at] == '/' && text[at + 1] == '*') {
            while (scanner->at + 1 < scanner->length &&
                   !(text[scanner->at] == '*' && text[scanner->at + 1] == '/')) {
                scanner->at++;
            }
            scanner->at = scanner->at + 2 < scanner->length ? scanner->at + 2 : scanner->length;
        } else if (text[at] == '\'') {
            const char *end = memchr(text + at + 1, '\'', scanner->length - at - 1);
            scanner->at = end ? (size_t)(end - text) + 1 : at + 1;
        } else {
            return;
        }
    }
}

static struct token next_token(struct scanner *scanner) {
    struct token token = {0};
    size_t length = 0;
    skip(scanner);
    token.offset = scanner->at;
    if (scanner->at >= scanner->length) {
        return token;
    }
    const char *text = scanner->text;
    if (text[scanner->at] == '"' && scanner->at + 1 < scanner->length &&
        is_word_byte(text[scanner->at + 1])) {
        token.is_quoted = true;
        scanner->at++;
    }
    token.is_name = isalpha((unsigned char)text[scanner->at]) || text[scanner->at] == '_';
    while (scanner->at < scanner->length && is_word_byte(text[scanner->at])) {
        if (length + 1 < sizeof token.word) {
            token.word[length++] = (char)tolower((unsigned char)text[scanner->at]);
        }
        scanner->at++;
    }
    if (length == 0) {
        token.word[0] = text[scanner->at++];
    } else if (token.is_quoted && scanner->at < scanner->length && text[scanner->at] == '"') {
        scanner->at++;
    }
    return token;
}

static bool is_word(const struct token *token, const char *const *words) {
    for (size_t i = 0; words[i]; i++) {
        if (!token->is_quoted && strcmp(token->word, words[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool is(const struct token *token, const char *word) {
    return !token->is_quoted && strcmp(token->word, word) == 0;
}

/* Words that never are tables; English ones among them, for prose that looks like SQL. */
static const char *const reserved[] = {
    "select", "lateral", "unnest",   "values", "where", "set",   "on",    "as",    "and",  "or",
    "the",    "a",       "an",       "this",   "that",  "its",   "your",  "our",   "each", "all",
    "any",    "dual",    "excluded", "left",   "right", "inner", "outer", "cross", "full", "natural",
    "join",   "of",      "nothing",  "skip",   "no",    "key",   "in",    "to",    "if",   NULL};

static const char *const optional[] = {"if", "not", "exists", "only", "table", "concurrently", NULL};

/* Functions within whose parentheses FROM is something else. */
static const char *const with_from[] = {"extract",  "substring", "trim", "overlay",
                                        "position", "date_part", NULL};

static bool is_common(const char *text, size_t length, const char *name) {
    struct scanner scanner = {text, length, 0};
    struct token before = {0}, token = next_token(&scanner);
    for (bool with = false; *token.word; before = token, token = next_token(&scanner)) {
        with = with || is(&token, "with");
        if (with && strcmp(token.word, name) == 0 &&
            (is(&before, "with") || is(&before, "recursive") || is(&before, ","))) {
            struct token behind = next_token(&scanner);
            if (is(&behind, "as") || is(&behind, "(")) {
                return true;
            }
            token = behind;
        }
    }
    return false;
}

/* A search under way. */
struct search {
    struct scanner scanner;
    void (*take)(void *context, enum sql_use use, const char *name, size_t offset);
    void *context;
};

/* Reads a table's name behind a keyword and hands it out; the last part of a dotted one. Returns the token behind it. */
static struct token read_table(struct search *search, enum sql_use use) {
    struct scanner *scanner = &search->scanner;
    struct token token = next_token(scanner);
    while (is_word(&token, optional)) {
        token = next_token(scanner);
    }
    struct token name = token, schema = {0};
    if (!name.is_name || is_word(&name, reserved)) {
        return token;
    }
    token = next_token(scanner);
    while (is(&token, ".")) {
        schema = name;
        name = next_token(scanner);
        token = next_token(scanner);
    }
    bool function = is(&token, "(") && use == SQL_READS;
    bool catalog = strcmp(schema.word, "pg_catalog") == 0 || strcmp(schema.word, "information_schema") == 0 ||
                   strncmp(name.word, "pg_", 3) == 0 || strncmp(name.word, "sqlite_", 7) == 0;
    if (name.is_name && !function && !catalog && !is_common(scanner->text, scanner->length, name.word)) {
        search->take(search->context, use, name.word, name.offset);
    }
    return token;
}

/* True when a word stands in the rest of the statement. */
static bool comes(struct scanner scanner, const char *word) {
    for (struct token token = next_token(&scanner); *token.word && !is(&token, ";");
         token = next_token(&scanner)) {
        if (is(&token, word)) {
            return true;
        }
    }
    return false;
}

/* Handles CREATE, DROP, ALTER: what follows is a table, or something else that is left alone. */
static struct token read_definition(struct search *search, enum sql_use use) {
    static const char *const between[] = {"or",     "replace", "temp",         "temporary", "unlogged",
                                          "global", "local",   "materialized", "foreign",   NULL};
    static const char *const tables[] = {"table", "view", NULL};
    struct token token = next_token(&search->scanner);
    while (is_word(&token, between)) {
        token = next_token(&search->scanner);
    }
    if (!is_word(&token, tables)) {
        return token;
    }
    struct scanner here = search->scanner;
    token = read_table(search, use);
    if (use == SQL_ALTERS && is(&token, "rename")) {
        token = next_token(&search->scanner);
        if (is(&token, "to")) {
            struct search old = *search;
            old.scanner = here;
            read_table(&old, SQL_DROPS);
            token = read_table(search, SQL_CREATES);
        }
    }
    while (use == SQL_DROPS && is(&token, ",")) {
        token = read_table(search, use);
    }
    return token;
}

/* Reads what follows a keyword; false when the token is none that a table follows. */
static bool read_use(struct search *search, const struct token *before, struct token *token) {
    static const char *const no_update[] = {"for",   "on", "do",      "of", "before",
                                            "after", "or", "instead", "no", NULL};
    if (is(token, "create")) {
        *token = read_definition(search, SQL_CREATES);
    } else if (is(token, "drop")) {
        *token = read_definition(search, SQL_DROPS);
    } else if (is(token, "alter")) {
        *token = read_definition(search, SQL_ALTERS);
    } else if (is(token, "into") || is(token, "truncate")) {
        *token = read_table(search, SQL_WRITES);
    } else if (is(token, "update") && !is_word(before, no_update) && comes(search->scanner, "set")) {
        *token = read_table(search, SQL_WRITES);
    } else if ((is(token, "from") && !is(before, "distinct")) || is(token, "join")) {
        *token = read_table(search, is(before, "delete") ? SQL_WRITES : SQL_READS);
    } else if (is(token, "references")) {
        *token = read_table(search, SQL_ALTERS);
    } else {
        return false;
    }
    return true;
}

void sql_find_tables(const char *text, size_t length_bytes,
                     void (*take)(void *context, enum sql_use use, const char *name, size_t offset),
                     void *context) {
    struct search search = {{text, length_bytes, 0}, take, context};
    struct token before = {0}, token = next_token(&search.scanner);
    size_t depth = 0, within = 0; /* the depth of the parentheses in which FROM is something else */
    while (*token.word) {
        if (is(&token, "(")) {
            depth++;
            within = within == 0 && is_word(&before, with_from) ? depth : within;
        } else if (is(&token, ")") && depth > 0) {
            within = within == depth ? 0 : within;
            depth--;
        }
        struct token here = token;
        if (within > 0 || !read_use(&search, &before, &token)) {
            token = next_token(&search.scanner);
        }
        before = here;
    }
}

/* What must come behind the first word of a statement. */
static const char *const beginnings[][2] = {
    {"select", "from"},  {"insert", "into"}, {"update", "set"}, {"delete", "from"}, {"with", "as"},
    {"create", "table"}, {"alter", "table"}, {"drop", "table"}, {"truncate", ""},   {"merge", "into"},
};

static bool is_one_case(const char *word, size_t length) {
    bool upper = isupper((unsigned char)word[0]) != 0;
    for (size_t i = 0; i < length; i++) {
        if ((isupper((unsigned char)word[i]) != 0) != upper) {
            return false;
        }
    }
    return true;
}

bool sql_is_statement(const char *text, size_t length_bytes) {
    struct scanner scanner = {text, length_bytes, 0};
    struct token token = next_token(&scanner);
    while (is(&token, "(")) {
        token = next_token(&scanner);
    }
    for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++) {
        if (is(&token, beginnings[i][0])) {
            return is_one_case(text + token.offset, strlen(token.word)) &&
                   (!*beginnings[i][1] || comes(scanner, beginnings[i][1]));
        }
    }
    return false;
}
