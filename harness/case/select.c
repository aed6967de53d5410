#include "harness/case/select.h"

#include "harness/base/suggest.h"
#include "reference/base/text.h"

#include <stdlib.h>
#include <string.h>

enum { NEAREST_SHOWN = 3 };

/* Matches * (any text) and ? (one byte), going back only to the last *. */
static bool glob_matches(const char *pattern, const char *text) {
    const char *star = NULL;
    const char *star_text = NULL;
    while (*text) {
        if (*pattern == '*') {
            star = pattern++;
            star_text = text;
        } else if (*pattern == '?' || *pattern == *text) {
            pattern++;
            text++;
        } else if (star) {
            pattern = star + 1;
            text = ++star_text;
        } else {
            return false;
        }
    }
    while (*pattern == '*') {
        pattern++;
    }
    return *pattern == '\0';
}

static bool is_glob(const char *pattern) {
    return strpbrk(pattern, "*?") != NULL;
}

bool select_id_matches(const char *id, const char *pattern) {
    size_t length = strlen(pattern);
    if (is_glob(pattern)) {
        return glob_matches(pattern, id);
    }
    if (length > 0 && pattern[length - 1] == '.') {
        length--;
    }
    return length > 0 && strncmp(id, pattern, length) == 0 && (id[length] == '\0' || id[length] == '.');
}

static bool proves(const struct test_case *test_case, const char *pattern) {
    for (size_t i = 0; i < test_case->step_count; i++) {
        const struct step *step = &test_case->steps[i];
        for (size_t j = 0; j < step->requirement_count; j++) {
            if (glob_matches(pattern, step->requirements[j]->id)) {
                return true;
            }
        }
    }
    return false;
}

bool select_matches(const struct test_case *test_case, const char *pattern) {
    return strncmp(pattern, "REQ-", 4) == 0 ? proves(test_case, pattern)
                                            : select_id_matches(test_case->id, pattern);
}

static bool is_selected(const struct test_case *test_case, const struct selection *selection) {
    bool named = false;
    bool any_named = false;
    if (selection->level && strcmp(selection->level, test_case->level) != 0) {
        return false;
    }
    for (size_t i = 0; i < selection->pattern_count; i++) {
        const char *pattern = selection->patterns[i];
        if (pattern[0] == '!') {
            if (select_matches(test_case, pattern + 1)) {
                return false;
            }
        } else {
            any_named = true;
            named = named || select_matches(test_case, pattern);
        }
    }
    return named || !any_named;
}

void select_add_chapters(struct text *text, const struct suite *suite) {
    for (size_t at = 0, count; at < suite->case_count; at += count) {
        const char *chapter = suite->cases[at].chapter;
        for (count = 1;
             at + count < suite->case_count && strcmp(suite->cases[at + count].chapter, chapter) == 0;
             count++) {
        }
        text_addf(text, "%s%s (%zu)", at > 0 ? ", " : "", chapter, count);
    }
}

/* Adds the words nearest to the pattern, or the chapters when none is near. */
static void add_nearest(struct text *text, const struct suite *suite, const char *word,
                        const char *const *words, size_t count) {
    const char *nearest[NEAREST_SHOWN];
    size_t found = suggest_several(word, words, count, nearest, NEAREST_SHOWN);
    for (size_t i = 0; i < found; i++) {
        text_addf(text, "%s%s", i ? ", " : "; the nearest are ", nearest[i]);
    }
    if (found == 0) {
        text_add(text, "; the chapters are ");
        select_add_chapters(text, suite);
    }
}

/* The words that a pattern could have meant: requirements, or ids of cases. */
static const char **known_words(const struct suite *suite, bool requirements, size_t *count) {
    *count = requirements ? suite->requirement_count : suite->case_count;
    const char **words = calloc(*count + 1, sizeof *words);
    for (size_t i = 0; words && i < *count; i++) {
        words[i] = requirements ? suite->requirements[i].id : suite->cases[i].id;
    }
    return words;
}

static enum hp_status refuse_pattern(const struct suite *suite, const char *given,
                                     struct hp_problem *problem) {
    const char *pattern = given + (given[0] == '!');
    struct text text = {0};
    char word[256];
    size_t count = 0;
    bool requirement = strncmp(pattern, "REQ-", 4) == 0;
    const char **words = known_words(suite, requirement, &count);
    if (!words) {
        return hp_problem_no_memory(problem);
    }
    text_put(word, sizeof word, pattern);
    word[strcspn(word, "*?")] = '\0';
    text_addf(&text, "no case matches the filter \"%s\"", given);
    if (requirement && suite_requirement(suite, pattern)) {
        text_add(&text, ": the requirement is known, but no case proves it");
    } else {
        add_nearest(&text, suite, word, words, count);
    }
    free(words);
    enum hp_status status = text.failed ? hp_problem_no_memory(problem)
                                        : hp_problem_set(problem, HP_INVALID, NULL, "%s", text.bytes);
    text_release(&text);
    return status;
}

static bool matches_any(const struct suite *suite, const char *pattern) {
    for (size_t i = 0; i < suite->case_count; i++) {
        if (select_matches(&suite->cases[i], pattern)) {
            return true;
        }
    }
    return false;
}

/* A pattern that takes nothing is a slip of the pen, also beside others that take something. */
static enum hp_status check_patterns(const struct suite *suite, const struct selection *selection,
                                     struct hp_problem *problem) {
    for (size_t i = 0; i < selection->pattern_count; i++) {
        const char *pattern = selection->patterns[i];
        if (!matches_any(suite, pattern + (pattern[0] == '!'))) {
            return refuse_pattern(suite, pattern, problem);
        }
    }
    const char *level = selection->level;
    if (level && strcmp(level, "MUST") != 0 && strcmp(level, "SHOULD") != 0) {
        return hp_problem_set(problem, HP_INVALID, NULL, "no level \"%s\": it is MUST or SHOULD", level);
    }
    return HP_OK;
}

enum hp_status select_cases(const struct suite *suite, const struct selection *selection,
                            const struct test_case ***cases, size_t *case_count, struct hp_problem *problem) {
    *cases = NULL;
    *case_count = 0;
    enum hp_status status = check_patterns(suite, selection, problem);
    if (status != HP_OK) {
        return status;
    }
    const struct test_case **selected = calloc(suite->case_count + 1, sizeof *selected);
    if (!selected) {
        return hp_problem_no_memory(problem);
    }
    for (size_t i = 0; i < suite->case_count; i++) {
        if (is_selected(&suite->cases[i], selection)) {
            selected[(*case_count)++] = &suite->cases[i];
        }
    }
    if (*case_count == 0) {
        free(selected);
        return hp_problem_set(
            problem, HP_INVALID, NULL,
            "nothing is left to run: the filters exclude every case, or none has the level %s",
            selection->level ? selection->level : "asked for");
    }
    *cases = selected;
    return HP_OK;
}
