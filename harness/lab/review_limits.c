#include "harness/base/value.h"
#include "harness/lab/review_parts.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The default of the contract, its window, and how long the interrupt of a refusal lives: a second one may come then. */
enum { LIMIT_DEFAULT = 60 };
#define WINDOW_US INT64_C(60000000)
#define NOTICE_US INT64_C(300000000)

/* One check, and between which moments of the service's clock it was judged. */
struct check {
    const struct outcome *outcome;
    bool allowed;
    bool unknown; /* it ended in an error, and may have counted all the same */
    int64_t from_us, until_us;
};

/* The checks of one owner. */
struct gauge {
    const struct performance *performance;
    enum owner owner;
    unsigned limit;
    struct check *checks;
    size_t count;
    int64_t end_us; /* how far the clock was set */
};

/* Where the clock stood: at or behind the latest that was answered before the call, not behind the latest that was set before its
 * answer. */
static void read_clock(const struct performance *performance, struct check *check) {
    const struct script *script = performance->stage.script;
    for (size_t i = 0; i < script->client_count; i++) {
        for (size_t j = 0; j < script->clients[i].act_count; j++) {
            const struct act *act = &script->clients[i].acts[j];
            const struct outcome *set = &performance->outcomes[i][j];
            if (act->kind != ACT_CLOCK || set->end == ACT_SKIPPED) {
                continue;
            }
            bool before = set->return_ns <= check->outcome->invoke_ns;
            bool may_be = set->end == ACT_DONE && set->invoke_ns <= check->outcome->return_ns;
            check->from_us = before && act->clock_us > check->from_us ? act->clock_us : check->from_us;
            check->until_us = may_be && act->clock_us > check->until_us ? act->clock_us : check->until_us;
        }
    }
}

/* Without a clock to set time is that of the world, and only distances count. */
static void read_world(const struct performance *performance, struct check *check) {
    int64_t error_us = performance->stage.clock_error_ns / 1000;
    check->from_us = check->outcome->invoke_ns / 1000 - error_us;
    check->until_us = check->outcome->return_ns / 1000 + 1 + error_us;
}

/* Visits all acts of this owner's limit; false when memory runs out. */
static bool gather(struct gauge *gauge) {
    const struct performance *performance = gauge->performance;
    const struct script *script = performance->stage.script;
    gauge->checks = calloc(script_acts(script) + 1, sizeof *gauge->checks);
    for (size_t i = 0; gauge->checks && i < script->client_count; i++) {
        for (size_t j = 0; j < script->clients[i].act_count; j++) {
            const struct act *act = &script->clients[i].acts[j];
            const struct outcome *outcome = &performance->outcomes[i][j];
            struct check check = {.outcome = outcome};
            gauge->end_us =
                act->kind == ACT_CLOCK && act->clock_us > gauge->end_us ? act->clock_us : gauge->end_us;
            bool ours = act->kind == ACT_CHECK && act->owner == gauge->owner;
            if (!ours || (outcome->end != ACT_DONE && outcome->end != ACT_REFUSED)) {
                continue;
            }
            check.unknown = outcome->end == ACT_REFUSED;
            check.allowed = json_is_true(json_object_get(outcome->result, "allowed"));
            (performance->stage.has_clock ? read_clock : read_world)(performance, &check);
            gauge->checks[gauge->count++] = check;
        }
    }
    return gauge->checks != NULL;
}

/* So many were let through for certain in the window that ends with this one. */
static size_t count_certain(const struct gauge *gauge, const struct check *last) {
    size_t count = 0;
    for (size_t i = 0; i < gauge->count; i++) {
        const struct check *check = &gauge->checks[i];
        count += check->allowed && check->from_us > last->until_us - WINDOW_US &&
                 check->until_us <= last->until_us;
    }
    return count;
}

/* What may have counted when this one was judged. */
static bool may_count(const struct check *check, const struct check *judged) {
    return (check->allowed || check->unknown) && check->outcome->invoke_ns <= judged->outcome->return_ns &&
           check->until_us > judged->from_us - WINDOW_US;
}

static size_t count_possible(const struct gauge *gauge, const struct check *judged) {
    size_t count = 0;
    for (size_t i = 0; i < gauge->count; i++) {
        count += may_count(&gauge->checks[i], judged);
    }
    return count;
}

/* The wait ends when one that counted leaves the window. */
static bool wait_is_true(const struct gauge *gauge, const struct check *judged, int64_t wait_us) {
    for (size_t i = 0; i < gauge->count; i++) {
        const struct check *check = &gauge->checks[i];
        if (may_count(check, judged) && wait_us > 0 &&
            wait_us >= check->from_us + WINDOW_US - judged->until_us &&
            wait_us <= check->until_us + WINDOW_US - judged->from_us) {
            return true;
        }
    }
    return false;
}

static bool has_number(const json_t *result, const char *key, unsigned number) {
    const json_t *value = json_object_get(result, key);
    return json_is_number(value) && json_number_value(value) == (double)number;
}

