#include "harness/report/escape.h"
#include "harness/report/page_parts.h"

#include "harness/case/case.h"
#include "harness/case/proof.h"

#include <stdlib.h>
#include <string.h>

enum { FEW_TARGETS = 4 };

/* That a case of a chapter proves a requirement. */
struct proof {
    const struct requirement *requirement; /* of the header's suite, so that its address is its rank */
    size_t at;                             /* of the case among the results */
};

/* The proofs of one chapter. */
struct proofs {
    struct proof *items;
    size_t count;
};

/* What one target came to on one requirement. */
struct cell {
    struct tally tally;
    size_t worst; /* the first result that is listed as a failure; SIZE_MAX: none */
};

static int compare_proofs(const void *one, const void *other) {
    const struct proof *first = one, *second = other;
    if (first->requirement != second->requirement) {
        return first->requirement < second->requirement ? -1 : 1;
    }
    return (first->at > second->at) - (first->at < second->at);
}

static bool collect(const struct page_content *content, size_t from, size_t until, struct proofs *proofs) {
    const struct run_header *header = content->header;
    size_t room = 0;
    for (size_t i = from; i < until; i++) {
        room += header->cases[i]->step_count * STEP_REQUIREMENTS_MAX;
    }
    proofs->items = calloc(room + 1, sizeof *proofs->items);
    for (size_t i = from; proofs->items && i < until; i++) {
        size_t at = 0;
        for (const struct requirement *one; (one = proof_take(header->cases[i], &at));) {
            /* Cases of a merged run point into the suites of its parts. */
            const struct requirement *own = header->suite ? suite_requirement(header->suite, one->id) : NULL;
            if (own) {
                proofs->items[proofs->count++] = (struct proof){own, i};
            }
        }
    }
    if (proofs->items) {
        qsort(proofs->items, proofs->count, sizeof *proofs->items, compare_proofs);
    }
    return proofs->items;
}

static struct cell make_cell(const struct target_summary *summary, const struct proof *proofs, size_t count) {
    struct cell cell = {.worst = SIZE_MAX};
    for (size_t i = 0; i < count; i++) {
        const struct case_result *result = &summary->results[proofs[i].at];
        tally_add(&cell.tally, result->verdict);
        if (cell.worst == SIZE_MAX && page_lists_result(result)) {
            cell.worst = proofs[i].at;
        }
    }
    return cell;
}

/* The verdict that stands for a cell, and how many of its cases came to the like. */
static enum verdict cell_verdict(const struct cell *cell, size_t *like) {
    const size_t *counts = cell->tally.counts;
    *like = 0;
    for (enum verdict verdict = 0; verdict < VERDICT_COUNT; verdict++) {
        *like += verdict_conforms(verdict) ? 0 : counts[verdict];
    }
    if (*like > 0) {
        return VERDICT_FAILED;
    }
    static const enum verdict order[] = {VERDICT_EXPECTED_FAILURE, VERDICT_PASSED, VERDICT_UNSUPPORTED,
                                         VERDICT_NOT_RUN};
    size_t at = 0;
    while (at + 1 < sizeof order / sizeof order[0] && counts[order[at]] == 0) {
        at++;
    }
    *like = counts[order[at]];
    return order[at];
}

/* "2 of 12", linked to the first failure; "12" when all cases came to the like. */
static void add_cell(struct text *out, const struct page_content *content, size_t target,
                     const struct cell *cell, size_t count) {
    const struct target_summary *summary = &content->summaries->items[target];
    size_t like;
    const struct page_mark *mark = page_mark_of(cell_verdict(cell, &like));
    bool linked = cell->worst != SIZE_MAX && page_lists_failures(summary);
    text_addf(out, "<td class=\"%s\"", mark->class_name);
    if (content->summaries->count > 1) {
        text_add(out, " data-t=\"");
        escape_html(out, summary->target, false);
        text_add_byte(out, '"');
    }
    text_add_byte(out, '>');
    if (linked) {
        text_addf(out, "<a href=\"#f-%zu-%zu\">", target, cell->worst);
    }
    text_addf(out, "%s %zu", mark->sign, like);
    if (like < count) {
        text_addf(out, " of %zu", count);
    }
    text_add(out, linked ? "</a></td>" : "</td>");
}

/* The words by which a row is filtered. */
static void add_kinds(struct text *out, bool bad, bool differs) {
    text_addf(out, " data-k=\"%s%s%s\"", bad ? "bad" : "", bad && differs ? " " : "",
              differs ? "differs" : "");
}

