/* Text with ${NAME} in it, which stands for an environment variable: so that a file can name a secret without holding it. */
#ifndef HOLDPOINT_ADAPTERS_ENVIRONMENT_H
#define HOLDPOINT_ADAPTERS_ENVIRONMENT_H

#include "reference/base/problem.h"
#include "reference/base/text.h"

/* Adds the text with every ${NAME} replaced by the variable's value. NAME is letters, digits and underscores. HP_INVALID
 * for a variable that is not set or a "${" without its end; the problem names it. HP_INTERNAL without memory. */
enum hp_status environment_expand(const char *text, struct text *expanded, struct hp_problem *problem);

#endif
