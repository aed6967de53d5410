#include "harness/base/value.h"
#include "harness/lab/review_parts.h"

#include <string.h>

static const char *text_of(const json_t *row, const char *key) {
    const char *text = json_string_value(json_object_get(row, key));
    return text ? text : "";
}

/* Newest first, of one instant the greater id first. The times are compared as they are written: in one form, they sort
 * as instants do, and in another only rows of one text are compared. */
static bool is_in_order(const json_t *row, const json_t *next) {
    const char *one = text_of(row, "created_at");
    const char *other = text_of(next, "created_at");
    int by_time = strlen(one) == strlen(other) ? strcmp(one, other) : 1;
    return by_time != 0 ? by_time > 0 : strcmp(text_of(row, "id"), text_of(next, "id")) > 0;
}

static void check_row(const struct performance *performance, const struct act *act, const json_t *row,
                      struct review *review) {
    char owner[STAGE_NAME_SIZE];
    unsigned slot = stage_find(&performance->stage, text_of(row, "id"));
    stage_put_name(&performance->stage, owner_name(act->owner), owner);
    if (strcmp(text_of(row, "user_id"), owner) != 0) {
        review_add(review, FINDING_LIST, slot, "a list of %s's interrupts shows one of %s", owner,
                   text_of(row, "user_id"));
    } else if (act->status != LIST_ALL &&
               strcmp(text_of(row, "status"), list_status_name(act->status)) != 0) {
        review_add(review, FINDING_LIST, slot, "a list of %s interrupts shows #%u, which it says is %s",
                   list_status_name(act->status), slot, text_of(row, "status"));
    }
}

static void check_rows(const struct performance *performance, const struct act *act,
                       const struct outcome *outcome, struct review *review) {
    const json_t *rows = json_object_get(outcome->result, "interrupts");
    json_t *seen = json_object();
    if (act->kind != ACT_LIST) {
        rows = NULL;
    }
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        const json_t *next = json_array_get(rows, i + 1);
        unsigned slot = stage_find(&performance->stage, text_of(row, "id"));
        check_row(performance, act, row, review);
        if (json_object_get(seen, text_of(row, "id"))) {
            review_add(review, FINDING_LIST, slot, "a list shows #%u twice", slot);
        } else if (next && !is_in_order(row, next)) {
            review_add(review, FINDING_LIST, slot,
                       "a list shows #%u before #%u, and that is not newest first", slot,
                       stage_find(&performance->stage, text_of(next, "id")));
        }
        review->failed = review->failed || json_object_set_new(seen, text_of(row, "id"), json_true()) != 0;
    }
    json_decref(seen);
}

void review_lists(const struct performance *performance, struct review *review) {
    review_visit(performance, check_rows, review);
}
