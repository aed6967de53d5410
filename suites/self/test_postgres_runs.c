/* Whole runs against databases with settings of their own: the verdicts are those of a run against a plain one, case by
 * case. */
#include "harness/base/value.h"
#include "reference/base/text.h"
#include "suites/self/support_cluster.h"

#include <inttypes.h>
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { COMMAND_SIZE = 4096, TARGET_SIZE = 1024, LINE_SIZE = 1 << 20, PATH_SIZE = 256 };

/* What counts of a case; what may differ (durations, the name of the target) is left out. */
static const char *const members[] = {"id", "verdict", "reason", "path", "expected", "got"};

/* One line for each case of a report, and how many passed. */
struct verdicts {
    struct text lines;
    size_t passed;
    size_t count;
};

static void add_case(struct verdicts *verdicts, const json_t *report) {
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        const json_t *value = json_object_get(report, members[i]);
        text_addf(&verdicts->lines, "%s\t", json_is_string(value) ? json_string_value(value) : "-");
    }
    const char *verdict = json_string_value(json_object_get(report, "verdict"));
    assert_non_null(verdict);
    verdicts->passed += strcmp(verdict, "passed") == 0;
    verdicts->count++;
    assert_true(text_add(&verdicts->lines, "\n"));
}

static void read_report(const char *path, struct verdicts *verdicts) {
    static char line[LINE_SIZE];
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        json_t *report = json_loads(line, 0, NULL);
        const char *type = json_string_value(json_object_get(report, "type"));
        assert_non_null(type);
        if (strcmp(type, "case") == 0) {
            add_case(verdicts, report);
        }
        json_decref(report);
    }
    fclose(file);
}

/* A whole run of the command; the caller releases verdicts->lines. */
static void run_whole(const char *target, const char *options, struct verdicts *verdicts) {
    const char *holdpoint = getenv("HOLDPOINT"), *folder = getenv("TMPDIR");
    char path[PATH_SIZE], command[COMMAND_SIZE];
    *verdicts = (struct verdicts){0};
    snprintf(path, sizeof path, "%s/holdpoint-run-XXXXXX", folder ? folder : "/tmp");
    int made = mkstemp(path);
    assert_true(made >= 0);
    snprintf(
        command, sizeof command,
        /* Races know of no setting of a database, and take longer than all the rest; the chapter http needs
                another target. */
        "exec '%s' run --no-color --format ndjson --output '%s' --filter '!concurrency' --filter '!http' "
        "--target \"%s\" %s >&2",
        holdpoint ? holdpoint : "build/holdpoint", path, target, options);
    int status = system(command);
    read_report(path, verdicts);
    remove(path);
    if (status != 0) {
        fail_msg("%s: status %d, %zu of %zu passed", command, status, verdicts->passed, verdicts->count);
    }
}

static void run_database(const char *conninfo, const char *options, struct verdicts *verdicts) {
    char target[TARGET_SIZE];
    snprintf(target, sizeof target, "postgres:%s", conninfo);
    run_whole(target, options, verdicts);
}

/* What all must come to: every case passes. */
static struct verdicts plain;

static int setup(void **state) {
    setenv("HOLDPOINT_FIXTURES", "fixtures", 1); /* a sanitizer's build has none beside it */
    if (support_cluster_start(state) != 0) {
        return -1;
    }
    run_database(support_conninfo(), "", &plain);
    return plain.count >= 300 && plain.passed == plain.count ? 0 : -1;
}

static int teardown(void **state) {
    text_release(&plain.lines);
    return support_cluster_stop(state);
}

static void assert_as_plain(const char *conninfo, const char *options) {
    struct verdicts verdicts;
    run_database(conninfo, options, &verdicts);
    assert_int_equal(verdicts.count, plain.count);
    /* The one number that stands for all of them. */
    uint64_t wanted = text_hash(TEXT_HASH_START, plain.lines.bytes, plain.lines.length_bytes);
    uint64_t got = text_hash(TEXT_HASH_START, verdicts.lines.bytes, verdicts.lines.length_bytes);
    if (wanted != got) {
        fail_msg("%s: the verdicts have the digest %" PRIx64 ", those of the plain one %" PRIx64, options,
                 got, wanted);
    }
    text_release(&verdicts.lines);
}

static void assert_nothing_left(struct database *database) {
    int64_t count = -1;
    assert_int_equal(database_ask(database, "select count(*) from pg_namespace where nspname ~ '^holdpoint'",
                                  &count, NULL),
                     HP_OK);
    assert_int_equal(count, 0);
}

static void strange_settings(void **state) {
    (void)state;
    static const char *const settings[] = {
        "alter database postgres set timezone = 'Asia/Kathmandu'",
        "alter database postgres set datestyle = 'SQL, DMY'",
        "alter database postgres set intervalstyle = 'sql_standard'",
        "alter role holdpoint set timezone = 'America/St_Johns'",
        "alter role holdpoint set datestyle = 'Postgres, YMD'",
        "alter role holdpoint in database postgres set intervalstyle = 'iso_8601'",
        "alter database postgres set default_transaction_isolation = 'serializable'",
        "alter database postgres set extra_float_digits = -15",
        "alter database postgres set bytea_output = 'escape'",
        "alter database postgres set search_path = 'nowhere'",
        "alter database postgres set quote_all_identifiers = on",
        "alter database postgres set client_min_messages = 'debug1'",
        "alter database postgres set standard_conforming_strings = off",
        "alter database postgres set escape_string_warning = on",
    };
    struct database *database = NULL;
    assert_int_equal(database_open(support_conninfo(), &database, NULL), HP_OK);
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++) {
        assert_int_equal(database_run(database, settings[i], NULL), HP_OK);
    }
    int64_t taken = 0; /* they hold for who comes from now on */
    struct database *witness = NULL;
    assert_int_equal(database_open(support_conninfo(), &witness, NULL), HP_OK);
    assert_int_equal(database_ask(witness,
                                  "select count(*) from pg_settings where (name, setting) in"
                                  " (('TimeZone', 'America/St_Johns'), ('DateStyle', 'Postgres, YMD'),"
                                  " ('IntervalStyle', 'iso_8601'), ('standard_conforming_strings', 'off'))",
                                  &taken, NULL),
                     HP_OK);
    assert_int_equal(taken, 4);
    database_close(witness);
    assert_as_plain(support_conninfo(), "");
    assert_int_equal(database_run(database,
                                  "alter database postgres reset all; alter role holdpoint reset all;"
                                  " alter role holdpoint in database postgres reset all",
                                  NULL),
                     HP_OK);
    assert_nothing_left(database);
    database_close(database);
}

static void a_server_started_with_strange_settings(void **state) {
    (void)state;
    struct cluster *cluster = NULL;
    struct hp_problem problem = {0};
    if (cluster_start("-c timezone=Pacific/Chatham -c datestyle=German,DMY -c intervalstyle=postgres_verbose",
                      &cluster, &problem) != HP_OK) {
        fail_msg("%s", problem.detail);
    }
    assert_as_plain(cluster_conninfo(cluster), "");
    cluster_stop(cluster);
}

/* The tables are never emptied, and hold the interrupts of others from the begin. */
static void among_the_rows_of_strangers(void **state) {
    (void)state;
    assert_as_plain(support_conninfo(), "--without reset --crowd 200");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(strange_settings),
                                       cmocka_unit_test(a_server_started_with_strange_settings),
                                       cmocka_unit_test(among_the_rows_of_strangers)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
