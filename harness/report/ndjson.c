/* One JSON object a line: a header, one for each case, a footer for each target, the exit code. For programs:
 * the members are described in reports/README.md and only ever added to. */
#include "harness/case/proof.h"
#include "harness/report/case_json.h"
#include "harness/report/json_line.h"
#include "harness/report/reporter.h"
#include "harness/report/sheet.h"

#include <stdlib.h>

enum { FORMAT_VERSION = 1 };

struct ndjson {
    struct reporter reporter;
    struct sheet sheet;
};

static struct text *open_line(struct reporter *reporter, const char *type) {
    struct text *out = &((struct ndjson *)reporter)->sheet.text;
    json_line_open(out, NULL, '{');
    json_line_text(out, "type", type);
    return out;
}

static void close_line(struct reporter *reporter) {
    struct sheet *sheet = &((struct ndjson *)reporter)->sheet;
    text_add(&sheet->text, "}\n");
    sheet_flush(sheet);
}

static void add_shard(struct text *out, const struct shard *shard) {
    if (shard->count == 0) {
        json_line_text(out, "shard", NULL);
        return;
    }
    json_line_open(out, "shard", '{');
    json_line_unsigned(out, "index", shard->index);
    json_line_unsigned(out, "count", shard->count);
    json_line_close(out, '}');
}

/* Of a part alone: what the whole is, so that a merge notices what is missing. */
static void write_selection(struct reporter *reporter, const struct run_header *header) {
    struct text *out = open_line(reporter, "selection");
    json_line_open(out, "ids", '[');
    for (size_t i = 0; i < header->selection_count; i++) {
        json_line_text(out, NULL, header->selection[i]);
    }
    json_line_close(out, ']');
    close_line(reporter);
}

/* Reports are read without the fixtures, so they hold the sentences. */
static void write_requirements(struct reporter *reporter, const struct suite *suite) {
    for (size_t i = 0; suite && i < suite->requirement_count; i++) {
        const struct requirement *requirement = &suite->requirements[i];
        struct text *out = open_line(reporter, "requirement");
        json_line_text(out, "id", requirement->id);
        json_line_text(out, "sentence", requirement->sentence);
        json_line_text(out, "source", requirement->source);
        json_line_text(out, "level", requirement->level);
        json_line_text(out, "excluded", requirement->excluded);
        close_line(reporter);
    }
}

static void ndjson_begin(struct reporter *reporter, const struct run_header *header) {
    struct text *out = open_line(reporter, "run");
    json_line_number(out, "format", FORMAT_VERSION);
    json_line_text(out, "suite_digest", header->suite_digest);
    json_line_open(out, "targets", '[');
    for (size_t i = 0; i < header->target_count; i++) {
        json_line_text(out, NULL, header->targets[i]);
    }
    json_line_close(out, ']');
    json_line_unsigned(out, "seed", header->seed);
    json_line_unsigned(out, "selected", header->selected);
    json_line_text(out, "command", header->command);
    json_line_text(out, "program", header->program);
    json_line_text(out, "verb", header->verb);
    json_line_text(out, "repeat", header->repeat);
    add_shard(out, &header->shard);
    close_line(reporter);
    if (header->shard.count > 0) {
        write_selection(reporter, header);
    }
    write_requirements(reporter, header->suite);
}

/* The capabilities are a target's own words: only what is text is repeated. */
static void add_capabilities(struct text *out, const json_t *capabilities) {
    json_line_open(out, "capabilities", '[');
    for (size_t i = 0; i < json_array_size(capabilities); i++) {
        const char *name = json_string_value(json_array_get(capabilities, i));
        if (name) {
            json_line_text(out, NULL, name);
        }
    }
    json_line_close(out, ']');
}

static void ndjson_target_begin(struct reporter *reporter, const char *target, const struct hello *hello,
                                const char *down) {
    struct text *out = open_line(reporter, "target");
    json_line_text(out, "target", target);
    json_line_text(out, "name", hello ? hello->name : NULL);
    json_line_text(out, "version", hello ? hello->version : NULL);
    json_line_text(out, "language", hello ? hello->language : NULL);
    add_capabilities(out, hello ? hello->capabilities : NULL);
    json_line_unsigned(out, "endpoints", hello ? hello->endpoints : 0);
    json_line_text(out, "down", down);
    close_line(reporter);
}

static void add_exchanges(struct text *out, const struct case_result *result) {
    json_line_open(out, "exchanges", '[');
    for (size_t i = 0; i < result->exchange_count; i++) {
        const struct exchange *exchange = &result->exchanges[i];
        json_line_open(out, NULL, '{');
        json_line_text(out, "step", exchange->step);
        json_line_text(out, "method", exchange->method);
        json_line_text(out, "params", exchange->params);
        json_line_text(out, "answer", exchange->answer);
        json_line_close(out, '}');
    }
    json_line_close(out, ']');
}

static void add_outcome(struct text *out, const struct case_result *result) {
    json_line_text(out, "verdict", verdict_name(result->verdict));
    json_line_number(out, "duration_us", result->duration_us);
    json_line_open(out, "requirements", '[');
    for (size_t i = 0; i < 2 && result->requirements[i]; i++) {
        json_line_text(out, NULL, result->requirements[i]);
    }
    json_line_close(out, ']');
    json_line_text(out, "step", result->step);
    json_line_text(out, "reason", result->reason);
    json_line_text(out, "path", result->path);
    json_line_text(out, "expected", result->expected);
    json_line_text(out, "got", result->got);
    json_line_text(out, "fingerprint", result->fingerprint[0] ? result->fingerprint : NULL);
    add_exchanges(out, result);
    json_line_text(out, "reproduce", result->reproduce);
    json_line_text(out, "exhibit", result->exhibit);
    json_line_text(out, "log", result->log);
    json_line_text(out, "baseline", result->baseline);
}

