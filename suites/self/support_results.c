#include "suites/self/support_results.h"
#include "harness/case/case.h"
#include "harness/case/load_parts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define HOSTILE                                                                                              \
    "<b title=\"x\">&amp;]]></b> | `*_[x](http://a.b)_*` @all #1 \x1b[31m\a\x7f \xff\xc3 "                   \
    "\xe2\x80\xae\xe2\x80\xa8 \xf0\x9f\x98\x80 </pre></details>\r\n\t<!-- -->"

enum { MANY = 256, TARGETS_MAX = 3 };

static struct requirement requirements[] = {
    {"REQ-RESPOND-2", "A respond by anybody but the owner is refused as forbidden and changes nothing.", "F4",
     "MUST", NULL},
    {"REQ-EXPIRE-1", "An interrupt has expired when expires_at < now: at the very instant it is still open.",
     "decided", "MUST", NULL},
    {"REQ-HOSTILE", HOSTILE, HOSTILE, "SHOULD", NULL},
};

static const struct requirement *by_id[] = {&requirements[1], &requirements[2], &requirements[0]};

static struct suite_store store = {.requirements_by_id = by_id};

static struct suite suite = {.requirements = requirements, .requirement_count = 3, .store = &store};

/* What the cases of each chapter prove. */
static const struct step answer_steps[] = {
    {.kind = STEP_CALL, .requirements = {&requirements[0]}, .requirement_count = 1},
    {.kind = STEP_TWIN, .requirements = {&requirements[0]}, .requirement_count = 1}};
static const struct step expiry_steps[] = {
    {.kind = STEP_CALL},
    {.kind = STEP_CALL, .requirements = {&requirements[1], &requirements[0]}, .requirement_count = 2}};
static const struct step hostile_steps[] = {
    {.kind = STEP_CALL, .requirements = {&requirements[2]}, .requirement_count = 1}};

static struct test_case cases[] = {
    {.id = "kinds.create.each.timeout",
     .template_id = "kinds.create.each",
     .chapter = "kinds",
     .title = "Each kind can be created",
     .level = "MUST",
     .file = "fixtures/cases/kinds/create.json",
     .line = 3},
    {.id = "kinds.unknown",
     .template_id = "kinds.unknown",
     .chapter = "kinds",
     .title = "An unknown kind is refused",
     .level = "MUST",
     .file = "fixtures/cases/kinds/create.json",
     .line = 40},
    {.id = "users.respond.stranger",
     .template_id = "users.respond.stranger",
     .chapter = "users",
     .steps = answer_steps,
     .step_count = 2,
     .title = "A stranger's answer is refused, the owner's is accepted",
     .level = "MUST",
     .file = "fixtures/cases/users/respond.json",
     .line = 12},
    {.id = "users.respond.look-alike",
     .template_id = "users.respond.look-alike",
     .chapter = "users",
     .steps = answer_steps,
     .step_count = 2,
     .title = "A user whose name differs only in case is a stranger",
     .level = "MUST",
     .file = "fixtures/cases/users/respond.json",
     .line = 31},
    {.id = "users.get.stranger",
     .template_id = "users.get.stranger",
     .chapter = "users",
     .steps = answer_steps,
     .step_count = 2,
     .title = "A stranger sees nothing",
     .level = "SHOULD",
     .file = "fixtures/cases/users/get.json",
     .line = 5},
    {.id = "expiry.boundary.at-the-very-instant",
     .template_id = "expiry.boundary.at-the-very-instant",
     .chapter = "expiry",
     .steps = expiry_steps,
     .step_count = 2,
     .title = "At the very instant of its expiry an interrupt is still open",
     .level = "MUST",
     .file = "fixtures/cases/expiry/boundary.json",
     .line = 3},
    {.id = "expiry.sweep.once",
     .template_id = "expiry.sweep.once",
     .chapter = "expiry",
     .steps = expiry_steps,
     .step_count = 2,
     .title = "A second sweep finds nothing",
     .level = "MUST",
     .file = "fixtures/cases/expiry/sweep.json",
     .line = 3},
    {.id = "events.drain.twice",
     .template_id = "events.drain.twice",
     .chapter = "events",
     .title = "A drained event does not come again",
     .level = "MUST",
     .file = "fixtures/cases/events/drain.json",
     .line = 3},
};

