/* Folders of fixtures that a test makes for itself. */
#ifndef HOLDPOINT_SELF_SUPPORT_FOLDER_H
#define HOLDPOINT_SELF_SUPPORT_FOLDER_H

#include <stdbool.h>

/* A new folder with schema/ (the project's own), a requirements.json of REQ-A-1 (MUST), REQ-A-2 (SHOULD) and
 * REQ-A-3 (excluded), and cases/kinds/one.json with the text. Static; good until the next call. NULL on
 * failure. Runs in the root of the project. */
const char *fixtures_new(const char *cases);

/* A fixtures folder whose one case has these members after its id "kinds.a", title and level: "\"steps\":
 * [...]". */
const char *fixtures_of_case(const char *members);

/* A fixtures folder with this text as schedules/one.json. */
const char *fixtures_of_schedule(const char *schedule);

/* Writes a file below the folder that fixtures_new made. */
bool fixtures_write(const char *name, const char *text);

/* Removes the folder that the last call made. */
void fixtures_remove(void);

#endif
