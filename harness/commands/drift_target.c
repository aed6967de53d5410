/* `holdpoint drift target`: what a running service says of itself, held against the vocabulary. */
#include "harness/adapters/adapter.h"
#include "harness/commands/drift.h"
#include "harness/drift/describe.h"

#include <stdio.h>
#include <string.h>

enum { HELLO_TIMEOUT_MS = 30000, CALL_TIMEOUT_MS = 10000 };

static const struct manual manual = {
    .command = "drift target",
    .synopsis = "[OPTION]... TARGET",
    .purpose = "Asks a service which kinds, statuses and decisions it believes in (`describe`)\n"
               "and holds them against the vocabulary. TARGET is one that `holdpoint run` takes.\n"
               "\n"
               "Exit codes: 0 no drift; 1 drift; 2 wrong use; 3 the service cannot be reached,\n"
               "does not declare describe or gives no answer, or a report could not be written.\n",
    .examples = "  holdpoint drift target memory\n"
                "  holdpoint drift target 'stdio:python3 my_adapter.py'\n"
                "  holdpoint drift target --format json profile:my_service.json\n",
    .operands_min = 1,
    .operands_max = 1,
};

/* Judges one answer; what is none decides nothing. */
static void judge(const struct answer *answer, struct drift_command *command) {
    char reason[ADAPTER_DETAIL_SIZE + ADAPTER_NAME_SIZE + 64];
    if (answer->kind == ANSWER_RESULT && json_is_object(answer->result)) {
        describe_drift(answer->result, command->vocabulary, &command->report);
        return;
    }
    snprintf(reason, sizeof reason, "describe was not answered by an object: %s %s", answer->error_name,
             answer->detail);
    describe_undecided(&command->report, reason);
}

static enum hp_status ask(struct target *target, struct drift_command *command, struct hp_problem *problem) {
    static const char parameters[] = "{}";
    const struct request request = {"describe", parameters, sizeof parameters - 1, false};
    struct session *session = NULL;
    struct answer answer = {0};
    enum hp_status status = target_open(target, 0, &session, problem);
    if (status == HP_OK) {
        session_call(session, &request, CALL_TIMEOUT_MS, &answer);
        judge(&answer, command);
        answer_release(&answer);
    }
    session_close(session);
    return status;
}

/* What the command says about a target that is no target is wrong use; what one that cannot be reached says is not. */
static enum hp_status examine(struct drift_command *command, struct hp_problem *problem) {
    struct target *target = NULL;
    struct hello hello = {0};
    enum hp_status status = target_from_name(command->operands.items[0], HELLO_TIMEOUT_MS, &target, problem);
    if (status != HP_OK) {
        return status;
    }
    status = target_hello(target, &hello, problem);
    if (status != HP_OK) {
        status = HP_UNAVAILABLE;
    } else {
        describe_begin(&command->report, hello.name);
        if (hello_declares(&hello, "describe")) {
            status = ask(target, command, problem);
        } else {
            describe_undecided(&command->report, "the target does not declare describe");
        }
    }
    hello_release(&hello);
    target_free(target);
    return status;
}

int command_drift_target(int count, char **arguments) {
    struct drift_command command = {0};
    struct option table[DRIFT_OPTION_COUNT];
    struct hp_problem problem = {0};
    int code;
    drift_command_fill(&command, table);
    if (drift_command_begin(&command, &manual, table, DRIFT_OPTION_COUNT, count, arguments, &code)) {
        enum hp_status status = examine(&command, &problem);
        code = drift_command_end(&command, &manual, status, &problem);
    }
    drift_command_release(&command);
    return code;
}
