/* How the pages for a browser look: one file each, nothing fetched, readable on a phone, in light and dark, and when
 * printed. */
#ifndef HOLDPOINT_REPORT_PAGE_LOOK_H
#define HOLDPOINT_REPORT_PAGE_LOOK_H

#include "reference/base/text.h"

/* The colours that all pages share, as a literal at the begin of a style sheet. */
#define PAGE_COLOURS                                                                                         \
    ":root{color-scheme:light dark;--ink:#1b1f24;--dim:#59636e;--line:#d1d9e0;--paper:#fff;--bar:#8c959f;"   \
    "--bad:#cf222e;--soft:#ffebe9;--good:#1a7f37;--warn:#9a6700;--well:#f6f8fa;--mark:#ffcecb}\n"            \
    "@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--dim:#9198a1;--line:#3d444d;--paper:#0d1117;"   \
    "--bar:#656c76;--bad:#ff7b72;--soft:#3c1618;--good:#57ab5a;--warn:#d29922;--well:#151b23;"               \
    "--mark:#792e2e}}\n"

/* page.css and page.js, built in. The script only filters; the page says everything without it. */
extern const char page_css[], page_js[];
extern const size_t page_css_length_bytes, page_js_length_bytes;

/* Adds the head of a page: its style, and a policy by which it can fetch nothing and run no script but its own. The title
 * may hold anything. */
void page_look_add_head(struct text *out, const char *title);

/* Adds the script. */
void page_look_add_script(struct text *out);

/* Adds bytes in base 64. */
void page_look_add_base64(struct text *out, const unsigned char *bytes, size_t length_bytes);

#endif
