#include "harness/base/document.h"
#include "harness/base/folder.h"
#include "harness/base/value.h"
#include "harness/case/expand.h"
#include "harness/case/load_parts.h"
#include "suites/self/support_fail_alloc.h"
#include "suites/self/support_load.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char requirements[] =
    "{\"requirements\":[{\"id\":\"REQ-A-1\",\"level\":\"MUST\",\"source\":\"F4\",\"sentence\":\"First.\"}]}";

/* What is parsed before the sweep, since jansson's parser cannot be swept. */
static struct document requirement_document, case_document;

static void read_case(const char *members) {
    char text[4096];
    snprintf(text, sizeof text, "{\"cases\":[{\"id\":\"kinds.a\",\"title\":\"A\",\"level\":\"MUST\",%s}]}",
             members);
    json_decref(requirement_document.root);
    json_decref(case_document.root);
    requirement_document =
        (struct document){.path = (char *)"requirements.json", .root = json_loads(requirements, 0, NULL)};
    case_document =
        (struct document){.path = (char *)"one.json", .root = json_loads(text, JSON_ALLOW_NUL, NULL)};
    assert_true(requirement_document.root && case_document.root);
}

/* Loads the case that was read into a suite of its own. */
static enum hp_status load(void *context) {
    struct hp_problem problem = {0};
    struct suite *suite = calloc(1, sizeof *suite);
    (void)context;
    if (suite) {
        suite->store = calloc(1, sizeof *suite->store);
    }
    enum hp_status status = HP_INTERNAL;
    if (suite && suite->store) {
        status = requirements_load(suite, &requirement_document, &problem);
    }
    if (suite && suite->store && status == HP_OK) {
        status = case_load(suite, &case_document, "kinds", 0, 1, &problem);
    }
    if (status == HP_INTERNAL && problem.detail[0]) {
        assert_string_equal(problem.detail, "out of memory");
    }
    suite_free(suite);
    return status;
}

/* A refusal is what is wanted here. */
static enum hp_status refuse(void *context) {
    enum hp_status status = load(context);
    assert_int_not_equal(status, HP_OK);
    return status == HP_INVALID ? HP_OK : status;
}

static void loading_survives_every_failure(void **state) {
    (void)state;
    static const char *const rows[] = {
        STEPS(CREATE "," GET),
        "\"rows\":{\"a\":{\"x\":1},\"b\":{\"x\":\"{run}\"}}," STEPS(PROOF),
        STEPS(PROOF ",{\"op\":\"describe\",\"args\":{\"a\":{\"$repeat\":{\"text\":{\"$concat\":[\"a{index}\","
                    "\"$$\"]},"
                    "\"times\":3}},\"b\":[{\"$fill\":{\"bytes\":500}},{\"$at\":1},{\"$nest\":{\"depth\":2,"
                    "\"of\":\"array\"}},"
                    "{\"$wide\":{\"keys\":2}},{\"$literal\":[1]},\"{run}\"]}}"),
        /* each kind of operation as the first, and as the one that needs more room */
        STEPS(PROOF
              ",{\"op\":\"describe\",\"args\":{\"a\":\"{run}{run}{run}{run}{run}{run}{run}{run}{run}\"}}"),
        STEPS(CREATE
              ",{\"op\":\"describe\",\"args\":{\"a\":{\"$concat\":[\"$id\",\"$id\",\"$id\",\"$id\",\"$id\","
              "\"$id\",\"$id\",\"$id\",\"$id\"]}}}," GET),
        "\"rows\":{\"a\":{\"x\":{\"$wide\":{\"keys\":2}}}}," STEPS(PROOF),
        STEPS(REFUSED ",{\"twin_of\":\"no\",\"set\":{\"/new\":1}}"),
        STEPS(PROOF ",{\"op\":\"describe\",\"raw\":\"{run}{index}[]\"}"),
        STEPS(CREATE "," GET ",{\"op\":\"describe\",\"raw\":\"{$id} {$id}\"}"),
        STEPS(CREATE
              "," GET
              ",{\"op\":\"describe\",\"args\":{},\"expect\":{\"a\":[{\"$one_of\":[1,\"$id\",{\"$pattern\":"
              "\"^a\"}]},{\"$not\":\"{run}\"},{\"$exactly\":{\"b\":1}}],\"c\":{\"$about\":{\"id\":\"$id\","
              "\"match\":[]}},"
              "\"d\":{\"$between\":[1,{\"$at\":2}]}}}"),
        STEPS(REFUSED
              ",{\"twin_of\":\"no\",\"set\":{\"/id\":\"y\"}},{\"twin_of\":\"no\",\"remove\":\"/id\"}"),
        STEPS(
            "{\"name\":\"no\",\"op\":\"interrupt.get\",\"args\":{\"d\":{\"l\":[1,{\"~\":2}]}},\"refused\":"
            "\"invalid\","
            "\"requirement\":\"REQ-A-1\"},{\"twin_of\":\"no\",\"set\":{\"/d/l/1/~0\":3}},{\"twin_of\":\"no\","
            "\"remove\":\"/d/l/0\"}"),
        STEPS("{\"name\":\"no\",\"op\":\"interrupt.get\",\"raw\":\"{}\",\"refused\":\"invalid\","
              "\"requirement\":"
              "\"REQ-A-1\"},{\"twin_of\":\"no\",\"raw\":\"[]\"}"),
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        read_case(rows[i]);
        assert_true(fail_alloc_sweep(load, NULL, false) > 10);
    }
}

