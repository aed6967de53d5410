#include "harness/report/terminal_tables.h"
#include "harness/case/case.h"
#include "harness/case/opening.h"
#include "harness/report/escape.h"
#include "harness/report/grid.h"

#include <string.h>

enum { LABEL_COLUMNS_MAX = 22, ROWS_MAX = 20 };

static const char indent[] = "  ";

void target_label_put(char label[TARGET_LABEL_SIZE], const struct run_header *header, const char *target) {
    if (text_count_code_points(target, strlen(target)) <= LABEL_COLUMNS_MAX &&
        text_put(label, TARGET_LABEL_SIZE, target)) {
        return;
    }
    for (size_t i = 0; i < header->target_count; i++) {
        if (strcmp(header->targets[i], target) == 0) {
            snprintf(label, TARGET_LABEL_SIZE, "target %zu", i + 1);
            return;
        }
    }
    text_put(label, TARGET_LABEL_SIZE, "target");
}

static const char *verdict_color(enum verdict verdict, const struct paint *paint) {
    if (verdict == VERDICT_PASSED) {
        return "";
    }
    return verdict_conforms(verdict) ? paint->warn : paint->bad;
}

static void add_counts(struct grid *table, const char *name, const struct tally *tally,
                       const struct tally *shown, const struct paint *paint) {
    grid_add(table, "", "%s", name);
    for (enum verdict verdict = 0; verdict < VERDICT_COUNT; verdict++) {
        if (shown->counts[verdict] > 0) {
            grid_add_count(table, paint, verdict_color(verdict, paint), tally->counts[verdict]);
        }
    }
    grid_add(table, "", "%zu", tally_sum(tally));
}

static size_t count_shown(const struct tally *tally) {
    size_t shown = 0;
    for (enum verdict verdict = 0; verdict < VERDICT_COUNT; verdict++) {
        shown += tally->counts[verdict] > 0;
    }
    return shown;
}

void terminal_table_add(struct text *out, const struct target_summary *summary, const struct paint *paint) {
    struct grid table;
    grid_init(&table, count_shown(&summary->tally) + 2);
    grid_add(&table, paint->dim, "chapter");
    for (enum verdict verdict = 0; verdict < VERDICT_COUNT; verdict++) {
        if (summary->tally.counts[verdict] > 0) {
            grid_add(&table, paint->dim, "%s", verdict_name(verdict));
        }
    }
    grid_add(&table, paint->dim, "selected");
    struct chapter chapter;
    for (size_t at = 0; chapter_take(summary, &at, &chapter);) {
        add_counts(&table, chapter.name, &chapter.tally, &summary->tally, paint);
    }
    add_counts(&table, "all", &summary->tally, &summary->tally, paint);
    grid_print(&table, indent, paint, out);
    grid_release(&table);
}

static void add_share(struct grid *table, const struct tally *tally, const struct paint *paint) {
    bool conforms = true;
    for (enum verdict verdict = 0; verdict < VERDICT_COUNT; verdict++) {
        conforms = conforms && (verdict_conforms(verdict) || tally->counts[verdict] == 0);
    }
    size_t sum = tally_sum(tally);
    const char *whole = tally->counts[VERDICT_PASSED] == sum ? "" : paint->warn;
    grid_add(table, conforms ? whole : paint->bad, "%zu/%zu", tally->counts[VERDICT_PASSED], sum);
}

