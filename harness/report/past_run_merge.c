#include "harness/report/past_run_merge.h"
#include "harness/report/past_run_alike.h"
#include "reference/base/text.h"

#include <stdlib.h>
#include <string.h>

/* Which result of which part stands at each place of the whole. */
struct spot {
    const struct past_run *part; /* NULL: none yet */
    size_t at;
};

struct merging {
    const struct past_run *parts;
    size_t count;
    struct past_run *merged;
    struct spot *spots; /* by the order of the selection */
    struct hp_problem *problem;
};

static const struct past_run *find_part(const struct merging *merging, unsigned index) {
    for (size_t i = 0; i < merging->count; i++) {
        if (merging->parts[i].header.shard.index == index) {
            return &merging->parts[i];
        }
    }
    return NULL;
}

static enum hp_status check_parts(const struct merging *merging) {
    const struct past_run *first = &merging->parts[0];
    for (size_t i = 0; i < merging->count; i++) {
        const struct past_run *part = &merging->parts[i];
        const struct shard *shard = &part->header.shard;
        if (shard->count == 0) {
            return hp_problem_set(
                merging->problem, HP_INVALID, NULL,
                "%s is a whole run, made without --shard; there is nothing to merge it with", part->path);
        }
        if (shard->count != first->header.shard.count) {
            return hp_problem_set(merging->problem, HP_INVALID, NULL, "%s is one of %u parts, %s one of %u",
                                  first->path, first->header.shard.count, part->path, shard->count);
        }
        if (find_part(merging, shard->index) != part) {
            return hp_problem_set(merging->problem, HP_INVALID, NULL,
                                  "part %u of %u is there twice: %s and %s", shard->index, shard->count,
                                  find_part(merging, shard->index)->path, part->path);
        }
    }
    return HP_OK;
}

static enum hp_status complain_missing_parts(const struct merging *merging) {
    struct text names = {0};
    unsigned of = merging->parts[0].header.shard.count, first = 0;
    for (unsigned index = 1; index <= of; index++) {
        if (!find_part(merging, index)) {
            text_addf(&names, "%s%u", first ? ", " : "", index);
            first = first ? first : index;
        }
    }
    enum hp_status status =
        names.failed ? hp_problem_no_memory(merging->problem)
                     : hp_problem_set(merging->problem, HP_INVALID, NULL,
                                      "of %u parts these are missing: %s; `--shard %u/%u` makes part %u", of,
                                      names.bytes, first, of, first);
    text_release(&names);
    return status;
}

/* Puts down where each case of a part belongs. Cases stand in the order of the whole, so the place is soon found. */
static enum hp_status place_part(struct merging *merging, const struct past_run *part) {
    const struct run_header *whole = &merging->parts[0].header;
    size_t place = 0;
    for (size_t at = 0; at < part->case_count; at++) {
        const char *id = part->cases[at].id;
        size_t tried = 0;
        while (tried < whole->selection_count &&
               strcmp(whole->selection[place % whole->selection_count], id) != 0) {
            place++;
            tried++;
        }
        if (tried == whole->selection_count) {
            return hp_problem_set(merging->problem, HP_INVALID, NULL,
                                  "%s has the case %s, which the selection lacks", part->path, id);
        }
        place %= whole->selection_count;
        if (merging->spots[place].part) {
            return hp_problem_set(merging->problem, HP_INVALID, NULL,
                                  "the case %s is there twice: in %s and %s", id,
                                  merging->spots[place].part->path, part->path);
        }
        merging->spots[place] = (struct spot){part, at};
        place++;
    }
    return HP_OK;
}

static enum hp_status place_all(struct merging *merging) {
    const struct run_header *whole = &merging->parts[0].header;
    enum hp_status status = HP_OK;
    for (size_t i = 0; i < merging->count && status == HP_OK; i++) {
        status = place_part(merging, &merging->parts[i]);
    }
    if (status == HP_OK && merging->count < whole->shard.count) {
        return complain_missing_parts(merging);
    }
    for (size_t i = 0; status == HP_OK && i < whole->selection_count; i++) {
        if (!merging->spots[i].part) {
            status = hp_problem_set(merging->problem, HP_INVALID, NULL,
                                    "the case %s is missing: it is selected, and in none of the reports",
                                    whole->selection[i]);
        }
    }
    return status;
}

/* The command without the part, which stands at its end; NULL when memory runs out. */
static char *whole_command(const struct run_header *header) {
    struct text part = {0};
    text_addf(&part, " --shard %u/%u", header->shard.index, header->shard.count);
    size_t length = strlen(header->command);
    char *command = NULL;
    if (!part.failed) {
        bool ends_so = length >= part.length_bytes &&
                       strcmp(header->command + length - part.length_bytes, part.bytes) == 0;
        command = text_copy_bytes(header->command, length - (ends_so ? part.length_bytes : 0));
    }
    text_release(&part);
    return command;
}

static bool make_head(struct merging *merging) {
    struct past_run *merged = merging->merged;
    const struct past_run *first = &merging->parts[0];
    size_t count = first->header.selection_count;
    merged->header = first->header;
    merged->header.shard = (struct shard){0};
    merged->header.selection = NULL;
    merged->header.selection_count = 0;
    merged->header.command = merged->command = whole_command(&first->header);
    merged->header.selected = merged->case_count = count;
    merged->cases = calloc(count + 1, sizeof *merged->cases);
    merged->selected = calloc(count + 1, sizeof *merged->selected);
    merged->targets = calloc(first->target_count + 1, sizeof *merged->targets);
    if (!merged->command || !merged->cases || !merged->selected || !merged->targets) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const struct spot *spot = &merging->spots[i];
        merged->cases[i] = spot->part->cases[spot->at];
        merged->selected[i] = &merged->cases[i];
    }
    merged->header.cases = merged->selected;
    return true;
}

