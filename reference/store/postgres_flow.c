#include "reference/store/postgres_flow.h"
#include "reference/base/text.h"
#include "reference/store/postgres_store.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { LIST_SIZE = 128 };

/* Where the columns of FLOW_GET and RATE_CHECK stand. */
enum flow_column { COLUMN_STATE, COLUMN_VERSION, COLUMN_INTERRUPT, COLUMN_ENVELOPE, COLUMN_NOTES };
enum rate_column { COLUMN_NOW, COLUMN_RAISED, COLUMN_WINDOWS, COLUMNS_OF_WINDOW = 3 };

static struct postgres_store *postgres_of(struct hp_store *store) {
    return (struct postgres_store *)store;
}

static enum hp_status run(struct hp_store *store, enum statement statement,
                          const struct parameters *parameters, PGresult **result,
                          struct hp_problem *problem) {
    return postgres_run(postgres_of(store), statement, statement_sql(statement), parameters, result, problem);
}

/* Runs a statement that changes one row or none; none is a conflict. */
static enum hp_status change_one(struct hp_store *store, enum statement statement,
                                 const struct parameters *parameters, const char *conflict,
                                 struct hp_problem *problem) {
    PGresult *result = NULL;
    enum hp_status status = run(store, statement, parameters, &result, problem);
    if (status == HP_OK && atoi(PQcmdTuples(result)) == 0) {
        status = hp_problem_set(problem, HP_CONFLICT, NULL, "%s", conflict);
    }
    PQclear(result);
    return status;
}

enum hp_status postgres_moment(struct hp_store *store, struct hp_moment *moment, struct hp_problem *problem) {
    struct parameters parameters = {0};
    PGresult *result = NULL;
    postgres_add_now(postgres_of(store), &parameters);
    enum hp_status status = run(store, STATEMENT_MOMENT, &parameters, &result, problem);
    if (status == HP_OK) {
        moment->now_us = row_read_instant(result, 0, 0);
    }
    PQclear(result);
    for (size_t i = 0; status == HP_OK && i < HP_MOMENT_IDS; i++) {
        status = hp_ids_next(postgres_of(store)->ids, moment->ids[i], problem);
    }
    return status;
}

void flow_add_process(struct parameters *parameters, const struct hp_flow *flow) {
    parameters_add_text(parameters, flow->pid);
    parameters_add_number(parameters, flow->version);
    parameters_add_text(parameters, hp_flow_state_name(flow->state));
    parameters_add_text(parameters, flow->envelope);
    parameters_add_text(parameters, flow->notes);
}

static void add_interrupt(struct parameters *parameters, const struct hp_flow *flow) {
    parameters_add_text(parameters, flow->interrupt_id[0] ? flow->interrupt_id : NULL);
}

enum hp_status postgres_flow_add(struct hp_store *store, const struct hp_flow *flow,
                                 struct hp_problem *problem) {
    struct parameters parameters = {0};
    flow_add_process(&parameters, flow);
    add_interrupt(&parameters, flow);
    return change_one(store, STATEMENT_FLOW_ADD, &parameters, "there is a process of that id already",
                      problem);
}

static enum hp_status read_flow(const PGresult *result, const char *pid, struct hp_flow **flow,
                                struct hp_problem *problem) {
    struct hp_flow draft = {
        .pid = pid,
        .version = row_read_number(result, 0, COLUMN_VERSION),
        .envelope = PQgetvalue(result, 0, COLUMN_ENVELOPE),
        .notes = PQgetvalue(result, 0, COLUMN_NOTES),
    };
    const char *state = PQgetvalue(result, 0, COLUMN_STATE);
    text_put(draft.interrupt_id, sizeof draft.interrupt_id, PQgetvalue(result, 0, COLUMN_INTERRUPT));
    if (!hp_flow_state_from_name(state, &draft.state)) {
        return hp_problem_set(problem, HP_INTERNAL, NULL, "a process is in no known state: \"%.80s\"", state);
    }
    *flow = hp_flow_new(&draft);
    return *flow ? HP_OK : hp_problem_no_memory(problem);
}

enum hp_status postgres_flow_get(struct hp_store *store, const char *pid, struct hp_flow **flow,
                                 struct hp_problem *problem) {
    struct parameters parameters = {0};
    PGresult *result = NULL;
    parameters_add_text(&parameters, pid);
    enum hp_status status = run(store, STATEMENT_FLOW_GET, &parameters, &result, problem);
    if (status == HP_OK) {
        status = PQntuples(result) > 0
                     ? read_flow(result, pid, flow, problem)
                     : hp_problem_set(problem, HP_NOT_FOUND, NULL, "there is no such process");
    }
    PQclear(result);
    return status;
}

