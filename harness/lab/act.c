#include "harness/lab/act.h"

#include "harness/base/value.h"
#include "harness/lab/act_parts.h"
#include "reference/base/instant.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum hp_status stage_init(struct stage *stage, const struct script *script, const char *run,
                          struct hp_problem *problem) {
    *stage =
        (struct stage){.script = script, .start_us = HP_INSTANT_NONE, .slot_count = script_slots(script)};
    text_put(stage->run, sizeof stage->run, run);
    stage->slots = calloc(stage->slot_count + 1, sizeof *stage->slots);
    if (!stage->slots) {
        return hp_problem_no_memory(problem);
    }
    for (unsigned i = 0; i < stage->slot_count; i++) {
        atomic_init(&stage->slots[i].known, false);
    }
    stage->began_ns = recorder_now_ns();
    return HP_OK;
}

void stage_release(struct stage *stage) {
    free(stage->slots);
    *stage = (struct stage){0};
}

static bool is_known(const struct stage *stage, unsigned slot) {
    return slot < stage->slot_count && atomic_load_explicit(&stage->slots[slot].known, memory_order_acquire);
}

unsigned stage_find(const struct stage *stage, const char *id) {
    for (unsigned i = 0; id && i < stage->slot_count; i++) {
        if (is_known(stage, i) && strcmp(stage->slots[i].id, id) == 0) {
            return i;
        }
    }
    return SCRIPT_SLOTS_MAX;
}

void stage_put_name(const struct stage *stage, const char *who, char name[STAGE_NAME_SIZE]) {
    snprintf(name, STAGE_NAME_SIZE, "%s-%.48s", who, stage->run);
}

void outcome_release(struct outcome *outcome) {
    json_decref(outcome->result);
    *outcome = (struct outcome){0};
}

uint32_t interrupt_answered_by(const json_t *interrupt) {
    const json_t *by = value_at(interrupt, "/response/data/by");
    return json_is_integer(by) && json_integer_value(by) >= 0 && json_integer_value(by) < UINT32_MAX
               ? (uint32_t)json_integer_value(by)
               : UINT32_MAX;
}

/* One call of an act; notes the refusal, or why there is no answer. */
static void call(struct player *player, const char *method, const struct text *params,
                 struct outcome *outcome) {
    struct answer answer = {0};
    const struct request request = {method, params->bytes, params->length_bytes, false};
    session_call(player->session, &request, player->stage->deadline_ms, &answer);
    outcome->return_ns = recorder_now_ns();
    outcome->end = answer.kind == ANSWER_RESULT    ? ACT_DONE
                   : answer.kind == ANSWER_REFUSED ? ACT_REFUSED
                                                   : ACT_LOST;
    text_put(outcome->error_name, sizeof outcome->error_name, answer.error_name);
    text_put(outcome->interrupt_status, sizeof outcome->interrupt_status, answer.interrupt_status);
    text_put(outcome->detail, sizeof outcome->detail, answer.detail);
    outcome->untold_status = answer.untold_status;
    outcome->unsendable = answer.kind == ANSWER_UNSENDABLE;
    if (outcome->end == ACT_DONE) {
        outcome->result = json_incref(answer.result);
    }
    answer_release(&answer);
}

/* What a call of the harness's own could not be made of is an answer that did not come. */
static void lose(struct outcome *outcome, const char *why) {
    outcome->end = ACT_LOST;
    outcome->return_ns = recorder_now_ns();
    text_put(outcome->detail, sizeof outcome->detail, why);
}

/* Goes on to the next page; the rows of all pages become one list, in order. False at the last page, or when the answer
 * is no page. */