enum { CASE_COUNT = sizeof cases / sizeof cases[0] };

static struct test_case hostile_case = {.id = "users.hostile",
                                        .template_id = "users.hostile",
                                        .chapter = "users",
                                        .steps = hostile_steps,
                                        .step_count = 1,
                                        .title = HOSTILE,
                                        .level = "MUST",
                                        .file = "fixtures/cases/users/hostile.json",
                                        .line = 1};

static struct exchange exchanges[] = {
    {"step 1", "interrupt.create", "{\"kind\":\"clarification\",\"user_id\":\"ann-5jx0q2ab\"}",
     "result {\"interrupt\":{\"id\":\"0b4f1c9e-7c1d-4f6e-9d5e-3f0c8a1b2c3d\",\"status\":\"pending\"}}"},
    {"step 2 (stranger)", "interrupt.respond",
     "{\"id\":\"0b4f1c9e-7c1d-4f6e-9d5e-3f0c8a1b2c3d\",\"user_id\":\"bob-5jx0q2ab\",\"response\":{\"text\":"
     "\"yes\"}}",
     "result {\"request_can_resume\":true}"},
};

static struct exchange hostile_exchanges[] = {{HOSTILE, HOSTILE, HOSTILE, HOSTILE}};

/* One made-up result: what differs from a plain pass. */
static const struct case_result stranger = {
    .test_case = &cases[2],
    .verdict = VERDICT_FAILED,
    .duration_us = 1500,
    .step = "step 2 (stranger)",
    .requirements = {"REQ-RESPOND-2", NULL},
    .reason = "the call was carried out although it must be refused",
    .path = "",
    .expected = "refused forbidden",
    .got = "result {\"request_can_resume\":true}",
    .fingerprint = "00c0ffee00c0ffee",
    .exchanges = exchanges,
    .exchange_count = 2,
    .reproduce =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"interrupt.respond\",\"params\":{\"user_id\":\"bob\"}}",
    .exhibit = "Two answers were accepted.\n\n  +0 ns    +9 us\n* [==]\n*   [===]\n",
    .log = "warning: no owner check\nsecond line\n",
};

static struct case_result plain_result(const struct test_case *test_case, enum verdict verdict) {
    return (struct case_result){.test_case = test_case, .verdict = verdict, .duration_us = 250};
}

static void fill_mixed(struct case_result *results) {
    for (size_t i = 0; i < CASE_COUNT; i++) {
        results[i] = plain_result(&cases[i], VERDICT_PASSED);
    }
    results[1].verdict = VERDICT_EXPECTED_FAILURE;
    results[1].reason = "the call was carried out although it must be refused";
    results[1].baseline = "unknown kinds become system_error until 2.0 (https://example.org/7)";
    results[2] = stranger;
    results[3].verdict = VERDICT_UNEXPECTED_PASS;
    results[3].baseline = "baseline.json:12: the case passes now; remove the entry";
    results[4].verdict = VERDICT_UNSUPPORTED;
    results[4].reason = "needs the capability describe";
    results[5].verdict = VERDICT_UNTESTABLE;
    results[5].step = "step 1";
    results[5].reason = "the set-up call was refused: unavailable";
    results[6].verdict = VERDICT_ERRORED;
    results[6].step = "step 3";
    results[6].reason = "no answer within 10000 ms";
    results[6].requirements[0] = "REQ-EXPIRE-1";
    results[6].requirements[1] = "REQ-NOT-KNOWN";
    results[7].verdict = VERDICT_NOT_RUN;
}

static void fill_hostile(struct case_result *results) {
    results[0] = plain_result(&hostile_case, VERDICT_FAILED);
    results[0].step = results[0].reason = results[0].path = results[0].expected = HOSTILE;
    results[0].got = HOSTILE "!";
    results[0].log = results[0].exhibit = results[0].reproduce = results[0].baseline = HOSTILE;
    results[0].requirements[0] = "REQ-HOSTILE";
    results[0].exchanges = hostile_exchanges;
    results[0].exchange_count = 1;
    results[1] = plain_result(&hostile_case, VERDICT_EXPECTED_FAILURE);
    results[1].baseline = HOSTILE;
    results[2] = plain_result(&hostile_case, VERDICT_UNSUPPORTED);
    results[2].reason = HOSTILE;
}

