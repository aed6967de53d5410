#include "harness/case/expand.h"
#include "harness/case/expectation.h"
#include "harness/case/load_parts.h"
#include "reference/base/instant.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* 2025-12-11T09:30:00.000000Z */
static const int64_t default_start_us = INT64_C(1765445400000000);

static const char *text_of(const json_t *source, const char *key) {
    return json_string_value(json_object_get(source, key));
}

void case_body_free(struct case_body *body) {
    for (size_t i = 0; i < body->step_count; i++) {
        struct step *step = &body->steps[i];
        template_free((struct template *)step->params);
        expectation_free((struct matcher *)step->expectation);
        template_free((struct template *)step->refused_hides);
        if (step->kind == STEP_TWIN) {
            json_decref(step->args);
        }
    }
    free(body->steps);
    free(body);
}

static enum hp_status load_start(struct case_loader *loader) {
    const struct place place = {&loader->place, "start", 0};
    const char *start = text_of(loader->source, "start");
    loader->body->start_us = default_start_us;
    if (!start) {
        return HP_OK;
    }
    need_add(loader->body, "clock");
    return hp_instant_parse(start, strlen(start), &loader->body->start_us)
               ? HP_OK
               : place_refuse(&place, loader->problem, "expected an RFC 3339 time with an offset");
}

/* A row's value is a template in which no name is bound yet: {run} and generators have their place in it. */
static enum hp_status check_row_value(struct case_loader *loader, const json_t *value,
                                      const struct place *place) {
    struct surroundings none = {.fixed = loader->body->fixed, .wall_clock = loader->body->wall_clock};
    struct template *template = NULL;
    enum hp_status status = template_compile(value, &none, place, false, &template, loader->problem);
    template_free(template);
    loader->surroundings.uses_start = loader->surroundings.uses_start || none.uses_start;
    return status;
}

/* Every row binds the same names, else a step could not use one. */
static enum hp_status load_rows(struct case_loader *loader) {
    const struct place rows = {&loader->place, "rows", 0};
    const char *row_name, *name;
    json_t *row, *value;
    struct surroundings *surroundings = &loader->surroundings;
    json_object_foreach((json_t *)loader->rows, row_name, row) {
        const struct place place = {&rows, row_name, 0};
        bool first = surroundings->name_count == 0;
        if (json_object_size(row) > SCOPE_BINDINGS_MAX / 2 ||
            (!first && json_object_size(row) != surroundings->name_count)) {
            return place_refuse(&place, loader->problem, "every row binds the same names, at most %d",
                                SCOPE_BINDINGS_MAX / 2);
        }
        json_object_foreach(row, name, value) {
            const struct place member = {&place, name, 0};
            enum hp_status status = check_row_value(loader, value, &member);
            if (status != HP_OK) {
                return status;
            }
            if (first) {
                loader->names[surroundings->name_count++] = name;
            }
        }
        for (size_t i = 0; i < surroundings->name_count; i++) {
            if (!json_object_get(row, loader->names[i])) {
                return place_refuse(&place, loader->problem,
                                    "every row binds the same names; this one lacks %s", loader->names[i]);
            }
        }
    }
    return HP_OK;
}

static int compare_texts(const void *one, const void *other) {
    return strcmp(*(const char *const *)one, *(const char *const *)other);
}

static void load_needs(struct case_loader *loader) {
    struct case_body *body = loader->body;
    const json_t *needs = json_object_get(loader->source, "needs");
    for (size_t i = 0; i < json_array_size(needs); i++) {
        const char *need = json_string_value(json_array_get(needs, i));
        if (strcmp(need, "wall_clock") == 0) {
            body->wall_clock = true;
        } else {
            need_add(body, need);
        }
    }
}

static void finish_needs(struct case_loader *loader) {
    struct case_body *body = loader->body;
    if (loader->surroundings.uses_start) {
        need_add(body, "clock");
    }
    if (body->endpoints > 1) {
        need_add(body, "endpoints");
    }
    for (size_t i = 0; i < body->need_count; i++) {
        if (strcmp(body->needs[i], "endpoints") == 0 && body->endpoints < 2) {
            body->endpoints = 2;
        }
    }
    qsort(body->needs, body->need_count, sizeof body->needs[0], compare_texts);
}

