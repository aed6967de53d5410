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
    stage->lock = malloc(sizeof *stage->lock);
    if (!stage->slots || !stage->lock || pthread_mutex_init(stage->lock, NULL) != 0) {
        free(stage->lock);
        stage->lock = NULL;
        return hp_problem_no_memory(problem);
    }
    stage->began_ns = recorder_now_ns();
    return HP_OK;
}

void stage_release(struct stage *stage) {
    if (stage->lock) {
        pthread_mutex_destroy(stage->lock);
    }
    free(stage->lock);
    free(stage->slots);
    *stage = (struct stage){0};
}

static void lock(const struct stage *stage) {
    if (stage->lock) {
        pthread_mutex_lock(stage->lock);
    }
}

static void unlock(const struct stage *stage) {
    if (stage->lock) {
        pthread_mutex_unlock(stage->lock);
    }
}

void stage_fail(struct stage *stage) {
    lock(stage);
    stage->failed = true;
    unlock(stage);
}

bool stage_knows(const struct stage *stage, unsigned slot) {
    lock(stage);
    bool known = slot < stage->slot_count && stage->slots[slot].known;
    unlock(stage);
    return known;
}

unsigned stage_find(const struct stage *stage, const char *id) {
    unsigned found = SCRIPT_SLOTS_MAX;
    lock(stage);
    for (unsigned i = 0; id && i < stage->slot_count && found == SCRIPT_SLOTS_MAX; i++) {
        if (stage->slots[i].known && strcmp(stage->slots[i].id, id) == 0) {
            found = i;
        }
    }
    unlock(stage);
    return found;
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

/* An answer that did not come, or is none. */
static void lose(struct outcome *outcome, const char *why) {
    json_decref(outcome->result);
    outcome->result = NULL;
    outcome->end = ACT_LOST;
    outcome->return_ns = recorder_now_ns();
    text_put(outcome->detail, sizeof outcome->detail, why);
}

/* What memory did not suffice for is no fault of the service. */
static void run_out(struct stage *stage, struct outcome *outcome) {
    stage_fail(stage);
    lose(outcome, "out of memory");
}

/* Goes on to the next page; the rows of all pages become one list, in order. False at the last page, or when the answer
 * is no page. */
static bool next_page(struct player *player, const struct act *act, struct outcome *outcome, json_t *rows) {
    json_t *page = outcome->result;
    const json_t *more = json_object_get(page, "interrupts");
    const json_t *cursor = json_object_get(page, "next_cursor");
    struct text params = {0};
    if (json_is_array(more) && json_array_extend(rows, (json_t *)more) != 0) {
        run_out(player->stage, outcome);
        return false;
    }
    if (!json_is_array(more) || !json_is_string(cursor)) {
        return false;
    }
    bool whole = act_add_page_params(&params, player->stage, act, json_string_value(cursor));
    outcome->result = NULL;
    if (whole) {
        call(player, "interrupt.list", &params, outcome);
    } else {
        run_out(player->stage, outcome);
    }
    text_release(&params);
    json_decref(page);
    return outcome->end == ACT_DONE;
}

/* A service whose pages never end would keep us here for ever. */
enum { PAGES_MAX = 10000 };

/* One answer in place of those of all pages. A page without rows stands for all as it is: it is no answer. */
static void join_pages(struct player *player, struct outcome *outcome, const json_t *first, json_t *rows) {
    json_t *whole = json_object();
    const json_t *total = json_object_get(first, "total");
    if (!json_is_array(json_object_get(outcome->result, "interrupts"))) {
        json_decref(whole);
        return;
    }
    if ((total && json_object_set(whole, "total", (json_t *)total) != 0) ||
        json_object_set(whole, "interrupts", rows) != 0) {
        json_decref(whole);
        run_out(player->stage, outcome);
        return;
    }
    json_decref(outcome->result);
    outcome->result = whole;
}

static void list_pages(struct player *player, const struct act *act, struct outcome *outcome) {
    json_t *rows = json_array();
    json_t *first = json_incref(outcome->result);
    unsigned pages = 1;
    while (next_page(player, act, outcome, rows)) {
        if (++pages > PAGES_MAX) {
            lose(outcome, "the pages of a list do not end");
            break;
        }
    }
    if (outcome->end == ACT_DONE) {
        join_pages(player, outcome, first, rows);
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
                                      [ACT_CLOCK] = "clock.set",
                                      [ACT_RESUME] = "flow.resume",
                                      [ACT_CHECK] = "ratelimit.check"};

/* The id of what was created, for everybody from now on. */
static void fill_slot(struct stage *stage, const struct act *act, const struct outcome *outcome) {
    const json_t *id = value_at(outcome->result, "/interrupt/id");
    struct slot *slot = &stage->slots[act->slot];
    if (outcome->end == ACT_DONE && json_string_length(id) > 0 && json_string_length(id) < STAGE_ID_SIZE) {
        lock(stage);
        text_put(slot->id, sizeof slot->id, json_string_value(id));
        slot->known = true;
        unlock(stage);
    }
}

void act_perform(struct player *player, const struct act *act, struct outcome *outcome) {
    struct stage *stage = player->stage;
    struct text params = {0};
    struct call_record call_record;
    if (act_kind_works(act->kind) && !stage_knows(stage, act->slot)) {
        return;
    }
    if (act->kind == ACT_RESUME) {
        recording_rename(
            player->recording); /* whether a flow goes on by this response or by an earlier one must show */
    }
    outcome->by = recording_client(player->recording);
    call_record_begin(&call_record, player, act);
    outcome->invoke_ns = recorder_now_ns();
    if (act->kind == ACT_CLOCK && !stage->has_clock) {
        wait_until(player, act, outcome);
    } else if (!call_record.failed && act_add_params(&params, stage, act, outcome->by)) {
        call(player, methods[act->kind], &params, outcome);
    } else {
        run_out(stage, outcome);
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
