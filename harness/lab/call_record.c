#include "harness/base/value.h"
#include "harness/lab/act_parts.h"

#include <stdlib.h>
#include <string.h>

/* The status of an answer as a history has it; SHOWN_NOTHING for a word that is none. */
static enum shown shown_of(const char *status) {
    for (unsigned shown = SHOWN_PENDING; status && shown < SHOWN_COUNT; shown++) {
        if (strcmp(status, shown_name(shown)) == 0) {
            return (enum shown)shown;
        }
    }
    return SHOWN_NOTHING;
}

/* Makes room for more records; false when memory runs out. */
static bool grow(struct call_record *call) {
    size_t room = call->room ? call->room * 2 : 4;
    struct recorded *records = realloc(call->records, room * sizeof *records);
    if (!records) {
        return false;
    }
    call->records = records;
    char(*ids)[STAGE_ID_SIZE] = realloc(call->ids, room * sizeof *ids);
    if (!ids) {
        return false;
    }
    call->ids = ids;
    call->room = room;
    return true;
}

/* One more record about an interrupt; NULL when memory runs out. */
static struct recorded *add(struct call_record *call, enum operation_kind kind, const char *id) {
    if (call->count == call->room && !grow(call)) {
        call->failed = true;
        return NULL;
    }
    struct recorded *record = &call->records[call->count];
    text_put(call->ids[call->count], STAGE_ID_SIZE, id);
    *record = (struct recorded){.kind = kind, .expires_ns = HISTORY_NEVER, .answered_by = UINT32_MAX};
    call->count++;
    return record;
}

/* Keys point into an array that grows, so they are set when it is done. */
static void set_keys(struct call_record *call) {
    for (size_t i = 0; i < call->count; i++) {
        call->records[i].key = call->ids[i];
    }
}

/* An id that is one; NULL for anything else. */
static const char *id_of(const json_t *id) {
    size_t length = json_string_length(id);
    return length > 0 && length < STAGE_ID_SIZE && strlen(json_string_value(id)) == length
               ? json_string_value(id)
               : NULL;
}

static unsigned filter_of(enum list_status status) {
    static const unsigned filters[] = {
        [LIST_PENDING] = 1u << SHOWN_PENDING,
        [LIST_RESOLVED] = 1u << SHOWN_RESOLVED,
        [LIST_CANCELLED] = 1u << SHOWN_CANCELLED,
        [LIST_EXPIRED] = 1u << SHOWN_EXPIRED,
        [LIST_ALL] = 1u << SHOWN_PENDING | 1u << SHOWN_RESOLVED | 1u << SHOWN_CANCELLED | 1u << SHOWN_EXPIRED,
    };
    return filters[status];
}

/* One record for each interrupt that is known now: of a list those of its owner. */
static void add_known(struct call_record *call, const struct player *player, const struct act *act,
                      enum operation_kind kind) {
    const struct stage *stage = player->stage;
    for (unsigned i = 0; i < stage->slot_count; i++) {
        const struct seed *seed = script_seed(stage->script, i);
        bool listed = act->kind == ACT_SWEEP || (seed && seed->owner == act->owner);
        if (!listed || !stage_knows(stage, i)) {
            continue;
        }
        struct recorded *record = add(call, kind, stage->slots[i].id);
        if (record) {
            record->filter = filter_of(act->kind == ACT_LIST ? act->status : LIST_PENDING);
            record->result = kind == OPERATION_EXPIRE ? RESULT_NONE : RESULT_OMITTED;
        }
    }
}

void call_record_begin(struct call_record *call, struct player *player, const struct act *act) {
    *call = (struct call_record){0};
    const struct seed *seed = script_seed(player->stage->script, act->slot);
    enum owner owner = seed ? seed->owner : OWNER_ANN;
    bool stranger = act->as == AS_STRANGER;
    stage_put_name(player->stage, owner_name(stranger ? (owner == OWNER_ANN ? OWNER_BOB : OWNER_ANN) : owner),
                   call->user);
    if (act_kind_works(act->kind)) {
        const enum operation_kind kinds[] = {[ACT_RESPOND] = OPERATION_RESPOND,
                                             [ACT_CANCEL] = OPERATION_CANCEL,
                                             [ACT_GET] = OPERATION_GET,
                                             [ACT_RESUME] = OPERATION_RESPOND};
        struct recorded *record = add(call, kinds[act->kind], player->stage->slots[act->slot].id);
        if (record) {
            record->user = act->kind == ACT_GET || act->as == AS_TRUSTED ? NULL : call->user;
        }
    } else if (act->kind == ACT_SWEEP) {
        add_known(call, player, act, OPERATION_EXPIRE);
    } else if (act->kind == ACT_LIST || act->kind == ACT_PENDING) {
        add_known(call, player, act, OPERATION_LIST);
    }
    set_keys(call);
    recording_call(player->recording, call->records, call->count);
}

