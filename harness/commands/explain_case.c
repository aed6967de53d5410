#include "harness/commands/explain_case.h"
#include "harness/base/value.h"
#include "harness/case/select.h"
#include "harness/commands/catalog.h"
#include "harness/commands/command.h"
#include "harness/report/escape.h"
#include "harness/report/paragraph.h"
#include "reference/base/instant.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LABEL_SIZE = 24, STEP_INDENT_COLUMNS = 15 };

/* Where an explanation is written, and how wide. */
struct page {
    struct text *out;
    size_t columns;
};

/* Adds "label     text", wrapped; nothing when there is no text. */
static void add_row(const struct page *page, const char *indent, const char *label, const char *value) {
    char first[LABEL_SIZE];
    if (value && *value) {
        snprintf(first, sizeof first, "%s%-8s ", indent, label);
        paragraph_add(page->out, first, value, page->columns);
    }
}

/* Adds "      label     text" for JSON text, every character of which counts. */
static void add_exact(const struct page *page, const char *label, const char *json) {
    struct text visible = {0};
    escape_code_points(&visible, json);
    text_add(&visible, "");
    if (visible.failed) {
        page->out->failed = true;
    } else {
        text_addf(page->out, "      %-8s ", label);
        json_break(page->out, visible.bytes, STEP_INDENT_COLUMNS, STEP_INDENT_COLUMNS, page->columns);
        text_add_byte(page->out, '\n');
    }
    text_release(&visible);
}

