#include "harness/report/escape.h"
#include "harness/report/page_parts.h"

#include "harness/case/case.h"

#include <stdlib.h>
#include <string.h>

enum { ALIKE_BYTES_MIN = 8 };

/* How far two texts are alike at their begin and their end, by whole characters. */
struct likeness {
    size_t begin_bytes, end_bytes;
};

static bool is_inside_character(char byte) {
    return ((unsigned char)byte & 0xC0) == 0x80;
}

static struct likeness find_likeness(const char *one, const char *other) {
    struct likeness alike = {0};
    size_t one_length = strlen(one), other_length = strlen(other);
    size_t shorter = one_length < other_length ? one_length : other_length;
    while (alike.begin_bytes < shorter && one[alike.begin_bytes] == other[alike.begin_bytes]) {
        alike.begin_bytes++;
    }
    while (alike.begin_bytes > 0 &&
           (is_inside_character(one[alike.begin_bytes]) || is_inside_character(other[alike.begin_bytes]))) {
        alike.begin_bytes--;
    }
    while (alike.end_bytes < shorter - alike.begin_bytes &&
           one[one_length - 1 - alike.end_bytes] == other[other_length - 1 - alike.end_bytes]) {
        alike.end_bytes++;
    }
    while (alike.end_bytes > 0 && is_inside_character(one[one_length - alike.end_bytes])) {
        alike.end_bytes--;
    }
    return alike;
}

static void add_piece(struct text *out, const char *bytes, size_t length_bytes) {
    char *piece = text_copy_bytes(bytes, length_bytes);
    out->failed = out->failed || !piece;
    escape_html(out, piece, false);
    free(piece);
}

/* One side, with what is only there marked, unless so little is alike that it is by chance. */
static void add_side(struct text *out, const char *label, const char *side, const struct likeness *alike) {
    size_t length = strlen(side), middle = length - alike->begin_bytes - alike->end_bytes;
    bool marked = middle > 0 && alike->begin_bytes + alike->end_bytes >= ALIKE_BYTES_MIN;
    text_addf(out, "<span>%s</span><code>", label);
    add_piece(out, side, alike->begin_bytes);
    text_add(out, marked ? "<mark>" : "");
    add_piece(out, side + alike->begin_bytes, middle);
    text_add(out, marked ? "</mark>" : "");
    add_piece(out, side + length - alike->end_bytes, alike->end_bytes);
    text_add(out, "</code>");
}

static void add_difference(struct text *out, const struct case_result *result) {
    if (!result->expected && !result->got) {
        return;
    }
    const char *expected = result->expected ? result->expected : "(nothing)";
    const char *got = result->got ? result->got : "(nothing)";
    struct likeness alike = find_likeness(expected, got);
    text_add(out, "<div class=\"diff\">");
    add_side(out, "expected", expected, &alike);
    add_side(out, "got", got, &alike);
    text_add(out, "</div>\n");
}

static void add_requirement(struct text *out, const struct run_header *header, const char *id) {
    const struct requirement *requirement = header->suite ? suite_requirement(header->suite, id) : NULL;
    text_add(out, "<blockquote>");
    if (requirement) {
        text_add(out, "<p>");
        escape_html(out, requirement->sentence, false);
        text_add(out, "</p>");
    }
    text_add(out, "<footer>");
    escape_html(out, id, false);
    for (size_t i = 0; requirement && i < 2; i++) {
        const char *word = i == 0 ? requirement->level : requirement->source;
        if (word && *word) {
            text_add(out, " \xc2\xb7 ");
            escape_html(out, word, false);
        }
    }
    text_add(out, "</footer></blockquote>\n");
}

static void add_calls(struct text *out, const struct case_result *result) {
    if (result->exchange_count == 0) {
        return;
    }
    text_add(out, "<h4>The calls</h4>\n<ol class=\"calls\">\n");
    for (size_t i = 0; i < result->exchange_count; i++) {
        const struct exchange *exchange = &result->exchanges[i];
        text_add(out, "<li><small>");
        escape_html(out, exchange->step, false);
        text_add(out, "</small><code>");
        escape_html(out, exchange->method, false);
        text_add_byte(out, ' ');
        escape_html(out, exchange->params, false);
        text_add(out, "</code><code class=\"answer\">\xe2\x86\x92 ");
        escape_html(out, exchange->answer, false);
        text_add(out, "</code></li>\n");
    }
    text_add(out, "</ol>\n");
}

static void add_repeat(struct text *out, const struct page_content *content, const char *target,
                       const struct case_result *result) {
    struct text command = {0};
    add_repeat_command(&command, content->header, target, result);
    page_add_block(out, "Repeat it", "command", command.bytes);
    out->failed = out->failed || command.failed;
    text_release(&command);
    page_add_block(out, "The last call by hand", "command", result->reproduce);
}

static void add_summary(struct text *out, const struct case_result *result) {
    const struct page_mark *mark = page_mark_of(result->verdict);
    text_addf(out, "<summary><b class=\"%s\">%s</b><code>", mark->class_name, mark->word);
    escape_html(out, result->test_case->id, false);
    text_add(out, "</code><small>");
    escape_html(out, result->test_case->title, false);
    text_add(out, "</small></summary>\n");
}

static void add_place(struct text *out, const struct test_case *test_case) {
    text_add(out, "<p class=\"dim\">");
    escape_html(out, test_case->level, false);
    text_add(out, ", ");
    escape_html(out, test_case->file, false);
    text_addf(out, ":%zu</p>\n", test_case->line);
}

void page_add_failure(struct text *out, const struct page_content *content, size_t target, size_t at) {
    const struct target_summary *summary = &content->summaries->items[target];
    const struct case_result *result = &summary->results[at];
    text_addf(out, "<details class=\"failure hit\" data-k=\"%s\">\n",
              result->verdict == VERDICT_EXPECTED_FAILURE ? "known" : "bad");
    add_summary(out, result);
    /* The anchor is inside, so that who follows a link finds it open. */
    text_addf(out, "<div class=\"body\" id=\"f-%zu-%zu\">\n", target, at);
    for (size_t i = 0; i < 2 && result->requirements[i]; i++) {
        add_requirement(out, content->header, result->requirements[i]);
    }
    page_add_paragraph(out, "why", "", result->reason);
    page_add_paragraph(out, "line", "<b>Baseline:</b>", result->baseline);
    page_add_paragraph(out, "line", "<span class=\"dim\">at</span>", result->step);
    page_add_paragraph(out, "line", "<span class=\"dim\">in the answer at</span>", result->path);
    add_difference(out, result);
    page_add_block(out, "What was seen", "drawn", result->exhibit);
    add_repeat(out, content, summary->target, result);
    add_calls(out, result);
    page_add_block(out, "The target's log", "drawn", result->log);
    add_place(out, result->test_case);
    text_add(out, "</div></details>\n");
}
