#include "suites/self/support_fail_alloc.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

static size_t countdown;
static bool hit;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);

static bool must_fail(void) {
    if (countdown == 0 || --countdown > 0) {
        return false;
    }
    hit = true;
    errno = ENOMEM;
    return true;
}

void *__wrap_malloc(size_t size) {
    return must_fail() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size) {
    return must_fail() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *memory, size_t size) {
    return must_fail() ? NULL : __real_realloc(memory, size);
}

void fail_alloc_install(void) {
    json_set_alloc_funcs(__wrap_malloc, free);
}

void fail_alloc_arm(size_t nth) {
    countdown = nth;
    hit = false;
}

bool fail_alloc_disarm(void) {
    countdown = 0;
    return hit;
}

size_t fail_alloc_sweep(enum hp_status (*operation)(void *context), void *context, bool may_succeed) {
    for (size_t nth = 1;; nth++) {
        fail_alloc_arm(nth);
        enum hp_status status = operation(context);
        if (!fail_alloc_disarm()) {
            return status == HP_OK ? nth : 0;
        }
        if (status != HP_INTERNAL && !(may_succeed && status == HP_OK)) {
            fprintf(stderr, "allocation %zu failed, and the operation told %s\n", nth,
                    hp_status_name(status));
            return 0;
        }
    }
}
