/* A summary for a pull request: a table, then the failures, folded. It stays below what forges accept as a
 * comment; what does not fit is counted. */
#include "harness/case/case.h"
#include "harness/report/diff.h"
#include "harness/report/escape.h"
#include "harness/report/sheet.h"
#include "harness/report/summaries.h"

#include <stdlib.h>
#include <string.h>

enum {
    PAGE_BYTES_MAX = 58 * 1024, /* with the note that something is left out it stays below 60 KB */
    BLOCK_BYTES_MAX = 12 * 1024,
    NAME_BYTES_MAX = 120,
    DIFF_COLUMNS = 200
};

struct markdown {
    struct reporter reporter;
    struct sheet sheet;
    struct summaries summaries;
    const struct run_header *header;
    const struct parity *parity; /* NULL: nothing was compared */
    size_t left_out;             /* failures and remarks for which there was no room */
};

/* A name in running text, where Markdown is at work within the element too. */
static void add_code(struct text *out, const char *string) {
    char kept[NAME_BYTES_MAX];
    bool whole = text_put(kept, sizeof kept, string ? string : "");
    text_add(out, "<code>");
    escape_markdown(out, kept);
    text_add(out, whole ? "</code>" : "...</code>");
}

/* A name in a block of HTML, where Markdown is not at work. */
static void add_html_code(struct text *out, const char *string) {
    char kept[NAME_BYTES_MAX];
    bool whole = text_put(kept, sizeof kept, string);
    text_add(out, "<code>");
    escape_html(out, kept, false);
    text_add(out, whole ? "</code>" : "...</code>");
}

static void add_tally(struct text *out, const struct tally *tally, const char *separator) {
    const char *before = "";
    for (enum verdict verdict = 0; verdict < VERDICT_COUNT; verdict++) {
        if (tally->counts[verdict] == 0) {
            continue;
        }
        const char *strong = verdict_conforms(verdict) ? "" : "**";
        text_addf(out, "%s%s%zu %s%s", before, strong, tally->counts[verdict], verdict_name(verdict), strong);
        before = separator;
    }
}

static void add_table(struct text *out, const struct summaries *summaries) {
    text_add(out, "| chapter |");
    for (size_t i = 0; i < summaries->count; i++) {
        text_add_byte(out, ' ');
        add_code(out, summaries->items[i].target);
        text_add(out, " |");
    }
    text_add(out, "\n|---|");
    for (size_t i = 0; i < summaries->count; i++) {
        text_add(out, "---|");
    }
    struct chapter chapter;
    size_t from = 0;
    for (size_t at = 0; summaries->count > 0 && chapter_take(&summaries->items[0], &at, &chapter);
         from = at) {
        text_add(out, "\n| ");
        escape_markdown(out, chapter.name);
        text_add(out, " |");
        for (size_t i = 0; i < summaries->count; i++) {
            size_t start = from;
            chapter_take(&summaries->items[i], &start, &chapter);
            text_add_byte(out, ' ');
            add_tally(out, &chapter.tally, ", ");
            text_add(out, " |");
        }
    }
    text_add(out, "\n\n");
}

static void add_target_line(struct text *out, const struct target_summary *summary) {
    text_add(out, "- ");
    add_code(out, summary->target);
    if (summary->down) {
        text_add(out, " **could not be reached**: ");
        add_code(out, down_reason(summary->down, summary->target));
    }
    text_addf(out, ": selected %zu = ", summary->result_count);
    add_tally(out, &summary->tally, " + ");
    text_add_byte(out, '\n');
}

static void add_requirement(struct text *out, const struct markdown *markdown, const char *id) {
    const struct requirement *requirement =
        markdown->header->suite ? suite_requirement(markdown->header->suite, id) : NULL;
    escape_markdown(out, id);
    if (requirement) {
        text_add(out, " \\(");
        escape_markdown(out, requirement->source);
        text_add(out, "\\): ");
        escape_markdown(out, requirement->sentence);
    }
    text_add(out, "\n\n");
}

static void add_line(struct text *out, const char *label, const char *value) {
    if (value && *value) {
        text_addf(out, "%-9s ", label);
        escape_html(out, value, false);
        text_add_byte(out, '\n');
    }
}

static void add_difference(struct text *out, const struct case_result *result) {
    struct text plain = {0};
    diff_add(&plain, "", result->expected, result->got, DIFF_COLUMNS, paint_get(false));
    escape_html(out, plain.bytes, true);
    out->failed = out->failed || plain.failed;
    text_release(&plain);
}

static void add_transcript(struct text *out, const struct case_result *result) {
    for (size_t i = 0; i < result->exchange_count; i++) {
        const struct exchange *exchange = &result->exchanges[i];
        text_addf(out, "%-9s ", i == 0 ? "calls" : "");
        escape_html(out, exchange->step, false);
        text_add(out, "  ");
        escape_html(out, exchange->method, false);
        text_add_byte(out, ' ');
        escape_html(out, exchange->params, false);
        text_add(out, "\n          -&gt; ");
        escape_html(out, exchange->answer, false);
        text_add_byte(out, '\n');
    }
}

