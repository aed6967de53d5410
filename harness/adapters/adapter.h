/* A target is the service under test as the harness sees it. An adapter is one way to speak to it: in
 * process, over a child's stdin and stdout, over HTTP. Each is a small vtable; a decorator wraps any target
 * and is a target itself.
 *
 * Threads: a target may be used by several threads, each with sessions of its own; one session by one thread
 * at a time. */
#ifndef HOLDPOINT_ADAPTERS_ADAPTER_H
#define HOLDPOINT_ADAPTERS_ADAPTER_H

#include "reference/base/problem.h"
#include "reference/base/text.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ADAPTER_NAME_SIZE = 32, ADAPTER_DETAIL_SIZE = 512 };

/* What a target says of itself. Release with hello_release. */
struct hello {
    char *name; /* "holdpoint reference, memory store" */
    char *version;
    char *language;
    json_t *capabilities; /* array of text: "create", "clock", ...; docs/adapters.md lists them */
    unsigned endpoints;   /* how many endpoints share the target's state; at least 1 */
    /* How many children of one command may run over that state at once, at most `endpoints`; endpoint e is spoken to
     * through child e modulo so many. 0 and 1: one. A target that declares `processes` has at least two processes behind
     * its endpoints, by this or by means of its own: who speaks to all endpoints speaks to two processes. */
    unsigned processes;
    int64_t clock_error_us; /* how far its clock may be off from the harness's while nobody has set it */
    char *database; /* where its tables are, in libpq's form; NULL: it does not say. May hold a password */
    char *schema;   /* and in which schema; NULL: it does not say */
    /* Array of methods that somebody else carries out in the service's place (NULL: none): cases may call them, and those
     * that judge their answers are unsupported. */
    json_t *stand_ins;
    /* The service goes on when the run is over, and nobody resets it: a call by hand meets what a case has made. */
    bool outlives;
    /* What is wrong with its store, a name of mutant_store.h, so that servers that are started in its place get it too;
     * NULL: nothing. No target says it over a wire. */
    char *fault;
};

void hello_release(struct hello *hello);

/* True when the target promised the capability. */
bool hello_declares(const struct hello *hello, const char *capability);

/* One call. The params are JSON text and are sent as they are, so that text which no JSON value can hold
 * arrives too. `raw` says that the params may be malformed on purpose: then an adapter cannot expect its
 * call's id back. */
struct request {
    const char *method;
    const char *params;
    size_t params_length_bytes;
    bool raw;
};

enum answer_kind {
    ANSWER_RESULT,  /* the operation was carried out */
    ANSWER_REFUSED, /* the service answered with an error of its own */
    /* The adapter has no way to say the call, so nothing was asked: the case is unsupported. No service can answer so. */
    ANSWER_UNSENDABLE,
    ANSWER_BROKEN, /* no answer, or one that is none: the case is errored, never passed */
};

/* What came back. Zeroed it holds nothing; release with answer_release. */
struct answer {
    enum answer_kind kind;
    json_t *result; /* of ANSWER_RESULT: owned, of this thread alone */
    /* Of ANSWER_REFUSED; status and field are "" when the target gave none. Untold is what nobody asks for, since the
     * service's refusals have no place for it. */
    char error_name[ADAPTER_NAME_SIZE]; /* "forbidden", or what the target says in its place */
    char interrupt_status[ADAPTER_NAME_SIZE];
    char field[HP_PROBLEM_FIELD_SIZE];
    bool untold_status, untold_field;
    char *error_text; /* the whole error as JSON, owned; NULL when detail is all there is */
    /* The target's message, or why the answer is broken, or why the call could not be made. */
    char detail[ADAPTER_DETAIL_SIZE];
};

void answer_release(struct answer *answer);

enum poll_state { POLL_ANSWERED, POLL_PENDING };

struct target;
struct session;

/* Where the threads of a target's calls may be held up: whoever gave it to a target decides in `pass` how long each of
 * them stays there. That is how an order of calls is played exactly. */
