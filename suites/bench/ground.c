#include "suites/bench/ground.h"
#include "reference/store/postgres_settings.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* A throwaway server keeps nothing for the disk; this one does, as a real one would. */
static const char server_settings[] =
    "-c fsync=on -c full_page_writes=on -c shared_buffers=256MB -c max_wal_size=4GB";

void ground_id(int64_t row, char id[HP_ID_SIZE]) {
    snprintf(id, HP_ID_SIZE, "00000000-0000-4000-%04" PRIx64 "-%012" PRIx64, (uint64_t)row >> 48,
             (uint64_t)row & UINT64_C(0xffffffffffff));
}

/* Reads the one text that a query gives, on a connection as the store opens them. */
static enum hp_status ask(const struct ground *ground, const char *sql, struct text *text,
                          struct hp_problem *problem) {
    const struct hp_postgres_options options = {.schema = GROUND_SCHEMA};
    struct connection_settings settings;
    struct connection *connection = NULL;
    PGresult *result = NULL;
    enum hp_status status = settings_init(&settings, cluster_conninfo(ground->cluster), &options, problem);
    if (status == HP_OK) {
        status = connection_open(&settings, &connection, problem);
    }
    if (status == HP_OK) {
        status = connection_run(connection, sql, NULL, &result, problem);
    }
    if (status == HP_OK && !text_add(text, PQgetvalue(result, 0, 0))) {
        status = hp_problem_no_memory(problem);
    }
    PQclear(result);
    connection_close(connection);
    settings_release(&settings);
    return status;
}

/* What a session of the store is set to, for pgbench to be set to the same. */
static const char session_sql[] = "select string_agg('-c ' || name || '=' || "
                                  "regexp_replace(current_setting(name), '([ \\\\])', '\\\\\\1', 'g'), ' ')"
                                  " from pg_settings where source = 'session'";

enum hp_status ground_init(struct ground *ground, struct hp_problem *problem) {
    static const struct hp_postgres_options options = {.schema = GROUND_SCHEMA};
    *ground = (struct ground){0};
    enum hp_status status = cluster_start(server_settings, &ground->cluster, problem);
    if (status == HP_OK) {
        status = hp_postgres_migrate(cluster_conninfo(ground->cluster), &options, problem);
    }
    if (status == HP_OK) {
        status = database_open(cluster_conninfo(ground->cluster), &ground->database, problem);
    }
    if (status == HP_OK) {
        status = database_run(ground->database, "set search_path = " GROUND_SCHEMA, problem);
    }
    return status == HP_OK ? ask(ground, session_sql, &ground->session, problem) : status;
}

void ground_release(struct ground *ground) {
    text_release(&ground->session);
    database_close(ground->database);
    cluster_stop(ground->cluster);
    *ground = (struct ground){0};
}

static const char fill_sql[] =
    "truncate flow_interrupts, flow_interrupt_events;"
    " insert into flow_interrupts (id, kind, request_id, user_id, session_id, message, data, created_at, "
    "expires_at)"
    " select ('00000000-0000-4000-' || encode(int8send(n), 'hex'))::uuid, 'confirmation', n::text, (n %% "
    "%d)::text,"
    " (n %% %d)::text, '" GROUND_MESSAGE "', '" GROUND_DATA "', now() - n * interval '1 millisecond',"
    " now() + interval '1 day' from generate_series(1::int8, %" PRId64 ") n";

enum hp_status ground_fill(struct ground *ground, int64_t rows, struct hp_problem *problem) {
    static const char *const quiet[] = {"vacuum (analyze) flow_interrupts",
                                        "vacuum (analyze) flow_interrupt_events", "checkpoint"};
    char sql[1024];
    snprintf(sql, sizeof sql, fill_sql, GROUND_USERS, GROUND_SESSIONS, rows);
    enum hp_status status = database_run(ground->database, sql, problem);
    for (size_t i = 0; status == HP_OK && i < sizeof quiet / sizeof quiet[0]; i++) {
        status = database_run(ground->database, quiet[i], problem);
    }
    return status;
}

enum hp_status ground_describe(struct ground *ground, struct text *text, struct hp_problem *problem) {
    return ask(
        ground,
        "select 'PostgreSQL ' || current_setting('server_version') || string_agg(', ' || name || ' ' ||"
        " current_setting(name), '' order by name) from pg_settings where name in"
        " ('fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers', 'wal_sync_method')",
        text, problem);
}
