/* The methods of the wire and the capabilities that a hello may declare; docs/adapters.md describes both. All
 * text is static. */
#ifndef HOLDPOINT_BASE_METHOD_H
#define HOLDPOINT_BASE_METHOD_H

#include <stdbool.h>
#include <stddef.h>

/* The capability that a target declares when it offers the method: "create" for "interrupt.create". NULL for
 * a method that the wire does not have; hello needs none and has none. */
const char *method_capability(const char *method);

/* The known method nearest to a misspelt one, or NULL. */
const char *method_nearest(const char *method);

/* The methods of contract parts 1 and 2, by number, one for each capability; NULL past the last one. */
const char *method_offered(size_t index);

/* The capabilities of contract parts 1 and 2, by number, each once; NULL past the last one. */
const char *capability_offered(size_t index);

/* The capabilities of contract part 4, which a service with flows has, by number; NULL past the last one. */
const char *capability_of_flows(size_t index);

/* The capabilities of contract part 3, which a service over HTTP may have, by number; NULL past the last one. */
const char *capability_over_http(size_t index);
bool capability_is_over_http(const char *name);

/* True for every capability that some target may declare, later parts included. */
bool capability_is_known(const char *name);

/* The known capability nearest to a misspelt one, or NULL. */
const char *capability_nearest(const char *name);

#endif
