#include "harness/base/suggest.h"
#include "harness/base/value.h"
#include "harness/lab/script.h"
#include "reference/base/text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { POINTER_SIZE = 96, NAMES_MAX_COUNT = 10, MEMBERS_MAX_COUNT = 6 };
enum { PER_MINUTE_MAX = 1000 }; /* a default of the hour */
/* Beyond this no time of a script lies, in seconds: about thirty years. */
#define SECONDS_MAX 1e9

static const char *const callers[] = {
    [AS_OWNER] = "owner", [AS_STRANGER] = "stranger", [AS_TRUSTED] = "trusted"};

/* What is read, and where it stands. */
struct reader {
    char pointer[POINTER_SIZE];
    struct hp_problem *problem;
};

static enum hp_status refuse(const struct reader *reader, const char *key, const char *expected) {
    struct text pointer = {0};
    text_add(&pointer, reader->pointer);
    if (*key) {
        pointer_add_key(&pointer, key);
    }
    const char *field = pointer.length_bytes > 0 ? pointer.bytes : "";
    enum hp_status status =
        pointer.failed ? hp_problem_no_memory(reader->problem)
                       : hp_problem_set(reader->problem, HP_INVALID, field, "%s%s%sthe script: expected %s",
                                        *field ? "at " : "", field, *field ? " of " : "", expected);
    text_release(&pointer);
    return status;
}

/* One word of a table into *index; what is absent keeps it. */
static enum hp_status read_word(const struct reader *reader, const json_t *object, const char *key,
                                const char *(*name)(unsigned), unsigned count, unsigned *index) {
    const char *words[NAMES_MAX_COUNT];
    char expected[256] = "one of";
    const json_t *value = json_object_get(object, key);
    if (!value) {
        return HP_OK;
    }
    const char *given = json_string_value(value);
    for (unsigned i = 0; i < count; i++) {
        words[i] = name(i);
        if (given && strcmp(given, words[i]) == 0) {
            *index = i;
            return HP_OK;
        }
        size_t length = strlen(expected);
        snprintf(expected + length, sizeof expected - length, " %s", words[i]);
    }
    const char *nearest = given ? suggest_nearest(given, words, count) : NULL;
    if (nearest) {
        size_t length = strlen(expected);
        snprintf(expected + length, sizeof expected - length, "; did you mean %s?", nearest);
    }
    return refuse(reader, key, expected);
}

static const char *kind_word(unsigned index) {
    return seed_kind_name((enum seed_kind)index);
}
static const char *act_word(unsigned index) {
    return act_kind_name((enum act_kind)index);
}
static const char *status_word(unsigned index) {
    return list_status_name((enum list_status)index);
}
static const char *owner_word(unsigned index) {
    return owner_name((enum owner)index);
}
static const char *caller_word(unsigned index) {
    return callers[index];
}

static enum hp_status read_number(const struct reader *reader, const json_t *object, const char *key,
                                  unsigned maximum, unsigned *number) {
    const json_t *value = json_object_get(object, key);
    char expected[64];
    if (!value) {
        return HP_OK;
    }
    if (!json_is_integer(value) || json_integer_value(value) < 0 || json_integer_value(value) > maximum) {
        snprintf(expected, sizeof expected, "a whole number from 0 to %u", maximum);
        return refuse(reader, key, expected);
    }
    *number = (unsigned)json_integer_value(value);
    return HP_OK;
}

/* Seconds, to the microsecond. */
static enum hp_status read_seconds(const struct reader *reader, const json_t *object, const char *key,
                                   double minimum, int64_t *time_us) {
    const json_t *value = json_object_get(object, key);
    if (!value) {
        return HP_OK;
    }
    double seconds = json_number_value(value);
    if (!json_is_number(value) || !(seconds >= minimum) || seconds > SECONDS_MAX) {
        return refuse(reader, key, "a number of seconds, to the microsecond, of at most 1e9");
    }
    *time_us = (int64_t)llround(seconds * 1e6);
    return HP_OK;
}

/* True or false; what is absent keeps it. */
static enum hp_status read_flag(const struct reader *reader, const json_t *object, const char *key,
                                bool *flag) {
    const json_t *value = json_object_get(object, key);
    if (value && !json_is_boolean(value)) {
        return refuse(reader, key, "true or false");
    }
    *flag = value ? json_is_true(value) : *flag;
    return HP_OK;
}

/* A note is for people: it is text, and is not kept. */
static enum hp_status check_note(const struct reader *reader, const json_t *object) {
    const json_t *note = json_object_get(object, "note");
    return note && !json_is_string(note) ? refuse(reader, "note", "text") : HP_OK;
}

