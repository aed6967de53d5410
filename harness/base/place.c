#include "harness/base/place.h"

#include "harness/base/value.h"

#include <stdarg.h>
#include <stdio.h>

bool place_write(struct text *pointer, const struct place *place) {
    if (!place->parent) {
        return text_add(pointer, place->key ? place->key : "");
    }
    place_write(pointer, place->parent);
    return place->key ? pointer_add_key(pointer, place->key) : pointer_add_index(pointer, place->index);
}

enum hp_status place_refuse(const struct place *place, struct hp_problem *problem, const char *format, ...) {
    struct text pointer = {0};
    if (!place_write(&pointer, place)) {
        text_release(&pointer);
        return hp_problem_no_memory(problem);
    }
    char detail[HP_PROBLEM_DETAIL_SIZE];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(detail, sizeof detail, format, arguments);
    va_end(arguments);
    if (length < 0 || (size_t)length >= sizeof detail) {
        text_trim_partial(detail);
    }
    enum hp_status status = hp_problem_set(problem, HP_INVALID, pointer.bytes, "%s", detail);
    text_release(&pointer);
    return status;
}
