#include "harness/case/normal_order.h"

#include "harness/case/normal_shape.h"
#include "harness/case/normal_value.h"

#include <stdlib.h>
#include <string.h>

/* An element of an array while it is put in order. */
struct place {
    json_t *value;
    const json_t *group; /* only neighbours of one group change places; NULL: of all */
    json_int_t number;
    size_t index;
};

static int compare_places(const void *one, const void *other) {
    const struct place *left = one, *right = other;
    if (left->number != right->number) {
        return left->number < right->number ? -1 : 1;
    }
    return (left->index > right->index) - (left->index < right->index);
}

static bool is_same(const json_t *one, const json_t *other) {
    return one == other || json_equal(one, other);
}

/* Makes an array of the values, which it takes over, ordered by number within each group. */
static json_t *array_of(struct place *places, size_t count) {
    json_t *out = json_array();
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from + 1; to < count && is_same(places[from].group, places[to].group); to++) {
        }
        qsort(places + from, to - from, sizeof *places, compare_places);
    }
    bool done = out != NULL;
    for (size_t i = 0; i < count; i++) {
        done = (done ? json_array_append_new(out, places[i].value) : (json_decref(places[i].value), -1)) == 0;
    }
    if (!done) {
        json_decref(out);
        return NULL;
    }
    return out;
}

static bool is_own(const struct normal *normal, const json_t *element) {
    const char *request = json_string_value(json_object_get(element, "request_id"));
    return scope_owns(normal->scope, element) || !(json_is_string(element) || request) ||
           (request && strstr(request, normal->scope->run));
}

/* Of one sweep or drain what belongs to the case, ordered by the interrupts. */
static json_t *normal_own(struct normal *normal, const json_t *value,
                          json_t *(*normalise)(struct normal *normal, const json_t *value), const char *id) {
    size_t count = 0;
    struct place *places = calloc(json_array_size(value) + 1, sizeof *places);
    if (!places) {
        return NULL;
    }
    for (size_t i = 0; i < json_array_size(value); i++) {
        const json_t *element = json_array_get(value, i);
        if (is_own(normal, element)) {
            const json_t *about = id ? json_object_get(json_object_get(element, "data"), id) : element;
            places[count] = (struct place){NULL, NULL, normal_number(normal, about), count};
            places[count++].group = element;
        }
    }
    qsort(places, count, sizeof *places, compare_places);
    for (size_t i = 0; i < count; i++) {
        places[i].value = normalise(normal, places[i].group);
        places[i].group = NULL;
        places[i].index = i;
    }
    json_t *out = array_of(places, count);
    free(places);
    return out;
}

json_t *normal_ids(struct normal *normal, const json_t *value) {
    return json_is_array(value) ? normal_own(normal, value, normal_value, NULL) : normal_value(normal, value);
}

json_t *normal_events(struct normal *normal, const json_t *value) {
    return json_is_array(value) ? normal_own(normal, value, normal_event, "id") : normal_value(normal, value);
}

/* A row of a page, or what is left of it when chance has put it there. */
static json_t *normal_row(struct normal *normal, const json_t *value, bool several) {
    json_t *row = normal_interrupt(normal, value);
    if (!row || !several || !normal_is_tied(normal, row)) {
        return row;
    }
    json_t *tied = normal_tied(row);
    json_decref(row);
    return tied;
}

json_t *normal_rows(struct normal *normal, const json_t *value) {
    bool several = normal->several;
    size_t count = json_array_size(value);
    if (!json_is_array(value)) {
        return normal_value(normal, value);
    }
    struct place *places = calloc(count + 1, sizeof *places);
    for (size_t i = 0; places && i < count; i++) {
        const json_t *row = json_array_get(value, i);
        json_t *made = normal_row(normal, row, several);
        places[i] =
            (struct place){made, NULL, several ? 0 : normal_number(normal, json_object_get(row, "id")), i};
        places[i].group = normal->loose ? NULL : json_object_get(made, "created_at");
    }
    json_t *out = places ? array_of(places, count) : NULL;
    free(places);
    return out;
}

json_t *normal_newest(struct normal *normal, const json_t *value) {
    return normal_row(normal, value, true);
}

static int compare_texts(const void *one, const void *other) {
    return strcmp(*(const char *const *)one, *(const char *const *)other);
}

json_t *normal_set(struct normal *normal, const json_t *value) {
    size_t count = json_array_size(value);
    const char **texts = calloc(count + 1, sizeof *texts);
    bool sortable = json_is_array(value);
    for (size_t i = 0; texts && i < count; i++) {
        texts[i] = json_string_value(json_array_get(value, i));
        sortable = sortable && texts[i];
    }
    json_t *out = NULL;
    if (texts && !sortable) {
        out = normal_value(normal, value);
    } else if (texts) {
        qsort(texts, count, sizeof *texts, compare_texts);
        out = json_array();
    }
    for (size_t i = 0; sortable && out && i < count; i++) {
        if (json_array_append_new(out, normal_words(normal, texts[i], strlen(texts[i]))) != 0) {
            json_decref(out);
            out = NULL;
        }
    }
    free(texts);
    return out;
}
