/* Where both sides run: a throwaway server that keeps its promises to the disk, and tables that are filled alike
 * before each run. Everything here is for one thread. */
#ifndef HOLDPOINT_BENCH_GROUND_H
#define HOLDPOINT_BENCH_GROUND_H

#include "harness/adapters/cluster.h"
#include "harness/adapters/database.h"
#include "reference/base/ids.h"
#include "reference/base/text.h"

#define GROUND_SCHEMA "bench"
/* What rows are about; JSON as jsonb shows it is longer by the blanks. */
#define GROUND_DATA "{\"files\":[\"a.txt\",\"b.txt\"],\"count\":2}"
#define GROUND_MESSAGE "Delete all of these files?"
/* The id of row :row, in SQL for pgbench, which has numbers only; ground_id makes the same. */
#define GROUND_ID_SQL "('00000000-0000-4000-' || encode(int8send(:row), 'hex'))"

enum { GROUND_USERS = 1000, GROUND_SESSIONS = 10000 };

struct ground {
    struct cluster *cluster;
    struct database *database; /* a superuser's session in the schema */
    struct text session;       /* the settings of the store's sessions, as PGOPTIONS has them */
};

/* Starts the server and migrates the schema. HP_UNAVAILABLE when it does not come up. Release it in any case. */
enum hp_status ground_init(struct ground *ground, struct hp_problem *problem);
void ground_release(struct ground *ground);

/* Empties both tables, puts so many pending confirmations into them, and leaves nothing for the background to do:
 * row n is of user n % GROUND_USERS and of session n % GROUND_SESSIONS. */
enum hp_status ground_fill(struct ground *ground, int64_t rows, struct hp_problem *problem);

/* The id of row n. */
void ground_id(int64_t row, char id[HP_ID_SIZE]);

/* What counts in a comparison, as the server says: "PostgreSQL 15.1, fsync on, ...". */
enum hp_status ground_describe(struct ground *ground, struct text *text, struct hp_problem *problem);

#endif
