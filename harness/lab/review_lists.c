#include "harness/base/value.h"
#include "harness/lab/review_parts.h"
#include "reference/base/instant.h"

#include <stdio.h>
#include <string.h>

enum { SLOT_SIZE = 16 };

static const char *text_of(const json_t *row, const char *key) {
    const char *text = json_string_value(json_object_get(row, key));
    return text ? text : "";
}

static bool read_created(const json_t *row, int64_t *instant_us) {
    const json_t *created = json_object_get(row, "created_at");
    return json_is_string(created) &&
           hp_instant_parse(json_string_value(created), json_string_length(created), instant_us);
}

/* Newest first, of one instant the greater id first. Rows of one microsecond whose times are written in two ways may
 * differ in what is finer, and then nothing is said of their ids; nor of rows without a time. */
static bool is_in_order(const json_t *row, const json_t *next) {
    int64_t row_us, next_us;
    if (!read_created(row, &row_us) || !read_created(next, &next_us)) {
        return true;
    }
    if (row_us != next_us) {
        return row_us > next_us;
    }
    return strcmp(text_of(row, "created_at"), text_of(next, "created_at")) != 0 ||
           strcmp(text_of(row, "id"), text_of(next, "id")) > 0;
}

/* "#3", or "another" for a row that is none of the script's. */
static const char *put_slot(const struct performance *performance, const json_t *row, char name[SLOT_SIZE]) {
    unsigned slot = review_slot(performance, row);
    snprintf(name, SLOT_SIZE, slot < performance->stage.slot_count ? "#%u" : "another", slot);
    return name;
}

/* Whose it is, and in which state: as was asked for. */
static void check_row(const struct performance *performance, const struct act *act, const json_t *row,
                      struct review *review) {
    char owner[STAGE_NAME_SIZE], name[SLOT_SIZE];
    unsigned slot = review_slot(performance, row);
    const char *status = act->kind == ACT_LIST ? list_status_name(act->status) : "pending";
    stage_put_name(&performance->stage, owner_name(act->owner), owner);
    if (strcmp(text_of(row, "user_id"), owner) != 0) {
        review_add(review, FINDING_LIST, slot, "a list of %s's interrupts shows one of %s", owner,
                   text_of(row, "user_id"));
    } else if (strcmp(status, "all") != 0 && strcmp(text_of(row, "status"), status) != 0) {
        review_add(review, FINDING_LIST, slot, "a list of %s interrupts shows %s, which it says is %s",
                   status, put_slot(performance, row, name), text_of(row, "status"));
    }
}

static void check_rows(const struct performance *performance, const struct act *act, const json_t *rows,
                       struct review *review) {
    json_t *seen = json_object();
    review->failed = review->failed || !seen;
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        const json_t *next = json_array_get(rows, i + 1);
        char name[SLOT_SIZE], next_name[SLOT_SIZE];
        unsigned slot = review_slot(performance, row);
        put_slot(performance, row, name);
        check_row(performance, act, row, review);
        if (json_object_get(seen, text_of(row, "id"))) {
            review_add(review, FINDING_LIST, slot, "a list shows %s twice", name);
        } else if (next && !is_in_order(row, next)) {
            review_add(review, FINDING_LIST, slot, "a list shows %s before %s, and that is not newest first",
                       name, put_slot(performance, next, next_name));
        }
        review->failed = review->failed || json_object_set_new(seen, text_of(row, "id"), json_true()) != 0;
    }
    json_decref(seen);
}

/* The one pending interrupt is a list of one. */
static void check_outcome(const struct performance *performance, const struct act *act,
                          const struct outcome *outcome, struct review *review) {
    const json_t *interrupt = json_object_get(outcome->result, "interrupt");
    if (act->kind == ACT_LIST) {
        check_rows(performance, act, json_object_get(outcome->result, "interrupts"), review);
    } else if (act->kind == ACT_PENDING && json_is_object(interrupt)) {
        check_row(performance, act, interrupt, review);
    }
}

void review_lists(const struct performance *performance, struct review *review) {
    review_visit(performance, check_outcome, review);
}
