#include "harness/base/value.h"
#include "harness/lab/crew_parts.h"
#include "reference/base/instant.h"

#include <string.h>

/* The end of a slot's interrupt as its creation's answer has it, in microseconds after the start; false when it has
 * none. */
static bool end_of(const struct performance *performance, unsigned slot, const struct outcome *creation,
                   int64_t *end_us) {
    const json_t *expires_at = value_at(creation->result, "/interrupt/expires_at");
    const struct seed *seed = script_seed(performance->stage.script, slot);
    int64_t instant_us;
    if (!seed || !seed_expires(seed) || !json_is_string(expires_at) ||
        !hp_instant_parse(json_string_value(expires_at), json_string_length(expires_at), &instant_us)) {
        return false;
    }
    *end_us = instant_us - performance->stage.start_us;
    return true;
}

/* An answer by which the clock stood there: it was set, or could not be set back to there. Any other refusal says nothing. */
static bool found_it_there(const struct outcome *outcome) {
    return outcome->end == ACT_DONE ||
           (outcome->end == ACT_REFUSED && strcmp(outcome->error_name, "invalid") == 0);
}

/* When the clock passed that moment: after the first call that set it there was made, and before the first such call
 * was answered. */
static void find_window(const struct performance *performance, int64_t end_us, struct window *window) {
    const struct script *script = performance->stage.script;
    for (size_t i = 0; i < script->client_count; i++) {
        for (size_t j = 0; j < script->clients[i].act_count; j++) {
            const struct act *act = &script->clients[i].acts[j];
            const struct outcome *outcome = &performance->outcomes[i][j];
            if (act->kind != ACT_CLOCK || act->clock_us <= end_us || outcome->end == ACT_SKIPPED) {
                continue;
            }
            if (outcome->invoke_ns < window->from_ns) {
                window->from_ns = outcome->invoke_ns;
            }
            if (found_it_there(outcome) && outcome->return_ns < window->until_ns) {
                window->until_ns = outcome->return_ns;
            }
        }
    }
}

/* On the clock of the world the end lies as long after the creation as it lives, and that was called and answered. */
static void find_own_window(const struct performance *performance, unsigned slot,
                            const struct outcome *creation, struct window *window) {
    const struct seed *seed = script_seed(performance->stage.script, slot);
    int64_t error_ns = performance->stage.clock_error_ns;
    if (seed && seed_expires(seed)) {
        window->from_ns = creation->invoke_ns + seed_ttl_us(seed) * 1000 - error_ns;
        window->until_ns = creation->return_ns + seed_ttl_us(seed) * 1000 + error_ns;
    }
}

static void set_window(struct performance *performance, unsigned slot, const struct outcome *creation) {
    struct window *window = &performance->windows[slot];
    int64_t end_us;
    if (creation->end != ACT_DONE) {
        return;
    }
    if (!performance->stage.has_clock) {
        find_own_window(performance, slot, creation, window);
    } else if (end_of(performance, slot, creation, &end_us)) {
        find_window(performance, end_us, window);
    }
}

static void set_windows(struct performance *performance) {
    const struct script *script = performance->stage.script;
    for (unsigned i = 0; i < performance->stage.slot_count; i++) {
        performance->windows[i] = (struct window){HISTORY_NEVER, HISTORY_NEVER};
    }
    for (unsigned i = 0; i < script->seed_count; i++) {
        set_window(performance, i, &performance->seeding[i]);
    }
    for (size_t i = 0; i < script->client_count; i++) {
        for (size_t j = 0; j < script->clients[i].act_count; j++) {
            if (script->clients[i].acts[j].kind == ACT_CREATE) {
                set_window(performance, script->clients[i].acts[j].slot, &performance->outcomes[i][j]);
            }
        }
    }
}

