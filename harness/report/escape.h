/* Foreign text made safe for the form that it is written into. A target may send anything: every function
 * here takes any NUL-terminated bytes; what is not UTF-8 becomes U+FFFD, one for each byte. NULL is taken as
 * "". Each appends to `out`, whose `failed` says when memory ran out. */
#ifndef HOLDPOINT_REPORT_ESCAPE_H
#define HOLDPOINT_REPORT_ESCAPE_H

#include "reference/base/text.h"

/* For a terminal: one line in which every control character, and every character that reorders text (bidi
 * controls) or breaks the line, is shown as \n, \t, \x1b or \u202e. */
void escape_terminal(struct text *out, const char *string);

/* As escape_terminal, but what is hidden is shown as <U+0009>: in JSON text \t is an escape of its own, which
 * means something else than a tab that stands there. */
void escape_code_points(struct text *out, const char *string);

/* For the content of an XML element. What XML 1.0 forbids becomes U+FFFD; "]]>" cannot arise. */
void escape_xml(struct text *out, const char *string);

/* For an XML attribute in double quotes: as escape_xml, with line ends and tabs as references, because a
 * parser would turn them into blanks. */
void escape_xml_attribute(struct text *out, const char *string);

/* A JSON string with its quotes. */
void escape_json(struct text *out, const char *string);

/* For <pre> and <code> in Markdown: HTML references for what is special, control characters shown as on a
 * terminal; line ends stay when `lines` is set. */
void escape_html(struct text *out, const char *string, bool lines);

/* For running text and table cells in GitHub's Markdown: punctuation loses its meaning, no tag, mention or
 * link that hides where it leads can arise, and it stays on one line. */
void escape_markdown(struct text *out, const char *string);

/* One word of a POSIX shell: quoted when it holds anything but letters, digits and harmless punctuation. */
void escape_shell(struct text *out, const char *string);

#endif