static bool next_page(struct player *player, const struct act *act, struct outcome *outcome, json_t *rows) {
    json_t *page = outcome->result;
    const json_t *cursor = json_object_get(page, "next_cursor");
    struct text params = {0};
    if (json_array_extend(rows, json_object_get(page, "interrupts")) != 0 || !json_is_string(cursor)) {
        return false;
    }
    bool whole = act_add_page_params(&params, player->stage, act, json_string_value(cursor));
    outcome->result = NULL;
    if (whole) {
        call(player, "interrupt.list", &params, outcome);
    } else {
        lose(outcome, "out of memory");
    }
    text_release(&params);
    json_decref(page);
    return outcome->end == ACT_DONE;
}

/* A service whose pages never end would keep us here for ever. */
enum { PAGES_MAX = 10000 };

static void list_pages(struct player *player, const struct act *act, struct outcome *outcome) {
    json_t *rows = json_array();
    json_t *first = json_incref(outcome->result);
    unsigned pages = 1;
    while (next_page(player, act, outcome, rows)) {
        if (++pages > PAGES_MAX) {
            json_decref(outcome->result);
            outcome->result = NULL;
            lose(outcome, "the pages of a list do not end");
            break;
        }
    }
    if (outcome->end == ACT_DONE) {
        json_t *whole = json_object();
        json_object_set(whole, "total", json_object_get(first, "total"));
        json_object_set(whole, "interrupts", rows);
        json_decref(outcome->result);
        outcome->result = whole;
    }
    json_decref(first);
    json_decref(rows);
}

/* Without a clock to set, the time of a script is that of the world. */
static void wait_until(struct player *player, const struct act *act, struct outcome *outcome) {
    int64_t left_ns;
    while ((left_ns = player->stage->began_ns + act->clock_us * 1000 - recorder_now_ns()) > 0) {
        poll(NULL, 0, (int)(left_ns / 1000000 + 1));
    }
    outcome->end = ACT_DONE;
    outcome->return_ns = recorder_now_ns();
}

static const char *const methods[] = {[ACT_CREATE] = "interrupt.create",
                                      [ACT_RESPOND] = "interrupt.respond",
                                      [ACT_CANCEL] = "interrupt.cancel",
                                      [ACT_GET] = "interrupt.get",
                                      [ACT_LIST] = "interrupt.list",
                                      [ACT_PENDING] = "interrupt.pending_for_request",
                                      [ACT_SWEEP] = "interrupt.expire_pending",
                                      [ACT_CLOCK] = "clock.set"};

static bool needs_slot(const struct act *act) {
    return act->kind == ACT_RESPOND || act->kind == ACT_CANCEL || act->kind == ACT_GET;
}

/* The id of what was created, for everybody from now on. */
static void fill_slot(struct stage *stage, const struct act *act, const struct outcome *outcome) {
    const json_t *id = value_at(outcome->result, "/interrupt/id");
    struct slot *slot = &stage->slots[act->slot];
    if (outcome->end == ACT_DONE && json_is_string(id) && json_string_length(id) < STAGE_ID_SIZE) {
        text_put(slot->id, sizeof slot->id, json_string_value(id));
        atomic_store_explicit(&slot->known, true, memory_order_release);
    }
}

void act_perform(struct player *player, const struct act *act, struct outcome *outcome) {
    struct stage *stage = player->stage;
    struct text params = {0};
    struct call_record call_record;
    if (needs_slot(act) && !is_known(stage, act->slot)) {
        return;
    }
    outcome->by = recording_client(player->recording);
    call_record_begin(&call_record, player, act);
    outcome->invoke_ns = recorder_now_ns();
    if (act->kind == ACT_CLOCK && !stage->has_clock) {
        wait_until(player, act, outcome);
    } else if (!call_record.failed && act_add_params(&params, stage, act, outcome->by)) {
        call(player, methods[act->kind], &params, outcome);
    } else {
        lose(outcome, "out of memory");
    }
    if (act->kind == ACT_LIST && outcome->end == ACT_DONE) {
        list_pages(player, act, outcome);
    }
    if (act->kind == ACT_CREATE) {
        fill_slot(stage, act, outcome);
    }
    call_record_end(&call_record, player, act, outcome);
    text_release(&params);
}
