#include "harness/base/value.h"
#include "harness/lab/review_parts.h"

#include <string.h>

/* What an act may be refused as, whatever the others do: each is well formed, and speaks of what is there. Whether it was
 * refused in its time is for the checker to say. Names between blanks. */
static const char *expected_refusals(const struct act *act) {
    switch (act->kind) {
    case ACT_RESPOND:
    case ACT_CANCEL:
    case ACT_RESUME:
        return " conflict forbidden not_found ";
    case ACT_GET:
        return act->as == AS_STRANGER ? " forbidden not_found " : " not_found ";
    case ACT_CLOCK:
        return " invalid "; /* another client has set it beyond */
    default:
        return "";
    }
}

static bool is_among(const char *word, const char *words) {
    char whole[ADAPTER_NAME_SIZE + 2] = " ";
    strcat(strcat(whole, word), " ");
    return !strchr(word, ' ') && strstr(words, whole) != NULL;
}

static bool is_status(const char *status) {
    return status[0] && is_among(status, " pending resolved cancelled expired ");
}

static bool shows_interrupt(const json_t *interrupt) {
    const json_t *id = json_object_get(interrupt, "id");
    return json_string_length(id) > 0 && json_string_length(id) < STAGE_ID_SIZE &&
           strlen(review_status(interrupt)) < ADAPTER_NAME_SIZE && is_status(review_status(interrupt));
}

static bool rows_are_whole(const json_t *rows) {
    bool whole = json_is_array(rows);
    for (size_t i = 0; whole && i < json_array_size(rows); i++) {
        whole = shows_interrupt(json_array_get(rows, i));
    }
    return whole;
}

static bool ids_are_whole(const json_t *ids) {
    bool whole = json_is_array(ids);
    for (size_t i = 0; whole && i < json_array_size(ids); i++) {
        whole = json_string_length(json_array_get(ids, i)) > 0;
    }
    return whole;
}

/* What an answer must have and does not; NULL: nothing. */
static const char *missing(const struct act *act, const json_t *result) {
    const json_t *interrupt = json_object_get(result, "interrupt");
    switch (act->kind) {
    case ACT_LIST:
        return rows_are_whole(json_object_get(result, "interrupts"))
                   ? NULL
                   : "a list of interrupts, each with an id and a status";
    case ACT_SWEEP:
        return ids_are_whole(json_object_get(result, "ids")) ? NULL : "a list of ids";
    case ACT_CLOCK:
        return NULL;
    case ACT_RESUME:
        return shows_interrupt(value_at(result, "/envelope/interrupt"))
                   ? NULL
                   : "an envelope whose interrupt has an id and a status";
    case ACT_CHECK:
        return json_is_boolean(json_object_get(result, "allowed")) ? NULL : "allowed, true or false";
    case ACT_PENDING:
        return !interrupt || json_is_null(interrupt) || shows_interrupt(interrupt)
                   ? NULL
                   : "an interrupt with an id and a status, or null";
    default:
        break;
    }
    if (!shows_interrupt(interrupt)) {
        return "an interrupt with an id and a status";
    }
    return act->kind == ACT_RESPOND && !json_is_true(json_object_get(result, "request_can_resume"))
               ? "request_can_resume, which is true"
               : NULL;
}

static void check_refusal(struct review *review, const struct act *act, const struct outcome *outcome,
                          const char *words) {
    if (!is_among(outcome->error_name, expected_refusals(act))) {
        review_add(review, FINDING_ANSWER, act->slot, "%s was refused: %s (%s)", words, outcome->error_name,
                   outcome->detail);
    } else if (strcmp(outcome->error_name, "conflict") == 0 && !outcome->untold_status &&
               act->kind != ACT_RESUME &&
               (!is_status(outcome->interrupt_status) || strcmp(outcome->interrupt_status, "pending") == 0)) {
        review_add(review, FINDING_ANSWER, act->slot,
                   "%s was refused as a conflict, without what the interrupt is now", words);
    }
}

static void check_result(struct review *review, const struct act *act, const struct outcome *outcome,
                         const char *words) {
    const char *lacks = missing(act, outcome->result);
    if (lacks) {
        review_add(review, FINDING_ANSWER, act->slot, "%s was answered without %s", words, lacks);
    } else if ((act->kind == ACT_GET || act->kind == ACT_RESUME) && act->as == AS_STRANGER) {
        review_add(review, FINDING_ANSWER, act->slot, "%s was answered, and should have been forbidden",
                   words);
    }
}

static void check_answer(const struct performance *performance, const struct act *act,
                         const struct outcome *outcome, struct review *review) {
    (void)performance;
    struct text words = {0};
    if (!act_add_words(&words, act)) {
        review->failed = true;
    } else if (outcome->end == ACT_REFUSED) {
        check_refusal(review, act, outcome, words.bytes);
    } else if (outcome->end == ACT_DONE) {
        check_result(review, act, outcome, words.bytes);
    }
    text_release(&words);
}

void review_answers(const struct performance *performance, struct review *review) {
    review_visit(performance, check_answer, review);
}
