#include "harness/drift/source/sql_text.h"
#include "reference/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void take(void *context, enum sql_use use, const char *name, size_t offset) {
    static const char letters[] = {'r', 'w', 'c', 'd', 'a'};
    struct text *text = context;
    (void)offset;
    text_addf(text, "%s%c:%s", text->length_bytes > 0 ? " " : "", letters[use], name);
}

static void tables_are_found_with_their_use(void **state) {
    (void)state;
    static const char *const rows[][2] = {
        {"select a from t where b in (select 1 from u)", "r:t r:u"},
        {"SELECT 1 FROM s.t JOIN \"U\" ON true", "r:t r:u"},
        {"insert into t (a) select b from u", "w:t r:u"},
        {"delete from t; update u set a = 1", "w:t w:u"},
        {"select 1 from t for update of t", "r:t"},
        {"create table if not exists t (a int references u (a))", "c:t a:u"},
        {"drop table if exists t, s.u cascade", "d:t d:u"},
        {"alter table t rename to u", "a:t d:t c:u"},
        {"alter table t rename column a to b", "a:t"},
        {"with t as (select 1 from u) select 1 from t", "r:u"},
        {"select extract(epoch from a), a is distinct from b from t", "r:t"},
        {"select 1 from generate_series(1, 2)", ""},
        {"select 'from x' from t -- from y\n/* from z */", "r:t"},
        {"select 1 from pg_class, pg_catalog.x", ""},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct text found = {0};
        sql_find_tables(rows[i][0], strlen(rows[i][0]), take, &found);
        assert_string_equal(found.bytes ? found.bytes : "", rows[i][1]);
        text_release(&found);
    }
}

static void prose_is_no_statement(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool is;
    } rows[] = {
        {"  select a from t", true},
        {"SELECT a FROM t", true},
        {"Select one from the list", false},
        {"update the docs", false},
        {"UPDATE t SET a = 1", true},
        {"with t as (select 1) select 1", true},
        {"", false},
        {"delete everything", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(sql_is_statement(rows[i].text, strlen(rows[i].text)), rows[i].is);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_are_found_with_their_use),
        cmocka_unit_test(prose_is_no_statement),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) == 0 ? 0 : 1;
}
