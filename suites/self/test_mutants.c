#include "harness/adapters/mutants.h"
#include "harness/case/case.h"
#include "suites/self/support_folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct mutants *load_ours(void) {
    struct mutants *mutants = NULL;
    struct hp_problem problem = {0};
    if (mutants_load("fixtures", &mutants, &problem) != HP_OK) {
        fail_msg("%s", problem.detail);
    }
    return mutants;
}

static bool names_finding(const struct mutant *mutant, const char *finding) {
    for (size_t i = 0; i < json_array_size(mutant->findings); i++) {
        if (strcmp(json_string_value(json_array_get(mutant->findings, i)), finding) == 0) {
            return true;
        }
    }
    return false;
}

/* Ninety at least; each of the audit's findings and concerns has one, or the file says why not. */
static void the_catalogue_covers_the_audit(void **state) {
    (void)state;
    static const char *const findings[] = {"F1", "F2",  "F3",  "F4",  "F5",  "F6", "F7", "F8",
                                           "F9", "F10", "F11", "F12", "F13", "C1", "C2", "C3"};
    struct mutants *mutants = load_ours();
    assert_true(mutants->count >= 90);
    for (size_t i = 0; i < sizeof findings / sizeof findings[0]; i++) {
        size_t count = 0;
        for (size_t at = 0; at < mutants->count; at++) {
            count += names_finding(&mutants->items[at], findings[i]);
        }
        if ((count > 0) == (json_object_get(mutants->unreached, findings[i]) != NULL)) {
            fail_msg("%s has %zu mutants, and is %sunreached", findings[i], count, count > 0 ? "" : "not ");
        }
    }
    mutants_free(mutants);
}

/* One at least for each requirement that a service must obey and that a case can prove. */
static void the_catalogue_breaks_every_requirement(void **state) {
    (void)state;
    struct mutants *mutants = load_ours();
    struct suite *suite = NULL;
    assert_int_equal(suite_load("fixtures", &suite, NULL), HP_OK);
    for (size_t i = 0; i < suite->requirement_count; i++) {
        bool broken = suite->requirements[i].excluded != NULL;
        for (size_t at = 0; at < mutants->count; at++) {
            broken = broken || strcmp(mutants->items[at].requirement, suite->requirements[i].id) == 0;
        }
        if (!broken) {
            fail_msg("no mutant breaks %s", suite->requirements[i].id);
        }
    }
    for (size_t at = 0; at < mutants->count; at++) {
        if (!suite_requirement(suite, mutants->items[at].requirement)) {
            fail_msg("%s breaks what is no requirement", mutants->items[at].id);
        }
    }
    suite_free(suite);
    mutants_free(mutants);
}

#define MUTANT(MORE)                                                                                         \
    "{\"mutants\": [{\"id\": \"a-b\", \"requirement\": \"REQ-A-1\", \"findings\": [], \"sentence\": "        \
    "\"the guard is missing\", \"suffers\": \"everybody does\", " MORE "}]}"
#define FAULT "\"where\": \"adapter\", \"fault\": [{\"after\": [{\"retry\": true}]}]"
#define ROWS(TEXT)                                                                                           \
    "\"where\": \"adapter\", \"fault\": [{\"on\": \"interrupt.{op}\", \"after\": [{\"set\": \"/a\", "        \
    "\"to\": "                                                                                               \
    "\"$value\"}]}], \"rows\": {" TEXT "}"