static void refusing_survives_every_failure(void **state) {
    (void)state;
    static const char *const rows[] = {
        STEPS("{\"op\":\"describe\",\"args\":{},\"requirement\":\"REQ-A-2\"}"),
        STEPS("{\"op\":\"interrupt.gte\",\"args\":{}}"),
        STEPS("{\"op\":\"describe\",\"args\":{\"a\":\"$x\"}}"),
        STEPS("{\"op\":\"describe\",\"raw\":\"{$x}\"}"),
        STEPS(PROOF ",{\"op\":\"describe\",\"args\":{},\"expect\":{\"a\":{\"$uuidd\":1}}}"),
        STEPS(REFUSED ",{\"twin_of\":\"no\",\"set\":{\"/id\":\"x\"}}"),
        STEPS(REFUSED ",{\"twin_of\":\"no\",\"set\":{\"/a/b\":\"x\"}}"),
        STEPS(REFUSED),
        STEPS(CREATE),
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        read_case(rows[i]);
        assert_true(fail_alloc_sweep(refuse, NULL, false) > 5);
    }
}

static json_t *schema_source, *checked;

static enum hp_status check(void *wanted) {
    struct schema *schema = NULL;
    struct hp_problem problem = {0};
    enum hp_status status = schema_compile(schema_source, &schema, &problem);
    assert_int_equal(schema != NULL, status == HP_OK);
    if (status == HP_OK) {
        status = schema_check(schema, checked, &problem);
    }
    schema_free(schema);
    if (status == HP_INVALID && wanted) {
        assert_string_equal(problem.detail, wanted);
        return HP_OK;
    }
    return status;
}

