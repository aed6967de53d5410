/* A server as a child process, on ports of its own choice: the reference, or anybody's that says where it listens as
 * `holdpoint serve --conformance` does. */
#ifndef HOLDPOINT_ADAPTERS_HTTP_CHILD_H
#define HOLDPOINT_ADAPTERS_HTTP_CHILD_H

#include "reference/base/problem.h"
#include "reference/base/text.h"

/* What such a server takes an operator by. Its address is on the loopback interface, and its controls ask nobody anything:
 * this is no secret. */
#define HTTP_CHILD_TOKEN "conformance"

/* One thread at a time. */
struct http_child;

/* Starts the server and waits up to timeout_ms until it says where it listens. Holdpoint is this program itself (as Linux's
 * /proc has it), or what the environment variable HOLDPOINT names. conninfo and schema say where the database is; NULL: the
 * store is in memory. No message shows the conninfo. A keeper between us ends the server when we end, however we do.
 * HP_UNAVAILABLE, with the server's last words, when it does not come up. The caller ends *child. */
enum hp_status http_child_start(const char *conninfo, const char *schema, unsigned timeout_ms,
                                struct http_child **child, struct hp_problem *problem);

/* The same for any command of a shell. It gets no stdin; SIGTERM is to end it, and what is left of it is killed. */
enum hp_status http_child_start_command(const char *command, unsigned timeout_ms, struct http_child **child,
                                        struct hp_problem *problem);

/* Where the routes are, prefix included, and the controls. Borrowed. */
const char *http_child_url(const struct http_child *child);
const char *http_child_controls(const struct http_child *child);

/* Reads what it has written, without waiting, so that it never waits for us. */
void http_child_pump(struct http_child *child);

/* Adds its log since the last call. */
void http_child_take_log(struct http_child *child, struct text *log);

/* Ends it: requests that are under way may still be answered for a moment. The rest of its log is added, unless log is NULL.
 * NULL is allowed. */
void http_child_end(struct http_child *child, struct text *log);

#endif