static void add_repeat(struct text *out, const struct markdown *markdown, const char *target,
                       const struct case_result *result) {
    struct text command = {0};
    add_repeat_command(&command, markdown->header, target, result);
    add_line(out, "repeat", command.bytes);
    out->failed = out->failed || command.failed;
    text_release(&command);
}

/* Adds a text of HTML whose length is bounded: cut between characters and outside of references. */
static void add_bounded(struct text *out, const struct text *html) {
    size_t length_bytes = html->length_bytes;
    if (length_bytes > BLOCK_BYTES_MAX) {
        length_bytes = BLOCK_BYTES_MAX;
        while (length_bytes > 0 && html->bytes[length_bytes - 1] != '\n' &&
               html->bytes[length_bytes] != ' ') {
            length_bytes--;
        }
    }
    text_append(out, html->bytes ? html->bytes : "", length_bytes);
    if (length_bytes < html->length_bytes) {
        text_addf(out, "\n... (%zu bytes in all)\n", html->length_bytes);
    }
    out->failed = out->failed || html->failed;
}

static void add_failure(struct text *out, const struct markdown *markdown, const char *target,
                        const struct case_result *result) {
    text_add(out, "<details><summary>");
    add_html_code(out, result->test_case->id);
    text_addf(out, " %s on ", verdict_name(result->verdict));
    add_html_code(out, target);
    text_add(out, "</summary>\n\n");
    escape_markdown(out, result->test_case->title);
    text_add(out, "\n\n");
    for (size_t i = 0; i < 2 && result->requirements[i]; i++) {
        add_requirement(out, markdown, result->requirements[i]);
    }
    text_add(out, "<pre>\n");
    struct text html = {0};
    add_line(&html, "step", result->step);
    add_line(&html, "reason", result->reason);
    add_line(&html, "baseline", result->baseline);
    add_line(&html, "at", result->path);
    add_difference(&html, result);
    add_repeat(&html, markdown, target, result);
    add_line(&html, "by hand", result->reproduce);
    add_transcript(&html, result);
    if (result->exhibit) {
        text_add(&html, "shown\n");
        escape_html(&html, result->exhibit, true);
        text_add_byte(&html, '\n');
    }
    if (result->log) {
        text_add(&html, "log\n");
        escape_html(&html, result->log, true);
    }
    add_bounded(out, &html);
    text_release(&html);
    text_add(out, "</pre>\n\n</details>\n\n");
}

/* Adds a block to the page when there is room for the whole of it. */
static void add_block(struct markdown *markdown, const struct text *block) {
    struct text *page = &markdown->sheet.text;
    page->failed = page->failed || block->failed;
    if (page->length_bytes + block->length_bytes > PAGE_BYTES_MAX) {
        markdown->left_out++;
    } else {
        text_append(page, block->bytes ? block->bytes : "", block->length_bytes);
    }
}

static void add_remark(struct markdown *markdown, const char *target, const char *id, const char *remark) {
    struct text block = {0};
    text_add(&block, "- ");
    add_code(&block, target);
    text_add(&block, id ? " known failure " : " baseline");
    if (id) {
        add_code(&block, id);
    }
    text_add(&block, ": ");
    escape_markdown(&block, remark);
    text_add_byte(&block, '\n');
    add_block(markdown, &block);
    text_release(&block);
}

static void add_remarks(struct markdown *markdown, const struct target_summary *summary) {
    for (size_t i = 0; i < summary->baseline_problem_count; i++) {
        add_remark(markdown, summary->target, NULL, summary->baseline_problems[i]);
    }
    for (size_t i = 0; i < summary->result_count; i++) {
        const struct case_result *result = &summary->results[i];
        if (result->verdict == VERDICT_EXPECTED_FAILURE) {
            add_remark(markdown, summary->target, result->test_case->id, result->baseline);
        }
    }
}

/* When the target is down every case is errored for the same reason: the first one, with the log, says it
 * all. */
static void add_failures(struct markdown *markdown, const struct target_summary *summary) {
    size_t shown = summary->down && summary->result_count > 0 ? 1 : summary->result_count;
    for (size_t i = 0; i < shown; i++) {
        const struct case_result *result = &summary->results[i];
        if (verdict_conforms(result->verdict)) {
            continue;
        }
        struct text block = {0};
        add_failure(&block, markdown, summary->target, result);
        add_block(markdown, &block);
        text_release(&block);
    }
}

