/* Folders of migrations and exactly what is found in them. */
#include "harness/adapters/deadline.h"
#include "harness/drift/migrations/ledger.h"
#include "harness/drift/migrations/migrations.h"
#include "suites/self/support_cluster.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define EXAMPLES "suites/self/data/migrations/"

enum { FINDINGS_MAX = 4, PLACE_SIZE = 256, SESSIONS_END_MS = 10000 };

static struct vocabulary *vocabulary;

static int set_up(void **state) {
    struct hp_problem problem = {0};
    return vocabulary_load("fixtures", &vocabulary, &problem) == HP_OK ? support_cluster_start(state) : -1;
}

static int tear_down(void **state) {
    vocabulary_free(vocabulary);
    return support_cluster_stop(state);
}

/* One folder. */
struct row {
    const char *folder;
    enum drift_conclusion conclusion;
    struct {
        const char *check, *place, *what; /* place: "file:line", or an object; what: words of it */
    } findings[FINDINGS_MAX];
    const char *undecided; /* words of a reason */
    const char *ledger, *before;
};

static const struct row rows[] = {
    {.folder = "reference/sql", .conclusion = DRIFT_CONFORMS},
    {.folder = "f3",
     .conclusion = DRIFT_DRIFTS,
     .findings = {{"table-created-and-dropped", "002_unified_interrupts.sql:2",
                   "created by 001_postgres_schema.sql:23 and dropped by 002_unified_interrupts.sql:2"},
                  {"rows-lost", "002_unified_interrupts.sql:2",
                   "2 of 2 rows of public.pending_confirmations"}}},
    {.folder = "f3-edited",
     .conclusion = DRIFT_DRIFTS,
     .findings = {{"edited-after-applied", "002_unified_interrupts.sql:0", "its checksum was ffdb872b"},
                  {"table-created-and-dropped", "002_unified_interrupts.sql:2", "in vain"},
                  {"rows-lost", "002_unified_interrupts.sql:2", "no other table has them"},
                  {"kind-missing", "public.flow_interrupts.kind", "critic_review"}},
     .ledger = EXAMPLES "f3-edited/ledger.json"},
    {.folder = "drops-rows",
     .conclusion = DRIFT_DRIFTS,
     .findings = {{"rows-lost", "003_tidy.sql:5", "1 of 5 rows of public.labels"},
                  {"rows-lost", "003_tidy.sql:2", "2 of 2 rows of public.notes"}}},
    {.folder = "name-taken",
     .conclusion = DRIFT_DRIFTS,
     .findings = {{"table-created-and-dropped", "003_swap.sql:5",
                   "public.notes is created by 001_notes.sql:1"},
                  {"rows-lost", "003_swap.sql:5", "2 of 2 rows of public.notes"}}},
    {.folder = "some-carried",
     .conclusion = DRIFT_DRIFTS,
     .findings = {{"table-created-and-dropped", "003_carry.sql:5",
                   "public.labels is created by 001_labels.sql:1"},
                  {"rows-lost", "003_carry.sql:5", "2 of 4 rows of public.labels"}}},
    {.folder = "not-repeatable",
     .conclusion = DRIFT_DRIFTS,
     .findings = {{"not-repeatable", "002_settings.sql:0", "public.settings has 2 rows instead of 1"},
                  {"not-repeatable", "003_column.sql:4", "column \"note\""}}},
    {.folder = "not-atomic",
     .conclusion = DRIFT_DRIFTS,
     .findings = {{"not-atomic", "002_own.sql:5", "table public.one is new"},
                  {"not-atomic", "003_concurrently.sql:2", "column public.one.b is new"}}},
    {.folder = "own-commit",
     .conclusion = DRIFT_DRIFTS,
     .findings = {{"not-atomic", "002_batches.sql:2", "table public.batches is new"}}},
    {.folder = "doubled",
     .conclusion = DRIFT_DRIFTS,
     .findings = {{"number-doubled", "002_b.sql:0", "002_a.sql"}}},
    {.folder = "order",
     .conclusion = DRIFT_DRIFTS,
     .findings = {{"order-ambiguous", "10_b.sql:0", "9_a.sql"}, {"number-missing", "extra.sql:0", "last"}}},
    {.folder = "names",
     .conclusion = DRIFT_CONFORMS,
     .findings = {{"left-out", "", "U2__a.sql, old/"}, {"left-out", "V3__c.sql:3", "leads back"}}},
    {.folder = "extension",
     .conclusion = DRIFT_OPEN,
     .findings = {{"extension-missing", "002_vectors.sql:1", "no_such_vectors"},
                  {"role-missing", "002_vectors.sql:7", "reader_of_passages"}},
     .undecided = "002_vectors.sql:5 rests on something"},
    {.folder = "meta",
     .conclusion = DRIFT_DRIFTS,
     .findings = {{"meta-command", "002_psql.sql:1", "\\set"},
                  {"meta-command", "002_psql.sql:4", "\\connect"}}},
    {.folder = "fails",
     .conclusion = DRIFT_DRIFTS,
     .findings = {{"step-fails", "002_fails.sql:4", "no_such_type"}}},
    {.folder = "needs-empty",
     .conclusion = DRIFT_DRIFTS,
     .findings = {{"step-fails", "003_country.sql:1", "null values"}}},
    {.folder = "unfinished",
     .conclusion = DRIFT_DRIFTS,
     .findings = {{"step-fails", "002_begins.sql:2", "never committed"}}},
    {.folder = "refuses-rows", .conclusion = DRIFT_OPEN, .undecided = "003_mail.sql:3 does not take"},
    {.folder = "no-row-goes-in", .conclusion = DRIFT_OPEN, .undecided = "codes_code_check"},
    {.folder = "carried", .conclusion = DRIFT_CONFORMS},
    {.folder = "moved",
     .conclusion = DRIFT_DRIFTS,
     .findings = {{"table-created-and-dropped", "003_move.sql:4",
                   "public.notes is created by 001_notes.sql:1"}}},
    {.folder = "cut",
     .conclusion = DRIFT_DRIFTS,
     .findings = {{"rows-changed", "003_shorten.sql:1", "the column name of public.people"}}},
    {.folder = "roles",
     .conclusion = DRIFT_DRIFTS,
     .findings = {{"not-repeatable", "002_reader.sql:1", "role \"reader_of_interrupts\" already exists"}}},
    {.folder = "types", .conclusion = DRIFT_CONFORMS},
    {.folder = "no-table",
     .conclusion = DRIFT_DRIFTS,
     .findings = {{"end-missing", "flow_interrupts", "no table"}}},
    {.folder = "reference/sql", .conclusion = DRIFT_CONFORMS, .before = "fixtures/legacy/tables.sql"},
    {.folder = "drops-before",
     .conclusion = DRIFT_DRIFTS,
     .findings = {{"rows-lost", "002_drop.sql:1", "rows of public.pending_confirmations"}},
     .before = "fixtures/legacy/tables.sql"},
};

