/* Where the fixtures are. */
#ifndef HOLDPOINT_HARNESS_BASE_FIXTURES_FOLDER_H
#define HOLDPOINT_HARNESS_BASE_FIXTURES_FOLDER_H

#include "reference/base/problem.h"

/* Finds the folder: the one given (NULL: none was), else that of the environment HOLDPOINT_FIXTURES, else the
 * first place that holds a requirements.json: ../fixtures and ../share/holdpoint/fixtures beside the
 * program's file, HOLDPOINT_DATA/fixtures. HP_INVALID names the places. The caller frees *path. */
enum hp_status fixtures_find(const char *given, char **path, struct hp_problem *problem);

#endif
