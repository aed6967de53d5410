#include "harness/report/fan_out.h"

#include <stdlib.h>
#include <string.h>

struct fan_out {
    struct reporter reporter;
    struct reporter **reporters;
    size_t count;
};

static void fan_begin(struct reporter *reporter, const struct run_header *header) {
    struct fan_out *fan = (struct fan_out *)reporter;
    for (size_t i = 0; i < fan->count; i++) {
        fan->reporters[i]->ops->begin(fan->reporters[i], header);
    }
}

static void fan_target_begin(struct reporter *reporter, const char *target, const struct hello *hello,
                             const char *down) {
    struct fan_out *fan = (struct fan_out *)reporter;
    for (size_t i = 0; i < fan->count; i++) {
        fan->reporters[i]->ops->target_begin(fan->reporters[i], target, hello, down);
    }
}

static void fan_case_done(struct reporter *reporter, const char *target, const struct case_result *result) {
    struct fan_out *fan = (struct fan_out *)reporter;
    for (size_t i = 0; i < fan->count; i++) {
        fan->reporters[i]->ops->case_done(fan->reporters[i], target, result);
    }
}

static void fan_target_end(struct reporter *reporter, const struct target_summary *summary) {
    struct fan_out *fan = (struct fan_out *)reporter;
    for (size_t i = 0; i < fan->count; i++) {
        fan->reporters[i]->ops->target_end(fan->reporters[i], summary);
    }
}

static void fan_parity(struct reporter *reporter, const struct parity *parity) {
    struct fan_out *fan = (struct fan_out *)reporter;
    for (size_t i = 0; i < fan->count; i++) {
        fan->reporters[i]->ops->parity(fan->reporters[i], parity);
    }
}

/* One that cannot be written makes the code that the next ones hear. */
static bool fan_settle(struct reporter *reporter, int exit_code) {
    struct fan_out *fan = (struct fan_out *)reporter;
    bool written = true;
    for (size_t i = 0; i < fan->count; i++) {
        int code = written ? exit_code : REPORT_BROKEN_CODE;
        written = fan->reporters[i]->ops->settle(fan->reporters[i], code) && written;
    }
    return written;
}

static void fan_end(struct reporter *reporter, int exit_code) {
    struct fan_out *fan = (struct fan_out *)reporter;
    for (size_t i = 0; i < fan->count; i++) {
        fan->reporters[i]->ops->end(fan->reporters[i], exit_code);
    }
}

static bool close_all(struct reporter *const *reporters, size_t count) {
    bool written = true;
    for (size_t i = 0; i < count; i++) {
        bool one = reporters[i]->ops->close(reporters[i]);
        written = written && one;
    }
    return written;
}

static bool fan_close(struct reporter *reporter) {
    struct fan_out *fan = (struct fan_out *)reporter;
    bool written = close_all(fan->reporters, fan->count);
    free(fan->reporters);
    free(fan);
    return written;
}

static const struct reporter_ops fan_ops = {
    fan_begin, fan_target_begin, fan_case_done, fan_target_end, fan_parity, fan_settle, fan_end, fan_close,
};

struct reporter *reporter_fan_out_take(struct reporter *const *reporters, size_t count) {
    struct fan_out *fan = malloc(sizeof *fan);
    struct reporter **copy = malloc((count + 1) * sizeof(struct reporter *));
    if (!fan || !copy) {
        free(fan);
        free(copy);
        close_all(reporters, count);
        return NULL;
    }
    if (count > 0) {
        memcpy(copy, reporters, count * sizeof(struct reporter *));
    }
    fan->reporter.ops = &fan_ops;
    fan->reporters = copy;
    fan->count = count;
    return &fan->reporter;
}
