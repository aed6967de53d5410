#include "harness/drift/vocabulary.h"
#include "suites/self/support_folder.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void both_files_are_read(void **state) {
    (void)state;
    struct hp_problem problem = {0};
    struct vocabulary *vocabulary = NULL;
    assert_int_equal(vocabulary_load("fixtures", &vocabulary, &problem), HP_OK);
    assert_int_equal(vocabulary->kinds.count, 7);
    assert_string_equal(vocabulary->kinds.items[3], "checkpoint");
    assert_int_equal(vocabulary->statuses.count, 4);
    assert_int_equal(vocabulary->final_statuses.count, 3);
    assert_true(words_hold(&vocabulary->final_statuses, "cancelled"));
    assert_false(words_hold(&vocabulary->final_statuses, "pending"));
    assert_string_equal(vocabulary->aliases.items[0].name, "agent_review");
    assert_string_equal(vocabulary->aliases.items[0].value, "critic_review");
    assert_true(words_hold(&vocabulary->tables, "open_loops"));
    assert_true(words_hold(&vocabulary->legacy_tables, "pending_confirmations"));
    assert_int_equal(vocabulary->decisions.count, 3);
    assert_int_equal(vocabulary->interrupt_fields.count, 16);
    assert_string_equal(vocabulary->response_fields.items[1], "approved");
    assert_int_equal(vocabulary->envelope_fields.count, 37);
    assert_true(words_hold(&vocabulary->legacy_envelope_fields, "clarification_pending"));
    assert_string_equal(vocabulary->table, "flow_interrupts");
    assert_int_equal(vocabulary->column_count, 17);
    assert_string_equal(vocabulary->primary_key.items[0], "id");
    assert_int_equal(vocabulary->index_count, 6);
    const struct wanted_index *due = &vocabulary->indexes[4];
    assert_string_equal(due->columns.items[0], "expires_at");
    assert_string_equal(due->holds.items[0].value, "pending");
    assert_string_equal(due->leaves_out.items[0].value, "checkpoint");
    vocabulary_free(vocabulary);
    vocabulary_free(NULL);
}

static void columns_say_what_they_hold(void **state) {
    (void)state;
    static const struct wanted_column rows[] = {
        {"id", COLUMN_UUID, false, DEFAULT_UUID},
        {"user_id", COLUMN_TEXT, false, DEFAULT_NONE},
        {"status", COLUMN_WORD, false, DEFAULT_NONE},
        {"data", COLUMN_JSONB, false, DEFAULT_OBJECT},
        {"expires_at", COLUMN_TIMESTAMPTZ, true, DEFAULT_NONE},
        {"updated_at", COLUMN_TIMESTAMPTZ, false, DEFAULT_NOW},
    };
    struct vocabulary *vocabulary = NULL;
    assert_int_equal(vocabulary_load("fixtures", &vocabulary, NULL), HP_OK);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct wanted_column *column = vocabulary->columns;
        while (strcmp(column->name, rows[i].name) != 0) {
            column++;
        }
        assert_int_equal(column->type, rows[i].type);
        assert_int_equal(column->nullable, rows[i].nullable);
        assert_int_equal(column->fallback, rows[i].fallback);
    }
    vocabulary_free(vocabulary);
}

/* The project's own file, with one member changed. */
static void copy_with(const char *name, const char *member, const char *value) {
    char path[64];
    snprintf(path, sizeof path, "fixtures/%s", name);
    json_t *root = json_load_file(path, 0, NULL);
    assert_non_null(root);
    if (member) {
        assert_int_equal(json_object_set_new(root, member, json_loads(value, JSON_DECODE_ANY, NULL)), 0);
    }
    char *text = json_dumps(root, 0);
    assert_true(fixtures_write(name, text));
    free(text);
    json_decref(root);
}

static void a_file_that_is_wrong_is_named(void **state) {
    (void)state;
    static const struct {
        const char *file, *member, *value; /* file NULL: there is none at all */
        enum hp_status status;
        const char *part;
    } rows[] = {
        {NULL, NULL, NULL, HP_UNAVAILABLE, "vocabulary.json"},
        {"vocabulary.json", "kinds", "3", HP_INVALID, "kinds"},
        {"database.json", "table", "7", HP_INVALID, "table"},
        {"database.json", "columns",
         "[{\"name\": \"id\", \"type\": \"blob\", \"nullable\": false, \"default\": null}]", HP_INVALID,
         "type"},
        {"database.json", "surprise", "1", HP_INVALID, "surprise"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hp_problem problem = {0};
        struct vocabulary *vocabulary = NULL;
        const char *folder = fixtures_new("{}");
        assert_non_null(folder);
        if (rows[i].file) {
            copy_with("vocabulary.json", NULL, NULL);
            copy_with("database.json", NULL, NULL);
            copy_with(rows[i].file, rows[i].member, rows[i].value);
        }
        assert_int_equal(vocabulary_load(folder, &vocabulary, &problem), rows[i].status);
        assert_null(vocabulary);
        if (!strstr(problem.detail, rows[i].part)) {
            fail_msg("%s", problem.detail);
        }
        fixtures_remove();
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_files_are_read),
        cmocka_unit_test(columns_say_what_they_hold),
        cmocka_unit_test(a_file_that_is_wrong_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) > 0;
}
