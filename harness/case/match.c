#include "harness/case/match.h"

#include "harness/base/place.h"
#include "harness/base/shape.h"
#include "harness/base/value.h"
#include "harness/case/pairing.h"
#include "reference/base/instant.h"

#include <stdlib.h>
#include <string.h>

/* One match under way. Without a difference it only answers yes or no. */
struct matching {
    const struct scope *scope;
    struct difference *difference;
    bool *no_memory;
};

typedef bool kind_matcher(struct matching *matching, const struct matcher *matcher, const json_t *value,
                          const struct place *place);

static bool matches(struct matching *matching, const struct matcher *matcher, const json_t *value,
                    const struct place *place);

static bool run_out(struct matching *matching) {
    *matching->no_memory = true;
    return false;
}

void difference_release(struct difference *difference) {
    free(difference->path);
    free(difference->expected);
    free(difference->got);
    memset(difference, 0, sizeof *difference);
}

/* Keeps the difference, unless nobody asks, and returns false. Takes the expected text over; NULL means that
 * memory ran out. */
static bool differ(struct matching *matching, const struct place *place, char *expected, const json_t *got) {
    struct difference *difference = matching->difference;
    struct text path = {0};
    place_write(&path, place);
    *difference = (struct difference){text_take(&path), expected, value_show(got, SHOWN_BYTES_MAX)};
    if (!difference->path || !difference->expected || !difference->got) {
        difference_release(difference);
        return run_out(matching);
    }
    return false;
}

/* Differs from what the case writes, in its own words. */
static bool differ_source(struct matching *matching, const struct matcher *matcher, const json_t *value,
                          const struct place *place) {
    return matching->difference ? differ(matching, place, value_show(matcher->source, SHOWN_BYTES_MAX), value)
                                : false;
}

static bool differ_words(struct matching *matching, const char *words, const json_t *value,
                         const struct place *place) {
    return matching->difference ? differ(matching, place, text_copy(words), value) : false;
}

/* Differs from a value that the case names; what it names is shown first. */
static bool differ_value(struct matching *matching, const struct matcher *matcher, const json_t *wanted,
                         const json_t *value, const struct place *place) {
    struct text text = {0};
    if (!matching->difference) {
        return false;
    }
    if (wanted) {
        value_write(&text, wanted);
        text_shorten(&text, SHOWN_BYTES_MAX);
    } else {
        text_add(&text, "a value that was never there");
    }
    if (wanted != matcher->source) {
        text_add(&text, " (");
        value_write(&text, matcher->source);
        text_shorten(&text, 2 * SHOWN_BYTES_MAX);
        text_add(&text, ")");
    }
    return differ(matching, place, text_take(&text), value);
}

static bool match_literal(struct matching *matching, const struct matcher *matcher, const json_t *value,
                          const struct place *place) {
    return value_equals(matcher->literal, value) ||
           differ_value(matching, matcher, matcher->literal, value, place);
}

static bool match_template(struct matching *matching, const struct matcher *matcher, const json_t *value,
                           const struct place *place) {
    json_t *wanted = NULL;
    struct hp_problem problem = {0};
    enum hp_status status = template_value(matcher->template, matching->scope, &wanted, &problem);
    if (status == HP_INTERNAL) {
        return run_out(matching);
    }
    bool same = status == HP_OK && value_equals(wanted, value);
    if (!same && status == HP_OK) {
        differ_value(matching, matcher, wanted, value, place);
    } else if (!same) {
        differ_words(matching, problem.detail, value, place);
    }
    json_decref(wanted);
    return same;
}

static bool match_bound(struct matching *matching, const struct matcher *matcher, const json_t *value,
                        const struct place *place) {
    const json_t *wanted = scope_resolve(matching->scope, &matcher->operand.reference);
    bool omitted = json_is_null(wanted) && !value && !matcher->exact;
    return omitted || (wanted && shape_equals(wanted, value)) ||
           differ_value(matching, matcher, wanted, value, place);
}

/* Differs at the first member that the expectation does not name. */
static bool differ_surplus(struct matching *matching, const struct matcher *matcher, const json_t *value,
                           const struct place *place) {
    const char *key;
    json_t *member;
    json_object_foreach((json_t *)value, key, member) {
        const struct place below = {place, key, 0};
        bool named = false;
        for (size_t i = 0; i < matcher->child_count && !named; i++) {
            named = strcmp(matcher->children[i].key, key) == 0;
        }
        if (!named) {
            return differ_words(matching, "no such member", member, &below);
        }
    }
    return true;
}

