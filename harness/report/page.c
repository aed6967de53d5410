/* The report as a page for people: one HTML file that needs nothing else, and says everything without its script. What a
 * target sent is never more than text in it. */
#include "harness/report/escape.h"
#include "harness/report/page_look.h"
#include "harness/report/page_parts.h"
#include "harness/report/sheet.h"

#include <inttypes.h>
#include <stdlib.h>

struct page {
    struct reporter reporter;
    struct sheet sheet;
    struct summaries summaries;
    struct page_content content;
};

static void page_begin(struct reporter *reporter, const struct run_header *header) {
    ((struct page *)reporter)->content.header = header;
}

static void page_target_begin(struct reporter *reporter, const char *target, const struct hello *hello,
                              const char *down) {
    (void)reporter, (void)target, (void)hello, (void)down;
}

static void page_case_done(struct reporter *reporter, const char *target, const struct case_result *result) {
    (void)reporter, (void)target, (void)result;
}

static void page_target_end(struct reporter *reporter, const struct target_summary *summary) {
    summaries_add(&((struct page *)reporter)->summaries, summary);
}

static void page_parity(struct reporter *reporter, const struct parity *parity) {
    ((struct page *)reporter)->content.parity = parity;
}

static const char *no_verdict_of(const struct page *page) {
    if (page->content.exit_code == REPORT_INTERRUPTED_CODE) {
        return "No verdict: the run was interrupted";
    }
    return summaries_count(&page->summaries, VERDICT_ERRORED) > 0
               ? "No verdict: the harness or the adapter broke"
               : "No verdict: the run or its reports are not whole";
}

/* Nulls fail by nature, so they are left aside where there is anybody else. */
static bool is_counted(const struct summaries *summaries, size_t at) {
    bool others = false;
    for (size_t i = 0; i < summaries->count; i++) {
        others = others || !target_null_name(summaries->items[i].target);
    }
    return !others || !target_null_name(summaries->items[at].target);
}

/* "3 of 5 targets conform"; plain text. True when all is well. */
static bool add_headline(struct text *out, const struct page *page) {
    const struct summaries *summaries = &page->summaries;
    const char *name = "";
    size_t conforming = 0, counted = 0;
    if (page->content.exit_code > REPORT_FAILS_CODE) {
        text_add(out, no_verdict_of(page));
        return false;
    }
    for (size_t i = 0; i < summaries->count; i++) {
        if (is_counted(summaries, i)) {
            counted++;
            conforming += summary_conclude(&summaries->items[i]) == 0;
            name = summaries->items[i].target;
        }
    }
    bool all = conforming == counted;
    bool agree = !page->content.parity || parity_count_differences(page->content.parity) == 0;
    if (counted == 1) {
        text_addf(out, "%s %s", name, all ? "conforms" : "does not conform");
    } else if (all) {
        text_addf(out, "All %zu targets conform%s", counted, agree ? "" : ", but they differ");
    } else {
        text_addf(out, "%zu of %zu targets conform%s", conforming, counted, conforming == 1 ? "s" : "");
    }
    return all && agree;
}

static void add_facts(struct text *out, const struct run_header *header) {
    text_add(out, "<p class=\"facts dim\">");
    page_add_counted(out, header->selected, "case");
    if (header->shard.count > 0) {
        text_addf(out, ", part %u of %u of ", header->shard.index, header->shard.count);
        page_add_count(out, header->selection_count);
    }
    text_add(out, " \xc2\xb7 suite <code>");
    char digest[13];
    text_put(digest, sizeof digest, header->suite_digest);
    escape_html(out, digest, false);
    text_addf(out, "</code> \xc2\xb7 seed %" PRIu64 "</p>\n", header->seed);
}

static void add_begin(struct page *page) {
    struct text *out = &page->sheet.text;
    struct text headline = {0}, title = {0};
    bool good = add_headline(&headline, page);
    text_addf(&title, "Holdpoint: %s", headline.bytes ? headline.bytes : "");
    page_look_add_head(out, title.bytes);
    text_addf(out, "<body>\n<header>\n<p class=\"kicker\">Holdpoint</p>\n<h1 class=\"%s\">",
              good ? "yes" : "no");
    escape_html(out, headline.bytes, false);
    text_add(out, "</h1>\n");
    add_facts(out, page->content.header);
    text_add(out, "</header>\n<main>\n");
    out->failed = out->failed || headline.failed || title.failed;
    text_release(&headline);
    text_release(&title);
}

