/* Texts that a history repeats, each kept once and known by a number from 0 on. */
#ifndef HOLDPOINT_LAB_NAMES_H
#define HOLDPOINT_LAB_NAMES_H

#include "reference/base/problem.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NAMES_MAX = 1 << 26, NAME_LENGTH_MAX_BYTES = 255 };

/* No name. */
#define NAME_NONE UINT32_MAX

/* How JSON writes a name where it stands alone. Inside another text ("resolved:3") it has no form. */
enum name_form { NAME_UNSEEN, NAME_NUMBER, NAME_TEXT };

/* A set of names. Zeroed it is empty and owns nothing. One thread at a time while names are added; afterwards any
 * number of threads may read. */
struct names {
    char *bytes; /* each name with its NUL */
    size_t length_bytes;
    size_t room_bytes;
    struct name *entries;
    uint32_t count;
    uint32_t room;
    uint32_t *slots; /* open addressing: number + 1, 0 for free */
    uint32_t slot_count;
};

/* One name; the set's own. */
struct name {
    size_t at; /* in bytes */
    uint64_t hash;
    enum name_form form;
};

/* Finds the name, or adds it; *number is its number. HP_INVALID beyond NAMES_MAX, HP_INTERNAL without memory. */
enum hp_status names_add(struct names *names, const char *name, uint32_t *number, struct hp_problem *problem);

/* Notes how the name is written. False when it has another form already: 3 and "3" would be one name. */
bool names_set_form(struct names *names, uint32_t number, enum name_form form);

/* The text of a name; "" for NAME_NONE. Good until the next names_add. */
const char *names_text(const struct names *names, uint32_t number);

/* How the name is written alone. */
enum name_form names_form(const struct names *names, uint32_t number);

/* Less than, equal to or greater than 0: numbers by their value and before texts, texts by their bytes, NAME_NONE
 * first. */
int names_compare(const struct names *names, uint32_t one, uint32_t other);

void names_release(struct names *names);

#endif
