#include "harness/lab/choices.h"

#include <stdio.h>
#include <stdlib.h>

bool choices_add(struct choices *choices, unsigned client) {
    if (choices->count == CHOICES_MAX) {
        return false;
    }
    if (choices->count == choices->room) {
        size_t room = choices->room ? choices->room * 2 : 64;
        uint16_t *turns = realloc(choices->turns, room * sizeof *turns);
        if (!turns) {
            return false;
        }
        choices->turns = turns;
        choices->room = room;
    }
    choices->turns[choices->count++] = (uint16_t)client;
    return true;
}

json_t *choices_encode(const struct choices *choices) {
    json_t *list = json_array();
    for (size_t i = 0; list && i < choices->count; i++) {
        if (json_array_append_new(list, json_integer(choices->turns[i])) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

enum hp_status choices_decode(const json_t *value, struct choices *choices, struct hp_problem *problem) {
    if (!json_is_array(value) || json_array_size(value) > CHOICES_MAX) {
        return hp_problem_set(problem, HP_INVALID, "", "expected a list of at most %d turns", CHOICES_MAX);
    }
    for (size_t i = 0; i < json_array_size(value); i++) {
        const json_t *turn = json_array_get(value, i);
        char pointer[32];
        if (!json_is_integer(turn) || json_integer_value(turn) < 0 || json_integer_value(turn) > UINT16_MAX) {
            snprintf(pointer, sizeof pointer, "/%zu", i);
            return hp_problem_set(problem, HP_INVALID, pointer, "at %s: expected the number of a client",
                                  pointer);
        }
        if (!choices_add(choices, (unsigned)json_integer_value(turn))) {
            return hp_problem_no_memory(problem);
        }
    }
    return HP_OK;
}

void choices_release(struct choices *choices) {
    free(choices->turns);
    *choices = (struct choices){0};
}
