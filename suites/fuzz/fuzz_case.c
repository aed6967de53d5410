/* Any file of cases is either refused, with a place and words, or taken, and then its params can be written
 * out or are refused in words. */
#include "harness/base/document.h"
#include "harness/case/expand.h"
#include "harness/case/load_parts.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct schema *schema;
static json_t *requirements;

static void require(bool held) {
    if (!held) {
        abort();
    }
}

static void prepare(void) {
    require(document_read_schema("fixtures/schema/case.json", &schema, NULL) == HP_OK);
    requirements = json_pack("{s:[{s:s,s:s,s:s,s:s},{s:s,s:s,s:s,s:s}]}", "requirements", "id", "REQ-A-1",
                             "level", "MUST", "source", "F1", "sentence", "A.", "id", "REQ-A-2", "level",
                             "SHOULD", "source", "F1", "sentence", "B.");
    require(requirements != NULL);
}

/* With no name bound most calls are refused; what matters is that each ends. */
static void write_params(const struct test_case *test_case) {
    struct scope scope = {.run = "abcd1234", .start_us = test_case->start_us};
    for (size_t i = 0; i < test_case->step_count; i++) {
        struct text text = {0};
        struct hp_problem problem = {0};
        const struct template *params = test_case->steps[i].params;
        enum hp_status status = params ? template_write(params, &scope, &text, &problem) : HP_OK;
        require(status == HP_OK || problem.detail[0] != '\0');
        text_release(&text);
    }
    scope_release(&scope);
}

static void load(struct suite *suite, const struct document *document) {
    const struct document named = {.path = (char *)"requirements.json", .root = requirements};
    size_t count = json_array_size(json_object_get(document->root, "cases"));
    enum hp_status status = requirements_load(suite, &named, NULL);
    require(status == HP_OK);
    for (size_t i = 0; status == HP_OK && i < count; i++) {
        struct hp_problem problem = {0};
        status = case_load(suite, document, "kinds", i, 1, &problem);
        require(status == HP_OK || (problem.detail[0] != '\0' && problem.field[0] == '/'));
        if (status == HP_INVALID) {
            document_fault(document, problem.field, NULL, "%s", problem.detail);
        }
    }
    for (size_t i = 0; i < suite->case_count; i++) {
        write_params(&suite->cases[i]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *text = malloc(size + 1);
    struct suite *suite = calloc(1, sizeof *suite);
    if (!schema) {
        prepare();
    }
    require(text && suite && (suite->store = calloc(1, sizeof *suite->store)));
    memcpy(text, data, size);
    text[size] = '\0';
    struct document document = {.path = (char *)"input.json", .text = text, .length_bytes = size};
    document.root = json_loadb(text, size, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
    if (document.root && document_check(&document, schema, NULL) == HP_OK) {
        load(suite, &document);
    }
    suite_free(suite);
    json_decref(document.root);
    free(text);
    return 0;
}