enum { ROW_COUNT = sizeof rows / sizeof rows[0] };

/* The end of the file's path with the line, or the object. */
static void write_place(const struct drift_finding *finding, char place[PLACE_SIZE]) {
    const char *slash = finding->file ? strrchr(finding->file, '/') : NULL;
    if (finding->file) {
        snprintf(place, PLACE_SIZE, "%s:%zu", slash ? slash + 1 : finding->file, finding->line);
    } else {
        snprintf(place, PLACE_SIZE, "%s", finding->object ? finding->object : "");
    }
}

static void complain(const struct row *row, const struct drift_report *report) {
    print_error("%s%s:\n", row->folder, row->before ? " with something before it" : "");
    for (size_t i = 0; i < report->finding_count; i++) {
        char place[PLACE_SIZE];
        write_place(&report->findings[i], place);
        print_error("  %s %s %s\n", report->findings[i].check->id, place, report->findings[i].what);
    }
    for (size_t i = 0; i < report->row_count; i++) {
        if (report->rows[i].state == DRIFT_UNDECIDED) {
            print_error("  undecided %s: %s\n", report->rows[i].check->id, report->rows[i].reason);
        }
    }
}

static bool findings_fit(const struct row *row, const struct drift_report *report) {
    size_t count = 0;
    while (count < FINDINGS_MAX && row->findings[count].check) {
        count++;
    }
    bool fit = count == report->finding_count;
    for (size_t i = 0; fit && i < count; i++) {
        char place[PLACE_SIZE];
        write_place(&report->findings[i], place);
        fit = strcmp(report->findings[i].check->id, row->findings[i].check) == 0 &&
              strcmp(place, row->findings[i].place) == 0 &&
              strstr(report->findings[i].what, row->findings[i].what);
    }
    return fit;
}

/* True when something is undecided exactly if the row says so, for its reason. */
static bool reasons_fit(const struct row *row, const struct drift_report *report) {
    bool found = false;
    for (size_t i = 0; i < report->row_count; i++) {
        bool undecided = report->rows[i].state == DRIFT_UNDECIDED;
        found = found || (undecided && row->undecided && strstr(report->rows[i].reason, row->undecided));
        if (undecided && !row->undecided) {
            return false;
        }
    }
    return found == (row->undecided != NULL);
}