static enum hp_status refuse_strangers(const struct reader *reader, const json_t *object,
                                       const char *const *known, size_t count) {
    const char *key;
    json_t *value;
    if (!json_is_object(object)) {
        return refuse(reader, "", "an object");
    }
    json_object_foreach((json_t *)object, key, value) {
        size_t at = 0;
        while (at < count && (!known[at] || strcmp(known[at], key) != 0)) {
            at++;
        }
        if (at == count) {
            const char *nearest = suggest_nearest(key, known, count);
            char expected[96];
            snprintf(expected, sizeof expected, "no such member%s%s%s", nearest ? "; did you mean " : "",
                     nearest ? nearest : "", nearest ? "?" : "");
            return refuse(reader, key, expected);
        }
    }
    return HP_OK;
}

static enum hp_status read_seed(const struct reader *reader, const json_t *object, struct seed *seed) {
    unsigned kind = SEED_CLARIFICATION, owner = OWNER_ANN;
    *seed = (struct seed){.ttl_us = SEED_TTL_DEFAULT};
    enum hp_status status = read_word(reader, object, "kind", kind_word, SEED_KINDS, &kind);
    if (status == HP_OK) {
        status = read_word(reader, object, "owner", owner_word, OWNER_COUNT, &owner);
    }
    if (status == HP_OK && json_is_null(json_object_get(object, "ttl_seconds"))) {
        seed->ttl_us = SEED_TTL_NEVER;
    } else if (status == HP_OK) {
        status = read_seconds(reader, object, "ttl_seconds", 0.000001, &seed->ttl_us);
    }
    seed->kind = (enum seed_kind)kind;
    seed->owner = (enum owner)owner;
    return status;
}

/* What an act does, which says what members it may have. */
static enum hp_status read_act_kind(const struct reader *reader, const json_t *object, unsigned *kind) {
    static const char *const members[ACT_KINDS][MEMBERS_MAX_COUNT] = {
        [ACT_CREATE] = {"do", "on", "kind", "owner", "ttl_seconds", "note"},
        [ACT_RESPOND] = {"do", "on", "as", "note"},
        [ACT_CANCEL] = {"do", "on", "as", "reason", "note"},
        [ACT_GET] = {"do", "on", "as", "note"},
        [ACT_LIST] = {"do", "owner", "status", "limit", "note"},
        [ACT_PENDING] = {"do", "owner", "note"},
        [ACT_SWEEP] = {"do", "note"},
        [ACT_CLOCK] = {"do", "seconds", "note"},
        [ACT_RESUME] = {"do", "on", "as", "note"},
        [ACT_CHECK] = {"do", "owner", "note"},
    };
    if (!json_is_object(object)) {
        return refuse(reader, "", "an object");
    }
    if (!json_object_get(object, "do")) {
        return refuse(reader, "do", "what the client does, \"respond\"");
    }
    enum hp_status status = read_word(reader, object, "do", act_word, ACT_KINDS, kind);
    return status == HP_OK ? refuse_strangers(reader, object, members[*kind], MEMBERS_MAX_COUNT) : status;
}

static enum hp_status read_act(const struct reader *reader, const json_t *object, struct act *act) {
    unsigned kind = ACT_KINDS, as = AS_OWNER, listed = LIST_PENDING;
    *act = (struct act){.seed = {.ttl_us = SEED_TTL_DEFAULT}};
    enum hp_status status = read_act_kind(reader, object, &kind);
    status = status == HP_OK ? read_word(reader, object, "as", caller_word, AS_COUNT, &as) : status;
    status = status == HP_OK ? read_word(reader, object, "status", status_word, LIST_STATUS_COUNT, &listed)
                             : status;
    status = status == HP_OK ? read_number(reader, object, "on", SCRIPT_SLOTS_MAX - 1, &act->slot) : status;
    status = status == HP_OK ? read_number(reader, object, "limit", 200, &act->limit) : status;
    status = status == HP_OK ? read_seconds(reader, object, "seconds", 0, &act->clock_us) : status;
    status = status == HP_OK ? read_seed(reader, object, &act->seed) : status;
    status = status == HP_OK ? read_flag(reader, object, "reason", &act->reason) : status;
    status = status == HP_OK ? check_note(reader, object) : status;
    act->kind = (enum act_kind)kind;
    act->as = (enum act_as)as;
    act->status = (enum list_status)listed;
    act->owner = act->seed.owner;
    bool trusted_write =
        act->as == AS_TRUSTED && (kind == ACT_RESPOND || kind == ACT_CANCEL || kind == ACT_RESUME);
    if (status == HP_OK && trusted_write) {
        return refuse(reader, "as", "a user: respond, cancel and resume have no trusted callers on any wire");
    }
    return status;
}

