#include "harness/lab/course.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

bool course_add(struct course *course, const struct move *move) {
    if (course->count == course->room) {
        size_t room = course->room ? course->room * 2 : 32;
        struct move *moves = realloc(course->moves, room * sizeof *moves);
        if (!moves) {
            return false;
        }
        course->moves = moves;
        course->room = room;
    }
    course->moves[course->count++] = *move;
    return true;
}

void course_clear(struct course *course) {
    course->count = 0;
    course->preemptions = 0;
}

void course_release(struct course *course) {
    free(course->moves);
    *course = (struct course){0};
}

static bool same_act(const struct move *one, const struct move *other) {
    return one->actor == other->actor && one->act == other->act;
}

static bool same_place(const struct move *one, const struct move *other) {
    return one->end == MOVE_POINT && other->end == MOVE_POINT && strcmp(one->point, other->point) == 0;
}

/* The next move to which somebody was given the turn; the count when there is none. */
static size_t next_turn(const struct course *course, size_t at) {
    while (at < course->count && course->moves[at].comes_on) {
        at++;
    }
    return at;
}

/* True when two turns, one right after the other, are one word of the order: the first goes on to where the second ends.
 * Not so when that is a point of the same name, at which the word would stop too early. */
static bool joins(const struct move *first, const struct move *second) {
    return same_act(first, second) && first->end == MOVE_POINT && !same_place(first, second);
}

static bool add_step(struct text *text, const struct move *move, const struct labels *labels) {
    text_addf(text, "%s.%s", labels->actors[move->actor], labels->acts[move->actor][move->act]);
    return move->end != MOVE_POINT || text_addf(text, ":%s", move->point);
}

/* Where a step that was held up has come on to; the move itself when it never has. */
static const struct move *came_to(const struct course *course, size_t at) {
    const struct move *move = &course->moves[at];
    for (size_t i = at + 1; move->end == MOVE_WAITS && i < course->count; i++) {
        if (course->moves[i].comes_on && same_act(move, &course->moves[i])) {
            return &course->moves[i];
        }
    }
    return move;
}

bool course_add_order(struct text *text, const struct course *course, const struct labels *labels) {
    size_t next;
    const char *space = "";
    for (size_t at = next_turn(course, 0); at < course->count; at = next) {
        next = next_turn(course, at + 1);
        if (next < course->count && joins(&course->moves[at], &course->moves[next])) {
            continue;
        }
        text_add(text, space);
        add_step(text, came_to(course, at), labels);
        space = " ";
    }
    return !text->failed;
}

/* Whose number in the recording that is. */
static const char *client_label(const struct performance *performance, const struct labels *labels,
                                unsigned long by) {
    const struct script *script = performance->stage.script;
    for (size_t i = 0; i < script->client_count; i++) {
        for (size_t j = 0; j < script->clients[i].act_count; j++) {
            const struct outcome *outcome = &performance->outcomes[i][j];
            if (outcome->end != ACT_SKIPPED && outcome->by == by) {
                return labels->actors[i];
            }
        }
    }
    return NULL;
}

/* Adds the words of an outcome, "#0 resolved by 3", with the names of clients in place of their numbers. */
static void add_words(struct text *text, const char *words, const struct labels *labels,
                      const struct performance *performance) {
    static const char by[] = " by ";
    for (const char *found; (found = strstr(words, by)); words = found) {
        char *end = NULL;
        found += strlen(by);
        unsigned long number = strtoul(found, &end, 10);
        const char *label = end > found ? client_label(performance, labels, number) : NULL;
        text_append(text, words, (size_t)(found - words));
        if (label) {
            text_add(text, label);
            found = end;
        }
    }
    text_add(text, words);
}

static void add_outcome(struct text *text, const struct move *move, const struct labels *labels,
                        const struct performance *performance) {
    const struct script *script = performance->stage.script;
    struct text words = {0};
    text_add(text, ": ");
    if (move->actor >= script->client_count) {
        text_add(text, "ok");
    } else if (outcome_add_word(&words, &performance->stage, &script->clients[move->actor].acts[move->act],
                                &performance->outcomes[move->actor][move->act])) {
        add_words(text, words.bytes, labels, performance);
    } else {
        text->failed = true;
    }
    text_release(&words);
}

static json_t *make_line(const struct move *move, bool comes_on, const struct labels *labels,
                         const struct performance *performance) {
    struct text line = {0};
    add_step(&line, move, labels);
    if (move->end == MOVE_WAITS) {
        text_add(&line, " <waiting>");
    } else if (comes_on) {
        text_add(&line, " <goes on>");
    }
    if (move->end == MOVE_DONE) {
        add_outcome(&line, move, labels, performance);
    }
    json_t *made = line.failed ? NULL : json_string(line.bytes);
    text_release(&line);
    return made;
}

json_t *course_lines(const struct course *course, const struct labels *labels,
                     const struct performance *performance) {
    json_t *lines = json_array();
    bool comes_on = false;
    for (size_t i = 0; lines && i < course->count; i++) {
        const struct move *move = &course->moves[i];
        bool last = i + 1 == course->count || !joins(move, &course->moves[i + 1]);
        comes_on = comes_on || move->comes_on;
        if (!last) {
            continue;
        }
        if (json_array_append_new(lines, make_line(move, comes_on, labels, performance)) != 0) {
            json_decref(lines);
            return NULL;
        }
        comes_on = false;
    }
    return lines;
}
