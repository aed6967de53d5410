#include "harness/drift/source/spelling.h"

#include <ctype.h>
#include <string.h>

static bool is_name_byte(char byte) {
    return isalnum((unsigned char)byte) || byte == '_';
}

static bool is_quote(char byte) {
    return byte == '"' || byte == '\'' || byte == '`';
}

/* The first quote of a text: "x", b'x', r#"x"#; NULL when the source is none. */
static const char *find_quote(const char *source) {
    source += strspn(source, " \t\n(");
    size_t letters = 0;
    while (letters < 3 && (isalpha((unsigned char)source[letters]) || source[letters] == '#')) {
        letters++;
    }
    return is_quote(source[letters]) ? source + letters : NULL;
}

bool spelling_is_text(const char *source) {
    return find_quote(source) != NULL;
}

/* True when an upper-case letter begins a part of a name: behind a lower-case one or a digit, or before a lower-case one at the end
 * of capitals, as the S of HTTPServer. */
static bool begins_part(const char *from, const char *at, const char *to) {
    if (at == from || !isupper((unsigned char)*at)) {
        return false;
    }
    bool behind = islower((unsigned char)at[-1]) || isdigit((unsigned char)at[-1]);
    return behind || (isupper((unsigned char)at[-1]) && at + 1 < to && islower((unsigned char)at[1]));
}

static void put_range(char word[SPELLING_SIZE], const char *from, const char *to) {
    size_t length = 0;
    for (const char *at = from; at < to && length + 2 < SPELLING_SIZE; at++) {
        if (begins_part(from, at, to)) {
            word[length++] = '_';
        }
        word[length++] = *at == '-' ? '_' : (char)tolower((unsigned char)*at);
    }
    word[length] = '\0';
}

static bool is_accessor(const char *from, const char *to) {
    size_t length = (size_t)(to - from);
    return (length == 5 && memcmp(from, "value", 5) == 0) || (length == 4 && memcmp(from, "name", 4) == 0);
}

/* The last name of an expression: of a.b.C, A::C, p->C it is C; what only asks it for its text is passed over. */
static void put_last_name(char word[SPELLING_SIZE], const char *source) {
    const char *end = source + strlen(source);
    for (;;) {
        while (end > source && !is_name_byte(end[-1])) {
            end--;
        }
        const char *begin = end;
        while (begin > source && is_name_byte(begin[-1])) {
            begin--;
        }
        if (begin > source && begin[-1] == '.' && is_accessor(begin, end)) {
            end = begin - 1;
            continue;
        }
        put_range(word, begin, end);
        return;
    }
}

void spelling_put(char word[SPELLING_SIZE], const char *source) {
    const char *quote = find_quote(source);
    if (!quote) {
        put_last_name(word, source);
        return;
    }
    const char *from = quote;
    while (*from == *quote) {
        from++;
    }
    const char *to = strchr(from, *quote);
    put_range(word, from, to ? to : from + strlen(from));
}

static const char *find_whole(const struct words *words, const char *word) {
    for (size_t i = 0; i < words->count; i++) {
        if (strcmp(words->items[i], word) == 0) {
            return words->items[i];
        }
    }
    return NULL;
}

static const char *find_end(const struct words *words, const char *word) {
    size_t length = strlen(word);
    for (size_t i = 0; i < words->count; i++) {
        size_t part = strlen(words->items[i]);
        if (length > part && word[length - part - 1] == '_' &&
            strcmp(word + length - part, words->items[i]) == 0) {
            return words->items[i];
        }
    }
    return NULL;
}

const char *spelling_find(const struct words *words, const char *source) {
    char word[SPELLING_SIZE];
    spelling_put(word, source);
    const char *found = find_whole(words, word);
    return found || spelling_is_text(source) ? found : find_end(words, word);
}

static bool has_upper(const char *from, const char *to) {
    for (; from < to; from++) {
        if (isupper((unsigned char)*from)) {
            return true;
        }
    }
    return false;
}

static size_t keep(const char *word, const char **found, size_t count, size_t room) {
    for (size_t i = 0; i < count; i++) {
        if (found[i] == word) {
            return count;
        }
    }
    if (word && count < room) {
        found[count++] = word;
    }
    return count;
}

/* The end of the text that begins at a quote. */
static const char *text_end(const char *quote) {
    const char *end = strchr(quote + 1, *quote);
    return end ? end + 1 : quote + strlen(quote);
}

size_t spelling_find_all(const struct words *words, const char *source, const char **found, size_t room) {
    char word[SPELLING_SIZE];
    size_t count = 0;
    for (const char *at = source; *at;) {
        const char *from = at;
        if (is_quote(*at)) {
            at = text_end(at);
            put_range(word, from + 1, at[-1] == *from ? at - 1 : at);
            count = keep(find_whole(words, word), found, count, room);
        } else if (is_name_byte(*at)) {
            while (is_name_byte(*at)) {
                at++;
            }
            put_range(word, from, at);
            const char *known = find_whole(words, word);
            known = known ? known : find_end(words, word);
            count = keep(has_upper(from, at) ? known : NULL, found, count, room);
        } else {
            at++;
        }
    }
    return count;
}

bool spelling_has_part(const char *word, const char *part) {
    size_t length = strlen(part);
    for (const char *at = strstr(word, part); at; at = strstr(at + 1, part)) {
        if ((at == word || at[-1] == '_') && (at[length] == '\0' || at[length] == '_')) {
            return true;
        }
    }
    return false;
}
