/* What a user says about his source tree, in a file of the form of fixtures/schema/source.json: which types stand for what,
 * which folders hold what, and which findings he has reason to ignore. */
#ifndef HOLDPOINT_DRIFT_SOURCE_CONFIGURATION_H
#define HOLDPOINT_DRIFT_SOURCE_CONFIGURATION_H

#include "harness/base/document.h"
#include "harness/drift/vocabulary.h"

#include <stdbool.h>

/* The file that is read when none is named. */
#define CONFIGURATION_NAME "holdpoint-source.json"

/* What a type stands for. */
enum meaning {
    MEANING_UNSAID, /* the configuration does not name it */
    MEANING_NOTHING,
    MEANING_KINDS,
    MEANING_STATUSES,
    MEANING_DECISIONS,
    MEANING_INTERRUPT,
    MEANING_RESPONSE,
    MEANING_ENVELOPE,
};

enum folder_role { FOLDER_DATA_LAYER, FOLDER_TESTS, FOLDER_SKIP, FOLDER_ROLE_COUNT };

/* One finding or several to ignore. */
struct ignored {
    const char *check, *path, *name, *reason; /* name may be NULL: whatever it is about */
    size_t line;                              /* in the configuration */
    size_t used;
};

/* Zeroed it says nothing; release with configuration_release. */
struct configuration {
    struct document document; /* what everything is borrowed from */
    struct ignored *ignored;
    size_t ignored_count;
};

/* Reads a file. HP_INVALID, with file, line and path, when it cannot be read or is none. The caller releases *configuration in
 * every case. */
enum hp_status configuration_read(const char *path, const struct vocabulary *vocabulary,
                                  struct configuration *configuration, struct hp_problem *problem);
void configuration_release(struct configuration *configuration);

/* What a type of that name stands for. */
enum meaning configuration_meaning(const struct configuration *configuration, const char *type);

/* True when the user says so of a path; *said when he says anything of that role. */
bool configuration_is(const struct configuration *configuration, enum folder_role role, const char *path,
                      bool *said);

/* The entry that ignores a finding, counted; NULL when none does. */
const struct ignored *configuration_ignores(struct configuration *configuration, const char *check,
                                            const char *path, const char *name);

#endif
