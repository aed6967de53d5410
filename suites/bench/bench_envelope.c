/* An envelope there and back, decoded and encoded, against plain jansson, which parses and dumps the same bytes in the same run.
 * usage: bench_envelope [ROUNDS]. Exits with 1 when it is slower than the bound, 3 when something broke. */
#include "reference/core/envelope.h"
#include "suites/bench/contest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROUNDS = 15, REPEAT_UNTIL_US = 100000 };

#define BOUND 0.5

/* An envelope with all its fields; `entries` are those of each list and object that grows. */
struct material {
    const char *name;
    unsigned entries;
    struct text text;
};

static void write_entries(struct text *text, const char *key, unsigned entries, bool list,
                          const char *entry) {
    text_addf(text, ",\"%s\":%c", key, list ? '[' : '{');
    for (unsigned i = 0; i < entries; i++) {
        text_add(text, i > 0 ? "," : "");
        if (!list) {
            text_addf(text, "\"stage-%u\":", i);
        }
        text_add(text, entry);
    }
    text_add_byte(text, list ? ']' : '}');
}

static bool material_write(struct material *material) {
    static const char object[] =
        "{\"stage\":\"planner\",\"text\":\"Delete all of these files, \\u00e9 and \\\"more\\\"?\","
        "\"count\":12345,\"share\":0.25,\"nested\":{\"list\":[1,2,3,null,true]}}";
    struct text *text = &material->text;
    text_add(
        text,
        "{\"envelope_id\":\"0f8fad5b-d9cb-469f-a165-70867728950e\",\"request_id\":\"req-1\",\"user_id\":"
        "\"ann\","
        "\"session_id\":\"ses-1\",\"raw_input\":\"Please tidy up my reports of last year\","
        "\"received_at\":\"2025-12-11T09:30:00.000000Z\",\"current_stage\":\"planner\",\"iteration\":1,"
        "\"max_iterations\":3,\"dag_mode\":true,\"llm_call_count\":4,\"max_llm_calls\":10,\"agent_hop_"
        "count\":7,"
        "\"max_agent_hops\":21,\"terminal_reason\":null,\"terminated\":false,\"termination_reason\":null,"
        "\"interrupt_pending\":true,\"interrupt\":{\"id\":\"0f8fad5b-d9cb-469f-a165-708677289501\","
        "\"kind\":\"confirmation\",\"message\":\"Delete?\",\"status\":\"pending\",\"data\":{\"files\":[\"a\","
        "\"b\"]}},"
        "\"current_stage_number\":2,\"max_stages\":5,\"created_at\":\"2025-12-11T09:30:00.000000Z\","
        "\"completed_at\":null");
    write_entries(text, "outputs", material->entries, false, object);
    write_entries(text, "active_stages", material->entries, false, "true");
    write_entries(text, "completed_stage_set", material->entries, false, "false");
    write_entries(text, "failed_stages", material->entries, false, "\"it timed out\"");
    write_entries(text, "goal_completion_status", material->entries, false, "\"open\"");
    write_entries(text, "metadata", material->entries, false, object);
    write_entries(text, "stage_order", material->entries, true, "\"planner\"");
    write_entries(text, "all_goals", material->entries, true, "\"tidy up\"");
    write_entries(text, "remaining_goals", material->entries, true, "\"tidy up\"");
    write_entries(text, "critic_feedback", material->entries, true, "\"looks fine to me\"");
    write_entries(text, "completed_stages", material->entries, true, object);
    write_entries(text, "prior_plans", material->entries, true, object);
    write_entries(text, "processing_history", material->entries, true, object);
    write_entries(text, "errors", material->entries, true, object);
    return text_add_byte(text, '}');
}

/* One pass; false when something broke. */
typedef bool (*pass_function)(const struct material *material);

static bool pass_ours(const struct material *material) {
    static const struct hp_moment moment = {0, {"a", "b", "c"}};
    struct text out = {0};
    json_t *given = NULL, *envelope = NULL;
    bool done = json_read(material->text.bytes, material->text.length_bytes, &given, NULL) == HP_OK &&
                envelope_decode(given, "", &moment, &envelope, NULL) == HP_OK && json_write(&out, envelope);
    json_decref(given);
    json_decref(envelope);
    text_release(&out);
    return done;
}

