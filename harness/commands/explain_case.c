#include "harness/commands/explain_case.h"
#include "harness/commands/catalog.h"
#include "harness/report/paragraph.h"
#include "reference/base/instant.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 100, LABEL_SIZE = 24 };

/* Adds "label     text", wrapped; nothing when there is no text. */
static void add_row(struct text *out, const char *indent, const char *label, const char *value) {
    char first[LABEL_SIZE];
    if (value && *value) {
        snprintf(first, sizeof first, "%s%-8s ", indent, label);
        paragraph_add(out, first, value, COLUMNS);
    }
}

static void add_json(struct text *out, const char *label, const json_t *value) {
    if (!value) {
        return;
    }
    /* Blanks behind commas and colons give the lines places to break. */
    char *json = json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
    if (json) {
        add_row(out, "      ", label, json);
    } else {
        out->failed = true;
    }
    free(json);
}

static void add_requirement(struct text *out, const struct requirement *requirement) {
    struct text line = {0};
    text_addf(&line, "%s (%s, %s): %s", requirement->id, requirement->level, requirement->source,
              requirement->sentence);
    add_row(out, "", "Proves", line.bytes);
    out->failed = out->failed || line.failed;
    text_release(&line);
}

static void add_needs(struct text *out, const struct test_case *test_case) {
    struct text line = {0};
    for (size_t i = 0; i < test_case->need_count; i++) {
        text_addf(&line, "%s%s", i ? " " : "", test_case->needs[i]);
    }
    add_row(out, "", "Needs", line.bytes);
    out->failed = out->failed || line.failed;
    text_release(&line);
}

static void add_start(struct text *out, const struct test_case *test_case) {
    char start[HP_INSTANT_SIZE];
    if (!test_case->wall_clock) {
        hp_instant_format(test_case->start_us, start);
        add_row(out, "", "Starts", start);
    }
}

/* How the call has to end. */
static void add_outcome(struct text *out, const struct step *step) {
    struct text line = {0};
    if (!step->refused && step->expect) {
        add_json(out, "returns", step->expect);
    } else if (!step->refused) {
        add_row(out, "      ", "returns", "anything, but no refusal");
    } else {
        text_addf(&line, "as %s", step->refused);
        if (step->refused_status) {
            text_addf(&line, ", interrupt_status %s", step->refused_status);
        }
        if (step->refused_field) {
            text_addf(&line, ", field %s", step->refused_field);
        }
        add_row(out, "      ", "refused", line.bytes);
    }
    for (size_t i = 0; i < step->requirement_count; i++) {
        add_row(out, "      ", "proves", step->requirements[i]->id);
    }
    out->failed = out->failed || line.failed;
    text_release(&line);
}

static void add_call(struct text *out, const struct step *step) {
    text_add(out, step->method);
    if (step->name) {
        text_addf(out, ", named %s", step->name);
    }
    if (step->times > 1) {
        text_addf(out, ", %u times", step->times);
    }
    if (step->endpoint > 0) {
        text_addf(out, ", at endpoint %u", step->endpoint);
    }
    text_add_byte(out, '\n');
    add_row(out, "      ", "note", step->note);
    add_json(out, "with", step->args);
    add_row(out, "      ", "with", step->raw);
    add_outcome(out, step);
    add_json(out, "binds", step->bind);
}

static void add_twin(struct text *out, const struct step *step) {
    text_addf(out, "%s, the twin of step %zu: one thing is changed, so it must be accepted\n",
              step->method ? step->method : "the same call", step->twin_of + 1);
    add_row(out, "      ", "note", step->note);
    if (!step->twin_pointer) {
        add_row(out, "      ", "with", step->raw);
    } else if (step->twin_value) {
        add_row(out, "      ", "changes", step->twin_pointer);
        add_json(out, "to", step->twin_value);
    } else {
        add_row(out, "      ", "removes", step->twin_pointer);
    }
    add_outcome(out, step);
    add_json(out, "binds", step->bind);
}

static void add_clock(struct text *out, const struct step *step) {
    if (json_is_string(step->clock)) {
        text_addf(out, "the clock is set to %s\n", json_string_value(step->clock));
    } else {
        char *seconds = json_dumps(step->clock, JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
        text_addf(out, "the clock is set to %s seconds after the start\n", seconds ? seconds : "?");
        free(seconds);
    }
    add_row(out, "      ", "note", step->note);
}

static void add_step(struct text *out, size_t number, const struct step *step) {
    text_addf(out, "\n%4zu  ", number);
    switch (step->kind) {
    case STEP_CALL:
        add_call(out, step);
        break;
    case STEP_CLOCK:
        add_clock(out, step);
        break;
    case STEP_TWIN:
        add_twin(out, step);
        break;
    }
}

static void add_null_ok(struct text *out, const struct test_case *test_case) {
    const char *name;
    json_t *reason;
    json_object_foreach(test_case->null_ok, name, reason) {
        struct text line = {0};
        text_addf(&line, "may pass on null:%s: %s", name, json_string_value(reason));
        add_row(out, "", "Null", line.bytes);
        out->failed = out->failed || line.failed;
        text_release(&line);
    }
}

void explain_case(struct text *out, const struct suite *suite, const struct test_case *test_case) {
    text_addf(out, "%s  %s\n", test_case->id, test_case->level);
    paragraph_add(out, "", test_case->title, COLUMNS);
    text_add_byte(out, '\n');
    add_row(out, "", "Why", test_case->why);
    for (size_t i = 0; i < suite->requirement_count; i++) {
        if (catalog_proves(test_case, &suite->requirements[i])) {
            add_requirement(out, &suite->requirements[i]);
        }
    }
    add_needs(out, test_case);
    add_start(out, test_case);
    if (test_case->row) {
        char *row = json_dumps(test_case->row, JSON_REAL_PRECISION(15));
        add_row(out, "", "Row", row);
        free(row);
    }
    add_null_ok(out, test_case);
    for (size_t i = 0; i < test_case->step_count; i++) {
        add_step(out, i + 1, &test_case->steps[i]);
    }
    text_addf(out, "\nFile     %s:%zu\nRun      holdpoint run --filter %s\n", test_case->file,
              test_case->line, test_case->id);
}

void explain_requirement(struct text *out, const struct suite *suite, const struct requirement *requirement) {
    text_addf(out, "%s  %s  %s\n", requirement->id, requirement->level, requirement->source);
    paragraph_add(out, "", requirement->sentence, COLUMNS);
    text_add_byte(out, '\n');
    add_row(out, "", "Excluded", requirement->excluded);
    size_t count = catalog_count(suite, requirement);
    if (count == 0) {
        text_add(out, requirement->excluded ? "" : "No case proves it yet.\n");
        return;
    }
    text_addf(out, "Proved by %zu %s:\n", count, count == 1 ? "case" : "cases");
    for (size_t i = 0; i < suite->case_count; i++) {
        if (catalog_proves(&suite->cases[i], requirement)) {
            text_addf(out, "  %s\n", suite->cases[i].id);
        }
    }
    text_addf(out, "\nRun      holdpoint run --filter %s\n", requirement->id);
}
