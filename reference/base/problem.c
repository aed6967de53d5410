#include "reference/base/problem.h"
#include "reference/base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void hp_problem_clear(struct hp_problem *problem) {
    if (problem) {
        memset(problem, 0, sizeof *problem);
    }
}

enum hp_status hp_problem_set(struct hp_problem *problem, enum hp_status status, const char *field,
                              const char *format, ...) {
    if (!problem || problem->status != HP_OK) {
        return status;
    }
    problem->status = status;
    text_put(problem->field, sizeof problem->field, field ? field : "");
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(problem->detail, sizeof problem->detail, format, arguments);
    va_end(arguments);
    if (length < 0 || (size_t)length >= sizeof problem->detail) {
        text_trim_partial(problem->detail);
    }
    return status;
}

enum hp_status hp_problem_no_memory(struct hp_problem *problem) {
    return hp_problem_set(problem, HP_INTERNAL, NULL, "out of memory");
}
