#include "harness/report/terminal_parity.h"

#include "harness/case/case.h"
#include "harness/report/escape.h"
#include "harness/report/terminal_tables.h"

enum { PAIRS_SHOWN = 20 };

static void add_label(struct text *out, const struct run_header *header, const char *target) {
    char label[TARGET_LABEL_SIZE];
    target_label_put(label, header, target);
    escape_terminal(out, label);
}

static void add_side(struct text *out, const struct run_header *header, const char *target,
                     const char *value) {
    text_add(out, "      ");
    add_label(out, header, target);
    text_add(out, ": ");
    escape_terminal(out, value);
    text_add_byte(out, '\n');
}

static void add_pair(struct text *out, const struct run_header *header, const struct parity_target *target,
                     const struct parity_case *pair, const struct paint *paint) {
    text_addf(out, "    %sdiffers%s %s", paint->bad, paint->plain, pair->test_case->id);
    if (pair->step) {
        text_addf(out, ", %s, %s", pair->step, pair->method);
        text_add(out, *pair->path ? ", at " : "");
        escape_terminal(out, pair->path);
    } else {
        text_add(out, ", the verdict");
    }
    text_add_byte(out, '\n');
    add_side(out, header, target->first, pair->first);
    add_side(out, header, target->target, pair->other);
}

void terminal_parity_add(struct text *out, const struct run_header *header, const struct parity *parity,
                         const struct screen *screen) {
    const struct paint *paint = screen->paint;
    size_t shown = 0;
    text_add_byte(out, '\n');
    for (size_t i = 0; i < parity->target_count; i++) {
        const struct parity_target *target = &parity->targets[i];
        text_addf(out, "  %sparity%s of ", target->differ ? paint->bad : paint->good, paint->plain);
        add_label(out, header, target->target);
        text_add(out, " with ");
        add_label(out, header, target->first);
        text_addf(out, " %s: ",
                  target->differ     ? "does not hold"
                  : target->compared ? "holds"
                                     : "was not tested");
        parity_add_sum(out, target);
        text_add_byte(out, '\n');
        for (size_t at = 0; at < target->case_count; at++) {
            if (target->cases[at].state == PARITY_DIFFERS && shown++ < PAIRS_SHOWN) {
                add_pair(out, header, target, &target->cases[at], paint);
            }
        }
    }
    if (shown > PAIRS_SHOWN) {
        text_addf(out, "    ... and %zu more differ; --format ndjson --output FILE writes them all.\n",
                  shown - PAIRS_SHOWN);
    }
}