static void add_pair(struct markdown *markdown, const struct parity_target *target,
                     const struct parity_case *pair) {
    struct text block = {0}, html = {0};
    text_add(&block, "<details><summary>");
    add_html_code(&block, pair->test_case->id);
    text_add(&block, " on ");
    add_html_code(&block, target->target);
    text_add(&block, " differs from ");
    add_html_code(&block, target->first);
    text_add(&block, "</summary>\n\n<pre>\n");
    add_line(&html, "step", pair->step);
    add_line(&html, "call", pair->method);
    add_line(&html, "at", pair->step ? pair->path : "the verdict");
    add_line(&html, "first", pair->first);
    add_line(&html, "other", pair->other);
    add_bounded(&block, &html);
    text_add(&block, "</pre>\n\n</details>\n\n");
    add_block(markdown, &block);
    text_release(&html);
    text_release(&block);
}

/* The sums always stand there; the differences as far as there is room. */
static void add_parity(struct markdown *markdown) {
    struct text *page = &markdown->sheet.text;
    const struct parity *parity = markdown->parity;
    text_addf(page, "### Parity: %s\n\n", parity_count_differences(parity) ? "does not hold" : "holds");
    for (size_t i = 0; i < parity->target_count; i++) {
        const struct parity_target *target = &parity->targets[i];
        text_add(page, "- ");
        add_code(page, target->target);
        text_add(page, " with ");
        add_code(page, target->first);
        text_add(page, ": ");
        parity_add_sum(page, target);
        text_add(page, "\n");
    }
    text_add_byte(page, '\n');
    for (size_t i = 0; i < parity->target_count; i++) {
        const struct parity_target *target = &parity->targets[i];
        for (size_t at = 0; at < target->case_count; at++) {
            if (target->cases[at].state == PARITY_DIFFERS) {
                add_pair(markdown, target, &target->cases[at]);
            }
        }
    }
}

static void markdown_parity(struct reporter *reporter, const struct parity *parity) {
    ((struct markdown *)reporter)->parity = parity;
}

static void markdown_begin(struct reporter *reporter, const struct run_header *header) {
    ((struct markdown *)reporter)->header = header;
}

static void markdown_target_begin(struct reporter *reporter, const char *target, const struct hello *hello,
                                  const char *down) {
    (void)reporter, (void)target, (void)hello, (void)down;
}

static void markdown_case_done(struct reporter *reporter, const char *target,
                               const struct case_result *result) {
    (void)reporter, (void)target, (void)result;
}

static void markdown_target_end(struct reporter *reporter, const struct target_summary *summary) {
    summaries_add(&((struct markdown *)reporter)->summaries, summary);
}

/* The conclusion is the headline, so the page is written whole here; reports.c puts this reporter behind the
 * others, whose failures it then knows of. */
static bool markdown_settle(struct reporter *reporter, int exit_code) {
    struct markdown *markdown = (struct markdown *)reporter;
    struct text *page = &markdown->sheet.text;
    const struct summaries *summaries = &markdown->summaries;
    const char *conclusion = exit_code == 0 ? "conforms" : exit_code == 1 ? "does not conform" : "no verdict";
    text_addf(page, "## Holdpoint: %s\n\n", conclusion);
    for (size_t i = 0; i < summaries->count; i++) {
        add_target_line(page, &summaries->items[i]);
    }
    text_add_byte(page, '\n');
    add_table(page, summaries);
    for (size_t i = 0; i < summaries->count; i++) {
        add_remarks(markdown, &summaries->items[i]);
    }
    text_add_byte(page, '\n');
    if (markdown->parity) {
        add_parity(markdown);
    }
    for (size_t i = 0; i < summaries->count; i++) {
        add_failures(markdown, &summaries->items[i]);
    }
    if (markdown->left_out > 0) {
        text_addf(page, "%zu more did not fit here; report.ndjson holds them all.\n\n", markdown->left_out);
    }
    text_addf(page, "Suite %.12s, exit code %d, repeat with ", markdown->header->suite_digest, exit_code);
    add_code(page, markdown->header->command);
    text_add_byte(page, '\n');
    return sheet_settle(&markdown->sheet) && !summaries->failed;
}

static void markdown_end(struct reporter *reporter, int exit_code) {
    (void)reporter, (void)exit_code;
}

static bool markdown_close(struct reporter *reporter) {
    struct markdown *markdown = (struct markdown *)reporter;
    bool written = sheet_close(&markdown->sheet) && !markdown->summaries.failed;
    summaries_release(&markdown->summaries);
    free(markdown);
    return written;
}

static const struct reporter_ops markdown_ops = {
    markdown_begin,  markdown_target_begin, markdown_case_done, markdown_target_end,
    markdown_parity, markdown_settle,       markdown_end,       markdown_close,
};

struct reporter *reporter_markdown_new(FILE *out) {
    struct markdown *markdown = malloc(sizeof *markdown);
    if (!markdown) {
        return NULL;
    }
    *markdown = (struct markdown){.reporter.ops = &markdown_ops};
    sheet_init(&markdown->sheet, out);
    return &markdown->reporter;
}
