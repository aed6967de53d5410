/* Baselines that a test writes for itself, on a suite of the cases kinds.a to kinds.e. Everything here fails
 * the running test by cmocka's assertions. */
#ifndef HOLDPOINT_SELF_SUPPORT_BASELINE_H
#define HOLDPOINT_SELF_SUPPORT_BASELINE_H

#include "harness/case/baseline.h"

enum { BASELINE_PATH_SIZE = 320 };

#define MARK "0123456789abcdef"
#define OTHER_MARK "fedcba9876543210"
#define KNOWN_AS(id, mark, rest)                                                                             \
    "{\"case\":\"kinds." id "\",\"fingerprint\":\"" mark "\",\"reason\":\"r\"" rest "}"
#define KNOWN(id, rest) KNOWN_AS(id, MARK, rest)

/* A folder with the suite, and a baseline.json in it. */
struct shelf {
    struct suite *suite;
    char path[BASELINE_PATH_SIZE];
    struct baseline *baseline;
};

/* Writes the entries, JSON objects with commas between them, each on a line of its own where the text has
 * one, and reads them; NULL: there is no file yet. */
void shelf_init(struct shelf *shelf, const char *entries);
void shelf_release(struct shelf *shelf);

/* What the file holds now; the caller frees it. NULL when there is none. */
char *shelf_read(const struct shelf *shelf);

/* A result of the suite's case with that letter. */
struct case_result shelf_result(const struct shelf *shelf, char letter, enum verdict verdict,
                                const char *fingerprint);

#endif