static void schemas_survive_every_failure(void **state) {
    (void)state;
    static const struct {
        const char *schema, *value, *refusal;
    } rows[] = {
        {"{\"$defs\":{\"a\":{\"type\":[\"string\",\"null\"],\"pattern\":\"^a\"}},\"properties\":{\"a\":{\"$"
         "ref\":"
         "\"#/$defs/"
         "a\"}},\"required\":[\"a\"],\"patternProperties\":{\"^x\":{\"items\":{\"enum\":[1]}}},\"oneOf\":["
         "{\"minProperties\":1},false],\"anyOf\":[true],\"allOf\":[true],\"propertyNames\":{\"maxLength\":9}"
         "}",
         "{\"a\":\"ab\",\"x\":[1,1]}", NULL},
        {"{\"properties\":{\"a\":true},\"additionalProperties\":false}", "{\"b\":1}",
         "expected a known key, got the unknown key \"b\""},
        {"{\"properties\":{\"abc\":true},\"additionalProperties\":false}", "{\"abd\":1}",
         "expected a known key, got the unknown key \"abd\"; did you mean \"abc\"?"},
        {"{\"propertyNames\":{\"maxLength\":1}}", "{\"ab\":1}", "expected at most 1 characters, got \"ab\""},
        {"{\"required\":[\"a\"]}", "{}", "expected the key \"a\", got {}"},
        {"{\"pattern\":\"^a\"}", "\"b\"", "expected text that matches ^a, got \"b\""},
        {"{\"type\":[\"string\",\"null\"]}", "1", "expected null or string, got 1"},
        {"{\"anyOf\":[{\"type\":\"null\"},{\"items\":{\"const\":2}}]}", "[1]", "expected 2, got 1"},
        {"{\"items\":{\"minimum\":2}}", "[1]", "expected at least 2, got 1"},
        {"{\"typ\":1}", "1", "expected a keyword of the subset, got \"typ\"; did you mean \"type\"?"},
        {"{\"type\":1}", "1", "expected the name of a JSON type, got 1"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        schema_source = json_loads(rows[i].schema, JSON_DECODE_ANY, NULL);
        checked = json_loads(rows[i].value, JSON_DECODE_ANY, NULL);
        assert_true(fail_alloc_sweep(check, (void *)rows[i].refusal, false) > 2);
        json_decref(schema_source);
        json_decref(checked);
    }
}

/* Writes every kind of operation out; reading the text back would be the parser's part. */
static enum hp_status write_out(void *context) {
    struct scope scope = {.run = "abcd1234"};
    struct text text = {0};
    enum hp_status status = template_write(context, &scope, &text, NULL);
    text_release(&text);
    return status;
}

static enum hp_status make_value(void *context) {
    struct scope scope = {.run = "abcd1234"};
    json_t *value = NULL;
    enum hp_status status = template_value(context, &scope, &value, NULL);
    assert_int_equal(value != NULL, status == HP_OK);
    json_decref(value);
    return status;
}

static enum hp_status own_ids(void *context) {
    struct scope scope = {0};
    enum hp_status status = HP_OK;
    for (size_t i = 0; status == HP_OK && i < 40; i++) {
        status = scope_add_own(&scope, context) ? HP_OK : HP_INTERNAL;
    }
    scope_release(&scope);
    return status;
}

static enum hp_status read_folder(void *context) {
    struct folder folder;
    enum hp_status status = folder_read(context, &folder, NULL);
    char *path = path_join(context, "name");
    status = status == HP_OK && !path ? HP_INTERNAL : status;
    folder_release(&folder);
    free(path);
    return status;
}

static enum hp_status show(void *context) {
    struct text text = {0};
    char *shown = value_show(context, 10);
    bool shortened = text_add(&text, "a long text") && text_shorten(&text, 4);
    json_t *copy = value_copy(context);
    enum hp_status status = shown && shortened && copy ? HP_OK : HP_INTERNAL;
    free(shown);
    text_release(&text);
    json_decref(copy);
    return status;
}

static void running_parts_survive_every_failure(void **state) {
    (void)state;
    json_t *source = json_loads(
        "{\"a\":{\"$repeat\":{\"text\":\"ab\",\"times\":300}},\"b\":{\"$repeat\":{\"text\":\"{run}\","
        "\"times\":2}},"
        "\"c\":{\"$wide\":{\"keys\":9}},\"d\":{\"$at\":1},\"e\":{\"$nest\":{\"depth\":3,\"of\":\"object\"}},"
        "\"f\":{\"$fill\":{\"bytes\":2000}}}",
        0, NULL);
    struct surroundings surroundings = {0};
    const struct place root = {0};
    struct template *template = NULL;
    assert_int_equal(template_compile(source, &surroundings, &root, true, &template, NULL), HP_OK);
    assert_true(fail_alloc_sweep(write_out, template, false) > 3);
    assert_true(fail_alloc_sweep(make_value, template, false) > 9);
    assert_true(fail_alloc_sweep(own_ids, source, false) > 2);
    assert_true(fail_alloc_sweep(read_folder, (void *)"fixtures", false) > 5);
    assert_true(fail_alloc_sweep(show, source, false) > 3);
    template_free(template);
    json_decref(source);
}

static int release_documents(void **state) {
    (void)state;
    json_decref(requirement_document.root);
    json_decref(case_document.root);
    return 0;
}

int main(void) {
    fail_alloc_install();
    const struct CMUnitTest tests[] = {cmocka_unit_test(loading_survives_every_failure),
                                       cmocka_unit_test(refusing_survives_every_failure),
                                       cmocka_unit_test(schemas_survive_every_failure),
                                       cmocka_unit_test(running_parts_survive_every_failure)};
    return cmocka_run_group_tests(tests, NULL, release_documents) != 0;
}
