#include "harness/report/escape.h"
#include "harness/report/page_parts.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const char *conclusion_of(const struct target_summary *summary, const struct page_mark **mark) {
    int code = summary_conclude(summary);
    *mark = page_mark_of(code == 0 ? VERDICT_PASSED : VERDICT_FAILED);
    if (summary->down) {
        return "cannot be reached";
    }
    if (code == 0 && summary->tally.counts[VERDICT_NOT_RUN] == 0) {
        return "conforms";
    }
    if (code == 0) {
        *mark = page_mark_of(VERDICT_NOT_RUN);
        return "was not run to its end";
    }
    if (target_null_name(summary->target)) {
        *mark = page_mark_of(VERDICT_UNSUPPORTED);
        return "is a null, and fails by nature";
    }
    return code == REPORT_FAILS_CODE ? "does not conform" : "no verdict";
}

/* Of each verdict a part of the bar, in hundredths of a percent. */
static void add_part_bar(struct text *out, const struct target_summary *summary) {
    text_add(out, "<div class=\"part\" aria-hidden=\"true\">");
    for (enum verdict verdict = 0; verdict < VERDICT_COUNT; verdict++) {
        size_t count = summary->tally.counts[verdict];
        if (count > 0) {
            size_t width = count * 10000 / summary->result_count;
            text_addf(out, "<i class=\"%s\" style=\"width:%zu.%02zu%%\"></i>",
                      page_mark_of(verdict)->class_name, width / 100, width % 100);
        }
    }
    text_add(out, "</div>");
}

static void add_counts(struct text *out, const struct target_summary *summary) {
    const char *before = "";
    for (enum verdict verdict = 0; verdict < VERDICT_COUNT; verdict++) {
        size_t count = summary->tally.counts[verdict];
        if (count > 0) {
            const struct page_mark *mark = page_mark_of(verdict);
            text_addf(out, "%s<span class=\"%s\">", before, mark->class_name);
            page_add_count(out, count);
            text_addf(out, "</span> %s", mark->word);
            before = ", ";
        }
    }
}

static void add_identity(struct text *out, const struct hello *hello) {
    const char *const words[] = {hello->name, hello->version, hello->language};
    text_add(out, "<small>");
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (words[i] && *words[i]) {
            text_add(out, i > 0 ? " \xc2\xb7 " : "");
            escape_html(out, words[i], false);
        }
    }
    text_add(out, "</small>");
}

/* Why cases could not be tried, each reason once with its number. */
static void add_unsupported(struct text *out, const struct target_summary *summary) {
    size_t left = summary->tally.counts[VERDICT_UNSUPPORTED];
    bool *told = left > 0 ? calloc(summary->result_count, sizeof *told) : NULL;
    if (!told) {
        out->failed = out->failed || left > 0;
        return;
    }
    text_add(out, "<details><summary><small style=\"display:inline\">Why ");
    page_add_counted(out, left, "case");
    text_addf(out, " %s unsupported</small></summary><ul>\n", left == 1 ? "is" : "are");
    for (size_t i = 0; i < summary->result_count; i++) {
        const char *reason = summary->results[i].reason ? summary->results[i].reason : "no reason given";
        size_t count = 0;
        if (summary->results[i].verdict != VERDICT_UNSUPPORTED || told[i]) {
            continue;
        }
        for (size_t at = i; at < summary->result_count; at++) {
            const struct case_result *other = &summary->results[at];
            bool same = other->verdict == VERDICT_UNSUPPORTED &&
                        strcmp(other->reason ? other->reason : "no reason given", reason) == 0;
            told[at] = told[at] || same;
            count += same;
        }
        text_addf(out, "<li><small>%zu: ", count);
        escape_html(out, reason, false);
        text_add(out, "</small></li>\n");
    }
    text_add(out, "</ul></details>");
    free(told);
}

static void add_target(struct text *out, const struct target_summary *summary) {
    const struct page_mark *mark;
    const char *conclusion = conclusion_of(summary, &mark);
    text_add(out, "<li><div><b>");
    escape_html(out, summary->target, false);
    text_add(out, "</b>");
    if (summary->hello) {
        add_identity(out, summary->hello);
    }
    text_addf(out, "</div><div><span class=\"%s\">%s</span>", mark->class_name, conclusion);
    if (summary->result_count > 0) {
        add_part_bar(out, summary);
    }
    text_add(out, "</div><div>");
    add_counts(out, summary);
    text_add(out, "<small>");
    add_seconds(out, summary->duration_us, 2);
    text_add(out, " s</small></div>\n");
    add_unsupported(out, summary);
    text_add(out, "</li>\n");
}

void page_add_targets(struct text *out, const struct page_content *content) {
    const struct summaries *summaries = content->summaries;
    text_add(out, "<ul class=\"targets\">\n");
    for (size_t i = 0; i < summaries->count; i++) {
        add_target(out, &summaries->items[i]);
    }
    text_add(out, "</ul>\n");
    for (size_t i = 0; i < summaries->count; i++) {
        const struct target_summary *summary = &summaries->items[i];
        if (summary->down) {
            page_add_paragraph(out, "why", "", summary->down);
            page_add_block(out, "What it wrote", "drawn",
                           summary->result_count ? summary->results[0].log : NULL);
        }
        for (size_t at = 0; at < summary->baseline_problem_count; at++) {
            page_add_paragraph(out, "why", "<b>Baseline</b>", summary->baseline_problems[at]);
        }
        if (summary_is_empty(summary)) {
            page_add_paragraph(out, "why", "<b>Nothing was proved:</b> no selected case could run on",
                               summary->target);
        }
    }
}