/* What a shown interrupt says. */
static void show(struct recorded *record, const json_t *interrupt) {
    record->result = RESULT_SHOWN;
    record->shown = shown_of(json_string_value(json_object_get(interrupt, "status")));
    record->answered_by = interrupt_answered_by(interrupt);
}

/* False for a state of an answer that no history can hold: then nothing is said of the interrupt. */
static bool is_sound(const struct recorded *record) {
    return record->result != RESULT_SHOWN ||
           (record->shown != SHOWN_NOTHING &&
            (record->shown != SHOWN_RESOLVED || record->answered_by != UINT32_MAX));
}

static struct recorded *find(struct call_record *call, const char *id) {
    for (size_t i = 0; id && i < call->count; i++) {
        if (strcmp(call->ids[i], id) == 0) {
            return &call->records[i];
        }
    }
    return NULL;
}

/* The record about that interrupt, whether it was known before or not; NULL when memory runs out. */
static struct recorded *find_or_add(struct call_record *call, enum operation_kind kind, const char *id) {
    struct recorded *record = find(call, id);
    return record ? record : add(call, kind, id);
}

/* A row that a list shows; false for one that nobody can tell from others. */
static bool take_row(struct call_record *call, const struct act *act, const json_t *row) {
    const char *id = id_of(json_object_get(row, "id"));
    struct recorded *record = id ? find_or_add(call, OPERATION_LIST, id) : NULL;
    if (record) {
        record->filter = filter_of(act->kind == ACT_LIST ? act->status : LIST_PENDING);
        show(record, row);
    }
    return id != NULL;
}

static bool take_rows(struct call_record *call, const struct act *act, const struct outcome *outcome) {
    const json_t *rows = json_object_get(outcome->result, "interrupts");
    bool whole = json_is_array(rows);
    for (size_t i = 0; whole && i < json_array_size(rows); i++) {
        whole = take_row(call, act, json_array_get(rows, i));
    }
    return whole;
}

/* The newest pending one, which says nothing of older ones; none says that no other is pending. */
static bool take_pending(struct call_record *call, const struct act *act, const struct outcome *outcome) {
    const json_t *interrupt = json_object_get(outcome->result, "interrupt");
    if (!interrupt || json_is_null(interrupt)) {
        return true;
    }
    call->count = 0;
    return take_row(call, act, interrupt);
}

static bool take_ids(struct call_record *call, const struct outcome *outcome) {
    const json_t *ids = json_object_get(outcome->result, "ids");
    bool whole = json_is_array(ids);
    for (size_t i = 0; whole && i < json_array_size(ids); i++) {
        const char *id = id_of(json_array_get(ids, i));
        struct recorded *record = id ? find_or_add(call, OPERATION_EXPIRE, id) : NULL;
        whole = id != NULL;
        if (record) {
            record->result = RESULT_OK;
        }
    }
    return whole;
}

static bool take_creation(struct call_record *call, const struct player *player, const struct act *act,
                          const struct outcome *outcome) {
    const char *id = id_of(value_at(outcome->result, "/interrupt/id"));
    struct recorded *record = id ? add(call, OPERATION_CREATE, id) : NULL;
    if (!record) {
        return id != NULL;
    }
    stage_put_name(player->stage, owner_name(act->seed.owner), call->user);
    record->user = call->user;
    record->checkpoint = act->seed.kind == SEED_CHECKPOINT;
    record->result = RESULT_OK;
    if (!player->stage->has_clock && seed_expires(&act->seed)) {
        int64_t called_ns = outcome->invoke_ns + (outcome->return_ns - outcome->invoke_ns) / 2;
        record->expires_ns = called_ns + seed_ttl_us(&act->seed) * 1000;
    }
    return true;
}

/* Of the interrupt that was asked for; another one says nothing of it. */
static bool take_get(struct call_record *call, const struct outcome *outcome) {
    const json_t *interrupt = json_object_get(outcome->result, "interrupt");
    const char *id = id_of(json_object_get(interrupt, "id"));
    bool same = id && call->count == 1 && strcmp(id, call->ids[0]) == 0;
    if (same) {
        show(&call->records[0], interrupt);
    }
    return same;
}

/* A resumption gives its response where one is awaited, and then is an answer like any other; where somebody has answered before it is
 * a read of that. */
