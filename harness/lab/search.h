/* The second layer: the general search for an order, judged by sequential.c.
 *
 * After J. M. Wing and C. Gong, "Testing and Verifying Concurrent Objects", Journal of Parallel and Distributed Computing
 * 17 (1993), and G. Lowe, "Testing for Linearizability", Concurrency and Computation: Practice and Experience 29(4)
 * (2017): the calls and returns stand in one linked list by time; an operation whose call stands before the first
 * return may be next, and is lifted out of the list; at a dead end the last one is put back. A memo of (set of lifted
 * operations, state) keeps the search from going the same way twice. Added here: an operation that cannot change the
 * state from here on, because its own answer says that it did nothing, goes first and is never put back for another
 * choice, for whatever order there is, it may also stand there. Without that rule the search is exponential in the
 * clients of one interrupt. */
#ifndef HOLDPOINT_LAB_SEARCH_H
#define HOLDPOINT_LAB_SEARCH_H

#include "harness/lab/judgement.h"

/* The memory that searches work in, kept from one to the next. One thread at a time; several threads have one each. */
struct search;

/* What a search may spend before it is UNDECIDED. */
struct search_limits {
    uint64_t steps;    /* operations tried */
    size_t memo_bytes; /* of the memo */
};

/* NULL when memory runs out. */
struct search *search_new(void);
void search_free(struct search *search); /* NULL is allowed */

/* Checks one key. clock_error_ns is 0 or more. The operation of a violation is the one whose return could not be
 * passed where the search came furthest. HP_INTERNAL without memory. */
enum hp_status search_check(struct search *search, const struct history *history, size_t key,
                            int64_t clock_error_ns, const struct search_limits *limits,
                            struct judgement *judgement, struct hp_problem *problem);

/* Operations that the last check tried, and the memory of its memo and list, in bytes. */
uint64_t search_steps(const struct search *search);
size_t search_bytes(const struct search *search);

#endif
