#include "reference/core/envelope.h"
#include "reference/core/envelope_interrupt.h"
#include "reference/core/member_path.h"

#include <assert.h>
#include <math.h>
#include <string.h>

static const struct field {
    const char *name;
    enum envelope_type type;
    const char *text;
    int64_t number;
} fields[] = {
#define X(name, type, text, number) {#name, type, text, number},
    ENVELOPE_FIELD_LIST(X)
#undef X
};

static_assert(sizeof fields / sizeof fields[0] == ENVELOPE_FIELD_COUNT, "the contract names 37 fields");

/* Fields of before there was one interrupt: read for what they may say, never written. */
static const char *const legacy[] = {"clarification_pending", "confirmation_pending"};

const char *envelope_field_name(size_t index) {
    return fields[index].name;
}

static json_t *instant_text(int64_t instant_us) {
    char text[HP_INSTANT_SIZE];
    hp_instant_format(instant_us, text);
    return json_string_nocheck(text);
}

static json_t *default_of(const struct field *field, const struct hp_moment *moment) {
    bool fresh = field->text && strcmp(field->text, ENVELOPE_FRESH) == 0;
    switch (field->type) {
    case ENVELOPE_TEXT:
        return json_string_nocheck(fresh ? moment->ids[field->number] : field->text);
    case ENVELOPE_INSTANT_OR_NULL:
        return fresh ? instant_text(moment->now_us) : json_null();
    case ENVELOPE_BOOLEAN:
        return json_false();
    case ENVELOPE_COUNTER:
        return json_integer(field->number);
    case ENVELOPE_TEXTS:
    case ENVELOPE_OBJECTS:
        return json_array();
    case ENVELOPE_OF_BOOLEANS:
    case ENVELOPE_OF_TEXTS:
    case ENVELOPE_OF_OBJECTS:
    case ENVELOPE_OBJECT:
        return json_object();
    case ENVELOPE_TEXT_OR_NULL:
    case ENVELOPE_INTERRUPT:
        break;
    }
    return json_null();
}

static bool is_boolean(const json_t *value) {
    return json_is_boolean(value);
}

static bool is_text(const json_t *value) {
    return json_is_string(value);
}

static bool is_object(const json_t *value) {
    return json_is_object(value);
}

/* What stands in an object or a list of that type, and how it is called. */
static const struct {
    bool list;
    bool (*holds)(const json_t *value);
    const char *whole, *part;
} shapes[] = {
    [ENVELOPE_OF_BOOLEANS] = {false, is_boolean, "an object of true and false", "true or false"},
    [ENVELOPE_OF_TEXTS] = {false, is_text, "an object of texts", "text"},
    [ENVELOPE_OF_OBJECTS] = {false, is_object, "an object of objects", "an object"},
    [ENVELOPE_TEXTS] = {true, is_text, "a list of texts", "text"},
    [ENVELOPE_OBJECTS] = {true, is_object, "a list of objects", "an object"},
    [ENVELOPE_OBJECT] = {false, NULL, "an object", NULL},
};

static enum hp_status refuse(const struct member_path *pointer, const char *expected,
                             struct hp_problem *problem) {
    const char *name = strrchr(pointer->text, '/');
    return hp_problem_set(problem, HP_INVALID, pointer->text, "%s must be %s", name ? name + 1 : "it",
                          expected);
}

static enum hp_status check_parts(const json_t *value, enum envelope_type type, struct member_path *pointer,
                                  struct hp_problem *problem) {
    bool (*holds)(const json_t *) = shapes[type].holds;
    for (size_t i = 0; holds && i < json_array_size(value); i++) {
        if (!holds(json_array_get(value, i))) {
            member_path_add_index(pointer, i);
            return refuse(pointer, shapes[type].part, problem);
        }
    }
    json_t *members = (json_t *)value; /* read only; jansson's iterators ask for one that may be changed */
    for (void *at = json_object_iter(members); holds && at; at = json_object_iter_next(members, at)) {
        if (!holds(json_object_iter_value(at))) {
            member_path_add(pointer, json_object_iter_key(at));
            return refuse(pointer, shapes[type].part, problem);
        }
    }
    return json_check_depth(value, pointer->text, problem);
}

