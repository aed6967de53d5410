#include "harness/drift/migrations/migrations.h"

#include "harness/drift/database/database.h"
#include "harness/drift/migrations/ledger.h"
#include "harness/drift/migrations/migration_checks.h"
#include "harness/drift/migrations/rehearsal.h"

#include <stdlib.h>
#include <string.h>

const struct drift_check migration_checks[] = {
    [NUMBER_DOUBLED] = {"number-doubled", "no two steps bear the same number", DRIFT_ERROR, NULL,
                        "REQ-MIGRATE-5", "Give one of them the next free number."},
    [NUMBER_MISSING] = {"number-missing", "each step begins with its number", DRIFT_WARNING, NULL,
                        "REQ-MIGRATE-5", "Give it the next free number, or move it out of the folder."},
    [ORDER_AMBIGUOUS] = {"order-ambiguous", "the names sort as their numbers do", DRIFT_ERROR, NULL,
                         "REQ-MIGRATE-5", "Write the numbers with leading zeros, all of one length."},
    [LEFT_OUT] = {"left-out", "everything in the folder is a step", DRIFT_NOTE, NULL, "REQ-MIGRATE-5",
                  "Nothing has to be done; the way back is not looked at."},
    [EDITED_AFTER_APPLIED] = {"edited-after-applied", "no step was edited after it was applied", DRIFT_ERROR,
                              NULL, "REQ-MIGRATE-6", "Restore the file, and put the change into a new step."},
    [STEP_GONE] = {"step-gone", "every step that was applied is still there", DRIFT_ERROR, NULL,
                   "REQ-MIGRATE-6", "Restore the file under its name."},
    [STEP_INSERTED] = {"step-inserted", "a new step comes after those that were applied", DRIFT_ERROR, NULL,
                       "REQ-MIGRATE-6", "Give it a number behind them."},
    [META_COMMAND] = {"meta-command", "the steps hold SQL and nothing else", DRIFT_WARNING, NULL,
                      "REQ-MIGRATE-5", "Write it as SQL, or put what it includes in its place."},
    [EXTENSION_MISSING] = {"extension-missing", "the scratch server has every extension", DRIFT_NOTE, NULL,
                           "REQ-MIGRATE-8", "Install the extension where this runs, to look at all of it."},
    [ROLE_MISSING] = {"role-missing", "the steps make the roles that they need", DRIFT_NOTE, NULL,
                      "REQ-MIGRATE-8", "Make the role before the steps, on every server."},
    [STEP_FAILS] = {"step-fails", "every step succeeds", DRIFT_ERROR, NULL, "REQ-MIGRATE-8",
                    "Mend the step; nothing behind it was looked at."},
    [TABLE_CREATED_AND_DROPPED] =
        {"table-created-and-dropped", "no step creates a table that a later one drops", DRIFT_ERROR, "F3",
         "REQ-MIGRATE-1",
         "Take the table out of the step that creates it, if that was never applied; else say "
         "there that it goes, and begin new databases behind both."},
    [ROWS_LOST] = {"rows-lost", "no step loses rows", DRIFT_ERROR, "concern 2", "REQ-MIGRATE-2",
                   "Carry the rows over to where they belong now, before they go."},
    [ROWS_CHANGED] = {"rows-changed", "no step cuts values", DRIFT_WARNING, NULL, "REQ-MIGRATE-2",
                      "Refuse what is too long instead of cutting it."},
    [NOT_REPEATABLE] = {"not-repeatable", "every step can run again and changes nothing then", DRIFT_ERROR,
                        NULL, "REQ-MIGRATE-3",
                        "Say if (not) exists, create or replace, on conflict do nothing, or look before."},
    [NOT_ATOMIC] = {"not-atomic", "a step that fails leaves nothing behind", DRIFT_ERROR, NULL,
                    "REQ-MIGRATE-4",
                    "Put all of it into one transaction, and what cannot be in one into a step of its own."},
    [END_MISSING] = {"end-missing", "the folder ends with a table of interrupts", DRIFT_ERROR, NULL,
                     "REQ-MIGRATE-8", "Create the table as the contract describes it."},
};
const size_t migration_check_count = sizeof migration_checks / sizeof migration_checks[0];

