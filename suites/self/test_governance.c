#include "harness/drift/governance.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct vocabulary *vocabulary;
static char file[64];

static int set_up(void **state) {
    (void)state;
    snprintf(file, sizeof file, "/tmp/governance-XXXXXX");
    int descriptor = mkstemp(file);
    close(descriptor);
    return descriptor >= 0 && vocabulary_load("fixtures", &vocabulary, NULL) == HP_OK ? 0 : -1;
}

static int tear_down(void **state) {
    (void)state;
    vocabulary_free(vocabulary);
    return unlink(file);
}

static void write_layers(const char *layers) {
    FILE *stream = fopen(file, "wb");
    assert_non_null(stream);
    fprintf(stream, "{\"layers\": [\n%s]}", layers);
    assert_int_equal(fclose(stream), 0);
}

#define L4 "{\"layer\": \"L4\", \"tables\": [\"session_state\", \"open_loops\", \"flow_interrupts\"]}"

static const struct {
    const char *layers;
    const char *check; /* of the only finding; NULL: there is none */
    size_t line;
    const char *what;
} rows[] = {
    {L4, NULL, 0, NULL},
    {"{\"layer\": \"L4\", \"tables\": [\"flow_interrupts\", \"session_state\", \"open_loops\"]}", NULL, 0,
     NULL},
    {L4 ", {\"layer\": \"L2\", \"tables\": [\"session_state\"]}", NULL, 0, NULL},
    {"{\"layer\": \"L4\", \"tables\": [\"session_state\", \"open_loops\",\n\"pending_clarifications\"]}",
     "layer-table-unknown", 3, "flow_interrupts took its place"},
    {L4 ",\n{\"layer\": \"L1\", \"tables\": [\"pending_confirmations\"]}", "layer-table-unknown", 3,
     "Layer L1 names pending_confirmations, a legacy table"},
    {L4 ",\n{\"layer\": \"L1\", \"tables\": [\"vectors\"]}", "layer-table-unknown", 3, "no such table"},
    {"{\"layer\": \"L4\", \"tables\": [\"session_state\", \"open_loops\", \"flow_interrupts\", \"more\"]}",
     "layer-table-unknown", 2, "Layer L4 names more"},
    {"{\"layer\": \"L4\",\n\"tables\": [\"session_state\", \"flow_interrupts\"]}", "layer-differs", 3,
     "it lacks open_loops."},
    {"{\"layer\": \"L3\", \"tables\": [\"session_state\"]}", "layer-differs", 1, "no layer L4"},
    {L4 ", " L4, "layer-differs", 1, "several layers L4"},
};

static void each_definition_shows_what_it_has(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct drift_report report = {0};
        struct hp_problem problem = {0};
        write_layers(rows[i].layers);
        assert_int_equal(governance_drift(file, vocabulary, &report, &problem), HP_OK);
        assert_int_equal(report.finding_count, rows[i].check ? 1 : 0);
        assert_int_equal(drift_conclude(&report), rows[i].check ? DRIFT_DRIFTS : DRIFT_CONFORMS);
        if (rows[i].check) {
            const struct drift_finding *finding = &report.findings[0];
            assert_string_equal(finding->check->id, rows[i].check);
            assert_string_equal(finding->check->audit, "F5");
            assert_string_equal(finding->file, file);
            assert_int_equal(finding->line, rows[i].line);
            assert_non_null(strstr(finding->what, rows[i].what));
        }
        assert_int_equal(drift_count(&report, DRIFT_CLEAN), governance_check_count - (rows[i].check ? 1 : 0));
        drift_report_release(&report);
    }
}

static void ours_is_clean(void **state) {
    (void)state;
    struct drift_report report = {0};
    assert_int_equal(governance_drift("fixtures/governance.json", vocabulary, &report, NULL), HP_OK);
    assert_int_equal(report.finding_count, 0);
    assert_string_equal(report.subject, "fixtures/governance.json");
    drift_report_release(&report);
}

static void a_file_that_is_none_is_refused(void **state) {
    (void)state;
    static const char *const bad[][2] = {
        {"{\"layer\": \"L4\"}", ":2: at /layers/0"},
        {"{\"layer\": \"L4\", \"tables\": []}", "at /layers/0/tables"},
        {"{", "not JSON"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct drift_report report = {0};
        struct hp_problem problem = {0};
        write_layers(bad[i][0]);
        assert_int_equal(governance_drift(file, vocabulary, &report, &problem), HP_INVALID);
        assert_non_null(strstr(problem.detail, bad[i][1]));
        drift_report_release(&report);
    }
    struct drift_report report = {0};
    struct hp_problem problem = {0};
    assert_int_equal(governance_drift("/nowhere.json", vocabulary, &report, &problem), HP_INVALID);
    assert_non_null(strstr(problem.detail, "/nowhere.json: No such file"));
    drift_report_release(&report);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_definition_shows_what_it_has),
        cmocka_unit_test(ours_is_clean),
        cmocka_unit_test(a_file_that_is_none_is_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down) == 0 ? 0 : 1;
}
