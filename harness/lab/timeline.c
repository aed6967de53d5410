#include "harness/lab/timeline.h"

#include "harness/lab/blame.h"

#include <inttypes.h>
#include <string.h>

enum { WORDS_SIZE = 96, WORDS_COLUMNS_MAX = 46 };

/* A name may hold anything; one with a line in it would forge a row. */
static void add_on_one_line(struct text *text, const char *words) {
    for (const char *at = words; *at; at++) {
        text_append(text, *at == '\n' ? "\\n" : at, *at == '\n' ? 2 : 1);
    }
}

static void add_raw_words(struct text *text, const struct history *history,
                          const struct operation *operation) {
    text_addf(text, "client %s  %s", names_text(&history->clients, operation->client),
              operation_kind_name(operation->kind));
    if (operation->kind == OPERATION_CREATE) {
        text_addf(text, " for %s", names_text(&history->users, operation->who));
    }
    if (operation->user != NAME_NONE) {
        text_addf(text, " as %s", names_text(&history->users, operation->user));
    }
    text_add(text, " -> ");
    operation_result_add(text, history, operation);
}

/* What the call was, without when. */
static void add_words(struct text *text, const struct history *history, const struct operation *operation) {
    struct text words = {0};
    add_raw_words(&words, history, operation);
    add_on_one_line(text, words.bytes ? words.bytes : "");
    text->failed = text->failed || words.failed;
    text_release(&words);
}

bool timeline_add_operation(struct text *text, const struct history *history,
                            const struct operation *operation, int64_t start_ns) {
    add_words(text, history, operation);
    text_add(text, "  ");
    blame_add_time(text, operation->invoke_ns - start_ns);
    text_add(text, " .. ");
    if (operation->return_ns == HISTORY_LOST) {
        text_add(text, "no answer");
    } else {
        blame_add_time(text, operation->return_ns - start_ns);
    }
    return !text->failed;
}

/* What is drawn, and on which scale. */
struct drawing {
    const struct history *history;
    const struct operation *operations;
    const struct judgement *judgement;
    const char *indent;
    uint32_t count;
    int64_t start_ns;
    int64_t length_ns; /* at least 1 */
    int width;         /* of the words */
};

static bool is_named(const struct drawing *drawing, const struct operation *operation) {
    for (size_t i = 0; i < drawing->judgement->operation_count; i++) {
        if (drawing->judgement->operations[i] == operation) {
            return true;
        }
    }
    return false;
}

/* True when the row is among those to be shown: all of a short history, else the neighbours of the named ones. */
static bool is_shown(const struct drawing *drawing, uint32_t row) {
    size_t named = drawing->judgement->operation_count;
    if (drawing->count <= TIMELINE_ROWS_MAX) {
        return true;
    }
    if (named == 0) {
        return row < TIMELINE_ROWS_MAX;
    }
    uint32_t reach = (uint32_t)(TIMELINE_ROWS_MAX / named / 2);
    for (size_t i = 0; i < named; i++) {
        uint32_t at = (uint32_t)(drawing->judgement->operations[i] - drawing->operations);
        if (row + reach > at && row < at + reach) {
            return true;
        }
    }
    return false;
}

static size_t column_of(const struct drawing *drawing, int64_t time_ns) {
    if (time_ns < drawing->start_ns) {
        return 0;
    }
    double part = (double)(time_ns - drawing->start_ns) / (double)drawing->length_ns;
    return part >= 1 ? TIMELINE_COLUMNS - 1 : (size_t)(part * (TIMELINE_COLUMNS - 1));
}

static void draw_bar(const struct drawing *drawing, const struct operation *operation,
                     char bar[TIMELINE_COLUMNS + 1]) {
    bool lost = operation->return_ns == HISTORY_LOST;
    size_t from = column_of(drawing, operation->invoke_ns);
    size_t until = lost ? TIMELINE_COLUMNS - 1 : column_of(drawing, operation->return_ns);
    memset(bar, ' ', TIMELINE_COLUMNS);
    memset(bar + from, '=', until - from + 1);
    bar[until] = lost ? '>' : ']';
    bar[from] = operation->invoke_ns < drawing->start_ns ? '<' : '[';
    bar[from] = from == until && bar[from] == '[' ? '|' : bar[from];
    bar[lost || until + 1 > TIMELINE_COLUMNS ? TIMELINE_COLUMNS : until + 1] = '\0';
}

static void add_row(const struct drawing *drawing, struct text *text, const struct operation *operation) {
    struct text words = {0};
    char bar[TIMELINE_COLUMNS + 1];
    add_words(&words, drawing->history, operation);
    draw_bar(drawing, operation, bar);
    text_addf(text, "%s%s %-*s  %s\n", drawing->indent, is_named(drawing, operation) ? "*" : " ",
              drawing->width, words.bytes && !words.failed ? words.bytes : "", bar);
    text_release(&words);
}

