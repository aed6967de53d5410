#include "harness/report/timeline_page.h"

#include "harness/lab/blame.h"
#include "harness/report/escape.h"
#include "harness/report/page_look.h"

#include <inttypes.h>

static const char head[] =
    "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<style>\n" PAGE_COLOURS
    "body{margin:2rem auto;max-width:72rem;padding:0 1rem;font:16px/1.5 "
    "system-ui,sans-serif;color:var(--ink);"
    "background:var(--paper)}\n"
    "h1{font-size:1.25rem;margin:0 0 .5rem}p{margin:.5rem 0}.why{border-left:.25rem solid var(--bad);"
    "background:var(--soft);padding:.5rem .75rem}\n"
    ".note,footer{color:var(--dim);font-size:.875rem}code{font:13px/1.5 "
    "ui-monospace,monospace;overflow-wrap:anywhere}\n"
    "ol{list-style:none;margin:1rem 0;padding:0;border-top:1px solid var(--line)}\n"
    "li{display:grid;grid-template-columns:minmax(14rem,22rem) 1fr;gap:.25rem 1rem;align-items:center;"
    "padding:.3rem .25rem;border-bottom:1px solid var(--line)}\n"
    "li.bad{background:var(--soft)}li small{color:var(--dim);display:block}\n"
    ".track{position:relative;height:1rem;background:linear-gradient(var(--line),var(--line)) 0 50%/100% 1px "
    "no-repeat}\n"
    ".bar{position:absolute;top:.15rem;height:.7rem;min-width:3px;background:var(--bar);border-radius:2px}\n"
    ".bad .bar{background:var(--bad)}.lost{border-radius:2px 0 0 "
    "2px;background:repeating-linear-gradient(90deg,var(--bar)"
    " 0 6px,transparent 6px 9px)}\n"
    ".ends{display:flex;justify-content:space-between}"
    "@media (max-width:40rem){li{grid-template-columns:1fr}.scale>span{display:none}}\n"
    "</style>\n<title>";

/* What is drawn, and on which scale. */
struct drawing {
    const struct timeline_page *page;
    const struct operation *operations;
    uint32_t count;
    int64_t start_ns;
    int64_t length_ns; /* at least 1 */
};

static bool is_named(const struct drawing *drawing, const struct operation *operation) {
    const struct judgement *judgement = drawing->page->judgement;
    for (size_t i = 0; i < judgement->operation_count; i++) {
        if (judgement->operations[i] == operation) {
            return true;
        }
    }
    return false;
}

static int64_t last_moment(const struct drawing *drawing) {
    int64_t last_ns = drawing->start_ns + 1;
    for (uint32_t i = 0; i < drawing->count; i++) {
        const struct operation *operation = &drawing->operations[i];
        int64_t end_ns = operation->return_ns == HISTORY_LOST ? operation->invoke_ns : operation->return_ns;
        last_ns = end_ns > last_ns ? end_ns : last_ns;
    }
    return last_ns;
}

static void add_escaped_words(struct text *text, const struct history *history,
                              const struct operation *operation) {
    struct text words = {0};
    text_addf(&words, "%s", operation_kind_name(operation->kind));
    if (operation->user != NAME_NONE) {
        text_addf(&words, " as %s", names_text(&history->users, operation->user));
    }
    if (operation->kind == OPERATION_CREATE) {
        text_addf(&words, " for %s", names_text(&history->users, operation->who));
    }
    text_add(&words, " \xe2\x86\x92 ");
    operation_result_add(&words, history, operation);
    escape_html(text, words.bytes, false);
    text->failed = text->failed || words.failed;
    text_release(&words);
}

static void add_times(struct text *text, const struct drawing *drawing, const struct operation *operation) {
    text_addf(text, "<small>client ");
    escape_html(text, names_text(&drawing->page->history->clients, operation->client), false);
    text_add(text, ", ");
    blame_add_time(text, operation->invoke_ns - drawing->start_ns);
    text_add(text, " .. ");
    if (operation->return_ns == HISTORY_LOST) {
        text_add(text, "no answer");
    } else {
        blame_add_time(text, operation->return_ns - drawing->start_ns);
    }
    text_add(text, "</small>");
}

/* Hundredths of a percent of the width: no printf of doubles, whose point depends on the locale. */
static int64_t part_of(const struct drawing *drawing, int64_t time_ns) {
    double part = (double)(time_ns - drawing->start_ns) / (double)drawing->length_ns;
    return part >= 1 ? 10000 : (int64_t)(part * 10000);
}

static void add_bar(struct text *text, const struct drawing *drawing, const struct operation *operation) {
    bool lost = operation->return_ns == HISTORY_LOST;
    int64_t from = part_of(drawing, operation->invoke_ns);
    int64_t until = lost ? 10000 : part_of(drawing, operation->return_ns);
    text_addf(text,
              "<div class=\"track\"><div class=\"bar%s\" style=\"left:%" PRId64 ".%02" PRId64
              "%%;width:%" PRId64 ".%02" PRId64 "%%\"></div></div>",
              lost ? " lost" : "", from / 100, from % 100, (until - from) / 100, (until - from) % 100);
}

static void add_rows(struct text *text, const struct drawing *drawing) {
    text_add(text, "<ol>\n<li class=\"scale\"><span></span><small class=\"ends\"><span>+0 ns</span><span>");
    blame_add_time(text, drawing->length_ns);
    text_add(text, "</span></small></li>\n");
    for (uint32_t i = 0; i < drawing->count; i++) {
        const struct operation *operation = &drawing->operations[i];
        text_add(text, is_named(drawing, operation) ? "<li class=\"bad\"><div>" : "<li><div>");
        add_escaped_words(text, drawing->page->history, operation);
        add_times(text, drawing, operation);
        text_add(text, "</div>");
        add_bar(text, drawing, operation);
        text_add(text, "</li>\n");
    }
    text_add(text, "</ol>\n");
}

static void add_paragraph(struct text *text, const char *class, const char *words) {
    if (words && *words) {
        text_addf(text, "<p class=\"%s\">", class);
        escape_html(text, words, false);
        text_add(text, "</p>\n");
    }
}

bool timeline_page_add(struct text *text, const struct timeline_page *page) {
    const struct history_key *key = &page->history->keys[page->key];
    struct drawing drawing = {page, page->history->operations + key->first, key->count, 0, 1};
    drawing.start_ns = key->count > 0 ? drawing.operations[0].invoke_ns : 0;
    drawing.length_ns = last_moment(&drawing) - drawing.start_ns;
    text_add(text, head);
    escape_html(text, page->title, false);
    text_add(text, "</title>\n</head>\n<body>\n<h1>");
    escape_html(text, page->title, false);
    text_add(text, "</h1>\n");
    add_paragraph(text, "why", page->sentence);
    add_paragraph(text, "note", page->note);
    text_add(text, "<p class=\"note\">Interrupt <code>");
    escape_html(text, history_key_name(page->history, page->key), false);
    text_addf(text,
              "</code>, %" PRIu32
              " operations. A bar reaches from the call to its answer; what contradicts each other "
              "is marked.</p>\n",
              key->count);
    add_rows(text, &drawing);
    if (page->repeat) {
        text_add(text, "<footer>Repeat: <code>");
        escape_html(text, page->repeat, false);
        text_add(text, "</code></footer>\n");
    }
    return text_add(text, "</body>\n</html>\n");
}
