/* Maps from one enum to another, as literals or as switches, that miss kinds: F6. */
#include "harness/drift/source/audit.h"
#include "harness/drift/source/grouping.h"
#include "harness/drift/source/spelling.h"

#include <string.h>

enum { WORDS_MAX = 32, KEYS_ENOUGH = 3, VALUES_ENOUGH = 2 };

/* What a map's keys and values are. */
struct map {
    bool present[WORDS_MAX]; /* kinds that are keys */
    size_t present_count, value_count, other_count;
};

/* A value that is a kind: of another enum, or a text. A text that merely describes a kind is none. */
static void count_value(const struct words *kinds, const char *value, struct map *map) {
    const char *found[1];
    bool one = value && strcspn(value, "({[") == strlen(value);
    if (one && spelling_find_all(kinds, value, found, 1) == 1 && spelling_find(kinds, value)) {
        map->value_count++;
    } else if (value) {
        map->other_count++;
    }
}

/* The kinds that a key names. In an object of TypeScript a bare name is a key: { timeout: Reason.Timeout }. */
static size_t find_keys(const struct words *kinds, const struct source_file *file, const char *key,
                        const char **found) {
    size_t count = spelling_find_all(kinds, key, found, WORDS_MAX);
    bool bare = file->language->patterns == typescript_patterns &&
                strspn(key, "abcdefghijklmnopqrstuvwxyz_") == strlen(key);
    if (count == 0 && bare && words_hold(kinds, key)) {
        found[count++] = spelling_find(kinds, key);
    }
    return count;
}

/* An object of TypeScript whose bare names stand for texts is an enum of its own: { Timeout: 'timeout' }. */
static bool is_member(const struct source_file *file, const struct fact *entry) {
    return file->language->patterns == typescript_patterns &&
           strcspn(entry->name, ".[\"'") == strlen(entry->name) && entry->value &&
           spelling_is_text(entry->value);
}

static void count_entry(const struct words *kinds, const struct source_file *file, const struct fact *entry,
                        struct map *map) {
    const char *found[WORDS_MAX];
    size_t count = find_keys(kinds, file, entry->name, found);
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < kinds->count && k < WORDS_MAX; k++) {
            if (kinds->items[k] == found[i] && !map->present[k]) {
                map->present[k] = true;
                map->present_count++;
            }
        }
    }
    if (count > 0 && !is_member(file, entry)) {
        count_value(kinds, entry->value, map);
    }
}

static void tell(const struct audit *audit, const struct audit_place *place, const struct map *map) {
    const struct words *kinds = &audit->vocabulary->kinds;
    struct text missing = {0};
    for (size_t k = 0; k < kinds->count && k < WORDS_MAX; k++) {
        if (!map->present[k]) {
            text_addf(&missing, "%s%s", missing.length_bytes > 0 ? ", " : "", kinds->items[k]);
        }
    }
    audit_find(audit, SOURCE_MAP, place, NULL, "%s maps %zu of the %zu kinds; missing: %s.",
               place->name ? place->name : "This", map->present_count, kinds->count,
               missing.bytes ? missing.bytes : "");
    audit->report->failed = audit->report->failed || missing.failed;
    text_release(&missing);
}

static void judge(const struct audit *audit, const struct source_file *file, const struct grouping *group) {
    const struct words *kinds = &audit->vocabulary->kinds;
    struct map map = {0};
    for (size_t i = 0; i < group->count; i++) {
        count_entry(kinds, file, group->members[i], &map);
    }
    if (map.present_count >= KEYS_ENOUGH && map.present_count < kinds->count &&
        map.value_count >= VALUES_ENOUGH && map.value_count > map.other_count) {
        const struct fact *first = group->members[0];
        const struct audit_place place = {file, first->line, first->of, DRIFT_CERTAIN};
        tell(audit, &place, &map);
    }
}

void audit_maps(const struct audit *audit) {
    for (size_t i = 0; i < audit->tree->count; i++) {
        const struct source_file *file = &audit->tree->files[i];
        struct grouping grouping = {.facts = &file->facts, .type = FACT_ENTRY};
        while (!file->is_test && grouping_next(&grouping)) {
            judge(audit, file, &grouping);
        }
        audit->report->failed = audit->report->failed || grouping.failed;
        grouping_release(&grouping);
    }
}
