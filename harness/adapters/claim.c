#include "harness/adapters/claim.h"

#include <stdio.h>
#include <unistd.h>

#define KEY(name) "hashtextextended('holdpoint schema ' || " name ", 0)"

enum { SQL_SIZE = 512 };

void claim_name(char name[CLAIM_NAME_SIZE], const char *random) {
    snprintf(name, CLAIM_NAME_SIZE, "holdpoint_%ld_%.8s", (long)getpid(), random);
}

enum hp_status claim_schema(struct database *database, const char *name, struct hp_problem *problem) {
    char sql[SQL_SIZE];
    snprintf(sql, sizeof sql,
             "select pg_try_advisory_lock(" KEY("'%s'") ") where not exists"
                                                        " (select 1 from pg_locks where locktype = "
                                                        "'advisory' and pid = pg_backend_pid() and granted)",
             name);
    return database_run(database, sql, problem);
}

/* What else is named so by chance has no ledger of ours. */
static const char orphans_sql[] =
    "do $$ declare orphan text; begin"
    " perform set_config('lock_timeout', '2s', true);"
    " for orphan in select n.nspname from pg_namespace n where n.nspname ~ '^holdpoint_[0-9]+_[0-9a-f]{8}$'"
    "  and pg_has_role(n.nspowner, 'usage')"
    "  and to_regclass(quote_ident(n.nspname) || '.holdpoint_migrations') is not null loop"
    "  continue when not pg_try_advisory_lock(" KEY(
        "orphan") ");"
                  "  begin execute format('drop schema if exists %I cascade', orphan);"
                  "  exception when others then null; end;"
                  "  perform pg_advisory_unlock(" KEY("orphan") ");"
                                                                " end loop; "
                                                                "end $$";

enum hp_status claim_drop_orphans(struct database *database, struct hp_problem *problem) {
    return database_run(database, orphans_sql, problem);
}
