#include "harness/drift/governance.h"

#include "harness/base/document.h"
#include "harness/base/locate.h"

#include <stdio.h>
#include <string.h>

enum { TABLE_UNKNOWN, LAYER_DIFFERS, POINTER_SIZE = 64 };

const struct drift_check governance_checks[] = {
    [TABLE_UNKNOWN] = {"layer-table-unknown", "every table that a layer names is one of the vocabulary",
                       DRIFT_ERROR, "F5", "REQ-GOVERN-1",
                       "Name a table that the migrations make, or take the name out."},
    [LAYER_DIFFERS] = {"layer-differs", "L4 keeps session_state, open_loops and flow_interrupts", DRIFT_ERROR,
                       "F5", "REQ-GOVERN-1",
                       "Write {\"layer\": \"L4\", \"tables\": [\"session_state\", \"open_loops\", "
                       "\"flow_interrupts\"]}."},
};
const size_t governance_check_count = sizeof governance_checks / sizeof governance_checks[0];

/* The layer whose tables the contract names. */
static const char wanted_layer[] = "L4";
static const char *const wanted_tables[] = {"session_state", "open_loops", "flow_interrupts"};
enum { WANTED_COUNT = sizeof wanted_tables / sizeof wanted_tables[0] };

/* What is looked at. */
struct definition {
    const struct document *document;
    const struct vocabulary *vocabulary;
    struct drift_report *report;
};

static struct drift_place place_of(const struct definition *definition, const char *pointer) {
    const struct document *document = definition->document;
    return (struct drift_place){.file = document->path,
                                .line = locate_pointer(document->text, document->length_bytes, pointer)};
}

/* True when the vocabulary has the table. */
static bool judge_table(const struct definition *definition, size_t layer, size_t index,
                        const char *layer_name, const char *table) {
    char pointer[POINTER_SIZE];
    const struct vocabulary *vocabulary = definition->vocabulary;
    if (words_hold(&vocabulary->tables, table)) {
        return true;
    }
    snprintf(pointer, sizeof pointer, "/layers/%zu/tables/%zu", layer, index);
    const struct drift_place place = place_of(definition, pointer);
    if (words_hold(&vocabulary->legacy_tables, table)) {
        drift_find(definition->report, &governance_checks[TABLE_UNKNOWN], &place,
                   "Name flow_interrupts in its place.",
                   "Layer %s names %s, a legacy table that is dropped; flow_interrupts took its place.",
                   layer_name, table);
    } else {
        drift_find(definition->report, &governance_checks[TABLE_UNKNOWN], &place, NULL,
                   "Layer %s names %s, and the vocabulary has no such table.", layer_name, table);
    }
    return false;
}

static bool is_among(const json_t *tables, const char *wanted) {
    size_t index;
    const json_t *table;
    json_array_foreach(tables, index, table) {
        if (strcmp(json_string_value(table), wanted) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_wanted(const char *table) {
    for (size_t i = 0; i < WANTED_COUNT; i++) {
        if (strcmp(wanted_tables[i], table) == 0) {
            return true;
        }
    }
    return false;
}

/* Holds the tables of L4 against the contract's three. A table that the vocabulary lacks was reported already, and
 * that another one is missing in its place is no second defect. */
static void judge_wanted(const struct definition *definition, size_t layer, const json_t *tables,
                         size_t unknown) {
    struct text words = {0};
    char pointer[POINTER_SIZE];
    size_t absent = 0, surplus = 0;
    for (size_t i = 0; i < WANTED_COUNT; i++) {
        if (!is_among(tables, wanted_tables[i])) {
            text_addf(&words, "%s it lacks %s", absent++ ? "," : "", wanted_tables[i]);
        }
    }
    for (size_t i = 0; i < json_array_size(tables); i++) {
        const char *table = json_string_value(json_array_get(tables, i));
        if (!is_wanted(table) && words_hold(&definition->vocabulary->tables, table)) {
            text_addf(&words, "%s it has %s", absent + surplus++ ? "," : "", table);
        }
    }
    if (absent > unknown || surplus > 0) {
        snprintf(pointer, sizeof pointer, "/layers/%zu/tables", layer);
        const struct drift_place place = place_of(definition, pointer);
        drift_find(definition->report, &governance_checks[LAYER_DIFFERS], &place, NULL,
                   "Layer L4 does not keep the contract's tables:%s.", words.bytes ? words.bytes : "");
    }
    definition->report->failed = definition->report->failed || words.failed;
    text_release(&words);
}

static void judge_layer(const struct definition *definition, size_t index, const json_t *layer) {
    const char *name = json_string_value(json_object_get(layer, "layer"));
    const json_t *tables = json_object_get(layer, "tables");
    size_t unknown = 0;
    for (size_t i = 0; i < json_array_size(tables); i++) {
        unknown += !judge_table(definition, index, i, name, json_string_value(json_array_get(tables, i)));
    }
    if (strcmp(name, wanted_layer) == 0) {
        judge_wanted(definition, index, tables, unknown);
    }
}

static void judge(const struct definition *definition) {
    const json_t *layers = json_object_get(definition->document->root, "layers");
    size_t wanted = 0;
    for (size_t i = 0; i < json_array_size(layers); i++) {
        const json_t *layer = json_array_get(layers, i);
        wanted += strcmp(json_string_value(json_object_get(layer, "layer")), wanted_layer) == 0;
        judge_layer(definition, i, layer);
    }
    if (wanted != 1) {
        const struct drift_place place = place_of(definition, "/layers");
        drift_find(definition->report, &governance_checks[LAYER_DIFFERS], &place, NULL,
                   wanted == 0 ? "There is no layer L4." : "There are several layers L4.");
    }
    for (size_t i = 0; i < governance_check_count; i++) {
        drift_examined(definition->report, &governance_checks[i]);
    }
}

enum hp_status governance_drift(const char *file, const struct vocabulary *vocabulary,
                                struct drift_report *report, struct hp_problem *problem) {
    struct document document;
    struct hp_problem fault = {0};
    drift_report_init(report, governance_checks, governance_check_count);
    enum hp_status status = document_read(file, &document, &fault);
    if (status != HP_OK) {
        document_release(&document);
        return hp_problem_set(problem, status == HP_INTERNAL ? HP_INTERNAL : HP_INVALID, NULL, "%s",
                              fault.detail);
    }
    status = vocabulary_check(vocabulary, &document, "governance.json", problem);
    if (status == HP_OK) {
        report->subject = text_copy(file);
        report->failed = report->failed || !report->subject;
        judge(&(struct definition){&document, vocabulary, report});
        status = report->failed ? hp_problem_no_memory(problem) : HP_OK;
    }
    document_release(&document);
    return status;
}