_Static_assert(sizeof migration_checks / sizeof migration_checks[0] == MIGRATION_CHECK_COUNT,
               "a check without its row");

static void take_over_row(const struct drift_row *row, struct drift_report *report) {
    if (row->state == DRIFT_CLEAN) {
        drift_examined(report, row->check);
    } else if (row->state == DRIFT_UNDECIDED) {
        drift_undecided(report, row->check, "%s", row->reason ? row->reason : "nobody said why");
    } else if (row->state == DRIFT_SKIPPED) {
        drift_skipped(report, row->check, "%s", row->reason ? row->reason : "nobody said why");
    }
}

/* What was found at the end becomes a finding here, under its own check. */
static void take_over(const struct drift_report *end, struct drift_report *report) {
    for (size_t i = 0; i < end->finding_count; i++) {
        const struct drift_finding *finding = &end->findings[i];
        const struct drift_place place = {finding->object, finding->file, finding->line};
        drift_find(report, finding->check, &place, finding->mend, "The folder ends with this: %s",
                   finding->what);
    }
    for (size_t i = 0; i < end->row_count; i++) {
        take_over_row(&end->rows[i], report);
    }
    report->failed = report->failed || end->failed;
}

static void skip_end(struct drift_report *report, const char *reason) {
    for (size_t i = 0; i < database_check_count; i++) {
        drift_skipped(report, &database_checks[i], "%s", reason);
    }
}

static enum hp_status judge_table(const struct rehearsal *rehearsal, const struct vocabulary *vocabulary,
                                  const char *database, struct hp_problem *problem) {
    struct drift_report end = {0};
    char *conninfo = scratch_conninfo(rehearsal->scratch, database);
    enum hp_status status = conninfo ? HP_OK : hp_problem_no_memory(problem);
    if (status == HP_OK) {
        status = database_drift(&(struct database_drift){.conninfo = conninfo}, vocabulary, &end, problem);
    }
    if (status == HP_OK) {
        take_over(&end, rehearsal->report);
    }
    drift_report_release(&end);
    free(conninfo);
    return status;
}

