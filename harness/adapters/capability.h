/* The methods of the wire and the capabilities that a hello may declare; docs/adapters.md describes both. */
#ifndef HOLDPOINT_ADAPTERS_CAPABILITY_H
#define HOLDPOINT_ADAPTERS_CAPABILITY_H

#include <stdbool.h>
#include <stddef.h>

/* The capability that a method needs: "create" for "interrupt.create". NULL for a method that the wire does
 * not have; hello needs none and has none. */
const char *capability_of_method(const char *method);

/* The methods of contract parts 1 and 2, by number; NULL past the last one. */
const char *capability_method(size_t index);

/* The capabilities of contract parts 1 and 2, by number, each once; NULL past the last one. */
const char *capability_name(size_t index);

/* True for every capability that some target may declare, later parts included. */
bool capability_is_known(const char *name);

#endif
