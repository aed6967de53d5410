#include "harness/lab/blame.h"

#include <inttypes.h>

enum { NS_SHOWN_UNTIL = 10000, US_SHOWN_UNTIL = 10000000 };

void blame_add_time(struct text *text, int64_t time_ns) {
    const char *sign = time_ns < 0 ? "-" : "+";
    uint64_t size = time_ns < 0 ? UINT64_C(0) - (uint64_t)time_ns : (uint64_t)time_ns;
    if (size < NS_SHOWN_UNTIL) {
        text_addf(text, "%s%" PRIu64 " ns", sign, size);
    } else if (size < US_SHOWN_UNTIL) {
        text_addf(text, "%s%" PRIu64 ".%03" PRIu64 " us", sign, size / 1000, size % 1000);
    } else {
        text_addf(text, "%s%" PRIu64 ".%06" PRIu64 " ms", sign, size / 1000000, size % 1000000);
    }
}

/* The moment, seen from the first call. Times stay far inside of 64 bits but for those of hostile files. */
static void add_moment(const struct blame *blame, struct text *text, int64_t time_ns) {
    bool fits = time_ns >= 0 || blame->start_ns <= INT64_MAX + time_ns;
    blame_add_time(text, fits ? time_ns - blame->start_ns : INT64_MIN + 1);
}

static void add_who(const struct blame *blame, struct text *text, const struct operation *operation) {
    static const char *const nouns[OPERATION_KINDS] = {"create", "respond", "cancel", "sweep", "get", "list"};
    text_addf(text, "the %s of client %s", nouns[operation->kind],
              names_text(&blame->history->clients, operation->client));
}

static void add_result(const struct blame *blame, struct text *text, const struct operation *operation) {
    if (operation->result == RESULT_UNKNOWN) {
        text_add(text, "whose answer was lost");
        return;
    }
    text_add(text, "answered ");
    operation_result_add(text, blame->history, operation);
}

static void add_operation(const struct blame *blame, struct text *text, const struct operation *operation) {
    add_who(blame, text, operation);
    text_add(text, ", ");
    add_result(blame, text, operation);
    if (operation->return_ns != HISTORY_LOST) {
        text_add(text, " at ");
        add_moment(blame, text, operation->return_ns);
    }
    text_add(text, ",");
}

static void name_operation(struct judgement *judgement, const struct operation *operation) {
    if (!operation || judgement->operation_count == JUDGEMENT_OPERATIONS_MAX) {
        return;
    }
    size_t at = judgement->operation_count;
    for (size_t i = 0; i < at; i++) {
        if (judgement->operations[i] == operation) {
            return;
        }
    }
    for (; at > 0 && judgement->operations[at - 1]->invoke_ns > operation->invoke_ns; at--) {
        judgement->operations[at] = judgement->operations[at - 1];
    }
    judgement->operations[at] = operation;
    judgement->operation_count++;
}

/* Memory that runs out costs words, never the verdict. */
static void finish(struct judgement *judgement, struct text *text) {
    judgement->linearity = VIOLATION;
    text_put(judgement->reason, sizeof judgement->reason,
             text->failed || !text->bytes ? "no order of the operations explains their answers"
                                          : text->bytes);
    text_release(text);
}

static void add_bound(const struct blame *blame, struct text *text, const struct bound *bound) {
    static const char *const words[] = {
        [ROLE_CREATE_CALLED] = "was only called at ",
        [ROLE_STILL_ABSENT] = "which did not find it, was only called at ",
        [ROLE_ENDER_CALLED] = "which alone can have ended it, was only called at ",
        [ROLE_STILL_OPEN] = "which found it not ended, was only called at ",
        [ROLE_MAY_LAPSE] = "it could not expire before ",
        [ROLE_CREATE_ANSWERED] = "had created it by ",
        [ROLE_SEEN_PRESENT] = "shows that it was there by ",
        [ROLE_ENDER_ANSWERED] = "had ended it by ",
        [ROLE_SEEN_ENDED] = "shows that it was no longer pending by ",
        [ROLE_DEADLINE] = "its time to be answered was over at ",
    };
    if (bound->by) {
        add_operation(blame, text, bound->by);
        text_add(text, " ");
    }
    text_add(text, words[bound->role]);
    add_moment(blame, text, bound->at_ns);
}

void blame_bounds(const struct blame *blame, const struct bound *from, const struct bound *until,
                  struct judgement *judgement) {
    struct text text = {.cap_bytes = 16 * JUDGEMENT_REASON_SIZE};
    add_bound(blame, &text, until);
    text_add(&text, ", but ");
    add_bound(blame, &text, from);
    name_operation(judgement, until->by);
    name_operation(judgement, from->by);
    finish(judgement, &text);
}

void blame_between(const struct blame *blame, const struct operation *operation, const struct bound *present,
                   const struct bound *open, struct judgement *judgement) {
    struct text text = {.cap_bytes = 16 * JUDGEMENT_REASON_SIZE};
    add_operation(blame, &text, operation);
    text_add(&text,
             operation->kind == OPERATION_LIST ? " left it out, though " : " did not name it, though ");
    add_bound(blame, &text, present);
    text_add(&text, ", and ");
    add_bound(blame, &text, open);
    name_operation(judgement, operation);
    name_operation(judgement, present->by);
    name_operation(judgement, open->by);
    finish(judgement, &text);
}

static void add_stranger(const struct blame *blame, struct text *text, const struct operation *operation) {
    const struct names *users = &blame->history->users;
    text_addf(text, " came from %s and not from the owner %s, and was not refused as forbidden",
              names_text(users, operation->user), names_text(users, blame->creation->who));
}

void blame_fault(const struct blame *blame, enum fault fault, const struct operation *one,
                 const struct operation *other, struct judgement *judgement) {
    static const char *const words[] = {
        [FAULT_STRANGER_SERVED] = "",
        [FAULT_OWNER_REFUSED] = " was refused, though whoever called it has the right to",
        [FAULT_NEVER_ABSENT] = " did not find an interrupt that was there from the start",
        [FAULT_OUTSIDE_FILTER] = " shows a status that its filter does not ask for",
        [FAULT_NEVER_EXPIRES] = " expired an interrupt that never expires",
        [FAULT_NOBODY_ENDED_IT] = " shows an end that no call can have brought about",
        [FAULT_CREATED_TWICE] = " both created it, and an id is given out only once",
        [FAULT_TWO_WINNERS] = " both ended it, and only one of them can have found it pending",
        [FAULT_NAMED_TWICE] = " both expired it, and only one of them can have found it not yet expired",
        [FAULT_DIFFERENT_ENDS] = " tell of different ends, and an interrupt ends only once",
    };
    struct text text = {.cap_bytes = 16 * JUDGEMENT_REASON_SIZE};
    add_operation(blame, &text, one);
    if (other) {
        text_add(&text, " and ");
        add_operation(blame, &text, other);
    }
    text_add(&text, words[fault]);
    if (fault == FAULT_STRANGER_SERVED) {
        add_stranger(blame, &text, one);
    }
    name_operation(judgement, one);
    name_operation(judgement, other);
    finish(judgement, &text);
}
