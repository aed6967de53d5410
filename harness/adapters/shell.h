/* Text for a person's shell. */
#ifndef HOLDPOINT_ADAPTERS_SHELL_H
#define HOLDPOINT_ADAPTERS_SHELL_H

#include "reference/base/text.h"

/* Adds the bytes as one word of sh, in single quotes, whatever they hold. */
bool shell_add_quoted(struct text *text, const char *bytes, size_t length_bytes);

/* Adds a command so that it may stand behind a pipe: as it is when it is plain words, else sh -c '...'. */
bool shell_add_command(struct text *text, const char *command);

#endif
