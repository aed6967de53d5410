#include "harness/drift/database/probe_words.h"

#include <string.h>

/* One closed set and what came of it. */
struct word_set {
    const char *column;
    const struct words *words;
    enum database_check missing, extra;
    struct text refused, accepted; /* lists for people */
    char why[PROBE_WORDS_SIZE];    /* of the first refusal */
    bool anything;                 /* nonsense goes in */
};

static struct probe_row row_of(const char *column, const char *word) {
    struct probe_row row = {0};
    if (strcmp(column, "kind") == 0) {
        row.kind = word;
    } else {
        row.status = word;
    }
    return row;
}

struct probe_outcome probe_word(struct probe *probe, const char *column, const char *word) {
    struct probe_row row = row_of(column, word);
    return probe_put(probe, &row, NULL, NULL);
}

/* What goes in, and stays what it is. */
static struct probe_outcome put_word(struct probe *probe, const char *column, const char *word,
                                     unsigned *variant) {
    struct probe_row row = row_of(column, word);
    struct text condition = {0};
    text_addf(&condition, "%s::text = ", column);
    catalog_add_literal(&condition, word);
    struct probe_outcome outcome = {.end = PROBE_FAILED};
    if (condition.failed) {
        probe->inspection->report->failed = true;
    } else {
        outcome = probe_put(probe, &row, condition.bytes, variant);
    }
    text_release(&condition);
    return outcome;
}

static void add_item(struct text *list, const char *word) {
    text_addf(list, "%s\"%s\"", list->length_bytes > 0 ? ", " : "", word);
}

/* A status that no row begins with may be one that a row becomes. */
static struct probe_outcome put_status(struct probe *probe, const char *word, unsigned *variant) {
    struct probe_outcome outcome = put_word(probe, "status", word, variant);
    if (outcome.end == PROBE_REFUSED && !probe->stepwise && strcmp(word, probe_pending(probe)) != 0) {
        probe->stepwise = true;
        struct probe_outcome stepped = put_word(probe, "status", word, variant);
        probe->stepwise = stepped.end == PROBE_YES;
        return probe->stepwise ? stepped : outcome;
    }
    return outcome;
}

static struct probe_outcome put(struct probe *probe, const struct word_set *set, size_t at) {
    const char *word = set->words->items[at];
    unsigned variant = probe->variant;
    if (set->missing == CHECK_KIND_MISSING) {
        struct probe_outcome outcome = put_word(probe, set->column, word, &variant);
        probe->picky = variant != probe->variant && !probe->picky ? word : probe->picky;
        return outcome;
    }
    struct probe_outcome outcome = put_status(probe, word, &variant);
    if (outcome.end == PROBE_YES && at < PROBE_STATUSES_MAX) {
        probe->reach[at] = (int)variant;
    }
    return outcome;
}

/* False when something could not be decided. */
static bool try_vocabulary(struct probe *probe, struct word_set *set) {
    bool decided = true;
    for (size_t i = 0; decided && i < set->words->count; i++) {
        struct probe_outcome outcome = put(probe, set, i);
        if (outcome.end == PROBE_FAILED) {
            inspection_unknown(probe->inspection, set->missing, &outcome);
            decided = false;
        } else if (outcome.end != PROBE_YES) {
            add_item(&set->refused, set->words->items[i]);
            if (!set->why[0]) {
                text_put(set->why, sizeof set->why, outcome.words);
            }
        }
    }
    return decided;
}

static const char *alias_of(const struct probe *probe, const char *word) {
    const struct word_pairs *aliases = &probe->inspection->vocabulary->aliases;
    for (size_t i = 0; i < aliases->count; i++) {
        if (strcmp(aliases->items[i].name, word) == 0) {
            return aliases->items[i].value;
        }
    }
    return NULL;
}

static void accept_word(const struct probe *probe, struct word_set *set, const char *word) {
    const char *alias = set->missing == CHECK_KIND_MISSING ? alias_of(probe, word) : NULL;
    add_item(&set->accepted, word);
    if (alias) {
        text_addf(&set->accepted, " (an alias of %s)", alias);
    }
}

/* What is too long for the column is refused as well as anything. */
static bool is_open(const struct probe_outcome *outcome) {
    return outcome->end == PROBE_FAILED && strcmp(outcome->state, "22001") != 0;
}

