/* Stages that are named beside the kinds of interrupts: F11. */
#include "harness/drift/source/audit.h"
#include "harness/drift/source/spelling.h"

#include <string.h>

/* True when a text is given to something that is called a stage. */
static bool is_stage(const struct fact *fact) {
    char word[SPELLING_SIZE], value[SPELLING_SIZE];
    spelling_put(word, fact->name ? fact->name : "");
    spelling_put(value, fact->value ? fact->value : "");
    return fact->value && spelling_is_text(fact->value) && *value && strstr(word, "stage");
}

/* The kind that a condition around the byte speaks of; NULL when none does. */
static const char *find_kind(const struct audit *audit, const struct source_file *file, size_t at) {
    const char *found[1];
    size_t index = 0;
    for (const struct fact *branch; (branch = facts_next(&file->facts, FACT_BRANCH, &index)); index++) {
        if (branch->from <= at && at < branch->to && branch->name &&
            spelling_find_all(&audit->vocabulary->kinds, branch->name, found, 1) == 1) {
            return found[0];
        }
    }
    return NULL;
}

static void judge(const struct audit *audit, const struct source_file *file) {
    size_t index = 0;
    for (const struct fact *stage; (stage = facts_next(&file->facts, FACT_STAGE, &index)); index++) {
        const char *kind = is_stage(stage) ? find_kind(audit, file, stage->at) : NULL;
        const struct fact *scope = kind ? facts_around(&file->facts, FACT_SCOPE, stage->at) : NULL;
        const struct audit_place place = {file, stage->at_line,
                                          scope && scope->of ? scope->of + strspn(scope->of, "*&") : NULL,
                                          DRIFT_CERTAIN};
        if (kind) {
            audit_find(audit, SOURCE_STAGE, &place, NULL,
                       "Behind %s the flow goes on at %s, which is written here.", kind, stage->value);
        }
    }
}

void audit_stages(const struct audit *audit) {
    for (size_t i = 0; i < audit->tree->count; i++) {
        if (!audit->tree->files[i].is_test) {
            judge(audit, &audit->tree->files[i]);
        }
    }
}
