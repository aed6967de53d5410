#include "harness/doctor/checkup.h"

#include <stdlib.h>
#include <string.h>

const char *check_state_name(enum check_state state) {
    static const char *const names[CHECK_STATE_COUNT] = {"not tried", "ok", "fails"};
    return names[state];
}

static void row_release(struct check_row *row) {
    free(row->id);
    free(row->title);
    free(row->note);
    free(row->did);
    free(row->expected);
    free(row->mend);
}

void checkup_release(struct checkup *checkup) {
    for (size_t i = 0; i < checkup->count; i++) {
        row_release(&checkup->rows[i]);
    }
    free(checkup->rows);
    free(checkup->target);
    free(checkup->who);
    free(checkup->log);
    free(checkup->by_hand);
    free(checkup->next);
    *checkup = (struct checkup){0};
}

void checkup_add(struct checkup *checkup, const char *id, const char *title) {
    struct check_row row = {.id = text_copy(id), .title = text_copy(title)};
    struct check_row *rows = realloc(checkup->rows, (checkup->count + 1) * sizeof *rows);
    if (rows) {
        checkup->rows = rows;
    }
    if (!rows || !row.id || !row.title) {
        checkup->failed = true;
        row_release(&row);
        return;
    }
    checkup->rows[checkup->count++] = row;
}

static struct check_row *find(const struct checkup *checkup, const char *id) {
    for (size_t i = 0; i < checkup->count; i++) {
        if (strcmp(checkup->rows[i].id, id) == 0) {
            return &checkup->rows[i];
        }
    }
    return NULL;
}

const struct check_row *checkup_row(const struct checkup *checkup, const char *id) {
    return find(checkup, id);
}

/* Takes over the text that was written; NULL, and the checkup failed, when that ran out of memory. */
static char *take(struct checkup *checkup, struct text *text) {
    char *taken = text_take(text);
    checkup->failed = checkup->failed || !taken;
    return taken;
}

static void replace_note(struct checkup *checkup, struct check_row *row, enum check_state state,
                         struct text *note) {
    free(row->note);
    row->state = state;
    row->note = note->bytes || note->failed ? take(checkup, note) : NULL;
}

void checkup_pass(struct checkup *checkup, const char *id, const char *note, ...) {
    struct check_row *row = find(checkup, id);
    struct text text = {0};
    va_list arguments;
    if (!row || row->state != CHECK_NOT_TRIED) {
        return;
    }
    if (note) {
        va_start(arguments, note);
        text_addv(&text, note, arguments);
        va_end(arguments);
    }
    replace_note(checkup, row, CHECK_OK, &text);
}

void checkup_skip(struct checkup *checkup, const char *id, const char *why, ...) {
    struct check_row *row = find(checkup, id);
    struct text text = {0};
    va_list arguments;
    if (!row || row->state != CHECK_NOT_TRIED || row->note) {
        return;
    }
    va_start(arguments, why);
    text_addv(&text, why, arguments);
    va_end(arguments);
    replace_note(checkup, row, CHECK_NOT_TRIED, &text);
}

void checkup_fail(struct checkup *checkup, const char *id, const char *expected, const char *mend,
                  const char *did, ...) {
    struct check_row *row = find(checkup, id);
    struct text text = {0}, none = {0};
    va_list arguments;
    if (!row || row->state == CHECK_FAILS) {
        return;
    }
    va_start(arguments, did);
    text_addv(&text, did, arguments);
    va_end(arguments);
    replace_note(checkup, row, CHECK_FAILS, &none);
    row->did = take(checkup, &text);
    row->expected = text_copy(expected);
    row->mend = text_copy(mend);
    checkup->failed = checkup->failed || !row->expected || !row->mend;
}

size_t checkup_count(const struct checkup *checkup, enum check_state state) {
    size_t count = 0;
    for (size_t i = 0; i < checkup->count; i++) {
        count += checkup->rows[i].state == state;
    }
    return count;
}

enum checkup_end checkup_conclude(const struct checkup *checkup) {
    if (checkup_count(checkup, CHECK_FAILS) > 0) {
        return CHECKUP_FAULTY;
    }
    return checkup->hurried ? CHECKUP_UNDECIDED : CHECKUP_HEALTHY;
}

const char *checkup_end_name(enum checkup_end end) {
    static const char *const names[] = {"healthy", "faulty", "undecided"};
    return names[end];
}
