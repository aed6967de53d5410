/* The name by which a member or field is known outside its program. */
#ifndef HOLDPOINT_DRIFT_SOURCE_WIRE_NAME_H
#define HOLDPOINT_DRIFT_SOURCE_WIRE_NAME_H

#include "harness/drift/source/spelling.h"
#include "harness/drift/source/tree.h"

/* Puts the name of a field: that of its tag (Go's json:"x", serde's rename, @JsonProperty and the like), else its own. Empty
 * when the tag keeps the field off the wire. */
void wire_name_put(char word[SPELLING_SIZE], const struct source_file *file, const struct fact *field);

/* The source of what a member stands for: the text that it has as its value, or that of its tag, else its name. The buffer
 * holds what a tag says. */
const char *wire_name_source(char buffer[SPELLING_SIZE], const struct source_file *file,
                             const struct fact *member);

#endif