struct gate {
    /* A call has come to that point, in the thread that makes it; the name is static: "change", "change.done". Any
     * thread may come, also one that the owner of the gate knows nothing of. */
    void (*pass)(struct gate *gate, const char *point);
};

/* One open line to one endpoint of a target. */
struct session_ops {
    /* Sends a call and returns at once; *ticket names it to `poll`. HP_UNAVAILABLE when the line is
     * broken. */
    enum hp_status (*start)(struct session *session, const struct request *request, unsigned *ticket,
                            struct hp_problem *problem);
    /* Waits up to timeout_ms (0: looks only) for the answer of that call. POLL_PENDING leaves *answer alone.
     * A broken line is an answer: ANSWER_BROKEN. */
    enum poll_state (*poll)(struct session *session, unsigned ticket, unsigned timeout_ms,
                            struct answer *answer);
    /* Ends the line and frees the session. */
    void (*close)(struct session *session);
};

struct session {
    const struct session_ops *ops;
    struct target *target;
};

struct target_ops {
    /* Starts what has to be started, and asks the target who it is. The caller releases *hello.
     * HP_UNAVAILABLE when it cannot be reached, HP_INVALID when what it says is no hello; the problem says
     * what to mend. May be called again. */
    enum hp_status (*hello)(struct target *target, struct hello *hello, struct hp_problem *problem);
    /* Opens a session on an endpoint, 0 .. hello.endpoints - 1. */
    enum hp_status (*open)(struct target *target, unsigned endpoint, struct session **session,
                           struct hp_problem *problem);
    /* After a broken answer: throws away what is left of the old process, so that the next open meets a fresh
     * one. Sessions that are still open stay broken and must be closed. */
    void (*restart)(struct target *target);
    /* Adds what the target itself wrote since the last call (its stderr), for the report; adds nothing when
     * there is none. */
    void (*take_log)(struct target *target, struct text *log);
    /* Adds how a person repeats the call by hand: a JSON-RPC line, a curl command. Adds nothing when there is
     * no such way. */
    void (*reproduce)(struct target *target, const struct request *request, struct text *text);
    /* Ends every process that the target started, and frees it. All its sessions are closed before. */
    void (*free)(struct target *target);
    /* From now on every call passes the gate; NULL: none any more. False when the target has no points at which a
     * call could be held up. May be NULL, which says the same. */
    bool (*set_gate)(struct target *target, struct gate *gate);
};

struct target {
    const struct target_ops *ops;
};

/* The calls of the vtables, for every target and decorator. */
enum hp_status target_hello(struct target *target, struct hello *hello, struct hp_problem *problem);
enum hp_status target_open(struct target *target, unsigned endpoint, struct session **session,
                           struct hp_problem *problem);
void target_restart(struct target *target);
void target_take_log(struct target *target, struct text *log);
void target_reproduce(struct target *target, const struct request *request, struct text *text);
bool target_set_gate(struct target *target, struct gate *gate); /* only while no call is under way */
void target_free(struct target *target);                        /* NULL is allowed */
void session_close(struct session *session);                    /* NULL is allowed */

/* Starts a call and waits for its answer. No answer in time is ANSWER_BROKEN, "no answer within N ms". */
void session_call(struct session *session, const struct request *request, unsigned deadline_ms,
                  struct answer *answer);

/* Makes the target that a command line names: "memory", "postgres", "postgres:DSN", "http" (our own server
 * over the memory store, "http:postgres" over a database), "http:URL", "profile:FILE", "stdio:COMMAND", "null:NAME",
 * "mutant:NAME"; and, shown to nobody, "attached:SCHEMA@DSN", by which `postgres` starts its second process. timeout_ms
 * bounds a child's hello. HP_INVALID, with the known forms in the problem, when there is none of that name. The caller
 * frees *target. */
enum hp_status target_from_name(const char *name, unsigned timeout_ms, struct target **target,
                                struct hp_problem *problem);

#endif