static enum hp_status read_seeds(struct reader *reader, const json_t *list, struct script *script) {
    static const char *const known[] = {"kind", "owner", "ttl_seconds"};
    enum hp_status status = HP_OK;
    for (size_t i = 0; status == HP_OK && i < json_array_size(list); i++) {
        const json_t *object = json_array_get(list, i);
        struct seed seed;
        snprintf(reader->pointer, sizeof reader->pointer, "/interrupts/%zu", i);
        status = refuse_strangers(reader, object, known, sizeof known / sizeof known[0]);
        if (status == HP_OK) {
            status = read_seed(reader, object, &seed);
        }
        if (status == HP_OK && !script_add_seed(script, &seed)) {
            status = i < SCRIPT_SLOTS_MAX ? hp_problem_no_memory(reader->problem)
                                          : refuse(reader, "", "at most 256 interrupts");
        }
    }
    return status;
}

static enum hp_status read_acts(struct reader *reader, size_t client, const json_t *list,
                                struct script *script) {
    enum hp_status status = HP_OK;
    for (size_t i = 0; status == HP_OK && i < json_array_size(list); i++) {
        struct act act;
        snprintf(reader->pointer, sizeof reader->pointer, "/clients/%zu/acts/%zu", client, i);
        status = read_act(reader, json_array_get(list, i), &act);
        if (status == HP_OK && !script_add_act(script, &act)) {
            status = i < SCRIPT_ACTS_MAX ? hp_problem_no_memory(reader->problem)
                                         : refuse(reader, "", "at most 4096 acts of a client");
        }
    }
    return status;
}

static enum hp_status read_client(struct reader *reader, size_t at, const json_t *object,
                                  struct script *script) {
    static const char *const known[] = {"endpoint", "acts", "note"};
    unsigned endpoint = 0;
    snprintf(reader->pointer, sizeof reader->pointer, "/clients/%zu", at);
    enum hp_status status = refuse_strangers(reader, object, known, sizeof known / sizeof known[0]);
    if (status == HP_OK) {
        status = read_number(reader, object, "endpoint", 63, &endpoint);
    }
    if (status == HP_OK) {
        status = check_note(reader, object);
    }
    if (status == HP_OK && !json_is_array(json_object_get(object, "acts"))) {
        status = refuse(reader, "acts", "a list of acts");
    }
    if (status == HP_OK && !script_add_client(script, endpoint)) {
        status = at < SCRIPT_CLIENTS_MAX ? hp_problem_no_memory(reader->problem)
                                         : refuse(reader, "", "at most 256 clients");
    }
    return status == HP_OK ? read_acts(reader, at, json_object_get(object, "acts"), script) : status;
}

/* Every slot is filled once; what is worked on is filled by somebody; no client sets the clock back. */
static enum hp_status check_slots(struct reader *reader, const struct script *script) {
    bool filled[SCRIPT_SLOTS_MAX] = {false};
    for (size_t i = 0; i < script->seed_count; i++) {
        filled[i] = true;
    }
    for (size_t pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < script->client_count; i++) {
            int64_t clock_us = 0;
            for (size_t j = 0; j < script->clients[i].act_count; j++) {
                const struct act *act = &script->clients[i].acts[j];
                bool works = act_kind_works(act->kind);
                snprintf(reader->pointer, sizeof reader->pointer, "/clients/%zu/acts/%zu", i, j);
                if (pass == 0 && act->kind == ACT_CREATE) {
                    if (filled[act->slot]) {
                        return refuse(reader, "on", "a slot that nothing else fills");
                    }
                    filled[act->slot] = true;
                }
                if (pass == 1 && works && !filled[act->slot]) {
                    return refuse(reader, "on", "a slot that a seed or a create fills");
                }
                if (act->kind == ACT_CLOCK && act->clock_us < clock_us) {
                    return refuse(reader, "seconds", "no less than before: a clock does not go back");
                }
                clock_us = act->kind == ACT_CLOCK ? act->clock_us : clock_us;
            }
        }
    }
    return HP_OK;
}