/* Each of the many failures carries texts far longer than a screen. */
static char long_texts[2][9000];
static struct test_case many_cases[MANY];
static char many_ids[MANY][32];

static void fill_many(struct case_result *results) {
    for (size_t i = 0; i < 2; i++) {
        memset(long_texts[i], 'x', sizeof long_texts[i] - 1);
        for (size_t at = 7; at < sizeof long_texts[i] - 1; at += 11) {
            long_texts[i][at] = ' ';
        }
    }
    long_texts[1][6000] = 'Y';
    for (size_t i = 0; i < MANY; i++) {
        snprintf(many_ids[i], sizeof many_ids[i], "users.many.n%zu", i);
        many_cases[i] = cases[2];
        many_cases[i].id = many_ids[i];
        results[i] = plain_result(&many_cases[i], VERDICT_FAILED);
        results[i].reason = long_texts[0];
        results[i].expected = long_texts[0];
        results[i].got = long_texts[1];
        results[i].path = "/interrupt/data/blob";
        results[i].log = long_texts[0];
    }
}

static size_t fill(enum sample sample, size_t target, struct case_result *results) {
    if (sample == SAMPLE_HOSTILE) {
        fill_hostile(results);
        return 3;
    }
    if (sample == SAMPLE_MANY) {
        fill_many(results);
        return MANY;
    }
    fill_mixed(results);
    for (size_t i = 0; i < CASE_COUNT && sample != SAMPLE_MIXED; i++) {
        results[i] = plain_result(&cases[i], VERDICT_PASSED);
        if (sample == SAMPLE_DOWN) {
            results[i].verdict = VERDICT_ERRORED;
            results[i].reason = "the target cannot be reached";
            results[i].log = i == 0 ? "Traceback:\nKeyError\n" : NULL;
        } else if (sample == SAMPLE_STOPPED && i >= 3) {
            results[i].verdict = VERDICT_NOT_RUN;
        } else if (sample == SAMPLE_EMPTY) {
            results[i].verdict = i % 2 ? VERDICT_UNSUPPORTED : VERDICT_NOT_RUN;
        } else if (sample == SAMPLE_MATRIX && target > 0) {
            results[i].verdict = target == 1 && i != 2 ? VERDICT_PASSED : VERDICT_FAILED;
        }
    }
    if (sample == SAMPLE_MATRIX && target == 1) {
        results[2] = stranger;
    }
    if (sample == SAMPLE_MATRIX && target == 2) {
        results[0].verdict = results[7].verdict = VERDICT_PASSED;
    }
    return CASE_COUNT;
}

static const struct {
    const char *name;
    int exit_code;
    size_t target_count;
    const char *targets[TARGETS_MAX];
} samples[SAMPLE_COUNT] = {
    [SAMPLE_GREEN] = {"green", 0, 1, {"memory"}},
    [SAMPLE_MIXED] = {"mixed", 3, 1, {"stdio:./service --port 1"}},
    [SAMPLE_HOSTILE] = {"hostile", 1, 1, {"stdio:" HOSTILE}},
    [SAMPLE_MATRIX] = {"matrix", 1, 3, {"memory", "stdio:build/holdpoint adapter memory", "null:accept-all"}},
    [SAMPLE_DOWN] = {"down", 3, 1, {"stdio:./no-such-service"}},
    [SAMPLE_MANY] = {"many", 1, 1, {"memory"}},
    [SAMPLE_STOPPED] = {"stopped", REPORT_INTERRUPTED_CODE, 1, {"memory"}},
    [SAMPLE_EMPTY] = {"empty", 1, 1, {"memory"}},
    [SAMPLE_PARITY] = {"parity", 1, 3, {"memory", "postgres", "stdio:./a <b> & \"c\" | `d`"}},
};

const char *sample_name(enum sample sample) {
    return samples[sample].name;
}

int sample_exit_code(enum sample sample) {
    return samples[sample].exit_code;
}

