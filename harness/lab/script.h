/* What clients are to do to interrupts, as data: the interrupts that are there when they start, and what each client does,
 * one act after another. Races, schedules and explored runs are scripts; so is what is left of one that failed.
 *
 * As JSON (fixtures/schema/script.json):
 *   {"per_minute": 3, "interrupts": [{"kind": "clarification", "owner": "ann", "ttl_seconds": 60}, ...],
 *    "clients": [{"endpoint": 0, "acts": [{"do": "respond", "on": 0}, {"do": "list", "status": "pending"}, ...]}, ...]}
 *
 * An interrupt is known by its slot: the number of the seed, or, for one that a client creates, the slot that its act
 * names. Threads: a script is data; nobody changes it while it is played. */
#ifndef HOLDPOINT_LAB_SCRIPT_H
#define HOLDPOINT_LAB_SCRIPT_H

#include "reference/base/problem.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SCRIPT_SLOTS_MAX = 256, SCRIPT_CLIENTS_MAX = 256, SCRIPT_ACTS_MAX = 4096 };

enum act_kind {
    ACT_CREATE,
    ACT_RESPOND,
    ACT_CANCEL,
    ACT_GET,
    ACT_LIST,    /* of the owner's interrupts in this script, followed page by page */
    ACT_PENDING, /* pending_for_request */
    ACT_SWEEP,
    ACT_CLOCK, /* sets the clock to so long after the start */
    /* What harness/lab/model.h does not know, and explored runs are not drawn from. */
    ACT_RESUME, /* flow.resume of a saved envelope that waits for the interrupt, with a response */
    ACT_CHECK,  /* ratelimit.check of the owner, on the one endpoint of this script */
    ACT_KINDS,
    ACT_MODELLED = ACT_RESUME, /* so many kinds, the first ones, are known to the model */
};

/* As whom an act is called. */
enum act_as { AS_OWNER, AS_STRANGER, AS_TRUSTED, AS_COUNT };

/* Two people own interrupts; each is a stranger to what the other owns. */
enum owner { OWNER_ANN, OWNER_BOB, OWNER_COUNT };

/* What list asks for; the names are "pending", ..., "all". */
enum list_status { LIST_PENDING, LIST_RESOLVED, LIST_CANCELLED, LIST_EXPIRED, LIST_ALL, LIST_STATUS_COUNT };

/* The kinds, in the order of fixtures/vocabulary.json. */
enum seed_kind {
    SEED_CLARIFICATION,
    SEED_CONFIRMATION,
    SEED_CRITIC_REVIEW,
    SEED_CHECKPOINT,
    SEED_RESOURCE_EXHAUSTED,
    SEED_TIMEOUT,
    SEED_SYSTEM_ERROR,
    SEED_KINDS,
};

#define SEED_TTL_DEFAULT INT64_C(-1) /* the kind's own */
#define SEED_TTL_NEVER INT64_C(0)    /* ttl_seconds null */

/* An interrupt to be created. */
struct seed {
    enum seed_kind kind;
    enum owner owner;
    int64_t ttl_us; /* above 0, SEED_TTL_DEFAULT or SEED_TTL_NEVER */
};

/* One thing that a client does. */
struct act {
    enum act_kind kind;
    enum act_as as;          /* respond, cancel, get, resume */
    unsigned slot;           /* create: which it fills; respond, cancel, get, resume: on which it works */
    struct seed seed;        /* create */
    enum owner owner;        /* list, pending, check: whose */
    enum list_status status; /* list */
    unsigned limit;          /* list: rows a page, 0 for the service's default */
    bool reason;             /* cancel: gives one */
    int64_t clock_us;        /* clock: microseconds after the start */
};

struct script_client {
    unsigned endpoint;
    struct act *acts;
    size_t act_count;
};

/* Zeroed it is empty; release it with script_release. */
struct script {
    struct seed *seeds; /* slots 0 .. seed_count - 1 */
    size_t seed_count;
    struct script_client *clients;
    size_t client_count;
    unsigned
        per_minute; /* so many checks of each owner are let through in a minute; 0: as many as the service has it */
};

/* Reads a script. HP_INVALID, with the JSON Pointer in problem->field, for an unknown word or member, one that such an act
 * does not have among them, a slot that nothing fills or that is filled twice, a clock that goes back within one client,
 * numbers out of range. */
enum hp_status script_decode(const json_t *value, struct script *script, struct hp_problem *problem);

/* The script as JSON, what is default left out; NULL when memory runs out. The caller drops it. */
json_t *script_encode(const struct script *script);

/* A deep copy. */
enum hp_status script_copy(const struct script *from, struct script *to, struct hp_problem *problem);

void script_release(struct script *script);

/* Adds a seed, a client, or an act of the last client. False when memory runs out or the script is full. */
bool script_add_seed(struct script *script, const struct seed *seed);
bool script_add_client(struct script *script, unsigned endpoint);
bool script_add_act(struct script *script, const struct act *act);

/* How many slots there are: one more than the greatest that is filled. How many acts all clients have. How many
 * endpoints it takes: one more than the greatest that is named. */
unsigned script_slots(const struct script *script);
size_t script_acts(const struct script *script);
unsigned script_endpoints(const struct script *script);

/* What fills a slot: a seed, or that of the act that creates it. NULL when nothing does. */
const struct seed *script_seed(const struct script *script, unsigned slot);

/* "clarification", ...; static. */
const char *seed_kind_name(enum seed_kind kind);
const char *act_kind_name(enum act_kind kind);
const char *list_status_name(enum list_status status);
const char *owner_name(enum owner owner); /* "ann", "bob" */

/* True for what works on an interrupt that is there: respond, cancel, get, resume. */
bool act_kind_works(enum act_kind kind);

/* The capability that a target declares where the act can be called: "respond", "clock"; static. */
const char *act_kind_capability(enum act_kind kind);

/* How long it lives: the kind's own time where it names none; microseconds, SEED_TTL_NEVER for a checkpoint. */
int64_t seed_ttl_us(const struct seed *seed);

/* True for a kind that expires by itself and has an end. */
bool seed_expires(const struct seed *seed);

#endif
