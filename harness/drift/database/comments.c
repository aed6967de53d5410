#include "harness/drift/database/comments.h"

#include "harness/drift/database/probe_words.h"

#include <ctype.h>
#include <string.h>

enum { LIST_MAX = 40 };

/* One list of words as it stands in a comment. */
struct word_list {
    char items[LIST_MAX][CANDIDATE_LENGTH_MAX + 1];
    size_t count;
    bool trails; /* the last one goes on as prose: "expired, then resolved" */
};

/* One comment under inspection. */
struct remark {
    struct inspection *inspection;
    const struct relation *relation;
    struct probe *probe; /* NULL: nothing may be probed */
    const char *column;  /* whose comment it is; NULL: the table's */
    struct text strange; /* words that the database refuses, for people */
};

static bool is_letter(char byte) {
    return isalnum((unsigned char)byte) || byte == '_' || byte == '-';
}

static bool is_joint(const char *word) {
    return strcmp(word, "and") == 0 || strcmp(word, "or") == 0;
}

static size_t read_word(const char *at, char word[CANDIDATE_LENGTH_MAX + 1]) {
    size_t length = 0;
    while (is_letter(at[length])) {
        length++;
    }
    size_t kept = length < CANDIDATE_LENGTH_MAX ? length : CANDIDATE_LENGTH_MAX;
    memcpy(word, at, kept);
    word[kept] = '\0';
    return length;
}

static void append(struct word_list *list, const char *word) {
    if (list->count < LIST_MAX) {
        memcpy(list->items[list->count++], word, CANDIDATE_LENGTH_MAX + 1);
    }
}

/* Between two words of one list stand a comma, a bar, "and" or "or", besides blanks and quotes; anything else ends it.
 * Returns where the next word begins, or NULL. */
static const char *skip_joint(const char *at) {
    bool joined = false;
    char word[CANDIDATE_LENGTH_MAX + 1];
    for (;;) {
        size_t length = is_letter(*at) ? read_word(at, word) : 0;
        if (length > 0 && !is_joint(word)) {
            return joined ? at : NULL;
        }
        if (length == 0 && (!*at || !strchr(" \t\n,|/'\"`", *at))) {
            return NULL;
        }
        joined = joined || length > 0 || strchr(",|/", *at);
        at += length > 0 ? length : 1;
    }
}

/* Reads the list that begins with the word at *at, and moves *at past it. */
static void read_list(const char **at, struct word_list *list) {
    char word[CANDIDATE_LENGTH_MAX + 1];
    list->count = 0;
    for (const char *next = *at; next; next = skip_joint(next)) {
        next += read_word(next, word);
        append(list, word);
        *at = next;
    }
    const char *after = *at + strspn(*at, " \t\n");
    list->trails = after > *at && is_letter(*after);
}

static size_t count_known(const struct word_list *list, const struct words *words) {
    size_t known = 0;
    for (size_t i = 0; i < list->count; i++) {
        known += words_hold(words, list->items[i]);
    }
    return known;
}

/* What a list in a comment on the table, or on the column itself, is a list of. */
static bool is_about(const struct remark *remark, const struct word_list *list, const char *column,
                     const struct words *words) {
    return (!remark->column || strcmp(remark->column, column) == 0) && count_known(list, words) > 1;
}

static void weigh_word(struct remark *remark, const char *column, const char *word) {
    if (!remark->probe) {
        drift_waived(remark->inspection->report, check_of(CHECK_COMMENT_VALUES),
                     "not probed: whether the table takes \"%s\", which a comment names", word);
        return;
    }
    struct probe_outcome outcome = probe_word(remark->probe, column, word);
    if (outcome.end == PROBE_REFUSED || outcome.end == PROBE_NO || strcmp(outcome.state, "22001") == 0) {
        text_addf(&remark->strange, "%s\"%s\"", remark->strange.length_bytes > 0 ? ", " : "", word);
    } else if (outcome.end == PROBE_FAILED) {
        inspection_unknown(remark->inspection, CHECK_COMMENT_VALUES, &outcome);
    }
}

static void weigh_list(struct remark *remark, const struct word_list *list) {
    const struct vocabulary *vocabulary = remark->inspection->vocabulary;
    const struct {
        const char *column;
        const struct words *words;
    } sets[] = {{"kind", &vocabulary->kinds}, {"status", &vocabulary->statuses}};
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
        if (!is_about(remark, list, sets[i].column, sets[i].words)) {
            continue;
        }
        for (size_t j = 0; j + list->trails < list->count; j++) {
            bool known = words_hold(sets[i].words, list->items[j]);
            if (!known && !relation_find(remark->relation, list->items[j])) {
                weigh_word(remark, sets[i].column, list->items[j]);
            }
        }
    }
}

/* An alias is no word of prose, so it needs no list around it. */
static void weigh_alias(struct remark *remark, const struct word_list *list) {
    const struct word_pairs *aliases = &remark->inspection->vocabulary->aliases;
    const struct words *kinds = &remark->inspection->vocabulary->kinds;
    bool kind = !remark->column || strcmp(remark->column, "kind") == 0;
    if (!kind || is_about(remark, list, "kind", kinds)) {
        return;
    }
    for (size_t i = 0; i < list->count; i++) {
        for (size_t j = 0; j < aliases->count; j++) {
            if (strcmp(aliases->items[j].name, list->items[i]) == 0) {
                weigh_word(remark, "kind", list->items[i]);
            }
        }
    }
}

static void add_comment(const struct remark *remark, struct text *sql) {
    text_addf(sql, "comment on %s %s", remark->column ? "column" : "table", remark->relation->sql);
    if (remark->column) {
        text_add_byte(sql, '.');
        catalog_add_name(sql, remark->column);
    }
    text_add(sql, " is '...';");
}

static void inspect_comment(struct remark *remark, const char *comment) {
    struct word_list list;
    for (const char *at = comment; at && *at;) {
        if (is_letter(*at)) {
            read_list(&at, &list);
            weigh_list(remark, &list);
            weigh_alias(remark, &list);
        } else {
            at++;
        }
    }
    if (remark->strange.length_bytes > 0) {
        struct text object = {0}, mend = {0}, what = {0};
        text_add(&object, "comment on ");
        if (remark->column) {
            relation_add_label(remark->relation, remark->column, &object);
        } else {
            text_add(&object, remark->relation->label);
        }
        add_comment(remark, &mend);
        text_addf(&what, "The comment names %s, which the database refuses.", remark->strange.bytes);
        inspection_find(remark->inspection, CHECK_COMMENT_VALUES, &object, &mend, &what);
    }
    remark->inspection->report->failed = remark->inspection->report->failed || remark->strange.failed;
    text_release(&remark->strange);
}

void comments_inspect(struct inspection *inspection, const struct relation *relation, struct probe *probe) {
    static const char *const columns[] = {"kind", "status"};
    struct remark table = {.inspection = inspection, .relation = relation, .probe = probe};
    inspect_comment(&table, relation->comment);
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        const struct relation_column *column = relation_find(relation, columns[i]);
        struct remark remark = {
            .inspection = inspection, .relation = relation, .probe = probe, .column = columns[i]};
        if (column && column->comment && relation_flaw(inspection, relation, columns[i]) == 0) {
            inspect_comment(&remark, column->comment);
        }
    }
    drift_examined(inspection->report, check_of(CHECK_COMMENT_VALUES));
}
