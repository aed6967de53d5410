#include "reference/store/migrate.h"
#include "reference/base/text.h"
#include "reference/store/postgres_connection.h"
#include "reference/store/postgres_settings.h"

#include <stdlib.h>
#include <string.h>

/* One lock for each schema, held until the connection is closed. */
static const char lock_sql[] =
    "select pg_advisory_lock(hashtextextended('holdpoint migrations ' || $1::text, 0))";

/* What every migration may rely on: the schema, the encoding, the ledger. Made again by each run, so it must
 * not complain that it is there; CREATE SCHEMA would ask for a privilege even then. */
static const char ground_sql[] =
    "do $$ begin"
    " if current_setting('server_encoding') <> 'UTF8' then"
    "  raise exception 'the encoding of the database is %, not UTF8', current_setting('server_encoding'); "
    "end if;"
    " if current_setting('server_version_num')::int < 140000 then"
    "  raise exception 'PostgreSQL % is too old; 14 is the least', current_setting('server_version'); end if;"
    " if to_regnamespace(quote_ident(current_setting('holdpoint.schema'))) is null then"
    "  execute format('create schema %I', current_setting('holdpoint.schema')); end if; "
    "end $$;"
    "create table if not exists holdpoint_migrations ("
    " number int primary key, name text not null, checksum text not null,"
    " applied_at timestamptz not null default now())";

static const char session_sql[] =
    "select set_config('holdpoint.schema', $1::text, false),"
    " set_config('holdpoint.legacy_zone', coalesce($2::text, ''), false),"
    " set_config('lock_timeout', '60s', false), set_config('statement_timeout', '0', false)";

/* null when it is new, else whether the text is the same. */
static const char look_up_sql[] = "select (select case when checksum = encode(sha256(convert_to($2::text, "
                                  "'UTF8')), 'hex') then 'same' else 'edited' end"
                                  " from holdpoint_migrations where number = $1::int)";

static const char record_sql[] =
    "insert into holdpoint_migrations (number, name, checksum)"
    " values ($1::int, $2::text, encode(sha256(convert_to($3::text, 'UTF8')), 'hex'))";

/* Runs something that answers with nothing of interest. */
static enum hp_status run(struct connection *connection, const char *sql, const struct parameters *parameters,
                          struct hp_problem *problem) {
    PGresult *result = NULL;
    enum hp_status status = connection_run(connection, sql, parameters, &result, problem);
    PQclear(result);
    return status;
}

/* The digits that the name begins with. */
static void put_number(const char *name, char *number, size_t size) {
    size_t length = strspn(name, "0123456789");
    text_put(number, size, name);
    number[length < size ? length : size - 1] = '\0';
}

static enum hp_status look_up(struct connection *connection, const struct migration *migration, bool *applied,
                              struct hp_problem *problem) {
    char number[16];
    struct parameters parameters = {0};
    PGresult *result = NULL;
    put_number(migration->name, number, sizeof number);
    parameters_add_text(&parameters, number);
    parameters_add_text(&parameters, migration->sql);
    enum hp_status status = connection_run(connection, look_up_sql, &parameters, &result, problem);
    if (status != HP_OK) {
        return status;
    }
    *applied = !PQgetisnull(result, 0, 0);
    if (*applied && strcmp(PQgetvalue(result, 0, 0), "same") != 0) {
        status =
            hp_problem_set(problem, HP_CONFLICT, NULL,
                           "migration %s was edited after it was applied to this database; restore its text "
                           "and put the change into a new migration",
                           migration->name);
    }
    PQclear(result);
    return status;
}

static enum hp_status record(struct connection *connection, const struct migration *migration,
                             struct hp_problem *problem) {
    char number[16];
    struct parameters parameters = {0};
    put_number(migration->name, number, sizeof number);
    parameters_add_text(&parameters, number);
    parameters_add_text(&parameters, migration->name);
    parameters_add_text(&parameters, migration->sql);
    return run(connection, record_sql, &parameters, problem);
}

/* Applies one in its transaction, unless that was done before. */
static enum hp_status apply(struct connection *connection, const struct migration *migration,
                            struct hp_problem *problem) {
    bool applied = false;
    struct hp_problem cause = {0};
    enum hp_status status = look_up(connection, migration, &applied, problem);
    if (status != HP_OK || applied) {
        return status;
    }
    status = run(connection, "begin", NULL, &cause);
    if (status == HP_OK) {
        status = run(connection, migration->sql, NULL, &cause);
    }
    if (status == HP_OK) {
        status = record(connection, migration, &cause);
    }
    if (status == HP_OK) {
        status = run(connection, "commit", NULL, &cause);
    }
    return status == HP_OK
               ? HP_OK
               : hp_problem_set(problem, status, NULL, "migration %s failed and was rolled back: %s",
                                migration->name, cause.detail);
}

static enum hp_status prepare(struct connection *connection, const char *schema, const char *legacy_zone,
                              struct hp_problem *problem) {
    struct parameters session = {0}, lock = {0};
    parameters_add_text(&session, schema);
    parameters_add_text(&session, legacy_zone);
    parameters_add_text(&lock, schema);
    enum hp_status status = run(connection, session_sql, &session, problem);
    if (status == HP_OK) {
        status = run(connection, lock_sql, &lock, problem);
    }
    return status == HP_OK ? run(connection, ground_sql, NULL, problem) : status;
}

enum hp_status migrate_apply(const char *conninfo, const struct hp_postgres_options *options,
                             const struct migration *list, size_t count, struct hp_problem *problem) {
    struct connection_settings settings;
    struct connection *connection = NULL;
    enum hp_status status = settings_init(&settings, conninfo, options, problem);
    if (status == HP_OK) {
        status = connection_open(&settings, &connection, problem);
    }
    if (status == HP_OK) {
        connection->answer_ms = MIGRATION_ANSWER_MS;
        status = prepare(connection, settings.schema, options ? options->legacy_zone : NULL, problem);
    }
    for (size_t i = 0; status == HP_OK && i < count; i++) {
        status = apply(connection, &list[i], problem);
    }
    connection_close(connection);
    settings_release(&settings);
    return status;
}

enum hp_status hp_postgres_migrate(const char *conninfo, const struct hp_postgres_options *options,
                                   struct hp_problem *problem) {
    return migrate_apply(conninfo, options, migrations, migration_count, problem);
}
