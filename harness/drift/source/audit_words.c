/* Types that stand for the kinds, the statuses or the decisions: F1. */
#include "harness/base/suggest.h"
#include "harness/drift/source/audit.h"
#include "harness/drift/source/grouping.h"
#include "harness/drift/source/wire_name.h"

#include <stdio.h>
#include <string.h>

enum { WORDS_MAX = 32, NEAR_HALF_EDITS = 4 };

/* What a type may stand for, and how it is recognised. */
struct subject {
    enum meaning meaning;
    const char *noun;
    enum source_check check, extra_check;
    size_t enough;       /* so many of its words, and it stands for it whatever it is called */
    size_t enough_named; /* so many, if it is called so */
    size_t extra_max;    /* more members than so many that are none: something else */
    const char *names[3];
};

static const struct subject subjects[] = {
    {MEANING_KINDS, "kinds", SOURCE_KINDS, SOURCE_KINDS_EXTRA, 4, 2, 4, {"kind", "type", "interrupt"}},
    {MEANING_STATUSES,
     "statuses",
     SOURCE_STATUSES,
     SOURCE_STATUSES_EXTRA,
     4,
     2,
     2,
     {"status", "state", "interrupt"}},
    {MEANING_DECISIONS,
     "decisions",
     SOURCE_DECISIONS,
     SOURCE_DECISIONS,
     3,
     2,
     1,
     {"decision", "verdict", NULL}},
};

/* Members that count or mark and are no words. */
static const char *const sentinels[] = {"count",    "max",    "min",  "unknown", "unspecified", "undefined",
                                        "invalid",  "none",   "last", "num",     "size",        "default",
                                        "n",        "total",  "end",  "any",     "default",     "begin",
                                        "sentinel", "length", "all"};

/* One group held against one subject. */
struct trial {
    const struct audit *audit;
    const struct source_file *file;
    const struct grouping *group;
    const struct subject *subject;
    const struct words *words;
    bool present[WORDS_MAX];
    size_t present_count;
    const struct fact *extra[WORDS_MAX];
    size_t extra_count;
    bool told; /* the configuration says what it stands for */
};

static const struct words *words_of(const struct vocabulary *vocabulary, enum meaning meaning) {
    return meaning == MEANING_KINDS      ? &vocabulary->kinds
           : meaning == MEANING_STATUSES ? &vocabulary->statuses
                                         : &vocabulary->decisions;
}

static bool is_sentinel(const char *source) {
    char word[SPELLING_SIZE];
    spelling_put(word, source);
    for (size_t i = 0; i < sizeof sentinels / sizeof sentinels[0]; i++) {
        const char *last = strrchr(word, '_');
        if (strcmp(last ? last + 1 : word, sentinels[i]) == 0) {
            return true;
        }
    }
    return word[0] == '_' || word[0] == '\0';
}

/* What a member stands for: a text, a number, or nothing that was said; anything else is no member of a set of words. */
static bool is_member(const struct fact *fact) {
    return fact->name && (!fact->value || spelling_is_text(fact->value) || strstr(fact->value, "auto()") ||
                          strspn(fact->value, "0123456789x<- iota+") == strlen(fact->value));
}

static void count_members(struct trial *trial) {
    char buffer[SPELLING_SIZE];
    for (size_t i = 0; i < trial->group->count; i++) {
        const struct fact *fact = trial->group->members[i];
        if (!is_member(fact)) {
            continue;
        }
        const char *source = wire_name_source(buffer, trial->file, fact);
        const char *word = spelling_find(trial->words, source);
        for (size_t k = 0; word && k < trial->words->count && k < WORDS_MAX; k++) {
            if (trial->words->items[k] == word && !trial->present[k]) {
                trial->present[k] = true;
                trial->present_count++;
            }
        }
        if (!word && !is_sentinel(source) && trial->extra_count < WORDS_MAX) {
            trial->extra[trial->extra_count++] = fact;
        }
    }
}

/* How the type is called, and whether that name says what it stands for. An event or an error is of its own. */
static bool is_named(const struct trial *trial, const char *of) {
    char word[SPELLING_SIZE];
    spelling_put(word, of ? of : "");
    bool interrupt = strstr(word, "interrupt") != NULL;
    bool named = false;
    for (size_t i = 0; i < 2 && trial->subject->names[i]; i++) {
        named = named || strstr(word, trial->subject->names[i]);
    }
    return trial->subject->names[2] ? interrupt && named : named;
}

