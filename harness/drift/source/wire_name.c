#include "harness/drift/source/wire_name.h"

#include "reference/base/text.h"

#include <string.h>

/* What in a tag says that a name follows. */
static const char *const renamers[] = {"rename", "JsonProperty", "SerializedName",
                                       "@Json",  "Column",       "alias"};

/* Copies up to a byte that ends it. */
static void put_until(char *buffer, const char *from, const char *ends) {
    size_t length = strcspn(from, ends);
    length = length < SPELLING_SIZE - 1 ? length : SPELLING_SIZE - 1;
    memcpy(buffer, from, length);
    buffer[length] = '\0';
}

/* True when nothing stands between a tag and what it is about but words such as pub, private String. */
static bool is_before(const struct source_file *file, const struct fact *tag, size_t at) {
    static const char others[] = ";,{}()=";
    enum { NEAR_BYTES = 160 };
    if (tag->to > at || at - tag->to > NEAR_BYTES) {
        return false;
    }
    for (size_t i = tag->to; i < at; i++) {
        if (strchr(others, file->text[i])) {
            return false;
        }
    }
    return true;
}

/* The text that a tag gives as a name; false when it gives none. rename_all is about the members, not about what bears it. */
static bool put_tag(char *buffer, const struct source_file *file, const struct fact *tag) {
    char words[SPELLING_SIZE * 2];
    size_t length = tag->to - tag->from;
    if (length >= sizeof words) {
        return false;
    }
    memcpy(words, file->text + tag->from, length);
    words[length] = '\0';
    if (strstr(words, "rename_all")) {
        return false;
    }
    for (size_t i = 0; i < sizeof renamers / sizeof renamers[0]; i++) {
        const char *renamer = strstr(words, renamers[i]);
        const char *quote = renamer ? strchr(renamer, '"') : NULL;
        if (quote) {
            put_until(buffer, quote + 1, "\"");
            return true;
        }
    }
    return false;
}

static bool find_tag(char *buffer, const struct source_file *file, const struct fact *about) {
    for (size_t i = 0; file->facts.of_type[FACT_TAG] > 0 && i < file->facts.count; i++) {
        const struct fact *tag = &file->facts.items[i];
        if (tag->type == FACT_TAG && is_before(file, tag, about->at) && put_tag(buffer, file, tag)) {
            return true;
        }
    }
    return false;
}

void wire_name_put(char word[SPELLING_SIZE], const struct source_file *file, const struct fact *field) {
    const char *json = field->value ? strstr(field->value, "json:\"") : NULL;
    char said[SPELLING_SIZE];
    if (json) {
        put_until(said, json + strlen("json:\""), "\",");
        if (*said) {
            text_put(word, SPELLING_SIZE, strcmp(said, "-") == 0 ? "" : said);
            return;
        }
    }
    if (!find_tag(said, file, field)) {
        text_put(said, sizeof said, field->name ? field->name : "");
    }
    spelling_put(word, said);
}

const char *wire_name_source(char buffer[SPELLING_SIZE], const struct source_file *file,
                             const struct fact *member) {
    char said[SPELLING_SIZE];
    if (member->value && spelling_is_text(member->value)) {
        return member->value;
    }
    if (find_tag(said, file, member)) {
        buffer[0] = '"';
        text_put(buffer + 1, SPELLING_SIZE - 2, said);
        strcat(buffer, "\"");
        return buffer;
    }
    return member->name ? member->name : "";
}