static bool take_resumption(struct call_record *call, const struct outcome *outcome) {
    const json_t *interrupt = value_at(outcome->result, "/envelope/interrupt");
    const char *id = id_of(json_object_get(interrupt, "id"));
    struct recorded *record = &call->records[0];
    bool same = id && strcmp(id, call->ids[0]) == 0;
    if (same && interrupt_answered_by(interrupt) == outcome->by) {
        record->result = RESULT_OK;
    } else if (same) {
        record->kind = OPERATION_GET;
        record->user = NULL;
        show(record, interrupt);
    }
    return same;
}

/* Of a resumption that was refused as a conflict nobody can tell whether its response was taken, but where the interrupt ended without
 * one: the flow may have gone on meanwhile behind that very response. */
static bool tells_the_end(const struct outcome *outcome) {
    return strcmp(outcome->error_name, "conflict") != 0 ||
           strcmp(outcome->interrupt_status, "cancelled") == 0 ||
           strcmp(outcome->interrupt_status, "expired") == 0;
}

/* What a refusal says; false when it says nothing that a history holds. */
static bool take_refusal(struct recorded *record, const struct outcome *outcome) {
    static const struct {
        const char *name;
        enum operation_result result;
    } results[] = {
        {"conflict", RESULT_CONFLICT}, {"forbidden", RESULT_FORBIDDEN}, {"not_found", RESULT_NOT_FOUND}};
    for (size_t i = 0; i < sizeof results / sizeof results[0]; i++) {
        if (strcmp(outcome->error_name, results[i].name) != 0) {
            continue;
        }
        record->result = results[i].result;
        if (record->kind == OPERATION_GET && record->result == RESULT_NOT_FOUND) {
            record->result = RESULT_SHOWN;
            record->shown = SHOWN_ABSENT;
        } else if (record->result == RESULT_CONFLICT) {
            record->shown = shown_of(outcome->interrupt_status);
            record->shown = record->shown == SHOWN_PENDING ? SHOWN_NOTHING : record->shown;
        }
        return record->kind != OPERATION_GET || record->result == RESULT_SHOWN;
    }
    return false;
}

/* False for an answer that is none: of a sweep or a write it is as good as lost, of a read it says nothing. */
static bool take_answer(struct call_record *call, const struct player *player, const struct act *act,
                        const struct outcome *outcome) {
    switch (act->kind) {
    case ACT_CREATE:
        return take_creation(call, player, act, outcome);
    case ACT_LIST:
        return take_rows(call, act, outcome);
    case ACT_PENDING:
        return take_pending(call, act, outcome);
    case ACT_SWEEP:
        return take_ids(call, outcome);
    case ACT_GET:
        return take_get(call, outcome);
    case ACT_RESUME:
        return take_resumption(call, outcome);
    case ACT_CLOCK:
    case ACT_CHECK:
        return true;
    default:
        call->records[0].result = RESULT_OK;
        return true;
    }
}

/* Keeps the records that a history can hold. */
static void keep_sound(struct call_record *call) {
    size_t kept = 0;
    for (size_t i = 0; i < call->count; i++) {
        if (is_sound(&call->records[i])) {
            if (kept < i) {
                call->records[kept] = call->records[i];
                memcpy(call->ids[kept], call->ids[i], STAGE_ID_SIZE);
            }
            kept++;
        }
    }
    call->count = kept;
}

void call_record_end(struct call_record *call, struct player *player, const struct act *act,
                     const struct outcome *outcome) {
    bool reads = act->kind == ACT_GET || act->kind == ACT_LIST || act->kind == ACT_PENDING;
    bool silent = act->kind == ACT_CLOCK || act->kind == ACT_CHECK;
    bool answered = false;
    if (call->failed) {
        answered = false;
    } else if (outcome->end == ACT_DONE) {
        answered = take_answer(call, player, act, outcome) && !call->failed;
        keep_sound(call);
    } else if (outcome->end == ACT_REFUSED && act_kind_works(act->kind)) {
        answered =
            (act->kind != ACT_RESUME || tells_the_end(outcome)) && take_refusal(&call->records[0], outcome);
    }
    /* What was declared as an answer and was none stays in the record as lost. */
    bool changed = answered && act->kind == ACT_RESUME &&
                   (call->count == 0 || call->records[0].kind != OPERATION_RESPOND);
    if (answered) {
        set_keys(call);
        recording_answer(player->recording, call->records, call->count);
    }
    if (changed || (!answered && !reads && !silent)) {
        recording_lost(player->recording);
    }
    if (call->failed) {
        stage_fail(player->stage);
    }
    free(call->records);
    free(call->ids);
    *call = (struct call_record){.failed = call->failed};
}
