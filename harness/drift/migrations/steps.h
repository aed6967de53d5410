/* The steps of a folder of migrations, in the order of their numbers, and what is wrong with their names. */
#ifndef HOLDPOINT_DRIFT_STEPS_H
#define HOLDPOINT_DRIFT_STEPS_H

#include "harness/base/digest.h"
#include "harness/drift/finding.h"
#include "harness/drift/migrations/statements.h"
#include "reference/base/problem.h"

enum { STEP_NUMBER_PARTS = 4, STEP_CAP_BYTES = 16 * 1024 * 1024 };

/* One file. */
struct step {
    char *name; /* "0001_x.sql" */
    char *path; /* with the folder before it */
    /* 12 of "12_x.sql", 1.2 of "V1.2__x.sql"; all of it counts. part_count 0: it has none. */
    unsigned long long parts[STEP_NUMBER_PARTS];
    size_t part_count;
    char checksum[DIGEST_HEX_SIZE]; /* SHA-256 of the file's bytes */
    struct statements statements;   /* without those of the way back, where the file marks one */
    bool *left_out;                 /* for each statement: it cannot be run here */
    bool alone;                     /* its statements come one by one: see script.h */
    size_t down_line;               /* where the way back begins in the file; 0: it holds none */
};

/* In order: by number, then by name; those without a number last. Zeroed it holds nothing. */
struct steps {
    struct step *items;
    size_t count;
    char *left_out; /* names of files that are a way back, and of folders: "a.down.sql, old/"; NULL: none */
};

/* Reads the files *.sql of a folder and splits them; a folder in it is not looked into, and a file for the way back
 * (x.down.sql, x_down.sql, x.undo.sql, x_rollback.sql, U1__x.sql) is left out, as is the second half of a file
 * that marks it (goose, dbmate, sql-migrate). HP_INVALID when the folder cannot be read, no step is left,
 * or one is too long; HP_UNAVAILABLE when a file cannot be read. Release in every case. */
enum hp_status steps_read(const char *directory, struct steps *steps, struct hp_problem *problem);
void steps_release(struct steps *steps);

/* Reads one file as a step, whatever its name. Statuses and release as above. */
enum hp_status step_read(const char *path, struct step *step, struct hp_problem *problem);
void step_release(struct step *step);

/* -1, 0, 1 by number only; one without a number comes last. */
int step_compare_numbers(const struct step *one, const struct step *other);

/* Finds what is wrong with the names, and says what was left out. */
void steps_judge(const struct steps *steps, struct drift_report *report);

#endif