static bool pass_jansson(const struct material *material) {
    json_t *value = json_loadb(material->text.bytes, material->text.length_bytes, 0, NULL);
    char *out = json_dumps(value, JSON_COMPACT);
    bool done = out != NULL;
    free(out);
    json_decref(value);
    return done;
}

static int64_t clock_us(clockid_t which) {
    struct timespec now;
    clock_gettime(which, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* Repeats a pass for a while; passes a second, or 0 when one broke. */
static double measure(pass_function pass, const struct material *material, double *cpu_us) {
    int64_t begin_us = clock_us(CLOCK_MONOTONIC), cpu_begin_us = clock_us(CLOCK_PROCESS_CPUTIME_ID), spent_us;
    int64_t passes = 0;
    do {
        if (!pass(material)) {
            return 0;
        }
        passes++;
        spent_us = clock_us(CLOCK_MONOTONIC) - begin_us;
    } while (spent_us < REPEAT_UNTIL_US);
    *cpu_us = (double)(clock_us(CLOCK_PROCESS_CPUTIME_ID) - cpu_begin_us) / (double)passes;
    return (double)passes * 1e6 / (double)spent_us;
}

/* Medians of the absolute figures, and of the rounds' ratios. */
static void print_line(const struct material *material, const struct contest *contest) {
    double ours[CONTEST_ROUNDS_MAX], theirs[CONTEST_ROUNDS_MAX];
    for (unsigned i = 0; i < contest->count; i++) {
        ours[i] = contest->rounds[i].ours;
        theirs[i] = contest->rounds[i].theirs;
    }
    printf("%-8s %8zu %12.0f %12.0f %7.2f  %s\n", material->name, material->text.length_bytes,
           median(ours, contest->count), median(theirs, contest->count), contest_ratio(contest),
           contest_holds(contest, BOUND) ? "holds" : "SLOW");
    fflush(stdout);
}

/* 0, 1 below the bound, 3 broken. */
static int run(struct material *material, unsigned rounds) {
    struct contest contest = {.name = material->name, .connections = 1};
    if (!material_write(material)) {
        return 3;
    }
    for (unsigned i = 0; i < rounds; i++) {
        struct contest_round *round = &contest.rounds[contest.count++];
        round->ours = measure(pass_ours, material, &round->our_cpu_us);
        round->theirs = measure(pass_jansson, material, &round->their_cpu_us);
        contest.operations = (int64_t)(round->ours * REPEAT_UNTIL_US / 1e6);
        if (round->ours <= 0 || round->theirs <= 0) {
            return 3;
        }
    }
    print_line(material, &contest);
    return contest_holds(&contest, BOUND) ? 0 : 1;
}

int main(int count, char **arguments) {
    struct material materials[] = {
        {.name = "small", .entries = 1}, {.name = "usual", .entries = 5}, {.name = "large", .entries = 200}};
    unsigned long rounds = count > 1 ? strtoul(arguments[1], NULL, 10) : ROUNDS;
    int code = 0;
    if (rounds < 1 || rounds > CONTEST_ROUNDS_MAX) {
        fprintf(stderr, "usage: bench_envelope [ROUNDS], 1 to %d\n", CONTEST_ROUNDS_MAX);
        return 3;
    }
    printf(
        "an envelope decoded and encoded, against jansson's parse and dump of the same bytes; at least %.2f\n"
        "%-8s %8s %12s %12s %7s\n",
        BOUND, "size", "bytes", "ours a second", "jansson's", "ratio");
    for (size_t i = 0; i < sizeof materials / sizeof materials[0] && code != 3; i++) {
        int result = run(&materials[i], (unsigned)rounds);
        code = result > code ? result : code;
        text_release(&materials[i].text);
    }
    printf("%s\n", code == 0 ? "the envelope keeps its bound" : "the envelope MISSES its bound");
    return code;
}