/* Every target has the same cases in the same order, so the chapters of the first are those of all. */
void terminal_matrix_add(struct text *out, const struct run_header *header, const struct summaries *summaries,
                         const struct paint *paint) {
    struct grid table;
    grid_init(&table, summaries->count + 1);
    grid_add(&table, paint->dim, "passed");
    for (size_t i = 0; i < summaries->count; i++) {
        char label[TARGET_LABEL_SIZE];
        target_label_put(label, header, summaries->items[i].target);
        grid_add(&table, paint->dim, "%s", label);
    }
    struct chapter chapter;
    size_t from = 0;
    for (size_t at = 0; chapter_take(&summaries->items[0], &at, &chapter); from = at) {
        grid_add(&table, "", "%s", chapter.name);
        for (size_t i = 0; i < summaries->count; i++) {
            size_t start = from;
            chapter_take(&summaries->items[i], &start, &chapter);
            add_share(&table, &chapter.tally, paint);
        }
    }
    grid_add(&table, "", "all");
    for (size_t i = 0; i < summaries->count; i++) {
        add_share(&table, &summaries->items[i].tally, paint);
    }
    grid_print(&table, indent, paint, out);
    grid_release(&table);
}

static size_t count_real(const struct summaries *summaries) {
    size_t real = 0;
    for (size_t i = 0; i < summaries->count; i++) {
        real += target_null_name(summaries->items[i].target) == NULL;
    }
    return real;
}

/* Nulls differ from everybody by nature, and what a target never promised is told by a line of its own; only the others are
 * compared. */
static bool verdicts_differ(const struct summaries *summaries, size_t at) {
    const struct target_summary *first = NULL;
    for (size_t i = 0; i < summaries->count; i++) {
        const struct target_summary *summary = &summaries->items[i];
        if (target_null_name(summary->target) || summary->results[at].verdict == VERDICT_UNSUPPORTED) {
            continue;
        }
        first = first ? first : summary;
        if (summary->results[at].verdict != first->results[at].verdict) {
            return true;
        }
    }
    return false;
}

static bool some_unsupported(const struct summaries *summaries) {
    for (size_t i = 0; i < summaries->count; i++) {
        if (summaries->items[i].tally.counts[VERDICT_UNSUPPORTED] > 0) {
            return true;
        }
    }
    return false;
}

static void add_difference_rows(struct grid *table, const struct summaries *summaries, size_t *differing,
                                const struct paint *paint) {
    for (size_t at = 0; at < summaries->items[0].result_count; at++) {
        if (!verdicts_differ(summaries, at) || ++*differing > ROWS_MAX) {
            continue;
        }
        grid_add(table, "", "%s", summaries->items[0].results[at].test_case->id);
        for (size_t i = 0; i < summaries->count; i++) {
            enum verdict verdict = summaries->items[i].results[at].verdict;
            grid_add(table, verdict_color(verdict, paint), "%s", verdict_name(verdict));
        }
    }
}

void terminal_differences_add(struct text *out, const struct run_header *header,
                              const struct summaries *summaries, const struct paint *paint) {
    size_t real = count_real(summaries);
    if (real < 2) {
        return;
    }
    struct grid table;
    grid_init(&table, summaries->count + 1);
    grid_add(&table, paint->dim, "differs");
    for (size_t i = 0; i < summaries->count; i++) {
        char label[TARGET_LABEL_SIZE];
        target_label_put(label, header, summaries->items[i].target);
        grid_add(&table, paint->dim, "%s", label);
    }
    size_t differing = 0;
    add_difference_rows(&table, summaries, &differing, paint);
    if (differing == 0) {
        text_addf(out, "%sThe same verdict for every case on all %zu targets%s.\n", indent, real,
                  some_unsupported(summaries) ? " that support it" : "");
    } else {
        grid_print(&table, indent, paint, out);
    }
    if (differing > ROWS_MAX) {
        text_addf(out, "%s... and %zu more cases differ\n", indent, differing - ROWS_MAX);
    }
    grid_release(&table);
}

/* True for the passes of a null that no case declares. */
static bool is_undeclared(const struct case_result *result, const char *null_name) {
    return result->verdict == VERDICT_PASSED && !case_allows_null(result->test_case, null_name);
}

static size_t count_undeclared(const struct target_summary *summary, const char *null_name) {
    size_t undeclared = 0;
    for (size_t i = 0; i < summary->result_count; i++) {
        undeclared += is_undeclared(&summary->results[i], null_name);
    }
    return undeclared;
}

