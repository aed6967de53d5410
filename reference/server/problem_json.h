/* A problem as an answer: application/problem+json (RFC 9457). */
#ifndef HOLDPOINT_SERVER_PROBLEM_JSON_H
#define HOLDPOINT_SERVER_PROBLEM_JSON_H

#include "reference/base/problem.h"
#include "reference/server/message.h"

enum { PROBLEM_RETRY_SECONDS = 1 };

/* The HTTP status of an error that says nothing more precise: 400 for HP_INVALID. */
unsigned problem_status(enum hp_status status);

/* Makes the answer, with members type, title, status, detail and name, a field when there is one, and an interrupt_status for a
 * conflict that has one. 503, and a conflict without that status, say Retry-After. When even that finds no memory
 * the answer is 500 with a body of its own. */
void problem_answer(struct server_response *response, unsigned http_status, const struct hp_problem *problem);

/* Answers a refusal that only HTTP knows; its title is that of the HTTP status, where the error's would say too much. */
void problem_refuse(struct server_response *response, unsigned http_status, enum hp_status status,
                    const char *field, const char *detail);

#endif
