#include "harness/drift/source/audit.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* Patterns of a language may meet one place twice. */
static bool is_told(const struct drift_report *report, const struct drift_check *check,
                    const struct audit_place *place, const char *what) {
    for (size_t i = 0; i < report->finding_count; i++) {
        const struct drift_finding *finding = &report->findings[i];
        if (finding->check == check && finding->line == place->line && finding->file && finding->what &&
            strcmp(finding->file, place->file->shown) == 0 && strcmp(finding->what, what) == 0) {
            return true;
        }
    }
    return false;
}

static void find_at(const struct audit *audit, enum source_check check, const struct audit_place *place,
                    const char *mend, const char *what) {
    const struct drift_place where = {place->name, place->file->shown, place->line};
    const char *id = source_checks[check].id;
    const struct ignored *ignored =
        configuration_ignores(audit->configuration, id, place->file->path, place->name);
    if (is_told(audit->report, &source_checks[check], place, what)) {
        return;
    }
    if (ignored) {
        drift_find(audit->report, &source_checks[SOURCE_IGNORED], &where, NULL, "%s: %s Ignored: %s", id,
                   what, ignored->reason);
    } else {
        drift_find(audit->report, &source_checks[check], &where, mend, "%s", what);
    }
    drift_sure(audit->report, place->confidence);
}

void audit_find(const struct audit *audit, enum source_check check, const struct audit_place *place,
                const char *mend, const char *what, ...) {
    struct text text = {0};
    va_list arguments;
    va_start(arguments, what);
    text_addv(&text, what, arguments);
    va_end(arguments);
    char *sentence = text_take(&text);
    if (sentence) {
        find_at(audit, check, place, mend, sentence);
    } else {
        audit->report->failed = true;
    }
    free(sentence);
}
