/* Databases with planted defects, and what the inspection of them comes to. Everything here fails the running test by
 * cmocka's assertions. */
#ifndef HOLDPOINT_SELF_SUPPORT_PATIENT_H
#define HOLDPOINT_SELF_SUPPORT_PATIENT_H

#include "harness/adapters/database.h"
#include "harness/drift/database/database.h"

/* Group setup and teardown of cmocka: starts the server, makes a database as our migrations make it, and loads the
 * vocabulary; stops the server. */
int patients_start(void **state);
int patients_stop(void **state);

const struct vocabulary *patients_vocabulary(void);

/* A fresh copy of that database, and a session in it. */
struct patient {
    char conninfo[512];
    struct database *session;
};

void patient_init(struct patient *patient);
void patient_release(struct patient *patient);

/* Runs SQL there, which must work. */
void patient_run(struct patient *patient, const char *sql);
int64_t patient_ask(struct patient *patient, const char *sql);

/* One number for all that is stored: rows, catalog, sequences. */
int64_t patient_checksum(struct patient *patient);

/* Inspects it, which must work; the caller releases the report. */
void patient_inspect(const struct patient *patient, bool read_only, struct drift_report *report);

/* Prints the findings, and what is undecided or skipped, to stderr. */
void report_print(const struct drift_report *report);

/* The check of that id. */
const struct drift_check *patients_check(const char *id);

#endif
