/* `holdpoint drift migrations`: a folder of migrations tried on a scratch server. */
#include "harness/drift/migrations.h"

#include "harness/commands/drift.h"

static const struct manual manual = {
    .command = "drift migrations",
    .synopsis = "[OPTION]... DIR",
    .purpose = "Applies the .sql files of a folder, step by step and in the order of their\n"
               "numbers, to databases of a throwaway server, with rows of its own in every\n"
               "table that appears, and says what would go wrong elsewhere: tables that one\n"
               "step creates and another drops, rows lost, steps that cannot run twice or that\n"
               "leave half of themselves behind, and how the end differs from the contract.\n"
               "\n"
               "Exit codes: 0 no drift; 1 drift; 2 wrong use; 3 a check could not be decided,\n"
               "no server came up, or a report could not be written.\n",
    .examples = "  holdpoint drift migrations db/migrations\n"
                "  holdpoint drift migrations --ledger db/ledger.json db/migrations\n"
                "  holdpoint drift migrations --format junit --output drift.xml db/migrations\n",
    .operands_min = 1,
    .operands_max = 1,
};

int command_drift_migrations(int count, char **arguments) {
    struct drift_command command = {0};
    struct migration_drift options = {0};
    struct hp_problem problem = {0};
    struct option table[DRIFT_OPTION_COUNT + 1] = {
        {.name = "ledger",
         .argument = "FILE",
         .kind = OPTION_TEXT,
         .value = &options.ledger,
         .help = "checksums of the steps that were applied somewhere: none of them may have changed since"},
    };
    int code;
    drift_command_fill(&command, table + 1);
    if (drift_command_begin(&command, &manual, table, DRIFT_OPTION_COUNT + 1, count, arguments, &code)) {
        options.directory = command.operands.items[0];
        enum hp_status status = migration_drift(&options, command.vocabulary, &command.report, &problem);
        code = drift_command_end(&command, &manual, status, &problem);
    }
    drift_command_release(&command);
    return code;
}
