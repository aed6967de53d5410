/* Replays docs/adapters.md: each request on the page, sent through the wire to the reference on its memory
 * store, gives the answer below it; and the Python skeleton runs, and breaks on no case. */
#include "harness/adapters/in_process.h"
#include "harness/adapters/serve.h"
#include "harness/adapters/stdio.h"
#include "harness/base/method.h"
#include "harness/case/run.h"
#include "harness/case/select.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define PAGE "docs/adapters.md"

enum {
    PAIRS_MAX = 64,
    NAMES_MAX = 64,
    UUID_LENGTH = 36,
    SKELETON_LINES_MAX = 60,
    PATIENCE_MS = 20000,
    SKELETON_PATH_SIZE = 31
};

struct page {
    char *text;
    json_t *requests[PAIRS_MAX];
    json_t *answers[PAIRS_MAX];
    size_t pairs;
    char *skeleton;
};

static char *read_file(FILE *file) {
    struct text text = {0};
    char chunk[4096];
    size_t count;
    while ((count = fread(chunk, 1, sizeof chunk, file)) > 0) {
        text_append(&text, chunk, count);
    }
    return text_take(&text);
}

/* The text of the next fenced block of that language; *at moves behind it. NULL when there is none. */
static char *next_block(const char **at, const char *fence) {
    const char *from = strstr(*at, fence);
    const char *to = from ? strstr(from + strlen(fence), "\n```") : NULL;
    if (!to) {
        return NULL;
    }
    from += strlen(fence);
    *at = to + 4;
    return text_copy_bytes(from, (size_t)(to + 1 - from));
}

static json_t *next_json(const char **at) {
    json_error_t error;
    char *block = next_block(at, "```json\n");
    json_t *value = block ? json_loads(block, JSON_REJECT_DUPLICATES, &error) : NULL;
    if (block && !value) {
        fprintf(stderr, "%s: %s in: %s\n", PAGE, error.text, block);
    }
    free(block);
    return value;
}

static int read_page(void **state) {
    struct page *page = calloc(1, sizeof *page);
    FILE *file = fopen(PAGE, "r");
    if (!page || !file) {
        return -1;
    }
    page->text = read_file(file);
    fclose(file);
    const char *at = page->text;
    while (page->pairs < PAIRS_MAX && (page->requests[page->pairs] = next_json(&at))) {
        page->answers[page->pairs] = next_json(&at);
        page->pairs++;
    }
    at = page->text;
    page->skeleton = next_block(&at, "```python\n");
    *state = page;
    return page->skeleton && page->pairs > 0 ? 0 : -1;
}

static int release_page(void **state) {
    struct page *page = *state;
    for (size_t i = 0; i < page->pairs; i++) {
        json_decref(page->requests[i]);
        json_decref(page->answers[i]);
    }
    free(page->skeleton);
    free(page->text);
    free(page);
    return 0;
}

/* Ids of the page and the ids that the service gave in their place: one to one. */
struct names {
    char shown[NAMES_MAX][UUID_LENGTH + 1];
    char given[NAMES_MAX][UUID_LENGTH + 1];
    size_t count;
};

static bool is_uuid(const char *text) {
    return strlen(text) == UUID_LENGTH && text[8] == '-' && text[13] == '-' && text[18] == '-' &&
           text[23] == '-' && strspn(text, "0123456789abcdef-") == UUID_LENGTH;
}

static bool same_name(struct names *names, const char *shown, const char *given) {
    for (size_t i = 0; i < names->count; i++) {
        bool one = strcmp(names->shown[i], shown) == 0, other = strcmp(names->given[i], given) == 0;
        if (one || other) {
            return one && other;
        }
    }
    if (names->count == NAMES_MAX) {
        return false;
    }
    memcpy(names->shown[names->count], shown, UUID_LENGTH + 1);
    memcpy(names->given[names->count++], given, UUID_LENGTH + 1);
    return true;
}

/* Objects within objects too. */
static json_t *rename_ids(const struct names *names, const json_t *value) {
    json_t *copy = json_deep_copy(value);
    const char *key;
    json_t *member;
    json_object_foreach(copy, key, member) {
        const char *text = json_string_value(member);
        if (json_is_object(member)) {
            json_object_set_new(copy, key, rename_ids(names, member));
            continue;
        }
        for (size_t i = 0; text && i < names->count; i++) {
            if (strcmp(names->shown[i], text) == 0) {
                json_object_set_new(copy, key, json_string(names->given[i]));
                break;
            }
        }
    }
    return copy;
}

