#include "reference/core/query.h"
#include "reference/base/text.h"

#include <stdio.h>
#include <string.h>

enum hp_status hp_query_check(struct hp_query *query, struct hp_problem *problem) {
    const struct {
        const char *id;
        const char *pointer;
    } ids[] = {
        {query->user_id, "/user_id"},
        {query->session_id, "/session_id"},
        {query->request_id, "/request_id"},
    };
    bool any = false;
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        enum hp_status status = ids[i].id ? hp_id_check(ids[i].id, ids[i].pointer, problem) : HP_OK;
        if (status != HP_OK) {
            return status;
        }
        any = any || ids[i].id;
    }
    if (!any) {
        return hp_problem_set(problem, HP_INVALID, "", "user_id, session_id or request_id is required");
    }
    if (query->limit > HP_LIMIT_MAX) {
        return hp_problem_set(problem, HP_INVALID, "/limit", "limit must be 1 to %d", HP_LIMIT_MAX);
    }
    query->limit = query->limit ? query->limit : HP_LIMIT_DEFAULT;
    query->statuses = query->statuses ? query->statuses : 1u << HP_PENDING;
    query->kinds = query->kinds ? query->kinds : HP_KINDS_ALL;
    return HP_OK;
}

static bool id_matches(const char *wanted, const char *id) {
    return !wanted || strcmp(wanted, id) == 0;
}

bool hp_query_matches(const struct hp_query *query, const struct hp_interrupt *interrupt, int64_t now_us) {
    return (query->kinds >> interrupt->kind & 1) &&
           (query->statuses >> hp_interrupt_shown_status(interrupt, now_us) & 1) &&
           id_matches(query->user_id, interrupt->user_id) &&
           id_matches(query->session_id, interrupt->session_id) &&
           id_matches(query->request_id, interrupt->request_id);
}

/* A hash of the filters and the position; the NUL behind each text keeps neighbours apart. */
static uint64_t binding(const struct hp_query *query, const struct hp_position *position) {
    const char *ids[] = {query->user_id, query->session_id, query->request_id};
    uint64_t hash = TEXT_HASH_START;
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        hash = ids[i] ? text_hash(hash, ids[i], strlen(ids[i]) + 1) : text_hash(hash, "\xff", 2);
    }
    hash = text_hash(hash, &query->statuses, sizeof query->statuses);
    hash = text_hash(hash, &query->kinds, sizeof query->kinds);
    hash = text_hash(hash, &position->created_at_us, sizeof position->created_at_us);
    return text_hash(hash, position->id, strlen(position->id));
}

/* A cursor is 16 hexadecimal digits of the instant, the 32 of the id, and 16 of the binding. */
void hp_cursor_write(const struct hp_query *query, const struct hp_position *position,
                     char cursor[HP_CURSOR_SIZE]) {
    char digits[HP_ID_SIZE];
    size_t count = 0;
    for (const char *at = position->id; *at; at++) {
        if (*at != '-') {
            digits[count++] = *at;
        }
    }
    digits[count] = '\0';
    snprintf(cursor, HP_CURSOR_SIZE, "%016llx%.32s%016llx", (unsigned long long)position->created_at_us,
             digits, (unsigned long long)binding(query, position));
}

static bool read_hexadecimal(const char *text, uint64_t *value) {
    *value = 0;
    for (size_t i = 0; i < 16; i++) {
        const char *digits = "0123456789abcdef";
        const char *at = text[i] ? strchr(digits, text[i]) : NULL;
        if (!at) {
            return false;
        }
        *value = *value << 4 | (uint64_t)(at - digits);
    }
    return true;
}

static void read_id(const char *digits, char id[HP_ID_SIZE]) {
    snprintf(id, HP_ID_SIZE, "%.8s-%.4s-%.4s-%.4s-%.12s", digits, digits + 8, digits + 12, digits + 16,
             digits + 20);
}

enum hp_status hp_cursor_read(const struct hp_query *query, struct hp_position *position,
                              struct hp_problem *problem) {
    uint64_t instant, bound;
    if (strlen(query->cursor) == HP_CURSOR_SIZE - 1 && read_hexadecimal(query->cursor, &instant) &&
        read_hexadecimal(query->cursor + 48, &bound)) {
        memset(position, 0, sizeof *position);
        position->created_at_us = (int64_t)instant;
        read_id(query->cursor + 16, position->id);
        if (bound == binding(query, position)) {
            return HP_OK;
        }
    }
    return hp_problem_set(problem, HP_INVALID, "/cursor", "the cursor is damaged or belongs to another list");
}