static bool match_object(struct matching *matching, const struct matcher *matcher, const json_t *value,
                         const struct place *place) {
    if (!json_is_object(value)) {
        return differ_source(matching, matcher, value, place);
    }
    for (size_t i = 0; i < matcher->child_count; i++) {
        const struct matcher *child = &matcher->children[i];
        const struct place below = {place, child->key, 0};
        if (!matches(matching, child, json_object_get(value, child->key), &below)) {
            return false;
        }
    }
    return !matcher->exact || differ_surplus(matching, matcher, value, place);
}

static bool match_array(struct matching *matching, const struct matcher *matcher, const json_t *value,
                        const struct place *place) {
    if (!json_is_array(value)) {
        return differ_source(matching, matcher, value, place);
    }
    size_t count = json_array_size(value);
    for (size_t i = 0; i < matcher->child_count && i < count; i++) {
        const struct place below = {place, NULL, i};
        if (!matches(matching, &matcher->children[i], json_array_get(value, i), &below)) {
            return false;
        }
    }
    return count == matcher->child_count || differ_source(matching, matcher, value, place);
}

static bool read_instant(const json_t *value, int64_t *instant_us) {
    return json_is_string(value) &&
           hp_instant_parse(json_string_value(value), json_string_length(value), instant_us);
}

static bool match_moment(struct matching *matching, const struct matcher *matcher, const json_t *value,
                         const struct place *place) {
    struct hp_problem problem = {0};
    int64_t wanted_us, got_us;
    if (operand_instant(&matcher->operand, matching->scope, &wanted_us, &problem) != HP_OK) {
        return problem.status == HP_INTERNAL ? run_out(matching)
                                             : differ_words(matching, problem.detail, value, place);
    }
    if (read_instant(value, &got_us) && got_us == wanted_us) {
        return true;
    }
    if (!matching->difference) {
        return false;
    }
    char instant[HP_INSTANT_SIZE];
    struct text text = {0};
    hp_instant_format(wanted_us, instant);
    text_addf(&text, "\"%s\" (", instant);
    value_write(&text, matcher->source);
    text_add(&text, ")");
    return differ(matching, place, text_take(&text), value);
}

