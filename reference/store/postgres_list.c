#include "reference/store/postgres_list.h"
#include "reference/base/text.h"
#include "reference/store/postgres_change.h"

#include <stdlib.h>

static unsigned shape_of(const struct hp_query *query, const struct hp_position *after) {
    unsigned shape = 0;
    shape |= query->request_id ? LIST_BY_REQUEST : 0u;
    shape |= query->session_id ? LIST_BY_SESSION : 0u;
    shape |= query->user_id ? LIST_BY_USER : 0u;
    shape |= query->statuses == 1u << HP_PENDING ? LIST_PENDING : 0u;
    return shape | (after ? LIST_AFTER : 0u);
}

static void add_given(struct parameters *parameters, const char *text) {
    if (text) {
        parameters_add_text(parameters, text);
    }
}

static enum hp_status run_list(struct postgres_store *postgres, const struct hp_query *query,
                               const struct hp_position *after, PGresult **result,
                               struct hp_problem *problem) {
    char kinds[CHANGE_KINDS_SIZE], statuses[CHANGE_STATUSES_SIZE];
    struct parameters parameters = {0};
    struct text sql = {0};
    unsigned shape = shape_of(query, after);
    array_of_kinds(query->kinds, kinds);
    array_of_statuses(query->statuses, statuses);
    postgres_add_now(postgres, &parameters);
    parameters_add_text(&parameters, kinds);
    parameters_add_number(&parameters, (int64_t)query->limit + 1); /* one more tells whether there is more */
    add_given(&parameters, query->request_id);
    add_given(&parameters, query->session_id);
    add_given(&parameters, query->user_id);
    if (!(shape & LIST_PENDING)) {
        parameters_add_text(&parameters, statuses);
    }
    if (after) {
        parameters_add_instant(&parameters, after->created_at_us);
        parameters_add_text(&parameters, after->id);
    }
    enum hp_status status = statement_list(&sql, shape) ? HP_OK : hp_problem_no_memory(problem);
    if (status == HP_OK) {
        status = postgres_run(postgres, STATEMENT_LIST + shape, sql.bytes, &parameters, result, problem);
    }
    text_release(&sql);
    return status;
}

/* Reads one row into the page. A row that was answered while we waited for it may match no more; it is the
 * last one passed all the same. */
static enum hp_status read_row(const PGresult *result, int row, const struct hp_query *query,
                               struct hp_page *page, struct hp_position *passed, struct hp_problem *problem) {
    int64_t now_us = row_read_instant(result, row, 0);
    struct hp_interrupt *interrupt = NULL;
    enum hp_status status = row_read_interrupt(result, row, 2, &interrupt, problem);
    if (status != HP_OK) {
        return status;
    }
    passed->created_at_us = interrupt->created_at_us;
    text_put(passed->id, sizeof passed->id, interrupt->id);
    if (!hp_query_matches(query, interrupt, now_us)) {
        hp_interrupt_free(interrupt);
        page->total--;
        return HP_OK;
    }
    interrupt->status = hp_interrupt_shown_status(interrupt, now_us);
    page->interrupts[page->count++] = interrupt;
    return HP_OK;
}

enum hp_status postgres_list_page(struct postgres_store *postgres, const struct hp_query *query,
                                  const struct hp_position *after, struct hp_page *page,
                                  struct hp_problem *problem) {
    PGresult *result = NULL;
    struct hp_position passed;
    *page = (struct hp_page){0};
    enum hp_status status = run_list(postgres, query, after, &result, problem);
    if (status != HP_OK) {
        return status;
    }
    int rows = PQgetisnull(result, 0, 2) ? 0 : PQntuples(result);
    page->total = (size_t)row_read_number(result, 0, 1);
    page->interrupts = calloc((size_t)rows + 1, sizeof(struct hp_interrupt *));
    if (!page->interrupts) {
        status = hp_problem_no_memory(problem);
    }
    for (int row = 0; status == HP_OK && row < rows && row < (int)query->limit; row++) {
        status = read_row(result, row, query, page, &passed, problem);
    }
    if (status == HP_OK && rows > (int)query->limit) {
        hp_cursor_write(query, &passed, page->next_cursor);
    }
    PQclear(result);
    if (status != HP_OK) {
        hp_page_release(page);
    }
    return status;
}