static bool holds_table(const struct snapshot *snapshot, const char *name) {
    for (size_t i = 0; i < snapshot->table_count; i++) {
        if (strcmp(snapshot->tables[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* Looks at the end of the folder, in a database that has no sentinels. */
static enum hp_status judge_end(struct rehearsal *rehearsal, const struct vocabulary *vocabulary,
                                struct hp_problem *problem) {
    char database[SCRATCH_NAME_SIZE];
    struct script_fault fault;
    bool done;
    if (!holds_table(&rehearsal->now, vocabulary->table)) {
        drift_find(rehearsal->report, migration_check(END_MISSING),
                   &(struct drift_place){.object = vocabulary->table}, NULL,
                   "When every step is applied there is no table %s.", vocabulary->table);
        skip_end(rehearsal->report, "there is no table of interrupts at the end (end-missing)");
        return HP_OK;
    }
    drift_examined(rehearsal->report, migration_check(END_MISSING));
    if (rehearsal->incomplete) {
        for (size_t i = 0; i < database_check_count; i++) {
            drift_undecided(rehearsal->report, &database_checks[i],
                            "statements were left out (see step-fails)");
        }
        return HP_OK;
    }
    enum hp_status status =
        rehearsal_replay(rehearsal, rehearsal->steps->count, database, &done, &fault, problem);
    if (status == HP_OK && !done) {
        skip_end(rehearsal->report, "the steps could not be applied a second time to a new database");
        return HP_OK;
    }
    return status == HP_OK ? judge_table(rehearsal, vocabulary, database, problem) : status;
}

/* Every check that finds something while the steps are carried out. */
static const enum migration_check rehearsed[] = {
    META_COMMAND, EXTENSION_MISSING, ROLE_MISSING,   STEP_FAILS, TABLE_CREATED_AND_DROPPED,
    ROWS_LOST,    ROWS_CHANGED,      NOT_REPEATABLE, NOT_ATOMIC};

static enum hp_status conclude(struct rehearsal *rehearsal, const struct vocabulary *vocabulary,
                               struct hp_problem *problem) {
    static const char reason[] = "a step fails, and nothing behind it was looked at (step-fails)";
    struct drift_report *report = rehearsal->report;
    if (!rehearsal->failed) {
        lineage_finish(&rehearsal->lineage, report);
    }
    for (size_t i = 0; i < sizeof rehearsed / sizeof rehearsed[0]; i++) {
        const struct drift_check *check = migration_check(rehearsed[i]);
        if (!rehearsal->failed) {
            drift_examined(report, check);
        } else if (drift_state_of(report, check) == DRIFT_SKIPPED) {
            drift_skipped(report, check, reason);
        }
    }
    if (rehearsal->failed) {
        drift_skipped(report, migration_check(END_MISSING), reason);
        skip_end(report, reason);
        return HP_OK;
    }
    return judge_end(rehearsal, vocabulary, problem);
}

static enum hp_status rehearse(const struct migration_drift *options, const struct vocabulary *vocabulary,
                               struct steps *steps, struct step *before, struct drift_report *report,
                               struct hp_problem *problem) {
    struct rehearsal rehearsal = {.steps = steps, .before = before, .report = report};
    enum hp_status status = scratch_start(options->scratch, &rehearsal.scratch, problem);
    if (status == HP_OK) {
        status = rehearsal_run(&rehearsal, problem);
    }
    if (status == HP_OK) {
        status = conclude(&rehearsal, vocabulary, problem);
    }
    rehearsal_release(&rehearsal);
    scratch_stop(rehearsal.scratch);
    return status;
}

static enum hp_status judge_ledger(const char *path, const struct vocabulary *vocabulary,
                                   const struct steps *steps, struct drift_report *report,
                                   struct hp_problem *problem) {
    static const enum migration_check checks[] = {EDITED_AFTER_APPLIED, STEP_GONE, STEP_INSERTED};
    struct ledger ledger = {0};
    enum hp_status status = HP_OK;
    if (path) {
        status = ledger_read(path, vocabulary, &ledger, problem);
    }
    if (path && status == HP_OK) {
        ledger_judge(&ledger, steps, report);
    }
    for (size_t i = 0; !path && i < sizeof checks / sizeof checks[0]; i++) {
        drift_skipped(report, migration_check(checks[i]), "no ledger was named");
    }
    ledger_release(&ledger);
    return status;
}

static void name_subject(const char *directory, size_t count, struct drift_report *report) {
    struct text subject = {0};
    text_addf(&subject, "the folder %s, %zu %s", directory, count, count == 1 ? "step" : "steps");
    report->subject = text_take(&subject);
    report->failed = report->failed || !report->subject;
}

/* A file that the user names and that cannot be read is wrong use. */
static enum hp_status read_before(const char *path, struct step *before, struct hp_problem *problem) {
    struct hp_problem fault = {0};
    enum hp_status status = step_read(path, before, &fault);
    if (status == HP_OK) {
        return HP_OK;
    }
    return hp_problem_set(problem, status == HP_UNAVAILABLE ? HP_INVALID : status, NULL, "%s", fault.detail);
}

static enum hp_status look(const struct migration_drift *options, const struct vocabulary *vocabulary,
                           struct steps *steps, struct step *before, struct drift_report *report,
                           struct hp_problem *problem) {
    enum hp_status status = steps_read(options->directory, steps, problem);
    if (status == HP_OK && options->before) {
        status = read_before(options->before, before, problem);
    }
    if (status == HP_OK) {
        name_subject(options->directory, steps->count, report);
        steps_judge(steps, report);
        status = judge_ledger(options->ledger, vocabulary, steps, report, problem);
    }
    if (status == HP_OK) {
        status = rehearse(options, vocabulary, steps, options->before ? before : NULL, report, problem);
    }
    return status == HP_OK && report->failed ? hp_problem_no_memory(problem) : status;
}

enum hp_status migration_drift(const struct migration_drift *options, const struct vocabulary *vocabulary,
                               struct drift_report *report, struct hp_problem *problem) {
    struct steps steps = {0};
    struct step before = {0};
    drift_report_init(report, migration_checks, migration_check_count);
    drift_report_extend(report, database_checks, database_check_count);
    enum hp_status status = look(options, vocabulary, &steps, &before, report, problem);
    step_release(&before);
    steps_release(&steps);
    return status;
}
