/* The page of requirements. */
#ifndef HOLDPOINT_COMMANDS_SPEC_PAGE_H
#define HOLDPOINT_COMMANDS_SPEC_PAGE_H

#include "harness/case/case.h"
#include "reference/base/text.h"

/* Adds the page in Markdown: a numbered section for each prefix (REQ-KIND, REQ-TTL, ...), in the order of the
 * requirements. The same suite always gives the same bytes. */
void spec_page_add(struct text *out, const struct suite *suite);

/* Adds the ids of requirements without a case and without a reason for that, one a line; returns how many. */
size_t spec_find_unproved(const struct suite *suite, struct text *ids);

#endif