static bool is_other(const char *of) {
    char word[SPELLING_SIZE];
    spelling_put(word, of ? of : "");
    return spelling_has_part(word, "event") || spelling_has_part(word, "error");
}

/* TypeScript makes the type of a list's elements of it: (typeof KINDS)[number]. */
static bool is_made_a_type(const struct source_file *file, const char *of) {
    char use[SPELLING_SIZE];
    snprintf(use, sizeof use, "typeof %s", of ? of : "");
    const char *at = of ? strstr(file->text, use) : NULL;
    return at && strchr(")[ ;", at[strlen(use)]);
}

/* A list may well hold some words only: it is taken for all of them when its name says nothing less. */
static bool is_whole_list(const struct source_file *file, const char *of) {
    static const char *const plain[] = {"all",      "valid", "known",  "supported", "allowed", "interrupt",
                                        "flow",     "kind",  "kinds",  "type",      "types",   "status",
                                        "statuses", "names", "values", "decisions"};
    char word[SPELLING_SIZE];
    if (is_made_a_type(file, of)) {
        return true;
    }
    spelling_put(word, of ? of : "");
    for (char *part = strtok(word, "_"); part; part = strtok(NULL, "_")) {
        bool known = false;
        for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++) {
            known = known || strcmp(plain[i], part) == 0;
        }
        if (!known) {
            return false;
        }
    }
    return of != NULL;
}

/* True when a word, or the end of it behind one of its underscores, is nearly the wanted one. */
static bool is_near(const char *word, const char *wanted) {
    for (const char *at = word; at; at = strchr(at, '_')) {
        at += *at == '_';
        if (suggest_distance(at, wanted) <= NEAR_HALF_EDITS) {
            return true;
        }
    }
    return false;
}

static bool is_alias(const struct word_pairs *aliases, const char *word, const char *wanted) {
    size_t whole = strlen(word);
    for (size_t i = 0; i < aliases->count; i++) {
        size_t length = strlen(aliases->items[i].name);
        if (strcmp(aliases->items[i].value, wanted) == 0 && whole >= length &&
            strcmp(word + whole - length, aliases->items[i].name) == 0) {
            return true;
        }
    }
    return false;
}

/* The missing word that a member which is none was probably meant to be; the words' count when there is none. */
static size_t find_meant(const struct trial *trial, const struct fact *fact) {
    char buffer[SPELLING_SIZE], word[SPELLING_SIZE];
    spelling_put(word, wire_name_source(buffer, trial->file, fact));
    for (size_t k = 0; k < trial->words->count && k < WORDS_MAX; k++) {
        const char *wanted = trial->words->items[k];
        if (!trial->present[k] &&
            (is_alias(&trial->audit->vocabulary->aliases, word, wanted) || is_near(word, wanted))) {
            return k;
        }
    }
    return trial->words->count;
}

static bool stands_for(const struct trial *trial) {
    const struct fact *first = trial->group->members[0];
    const struct subject *subject = trial->subject;
    enum meaning said = configuration_meaning(trial->audit->configuration, first->of);
    if (said != MEANING_UNSAID) {
        return said == subject->meaning;
    }
    if (is_other(first->of) || (trial->group->type == FACT_OPEN && !is_whole_list(trial->file, first->of))) {
        return false;
    }
    size_t near = 0; /* members that were meant to be words make a type of them, too */
    for (size_t i = 0; i < trial->extra_count; i++) {
        near += find_meant(trial, trial->extra[i]) < trial->words->count;
    }
    size_t enough = is_named(trial, first->of) ? subject->enough_named : subject->enough;
    return trial->present_count + near >= enough && trial->extra_count <= subject->extra_max &&
           trial->present_count * 2 > trial->extra_count;
}

static const char *name_of(const struct trial *trial) {
    const char *of = trial->group->members[0]->of;
    return of ? of : "a group of constants";
}

static struct audit_place place_of(const struct trial *trial, size_t line) {
    const char *of = trial->group->members[0]->of;
    bool sure = trial->told || is_named(trial, of);
    return (struct audit_place){trial->file, line, of, sure ? DRIFT_CERTAIN : DRIFT_LIKELY};
}

