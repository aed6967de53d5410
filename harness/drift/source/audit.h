/* A tree under examination, and how its checks report. */
#ifndef HOLDPOINT_DRIFT_SOURCE_AUDIT_H
#define HOLDPOINT_DRIFT_SOURCE_AUDIT_H

#include "harness/drift/finding.h"
#include "harness/drift/source/configuration.h"
#include "harness/drift/source/source_check.h"
#include "harness/drift/source/tree.h"

/* Borrowed, all of it. */
struct audit {
    const struct source_tree *tree;
    const struct vocabulary *vocabulary;
    struct configuration *configuration;
    struct drift_report *report;
};

/* What a finding is about. */
struct audit_place {
    const struct source_file *file;
    size_t line;
    const char *name; /* of the type, table, function or module */
    enum drift_confidence confidence;
};

/* Adds a finding, or a note where the configuration ignores it. mend NULL: the check's own. what is printf's. */
void audit_find(const struct audit *audit, enum source_check check, const struct audit_place *place,
                const char *mend, const char *what, ...) HP_PRINTF(5, 6);

/* The parts of the examination, each for the whole tree. */
void audit_words(const struct audit *audit);   /* types that stand for kinds, statuses, decisions: F1 */
void audit_records(const struct audit *audit); /* records that stand for interrupt, response, envelope: F2 */
void audit_tables(
    const struct audit *audit);             /* tables that code names: F5; SQL outside the data layer: F10 */
void audit_maps(const struct audit *audit); /* maps from one enum to another: F6 */
void audit_services(const struct audit *audit); /* services made anew in handlers: F7 */
void audit_imports(const struct audit *audit);  /* tests that import what is gone: F9 */
void audit_stages(const struct audit *audit);   /* stages beside kinds: F11 */

#endif
