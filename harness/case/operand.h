/* A number or an instant that a template names: literally, by a bound name, or by {"$at": s},
 * {"$instant": t}, {"$plus": {"of": ..., "seconds": ...}}. */
#ifndef HOLDPOINT_CASE_OPERAND_H
#define HOLDPOINT_CASE_OPERAND_H

#include "harness/base/place.h"
#include "harness/case/scope.h"
#include "reference/base/problem.h"
#include "reference/base/text.h"

#include <jansson.h>

/* What surrounds the templates of one step while they are compiled. */
struct surroundings {
    const char *const *names; /* bound before, and by rows */
    size_t name_count;
    bool fixed;
    bool wall_clock;
    bool uses_start; /* set when something compiled depends on the start */
};

enum operand_kind { OPERAND_LITERAL, OPERAND_BOUND, OPERAND_AT, OPERAND_INSTANT, OPERAND_PLUS };

/* Borrowed from the template it was compiled from. */
struct operand {
    enum operand_kind kind;
    const json_t *literal;      /* the value; of AT and PLUS the seconds, of INSTANT the text */
    struct reference reference; /* in place of literal: a bound name */
    struct reference of;        /* of PLUS */
};

/* Reads "$name" or "$name/pointer" and refuses, at the place, what is none or is not bound. */
enum hp_status reference_compile(const json_t *source, struct surroundings *surroundings,
                                 const struct place *place, struct reference *reference,
                                 struct hp_problem *problem);

/* Compiles a literal value, a bound name, or an object of one of the three forms. */
enum hp_status operand_compile(const json_t *source, struct surroundings *surroundings,
                               const struct place *place, struct operand *operand,
                               struct hp_problem *problem);

/* The number or text of a literal or bound operand; NULL when it leads nowhere, or for an instant. */
const json_t *operand_value(const struct operand *operand, const struct scope *scope);

/* The instant that it names. HP_INVALID, in words, when it is none or lies outside the years 0001..9999. */
enum hp_status operand_instant(const struct operand *operand, const struct scope *scope, int64_t *instant_us,
                               struct hp_problem *problem);

/* A count from 0 to the limit. HP_INVALID, in words, when it is none. */
enum hp_status operand_count(const struct operand *operand, const struct scope *scope, size_t limit,
                             size_t *count, struct hp_problem *problem);

/* Microseconds of a number of seconds, rounded to the nearest. False when it is no number or too great. */
bool seconds_to_us(const json_t *seconds, int64_t *microseconds);

/* Writes an instant's text moved on by cycles (0 or more) of 400 years, its other digits and its offset as
 * they were. False when the year would leave 9999, or memory ends. */
bool instant_move_text(const char *text, int64_t cycles, struct text *moved);

/* Adds cycles (0 or more) of 400 years. False when that passes the year 9999. */
bool instant_move(int64_t *instant_us, int64_t cycles);

#endif
