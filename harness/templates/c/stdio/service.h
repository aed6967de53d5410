/* What is yours: a function for each method that your service can do. README.md says what each takes and answers. */
#ifndef SERVICE_H
#define SERVICE_H

#include <jansson.h>

/* Why something was refused. All texts are static. */
struct refusal {
    const char *name; /* "invalid", "not_found", "forbidden", "conflict", "unavailable", "unsupported", "internal" */
    const char *message;
    const char *field;            /* of an invalid one, "/kind", or NULL */
    const char *interrupt_status; /* of a conflict, or NULL */
};

/* Returns the result, which the caller takes over, or NULL and fills in *refusal. params is an object, borrowed. */
typedef json_t *(*method_function)(const json_t *params, struct refusal *refusal);

struct method {
    const char *name;       /* "interrupt.create" */
    const char *capability; /* what a hello declares because of it: "create" */
    method_function carry_out;
};

/* Each ends with zeroes. What stands there is declared, and nothing else; methods of one capability stand together. */
extern const struct method methods[];
extern const char *const also[]; /* promises for which there is no method: "concurrent", "instants" */
extern const char service_version[];

/* Fills in *refusal and returns NULL: return refuse(refusal, "not_found", "there is no such interrupt"); */
json_t *refuse(struct refusal *refusal, const char *name, const char *message);

#endif
