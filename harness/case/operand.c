#include "harness/case/operand.h"

#include "harness/base/suggest.h"
#include "harness/base/value.h"
#include "reference/base/instant.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The Gregorian calendar repeats, weekdays too, after 400 years of 146097 days. */
static const int64_t cycle_us = INT64_C(146097) * 86400 * HP_SECOND_US;

static bool is_bound(const struct surroundings *surroundings, const struct reference *reference) {
    for (size_t i = 0; i < surroundings->name_count; i++) {
        const char *name = surroundings->names[i];
        if (strncmp(name, reference->name, reference->name_length) == 0 &&
            name[reference->name_length] == '\0') {
            return true;
        }
    }
    return false;
}

enum hp_status reference_compile(const json_t *source, struct surroundings *surroundings,
                                 const struct place *place, struct reference *reference,
                                 struct hp_problem *problem) {
    const char *text = json_string_value(source);
    if (!text || !reference_read(text, json_string_length(source), reference)) {
        return place_refuse(place, problem, "expected a bound name, \"$name\" or \"$name/pointer\"%s",
                            text ? "; text that begins with $ is written $$" : "");
    }
    if (is_bound(surroundings, reference)) {
        return HP_OK;
    }
    char name[64];
    text_put(name, sizeof name, reference->name);
    name[reference->name_length < sizeof name - 1 ? reference->name_length : sizeof name - 1] = '\0';
    const char *nearest = suggest_nearest(name, surroundings->names, surroundings->name_count);
    return place_refuse(place, problem, "$%s is bound by no earlier step and no row%s%s%s", name,
                        nearest ? "; did you mean $" : "", nearest ? nearest : "", nearest ? "?" : "");
}

/* Compiles seconds: a number or a bound name. */
static enum hp_status compile_seconds(const json_t *source, struct surroundings *surroundings,
                                      const struct place *place, struct operand *operand,
                                      struct hp_problem *problem) {
    operand->literal = source;
    if (json_is_string(source)) {
        operand->literal = NULL;
        return reference_compile(source, surroundings, place, &operand->reference, problem);
    }
    int64_t ignored;
    return seconds_to_us(source, &ignored)
               ? HP_OK
               : place_refuse(place, problem, "expected seconds: a number or a bound name");
}

static enum hp_status compile_at(const json_t *source, struct surroundings *surroundings,
                                 const struct place *place, struct operand *operand,
                                 struct hp_problem *problem) {
    operand->kind = OPERAND_AT;
    surroundings->uses_start = true;
    if (surroundings->wall_clock) {
        return place_refuse(place, problem,
                            "a wall_clock case does not know its start: use $plus or $between");
    }
    return compile_seconds(source, surroundings, place, operand, problem);
}

static enum hp_status compile_instant(const json_t *source, struct surroundings *surroundings,
                                      const struct place *place, struct operand *operand,
                                      struct hp_problem *problem) {
    operand->kind = OPERAND_INSTANT;
    operand->literal = source;
    surroundings->uses_start = true;
    if (!surroundings->fixed) {
        return place_refuse(place, problem, "$instant is for cases with \"fixed\": true; use $at");
    }
    int64_t ignored;
    if (!json_is_string(source) ||
        !hp_instant_parse(json_string_value(source), json_string_length(source), &ignored)) {
        return place_refuse(place, problem, "expected an RFC 3339 time with an offset");
    }
    return HP_OK;
}

static enum hp_status compile_plus(const json_t *source, struct surroundings *surroundings,
                                   const struct place *place, struct operand *operand,
                                   struct hp_problem *problem) {
    const struct place of = {place, "of", 0};
    const struct place seconds = {place, "seconds", 0};
    operand->kind = OPERAND_PLUS;
    if (!json_object_get(source, "of") || !json_object_get(source, "seconds") ||
        json_object_size(source) != 2) {
        return place_refuse(place, problem, "expected {\"of\": \"$name\", \"seconds\": number}");
    }
    enum hp_status status =
        reference_compile(json_object_get(source, "of"), surroundings, &of, &operand->of, problem);
    return status == HP_OK
               ? compile_seconds(json_object_get(source, "seconds"), surroundings, &seconds, operand, problem)
               : status;
}

