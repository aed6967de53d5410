/* The operations of one interrupt as a page for a browser: one file, no scripts, nothing fetched, readable on a phone, in
 * light and dark, and when printed. */
#ifndef HOLDPOINT_REPORT_TIMELINE_PAGE_H
#define HOLDPOINT_REPORT_TIMELINE_PAGE_H

#include "harness/lab/judgement.h"

/* What the page is about. Everything is borrowed; texts may hold anything. */
struct timeline_page {
    const char *title;    /* of the case, or of the run */
    const char *sentence; /* what cannot be, and why */
    const char *note;     /* where it came from: the target, the seed, the round; NULL: nothing */
    const char *repeat;   /* a command that repeats it; NULL: there is none */
    const struct history *history;
    size_t key;
    const struct judgement *judgement; /* which operations contradict each other; may name none */
};

/* Adds the page. False when the text has failed. */
bool timeline_page_add(struct text *text, const struct timeline_page *page);

#endif
