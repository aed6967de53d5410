/* Runs a step as a runner of migrations would: whole and in one transaction, or statement by statement as it comes when
 * it is step->alone. Psql's commands and what is left out are passed over. */
#ifndef HOLDPOINT_DRIFT_SCRIPT_H
#define HOLDPOINT_DRIFT_SCRIPT_H

#include "harness/drift/catalog.h"
#include "harness/drift/migrations/steps.h"

#define SCRIPT_NO_FAILURE ((size_t)-1)

enum { SCRIPT_MESSAGE_SIZE = 512 };

struct script_options {
    size_t
        fail_at; /* a statement that fails stands in place of this one, from 0; SCRIPT_NO_FAILURE: none does */
    bool roles_made; /* the server has the step's roles already, which all databases share: leave them out */
};

/* Why it stopped. */
struct script_fault {
    size_t statement; /* from 0 */
    size_t line;      /* of the file */
    char state[CATALOG_STATE_SIZE];
    char message[SCRIPT_MESSAGE_SIZE];
};

/* True when every statement was carried out and nothing is left open; else *fault says why. No transaction is open
 * afterwards. */
bool script_run(struct catalog *catalog, const struct step *step, const struct script_options *options,
                struct script_fault *fault);

/* True for a statement that script_run carries out. */
bool script_runs(const struct step *step, size_t statement, const struct script_options *options);

#endif
