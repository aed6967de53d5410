/* The checks of drift of migrations by name, for the files that find something. */
#ifndef HOLDPOINT_DRIFT_MIGRATION_CHECKS_H
#define HOLDPOINT_DRIFT_MIGRATION_CHECKS_H

#include "harness/drift/finding.h"
#include "harness/drift/migrations/migrations.h"

/* The place in migration_checks. */
enum migration_check {
    NUMBER_DOUBLED,
    NUMBER_MISSING,
    ORDER_AMBIGUOUS,
    LEFT_OUT,
    EDITED_AFTER_APPLIED,
    STEP_GONE,
    STEP_INSERTED,
    META_COMMAND,
    EXTENSION_MISSING,
    ROLE_MISSING,
    STEP_FAILS,
    TABLE_CREATED_AND_DROPPED,
    ROWS_LOST,
    ROWS_CHANGED,
    NOT_REPEATABLE,
    NOT_ATOMIC,
    END_MISSING,
    MIGRATION_CHECK_COUNT
};

static inline const struct drift_check *migration_check(enum migration_check which) {
    return &migration_checks[which];
}

#endif