static void add_json(const struct page *page, const char *label, const json_t *value) {
    if (!value) {
        return;
    }
    /* Blanks behind commas and colons give the lines places to break. */
    char *json = value_dump(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
    if (json) {
        add_exact(page, label, json);
    } else {
        page->out->failed = true;
    }
    free(json);
}

static void add_requirement(const struct page *page, const struct requirement *requirement) {
    struct text line = {0};
    text_addf(&line, "%s (%s, %s): %s", requirement->id, requirement->level, requirement->source,
              requirement->sentence);
    add_row(page, "", "Proves", line.bytes);
    page->out->failed = page->out->failed || line.failed;
    text_release(&line);
}

static void add_needs(const struct page *page, const struct test_case *test_case) {
    struct text line = {0};
    for (size_t i = 0; i < test_case->need_count; i++) {
        text_addf(&line, "%s%s", i ? " " : "", test_case->needs[i]);
    }
    add_row(page, "", "Needs", line.bytes);
    page->out->failed = page->out->failed || line.failed;
    text_release(&line);
}

static void add_start(const struct page *page, const struct test_case *test_case) {
    char start[HP_INSTANT_SIZE];
    if (!test_case->wall_clock) {
        hp_instant_format(test_case->start_us, start);
        add_row(page, "", "Starts", start);
    }
}

/* How the call has to end. */
static void add_outcome(const struct page *page, const struct step *step) {
    struct text line = {0};
    if (!step->refused && step->expect) {
        add_json(page, "returns", step->expect);
    } else if (!step->refused) {
        add_row(page, "      ", "returns", "anything, but no refusal");
    } else {
        text_addf(&line, "as %s", step->refused);
        if (step->refused_status) {
            text_addf(&line, ", interrupt_status %s", step->refused_status);
        }
        if (step->refused_field) {
            text_addf(&line, ", field %s", step->refused_field);
        }
        add_row(page, "      ", "refused", line.bytes);
    }
    for (size_t i = 0; i < step->requirement_count; i++) {
        add_row(page, "      ", "proves", step->requirements[i]->id);
    }
    page->out->failed = page->out->failed || line.failed;
    text_release(&line);
}

static void add_call(const struct page *page, const struct step *step) {
    text_add(page->out, step->method);
    if (step->name) {
        text_addf(page->out, ", named %s", step->name);
    }
    if (step->times > 1) {
        text_addf(page->out, ", %u times", step->times);
    }
    if (step->endpoint > 0) {
        text_addf(page->out, ", at endpoint %u", step->endpoint);
    }
    text_add_byte(page->out, '\n');
    add_row(page, "      ", "note", step->note);
    add_json(page, "with", step->args);
    if (step->raw) {
        add_exact(page, "with", step->raw);
    }
    add_outcome(page, step);
    add_json(page, "binds", step->bind);
}

static void add_twin(const struct page *page, const struct step *step) {
    text_addf(page->out, "%s, the twin of step %zu: one thing is changed, so it must be accepted\n",
              step->method ? step->method : "the same call", step->twin_of + 1);
    add_row(page, "      ", "note", step->note);
    if (!step->twin_pointer) {
        add_exact(page, "with", step->raw);
    } else if (step->twin_value) {
        add_row(page, "      ", "changes", step->twin_pointer);
        add_json(page, "to", step->twin_value);
    } else {
        add_row(page, "      ", "removes", step->twin_pointer);
    }
    add_outcome(page, step);
    add_json(page, "binds", step->bind);
}

static void add_clock(const struct page *page, const struct step *step) {
    if (json_is_string(step->clock)) {
        text_addf(page->out, "the clock is set to %s\n", json_string_value(step->clock));
    } else {
        char *seconds = value_dump(step->clock, JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
        text_addf(page->out, "the clock is set to %s seconds after the start\n", seconds ? seconds : "?");
        free(seconds);
    }
    add_row(page, "      ", "note", step->note);
}

static void add_step(const struct page *page, size_t number, const struct step *step) {
    text_addf(page->out, "\n%4zu  ", number);
    switch (step->kind) {
    case STEP_CALL:
    case STEP_PLAY:
        add_call(page, step);
        break;
    case STEP_CLOCK:
        add_clock(page, step);
        break;
    case STEP_TWIN:
        add_twin(page, step);
        break;
    }
}

static void add_null_ok(const struct page *page, const struct test_case *test_case) {
    const char *name;
    json_t *reason;
    json_object_foreach(test_case->null_ok, name, reason) {
        struct text line = {0};
        text_addf(&line, "may pass on null:%s: %s", name, json_string_value(reason));
        add_row(page, "", "Null", line.bytes);
        page->out->failed = page->out->failed || line.failed;
        text_release(&line);
    }
}

static void add_kills_nothing(const struct page *page, const struct test_case *test_case) {
    if (test_case->kills_nothing) {
        struct text line = {0};
        text_addf(&line, "may kill none: %s", test_case->kills_nothing);
        add_row(page, "", "Mutants", line.bytes);
        page->out->failed = page->out->failed || line.failed;
        text_release(&line);
    }
}

/* How many cases have the template of the one at that index; they follow each other. */
static size_t count_rows(const struct suite *suite, size_t at) {
    size_t count = 1;
    while (at + count < suite->case_count &&
           strcmp(suite->cases[at + count].template_id, suite->cases[at].template_id) == 0) {
        count++;
    }
    return count;
}

static const char *row_name(const struct test_case *test_case) {
    const char *name = test_case->id + strlen(test_case->template_id);
    return *name == '.' ? name + 1 : name;
}

static void add_values(const struct page *page, const char *label, const char *name,
                       const struct test_case *test_case) {
    char *row = value_dump(test_case->row, JSON_REAL_PRECISION(15));
    struct text line = {0};
    text_addf(&line, "%s%s%s", name, *name ? ": " : "", row ? row : "");
    add_row(page, "", label, line.bytes);
    page->out->failed = page->out->failed || !row || line.failed;
    text_release(&line);
    free(row);
}

static void add_run(const struct page *page, const char *filter) {
    text_add(page->out, "Run      ");
    escape_shell(page->out, program_called());
    text_addf(page->out, " run --filter %s\n", filter);
}

/* Everything that cases of one template share, with the rows at their place. */
static void add_explanation(const struct page *page, const struct suite *suite,
                            const struct test_case *test_case, size_t rows) {
    add_row(page, "", "Why", test_case->why);
    for (size_t i = 0; i < suite->requirement_count; i++) {
        if (catalog_proves(test_case, &suite->requirements[i])) {
            add_requirement(page, &suite->requirements[i]);
        }
    }
    add_needs(page, test_case);
    add_start(page, test_case);
    for (size_t i = 0; test_case->row && i < rows; i++) {
        add_values(page,
                   rows == 1 ? "Row"
                   : i == 0  ? "Rows"
                             : "",
                   rows == 1 ? "" : row_name(&test_case[i]), &test_case[i]);
    }
    add_null_ok(page, test_case);
    add_kills_nothing(page, test_case);
    for (size_t i = 0; i < test_case->step_count; i++) {
        add_step(page, i + 1, &test_case->steps[i]);
    }
    text_addf(page->out, "\nFile     %s:%zu\n", test_case->file, test_case->line);
}

void explain_case(struct text *out, const struct suite *suite, const struct test_case *test_case,
                  size_t columns) {
    const struct page page = {out, columns};
    text_addf(out, "%s  %s\n", test_case->id, test_case->level);
    paragraph_add(out, "", test_case->title, columns);
    text_add_byte(out, '\n');
    add_explanation(&page, suite, test_case, 1);
    add_run(&page, test_case->id);
}

bool explain_template(struct text *out, const struct suite *suite, const char *id, size_t columns) {
    const struct page page = {out, columns};
    for (size_t i = 0; i < suite->case_count; i++) {
        const struct test_case *first = &suite->cases[i];
        if (strcmp(first->template_id, id) == 0) {
            size_t rows = count_rows(suite, i);
            text_addf(out, "%s  %s  %zu %s, one for each row\n", id, first->level, rows,
                      rows == 1 ? "case" : "cases");
            paragraph_add(out, "", first->title, columns);
            text_add_byte(out, '\n');
            add_explanation(&page, suite, first, rows);
            add_run(&page, id);
            return true;
        }
    }
    return false;
}

bool explain_group(struct text *out, const struct suite *suite, const char *prefix, size_t columns) {
    size_t cases = 0, templates = 0;
    struct text list = {0};
    for (size_t i = 0; i < suite->case_count; i += count_rows(suite, i)) {
        const struct test_case *first = &suite->cases[i];
        size_t rows = count_rows(suite, i);
        if (!select_matches(first, prefix)) {
            continue;
        }
        cases += rows;
        templates++;
        text_addf(&list, "  %s", first->template_id);
        text_addf(&list, rows > 1 ? "  (%zu rows)\n" : "\n", rows);
        paragraph_add(&list, "      ", first->title, columns);
    }
    if (cases > 0) {
        text_addf(out, "%s: %zu %s in %zu %s\n\n", prefix, cases, cases == 1 ? "case" : "cases", templates,
                  templates == 1 ? "template" : "templates");
        text_append(out, list.bytes ? list.bytes : "", list.length_bytes);
        text_addf(out, "\nEach can be explained by its id; `holdpoint list --filter %s` shows every row.\n",
                  prefix);
    }
    out->failed = out->failed || list.failed;
    text_release(&list);
    return cases > 0;
}

void explain_requirement(struct text *out, const struct suite *suite, const struct requirement *requirement,
                         size_t columns) {
    const struct page page = {out, columns};
    text_addf(out, "%s  %s  %s\n", requirement->id, requirement->level, requirement->source);
    paragraph_add(out, "", requirement->sentence, columns);
    text_add_byte(out, '\n');
    add_row(&page, "", "Excluded", requirement->excluded);
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
    text_add_byte(out, '\n');
    add_run(&page, requirement->id);
}
