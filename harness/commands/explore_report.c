#include "harness/commands/explore_report.h"

#include "harness/report/escape.h"
#include "harness/report/exhibit.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { SECOND_NS = 1000000000 };
/* How often the progress is told: on a terminal, and in a pipe. */
static const int64_t intervals_ns[] = {INT64_C(5) * SECOND_NS, SECOND_NS / 10};

static double seconds_since(int64_t start_ns) {
    return (double)(recorder_now_ns() - start_ns) / SECOND_NS;
}

static void erase(struct explore_report *report) {
    if (report->line_shown) {
        fputs("\r\x1b[K", report->out);
        report->line_shown = false;
    }
}

void explore_report_progress(struct explore_report *report, const struct explore_tally *tally,
                             uint64_t found) {
    int64_t now_ns = recorder_now_ns();
    if (now_ns - report->shown_ns < intervals_ns[report->is_terminal]) {
        return;
    }
    report->shown_ns = now_ns;
    erase(report);
    fprintf(report->out,
            "  %.0f s: %" PRIu64 " runs, %" PRIu64 " operations, %" PRIu64 " overlaps, %" PRIu64 " found",
            seconds_since(report->start_ns), tally->runs, tally->operations, tally->overlaps, found);
    fputs(report->is_terminal ? "" : "\n", report->out);
    report->line_shown = report->is_terminal;
    fflush(report->out);
}

/* Lines as they are, made safe one by one. */
static void print_lines(struct explore_report *report, const char *indent, const char *lines) {
    struct text safe = {0};
    for (const char *at = lines; at && *at; at += *at == '\n') {
        size_t length_bytes = strcspn(at, "\n");
        char *line = text_copy_bytes(at, length_bytes);
        text_add(&safe, length_bytes > 0 ? indent : "");
        escape_terminal(&safe, line);
        text_add_byte(&safe, '\n');
        safe.failed = safe.failed || !line;
        free(line);
        at += length_bytes;
    }
    fputs(safe.failed ? "out of memory\n" : safe.bytes ? safe.bytes : "", report->out);
    text_release(&safe);
}

void explore_report_line(struct explore_report *report, const char *format, ...) {
    struct text line = {0};
    va_list arguments;
    va_start(arguments, format);
    text_addv(&line, format, arguments);
    va_end(arguments);
    erase(report);
    print_lines(report, "", line.failed ? "out of memory" : line.bytes);
    fflush(report->out);
    text_release(&line);
}

static void add_seeds(struct text *text, const struct script *script) {
    for (size_t i = 0; i < script->seed_count; i++) {
        const struct seed *seed = &script->seeds[i];
        text_addf(text, "%-11s #%zu %s of %s", i == 0 ? "interrupts" : "", i, seed_kind_name(seed->kind),
                  owner_name(seed->owner));
        if (seed->ttl_us == SEED_TTL_NEVER) {
            text_add(text, ", for ever");
        } else if (seed->ttl_us != SEED_TTL_DEFAULT) {
            text_addf(text, ", for %g s", (double)seed->ttl_us / 1e6);
        }
        text_add(text, "\n");
    }
}

/* What each client did, and what it was answered. */
static void add_clients(struct text *text, const struct attempt *attempt) {
    const struct performance *performance = &attempt->performance;
    const struct script *script = performance->stage.script;
    for (size_t i = 0; performance->outcomes && i < script->client_count; i++) {
        char label[32];
        snprintf(label, sizeof label, "client %zu", i + 1);
        if (script->clients[i].endpoint > 0) {
            text_addf(text, "%-11s on endpoint %u\n", label, script->clients[i].endpoint);
        }
        for (size_t j = 0; j < script->clients[i].act_count; j++) {
            const struct act *act = &script->clients[i].acts[j];
            text_addf(text, "%-11s ", j == 0 && script->clients[i].endpoint == 0 ? label : "");
            act_add_words(text, act);
            text_add(text, " -> ");
            outcome_add_word(text, &performance->stage, act, &performance->outcomes[i][j]);
            text_add(text, "\n");
        }
    }
}

