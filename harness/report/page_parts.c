#include "harness/report/page_parts.h"
#include "harness/report/escape.h"

static const struct page_mark marks[VERDICT_COUNT] = {
    [VERDICT_PASSED] = {"yes", "\xe2\x9c\x93", "passed"},
    [VERDICT_FAILED] = {"no", "\xe2\x9c\x97", "failed"},
    [VERDICT_EXPECTED_FAILURE] = {"known", "!", "known failure"},
    [VERDICT_UNEXPECTED_PASS] = {"no", "\xe2\x9c\x97", "unexpected pass"},
    [VERDICT_UNSUPPORTED] = {"none", "\xe2\x80\x93", "unsupported"},
    [VERDICT_UNTESTABLE] = {"no", "\xe2\x9c\x97", "untestable"},
    [VERDICT_ERRORED] = {"no", "\xe2\x9c\x97", "errored"},
    [VERDICT_NOT_RUN] = {"none", "\xc2\xb7", "not run"},
};

const struct page_mark *page_mark_of(enum verdict verdict) {
    return &marks[verdict];
}

void page_add_paragraph(struct text *out, const char *class_name, const char *label, const char *value) {
    if (value && *value) {
        text_addf(out, "<p class=\"%s\">%s%s", class_name, label, *label ? " " : "");
        escape_html(out, value, false);
        text_add(out, "</p>\n");
    }
}

void page_add_block(struct text *out, const char *heading, const char *class_name, const char *value) {
    if (value && *value) {
        text_addf(out, "<h4>%s</h4>\n<pre class=\"%s\">", heading, class_name);
        /* A parser drops a line end at the begin of a pre. */
        text_add(out, *value == '\n' ? "\n" : "");
        escape_html(out, value, true);
        text_add(out, "</pre>\n");
    }
}

void page_add_count(struct text *out, size_t count) {
    if (count >= 1000) {
        page_add_count(out, count / 1000);
        text_addf(out, ",%03zu", count % 1000);
    } else {
        text_addf(out, "%zu", count);
    }
}

void page_add_counted(struct text *out, size_t count, const char *word) {
    page_add_count(out, count);
    text_addf(out, " %s%s", word, count == 1 ? "" : "s");
}

bool page_lists_failures(const struct target_summary *summary) {
    return !target_null_name(summary->target) && !summary->down;
}

bool page_lists_result(const struct case_result *result) {
    return !verdict_conforms(result->verdict) || result->verdict == VERDICT_EXPECTED_FAILURE;
}