static void play_target(enum sample sample, size_t target, struct reporter *reporter,
                        struct case_result *results, size_t count) {
    static const char *const problems[] = {
        "baseline.json:20: no case \"users.gone\"; did you mean users.get.stranger?"};
    json_t *capabilities = json_pack("[sssi]", "create", "get", "clock", 7);
    /* What a summary tells stays until the reporter is closed. */
    static struct hello hellos[TARGETS_MAX];
    struct hello *hello = &hellos[target];
    *hello = (struct hello){.name = "holdpoint reference, memory store",
                            .version = "0.1.0",
                            .language = "C",
                            .capabilities = capabilities,
                            .endpoints = 2,
                            .processes = 1};
    if (sample == SAMPLE_HOSTILE) {
        *hello = (struct hello){.name = HOSTILE,
                                .version = HOSTILE,
                                .language = HOSTILE,
                                .capabilities = capabilities,
                                .endpoints = 1,
                                .processes = 1};
    }
    struct target_summary summary = {.target = samples[sample].targets[target],
                                     .hello = hello,
                                     .duration_us = 41000,
                                     .results = results,
                                     .result_count = count};
    if (sample == SAMPLE_DOWN) {
        summary.hello = NULL;
        summary.down = "stdio:./no-such-service: ./no-such-service: No such file or directory";
    }
    if (sample == SAMPLE_MIXED) {
        summary.baseline_problems = problems;
        summary.baseline_problem_count = 1;
    }
    reporter->ops->target_begin(reporter, summary.target, summary.hello, summary.down);
    for (size_t i = 0; i < count; i++) {
        reporter->ops->case_done(reporter, summary.target, &results[i]);
        tally_add(&summary.tally, results[i].verdict);
    }
    reporter->ops->target_end(reporter, &summary);
    json_decref(capabilities);
}

/* The second target says all as the first does, but for what it does not support; the third says something else, and
 * comes to another verdict. */
static void play_parity(struct reporter *reporter) {
    static struct parity_case pairs[2][CASE_COUNT];
    struct parity_target targets[] = {{.first = samples[SAMPLE_PARITY].targets[0],
                                       .target = samples[SAMPLE_PARITY].targets[1],
                                       .cases = pairs[0],
                                       .case_count = CASE_COUNT,
                                       .compared = CASE_COUNT - 2,
                                       .left_out[VERDICT_UNSUPPORTED] = 2},
                                      {.first = samples[SAMPLE_PARITY].targets[0],
                                       .target = samples[SAMPLE_PARITY].targets[2],
                                       .cases = pairs[1],
                                       .case_count = CASE_COUNT,
                                       .compared = CASE_COUNT,
                                       .loose = 3,
                                       .differ = 3}};
    static struct parity parity;
    static struct parity_target kept[2];
    for (size_t i = 0; i < 2 * CASE_COUNT; i++) {
        pairs[i / CASE_COUNT][i % CASE_COUNT] = (struct parity_case){.test_case = &cases[i % CASE_COUNT]};
    }
    pairs[0][0].state = pairs[0][1].state = PARITY_LEFT_OUT;
    pairs[1][0] =
        (struct parity_case){&cases[0],       PARITY_DIFFERS,      VERDICT_PASSED, VERDICT_PASSED, "step 2",
                             "interrupt.get", "/result/interrupt", HOSTILE,        "nothing"};
    pairs[1][1] = (struct parity_case){
        &cases[1], PARITY_DIFFERS, VERDICT_PASSED, VERDICT_PASSED, "step 3 (x)", "events.drain",
        "",        "{\"a\":1}",    "nothing"};
    pairs[1][2] = (struct parity_case){.test_case = &cases[2],
                                       .state = PARITY_DIFFERS,
                                       .first_verdict = VERDICT_PASSED,
                                       .verdict = VERDICT_FAILED,
                                       .path = "",
                                       .first = "passed",
                                       .other = "failed"};
    memcpy(kept, targets, sizeof kept);
    parity = (struct parity){kept, 2};
    reporter->ops->parity(reporter, &parity);
}