enum hp_status script_decode(const json_t *value, struct script *script, struct hp_problem *problem) {
    static const char *const known[] = {"interrupts", "clients", "per_minute"};
    struct reader reader = {.problem = problem};
    *script = (struct script){0};
    enum hp_status status = refuse_strangers(&reader, value, known, sizeof known / sizeof known[0]);
    if (status == HP_OK) {
        status = read_number(&reader, value, "per_minute", PER_MINUTE_MAX, &script->per_minute);
    }
    const json_t *seeds = json_object_get(value, "interrupts");
    const json_t *clients = json_object_get(value, "clients");
    if (status == HP_OK && seeds && !json_is_array(seeds)) {
        status = refuse(&reader, "interrupts", "a list of interrupts");
    }
    if (status == HP_OK && json_array_size(clients) == 0) {
        status = refuse(&reader, "clients", "a list of at least one client");
    }
    if (status == HP_OK) {
        status = read_seeds(&reader, seeds, script);
    }
    for (size_t i = 0; status == HP_OK && i < json_array_size(clients); i++) {
        status = read_client(&reader, i, json_array_get(clients, i), script);
    }
    if (status == HP_OK) {
        status = check_slots(&reader, script);
    }
    if (status != HP_OK) {
        script_release(script);
    }
    return status;
}

/* Seconds as JSON: whole where they are. */
static json_t *encode_seconds(int64_t time_us) {
    return time_us % 1000000 == 0 ? json_integer(time_us / 1000000) : json_real((double)time_us / 1e6);
}

static bool put(json_t *object, const char *key, json_t *value) {
    return json_object_set_new(object, key, value) == 0;
}

static bool put_seed(json_t *object, const struct seed *seed) {
    bool whole = put(object, "kind", json_string(seed_kind_name(seed->kind)));
    if (whole && seed->owner != OWNER_ANN) {
        whole = put(object, "owner", json_string(owner_name(seed->owner)));
    }
    if (whole && seed->ttl_us != SEED_TTL_DEFAULT) {
        whole = put(object, "ttl_seconds",
                    seed->ttl_us == SEED_TTL_NEVER ? json_null() : encode_seconds(seed->ttl_us));
    }
    return whole;
}

static bool put_act(json_t *object, const struct act *act) {
    bool slotted = act->kind == ACT_CREATE || act_kind_works(act->kind);
    bool listed = act->kind == ACT_LIST || act->kind == ACT_PENDING || act->kind == ACT_CHECK;
    bool called = act_kind_works(act->kind) && act->as != AS_OWNER;
    bool whole = put(object, "do", json_string(act_kind_name(act->kind)));
    whole = whole && (!slotted || put(object, "on", json_integer(act->slot)));
    whole = whole && (!called || put(object, "as", json_string(callers[act->as])));
    whole = whole && (act->kind != ACT_CREATE || put_seed(object, &act->seed));
    whole = whole &&
            (!listed || act->owner == OWNER_ANN || put(object, "owner", json_string(owner_name(act->owner))));
    whole = whole && (act->kind != ACT_LIST || act->status == LIST_PENDING ||
                      put(object, "status", json_string(list_status_name(act->status))));
    whole =
        whole && (act->kind != ACT_LIST || act->limit == 0 || put(object, "limit", json_integer(act->limit)));
    whole = whole && (act->kind != ACT_CANCEL || !act->reason || put(object, "reason", json_true()));
    return whole && (act->kind != ACT_CLOCK || put(object, "seconds", encode_seconds(act->clock_us)));
}

static json_t *encode_client(const struct script_client *client) {
    json_t *object = json_object();
    json_t *acts = json_array();
    bool whole = client->endpoint == 0 || put(object, "endpoint", json_integer(client->endpoint));
    for (size_t i = 0; whole && i < client->act_count; i++) {
        json_t *act = json_object();
        whole = put_act(act, &client->acts[i]);
        whole = json_array_append_new(acts, act) == 0 && whole;
    }
    whole = put(object, "acts", acts) && whole;
    if (!whole) {
        json_decref(object);
        return NULL;
    }
    return object;
}

json_t *script_encode(const struct script *script) {
    json_t *object = json_object();
    json_t *seeds = json_array();
    json_t *clients = json_array();
    bool whole = true;
    for (size_t i = 0; whole && i < script->seed_count; i++) {
        json_t *seed = json_object();
        whole = put_seed(seed, &script->seeds[i]);
        whole = json_array_append_new(seeds, seed) == 0 && whole;
    }
    for (size_t i = 0; whole && i < script->client_count; i++) {
        whole = json_array_append_new(clients, encode_client(&script->clients[i])) == 0;
    }
    if (whole && script->per_minute > 0) {
        whole = put(object, "per_minute", json_integer(script->per_minute));
    }
    whole = put(object, "interrupts", seeds) && whole;
    whole = put(object, "clients", clients) && whole;
    if (!whole) {
        json_decref(object);
        return NULL;
    }
    return object;
}
