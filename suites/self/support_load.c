#include "suites/self/support_load.h"

#include "suites/self/support_folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

void assert_refused_cases(const struct faulty_case *cases, size_t count) {
    for (size_t i = 0; i < count; i++) {
        char wanted[2048];
        char field[512];
        struct suite *suite = NULL;
        struct hp_problem problem = {0};
        const char *folder = fixtures_of_case(cases[i].members);
        assert_non_null(folder);
        snprintf(field, sizeof field, "/cases/0%s", cases[i].pointer);
        snprintf(wanted, sizeof wanted, "%s/cases/kinds/one.json:%zu: at %s: %s", folder, cases[i].line,
                 field, cases[i].message);
        if (suite_load(folder, &suite, &problem) != HP_INVALID) {
            fail_msg("row %zu is %s: %s", i, hp_status_name(problem.status), problem.detail);
        }
        assert_string_equal(problem.detail, wanted);
        assert_string_equal(problem.field, field);
        assert_null(suite);
    }
    fixtures_remove();
}

struct suite *suite_of_case(const char *members) {
    struct suite *suite = NULL;
    struct hp_problem problem = {0};
    if (suite_load(fixtures_of_case(members), &suite, &problem) != HP_OK) {
        fail_msg("%s", problem.detail);
    }
    fixtures_remove();
    return suite;
}
