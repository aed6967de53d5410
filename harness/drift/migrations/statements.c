#include "harness/drift/migrations/statements.h"

#include "reference/base/text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { WORD_COUNT = 8, WORD_SIZE = 16 };

/* The statement that is being read, and where. */
struct lexer {
    const char *at, *end;
    size_t line;
    const char *start; /* of the statement; NULL between two */
    size_t start_line;
    int parentheses;
    int blocks; /* of a body that begins with BEGIN ATOMIC */
    char words[WORD_COUNT][WORD_SIZE];
    size_t word_count;
    char last[WORD_SIZE];
    bool from_stdin;
    struct statements *statements;
    size_t room;
};

static bool is_space(char byte) {
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

static bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

static bool begins_word(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_' ||
           (unsigned char)byte >= 0x80;
}

static bool continues_word(char byte) {
    return begins_word(byte) || is_digit(byte) || byte == '$';
}

/* Passes over one byte and counts lines. */
static void step(struct lexer *lexer) {
    lexer->line += *lexer->at == '\n';
    lexer->at++;
}

static void step_to(struct lexer *lexer, const char *end) {
    while (lexer->at < end) {
        step(lexer);
    }
}

static bool sees(const struct lexer *lexer, const char *string) {
    size_t length = strlen(string);
    return (size_t)(lexer->end - lexer->at) >= length && memcmp(lexer->at, string, length) == 0;
}

static void skip_line(struct lexer *lexer) {
    while (lexer->at < lexer->end && *lexer->at != '\n') {
        step(lexer);
    }
}

/* Comments between slashes and stars nest. */
static void skip_block_comment(struct lexer *lexer) {
    size_t depth = 0;
    do {
        int change = sees(lexer, "/*") ? 1 : sees(lexer, "*/") ? -1 : 0;
        depth = change > 0 ? depth + 1 : depth - (change < 0);
        step(lexer);
        if (change != 0) {
            step(lexer);
        }
    } while (depth > 0 && lexer->at < lexer->end);
}

/* A doubled quote ends one piece and begins the next, which comes to the same. */
static void skip_quoted(struct lexer *lexer, bool escapes) {
    char quote = *lexer->at;
    step(lexer);
    while (lexer->at < lexer->end && *lexer->at != quote) {
        if (escapes && *lexer->at == '\\' && lexer->at + 1 < lexer->end) {
            step(lexer);
        }
        step(lexer);
    }
    if (lexer->at < lexer->end) {
        step(lexer);
    }
}

/* $tag$ ... $tag$; a dollar that begins no such tag is passed over by itself. */
static void skip_dollar(struct lexer *lexer) {
    const char *tag = lexer->at, *at = tag + 1;
    if (at < lexer->end && begins_word(*at)) {
        while (at < lexer->end && *at != '$' && continues_word(*at)) {
            at++;
        }
    }
    if (at >= lexer->end || *at != '$') {
        step(lexer);
        return;
    }
    size_t length = (size_t)(at + 1 - tag);
    step_to(lexer, at + 1);
    while (lexer->at < lexer->end) {
        if ((size_t)(lexer->end - lexer->at) >= length && memcmp(lexer->at, tag, length) == 0) {
            step_to(lexer, lexer->at + length);
            return;
        }
        step(lexer);
    }
}

static bool word_is(const struct lexer *lexer, size_t index, const char *word) {
    return index < lexer->word_count && strcmp(lexer->words[index], word) == 0;
}

/* create [or replace] function|procedure */
static bool makes_routine(const struct lexer *lexer) {
    size_t at = word_is(lexer, 1, "or") && word_is(lexer, 2, "replace") ? 3 : 1;
    return word_is(lexer, 0, "create") && (word_is(lexer, at, "function") || word_is(lexer, at, "procedure"));
}

static void count_blocks(struct lexer *lexer, const char *word) {
    if (strcmp(word, "atomic") == 0 && strcmp(lexer->last, "begin") == 0 && lexer->blocks == 0) {
        lexer->blocks = 1;
    } else if (lexer->blocks > 0 && (strcmp(word, "begin") == 0 || strcmp(word, "case") == 0)) {
        lexer->blocks++;
    } else if (lexer->blocks > 0 && strcmp(word, "end") == 0) {
        lexer->blocks--;
    }
}

static char lower(char byte) {
    return byte >= 'A' && byte <= 'Z' ? (char)(byte + 'a' - 'A') : byte;
}

static void read_word(struct lexer *lexer) {
    char word[WORD_SIZE] = "";
    size_t length = 0;
    const char *start = lexer->at;
    while (lexer->at < lexer->end && continues_word(*lexer->at)) {
        if (length < WORD_SIZE - 1) {
            word[length++] = lower(*lexer->at);
        }
        step(lexer);
    }
    bool escapes = lexer->at - start == 1 && word[0] == 'e';
    if (lexer->at < lexer->end && *lexer->at == '\'') {
        skip_quoted(lexer, escapes);
        return;
    }
    if (lexer->word_count < WORD_COUNT) {
        text_put(lexer->words[lexer->word_count++], WORD_SIZE, word);
    }
    if (makes_routine(lexer)) {
        count_blocks(lexer, word);
    }
    lexer->from_stdin = lexer->from_stdin || (lexer->parentheses == 0 && word_is(lexer, 0, "copy") &&
                                              strcmp(lexer->last, "from") == 0 && strcmp(word, "stdin") == 0);
    text_put(lexer->last, WORD_SIZE, word);
}

/* The words that a statement begins with, and what that makes of it; "*" is any one word. A row
 * stands before what it is a special case of. */
static const struct {
    enum statement_kind kind;
    const char *words[5];
} table[] = {
    {STATEMENT_BEGIN, {"begin"}},
    {STATEMENT_BEGIN, {"start", "transaction"}},
    {STATEMENT_PLAIN, {"rollback", "to"}},
    {STATEMENT_PLAIN, {"rollback", "work", "to"}},
    {STATEMENT_PLAIN, {"rollback", "transaction", "to"}},
    {STATEMENT_END, {"rollback"}},
    {STATEMENT_END, {"abort"}},
    {STATEMENT_END, {"commit"}},
    {STATEMENT_END, {"end"}},
    {STATEMENT_END, {"prepare", "transaction"}},
    {STATEMENT_ALONE, {"create", "index", "concurrently"}},
    {STATEMENT_ALONE, {"create", "unique", "index", "concurrently"}},
    {STATEMENT_ALONE, {"drop", "index", "concurrently"}},
    {STATEMENT_ALONE, {"reindex", "*", "concurrently"}},
    {STATEMENT_ALONE, {"reindex", "database"}},
    {STATEMENT_ALONE, {"reindex", "schema"}},
    {STATEMENT_ALONE, {"reindex", "system"}},
    {STATEMENT_ALONE, {"vacuum"}},
    {STATEMENT_ALONE, {"create", "database"}},
    {STATEMENT_ALONE, {"drop", "database"}},
    {STATEMENT_ALONE, {"create", "tablespace"}},
    {STATEMENT_ALONE, {"drop", "tablespace"}},
    {STATEMENT_ALONE, {"alter", "system"}},
    {STATEMENT_ROLE, {"create", "role"}},
    {STATEMENT_PLAIN, {"create", "user", "mapping"}},
    {STATEMENT_ROLE, {"create", "user"}},
    {STATEMENT_ROLE, {"create", "group"}},
    {STATEMENT_EXTENSION, {"create", "extension"}},
};

static bool row_fits(const struct lexer *lexer, const char *const *words) {
    for (size_t i = 0; i < 5 && words[i]; i++) {
        if (i >= lexer->word_count || (words[i][0] != '*' && !word_is(lexer, i, words[i]))) {
            return false;
        }
    }
    return true;
}

static enum statement_kind classify(const struct lexer *lexer) {
    if (lexer->from_stdin) {
        return STATEMENT_COPY;
    }
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (row_fits(lexer, table[i].words)) {
            return table[i].kind;
        }
    }
    return STATEMENT_PLAIN;
}

