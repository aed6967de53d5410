/* What cases and requirements have to do with each other, and the nearest to an id that does not exist. */
#ifndef HOLDPOINT_COMMANDS_CATALOG_H
#define HOLDPOINT_COMMANDS_CATALOG_H

#include "harness/case/case.h"

#include <stdbool.h>

/* True when a step of the case names the requirement. */
bool catalog_proves(const struct test_case *test_case, const struct requirement *requirement);

/* How many cases prove it; rows of one template count each. */
size_t catalog_count(const struct suite *suite, const struct requirement *requirement);

/* How many templates they have; a case without rows is its own. */
size_t catalog_count_templates(const struct suite *suite, const struct requirement *requirement);

/* True when no earlier case of the suite has the same template and proves the requirement too. */
bool catalog_is_first(const struct suite *suite, size_t case_index, const struct requirement *requirement);

/* Records that neither a case nor a requirement has the id, with the nearest that exist,
 * or else the chapters. HP_INVALID. */
enum hp_status catalog_refuse(const struct suite *suite, const char *id, struct hp_problem *problem);

#endif