static const struct {
    const char *text, *part;
} wrong[] = {
    {"{", "mutants.json:1:"},
    {"{}", "\"mutants\""},
    {MUTANT("\"where\": \"adapter\""), "at /mutants/0"},
    {MUTANT("\"where\": \"store\", \"fault\": [{\"after\": [{\"retry\": true}]}]"), "at /mutants/0"},
    {MUTANT(FAULT ", \"color\": 1"), "\"color\""},
    {MUTANT("\"where\": \"adapter\", \"fault\": [{\"on\": \"a\"}]"), "at /mutants/0/fault/0"},
    {MUTANT("\"where\": \"adapter\", \"fault\": [{\"after\": [{\"retri\": true}]}]"), "retri"},
    {MUTANT("\"where\": \"adapter\", \"fault\": [{\"after\": [{\"set\": \"/a\"}]}]"),
     "at /mutants/0/fault/0/after/0"},
    {MUTANT("\"where\": \"adapter\", \"fault\": [{\"after\": [{\"change\": \"/a\", \"by\": \"louder\"}]}]"),
     "by"},
    {MUTANT("\"where\": \"adapter\", \"fault\": [{\"when\": {\"/a\": {\"near\": 1}}, \"after\": [{\"retry\": "
            "true}]}]"),
     "near"},
    {MUTANT("\"where\": \"store\", \"store\": \"no-such\""), "there is no fault \"no-such\" of the store"},
    {MUTANT(FAULT ", \"rows\": {\"x\": {\"v\": 1}, \"y\": {\"w\": 1}}"), "does not bind \"v\""},
    {MUTANT(FAULT ", \"rows\": {\"x\": {\"v\": 1}, \"y\": {\"v\": 1, \"w\": 1}}"),
     "binds more than the first"},
    {MUTANT("\"where\": \"adapter\", \"fault\": [{\"after\": [{\"set\": \"/a\", \"to\": \"$value\"}]}]"),
     "the mutant a-b: no row binds \"$value\""},
    {MUTANT("\"where\": \"adapter\", \"fault\": [{\"after\": [{\"change\": \"/a\", \"by\": \"$by\"}]}], "
            "\"rows\": {\"x\": {\"by\": \"louder\"}}"),
     "the mutant a-b.x, with its row: at /mutants/0/fault/0/after/0"},
};

static void what_is_wrong_is_named(void **state) {
    (void)state;
    const char *folder = fixtures_new("{\"cases\": []}");
    assert_non_null(folder);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct mutants *mutants = NULL;
        struct hp_problem problem = {0};
        assert_true(fixtures_write("mutants.json", wrong[i].text));
        assert_int_equal(mutants_load(folder, &mutants, &problem), HP_INVALID);
        assert_null(mutants);
        if (!strstr(problem.detail, wrong[i].part) || !strstr(problem.detail, "mutants.json:")) {
            fail_msg("%s\n%s", wrong[i].text, problem.detail);
        }
    }
    fixtures_remove();
}

static void two_of_one_id_are_refused(void **state) {
    (void)state;
    struct mutants *mutants = NULL;
    struct hp_problem problem = {0};
    const char *folder = fixtures_new("{\"cases\": []}");
    char *one = strdup(MUTANT(FAULT)), *both = malloc(2 * strlen(one));
    char *object = strchr(one, '[') + 1;
    object[strlen(object) - 2] = '\0';
    strcpy(both, "{\"mutants\": [");
    strcat(strcat(strcat(both, object), ","), object);
    strcat(both, "]}");
    assert_true(fixtures_write("mutants.json", both));
    assert_int_equal(mutants_load(folder, &mutants, &problem), HP_INVALID);
    assert_non_null(strstr(problem.detail, "the mutant a-b is there twice"));
    free(both);
    free(one);
    fixtures_remove();
}

static void rows_are_mutants_of_their_own(void **state) {
    (void)state;
    struct mutants *mutants = NULL;
    struct hp_problem problem = {0};
    const char *folder = fixtures_new("{\"cases\": []}");
    assert_true(fixtures_write(
        "mutants.json",
        MUTANT(
            ROWS("\"x\": {\"op\": \"get\", \"value\": 1}, \"y\": {\"op\": \"list\", \"value\": [\"a\"]}"))));
    if (mutants_load(folder, &mutants, &problem) != HP_OK) {
        fail_msg("%s", problem.detail);
    }
    assert_int_equal(mutants->count, 2);
    const struct mutant *mutant = mutants_find(mutants, "a-b.y");
    assert_non_null(mutant);
    assert_ptr_equal(mutant, &mutants->items[1]);
    const json_t *rule = json_array_get(mutant->fault, 0);
    assert_string_equal(json_string_value(json_object_get(rule, "on")), "interrupt.list");
    const json_t *action = json_array_get(json_object_get(rule, "after"), 0);
    assert_true(json_is_array(json_object_get(action, "to")));
    assert_null(mutants_find(mutants, "a-b"));
    assert_string_equal(mutant_where_name(mutant->where), "adapter");
    mutants_free(mutants);
    mutants_free(NULL);
    fixtures_remove();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_catalogue_covers_the_audit),
        cmocka_unit_test(the_catalogue_breaks_every_requirement),
        cmocka_unit_test(what_is_wrong_is_named),
        cmocka_unit_test(two_of_one_id_are_refused),
        cmocka_unit_test(rows_are_mutants_of_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