enum hp_status postgres_flow_change(struct hp_store *store, const struct hp_flow *after,
                                    struct hp_problem *problem) {
    struct parameters parameters = {0};
    flow_add_process(&parameters, after);
    add_interrupt(&parameters, after);
    return change_one(store, STATEMENT_FLOW_CHANGE, &parameters, "the process was changed meanwhile",
                      problem);
}

enum hp_status postgres_flow_resume(struct hp_store *store, const char *pid, const char *interrupt_id,
                                    const struct hp_flow *after, struct hp_problem *problem) {
    struct parameters parameters = {0};
    if (after) {
        flow_add_process(&parameters, after);
    } else {
        parameters_add_text(&parameters, pid);
        for (int i = 0; i < 4; i++) {
            parameters_add_text(&parameters, NULL);
        }
    }
    parameters_add_text(&parameters, interrupt_id);
    postgres_add_now(postgres_of(store), &parameters);
    return change_one(store, STATEMENT_FLOW_RESUME, &parameters,
                      "the flow has gone on, or was changed meanwhile", problem);
}

/* An array of PostgreSQL as text, each number followed by the unit. */
static void write_list(char text[LIST_SIZE], const int64_t numbers[HP_RATE_WINDOW_COUNT], const char *unit) {
    size_t length = 0;
    for (int i = 0; i < HP_RATE_WINDOW_COUNT; i++) {
        const char *begin = i > 0 ? "," : "{", *end = i + 1 < HP_RATE_WINDOW_COUNT ? "" : "}";
        length += (size_t)snprintf(text + length, LIST_SIZE - length, "%s%" PRId64 "%s%s", begin, numbers[i],
                                   unit, end);
    }
}

enum hp_status postgres_rate_set(struct hp_store *store, const struct hp_rate_rule *rule,
                                 struct hp_problem *problem) {
    struct parameters parameters = {0};
    PGresult *result = NULL;
    parameters_add_text(&parameters, rule->endpoint ? "endpoint" : "user");
    parameters_add_text(&parameters, rule->endpoint ? rule->endpoint : rule->user_id);
    for (int i = 0; i < HP_RATE_WINDOW_COUNT; i++) {
        parameters_add_number(&parameters, rule->limits.most[i]);
    }
    enum hp_status status = run(store, STATEMENT_RATE_SET, &parameters, &result, problem);
    PQclear(result);
    return status;
}

static void read_answer(const PGresult *result, struct hp_rate_answer *answer) {
    struct hp_rate_limits limits;
    struct hp_rate_facts facts;
    for (int i = 0; i < HP_RATE_WINDOW_COUNT; i++) {
        int first = COLUMN_WINDOWS + i * COLUMNS_OF_WINDOW;
        limits.most[i] = row_read_number(result, 0, first);
        facts.count[i] = row_read_number(result, 0, first + 1);
        facts.filler_us[i] = row_read_instant(result, 0, first + 2);
    }
    answer->verdict = hp_rate_judge(&facts, &limits, row_read_instant(result, 0, COLUMN_NOW));
    text_put(answer->interrupt_id, sizeof answer->interrupt_id, PQgetvalue(result, 0, COLUMN_RAISED));
}

enum hp_status postgres_rate_check(struct hp_store *store, const struct hp_rate_call *call,
                                   struct hp_rate_answer *answer, struct hp_problem *problem) {
    const struct hp_rate_limits limits = hp_rate_limits_default();
    struct parameters parameters = {0};
    PGresult *result = NULL;
    int64_t lengths_us[HP_RATE_WINDOW_COUNT];
    char spans[LIST_SIZE], most[LIST_SIZE];
    for (int i = 0; i < HP_RATE_WINDOW_COUNT; i++) {
        lengths_us[i] = hp_rate_window_us((enum hp_rate_window)i);
    }
    write_list(spans, lengths_us, " us");
    write_list(most, limits.most, "");
    postgres_add_now(postgres_of(store), &parameters);
    parameters_add_text(&parameters, call->user_id);
    parameters_add_text(&parameters, call->endpoint);
    parameters_add_text(&parameters, call->record ? "t" : "f");
    parameters_add_text(&parameters, spans);
    parameters_add_text(&parameters, most);
    enum hp_status status = run(store, STATEMENT_RATE_CHECK, &parameters, &result, problem);
    if (status == HP_OK) {
        read_answer(result, answer);
    }
    PQclear(result);
    return status;
}