/* The words of all rows stand in one column, unless a name is very long. */
static int width_of_words(const struct drawing *drawing) {
    size_t width = 0;
    struct text words = {0};
    for (uint32_t i = 0; i < drawing->count; i++) {
        text_clear(&words);
        add_words(&words, drawing->history, &drawing->operations[i]);
        width = is_shown(drawing, i) && words.length_bytes > width ? words.length_bytes : width;
    }
    text_release(&words);
    return (int)(width < WORDS_COLUMNS_MAX ? width : WORDS_COLUMNS_MAX);
}

static int64_t length_of_time(const struct drawing *drawing) {
    int64_t last_ns = drawing->start_ns + 1;
    for (uint32_t i = 0; i < drawing->count; i++) {
        const struct operation *operation = &drawing->operations[i];
        int64_t end_ns = operation->return_ns == HISTORY_LOST ? operation->invoke_ns : operation->return_ns;
        last_ns = is_shown(drawing, i) && end_ns > last_ns ? end_ns : last_ns;
    }
    return last_ns - drawing->start_ns;
}

/* What was long before or long after would press together what matters. Then the drawing begins shortly before the
 * operations that are named and ends shortly behind them: what began earlier has a < at its begin, what comes later stands at
 * the edge. */
static void look_closer(struct drawing *drawing) {
    const struct judgement *judgement = drawing->judgement;
    if (judgement->operation_count == 0) {
        return;
    }
    int64_t first_ns = INT64_MAX, last_ns = INT64_MIN;
    for (size_t i = 0; i < judgement->operation_count; i++) {
        const struct operation *operation = judgement->operations[i];
        int64_t end_ns = operation->return_ns == HISTORY_LOST ? operation->invoke_ns : operation->return_ns;
        first_ns = operation->invoke_ns < first_ns ? operation->invoke_ns : first_ns;
        last_ns = end_ns > last_ns ? end_ns : last_ns;
    }
    int64_t margin_ns = last_ns - first_ns;
    if (drawing->length_ns / 6 < margin_ns) {
        return;
    }
    int64_t end_ns = drawing->start_ns + drawing->length_ns;
    drawing->start_ns = first_ns - margin_ns > drawing->start_ns ? first_ns - margin_ns : drawing->start_ns;
    end_ns = last_ns + margin_ns < end_ns ? last_ns + margin_ns : end_ns;
    drawing->length_ns = end_ns > drawing->start_ns ? end_ns - drawing->start_ns : 1;
}

/* Where the scale begins and ends, from the key's first call on. */
static void add_scale(const struct drawing *drawing, struct text *text) {
    struct text begin = {0};
    struct text end = {0};
    int64_t first_ns = drawing->operations[0].invoke_ns;
    blame_add_time(&begin, drawing->start_ns - first_ns);
    blame_add_time(&end, drawing->start_ns + drawing->length_ns - first_ns);
    if (!begin.failed && !end.failed) {
        int gap = TIMELINE_COLUMNS - (int)begin.length_bytes;
        text_addf(text, "%s  %*s  %s%*s\n", drawing->indent, drawing->width, "", begin.bytes, gap, end.bytes);
    }
    text_release(&begin);
    text_release(&end);
}

bool timeline_add(struct text *text, const struct history *history, size_t key,
                  const struct judgement *judgement, const char *indent) {
    const struct history_key *group = &history->keys[key];
    struct drawing drawing = {.history = history,
                              .operations = history->operations + group->first,
                              .count = group->count,
                              .judgement = judgement,
                              .indent = indent};
    uint32_t first = 0;
    while (first + 1 < drawing.count && !is_shown(&drawing, first)) {
        first++;
    }
    drawing.start_ns = drawing.count > 0 ? drawing.operations[first].invoke_ns : 0;
    drawing.length_ns = length_of_time(&drawing);
    look_closer(&drawing);
    drawing.width = width_of_words(&drawing);
    uint32_t left_out = 0;
    if (drawing.count > 0) {
        add_scale(&drawing, text);
    }
    for (uint32_t i = 0; i < drawing.count; i++) {
        if (is_shown(&drawing, i)) {
            add_row(&drawing, text, &drawing.operations[i]);
        } else {
            left_out++;
        }
    }
    if (left_out > 0) {
        text_addf(text, "%s  (%" PRIu32 " of %" PRIu32 " operations are not shown)\n", indent, left_out,
                  drawing.count);
    }
    return !text->failed;
}
