#include "harness/lab/names.h"

#include "reference/base/text.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 64, FIRST_BYTES = 1024 };

static uint32_t *slot_of(const struct names *names, const char *name, uint64_t hash) {
    uint32_t mask = names->slot_count - 1;
    for (uint32_t at = (uint32_t)hash & mask;; at = (at + 1) & mask) {
        uint32_t number = names->slots[at];
        if (number == 0) {
            return &names->slots[at];
        }
        const struct name *entry = &names->entries[number - 1];
        if (entry->hash == hash && strcmp(names->bytes + entry->at, name) == 0) {
            return &names->slots[at];
        }
    }
}

/* At most half of the slots are taken, so that a search ends soon. */
static bool grow_slots(struct names *names) {
    if (names->slots && names->count < names->slot_count / 2) {
        return true;
    }
    uint32_t count = names->slot_count ? names->slot_count * 2 : 2 * FIRST_ROOM;
    uint32_t *slots = calloc(count, sizeof *slots);
    if (!slots) {
        return false;
    }
    free(names->slots);
    names->slots = slots;
    names->slot_count = count;
    for (uint32_t i = 0; i < names->count; i++) {
        uint32_t at = (uint32_t)names->entries[i].hash & (count - 1);
        while (slots[at] != 0) {
            at = (at + 1) & (count - 1);
        }
        slots[at] = i + 1;
    }
    return true;
}

static bool grow_entries(struct names *names) {
    if (names->count < names->room) {
        return true;
    }
    uint32_t room = names->room ? names->room * 2 : FIRST_ROOM;
    struct name *entries = realloc(names->entries, room * sizeof *entries);
    if (!entries) {
        return false;
    }
    names->entries = entries;
    names->room = room;
    return true;
}

static bool grow_bytes(struct names *names, size_t more_bytes) {
    if (names->room_bytes - names->length_bytes >= more_bytes) {
        return true;
    }
    size_t room = names->room_bytes ? names->room_bytes * 2 : FIRST_BYTES;
    while (room - names->length_bytes < more_bytes) {
        room *= 2;
    }
    char *bytes = realloc(names->bytes, room);
    if (!bytes) {
        return false;
    }
    names->bytes = bytes;
    names->room_bytes = room;
    return true;
}

enum hp_status names_add(struct names *names, const char *name, uint32_t *number,
                         struct hp_problem *problem) {
    size_t size = strlen(name) + 1;
    uint64_t hash = text_hash(TEXT_HASH_START, name, size - 1);
    if (!grow_slots(names)) {
        return hp_problem_no_memory(problem);
    }
    uint32_t *slot = slot_of(names, name, hash);
    if (*slot != 0) {
        *number = *slot - 1;
        return HP_OK;
    }
    if (names->count >= NAMES_MAX) {
        return hp_problem_set(problem, HP_INVALID, NULL, "more than %d different names", NAMES_MAX);
    }
    if (!grow_entries(names) || !grow_bytes(names, size)) {
        return hp_problem_no_memory(problem);
    }
    memcpy(names->bytes + names->length_bytes, name, size);
    names->entries[names->count] = (struct name){.at = names->length_bytes, .hash = hash};
    names->length_bytes += size;
    *number = names->count++;
    *slot = names->count;
    return HP_OK;
}

bool names_set_form(struct names *names, uint32_t number, enum name_form form) {
    struct name *entry = &names->entries[number];
    if (entry->form == NAME_UNSEEN) {
        entry->form = form;
    }
    return entry->form == form;
}

const char *names_text(const struct names *names, uint32_t number) {
    return number == NAME_NONE ? "" : names->bytes + names->entries[number].at;
}

enum name_form names_form(const struct names *names, uint32_t number) {
    return number == NAME_NONE ? NAME_UNSEEN : names->entries[number].form;
}

int names_compare(const struct names *names, uint32_t one, uint32_t other) {
    if (one == other) {
        return 0;
    }
    if (one == NAME_NONE || other == NAME_NONE) {
        return one == NAME_NONE ? -1 : 1;
    }
    const char *left = names_text(names, one);
    const char *right = names_text(names, other);
    bool left_number = names_form(names, one) == NAME_NUMBER;
    bool right_number = names_form(names, other) == NAME_NUMBER;
    if (left_number != right_number) {
        return left_number ? -1 : 1;
    }
    if (!left_number) {
        return strcmp(left, right);
    }
    long long left_value = strtoll(left, NULL, 10);
    long long right_value = strtoll(right, NULL, 10);
    return (left_value > right_value) - (left_value < right_value);
}

void names_release(struct names *names) {
    free(names->bytes);
    free(names->entries);
    free(names->slots);
    *names = (struct names){0};
}
