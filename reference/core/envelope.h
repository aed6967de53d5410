/* The envelope: the state of a flow, as the JSON object that it is on the wire. An envelope that this part has read holds all
 * 37 fields, each of its type, in the order of the list below, and behind them, untouched, the members that it does not know.
 * Values are shared with what was given, so nobody changes them in place. A json_t belongs to one thread. */
#ifndef HOLDPOINT_CORE_ENVELOPE_H
#define HOLDPOINT_CORE_ENVELOPE_H

#include "reference/base/instant.h"
#include "reference/core/flow.h"
#include "reference/core/json.h"
#include "reference/core/kind.h"

/* What a field holds. */
enum envelope_type {
    ENVELOPE_TEXT,
    ENVELOPE_TEXT_OR_NULL,
    ENVELOPE_INSTANT_OR_NULL,
    ENVELOPE_BOOLEAN,
    ENVELOPE_COUNTER,     /* a whole number from 0 on */
    ENVELOPE_OF_BOOLEANS, /* an object, text -> boolean */
    ENVELOPE_OF_TEXTS,    /* an object, text -> text */
    ENVELOPE_OF_OBJECTS,  /* an object, text -> object */
    ENVELOPE_TEXTS,       /* a list of texts */
    ENVELOPE_OBJECTS,     /* a list of objects */
    ENVELOPE_OBJECT,
    ENVELOPE_INTERRUPT, /* an object or null */
};

/* One row a field: name, type, what a new envelope has as text (NULL: none), and as number. The order is the contract's. */
#define ENVELOPE_FIELD_LIST(X)                                                                               \
    X(envelope_id, ENVELOPE_TEXT, ENVELOPE_FRESH, 0)                                                         \
    X(request_id, ENVELOPE_TEXT, ENVELOPE_FRESH, 1)                                                          \
    X(user_id, ENVELOPE_TEXT, "anonymous", 0)                                                                \
    X(session_id, ENVELOPE_TEXT, ENVELOPE_FRESH, 2)                                                          \
    X(raw_input, ENVELOPE_TEXT, "", 0)                                                                       \
    X(received_at, ENVELOPE_INSTANT_OR_NULL, ENVELOPE_FRESH, 0)                                              \
    X(outputs, ENVELOPE_OF_OBJECTS, NULL, 0)                                                                 \
    X(current_stage, ENVELOPE_TEXT, "start", 0)                                                              \
    X(stage_order, ENVELOPE_TEXTS, NULL, 0)                                                                  \
    X(iteration, ENVELOPE_COUNTER, NULL, 0)                                                                  \
    X(max_iterations, ENVELOPE_COUNTER, NULL, 3)                                                             \
    X(active_stages, ENVELOPE_OF_BOOLEANS, NULL, 0)                                                          \
    X(completed_stage_set, ENVELOPE_OF_BOOLEANS, NULL, 0)                                                    \
    X(failed_stages, ENVELOPE_OF_TEXTS, NULL, 0)                                                             \
    X(dag_mode, ENVELOPE_BOOLEAN, NULL, 0)                                                                   \
    X(llm_call_count, ENVELOPE_COUNTER, NULL, 0)                                                             \
    X(max_llm_calls, ENVELOPE_COUNTER, NULL, 10)                                                             \
    X(agent_hop_count, ENVELOPE_COUNTER, NULL, 0)                                                            \
    X(max_agent_hops, ENVELOPE_COUNTER, NULL, 21)                                                            \
    X(terminal_reason, ENVELOPE_TEXT_OR_NULL, NULL, 0)                                                       \
    X(terminated, ENVELOPE_BOOLEAN, NULL, 0)                                                                 \
    X(termination_reason, ENVELOPE_TEXT_OR_NULL, NULL, 0)                                                    \
    X(interrupt_pending, ENVELOPE_BOOLEAN, NULL, 0)                                                          \
    X(interrupt, ENVELOPE_INTERRUPT, NULL, 0)                                                                \
    X(completed_stages, ENVELOPE_OBJECTS, NULL, 0)                                                           \
    X(current_stage_number, ENVELOPE_COUNTER, NULL, 1)                                                       \
    X(max_stages, ENVELOPE_COUNTER, NULL, 5)                                                                 \
    X(all_goals, ENVELOPE_TEXTS, NULL, 0)                                                                    \
    X(remaining_goals, ENVELOPE_TEXTS, NULL, 0)                                                              \
    X(goal_completion_status, ENVELOPE_OF_TEXTS, NULL, 0)                                                    \
    X(prior_plans, ENVELOPE_OBJECTS, NULL, 0)                                                                \
    X(critic_feedback, ENVELOPE_TEXTS, NULL, 0)                                                              \
    X(processing_history, ENVELOPE_OBJECTS, NULL, 0)                                                         \
    X(errors, ENVELOPE_OBJECTS, NULL, 0)                                                                     \
    X(created_at, ENVELOPE_INSTANT_OR_NULL, ENVELOPE_FRESH, 0)                                               \
    X(completed_at, ENVELOPE_INSTANT_OR_NULL, NULL, 0)                                                       \
    X(metadata, ENVELOPE_OBJECT, NULL, 0)

/* Of a new envelope's own: the id of that number, or its instant. */
#define ENVELOPE_FRESH "*"

enum { ENVELOPE_FIELD_COUNT = 37 };

/* The name of the field of that number; static. */
const char *envelope_field_name(size_t index);

/* Reads an envelope. A missing field takes its default, ids and times those of the moment, and so does a null one whose type knows no null; instants are
 * written anew, in UTC. The legacy flags clarification_pending and confirmation_pending are dropped where they say nothing.
 * HP_INVALID, naming the member by its pointer behind `prefix`, for a value of the wrong type, a legacy flag that says
 * something, an embedded interrupt without id or of no kind, and an interrupt_pending that it contradicts. The caller owns
 * *envelope. */
enum hp_status envelope_decode(const json_t *given, const char *prefix, const struct hp_moment *moment,
                               json_t **envelope, struct hp_problem *problem);

/* Borrowed; of an envelope that was read. */
const char *envelope_text(const json_t *envelope, const char *field); /* NULL for null */
bool envelope_flag(const json_t *envelope, const char *field);
int64_t envelope_counter(const json_t *envelope, const char *field);

/* Changes a field; takes the value, of which NULL is one that could not be made. HP_INTERNAL without memory. */
enum hp_status envelope_put(json_t *envelope, const char *field, json_t *value, struct hp_problem *problem);

/* Appends to a field that is a list, which is copied first; takes the value as envelope_put does. */
enum hp_status envelope_append(json_t *envelope, const char *field, json_t *value,
                               struct hp_problem *problem);

/* Ends the flow at that instant; the texts may be NULL for null. HP_INTERNAL without memory. */
enum hp_status envelope_terminate(json_t *envelope, const char *terminal_reason,
                                  const char *termination_reason, int64_t now_us, struct hp_problem *problem);

/* Whether the flow may go on: it is not terminated, no interrupt is pending, and iterations, LLM calls and hops are left. */
bool envelope_can_continue(const json_t *envelope);

#endif