static bool check_row(const struct row *row) {
    char folder[PLACE_SIZE];
    struct drift_report report = {0};
    struct hp_problem problem = {0};
    snprintf(folder, sizeof folder, "%s%s", strchr(row->folder, '/') ? "" : EXAMPLES, row->folder);
    const struct migration_drift options = {folder, row->ledger, row->before, support_conninfo()};
    enum hp_status status = migration_drift(&options, vocabulary, &report, &problem);
    bool good = status == HP_OK && findings_fit(row, &report) && reasons_fit(row, &report) &&
                drift_conclude(&report) == row->conclusion;
    if (!good) {
        print_error("%s", problem.detail);
        complain(row, &report);
    }
    drift_report_release(&report);
    return good;
}

static int64_t ask(const char *sql) {
    struct database *database = NULL;
    struct hp_problem problem = {0};
    int64_t number = -1;
    assert_int_equal(database_open(support_conninfo(), &database, &problem), HP_OK);
    assert_int_equal(database_ask(database, sql, &number, &problem), HP_OK);
    database_close(database);
    return number;
}

/* A session that was closed here may take the server a moment more. */
static void await_the_end_of_its_sessions(void) {
    int64_t deadline_us = deadline_after_ms(SESSIONS_END_MS);
    while (ask("select count(*) from pg_stat_activity where application_name = 'holdpoint drift'") > 0) {
        if (deadline_remaining_ms(deadline_us) == 0) {
            fail_msg("a session was left open");
        }
    }
}

/* The legacy tables have times without a zone; a runner of theirs would have said which. */
static void every_folder_shows_what_it_has(void **state) {
    (void)state;
    size_t bad = 0;
    setenv("PGOPTIONS", "-c holdpoint.legacy_zone=Europe/Berlin", 1);
    int64_t databases = ask("select count(*) from pg_database");
    int64_t roles = ask("select count(*) from pg_roles");
    for (size_t i = 0; i < ROW_COUNT; i++) {
        bad += !check_row(&rows[i]);
    }
    unsetenv("PGOPTIONS");
    assert_int_equal(bad, 0);
    assert_int_equal(ask("select count(*) from pg_database"), databases);
    assert_int_equal(ask("select count(*) from pg_roles"), roles);
    await_the_end_of_its_sessions();
}

static void write_step(const char *folder, const char *name, const char *first, int more) {
    char path[PLACE_SIZE];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *stream = fopen(path, "wb");
    assert_non_null(stream);
    fputs(first, stream);
    for (int i = 0; i < more; i++) {
        fputs("select 1;\n", stream);
    }
    assert_int_equal(fclose(stream), 0);
}

/* The number of trials has an end; whether that leaves something undecided depends on who holds the transaction. */
static void a_long_step_is_tried_at_some_statements(void **state) {
    (void)state;
    char folder[] = "/tmp/migrations-XXXXXX", path[PLACE_SIZE];
    struct drift_report report = {0};
    struct hp_problem problem = {0};
    assert_non_null(mkdtemp(folder));
    write_step(folder, "1_whole.sql", "", 90);
    write_step(folder, "2_alone.sql", "vacuum pg_class;\n", 90);
    const struct migration_drift options = {.directory = folder, .scratch = support_conninfo()};
    assert_int_equal(migration_drift(&options, vocabulary, &report, &problem), HP_OK);
    assert_int_equal(report.finding_count, 1); /* end-missing */
    assert_int_equal(drift_count(&report, DRIFT_UNDECIDED), 1);
    for (size_t i = 0; i < report.row_count; i++) {
        if (report.rows[i].state == DRIFT_UNDECIDED) {
            assert_string_equal(report.rows[i].check->id, "not-atomic");
            assert_non_null(strstr(report.rows[i].reason, "2_alone.sql has 91 statements"));
        }
    }
    drift_report_release(&report);
    snprintf(path, sizeof path, "rm -r %s", folder);
    assert_int_equal(system(path), 0);
}