static void add_row(struct text *out, const struct page_content *content, const struct proof *proofs,
                    size_t count) {
    const struct requirement *requirement = proofs[0].requirement;
    const struct summaries *summaries = content->summaries;
    struct text cells = {0};
    bool bad = false, same = summaries->count > 1, differs = false;
    struct cell first = make_cell(&summaries->items[0], proofs, count);
    for (size_t i = 0; i < summaries->count; i++) {
        struct cell cell = make_cell(&summaries->items[i], proofs, count);
        size_t like, first_like;
        enum verdict verdict = cell_verdict(&cell, &like), other = cell_verdict(&first, &first_like);
        bad = bad || verdict == VERDICT_FAILED;
        differs = differs || verdict != other;
        same = same && verdict == other && like == first_like && verdict != VERDICT_FAILED;
        add_cell(&cells, content, i, &cell, count);
    }
    /* On a phone a row on which all targets agree is one line. */
    text_add(out, same ? "<tr class=\"hit same\"" : "<tr class=\"hit\"");
    add_kinds(out, bad, differs);
    text_add(out, "><th scope=\"row\"><code>");
    escape_html(out, requirement->id, false);
    text_add(out,
             requirement->level && strcmp(requirement->level, "SHOULD") == 0 ? " SHOULD</code>" : "</code>");
    escape_html(out, requirement->sentence, false);
    text_add(out, "</th>");
    text_add(out, cells.bytes ? cells.bytes : "");
    text_add(out, "</tr>\n");
    out->failed = out->failed || cells.failed;
    text_release(&cells);
}

static void add_table_head(struct text *out, const struct summaries *summaries) {
    text_add(out, "<table>\n");
    if (summaries->count < 2) {
        text_add(out, "<tbody>\n");
        return;
    }
    text_add(out, "<thead><tr><th scope=\"col\">requirement</th>");
    for (size_t i = 0; i < summaries->count; i++) {
        text_add(out, "<th scope=\"col\"><span title=\"");
        escape_html(out, summaries->items[i].target, false);
        text_add(out, "\">");
        escape_html(out, summaries->items[i].target, false);
        text_add(out, "</span></th>");
    }
    text_add(out, "</tr></thead>\n<tbody>\n");
}

static void add_table(struct text *out, const struct page_content *content, const struct proofs *proofs) {
    add_table_head(out, content->summaries);
    for (size_t from = 0, until; from < proofs->count; from = until) {
        until = from;
        while (until < proofs->count && proofs->items[until].requirement == proofs->items[from].requirement) {
            until++;
        }
        add_row(out, content, proofs->items + from, until - from);
    }
    text_add(out, "</tbody>\n</table>\n");
}

static void add_case(struct text *out, const struct page_content *content, size_t at) {
    const struct summaries *summaries = content->summaries;
    const struct test_case *test_case = content->header->cases[at];
    bool bad = false, differs = false;
    for (size_t i = 0; i < summaries->count; i++) {
        enum verdict verdict = summaries->items[i].results[at].verdict;
        bad = bad || !verdict_conforms(verdict);
        differs = differs || verdict != summaries->items[0].results[at].verdict;
    }
    text_add(out, "<li class=\"hit\"");
    add_kinds(out, bad, differs);
    text_add(out, "><div><code>");
    escape_html(out, test_case->id, false);
    text_add(out, "</code><small>");
    escape_html(out, test_case->title, false);
    text_add(out, "</small></div><span class=\"marks\">");
    for (size_t i = 0; i < summaries->count; i++) {
        const struct page_mark *mark = page_mark_of(summaries->items[i].results[at].verdict);
        text_addf(out, "<span class=\"%s\" title=\"", mark->class_name);
        if (summaries->count > 1) {
            escape_html(out, summaries->items[i].target, false);
            text_add(out, ": ");
        }
        text_addf(out, "%s\">%s</span>", mark->word, mark->sign);
    }
    text_add(out, "</span></li>\n");
}

static void add_cases(struct text *out, const struct page_content *content, size_t from, size_t until) {
    text_add(out, "<details class=\"cases\"><summary>");
    page_add_counted(out, until - from, "case");
    text_add(out, "</summary><ul>\n");
    for (size_t i = from; i < until; i++) {
        add_case(out, content, i);
    }
    text_add(out, "</ul></details>\n");
}

static void add_chapter(struct text *out, const struct page_content *content, const char *name, size_t from,
                        size_t until) {
    const struct summaries *summaries = content->summaries;
    struct proofs proofs = {0};
    if (!collect(content, from, until, &proofs)) {
        out->failed = true;
        return;
    }
    const char *class_name = summaries->count > FEW_TARGETS ? " several many"
                             : summaries->count > 1         ? " several"
                                                            : "";
    text_addf(out, "<section class=\"group%s\"><h3 id=\"c-%zu\">", class_name, from);
    escape_html(out, name, false);
    text_add(out, "</h3>\n");
    if (proofs.count > 0) {
        add_table(out, content, &proofs);
    }
    add_cases(out, content, from, until);
    text_add(out, "</section>\n");
    free(proofs.items);
}

void page_add_grid(struct text *out, const struct page_content *content) {
    struct chapter chapter;
    size_t from = 0;
    if (content->summaries->count == 0 || content->header->selected == 0) {
        return;
    }
    text_add(out, "<h2 id=\"requirements\">Requirements</h2>\n<nav class=\"jump\">");
    for (size_t at = 0; chapter_take(&content->summaries->items[0], &at, &chapter); from = at) {
        text_addf(out, "<a href=\"#c-%zu\">", from);
        escape_html(out, chapter.name, false);
        text_add(out, "</a> ");
    }
    text_add(out, "</nav>\n");
    from = 0;
    for (size_t at = 0; chapter_take(&content->summaries->items[0], &at, &chapter); from = at) {
        add_chapter(out, content, chapter.name, from, at);
    }
}