bool sample_play(enum sample sample, struct reporter *reporter) {
    static struct case_result results[TARGETS_MAX][MANY];
    static const struct test_case *selected[MANY];
    cases[0].null_ok = json_pack("{ss}", "accept-all", "creation is all that it shows");
    size_t count = 0;
    for (size_t target = 0; target < samples[sample].target_count; target++) {
        count = fill(sample, target, results[target]);
    }
    for (size_t i = 0; i < count; i++) {
        selected[i] = results[0][i].test_case;
    }
    struct run_header header = {.suite = &suite,
                                .suite_digest = "0123456789abcdef0123456789abcdef",
                                .cases = selected,
                                .selected = count,
                                .targets = samples[sample].targets,
                                .target_count = samples[sample].target_count,
                                .seed = 7,
                                .command = "holdpoint run --target memory",
                                .repeat = " --timeout 500",
                                .program = "build/the holdpoint"};
    reporter->ops->begin(reporter, &header);
    for (size_t target = 0; target < samples[sample].target_count; target++) {
        play_target(sample, target, reporter, results[target], count);
    }
    if (sample == SAMPLE_PARITY) {
        play_parity(reporter);
    }
    bool written = reporter->ops->settle(reporter, samples[sample].exit_code);
    reporter->ops->end(reporter, samples[sample].exit_code);
    written = reporter->ops->close(reporter) && written;
    json_decref(cases[0].null_ok);
    cases[0].null_ok = NULL;
    return written;
}

char *sample_write(enum sample sample, struct reporter *(*make)(FILE *out)) {
    char *bytes = NULL;
    size_t length_bytes = 0;
    FILE *out = open_memstream(&bytes, &length_bytes);
    assert_non_null(out);
    struct reporter *reporter = make(out);
    assert_non_null(reporter);
    assert_true(sample_play(sample, reporter));
    assert_int_equal(fclose(out), 0);
    return bytes;
}

static char *read_file(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) {
        fail_msg("%s is missing; HOLDPOINT_GOLDEN=write makes it", path);
        return NULL;
    }
    struct text content = {0};
    char buffer[4096];
    for (size_t got; (got = fread(buffer, 1, sizeof buffer, file)) > 0;) {
        text_append(&content, buffer, got);
    }
    fclose(file);
    return text_take(&content);
}

void golden_compare(const char *name, const char *extension, const char *got) {
    char path[256];
    snprintf(path, sizeof path, "suites/self/golden/report/%s.%s", name, extension);
    const char *mode = getenv("HOLDPOINT_GOLDEN");
    if (mode && strcmp(mode, "write") == 0) {
        FILE *file = fopen(path, "wb");
        assert_non_null(file);
        fputs(got, file);
        assert_int_equal(fclose(file), 0);
        return;
    }
    char *want = read_file(path);
    size_t same = 0;
    while (want[same] && want[same] == got[same]) {
        same++;
    }
    if (want[same] != got[same]) {
        print_error("%s differs at byte %zu:\nwant %.300s\ngot  %.300s\n", path, same, want + same,
                    got + same);
    }
    bool equal = want[same] == got[same];
    free(want);
    assert_true(equal);
}

void scratch_path(char path[SCRATCH_PATH_SIZE], const char *name) {
    const char *build = getenv("HOLDPOINT_BUILD");
    snprintf(path, SCRATCH_PATH_SIZE, "%s/%s", build && *build ? build : "build", name);
}

char *command_feed(const char *command, const char *input, int *exit_code) {
    char path[SCRATCH_PATH_SIZE];
    scratch_path(path, "feed-XXXXXX");
    int file = mkstemp(path);
    assert_true(file >= 0);
    assert_true(write(file, input, strlen(input)) == (ssize_t)strlen(input));
    close(file);
    char line[2 * SCRATCH_PATH_SIZE];
    snprintf(line, sizeof line, "(%s) < %s 2>&1", command, path);
    FILE *pipe = popen(line, "r");
    assert_non_null(pipe);
    struct text output = {0};
    char buffer[4096];
    for (size_t got; (got = fread(buffer, 1, sizeof buffer, pipe)) > 0;) {
        text_append(&output, buffer, got);
    }
    int status = pclose(pipe);
    *exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    unlink(path);
    return text_take(&output);
}
