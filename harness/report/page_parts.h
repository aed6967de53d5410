/* What the parts of the page of a run share: private to page.c, page_targets.c, page_grid.c, page_failure.c,
 * page_parity.c. */
#ifndef HOLDPOINT_REPORT_PAGE_PARTS_H
#define HOLDPOINT_REPORT_PAGE_PARTS_H

#include "harness/report/summaries.h"

/* Everything that the page shows. Borrowed. */
struct page_content {
    const struct run_header *header;
    const struct summaries *summaries;
    const struct parity *parity; /* NULL: nothing was compared */
    int exit_code;
};

/* How a verdict looks: a class of the style sheet, a sign, a word. */
struct page_mark {
    const char *class_name;
    const char *sign;
    const char *word;
};
const struct page_mark *page_mark_of(enum verdict verdict);

/* Adds a label and a text that may hold anything, as an element; nothing for NULL and "". */
void page_add_paragraph(struct text *out, const char *class_name, const char *label, const char *value);

/* Adds a heading and a text as it is, in lines; nothing for NULL and "". */
void page_add_block(struct text *out, const char *heading, const char *class_name, const char *value);

/* Adds "1,436", and "1 case" or "2 cases" with the word given in the singular. */
void page_add_count(struct text *out, size_t count);
void page_add_counted(struct text *out, size_t count, const char *word);

/* True when the failures of the target are listed: a null's are what it is for, and a dead target's are all alike. */
bool page_lists_failures(const struct target_summary *summary);

/* True when the result is listed among the failures. */
bool page_lists_result(const struct case_result *result);

/* Each adds its part of the page; the texts that they add are flushed by the caller. */
void page_add_targets(struct text *out, const struct page_content *content);
void page_add_grid(struct text *out, const struct page_content *content);
void page_add_failure(struct text *out, const struct page_content *content, size_t target, size_t at);
void page_add_parity(struct text *out, const struct page_content *content);

#endif
