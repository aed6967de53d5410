#include "harness/base/value.h"
#include "harness/lab/review_parts.h"

#include <string.h>

/* What the clients were told of the flow behind one interrupt. */
struct passage {
    const struct performance *performance;
    unsigned slot;
    size_t times;       /* so often it went on */
    int64_t settled_ns; /* from then on somebody knew that the interrupt was answered; HISTORY_NEVER */
    const char *denied; /* what a resumption was told in vain, while nobody had gone on; NULL */
};

typedef void (*passage_visit)(struct passage *passage, const struct act *act, const struct outcome *outcome,
                              struct review *review);

static void visit_all(struct passage *passage, passage_visit visit, struct review *review) {
    const struct script *script = passage->performance->stage.script;
    for (size_t i = 0; i < script->client_count; i++) {
        for (size_t j = 0; j < script->clients[i].act_count; j++) {
            const struct act *act = &script->clients[i].acts[j];
            if (act_kind_works(act->kind) && act->slot == passage->slot) {
                visit(passage, act, &passage->performance->outcomes[i][j], review);
            }
        }
    }
}

/* The flow runs the one stage to which the route leads, and is at its end. */
static void check_run(const struct passage *passage, const struct outcome *outcome, struct review *review) {
    const json_t *envelope = json_object_get(outcome->result, "envelope");
    const json_t *history = json_object_get(envelope, "processing_history");
    const char *stage = json_string_value(value_at(envelope, "/processing_history/0/stage"));
    if (json_array_size(history) != 1 || !stage || strcmp(stage, ACT_STAGE_NEXT) != 0) {
        review_add(review, FINDING_FLOW, passage->slot,
                   "the flow behind #%u ran %zu stages, the first of them %s; expected " ACT_STAGE_NEXT
                   " and no other",
                   passage->slot, json_array_size(history), stage ? stage : "nameless");
    } else if (!json_is_true(json_object_get(envelope, "terminated"))) {
        review_add(review, FINDING_FLOW, passage->slot,
                   "the flow behind #%u ran its last stage and is not terminated", passage->slot);
    }
}

static void note_answer(struct passage *passage, const struct act *act, const struct outcome *outcome,
                        struct review *review) {
    bool resolved = strcmp(outcome->interrupt_status, "resolved") == 0 ||
                    strcmp(review_status(json_object_get(outcome->result, "interrupt")), "resolved") == 0;
    if (resolved && outcome->return_ns < passage->settled_ns) {
        passage->settled_ns = outcome->return_ns;
    }
    if (act->kind == ACT_RESUME && outcome->end == ACT_DONE) {
        passage->times++;
        check_run(passage, outcome, review);
    }
}

/* Who comes when the interrupt is answered is told nothing but that the flow has gone on; so is who is told of no status. */
static void note_refusal(struct passage *passage, const struct act *act, const struct outcome *outcome,
                         struct review *review) {
    (void)review;
    bool refused = act->kind == ACT_RESUME && act->as == AS_OWNER && outcome->end == ACT_REFUSED &&
                   strcmp(outcome->error_name, "conflict") == 0;
    bool bare = !outcome->interrupt_status[0] && !outcome->untold_status;
    if (refused && (bare || outcome->invoke_ns > passage->settled_ns)) {
        passage->denied = outcome->detail;
    }
}

static void check_slot(const struct performance *performance, unsigned slot, struct review *review) {
    struct passage passage = {.performance = performance, .slot = slot, .settled_ns = HISTORY_NEVER};
    visit_all(&passage, note_answer, review);
    if (passage.times > 1) {
        review_add(review, FINDING_FLOW, slot, "the flow behind #%u went on %zu times", slot, passage.times);
        return;
    }
    visit_all(&passage, note_refusal, review);
    if (passage.times == 0 && passage.denied &&
        strcmp(review_status(review_final(performance, slot)), "resolved") == 0) {
        review_add(review, FINDING_FLOW, slot,
                   "#%u was answered, and its flow was refused to go on (%s), though nobody had it go on",
                   slot, passage.denied);
    }
}

void review_flows(const struct performance *performance, struct review *review) {
    /* After a lost answer nobody knows whether the flow went on. */
    for (unsigned i = 0; performance->lost == 0 && i < performance->stage.slot_count; i++) {
        check_slot(performance, i, review);
    }
}