/* Steps that break lines: their own, or everybody's. */
static void a_line_that_breaks_leaves_nothing(void **state) {
    (void)state;
    static const struct {
        const char *sql;
        enum hp_status status;
    } breaks[] = {
        {"select pg_terminate_backend(pg_backend_pid());", HP_OK},
        {"select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'holdpoint drift' "
         "and pid <> "
         "pg_backend_pid();",
         HP_UNAVAILABLE},
        {"do $$ begin if exists (select from pg_class where relname = 'mark') then perform "
         "pg_terminate_backend(pg_backend_pid()); end if; end $$; create table if not exists mark (a int);",
         HP_OK},
    };
    int64_t databases = ask("select count(*) from pg_database");
    for (size_t i = 0; i < sizeof breaks / sizeof breaks[0]; i++) {
        char folder[] = "/tmp/migrations-XXXXXX", path[PLACE_SIZE];
        struct drift_report report = {0};
        struct hp_problem problem = {0};
        assert_non_null(mkdtemp(folder));
        write_step(folder, "1_breaks.sql", breaks[i].sql, 0);
        const struct migration_drift options = {.directory = folder, .scratch = support_conninfo()};
        assert_int_equal(migration_drift(&options, vocabulary, &report, &problem), breaks[i].status);
        if (breaks[i].status == HP_OK) {
            assert_string_equal(report.findings[0].check->id, i == 0 ? "step-fails" : "not-repeatable");
        }
        drift_report_release(&report);
        assert_int_equal(ask("select count(*) from pg_database"), databases);
        snprintf(path, sizeof path, "rm -r %s", folder);
        assert_int_equal(system(path), 0);
    }
}

/* Folders of throwaway servers. */
static size_t count_clusters(void) {
    size_t count = 0;
    DIR *directory = opendir(getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
    assert_non_null(directory);
    for (const struct dirent *entry; (entry = readdir(directory));) {
        count += strncmp(entry->d_name, "holdpoint-pg.", 13) == 0;
    }
    closedir(directory);
    return count;
}

static void a_server_of_its_own_comes_and_goes(void **state) {
    (void)state;
    char place[] = "/tmp/drift-XXXXXX";
    struct drift_report report = {0};
    struct hp_problem problem = {0};
    assert_non_null(mkdtemp(place));
    assert_int_equal(chmod(place, 0777), 0); /* the server is another user when we are root */
    setenv("TMPDIR", place, 1);
    const struct migration_drift options = {.directory = EXAMPLES "doubled/"};
    enum hp_status status = migration_drift(&options, vocabulary, &report, &problem);
    size_t left = count_clusters();
    unsetenv("TMPDIR");
    assert_int_equal(rmdir(place), 0);
    assert_int_equal(status, HP_OK);
    assert_int_equal(report.finding_count, 1);
    assert_int_equal(left, 0);
    drift_report_release(&report);
}

static void what_cannot_be_looked_at_is_refused(void **state) {
    (void)state;
    static const struct {
        struct migration_drift options;
        enum hp_status status;
        const char *words;
    } refused[] = {
        {{.directory = EXAMPLES "nowhere"}, HP_INVALID, "nowhere: No such file"},
        {{.directory = EXAMPLES "names/old/.."}, HP_OK, NULL},
        {{.directory = "harness/drift"}, HP_INVALID, "holds no migration"},
        {{.directory = EXAMPLES "doubled", .ledger = "nowhere.json"}, HP_INVALID, "nowhere.json"},
        {{.directory = EXAMPLES "doubled", .ledger = "fixtures/vocabulary.json"},
         HP_INVALID,
         "vocabulary.json:"},
        {{.directory = EXAMPLES "doubled", .before = "nowhere.sql"}, HP_INVALID, "nowhere.sql"},
        {{.directory = EXAMPLES "doubled", .before = EXAMPLES "fails/002_fails.sql"},
         HP_INVALID,
         "002_fails.sql:4"},
        {{.directory = EXAMPLES "doubled", .scratch = "host=/nowhere"}, HP_UNAVAILABLE, "PostgreSQL"},
    };
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        struct migration_drift options = refused[i].options;
        struct drift_report report = {0};
        struct hp_problem problem = {0};
        options.scratch = options.scratch ? options.scratch : support_conninfo();
        assert_int_equal(migration_drift(&options, vocabulary, &report, &problem), refused[i].status);
        if (refused[i].words && !strstr(problem.detail, refused[i].words)) {
            fail_msg("%s", problem.detail);
        }
        drift_report_release(&report);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_folder_shows_what_it_has),
        cmocka_unit_test(a_long_step_is_tried_at_some_statements),
        cmocka_unit_test(a_line_that_breaks_leaves_nothing),
        cmocka_unit_test(a_server_of_its_own_comes_and_goes),
        cmocka_unit_test(what_cannot_be_looked_at_is_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down) == 0 ? 0 : 1;
}