static bool add(struct lexer *lexer, enum statement_kind kind, const char *start, const char *end,
                size_t line) {
    struct statements *statements = lexer->statements;
    if (statements->count == lexer->room) {
        size_t room = lexer->room ? lexer->room * 2 : 16;
        struct statement *items =
            room <= STATEMENTS_CAP * 2 ? realloc(statements->items, room * sizeof *items) : NULL;
        if (!items) {
            return false;
        }
        statements->items = items;
        lexer->room = room;
    }
    while (end > start && is_space(end[-1])) {
        end--;
    }
    char *text = text_copy_bytes(start, (size_t)(end - start));
    if (text) {
        statements->items[statements->count++] = (struct statement){kind, text, line, NULL};
    }
    return text != NULL && statements->count <= STATEMENTS_CAP;
}

static void forget(struct lexer *lexer) {
    lexer->start = NULL;
    lexer->parentheses = lexer->blocks = 0;
    lexer->word_count = 0;
    lexer->last[0] = '\0';
    lexer->from_stdin = false;
}

/* The rows of COPY begin on the next line and end before a line of \. alone. */
static bool read_rows(struct lexer *lexer, struct statement *statement) {
    skip_line(lexer);
    if (lexer->at < lexer->end) {
        step(lexer);
    }
    const char *start = lexer->at, *end = start;
    while (lexer->at < lexer->end) {
        const char *line = lexer->at;
        skip_line(lexer);
        bool last = lexer->at - line >= 2 && memcmp(line, "\\.", 2) == 0 &&
                    (lexer->at - line == 2 || line[2] == '\r');
        if (lexer->at < lexer->end) {
            step(lexer);
        }
        if (last) {
            break;
        }
        end = lexer->at;
    }
    statement->rows = text_copy_bytes(start, (size_t)(end - start));
    return statement->rows != NULL;
}

