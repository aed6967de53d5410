#include "harness/base/suggest.h"

#include <string.h>

enum { WORD_MAX = 255, EDIT = 2, CASE_EDIT = 1 };

static char lower(char byte) {
    return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

static size_t replace_cost(char one, char other) {
    if (one == other) {
        return 0;
    }
    return lower(one) == lower(other) ? CASE_EDIT : EDIT;
}

static size_t least(size_t one, size_t other) {
    return one < other ? one : other;
}

static size_t word_length(const char *word) {
    return strnlen(word, WORD_MAX);
}

size_t suggest_distance(const char *one, const char *other) {
    size_t rows[3][WORD_MAX + 1];
    size_t width = word_length(other);
    size_t height = word_length(one);
    for (size_t j = 0; j <= width; j++) {
        rows[0][j] = j * EDIT;
    }
    for (size_t i = 1; i <= height; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i + 2) % 3];
        const size_t *before = rows[(i + 1) % 3];
        row[0] = i * EDIT;
        for (size_t j = 1; j <= width; j++) {
            row[j] = least(above[j - 1] + replace_cost(one[i - 1], other[j - 1]),
                           least(above[j], row[j - 1]) + EDIT);
            if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1]) {
                row[j] = least(row[j], before[j - 2] + EDIT);
            }
        }
    }
    return rows[height % 3][width];
}

/* The distance, or SIZE_MAX for what nobody can have meant. */
static size_t near_distance(const char *word, const char *known) {
    size_t distance = suggest_distance(word, known);
    size_t length = word_length(word) > word_length(known) ? word_length(word) : word_length(known);
    return distance <= EDIT * (1 + length / 3) && distance < EDIT * length ? distance : (size_t)-1;
}

const char *suggest_nearest(const char *word, const char *const *words, size_t count) {
    const char *nearest = NULL;
    size_t smallest = (size_t)-1;
    for (size_t i = 0; i < count; i++) {
        size_t distance = words[i] ? near_distance(word, words[i]) : (size_t)-1;
        if (distance < smallest) {
            smallest = distance;
            nearest = words[i];
        }
    }
    return nearest;
}

/* Rank for suggest_several: what contains the word goes first, by how little it adds. */
static size_t rank(const char *word, const char *known) {
    if (word[0] && strstr(known, word)) {
        return word_length(known) - word_length(word);
    }
    size_t distance = near_distance(word, known);
    return distance == (size_t)-1 ? distance : WORD_MAX + distance;
}

size_t suggest_several(const char *word, const char *const *words, size_t count, const char **nearest,
                       size_t room) {
    enum { ROOM_MAX = 16 };
    size_t ranks[ROOM_MAX];
    size_t found = 0;
    room = least(room, ROOM_MAX);
    for (size_t i = 0; i < count && room > 0; i++) {
        size_t mine = words[i] ? rank(word, words[i]) : (size_t)-1;
        if (mine == (size_t)-1 || (found == room && mine >= ranks[room - 1])) {
            continue;
        }
        size_t at = found < room ? found++ : room - 1;
        for (; at > 0 && ranks[at - 1] > mine; at--) {
            ranks[at] = ranks[at - 1];
            nearest[at] = nearest[at - 1];
        }
        ranks[at] = mine;
        nearest[at] = words[i];
    }
    return found;
}
