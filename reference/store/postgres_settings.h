/* What is left of the caller's options once the defaults are filled in. */
#ifndef HOLDPOINT_STORE_POSTGRES_SETTINGS_H
#define HOLDPOINT_STORE_POSTGRES_SETTINGS_H

#include "reference/store/postgres.h"
#include "reference/store/postgres_connection.h"

enum {
    SETTINGS_CONNECTIONS = 8,
    SETTINGS_WAIT_MS = 5000,
    SETTINGS_CONNECT_MS = 5000,
    SETTINGS_STATEMENT_MS = 10000,
    SETTINGS_LOCK_MS = 5000,
    SETTINGS_LEASE_MS = 60000,
    MIGRATION_ANSWER_MS = 3600 * 1000, /* rewriting a large table takes its time */
};

/* value, or the default when it is zero. */
unsigned setting_or(unsigned value, unsigned otherwise);

/* Copies what connections need; options may be NULL. HP_INTERNAL without memory; release it in any case. */
enum hp_status settings_init(struct connection_settings *settings, const char *conninfo,
                             const struct hp_postgres_options *options, struct hp_problem *problem);
void settings_release(struct connection_settings *settings);

#endif