static void check_refusal(const struct gauge *gauge, const struct check *judged, struct review *review) {
    const json_t *result = judged->outcome->result;
    const json_t *wait = json_object_get(result, "retry_after_seconds");
    size_t possible = count_possible(gauge, judged);
    if (possible < gauge->limit) {
        review_add(review, FINDING_LIMIT, SCRIPT_SLOTS_MAX,
                   "a check of %s was held back, though at most %zu of %u had been let through in the minute "
                   "before",
                   owner_name(gauge->owner), possible, gauge->limit);
    } else if (!has_number(result, "limit", gauge->limit) ||
               !has_number(result, "current_count", gauge->limit)) {
        review_add(review, FINDING_LIMIT, SCRIPT_SLOTS_MAX,
                   "a check of %s was held back with another limit or current_count than %u",
                   owner_name(gauge->owner), gauge->limit);
    } else if (!json_is_number(wait) ||
               !wait_is_true(gauge, judged, (int64_t)llround(json_number_value(wait) * 1e6))) {
        review_add(review, FINDING_LIMIT, SCRIPT_SLOTS_MAX,
                   "a check of %s was held back for %.6f s, and nothing that counted leaves the window then",
                   owner_name(gauge->owner), json_number_value(wait));
    }
}

static void check_counts(const struct gauge *gauge, struct review *review) {
    size_t most = 0;
    for (size_t i = 0; i < gauge->count; i++) {
        const struct check *check = &gauge->checks[i];
        size_t certain = check->allowed ? count_certain(gauge, check) : 0;
        most = certain > most ? certain : most;
        if (!check->allowed && !check->unknown) {
            check_refusal(gauge, check, review);
        }
    }
    if (most > gauge->limit) {
        review_add(review, FINDING_LIMIT, SCRIPT_SLOTS_MAX,
                   "%zu checks of %s were let through within a minute; the limit is %u", most,
                   owner_name(gauge->owner), gauge->limit);
    }
}

/* True for what a refusal raises, and no client of the script has created. */
static bool is_notice(const struct performance *performance, const json_t *row) {
    const char *kind = json_string_value(json_object_get(row, "kind"));
    const char *resource = json_string_value(value_at(row, "/data/resource_type"));
    return kind && strcmp(kind, "resource_exhausted") == 0 && resource &&
           strcmp(resource, "rate_limit") == 0 && review_slot(performance, row) == SCRIPT_SLOTS_MAX;
}

/* Adds the ids of the notices in a list; how many it shows. */
static size_t add_notices(const struct gauge *gauge, const struct outcome *list, json_t *ids,
                          struct review *review) {
    size_t index, shown = 0;
    json_t *row;
    json_array_foreach(json_object_get(list->result, "interrupts"), index, row) {
        const char *id = json_string_value(json_object_get(row, "id"));
        if (id && is_notice(gauge->performance, row)) {
            review->failed = review->failed || json_object_set_new(ids, id, json_true()) != 0;
            shown++;
        }
    }
    return shown;
}

/* Whether a check had been held back before the list was asked for. */
static bool was_held_back(const struct gauge *gauge, const struct outcome *list) {
    for (size_t i = 0; i < gauge->count; i++) {
        const struct check *check = &gauge->checks[i];
        if (!check->allowed && !check->unknown && check->outcome->return_ns < list->invoke_ns) {
            return true;
        }
    }
    return false;
}

/* However many are held back at once, their owner is told once. */
static void check_notices(const struct gauge *gauge, struct review *review) {
    const struct script *script = gauge->performance->stage.script;
    json_t *ids = json_object();
    review->failed = review->failed || !ids;
    for (size_t i = 0; ids && i < script->client_count; i++) {
        for (size_t j = 0; j < script->clients[i].act_count; j++) {
            const struct act *act = &script->clients[i].acts[j];
            const struct outcome *list = &gauge->performance->outcomes[i][j];
            bool asks = act->kind == ACT_LIST && act->owner == gauge->owner && list->end == ACT_DONE &&
                        (act->status == LIST_PENDING || act->status == LIST_ALL);
            if (asks && add_notices(gauge, list, ids, review) == 0 && was_held_back(gauge, list)) {
                review_add(review, FINDING_LIMIT, SCRIPT_SLOTS_MAX,
                           "a check of %s was held back, and no interrupt tells of it",
                           owner_name(gauge->owner));
            }
        }
    }
    if (json_object_size(ids) > 1) {
        review_add(review, FINDING_LIMIT, SCRIPT_SLOTS_MAX, "%zu interrupts tell %s of one limit",
                   json_object_size(ids), owner_name(gauge->owner));
    }
    json_decref(ids);
}

void review_limits(const struct performance *performance, struct review *review) {
    const unsigned limit = performance->stage.script->per_minute;
    /* After a lost answer nobody knows what was let through. */
    for (unsigned owner = 0; performance->lost == 0 && owner < OWNER_COUNT; owner++) {
        struct gauge gauge = {.performance = performance,
                              .owner = (enum owner)owner,
                              .limit = limit > 0 ? limit : LIMIT_DEFAULT};
        review->failed = !gather(&gauge) || review->failed;
        check_counts(&gauge, review);
        if (gauge.count > 0 && gauge.end_us < NOTICE_US) {
            check_notices(&gauge, review);
        }
        free(gauge.checks);
    }
}
