/* Tests that import what no longer exists: F9. */
#include "harness/drift/source/audit.h"
#include "harness/drift/source/imports.h"

static void judge(const struct audit *audit, const struct source_file *file) {
    size_t index = 0;
    for (const struct fact *import; (import = facts_next(&file->facts, FACT_IMPORT, &index)); index++) {
        struct import_fault fault;
        if (!import_is_gone(audit->tree, file, import, &fault)) {
            continue;
        }
        const struct audit_place place = {file, import->at_line, fault.module, DRIFT_CERTAIN};
        if (fault.name[0]) {
            audit_find(audit, SOURCE_TEST_IMPORT, &place, NULL,
                       "%s is there no more in %s, which this test imports.", fault.name, fault.module);
        } else {
            audit_find(audit, SOURCE_TEST_IMPORT, &place, NULL,
                       "This test imports %s, which is there no more.", fault.module);
        }
    }
}

void audit_imports(const struct audit *audit) {
    for (size_t i = 0; i < audit->tree->count; i++) {
        const struct source_file *file = &audit->tree->files[i];
        if (file->is_test && file->language) {
            judge(audit, file);
        }
    }
}