/* Shown only where the script runs. */
static void add_filter(struct text *out, bool several) {
    text_add(out, "<div class=\"bar\" role=\"search\">\n"
                  "<input type=\"search\" id=\"search\" aria-label=\"Search\" autocomplete=\"off\" "
                  "placeholder=\"Search requirements, cases, failures\">\n"
                  "<div class=\"kinds\" role=\"radiogroup\" aria-label=\"Show\">"
                  "<label><input type=\"radio\" name=\"kind\" value=\"\" checked>All</label>"
                  "<label><input type=\"radio\" name=\"kind\" value=\"bad\">Failing</label>");
    if (several) {
        text_add(out, "<label><input type=\"radio\" name=\"kind\" value=\"differs\">Differing</label>");
    }
    text_add(out, "</div>\n<output id=\"said\" class=\"dim\" aria-live=\"polite\"></output>\n</div>\n");
}

static size_t count_listed(const struct target_summary *summary) {
    size_t count = 0;
    for (size_t i = 0; page_lists_failures(summary) && i < summary->result_count; i++) {
        count += page_lists_result(&summary->results[i]);
    }
    return count;
}

static void add_target_failures(struct page *page, size_t target) {
    struct text *out = &page->sheet.text;
    const struct target_summary *summary = &page->summaries.items[target];
    text_add(out, "<section class=\"group\">");
    if (page->summaries.count > 1) {
        text_add(out, "<h3>");
        escape_html(out, summary->target, false);
        text_addf(out, " <small>%zu</small></h3>\n", count_listed(summary));
    }
    for (size_t at = 0; at < summary->result_count; at++) {
        if (page_lists_result(&summary->results[at])) {
            page_add_failure(out, &page->content, target, at);
            sheet_flush(&page->sheet);
        }
    }
    text_add(out, "</section>\n");
}

static void add_failures(struct page *page) {
    size_t count = 0;
    for (size_t i = 0; i < page->summaries.count; i++) {
        count += count_listed(&page->summaries.items[i]);
    }
    if (count == 0) {
        return;
    }
    text_add(&page->sheet.text, "<section class=\"group\"><h2 id=\"failures\">");
    page_add_counted(&page->sheet.text, count, "failure");
    text_add(&page->sheet.text, "</h2>\n");
    for (size_t i = 0; i < page->summaries.count; i++) {
        if (count_listed(&page->summaries.items[i]) > 0) {
            add_target_failures(page, i);
        }
    }
    text_add(&page->sheet.text, "</section>\n");
}

static void add_end(struct page *page) {
    struct text *out = &page->sheet.text;
    text_addf(out, "</main>\n<footer class=\"page-foot\"><p>Exit code %d. The whole run again:</p>\n<pre>",
              page->content.exit_code);
    escape_html(out, page->content.header->command, false);
    text_add(out, "</pre></footer>\n");
    page_look_add_script(out);
    text_add(out, "</body>\n</html>\n");
}

/* The conclusion is the headline, so the page is written whole here; reports.c puts this reporter behind those whose
 * failures change it. */
static bool page_settle(struct reporter *reporter, int exit_code) {
    struct page *page = (struct page *)reporter;
    struct text *out = &page->sheet.text;
    page->content.summaries = &page->summaries;
    page->content.exit_code = exit_code;
    add_begin(page);
    page_add_targets(out, &page->content);
    add_filter(out, page->summaries.count > 1);
    add_failures(page);
    page_add_parity(out, &page->content);
    sheet_flush(&page->sheet);
    page_add_grid(out, &page->content);
    add_end(page);
    return sheet_settle(&page->sheet) && !page->summaries.failed;
}

static void page_end(struct reporter *reporter, int exit_code) {
    (void)reporter, (void)exit_code;
}

static bool page_close(struct reporter *reporter) {
    struct page *page = (struct page *)reporter;
    bool written = sheet_close(&page->sheet) && !page->summaries.failed;
    summaries_release(&page->summaries);
    free(page);
    return written;
}

static const struct reporter_ops page_ops = {
    page_begin,  page_target_begin, page_case_done, page_target_end,
    page_parity, page_settle,       page_end,       page_close,
};

struct reporter *reporter_page_new(FILE *out) {
    struct page *page = malloc(sizeof *page);
    if (!page) {
        return NULL;
    }
    *page = (struct page){.reporter.ops = &page_ops};
    sheet_init(&page->sheet, out);
    return &page->reporter;
}