static void add_proofs(struct text *out, const struct test_case *test_case) {
    json_line_open(out, "proves", '[');
    size_t at = 0;
    for (const struct requirement *one; (one = proof_take(test_case, &at));) {
        json_line_text(out, NULL, one->id);
    }
    json_line_close(out, ']');
}

/* Under which nulls it may pass, and why. */
static void add_null_ok(struct text *out, const struct test_case *test_case) {
    const char *name;
    json_t *reason;
    if (json_object_size(test_case->null_ok) == 0) {
        return;
    }
    json_line_open(out, "null_ok", '{');
    json_object_foreach(test_case->null_ok, name, reason) {
        json_line_text(out, name, json_string_value(reason));
    }
    json_line_close(out, '}');
}

static void ndjson_case_done(struct reporter *reporter, const char *target,
                             const struct case_result *result) {
    (void)reporter, (void)target, (void)result;
}

static void write_case(struct reporter *reporter, const char *target, const struct case_result *result) {
    struct text *out = open_line(reporter, "case");
    json_line_text(out, "target", target);
    case_json_add(out, result->test_case);
    add_proofs(out, result->test_case);
    add_null_ok(out, result->test_case);
    add_outcome(out, result);
    close_line(reporter);
}

static void ndjson_target_end(struct reporter *reporter, const struct target_summary *summary) {
    for (size_t i = 0; i < summary->result_count; i++) {
        write_case(reporter, summary->target, &summary->results[i]);
    }
    struct text *out = open_line(reporter, "target_end");
    json_line_text(out, "target", summary->target);
    json_line_text(out, "down", summary->down);
    json_line_unsigned(out, "selected", summary->result_count);
    json_line_open(out, "tally", '{');
    for (enum verdict verdict = 0; verdict < VERDICT_COUNT; verdict++) {
        json_line_unsigned(out, verdict_name(verdict), summary->tally.counts[verdict]);
    }
    json_line_close(out, '}');
    json_line_open(out, "baseline_problems", '[');
    for (size_t i = 0; i < summary->baseline_problem_count; i++) {
        json_line_text(out, NULL, summary->baseline_problems[i]);
    }
    json_line_close(out, ']');
    json_line_number(out, "duration_us", summary->duration_us);
    close_line(reporter);
}

static void write_pair(struct reporter *reporter, const struct parity_target *target,
                       const struct parity_case *pair) {
    struct text *out = open_line(reporter, "parity_difference");
    json_line_text(out, "first", target->first);
    json_line_text(out, "target", target->target);
    case_json_add(out, pair->test_case);
    json_line_text(out, "first_verdict", verdict_name(pair->first_verdict));
    json_line_text(out, "verdict", verdict_name(pair->verdict));
    json_line_text(out, "step", pair->step);
    json_line_text(out, "method", pair->method);
    json_line_text(out, "path", pair->path);
    json_line_text(out, "first_value", pair->first);
    json_line_text(out, "value", pair->other);
    close_line(reporter);
}

static void add_left_out(struct text *out, const struct parity_target *target) {
    json_line_open(out, "left_out", '[');
    for (size_t i = 0; i < target->case_count; i++) {
        if (target->cases[i].state == PARITY_LEFT_OUT) {
            json_line_text(out, NULL, target->cases[i].test_case->id);
        }
    }
    json_line_close(out, ']');
}

static void ndjson_parity(struct reporter *reporter, const struct parity *parity) {
    for (size_t i = 0; i < parity->target_count; i++) {
        const struct parity_target *target = &parity->targets[i];
        for (size_t at = 0; at < target->case_count; at++) {
            if (target->cases[at].state == PARITY_DIFFERS) {
                write_pair(reporter, target, &target->cases[at]);
            }
        }
        struct text *out = open_line(reporter, "parity");
        json_line_text(out, "first", target->first);
        json_line_text(out, "target", target->target);
        json_line_unsigned(out, "compared", target->compared);
        json_line_unsigned(out, "without_times", target->loose);
        json_line_unsigned(out, "differ", target->differ);
        json_line_open(out, "not_compared", '{');
        for (enum verdict verdict = 0; verdict < VERDICT_COUNT; verdict++) {
            if (!verdict_is_comparable(verdict)) {
                json_line_unsigned(out, verdict_name(verdict), target->left_out[verdict]);
            }
        }
        json_line_close(out, '}');
        add_left_out(out, target);
        close_line(reporter);
    }
}

static bool ndjson_settle(struct reporter *reporter, int exit_code) {
    (void)exit_code;
    return sheet_settle(&((struct ndjson *)reporter)->sheet);
}

static void ndjson_end(struct reporter *reporter, int exit_code) {
    struct text *out = open_line(reporter, "end");
    json_line_number(out, "exit_code", exit_code);
    close_line(reporter);
}

static bool ndjson_close(struct reporter *reporter) {
    struct ndjson *ndjson = (struct ndjson *)reporter;
    bool written = sheet_close(&ndjson->sheet);
    free(ndjson);
    return written;
}

static const struct reporter_ops ndjson_ops = {
    ndjson_begin,  ndjson_target_begin, ndjson_case_done, ndjson_target_end,
    ndjson_parity, ndjson_settle,       ndjson_end,       ndjson_close,
};

struct reporter *reporter_ndjson_new(FILE *out) {
    struct ndjson *ndjson = malloc(sizeof *ndjson);
    if (!ndjson) {
        return NULL;
    }
    ndjson->reporter.ops = &ndjson_ops;
    sheet_init(&ndjson->sheet, out);
    return &ndjson->reporter;
}
