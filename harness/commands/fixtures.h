/* Where the fixtures are. */
#ifndef HOLDPOINT_COMMANDS_FIXTURES_H
#define HOLDPOINT_COMMANDS_FIXTURES_H

#include "harness/case/case.h"
#include "reference/base/problem.h"

/* The help of the option --fixtures, alike for every command. */
#define FIXTURES_HELP                                                                                        \
    "the folder with requirements.json and cases/; default: HOLDPOINT_FIXTURES, else ../fixtures or "        \
    "../share/holdpoint/fixtures beside the program, else where it was installed"

/* Finds the folder: the one given (NULL: none was), else that of the environment HOLDPOINT_FIXTURES, else the
 * first place that holds a requirements.json: ../fixtures and ../share/holdpoint/fixtures beside the
 * program's file, HOLDPOINT_DATA/fixtures. HP_INVALID names the places. The caller frees *path. */
enum hp_status fixtures_find(const char *given, char **path, struct hp_problem *problem);

/* Finds and loads them. The caller frees *suite. */
enum hp_status fixtures_load(const char *given, struct suite **suite, struct hp_problem *problem);

#endif