void terminal_null_score_add(struct text *out, const struct target_summary *summary,
                             const struct paint *paint) {
    const char *null_name = target_null_name(summary->target);
    size_t passed = summary->tally.counts[VERDICT_PASSED];
    size_t undeclared = count_undeclared(summary, null_name);
    text_addf(out, "score  %s%s%s passed %zu of %zu cases, %zu declared null_ok, %s%zu not%s\n", paint->bold,
              summary->target, paint->plain, passed, summary->result_count, passed - undeclared,
              undeclared ? paint->bad : "", undeclared, undeclared ? paint->plain : "");
    for (size_t i = 0; i < summary->result_count; i++) {
        if (is_undeclared(&summary->results[i], null_name)) {
            text_addf(out, "       %s\n", summary->results[i].test_case->id);
        }
    }
}

static bool same_text(const char *one, const char *other) {
    return strcmp(one ? one : "", other ? other : "") == 0;
}

static bool is_unsupported_like(const struct case_result *result, const char *reason) {
    return result->verdict == VERDICT_UNSUPPORTED && same_text(result->reason, reason);
}

/* True when an earlier case is unsupported for the same reason. */
static bool reason_was_seen(const struct target_summary *summary, size_t at) {
    for (size_t i = 0; i < at; i++) {
        if (is_unsupported_like(&summary->results[i], summary->results[at].reason)) {
            return true;
        }
    }
    return false;
}

void terminal_unsupported_add(struct text *out, const struct target_summary *summary,
                              const struct paint *paint) {
    size_t reasons = 0;
    for (size_t at = 0; at < summary->result_count && reasons < ROWS_MAX; at++) {
        const struct case_result *first = &summary->results[at];
        if (first->verdict != VERDICT_UNSUPPORTED || reason_was_seen(summary, at)) {
            continue;
        }
        size_t count = 0;
        for (size_t i = at; i < summary->result_count; i++) {
            count += is_unsupported_like(&summary->results[i], first->reason);
        }
        text_addf(out, "%s%sunsupported%s %zu: ", indent, paint->warn, paint->plain, count);
        escape_terminal(out, first->reason ? first->reason : "no reason given");
        text_add_byte(out, '\n');
        reasons++;
    }
}

/* What these targets declare somebody has written by hand. */
static bool is_written_by_hand(const char *target) {
    return strncmp(target, "stdio:", 6) == 0 || strncmp(target, "profile:", 8) == 0;
}

void terminal_opening_add(struct text *out, const struct target_summary *summary, const char *label,
                          const struct paint *paint) {
    struct opening opening;
    if (!summary->hello || !is_written_by_hand(summary->target) ||
        !opening_find(summary->results, summary->result_count, summary->hello, &opening)) {
        return;
    }
    text_addf(out, "%snext%s     ", paint->bold, paint->plain);
    if (label) {
        escape_terminal(out, label);
        text_add(out, ": ");
    }
    for (size_t i = 0; i < opening.capability_count; i++) {
        text_addf(out, "%s%s", i ? " and " : "build and declare ", opening.capabilities[i]);
    }
    text_addf(out, ": that opens %zu more case%s\n", opening.cases, opening.cases == 1 ? "" : "s");
}

void terminal_sum_add(struct text *out, const struct target_summary *summary, const char *label) {
    if (label) {
        escape_terminal(out, label);
        text_add(out, ": ");
    }
    text_addf(out, "selected %zu", summary->result_count);
    const char *sign = " = ";
    for (enum verdict verdict = 0; verdict < VERDICT_COUNT; verdict++) {
        if (summary->tally.counts[verdict] > 0) {
            text_addf(out, "%s%s %zu", sign, verdict_name(verdict), summary->tally.counts[verdict]);
            sign = " + ";
        }
    }
    text_add_byte(out, '\n');
}