static void try_strangers(struct probe *probe, struct word_set *set) {
    struct probe_outcome nonsense = probe_word(probe, set->column, candidates_nonsense);
    set->anything = nonsense.end == PROBE_YES;
    if (set->anything) {
        return;
    }
    if (is_open(&nonsense)) {
        inspection_unknown(probe->inspection, set->extra, &nonsense);
        return;
    }
    bool decided = true;
    for (size_t i = 0; decided && i < probe->candidates->count; i++) {
        const char *word = probe->candidates->items[i];
        if (words_hold(set->words, word)) {
            continue;
        }
        struct probe_outcome outcome = probe_word(probe, set->column, word);
        decided = !is_open(&outcome);
        if (outcome.end == PROBE_YES) {
            accept_word(probe, set, word);
        } else if (!decided) {
            inspection_unknown(probe->inspection, set->extra, &outcome);
        }
    }
}

static void add_accepted(const struct word_set *set, struct text *what) {
    if (set->anything) {
        text_addf(what, "accepts any text as a %s", set->column);
    } else {
        text_addf(what, "accepts %s, which %s no %s", set->accepted.bytes,
                  strstr(set->accepted.bytes, "\", ") || strstr(set->accepted.bytes, "), ") ? "are" : "is",
                  set->column);
    }
}

static void find_missing(struct probe *probe, struct word_set *set) {
    bool more = set->anything || set->accepted.length_bytes > 0;
    struct text object = {0}, mend = {0}, what = {0};
    relation_add_label(probe->relation, set->column, &object);
    text_addf(&what, "The table refuses %s as a %s", set->refused.bytes, set->column);
    if (set->why[0]) {
        text_addf(&what, " (%s)", set->why);
    }
    if (more) {
        text_add(&what, ", and ");
        add_accepted(set, &what);
    }
    text_add(&what, ".");
    size_t finding = inspection_find(probe->inspection, set->missing, &object, &mend, &what);
    if (more) {
        inspection_spare(probe->inspection, set->extra, finding);
    }
}

static void find_extra(struct probe *probe, struct word_set *set) {
    if (inspection_excused(probe->inspection, set->extra)) {
        return;
    }
    struct text object = {0}, mend = {0}, what = {0};
    relation_add_label(probe->relation, set->column, &object);
    text_add(&what, "The table ");
    add_accepted(set, &what);
    text_add(&what, ".");
    inspection_find(probe->inspection, set->extra, &object, &mend, &what);
}

static void conclude(struct probe *probe, struct word_set *set) {
    if (set->refused.failed || set->accepted.failed) {
        probe->inspection->report->failed = true;
    } else if (set->refused.length_bytes > 0) {
        find_missing(probe, set);
    } else if (set->anything || set->accepted.length_bytes > 0) {
        find_extra(probe, set);
    }
    drift_examined(probe->inspection->report, check_of(set->missing));
    drift_examined(probe->inspection->report, check_of(set->extra));
}

static void inspect_set(struct probe *probe, struct word_set *set) {
    struct inspection *inspection = probe->inspection;
    bool spared = relation_spares(inspection, probe->relation, set->missing, &set->column, 1);
    if (spared) {
        relation_spares(inspection, probe->relation, set->extra, &set->column, 1);
        return;
    }
    if (try_vocabulary(probe, set)) {
        try_strangers(probe, set);
        conclude(probe, set);
    } else {
        drift_undecided(inspection->report, check_of(set->extra), "%s could not be decided",
                        check_of(set->missing)->id);
    }
    text_release(&set->refused);
    text_release(&set->accepted);
}

void probe_words(struct probe *probe) {
    const struct vocabulary *vocabulary = probe->inspection->vocabulary;
    struct word_set kinds = {.column = "kind",
                             .words = &vocabulary->kinds,
                             .missing = CHECK_KIND_MISSING,
                             .extra = CHECK_KIND_EXTRA};
    struct word_set statuses = {.column = "status",
                                .words = &vocabulary->statuses,
                                .missing = CHECK_STATUS_MISSING,
                                .extra = CHECK_STATUS_EXTRA};
    inspect_set(probe, &kinds);
    inspect_set(probe, &statuses);
}