static bool is_among(const char *const *texts, size_t count, const char *text) {
    for (size_t i = 0; i < count; i++) {
        if (strcmp(texts[i], text) == 0) {
            return true;
        }
    }
    return false;
}

/* What is wrong with a baseline as a whole is told by each part. */
static bool merge_problems(const struct merging *merging, size_t target, struct past_target *merged) {
    struct target_summary *summary = &merged->summary;
    size_t room = 1;
    for (size_t i = 0; i < merging->count; i++) {
        room += merging->parts[i].targets[target].summary.baseline_problem_count;
    }
    merged->problems = calloc(room, sizeof *merged->problems);
    for (size_t i = 0; merged->problems && i < merging->count; i++) {
        const struct target_summary *part = &merging->parts[i].targets[target].summary;
        for (size_t at = 0; at < part->baseline_problem_count; at++) {
            const char *one = part->baseline_problems[at];
            if (!is_among(merged->problems, summary->baseline_problem_count, one)) {
                merged->problems[summary->baseline_problem_count++] = one;
            }
        }
    }
    summary->baseline_problems = merged->problems;
    return merged->problems;
}

static bool merge_target(struct merging *merging, size_t target) {
    struct past_run *run = merging->merged;
    struct past_target *merged = &run->targets[run->target_count++];
    struct target_summary *summary = &merged->summary;
    *summary = (struct target_summary){.target = merging->parts[0].targets[target].summary.target};
    merged->results = calloc(run->case_count + 1, sizeof *merged->results);
    if (!merged->results || !merge_problems(merging, target, merged)) {
        return false;
    }
    for (size_t i = 0; i < merging->count; i++) {
        const struct target_summary *part = &merging->parts[i].targets[target].summary;
        summary->hello = summary->hello ? summary->hello : part->hello;
        summary->down = summary->down ? summary->down : part->down;
        summary->duration_us += part->duration_us;
    }
    for (size_t i = 0; i < run->case_count; i++) {
        const struct spot *spot = &merging->spots[i];
        merged->results[i] = spot->part->targets[target].results[spot->at];
        merged->results[i].test_case = &run->cases[i];
        tally_add(&summary->tally, merged->results[i].verdict);
    }
    summary->results = merged->results;
    summary->result_count = run->case_count;
    return true;
}

static bool merge_parity_target(struct merging *merging, size_t at) {
    struct past_run *run = merging->merged;
    struct parity_target *merged = &run->parity.targets[run->parity.target_count++];
    merged->first = merging->parts[0].parity.targets[at].first;
    merged->target = merging->parts[0].parity.targets[at].target;
    merged->case_count = run->case_count;
    merged->cases = calloc(run->case_count + 1, sizeof *merged->cases);
    for (size_t i = 0; i < merging->count; i++) {
        const struct parity_target *part = &merging->parts[i].parity.targets[at];
        merged->compared += part->compared;
        merged->differ += part->differ;
        merged->loose += part->loose;
        for (enum verdict verdict = 0; verdict < VERDICT_COUNT; verdict++) {
            merged->left_out[verdict] += part->left_out[verdict];
        }
    }
    for (size_t i = 0; merged->cases && i < run->case_count; i++) {
        const struct spot *spot = &merging->spots[i];
        merged->cases[i] = spot->part->parity.targets[at].cases[spot->at];
        merged->cases[i].test_case = &run->cases[i];
    }
    return merged->cases;
}

static bool merge_results(struct merging *merging) {
    struct past_run *run = merging->merged;
    const struct past_run *first = &merging->parts[0];
    bool done = make_head(merging);
    for (size_t i = 0; done && i < first->target_count; i++) {
        done = merge_target(merging, i);
    }
    run->parity.targets = calloc(first->parity.target_count + 1, sizeof *run->parity.targets);
    done = done && run->parity.targets;
    for (size_t i = 0; done && i < first->parity.target_count; i++) {
        done = merge_parity_target(merging, i);
    }
    return done;
}

/* A part of which nothing could run came to 1, which the whole need not; one that broke or was interrupted for a reason
 * that no case shows stays so. */
static int merge_code(const struct merging *merging) {
    int code = past_run_conclude(merging->merged);
    for (size_t i = 0; i < merging->count; i++) {
        int part = merging->parts[i].exit_code;
        code = part >= REPORT_BROKEN_CODE && part > code ? part : code;
    }
    return code;
}

enum hp_status past_run_merge(const struct past_run *parts, size_t count, struct past_run *merged,
                              struct hp_problem *problem) {
    struct merging merging = {parts, count, merged, NULL, problem};
    *merged = (struct past_run){0};
    enum hp_status status = check_parts(&merging);
    for (size_t i = 1; i < count && status == HP_OK; i++) {
        status = past_run_check_alike(&parts[0], &parts[i], true, problem);
    }
    if (status == HP_OK) {
        merging.spots = calloc(parts[0].header.selection_count + 1, sizeof *merging.spots);
        status = merging.spots ? place_all(&merging) : hp_problem_no_memory(problem);
    }
    if (status == HP_OK && !merge_results(&merging)) {
        status = hp_problem_no_memory(problem);
    }
    merged->exit_code = status == HP_OK ? merge_code(&merging) : REPORT_BROKEN_CODE;
    free(merging.spots);
    return status;
}