static void add_pursuit(struct text *text, const struct pursuit *pursuit) {
    const struct recurrence *recurrence = &pursuit->recurrence;
    if (recurrence->returns == 0) {
        text_addf(text, "It did not come back in %u more plays.\n", recurrence->plays);
        return;
    }
    size_t clients = pursuit->script.client_count, acts = script_acts(&pursuit->script);
    text_addf(
        text,
        "Smaller: %zu client%s %s, %zu act%s, after %zu scripts tried%s; it comes back in %u of %u plays.\n",
        clients, clients == 1 ? "" : "s", way_name(script_way(&pursuit->script, pursuit->way)), acts,
        acts == 1 ? "" : "s", pursuit->tries,
        pursuit->out_of_time ? " (out of time: a smaller one may do)" : "", recurrence->returns,
        recurrence->plays);
}

void explore_report_finding(struct explore_report *report, const struct explore_finding *finding) {
    const struct pursuit *pursuit = finding->pursuit;
    bool returned = pursuit && pursuit->last.performance.stage.script;
    const struct attempt *attempt = returned ? &pursuit->last : &finding->run->attempt;
    const struct finding *one =
        returned ? review_find(&attempt->review, finding->finding->class) : finding->finding;
    struct text text = {0};
    if (pursuit) {
        add_pursuit(&text, pursuit);
    }
    text_add(&text, "\n");
    add_seeds(&text, attempt->performance.stage.script);
    add_clients(&text, attempt);
    text_add(&text, "\n");
    exhibit_add(&text, &(struct exhibit){.performance = &attempt->performance,
                                         .finding = one,
                                         .title = finding->name,
                                         .note = finding->note,
                                         .folder = finding->folder,
                                         .name = finding->name,
                                         .repeat = finding->repeat});
    erase(report);
    print_lines(report, "  ", text.failed ? "out of memory" : text.bytes);
    fputs("\n", report->out);
    fflush(report->out);
    text_release(&text);
}

static void print_clients(FILE *out, const struct explore_tally *tally) {
    fputs("by clients:", out);
    for (unsigned i = 1; i <= DRAW_CLIENTS_MAX; i++) {
        if (tally->by_clients[i] > 0) {
            fprintf(out, "  %u: %" PRIu64, i, tally->by_clients[i]);
        }
    }
    fputs("\n", out);
}

static void print_found(FILE *out, const uint64_t found[FINDING_CLASSES], uint64_t disagreements) {
    uint64_t all = disagreements;
    fputs("found:", out);
    for (unsigned i = 0; i < FINDING_CLASSES; i++) {
        if (found[i] > 0) {
            fprintf(out, " %s (%" PRIu64 ")", finding_class_name((enum finding_class)i), found[i]);
            all += found[i];
        }
    }
    if (disagreements > 0) {
        fprintf(out, " disagreement (%" PRIu64 ")", disagreements);
    }
    fputs(all == 0 ? " nothing\n" : "\n", out);
}

void explore_report_end(struct explore_report *report, const struct explore_tally *tally,
                        const struct explore *explore, uint64_t first, const uint64_t found[FINDING_CLASSES],
                        uint64_t disagreements) {
    double seconds = seconds_since(report->start_ns);
    erase(report);
    fprintf(report->out, "%" PRIu64 " runs", tally->runs);
    for (unsigned i = 0; i < WAY_COUNT; i++) {
        fprintf(report->out, "%s%" PRIu64 " %s", i == 0 ? " (" : ", ", tally->by_way[i],
                way_name((enum way)i));
    }
    fprintf(report->out, "; %" PRIu64 " of those that must agree with themselves were played twice)\n",
            tally->repeated);
    fprintf(report->out,
            "%" PRIu64 " operations in %.1f s, %.0f a second; %" PRIu64
            " pairs of calls overlapped on one interrupt\n",
            tally->operations, seconds, seconds > 0 ? (double)tally->operations / seconds : 0,
            tally->overlaps);
    print_clients(report->out, tally);
    fprintf(report->out, "seed %" PRIu64, explore->arena->seed);
    if (explore->next > first) {
        fprintf(report->out, ", runs %" PRIu64 " to %" PRIu64, first, explore->next - 1);
    }
    fputs("\n", report->out);
    print_found(report->out, found, disagreements);
}