int64_t performance_clock_error_ns(const struct performance *performance, unsigned slot) {
    const struct window *window = &performance->windows[slot];
    if (window->from_ns == HISTORY_NEVER) {
        return 0;
    }
    /* The call that moved the clock has no answer: it may have moved at any time, or never. */
    int64_t until_ns = window->until_ns == HISTORY_NEVER ? HISTORY_NEVER / 4 : window->until_ns;
    return (until_ns - window->from_ns + 1) / 2;
}

/* The creates of the history get the middles of the windows as their ends. */
static void put_ends(struct performance *performance) {
    struct history *history = &performance->history;
    for (size_t key = 0; key < history->key_count; key++) {
        unsigned slot = stage_find(&performance->stage, history_key_name(history, key));
        if (slot >= performance->stage.slot_count || performance->windows[slot].from_ns == HISTORY_NEVER) {
            continue;
        }
        struct operation *operations = history->operations + history->keys[key].first;
        for (uint32_t i = 0; i < history->keys[key].count; i++) {
            if (operations[i].kind == OPERATION_CREATE) {
                operations[i].expires_ns =
                    performance->windows[slot].from_ns + performance_clock_error_ns(performance, slot);
            }
        }
    }
}

static void count_lost(struct performance *performance) {
    const struct script *script = performance->stage.script;
    for (size_t i = 0; i < script->client_count; i++) {
        for (size_t j = 0; j < script->clients[i].act_count; j++) {
            const struct outcome *outcome = &performance->outcomes[i][j];
            if (outcome->end == ACT_LOST && performance->lost++ == 0) {
                text_put(performance->lost_why, sizeof performance->lost_why, outcome->detail);
                performance->unsendable = outcome->unsendable;
            }
        }
    }
}

/* Pairs of calls by different clients that were under way at once, on one interrupt, neither of them a part of the same
 * call. The operations of a key stand in the order of their calls. */
static size_t count_overlaps(const struct history *history, const struct history_key *key) {
    const struct operation *operations = history->operations + key->first;
    size_t overlaps = 0;
    for (uint32_t i = 0; i < key->count; i++) {
        for (uint32_t j = i + 1; j < key->count && operations[j].invoke_ns <= operations[i].return_ns; j++) {
            overlaps +=
                operations[i].client != operations[j].client && operations[i].return_ns != HISTORY_LOST;
        }
    }
    return overlaps;
}

/* Of the other checks of this owner, by clients behind this one, those that were under way at once with it. */
static size_t count_meetings(const struct performance *performance, size_t client, enum owner owner,
                             const struct outcome *outcome) {
    const struct script *script = performance->stage.script;
    size_t meetings = 0;
    for (size_t i = client + 1; i < script->client_count; i++) {
        for (size_t j = 0; j < script->clients[i].act_count; j++) {
            const struct act *act = &script->clients[i].acts[j];
            const struct outcome *other = &performance->outcomes[i][j];
            bool counts = act->kind == ACT_CHECK && act->owner == owner && other->end != ACT_SKIPPED;
            meetings +=
                counts && other->invoke_ns <= outcome->return_ns && outcome->invoke_ns <= other->return_ns;
        }
    }
    return meetings;
}

/* Pairs of checks that were under way at once; they are on no interrupt, so no history holds them. */
static size_t count_checks(const struct performance *performance) {
    const struct script *script = performance->stage.script;
    size_t overlaps = 0;
    for (size_t i = 0; i < script->client_count; i++) {
        for (size_t j = 0; j < script->clients[i].act_count; j++) {
            const struct act *act = &script->clients[i].acts[j];
            const struct outcome *outcome = &performance->outcomes[i][j];
            if (act->kind == ACT_CHECK && outcome->end != ACT_SKIPPED) {
                overlaps += count_meetings(performance, i, act->owner, outcome);
            }
        }
    }
    return overlaps;
}

void performance_complete(struct performance *performance) {
    const struct history *history = &performance->history;
    set_windows(performance);
    put_ends(performance);
    count_lost(performance);
    performance->overlaps = count_checks(performance);
    for (size_t key = 0; key < history->key_count; key++) {
        performance->overlaps += count_overlaps(history, &history->keys[key]);
    }
}