bool value_is_uuid(const json_t *value) {
    static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    const char *text = json_string_value(value);
    if (!text || json_string_length(value) != sizeof form - 1) {
        return false;
    }
    for (size_t i = 0; i < sizeof form - 1; i++) {
        bool digit = (text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f');
        if (form[i] == '-' ? text[i] != '-' : !digit) {
            return false;
        }
    }
    return true;
}

static bool match_uuid(struct matching *matching, const struct matcher *matcher, const json_t *value,
                       const struct place *place) {
    (void)matcher;
    return value_is_uuid(value) ||
           differ_words(matching, "a UUID in lower-case canonical text", value, place);
}

static bool match_absent(struct matching *matching, const struct matcher *matcher, const json_t *value,
                         const struct place *place) {
    (void)matcher;
    return !value || differ_words(matching, "no such member", value, place);
}

static bool match_nothing(struct matching *matching, const struct matcher *matcher, const json_t *value,
                          const struct place *place) {
    (void)matcher;
    return !value || json_is_null(value) || differ_words(matching, "null, or no such member", value, place);
}

static bool match_type(struct matching *matching, const struct matcher *matcher, const json_t *value,
                       const struct place *place) {
    const char *type = value_type_name(value);
    bool same =
        strcmp(type, matcher->type) == 0 || (strcmp(matcher->type, "number") == 0 && json_is_number(value));
    struct text text = {0};
    if (same || !matching->difference) {
        return same;
    }
    text_addf(&text, "a value of the type %s", matcher->type);
    return differ(matching, place, text_take(&text), value);
}

static bool match_pattern(struct matching *matching, const struct matcher *matcher, const json_t *value,
                          const struct place *place) {
    const char *text = json_string_value(value);
    return (text && pattern_matches(matcher->pattern, text, json_string_length(value))) ||
           differ_source(matching, matcher, value, place);
}

static bool match_one_of(struct matching *matching, const struct matcher *matcher, const json_t *value,
                         const struct place *place) {
    struct matching quiet = {matching->scope, NULL, matching->no_memory};
    for (size_t i = 0; i < matcher->child_count; i++) {
        if (matches(&quiet, &matcher->children[i], value, place)) {
            return true;
        }
    }
    return differ_source(matching, matcher, value, place);
}

/* A missing member is no value that differs: $not asks for one that is there. */
static bool match_not(struct matching *matching, const struct matcher *matcher, const json_t *value,
                      const struct place *place) {
    struct matching quiet = {matching->scope, NULL, matching->no_memory};
    return (value && !matches(&quiet, &matcher->children[0], value, place)) ||
           differ_source(matching, matcher, value, place);
}

/* -1, 0, 1 for value against an end; 2 when they cannot be compared. */
static int compare_with(struct matching *matching, const json_t *value, const struct operand *end) {
    struct hp_problem problem = {0};
    int64_t end_us, value_us;
    const json_t *number = end->kind == OPERAND_LITERAL || end->kind == OPERAND_BOUND
                               ? operand_value(end, matching->scope)
                               : NULL;
    if (json_is_number(number)) {
        return json_is_number(value) ? value_compare_numbers(value, number) : 2;
    }
    if (!read_instant(value, &value_us) ||
        operand_instant(end, matching->scope, &end_us, &problem) != HP_OK) {
        *matching->no_memory = *matching->no_memory || problem.status == HP_INTERNAL;
        return 2;
    }
    return (value_us > end_us) - (value_us < end_us);
}

static bool match_between(struct matching *matching, const struct matcher *matcher, const json_t *value,
                          const struct place *place) {
    int low = compare_with(matching, value, &matcher->operand);
    int high = compare_with(matching, value, &matcher->high);
    return ((low == 0 || low == 1) && (high == 0 || high == -1)) ||
           differ_source(matching, matcher, value, place);
}

static bool match_length(struct matching *matching, const struct matcher *matcher, const json_t *value,
                         const struct place *place) {
    size_t length = json_is_array(value) ? json_array_size(value) : json_object_size(value);
    if (json_is_string(value)) {
        length = text_count_code_points(json_string_value(value), json_string_length(value));
    }
    const json_t *wanted = operand_value(&matcher->operand, matching->scope);
    bool measurable = json_is_array(value) || json_is_object(value) || json_is_string(value);
    if (measurable && json_is_integer(wanted) && json_integer_value(wanted) == (json_int_t)length) {
        return true;
    }
    struct text text = {0};
    if (!matching->difference) {
        return false;
    }
    text_add(&text, "the length ");
    value_write(&text, wanted);
    if (measurable) {
        text_addf(&text, " (it is %zu)", length);
    }
    return differ(matching, place, text_take(&text), value);
}

struct pairing_context {
    struct matching quiet;
    const struct matcher *matcher;
    const json_t *array;
    const struct place *place;
};

static bool element_fits(void *context, size_t left, size_t right) {
    struct pairing_context *pairing = context;
    return matches(&pairing->quiet, &pairing->matcher->children[left], json_array_get(pairing->array, right),
                   pairing->place);
}

static bool match_paired(struct matching *matching, const struct matcher *matcher, const json_t *value,
                         const struct place *place) {
    size_t count = json_array_size(value);
    size_t unpaired = 0;
    struct pairing_context context = {{matching->scope, NULL, matching->no_memory}, matcher, value, place};
    if (!json_is_array(value) || (matcher->kind == MATCH_ANY_ORDER && count != matcher->child_count)) {
        return differ_source(matching, matcher, value, place);
    }
    if (pairing_find(matcher->child_count, count, element_fits, &context, &unpaired) != HP_OK) {
        return run_out(matching);
    }
    if (unpaired == matcher->child_count) {
        return true;
    }
    struct text text = {0};
    if (!matching->difference) {
        return false;
    }
    text_add(&text, "an element of its own for ");
    value_write(&text, matcher->children[unpaired].source);
    text_shorten(&text, SHOWN_BYTES_MAX);
    return differ(matching, place, text_take(&text), value);
}

static bool match_each(struct matching *matching, const struct matcher *matcher, const json_t *value,
                       const struct place *place) {
    if (!json_is_array(value)) {
        return differ_source(matching, matcher, value, place);
    }
    for (size_t i = 0; i < json_array_size(value); i++) {
        const struct place below = {place, NULL, i};
        if (!matches(matching, &matcher->children[0], json_array_get(value, i), &below)) {
            return false;
        }
    }
    return true;
}

/* Shows only what stands out of order, and what stood before it. */
static bool differ_order(struct matching *matching, const char *pointer, const char *before,
                         const json_t *value, const struct place *place) {
    struct text text = {0};
    if (!matching->difference) {
        return false;
    }
    text_add(&text, "a text");
    if (before) {
        text_addf(&text, " below \"%s\", that of the element before", before);
    }
    if (pointer[0] != '\0') {
        text_addf(&text, ", at %s", pointer);
    }
    text_shorten(&text, 2 * SHOWN_BYTES_MAX);
    return differ(matching, place, text_take(&text), value);
}

/* Texts are compared byte by byte, which for ids and instants of one form is their order. */
static bool match_descending(struct matching *matching, const struct matcher *matcher, const json_t *value,
                             const struct place *place) {
    const char *before = NULL;
    if (!json_is_array(value)) {
        return differ_source(matching, matcher, value, place);
    }
    for (size_t i = 0; i < json_array_size(value); i++) {
        const struct place below = {place, NULL, i};
        const json_t *member = value_at(json_array_get(value, i), matcher->pointer);
        const char *text = json_string_value(member);
        if (!text || (before && strcmp(before, text) <= 0)) {
            return differ_order(matching, matcher->pointer, before, member, &below);
        }
        before = text;
    }
    return true;
}

static bool belongs_to_case(const struct scope *scope, const json_t *element) {
    const char *request = json_string_value(json_object_get(element, "request_id"));
    return scope_owns(scope, element) || (request && strstr(request, scope->run));
}

/* An id, an interrupt, or an event about one. */
static bool is_about(const json_t *element, const json_t *id) {
    return value_equals(element, id) || value_equals(json_object_get(element, "id"), id) ||
           value_equals(json_object_get(json_object_get(element, "data"), "id"), id);
}

/* Matches the child with the elements that count; the path then leads into what was kept. */
static bool match_kept(struct matching *matching, const struct matcher *matcher, const json_t *value,
                       const struct place *place) {
    const json_t *id =
        matcher->kind == MATCH_ABOUT ? scope_resolve(matching->scope, &matcher->operand.reference) : NULL;
    if (!json_is_array(value) || (matcher->kind == MATCH_ABOUT && !id)) {
        return differ_source(matching, matcher, value, place);
    }
    json_t *kept = json_array();
    bool complete = kept != NULL;
    for (size_t i = 0; complete && i < json_array_size(value); i++) {
        json_t *element = json_array_get(value, i);
        if (matcher->kind == MATCH_OWN ? belongs_to_case(matching->scope, element) : is_about(element, id)) {
            complete = json_array_append(kept, element) == 0;
        }
    }
    bool matched = complete ? matches(matching, &matcher->children[0], kept, place) : run_out(matching);
    json_decref(kept);
    return matched;
}

static bool matches(struct matching *matching, const struct matcher *matcher, const json_t *value,
                    const struct place *place) {
    static kind_matcher *const kinds[] = {
        [MATCH_LITERAL] = match_literal,
        [MATCH_TEMPLATE] = match_template,
        [MATCH_BOUND] = match_bound,
        [MATCH_OBJECT] = match_object,
        [MATCH_ARRAY] = match_array,
        [MATCH_MOMENT] = match_moment,
        [MATCH_UUID] = match_uuid,
        [MATCH_ABSENT] = match_absent,
        [MATCH_NOTHING] = match_nothing,
        [MATCH_TYPE] = match_type,
        [MATCH_PATTERN] = match_pattern,
        [MATCH_ONE_OF] = match_one_of,
        [MATCH_NOT] = match_not,
        [MATCH_BETWEEN] = match_between,
        [MATCH_LENGTH] = match_length,
        [MATCH_ANY_ORDER] = match_paired,
        [MATCH_CONTAINS] = match_paired,
        [MATCH_EACH] = match_each,
        [MATCH_OWN] = match_kept,
        [MATCH_ABOUT] = match_kept,
        [MATCH_DESCENDING] = match_descending,
    };
    return kinds[matcher->kind](matching, matcher, value, place);
}

enum hp_status expectation_match(const struct matcher *matcher, const json_t *value,
                                 const struct scope *scope, struct difference *difference) {
    bool no_memory = false;
    struct matching matching = {scope, difference, &no_memory};
    struct place root = {0};
    if (difference) {
        memset(difference, 0, sizeof *difference);
    }
    bool matched = matches(&matching, matcher, value, &root);
    if (no_memory) {
        if (difference) {
            difference_release(difference);
        }
        return HP_INTERNAL;
    }
    return matched ? HP_OK : HP_INVALID;
}