static enum hp_status load_body(struct case_loader *loader) {
    struct case_body *body = loader->body;
    body->endpoints = 1;
    body->fixed = json_is_true(json_object_get(loader->source, "fixed"));
    load_needs(loader);
    loader->surroundings.names = loader->names;
    loader->surroundings.fixed = body->fixed;
    loader->surroundings.wall_clock = body->wall_clock;
    enum hp_status status = load_start(loader);
    if (status == HP_OK) {
        status = load_rows(loader);
    }
    if (status == HP_OK) {
        status = steps_load(loader);
    }
    if (status == HP_OK) {
        finish_needs(loader);
        status = case_lint(loader);
    }
    return status;
}

/* Makes room for one more case; NULL when memory runs out. */
static struct test_case *add_case(struct suite *suite) {
    struct suite_store *store = suite->store;
    if (suite->case_count == store->case_room) {
        size_t room = store->case_room ? store->case_room * 2 : 256;
        struct test_case *cases = realloc(suite->cases, room * sizeof *cases);
        if (!cases) {
            return NULL;
        }
        suite->cases = cases;
        store->case_room = room;
    }
    struct test_case *test_case = &suite->cases[suite->case_count++];
    memset(test_case, 0, sizeof *test_case);
    return test_case;
}

static char *make_id(const char *template_id, const char *row_name) {
    struct text id = {0};
    text_add(&id, template_id);
    if (row_name) {
        text_addf(&id, ".%s", row_name);
    }
    return text_take(&id);
}

static enum hp_status append_case(struct case_loader *loader, const char *row_name, json_t *row,
                                  const char *chapter, const struct document *document, size_t line) {
    const struct case_body *body = loader->body;
    struct test_case *test_case = add_case(loader->suite);
    if (!test_case) {
        return hp_problem_no_memory(loader->problem);
    }
    *test_case = (struct test_case){
        .template_id = text_of(loader->source, "id"),
        .id = make_id(text_of(loader->source, "id"), row_name),
        .chapter = chapter,
        .title = text_of(loader->source, "title"),
        .why = text_of(loader->source, "why"),
        .level = text_of(loader->source, "level"),
        .file = document->path,
        .line = line,
        .row = row,
        .null_ok = json_object_get(loader->source, "null_ok"),
        .kills_nothing = text_of(loader->source, "kills_nothing"),
        .needs = body->needs,
        .need_count = body->need_count,
        .endpoints = body->endpoints,
        .start_us = body->start_us,
        .fixed = body->fixed,
        .wall_clock = body->wall_clock,
        .steps = body->steps,
        .step_count = body->step_count,
    };
    return test_case->id ? HP_OK : hp_problem_no_memory(loader->problem);
}

static enum hp_status append_rows(struct case_loader *loader, const char *chapter,
                                  const struct document *document, size_t line) {
    const char *row_name;
    json_t *row;
    loader->suite->template_count++;
    if (!loader->rows) {
        return append_case(loader, NULL, NULL, chapter, document, line);
    }
    json_object_foreach((json_t *)loader->rows, row_name, row) {
        enum hp_status status = append_case(loader, row_name, row, chapter, document, line);
        if (status != HP_OK) {
            return status;
        }
    }
    return HP_OK;
}

static enum hp_status check_chapter(struct case_loader *loader, const char *chapter) {
    const struct place place = {&loader->place, "id", 0};
    const char *id = text_of(loader->source, "id");
    size_t length = strlen(chapter);
    if (strncmp(id, chapter, length) == 0 && id[length] == '.') {
        return HP_OK;
    }
    return place_refuse(&place, loader->problem,
                        "expected an id that begins with \"%s.\", the folder's name, got \"%s\"", chapter,
                        id);
}

enum hp_status case_load(struct suite *suite, const struct document *document, const char *chapter,
                         size_t index, size_t line, struct hp_problem *problem) {
    char pointer[32];
    snprintf(pointer, sizeof pointer, "/cases/%zu", index);
    const json_t *source = json_array_get(json_object_get(document->root, "cases"), index);
    struct case_loader loader = {.suite = suite,
                                 .source = source,
                                 .rows = json_object_get(source, "rows"),
                                 .body = calloc(1, sizeof(struct case_body)),
                                 .place = {NULL, pointer, 0},
                                 .problem = problem};
    if (!loader.body) {
        return hp_problem_no_memory(problem);
    }
    loader.body->next = suite->store->bodies;
    suite->store->bodies = loader.body;
    enum hp_status status = check_chapter(&loader, chapter);
    if (status == HP_OK) {
        status = load_body(&loader);
    }
    return status == HP_OK ? append_rows(&loader, chapter, document, line) : status;
}