/* A member of its own that is told nobody outside is no drift, unless the type is called after the contract. */
static void tell_extra(struct trial *trial) {
    char buffer[SPELLING_SIZE];
    for (size_t i = 0; i < trial->extra_count; i++) {
        const struct fact *fact = trial->extra[i];
        const struct audit_place place = place_of(trial, fact->at_line);
        size_t meant = find_meant(trial, fact);
        if (meant < trial->words->count) {
            trial->present[meant] = true;
            audit_find(trial->audit, trial->subject->check, &place, "Give it the contract's name.",
                       "%s calls %s %s.", name_of(trial), trial->words->items[meant],
                       wire_name_source(buffer, trial->file, fact));
        } else if (place.confidence == DRIFT_CERTAIN || (fact->value && spelling_is_text(fact->value))) {
            audit_find(trial->audit, trial->subject->extra_check, &place, NULL,
                       "%s has a member %s, which is none of the %zu %s.", name_of(trial), fact->name,
                       trial->words->count, trial->subject->noun);
        }
    }
}

static void tell_missing(const struct trial *trial) {
    struct text missing = {0};
    size_t count = 0;
    for (size_t k = 0; k < trial->words->count && k < WORDS_MAX; k++) {
        if (!trial->present[k]) {
            text_addf(&missing, "%s%s", count++ ? ", " : "", trial->words->items[k]);
        }
    }
    if (count > 0) {
        const struct audit_place place = place_of(trial, trial->group->members[0]->line);
        audit_find(trial->audit, trial->subject->check, &place, NULL,
                   "%s has %zu of the %zu %s; missing: %s.", name_of(trial), trial->words->count - count,
                   trial->words->count, trial->subject->noun, missing.bytes ? missing.bytes : "");
    }
    trial->audit->report->failed = trial->audit->report->failed || missing.failed;
    text_release(&missing);
}

/* Constants beside others belong together when they are called alike: those whose names begin as the words' do. */
static bool is_alike(const struct trial *trial, const struct fact *fact) {
    char word[SPELLING_SIZE], other[SPELLING_SIZE];
    spelling_put(word, fact->name);
    const char *prefix_end = strrchr(word, '_');
    for (size_t i = 0; prefix_end && i < trial->group->count; i++) {
        const struct fact *member = trial->group->members[i];
        const char *known = spelling_find(trial->words, member->value ? member->value : "");
        spelling_put(other, member->name);
        size_t length = strlen(other), part = known ? strlen(known) : 0;
        if (known && length > part + 1 && strncmp(word, other, length - part) == 0) {
            return true;
        }
    }
    return false;
}

static void drop_strangers(struct trial *trial) {
    size_t kept = 0;
    for (size_t i = 0; i < trial->extra_count; i++) {
        if (is_alike(trial, trial->extra[i])) {
            trial->extra[kept++] = trial->extra[i];
        }
    }
    trial->extra_count = kept;
}

static void judge(const struct audit *audit, const struct source_file *file, const struct grouping *group) {
    for (size_t i = 0; i < sizeof subjects / sizeof subjects[0]; i++) {
        struct trial trial = {.audit = audit,
                              .file = file,
                              .group = group,
                              .subject = &subjects[i],
                              .words = words_of(audit->vocabulary, subjects[i].meaning)};
        trial.told = configuration_meaning(audit->configuration, group->members[0]->of) != MEANING_UNSAID;
        count_members(&trial);
        if (group->type == FACT_LOOSE) {
            drop_strangers(&trial);
        }
        if (stands_for(&trial)) {
            tell_extra(&trial);
            tell_missing(&trial);
            return;
        }
    }
}

void audit_words(const struct audit *audit) {
    static const enum fact_type types[] = {FACT_CLOSED, FACT_OPEN, FACT_LOOSE};
    for (size_t i = 0; i < audit->tree->count; i++) {
        const struct source_file *file = &audit->tree->files[i];
        for (size_t k = 0; !file->is_test && k < sizeof types / sizeof types[0]; k++) {
            struct grouping grouping = {.facts = &file->facts, .type = types[k]};
            while (grouping_next(&grouping)) {
                judge(audit, file, &grouping);
            }
            audit->report->failed = audit->report->failed || grouping.failed;
            grouping_release(&grouping);
        }
    }
}
