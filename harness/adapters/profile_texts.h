/* Files that are built in, because a profile is read wherever it lies. */
#ifndef HOLDPOINT_ADAPTERS_PROFILE_TEXTS_H
#define HOLDPOINT_ADAPTERS_PROFILE_TEXTS_H

#include <stddef.h>

/* fixtures/schema/profile.json */
extern const char profile_schema_text[];
extern const size_t profile_schema_text_length_bytes;

/* examples/profiles/contract.json: the contract's own routes. */
extern const char profile_contract_text[];
extern const size_t profile_contract_text_length_bytes;

#endif