/* What is shown is there; objects may have more. */
static bool matches(struct names *names, const json_t *shown, const json_t *given) {
    if (json_is_string(shown) && json_is_string(given) && is_uuid(json_string_value(shown)) &&
        is_uuid(json_string_value(given))) {
        return same_name(names, json_string_value(shown), json_string_value(given));
    }
    if (json_is_object(shown) && json_is_object(given)) {
        const char *key;
        json_t *member;
        json_object_foreach((json_t *)shown, key, member) {
            if (!matches(names, member, json_object_get(given, key))) {
                return false;
            }
        }
        return true;
    }
    if (json_is_array(shown) && json_array_size(shown) == json_array_size(given)) {
        for (size_t i = 0; i < json_array_size(shown); i++) {
            if (!matches(names, json_array_get(shown, i), json_array_get(given, i))) {
                return false;
            }
        }
        return true;
    }
    return json_equal(shown, given);
}

/* Messages are for people, and the name, version and language are the service's own. */
static void drop_wording(json_t *answer) {
    json_object_del(json_object_get(answer, "error"), "message");
    json_t *result = json_object_get(answer, "result");
    json_object_del(result, "name");
    json_object_del(result, "version");
    json_object_del(result, "language");
}

/* Capabilities are a set: those that the page shows are declared, in whatever order. */
static void drop_declared(json_t *shown, const json_t *given) {
    const json_t *declared = json_object_get(json_object_get(given, "result"), "capabilities");
    json_t *expected = json_object_get(json_object_get(shown, "result"), "capabilities");
    for (size_t i = 0; i < json_array_size(declared); i++) {
        for (size_t j = json_array_size(expected); j > 0; j--) {
            if (json_equal(json_array_get(declared, i), json_array_get(expected, j - 1))) {
                json_array_remove(expected, j - 1);
            }
        }
    }
    if (expected && json_array_size(expected) == 0) {
        json_object_del(json_object_get(shown, "result"), "capabilities");
    }
}

/* Sends one line through the server, which a target outlives. */
static json_t *serve_line(struct target *target, const json_t *request) {
    struct hp_problem problem = {0};
    char *line = json_dumps(request, JSON_COMPACT);
    FILE *input = tmpfile(), *output = tmpfile();
    assert_non_null(input);
    assert_non_null(output);
    fprintf(input, "%s\n", line);
    rewind(input);
    enum hp_status status = serve_target(target, fileno(input), output, &problem);
    rewind(output);
    json_t *answer = json_loadf(output, 0, NULL);
    fclose(input);
    fclose(output);
    free(line);
    assert_int_equal(status, HP_OK);
    return answer;
}

static void the_page_is_true(void **state) {
    const struct page *page = *state;
    struct names names = {0};
    struct target *target = in_process_memory_new();
    size_t wrong = 0;
    for (size_t i = 0; i < page->pairs; i++) {
        json_t *request = json_deep_copy(page->requests[i]);
        json_object_set_new(request, "params", rename_ids(&names, json_object_get(request, "params")));
        json_t *answer = serve_line(target, request);
        json_t *shown = json_deep_copy(page->answers[i]);
        drop_wording(shown);
        drop_declared(shown, answer);
        if (!matches(&names, shown, answer)) {
            char *dump = json_dumps(answer, JSON_COMPACT | JSON_ENCODE_ANY);
            fprintf(stderr, "%s: the request with id %d is answered %s\n", PAGE,
                    (int)json_integer_value(json_object_get(request, "id")), dump ? dump : "not at all");
            free(dump);
            wrong++;
        }
        json_decref(request);
        json_decref(answer);
        json_decref(shown);
    }
    target_free(target);
    assert_int_equal(wrong, 0);
}

static void each_method_and_capability_is_shown(void **state) {
    const struct page *page = *state;
    for (size_t i = 0; method_offered(i); i++) {
        bool shown = false;
        for (size_t j = 0; j < page->pairs; j++) {
            const char *method = json_string_value(json_object_get(page->requests[j], "method"));
            shown = shown ||
                    (strcmp(method, method_offered(i)) == 0 && json_object_get(page->answers[j], "result"));
        }
        if (!shown) {
            fail_msg("%s has no request and answer of %s", PAGE, method_offered(i));
        }
    }
    for (size_t i = 0; capability_offered(i); i++) {
        char quoted[64];
        snprintf(quoted, sizeof quoted, "`%s`", capability_offered(i));
        if (!strstr(page->text, quoted)) {
            fail_msg("%s does not explain %s", PAGE, quoted);
        }
    }
}

static void the_skeleton_is_short(void **state) {
    const struct page *page = *state;
    size_t lines = 0;
    for (const char *at = page->skeleton; *at; at++) {
        lines += *at == '\n';
    }
    assert_in_range(lines, 20, SKELETON_LINES_MAX);
}

static void call(struct session *session, const char *method, const char *params, struct answer *answer) {
    const struct request request = {method, params, strlen(params), false};
    session_call(session, &request, PATIENCE_MS, answer);
}