enum hp_status operand_compile(const json_t *source, struct surroundings *surroundings,
                               const struct place *place, struct operand *operand,
                               struct hp_problem *problem) {
    typedef enum hp_status compile(const json_t *, struct surroundings *, const struct place *,
                                   struct operand *, struct hp_problem *);
    static const struct {
        const char *key;
        compile *compile;
    } forms[] = {{"$at", compile_at}, {"$instant", compile_instant}, {"$plus", compile_plus}};
    memset(operand, 0, sizeof *operand);
    for (size_t i = 0; json_object_size(source) == 1 && i < sizeof forms / sizeof forms[0]; i++) {
        const json_t *inner = json_object_get(source, forms[i].key);
        const struct place below = {place, forms[i].key, 0};
        if (inner) {
            return forms[i].compile(inner, surroundings, &below, operand, problem);
        }
    }
    if (json_is_number(source)) {
        operand->literal = source;
        return HP_OK;
    }
    operand->kind = OPERAND_BOUND;
    return reference_compile(source, surroundings, place, &operand->reference, problem);
}

const json_t *operand_value(const struct operand *operand, const struct scope *scope) {
    return operand->literal ? operand->literal : scope_resolve(scope, &operand->reference);
}

bool seconds_to_us(const json_t *seconds, int64_t *microseconds) {
    const double limit_seconds = 1e12; /* three times what lies between the years 0001 and 9999 */
    if (!json_is_number(seconds) || json_number_value(seconds) > limit_seconds ||
        json_number_value(seconds) < -limit_seconds) {
        return false;
    }
    if (json_is_integer(seconds)) {
        *microseconds = json_integer_value(seconds) * HP_SECOND_US;
        return true;
    }
    *microseconds = llround(json_real_value(seconds) * 1e6);
    return true;
}

bool instant_move(int64_t *instant_us, int64_t cycles) {
    if (cycles > (HP_INSTANT_MAX - *instant_us) / cycle_us) {
        return false;
    }
    *instant_us += cycles * cycle_us;
    return true;
}

bool instant_move_text(const char *text, int64_t cycles, struct text *moved) {
    int64_t year = 0;
    for (size_t i = 0; i < 4; i++) {
        year = year * 10 + (text[i] - '0');
    }
    year += cycles * 400;
    return year <= 9999 && text_addf(moved, "%04d%s", (int)year, text + 4);
}

static enum hp_status add_seconds(int64_t base_us, const json_t *seconds, int64_t *instant_us,
                                  struct hp_problem *problem) {
    int64_t distance_us;
    if (!seconds_to_us(seconds, &distance_us)) {
        return hp_problem_set(problem, HP_INVALID, NULL, "the seconds to add are %s, no number in range",
                              value_type_name(seconds));
    }
    *instant_us = base_us + distance_us;
    if (*instant_us < HP_INSTANT_MIN || *instant_us > HP_INSTANT_MAX) {
        return hp_problem_set(problem, HP_INVALID, NULL, "an instant outside the years 0001 to 9999");
    }
    return HP_OK;
}

static bool parse_instant(const json_t *text, int64_t *instant_us) {
    return json_is_string(text) &&
           hp_instant_parse(json_string_value(text), json_string_length(text), instant_us);
}

static enum hp_status refuse_base(const json_t *value, struct hp_problem *problem) {
    char *shown = value_show(value, 60);
    enum hp_status status =
        shown ? hp_problem_set(problem, HP_INVALID, NULL, "expected a bound instant, got %s", shown)
              : hp_problem_no_memory(problem);
    free(shown);
    return status;
}

enum hp_status operand_instant(const struct operand *operand, const struct scope *scope, int64_t *instant_us,
                               struct hp_problem *problem) {
    const json_t *value = operand_value(operand, scope);
    const json_t *base = operand->kind == OPERAND_PLUS ? scope_resolve(scope, &operand->of) : value;
    if (operand->kind == OPERAND_AT) {
        return add_seconds(scope->start_us, value, instant_us, problem);
    }
    int64_t base_us;
    if (!parse_instant(base, &base_us)) {
        return refuse_base(base, problem);
    }
    if (operand->kind == OPERAND_PLUS) {
        return add_seconds(base_us, value, instant_us, problem);
    }
    if (operand->kind == OPERAND_INSTANT && !instant_move(&base_us, scope->cycles)) {
        return hp_problem_set(problem, HP_INVALID, NULL,
                              "no later cycle of 400 years ends before the year 10000");
    }
    *instant_us = base_us;
    return HP_OK;
}

enum hp_status operand_count(const struct operand *operand, const struct scope *scope, size_t limit,
                             size_t *count, struct hp_problem *problem) {
    const json_t *value = operand_value(operand, scope);
    if (!json_is_integer(value) || json_integer_value(value) < 0 ||
        (uint64_t)json_integer_value(value) > limit) {
        return hp_problem_set(problem, HP_INVALID, NULL, "expected a count from 0 to %zu", limit);
    }
    *count = (size_t)json_integer_value(value);
    return HP_OK;
}