static enum hp_status take(json_t **kept, json_t *value, struct hp_problem *problem) {
    *kept = value;
    return value ? HP_OK : hp_problem_no_memory(problem);
}

static enum hp_status share(json_t **kept, const json_t *value) {
    *kept = json_incref((json_t *)value);
    return HP_OK;
}

/* 3.0 is the number 3. */
static enum hp_status read_counter(const json_t *value, struct member_path *pointer, json_t **kept,
                                   struct hp_problem *problem) {
    static const char expected[] = "a whole number from 0 on";
    if (json_is_integer(value)) {
        return json_integer_value(value) >= 0 ? share(kept, value) : refuse(pointer, expected, problem);
    }
    double number = json_real_value(value);
    if (!json_is_real(value) || number < 0 || number >= 0x1p63 || floor(number) != number) {
        return refuse(pointer, expected, problem);
    }
    return take(kept, json_integer((json_int_t)number), problem);
}

static enum hp_status read_instant(const json_t *value, struct member_path *pointer, json_t **kept,
                                   struct hp_problem *problem) {
    const char *text = json_string_value(value);
    int64_t instant_us;
    if (json_is_null(value)) {
        return share(kept, value);
    }
    if (!text || !hp_instant_parse(text, json_string_length(value), &instant_us)) {
        return refuse(pointer, "an RFC 3339 time with an offset, or null", problem);
    }
    return take(kept, instant_text(instant_us), problem);
}

/* The value as it is kept. */
static enum hp_status read_value(const json_t *value, enum envelope_type type, struct member_path *pointer,
                                 json_t **kept, struct hp_problem *problem) {
    enum hp_status status = HP_OK;
    switch (type) {
    case ENVELOPE_INSTANT_OR_NULL:
        return read_instant(value, pointer, kept, problem);
    case ENVELOPE_COUNTER:
        return read_counter(value, pointer, kept, problem);
    case ENVELOPE_TEXT:
        status = json_is_string(value) ? HP_OK : refuse(pointer, "text", problem);
        break;
    case ENVELOPE_TEXT_OR_NULL:
        status =
            json_is_string(value) || json_is_null(value) ? HP_OK : refuse(pointer, "text or null", problem);
        break;
    case ENVELOPE_BOOLEAN:
        status = json_is_boolean(value) ? HP_OK : refuse(pointer, "true or false", problem);
        break;
    case ENVELOPE_INTERRUPT:
        status = json_is_null(value) ? HP_OK : embedded_check(value, pointer, problem);
        break;
    case ENVELOPE_OF_BOOLEANS:
    case ENVELOPE_OF_TEXTS:
    case ENVELOPE_OF_OBJECTS:
    case ENVELOPE_TEXTS:
    case ENVELOPE_OBJECTS:
    case ENVELOPE_OBJECT:
        status = (shapes[type].list ? json_is_array(value) : json_is_object(value))
                     ? check_parts(value, type, pointer, problem)
                     : refuse(pointer, shapes[type].whole, problem);
        break;
    }
    return status == HP_OK ? share(kept, value) : status;
}

static enum hp_status read_field(const json_t *given, const struct field *field, const char *prefix,
                                 const struct hp_moment *moment, json_t *envelope,
                                 struct hp_problem *problem) {
    const json_t *value = json_object_get(given, field->name);
    json_t *kept = NULL;
    enum hp_status status = HP_OK;
    bool nullable = field->type == ENVELOPE_TEXT_OR_NULL || field->type == ENVELOPE_INSTANT_OR_NULL ||
                    field->type == ENVELOPE_INTERRUPT;
    if (!value || (json_is_null(value) && !nullable)) {
        status = take(&kept, default_of(field, moment), problem);
    } else {
        struct member_path pointer;
        member_path_init(&pointer, prefix);
        member_path_add(&pointer, field->name);
        status = read_value(value, field->type, &pointer, &kept, problem);
    }
    if (status == HP_OK && json_object_set_new_nocheck(envelope, field->name, kept) != 0) {
        status = hp_problem_no_memory(problem);
    }
    return status;
}

