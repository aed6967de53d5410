#include "harness/drift/migrations/scratch.h"

#include "harness/adapters/cluster.h"
#include "reference/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct scratch {
    struct cluster *cluster; /* NULL: the server is somebody else's */
    char *conninfo;
    struct catalog *line;
    unsigned made;
    char last_role[24]; /* the highest oid of a role before anything was made */
};

/* Steps may make roles, and those outlive their databases. */
static void drop_roles(struct scratch *scratch) {
    struct text sql = {0};
    struct catalog_answer answer = {0};
    text_addf(&sql,
              "do $$ declare r name; begin for r in select rolname from pg_roles where oid > %s loop"
              " execute format('drop role %%I', r); end loop; end $$",
              scratch->last_role);
    if (!sql.failed) {
        catalog_run(scratch->line, sql.bytes, &answer);
    }
    catalog_answer_release(&answer);
    text_release(&sql);
}

/* Remembers which roles were there before. */
static enum hp_status look_at_roles(struct scratch *scratch, struct hp_problem *problem) {
    struct catalog_answer answer = {0};
    enum hp_status status = HP_OK;
    if (catalog_run(scratch->line, "select max(oid::bigint) from pg_roles", &answer) == CATALOG_DONE) {
        text_put(scratch->last_role, sizeof scratch->last_role, catalog_value(&answer, 0, 0));
    } else {
        status = catalog_complain(&answer, problem);
    }
    catalog_answer_release(&answer);
    return status;
}

enum hp_status scratch_start(const char *conninfo, struct scratch **scratch, struct hp_problem *problem) {
    struct scratch *started = calloc(1, sizeof *started);
    if (!started) {
        return hp_problem_no_memory(problem);
    }
    enum hp_status status = conninfo ? HP_OK : cluster_start(NULL, &started->cluster, problem);
    if (status == HP_OK) {
        started->conninfo = text_copy(conninfo ? conninfo : cluster_conninfo(started->cluster));
        status = started->conninfo ? HP_OK : hp_problem_no_memory(problem);
    }
    if (status == HP_OK) {
        status = catalog_open(started->conninfo, &started->line, problem);
    }
    if (status == HP_OK) {
        status = look_at_roles(started, problem);
    }
    if (status != HP_OK) {
        scratch_stop(started);
        return status;
    }
    *scratch = started;
    return HP_OK;
}

/* Process and number, so that two runs on one server do not meet. */
static void put_name(unsigned number, char name[SCRATCH_NAME_SIZE]) {
    snprintf(name, SCRATCH_NAME_SIZE, "holdpoint_drift_%ld_%u", (long)getpid(), number);
}

/* Leaves nothing on somebody else's server, also when a step broke our line to it. */
static void clean(struct scratch *scratch) {
    char name[SCRATCH_NAME_SIZE];
    catalog_close(scratch->line);
    scratch->line = NULL;
    if (catalog_open(scratch->conninfo, &scratch->line, NULL) != HP_OK) {
        return;
    }
    for (unsigned i = 1; i <= scratch->made; i++) {
        put_name(i, name);
        scratch_drop(scratch, name, NULL);
    }
    drop_roles(scratch);
}

void scratch_stop(struct scratch *scratch) {
    if (!scratch) {
        return;
    }
    if (!scratch->cluster && scratch->last_role[0]) {
        clean(scratch);
    }
    catalog_close(scratch->line);
    cluster_stop(scratch->cluster);
    free(scratch->conninfo);
    free(scratch);
}

enum catalog_end scratch_run(struct scratch *scratch, const char *sql, struct catalog_answer *answer) {
    return catalog_run(scratch->line, sql, answer);
}

static enum hp_status run(struct scratch *scratch, struct text *sql, struct hp_problem *problem) {
    struct catalog_answer answer = {0};
    enum hp_status status = sql->failed ? hp_problem_no_memory(problem) : HP_OK;
    if (status == HP_OK && catalog_run(scratch->line, sql->bytes, &answer) != CATALOG_DONE) {
        status = catalog_complain(&answer, problem);
    }
    catalog_answer_release(&answer);
    text_release(sql);
    return status;
}

enum hp_status scratch_create(struct scratch *scratch, const char *template_name,
                              char name[SCRATCH_NAME_SIZE], struct hp_problem *problem) {
    struct text sql = {0};
    put_name(++scratch->made, name);
    text_add(&sql, "create database ");
    catalog_add_name(&sql, name);
    text_add(&sql, " template ");
    catalog_add_name(&sql, template_name ? template_name : "template0");
    /* Faster than to log each page, where the server has a choice. */
    text_add(&sql, catalog_version(scratch->line) >= 150000 ? " strategy file_copy" : "");
    return run(scratch, &sql, problem);
}

enum hp_status scratch_drop(struct scratch *scratch, const char *name, struct hp_problem *problem) {
    struct text sql = {0};
    text_add(&sql, "drop database if exists ");
    catalog_add_name(&sql, name);
    text_add(&sql, " with (force)");
    return run(scratch, &sql, problem);
}

char *scratch_conninfo(const struct scratch *scratch, const char *name) {
    struct text text = {0};
    text_addf(&text, "%s dbname=%s", scratch->conninfo, name);
    return text_take(&text);
}

enum hp_status scratch_open(const struct scratch *scratch, const char *name, struct catalog **catalog,
                            struct hp_problem *problem) {
    struct catalog_answer answer = {0};
    char *conninfo = scratch_conninfo(scratch, name);
    enum hp_status status =
        conninfo ? catalog_open(conninfo, catalog, problem) : hp_problem_no_memory(problem);
    free(conninfo);
    if (status == HP_OK && catalog_run(*catalog, "set statement_timeout = '60s'; set lock_timeout = '10s'",
                                       &answer) != CATALOG_DONE) {
        status = catalog_complain(&answer, problem);
        catalog_close(*catalog);
        *catalog = NULL;
    }
    catalog_answer_release(&answer);
    return status;
}
