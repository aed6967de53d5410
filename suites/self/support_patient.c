#include "suites/self/support_patient.h"

#include "suites/self/support_cluster.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct vocabulary *the_vocabulary;
static struct database *the_keeper;

static void assert_done(enum hp_status status, const struct hp_problem *problem) {
    if (status != HP_OK) {
        fail_msg("%s: %s", hp_status_name(status), problem->detail);
    }
}

static void write_conninfo(char conninfo[512], const char *database) {
    snprintf(conninfo, 512, "%s dbname=%s", support_conninfo(), database);
}

static int make_sound(void) {
    struct hp_problem problem = {0};
    char conninfo[512];
    write_conninfo(conninfo, "sound");
    if (vocabulary_load("fixtures", &the_vocabulary, &problem) != HP_OK ||
        database_open(support_conninfo(), &the_keeper, &problem) != HP_OK ||
        database_run(the_keeper, "create database sound", &problem) != HP_OK ||
        hp_postgres_migrate(conninfo, NULL, &problem) != HP_OK) {
        fprintf(stderr, "%s\n", problem.detail);
        return -1;
    }
    return 0;
}

int patients_start(void **state) {
    return support_cluster_start(state) == 0 ? make_sound() : -1;
}

int patients_stop(void **state) {
    vocabulary_free(the_vocabulary);
    database_close(the_keeper);
    return support_cluster_stop(state);
}

const struct vocabulary *patients_vocabulary(void) {
    return the_vocabulary;
}

void patient_init(struct patient *patient) {
    struct hp_problem problem = {0};
    assert_done(database_run(the_keeper, "drop database if exists planted with (force)", &problem), &problem);
    assert_done(database_run(the_keeper, "create database planted template sound", &problem), &problem);
    write_conninfo(patient->conninfo, "planted");
    assert_done(database_open(patient->conninfo, &patient->session, &problem), &problem);
}

void patient_release(struct patient *patient) {
    database_close(patient->session);
}

void patient_run(struct patient *patient, const char *sql) {
    struct hp_problem problem = {0};
    if (database_run(patient->session, sql, &problem) != HP_OK) {
        fail_msg("%s\n%s", problem.detail, sql);
    }
}

int64_t patient_ask(struct patient *patient, const char *sql) {
    struct hp_problem problem = {0};
    int64_t number = 0;
    assert_done(database_ask(patient->session, sql, &number, &problem), &problem);
    return number;
}

/* The statistics of the planner and row locks come and go; everything else of a database counts. */
int64_t patient_checksum(struct patient *patient) {
    return patient_ask(patient,
                       "select hashtextextended(database_to_xml(false, false, 'x')::text, 0)"
                       " # (select coalesce(bit_xor(hashtextextended(c.oid || c.relname || c.relkind::text"
                       " || coalesce(c.relacl::text, ''), 1)), 0) from pg_class c)"
                       " # (select coalesce(bit_xor(hashtextextended(s.schemaname || s.sequencename ||"
                       " coalesce(s.last_value, -1), 2)), 0) from pg_sequences s)"
                       " # (select coalesce(bit_xor(hashtextextended(t.tgname || t.tgenabled::text, 3)), 0) "
                       "from pg_trigger t)");
}

void patient_inspect(const struct patient *patient, bool read_only, struct drift_report *report) {
    struct hp_problem problem = {0};
    const struct database_drift options = {.conninfo = patient->conninfo, .read_only = read_only};
    *report = (struct drift_report){0};
    assert_done(database_drift(&options, the_vocabulary, report, &problem), &problem);
}

void report_print(const struct drift_report *report) {
    for (size_t i = 0; i < report->finding_count; i++) {
        const struct drift_finding *finding = &report->findings[i];
        fprintf(stderr, "  found %s at %s: %s [%s]\n", finding->check->id,
                finding->object ? finding->object : "-", finding->what, finding->mend);
    }
    for (size_t i = 0; i < report->row_count; i++) {
        const struct drift_row *row = &report->rows[i];
        if (row->state == DRIFT_UNDECIDED || row->state == DRIFT_SKIPPED) {
            fprintf(stderr, "  %s %s: %s\n", drift_state_name(row->state), row->check->id,
                    row->reason ? row->reason : "(no reason)");
        }
    }
}

const struct drift_check *patients_check(const char *id) {
    for (size_t i = 0; i < database_check_count; i++) {
        if (strcmp(database_checks[i].id, id) == 0) {
            return &database_checks[i];
        }
    }
    fail_msg("there is no check %s", id);
    return NULL;
}
