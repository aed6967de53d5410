/* The methods that a case may call, and the capability that each stands for. */
#ifndef HOLDPOINT_CASE_METHOD_H
#define HOLDPOINT_CASE_METHOD_H

/* The capability that a target declares when it offers the method; NULL when there is no such method for
 * cases. Static text. */
const char *method_capability(const char *method);

/* The known method nearest to a misspelt one, or NULL. Static text. */
const char *method_nearest(const char *method);

#endif
