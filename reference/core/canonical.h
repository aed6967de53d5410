/* JSON values as text that is the same for equal values. The library does not export it. */
#ifndef HOLDPOINT_CORE_CANONICAL_H
#define HOLDPOINT_CORE_CANONICAL_H

#include "reference/core/json.h"

/* Appends the value with its keys in the order of their bytes and each number in one spelling: 1, 1.0 and 1e0 are the
 * same, so are -0.0 and 0. Two values give the same text exactly when they are equal. False when memory runs out or the
 * text's cap ends. It goes as deep as the value, which the reader of JSON has bounded. */
bool canonical_write(struct text *text, const json_t *value);

#endif