/* The flag as the embedded interrupt has it, which a given one must not contradict. */
static enum hp_status read_pending(const json_t *given, const char *prefix, json_t *envelope,
                                   struct hp_problem *problem) {
    const json_t *flag = json_object_get(given, "interrupt_pending");
    bool pending = embedded_is_pending(json_object_get(envelope, "interrupt"));
    if (flag && !json_is_null(flag) && json_is_true(flag) != pending) {
        struct member_path pointer;
        member_path_init(&pointer, prefix);
        member_path_add(&pointer, "interrupt_pending");
        return hp_problem_set(problem, HP_INVALID, pointer.text,
                              "interrupt_pending is %s, but the embedded interrupt is %spending",
                              pending ? "false" : "true", pending ? "" : "not ");
    }
    return envelope_put(envelope, "interrupt_pending", json_boolean(pending), problem);
}

static bool says_nothing(const json_t *value) {
    return json_is_null(value) || json_is_false(value) ||
           (json_is_string(value) && json_string_length(value) == 0) ||
           (json_is_array(value) && json_array_size(value) == 0) ||
           (json_is_object(value) && json_object_size(value) == 0);
}

static bool is_legacy(const char *name) {
    return strcmp(name, legacy[0]) == 0 || strcmp(name, legacy[1]) == 0;
}

/* A member that is no field: kept, or, when it is a legacy flag, looked at. */
static enum hp_status read_other(const char *name, json_t *value, const char *prefix, json_t *envelope,
                                 struct hp_problem *problem) {
    struct member_path pointer;
    bool dropped = is_legacy(name);
    if (dropped && says_nothing(value)) {
        return HP_OK;
    }
    member_path_init(&pointer, prefix);
    member_path_add(&pointer, name);
    if (dropped) {
        return hp_problem_set(problem, HP_INVALID, pointer.text,
                              "%s holds a question of before there was one interrupt; make it the interrupt",
                              name);
    }
    enum hp_status status = json_check_depth(value, pointer.text, problem);
    return status == HP_OK && json_object_set_nocheck(envelope, name, value) != 0
               ? hp_problem_no_memory(problem)
               : status;
}

static enum hp_status read_others(const json_t *given, const char *prefix, json_t *envelope,
                                  struct hp_problem *problem) {
    json_t *members = (json_t *)given; /* read only, as above */
    enum hp_status status = HP_OK;
    for (void *at = json_object_iter(members); status == HP_OK && at;
         at = json_object_iter_next(members, at)) {
        const char *name = json_object_iter_key(at);
        if (!json_object_get(envelope, name)) {
            status = read_other(name, json_object_iter_value(at), prefix, envelope, problem);
        }
    }
    return status;
}

enum hp_status envelope_decode(const json_t *given, const char *prefix, const struct hp_moment *moment,
                               json_t **envelope, struct hp_problem *problem) {
    *envelope = NULL;
    if (!json_is_object(given)) {
        return hp_problem_set(problem, HP_INVALID, prefix,
                              given ? "an envelope must be an object" : "an envelope is required");
    }
    json_t *read = json_object();
    enum hp_status status = read ? HP_OK : hp_problem_no_memory(problem);
    for (size_t i = 0; status == HP_OK && i < ENVELOPE_FIELD_COUNT; i++) {
        status = read_field(given, &fields[i], prefix, moment, read, problem);
    }
    if (status == HP_OK) {
        status = read_pending(given, prefix, read, problem);
    }
    if (status == HP_OK) {
        status = read_others(given, prefix, read, problem);
    }
    if (status != HP_OK) {
        json_decref(read);
        return status;
    }
    *envelope = read;
    return HP_OK;
}