/* Ends the statement here. Only behind a semicolon are there rows. */
static bool finish(struct lexer *lexer) {
    bool done = true;
    if (lexer->start) {
        enum statement_kind kind = classify(lexer);
        done = add(lexer, kind, lexer->start, lexer->at, lexer->start_line);
        if (done && kind == STATEMENT_COPY && lexer->at < lexer->end && *lexer->at == ';') {
            done = read_rows(lexer, &lexer->statements->items[lexer->statements->count - 1]);
        }
    }
    forget(lexer);
    return done;
}

static bool read_meta(struct lexer *lexer) {
    if (!finish(lexer)) {
        return false;
    }
    const char *start = lexer->at;
    skip_line(lexer);
    return add(lexer, STATEMENT_META, start, lexer->at, lexer->line);
}

static void read_other(struct lexer *lexer) {
    char byte = *lexer->at;
    if (byte == '\'' || byte == '"') {
        skip_quoted(lexer, false);
        lexer->last[0] = '\0';
    } else if (byte == '$') {
        skip_dollar(lexer);
    } else if (begins_word(byte)) {
        read_word(lexer);
    } else if (is_digit(byte)) {
        while (lexer->at < lexer->end && (begins_word(*lexer->at) || is_digit(*lexer->at))) {
            step(lexer);
        }
    } else {
        lexer->parentheses += (byte == '(') - (byte == ')' && lexer->parentheses > 0);
        step(lexer);
    }
}

/* Reads one token. */
static bool read_token(struct lexer *lexer) {
    char byte = *lexer->at;
    if (is_space(byte)) {
        step(lexer);
        return true;
    }
    if (sees(lexer, "--")) {
        skip_line(lexer);
        return true;
    }
    if (sees(lexer, "/*")) {
        skip_block_comment(lexer);
        return true;
    }
    if (byte == '\\') {
        return read_meta(lexer);
    }
    if (byte == ';' && lexer->parentheses == 0 && lexer->blocks == 0) {
        bool copies = lexer->from_stdin && lexer->start;
        bool done = finish(lexer);
        if (!copies && lexer->at < lexer->end) {
            step(lexer);
        }
        return done;
    }
    if (!lexer->start) {
        lexer->start = lexer->at;
        lexer->start_line = lexer->line;
    }
    read_other(lexer);
    return true;
}

bool statements_split(const char *sql, size_t length_bytes, struct statements *statements) {
    struct lexer lexer = {.at = sql, .end = sql + length_bytes, .line = 1, .statements = statements};
    *statements = (struct statements){0};
    if (sees(&lexer, "\xef\xbb\xbf")) {
        lexer.at += 3; /* a byte order mark */
    }
    while (lexer.at < lexer.end) {
        if (!read_token(&lexer)) {
            return false;
        }
    }
    return finish(&lexer);
}

void statements_release(struct statements *statements) {
    for (size_t i = 0; i < statements->count; i++) {
        free(statements->items[i].text);
        free(statements->items[i].rows);
    }
    free(statements->items);
    *statements = (struct statements){0};
}

size_t statement_line_at(const struct statement *statement, size_t position) {
    size_t line = statement->line, characters = 0;
    for (const char *at = statement->text; *at; at++) {
        characters += ((unsigned char)*at & 0xc0) != 0x80;
        if (characters >= position) {
            break;
        }
        line += *at == '\n';
    }
    return line;
}

size_t statement_find_word(const struct statement *statement, const char *word) {
    size_t length = strlen(word);
    const char *start = statement->text;
    struct lexer lexer = {.at = start, .end = start + strlen(start), .line = statement->line};
    while (length > 0 && lexer.at < lexer.end) {
        if (sees(&lexer, "--")) {
            skip_line(&lexer);
        } else if (sees(&lexer, "/*")) {
            skip_block_comment(&lexer);
        } else {
            bool alone = lexer.at == start || !continues_word(lexer.at[-1]);
            if (alone && (size_t)(lexer.end - lexer.at) >= length &&
                strncasecmp(lexer.at, word, length) == 0 && !continues_word(lexer.at[length])) {
                return lexer.line;
            }
            step(&lexer);
        }
    }
    return 0;
}
