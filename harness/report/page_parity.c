#include "harness/report/escape.h"
#include "harness/report/page_parts.h"

#include "harness/case/case.h"

static void add_side(struct text *out, const char *name, const char *value) {
    text_add(out, "<span>");
    escape_html(out, name, false);
    text_add(out, "</span><code>");
    escape_html(out, value, false);
    text_add(out, "</code>");
}

static void add_pair(struct text *out, const struct parity_target *target, const struct parity_case *pair) {
    text_add(
        out,
        "<details class=\"failure hit\" data-k=\"differs\">\n<summary><b class=\"known\">differs</b><code>");
    escape_html(out, pair->test_case->id, false);
    text_add(out, "</code><small>");
    escape_html(out, pair->test_case->title, false);
    text_add(out, "</small></summary>\n<div class=\"body\">\n");
    page_add_paragraph(out, "line", "<span class=\"dim\">at</span>", pair->step);
    page_add_paragraph(out, "line", "<span class=\"dim\">call</span>", pair->method);
    page_add_paragraph(out, "line", "<span class=\"dim\">in it at</span>",
                       pair->step ? pair->path : "the verdict");
    text_add(out, "<div class=\"diff sides\">");
    add_side(out, target->first, pair->first);
    add_side(out, target->target, pair->other);
    text_add(out, "</div>\n</div></details>\n");
}

static void add_target(struct text *out, const struct parity_target *target) {
    text_add(out, "<section class=\"group\"><h3>");
    escape_html(out, target->target, false);
    text_add(out, " <small>with ");
    escape_html(out, target->first, false);
    text_add(out, "</small></h3>\n<p class=\"dim\">");
    parity_add_sum(out, target);
    text_add(out, "</p>\n");
    for (size_t at = 0; at < target->case_count; at++) {
        if (target->cases[at].state == PARITY_DIFFERS) {
            add_pair(out, target, &target->cases[at]);
        }
    }
    text_add(out, "</section>\n");
}

void page_add_parity(struct text *out, const struct page_content *content) {
    const struct parity *parity = content->parity;
    if (!parity) {
        return;
    }
    text_addf(out, "<section class=\"group\"><h2 id=\"parity\">Parity %s</h2>\n",
              parity_count_differences(parity) ? "does not hold" : "holds");
    for (size_t i = 0; i < parity->target_count; i++) {
        add_target(out, &parity->targets[i]);
    }
    text_add(out, "</section>\n");
}
