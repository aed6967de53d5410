/* `holdpoint drift governance`: a definition of memory layers held against the vocabulary. */
#include "harness/drift/governance.h"

#include "harness/commands/drift.h"

static const struct manual manual = {
    .command = "drift governance",
    .synopsis = "[OPTION]... FILE",
    .purpose = "Holds a definition of memory layers against the vocabulary: every table that\n"
               "a layer names must exist there. FILE is JSON in the form of\n"
               "fixtures/governance.json.\n"
               "\n"
               "Exit codes: 0 no drift; 1 drift; 2 wrong use; 3 a report could not be written.\n",
    .examples = "  holdpoint drift governance fixtures/governance.json\n"
                "  holdpoint drift governance --format json config/memory_layers.json\n",
    .operands_min = 1,
    .operands_max = 1,
};

int command_drift_governance(int count, char **arguments) {
    struct drift_command command = {0};
    struct option table[DRIFT_OPTION_COUNT];
    struct hp_problem problem = {0};
    int code;
    drift_command_fill(&command, table);
    if (drift_command_begin(&command, &manual, table, DRIFT_OPTION_COUNT, count, arguments, &code)) {
        enum hp_status status =
            governance_drift(command.operands.items[0], command.vocabulary, &command.report, &problem);
        code = drift_command_end(&command, &manual, status, &problem);
    }
    drift_command_release(&command);
    return code;
}
