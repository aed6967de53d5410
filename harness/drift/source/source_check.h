/* The checks of source code by name, as indexes into source_checks. */
#ifndef HOLDPOINT_DRIFT_SOURCE_CHECK_H
#define HOLDPOINT_DRIFT_SOURCE_CHECK_H

#include "harness/drift/source/source.h"

enum source_check {
    SOURCE_KINDS,
    SOURCE_KINDS_EXTRA,
    SOURCE_STATUSES,
    SOURCE_STATUSES_EXTRA,
    SOURCE_DECISIONS,
    SOURCE_ENVELOPE,
    SOURCE_LEGACY_FIELD,
    SOURCE_FIELDS,
    SOURCE_TABLE_DROPPED,
    SOURCE_TABLE_UNKNOWN,
    SOURCE_MAP,
    SOURCE_SERVICE,
    SOURCE_TEST_IMPORT,
    SOURCE_RAW_SQL,
    SOURCE_STAGE,
    SOURCE_IGNORED,
    SOURCE_CHECK_COUNT
};

#endif
