#include "reference/base/ids.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <sys/resource.h>

enum { MANY = 20000 };

static int compare(const void *one, const void *other) {
    return strcmp(one, other);
}

/* Version 4 and the variant of RFC 9562, in lower-case canonical text. */
static void assert_version_4(const char *id) {
    assert_true(hp_id_is_canonical(id));
    assert_int_equal(id[14], '4');
    assert_non_null(strchr("89ab", id[19]));
}

static void assert_all_differ(struct hp_ids *ids) {
    char(*drawn)[HP_ID_SIZE] = malloc(MANY * sizeof *drawn);
    assert_non_null(drawn);
    for (size_t i = 0; i < MANY; i++) {
        assert_int_equal(hp_ids_next(ids, drawn[i], NULL), HP_OK);
        assert_version_4(drawn[i]);
    }
    qsort(drawn, MANY, sizeof *drawn, compare);
    for (size_t i = 1; i < MANY; i++) {
        assert_string_not_equal(drawn[i - 1], drawn[i]);
    }
    free(drawn);
}

static void test_random(void **state) {
    (void)state;
    struct hp_ids *ids = hp_ids_random_new();
    assert_all_differ(ids);
    hp_ids_free(ids);
}

static void test_seeded(void **state) {
    (void)state;
    struct hp_ids *one = hp_ids_seeded_new(42), *same = hp_ids_seeded_new(42), *other = hp_ids_seeded_new(43);
    for (int i = 0; i < 100; i++) {
        char first[HP_ID_SIZE], second[HP_ID_SIZE], third[HP_ID_SIZE];
        assert_int_equal(hp_ids_next(one, first, NULL), HP_OK);
        assert_int_equal(hp_ids_next(same, second, NULL), HP_OK);
        assert_int_equal(hp_ids_next(other, third, NULL), HP_OK);
        assert_string_equal(first, second);
        assert_string_not_equal(first, third);
    }
    assert_all_differ(one);
    hp_ids_free(one);
    hp_ids_free(same);
    hp_ids_free(other);
    hp_ids_free(NULL);
}

/* A process that may open no file gets no random bytes, and is told so. */
static void test_no_random_bytes(void **state) {
    (void)state;
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    struct rlimit none = {.rlim_cur = 0, .rlim_max = before.rlim_max};
    struct hp_ids *ids = hp_ids_random_new();
    struct hp_problem problem = {0};
    char id[HP_ID_SIZE] = "untouched";
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    enum hp_status status = hp_ids_next(ids, id, &problem);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_int_equal(status, HP_UNAVAILABLE);
    assert_int_equal(problem.status, HP_UNAVAILABLE);
    assert_string_equal(id, "untouched");
    assert_int_equal(hp_ids_next(ids, id, NULL), HP_OK);
    hp_ids_free(ids);
}

static const struct {
    const char *text;
    bool canonical;
} rows[] = {
    {"0f8fad5b-d9cb-469f-a165-70867728950e", true},
    {"00000000-0000-0000-0000-000000000000", true},
    {"ffffffff-ffff-ffff-ffff-ffffffffffff", true},
    {"", false},
    {"0F8FAD5B-D9CB-469F-A165-70867728950E", false},
    {"0f8fad5b-d9cb-469f-a165-70867728950E", false},
    {"{0f8fad5b-d9cb-469f-a165-70867728950e}", false},
    {"urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e", false},
    {"0f8fad5bd9cb469fa16570867728950e", false},
    {"0f8fad5b-d9cb-469f-a165-70867728950", false},
    {"0f8fad5b-d9cb-469f-a165-70867728950e ", false},
    {" f8fad5b-d9cb-469f-a165-70867728950e", false},
    {"0f8fad5b-d9cb-469f-a165-70867728950g", false},
    {"0f8fad5b-d9cb-469f-a165-70867728950/", false},
    {"0f8fad5b-d9cb-469f-a165-70867728950:", false},
    {"0f8fad5b-d9cb-469f-a165-70867728950`", false},
    {"0f8fad5b0d9cb-469f-a165-70867728950e", false},
    {"0f8fad5b-d9cb0469f-a165-70867728950e", false},
    {"0f8fad5b-d9cb-469f0a165-70867728950e", false},
    {"0f8fad5b-d9cb-469f-a165070867728950e", false},
    {"0f8fad5-bd9cb-469f-a165-70867728950e", false},
    {"------------------------------------", false},
};

static void test_canonical(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (hp_id_is_canonical(rows[i].text) != rows[i].canonical) {
            fail_msg("\"%s\" is misjudged", rows[i].text);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random),
        cmocka_unit_test(test_seeded),
        cmocka_unit_test(test_no_random_bytes),
        cmocka_unit_test(test_canonical),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
