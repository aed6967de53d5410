#include "harness/drift/migrations/script.h"

#include "reference/base/text.h"

/* Fails in every state of a session, and leaves nothing. */
static const char failing[] = "select 1 / 0";

bool script_runs(const struct step *step, size_t statement, const struct script_options *options) {
    enum statement_kind kind = step->statements.items[statement].kind;
    return kind != STATEMENT_META && !step->left_out[statement] &&
           !(options->roles_made && kind == STATEMENT_ROLE);
}

static void record(const struct step *step, size_t statement, const struct catalog_answer *answer,
                   struct script_fault *fault) {
    const struct statements *all = &step->statements;
    size_t last = all->count > 0 && statement >= all->count ? all->count - 1 : statement;
    fault->statement = last;
    fault->line = all->count > 0
                      ? statement_line_at(&all->items[last], statement < all->count ? answer->position : 0)
                      : 1;
    text_put(fault->state, sizeof fault->state, answer->state);
    text_put(fault->message, sizeof fault->message, answer->message);
}

static bool run_one(struct catalog *catalog, const struct step *step, size_t statement,
                    const struct script_options *options, struct catalog_answer *answer) {
    const struct statement *item = &step->statements.items[statement];
    if (options->fail_at == statement) {
        return catalog_run(catalog, failing, answer) == CATALOG_DONE;
    }
    if (!script_runs(step, statement, options)) {
        return true;
    }
    return (item->kind == STATEMENT_COPY
                ? catalog_copy(catalog, item->text, item->rows ? item->rows : "", answer)
                : catalog_run(catalog, item->text, answer)) == CATALOG_DONE;
}

static bool run_all(struct catalog *catalog, const struct step *step, const struct script_options *options,
                    struct catalog_answer *answer, struct script_fault *fault) {
    size_t count = step->statements.count;
    if (!step->alone && catalog_run(catalog, "begin", answer) != CATALOG_DONE) {
        record(step, 0, answer, fault);
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (!run_one(catalog, step, i, options, answer)) {
            record(step, i, answer, fault);
            return false;
        }
    }
    /* A deferred constraint speaks only now; no statement is to blame. */
    if (!step->alone && catalog_run(catalog, "commit", answer) != CATALOG_DONE) {
        record(step, count, answer, fault);
        return false;
    }
    return true;
}

static size_t find_begin(const struct step *step) {
    size_t found = 0;
    for (size_t i = 0; i < step->statements.count; i++) {
        found = step->statements.items[i].kind == STATEMENT_BEGIN ? i : found;
    }
    return found;
}

bool script_run(struct catalog *catalog, const struct step *step, const struct script_options *options,
                struct script_fault *fault) {
    struct catalog_answer answer = {0};
    *fault = (struct script_fault){0};
    bool done = run_all(catalog, step, options, &answer, fault);
    if (catalog_in_transaction(catalog)) {
        if (done) {
            done = false;
            catalog_answer_release(&answer);
            answer.message = "the transaction that begins here is never committed";
            record(step, find_begin(step), &answer, fault);
        }
        catalog_run(catalog, "rollback", &answer);
    }
    catalog_answer_release(&answer);
    return done;
}
