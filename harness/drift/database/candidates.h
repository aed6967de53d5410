/* Words that the database might take for a kind or a status: whatever stands near. They decide nothing; a probe does. */
#ifndef HOLDPOINT_DRIFT_CANDIDATES_H
#define HOLDPOINT_DRIFT_CANDIDATES_H

#include "harness/drift/database/relation.h"

enum { CANDIDATES_MAX = 300, CANDIDATE_LENGTH_MAX = 63 };

/* Distinct words, owned. Release with candidates_release. */
struct candidates {
    char **items;
    size_t count;
};

/* Gathers the words: of the vocabulary with its aliases; texts in quotes in CHECK constraints of the table and of its
 * domains and in the functions of its triggers; labels of its enums; keys of tables that it refers to; values of its rows;
 * words of the comments on kind and status; and some that nobody would take. The first CANDIDATES_MAX. On lack of memory
 * inspection->report->failed is set. */
void candidates_gather(struct inspection *inspection, const struct relation *relation,
                       struct candidates *candidates);
void candidates_release(struct candidates *candidates);

/* The word that is no word of anybody's: who accepts it accepts anything. */
extern const char candidates_nonsense[];

#endif
