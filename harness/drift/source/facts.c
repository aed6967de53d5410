#include "harness/drift/source/facts.h"

#include "reference/base/text.h"

#include <stdlib.h>
#include <string.h>

static const char *const captures[] = {
#define X(name, capture) capture,
    FACT_TYPE_LIST(X)
#undef X
};

/* A search under way. */
struct reading {
    const char *text;
    struct facts *facts;
};

static bool find_type(const char *capture, enum fact_type *type) {
    for (size_t i = 0; i < FACT_TYPE_COUNT; i++) {
        if (strcmp(captures[i], capture) == 0) {
            *type = (enum fact_type)i;
            return true;
        }
    }
    return false;
}

/* The member of the fact that a capture fills in; NULL for one that only narrows the pattern down. */
static char **member_of(struct fact *fact, const char *capture) {
    return strcmp(capture, "of") == 0      ? &fact->of
           : strcmp(capture, "name") == 0  ? &fact->name
           : strcmp(capture, "value") == 0 ? &fact->value
                                           : NULL;
}

static void release_fact(struct fact *fact) {
    free(fact->of);
    free(fact->name);
    free(fact->value);
}

static bool fill(const struct reading *reading, const struct syntax_match *match, struct fact *fact) {
    bool named = false, typed = false, complete = true;
    for (size_t i = 0; i < match->count; i++) {
        const struct syntax_capture *capture = &match->captures[i];
        char **member = member_of(fact, capture->name);
        if (find_type(capture->name, &fact->type)) {
            typed = true;
            fact->from = capture->from;
            fact->to = capture->to;
            fact->line = capture->line;
        } else if (member && !*member) {
            *member = text_copy_bytes(reading->text + capture->from, capture->to - capture->from);
            complete = complete && *member;
            if (member == &fact->name) {
                named = true;
                fact->at = capture->from;
                fact->at_line = capture->line;
            }
        }
    }
    if (!named) {
        fact->at = fact->from;
        fact->at_line = fact->line;
    }
    reading->facts->failed = reading->facts->failed || !complete;
    return typed && complete;
}

static void take_if_missing(char **member, char **other) {
    if (!*member) {
        *member = *other;
        *other = NULL;
    }
}

/* True when what the one has is missing in the other, or the same. */
static bool agree(const char *one, const char *other) {
    return !one || !other || strcmp(one, other) == 0;
}

/* An optional part of a pattern makes two matches of one place, with it and without: the fuller one stays. */
static bool is_again(struct facts *facts, struct fact *fact) {
    enum { LOOK_BACK = 8 };
    size_t first = facts->count > LOOK_BACK ? facts->count - LOOK_BACK : 0;
    for (size_t i = facts->count; i-- > first;) {
        struct fact *other = &facts->items[i];
        if (other->type == fact->type && other->at == fact->at && other->from == fact->from &&
            agree(other->of, fact->of) && agree(other->value, fact->value)) {
            take_if_missing(&other->of, &fact->of);
            take_if_missing(&other->value, &fact->value);
            return true;
        }
    }
    return false;
}

static bool make_room(struct facts *facts) {
    if (facts->count < facts->room) {
        return true;
    }
    size_t room = facts->room ? facts->room * 2 : 64;
    struct fact *items = realloc(facts->items, room * sizeof *items);
    if (items) {
        facts->items = items;
        facts->room = room;
    }
    return items != NULL;
}

static void take(void *context, const struct syntax_match *match) {
    struct reading *reading = context;
    struct facts *facts = reading->facts;
    struct fact fact = {0};
    if (!facts->failed && fill(reading, match, &fact) && !is_again(facts, &fact)) {
        if (make_room(facts)) {
            facts->items[facts->count++] = fact;
            facts->of_type[fact.type]++;
            return;
        }
        facts->failed = true;
    }
    release_fact(&fact);
}

static int compare(const void *one, const void *other) {
    const struct fact *left = one, *right = other;
    return left->from != right->from ? (left->from < right->from ? -1 : 1)
           : left->at != right->at   ? (left->at < right->at ? -1 : 1)
                                     : (int)left->type - (int)right->type;
}

enum hp_status facts_read(const struct syntax_patterns *patterns, const char *text, size_t length_bytes,
                          struct facts *facts, struct hp_problem *problem) {
    struct reading reading = {text, facts};
    *facts = (struct facts){0};
    enum hp_status status = syntax_search(patterns, text, length_bytes, take, &reading, problem);
    if (facts->count > 0) {
        qsort(facts->items, facts->count, sizeof *facts->items, compare);
    }
    return status == HP_OK && facts->failed ? hp_problem_no_memory(problem) : status;
}

void facts_release(struct facts *facts) {
    for (size_t i = 0; i < facts->count; i++) {
        release_fact(&facts->items[i]);
    }
    free(facts->items);
    *facts = (struct facts){0};
}

const struct fact *facts_next(const struct facts *facts, enum fact_type type, size_t *index) {
    while (*index < facts->count && facts->items[*index].type != type) {
        ++*index;
    }
    return *index < facts->count ? &facts->items[*index] : NULL;
}

const struct fact *facts_around(const struct facts *facts, enum fact_type type, size_t at) {
    const struct fact *found = NULL;
    for (size_t i = 0; i < facts->count; i++) {
        const struct fact *fact = &facts->items[i];
        bool inside = fact->type == type && fact->from <= at && at < fact->to;
        if (inside && (!found || fact->to - fact->from < found->to - found->from)) {
            found = fact;
        }
    }
    return found;
}