/* Writes the skeleton into a file of its own and makes the target that it is. */
static struct target *skeleton_target(const struct page *page, char path[SKELETON_PATH_SIZE]) {
    char command[64];
    memcpy(path, "/tmp/holdpoint-skeleton-XXXXXX", SKELETON_PATH_SIZE);
    int file = mkstemp(path);
    assert_true(file >= 0);
    ssize_t written = write(file, page->skeleton, strlen(page->skeleton));
    close(file);
    assert_int_equal(written, strlen(page->skeleton));
    snprintf(command, sizeof command, "exec python3 %s", path);
    struct target *target = stdio_new(command, PATIENCE_MS);
    assert_non_null(target);
    return target;
}

static void the_skeleton_runs(void **state) {
    const struct page *page = *state;
    struct hp_problem problem = {0};
    struct session *session = NULL;
    struct answer created = {0}, stranger = {0}, unknown = {0}, invalid = {0};
    char path[SKELETON_PATH_SIZE], params[128];
    struct target *target = skeleton_target(page, path);
    enum hp_status opened = target_open(target, 0, &session, &problem);
    if (opened == HP_OK) {
        call(session, "interrupt.create",
             "{\"kind\":\"timeout\",\"request_id\":\"r\",\"user_id\":\"ann\",\"session_id\":\"s\"}",
             &created);
        snprintf(params, sizeof params, "{\"id\":\"%s\",\"user_id\":\"bob\"}",
                 json_string_value(json_object_get(json_object_get(created.result, "interrupt"), "id")));
        call(session, "interrupt.get", params, &stranger);
        call(session, "interrupt.create", "{\"kind\":\"timeout\"}", &invalid);
        call(session, "reset", "{}", &unknown);
    }
    unlink(path);
    session_close(session);
    target_free(target);
    bool accepted = created.kind == ANSWER_RESULT && created.result;
    answer_release(&created);
    assert_string_equal(problem.detail, "");
    assert_true(accepted);
    assert_string_equal(stranger.error_name, "forbidden");
    assert_string_equal(invalid.error_name, "invalid");
    assert_string_equal(invalid.field, "/request_id");
    assert_string_equal(unknown.error_name, "unsupported");
    answer_release(&stranger);
    answer_release(&invalid);
    answer_release(&unknown);
}

/* Cases may fail, since the skeleton obeys few rules; but each comes to a verdict on the service. */
static void the_skeleton_breaks_on_no_case(void **state) {
    const struct page *page = *state;
    struct hp_problem problem = {0};
    struct suite *suite = NULL;
    struct hello hello = {0};
    const struct test_case **cases = NULL;
    const struct selection everything = {0};
    size_t case_count = 0;
    struct tally tally = {0};
    char path[SKELETON_PATH_SIZE];
    assert_int_equal(suite_load("fixtures", &suite, &problem), HP_OK);
    assert_int_equal(select_cases(suite, &everything, &cases, &case_count, &problem), HP_OK);
    struct case_result *results = calloc(case_count, sizeof *results);
    assert_non_null(results);
    struct target *target = skeleton_target(page, path);
    const struct run_plan plan = {
        .cases = cases, .case_count = case_count, .suite = suite, .seed = 1, .deadline_ms = PATIENCE_MS};
    enum hp_status status = run_cases(&plan, target, &hello, results, &problem);
    for (size_t i = 0; i < case_count; i++) {
        tally_add(&tally, results[i].verdict);
        if (results[i].verdict == VERDICT_ERRORED || results[i].verdict == VERDICT_UNTESTABLE) {
            fprintf(stderr, "%s: %s: %s\n", results[i].test_case->id, verdict_name(results[i].verdict),
                    results[i].reason);
        }
        case_result_release(&results[i]);
    }
    unlink(path);
    free(results);
    free(cases);
    hello_release(&hello);
    target_free(target);
    suite_free(suite);
    assert_int_equal(status, HP_OK);
    assert_int_equal(tally.counts[VERDICT_ERRORED], 0);
    assert_int_equal(tally.counts[VERDICT_UNTESTABLE], 0);
    assert_true(tally.counts[VERDICT_PASSED] > 0);
    assert_int_equal(tally.counts[VERDICT_PASSED] + tally.counts[VERDICT_FAILED] +
                         tally.counts[VERDICT_UNSUPPORTED],
                     case_count);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_page_is_true),
        cmocka_unit_test(each_method_and_capability_is_shown),
        cmocka_unit_test(the_skeleton_is_short),
        cmocka_unit_test(the_skeleton_runs),
        cmocka_unit_test(the_skeleton_breaks_on_no_case),
    };
    return cmocka_run_group_tests(tests, read_page, release_page);
}
