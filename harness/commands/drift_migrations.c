/* `holdpoint drift migrations`: a folder of migrations tried on a scratch server. */
#include "harness/drift/migrations/migrations.h"

#include "harness/commands/command.h"
#include "harness/commands/drift.h"
#include "harness/drift/migrations/ledger.h"

#include <string.h>

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

enum { OWN_OPTIONS = 3, OPTION_COUNT = OWN_OPTIONS + DRIFT_OPTION_COUNT };

/* The command under way. */
struct migrations_command {
    struct drift_command command;
    struct migration_drift options;
    bool update_ledger;
};

static void fill_table(struct migrations_command *migrations, struct option table[OPTION_COUNT]) {
    const struct option rows[OWN_OPTIONS] = {
        {.name = "ledger",
         .argument = "FILE",
         .kind = OPTION_TEXT,
         .value = &migrations->options.ledger,
         .help = "checksums of the steps that were applied somewhere: none of them may have changed since"},
        {.name = "update-ledger",
         .kind = OPTION_FLAG,
         .value = &migrations->update_ledger,
         .help = "record the folder's steps in --ledger FILE, and do nothing else; what is recorded is not "
                 "written over"},
        {.name = "before",
         .argument = "FILE",
         .kind = OPTION_TEXT,
         .value = &migrations->options.before,
         .help = "SQL that makes the database as it was before the first step; default: empty"},
    };
    memcpy(table, rows, sizeof rows);
    drift_command_fill(&migrations->command, table + OWN_OPTIONS);
    migrations->command.inputs[0] = &migrations->options.ledger;
    migrations->command.inputs[1] = &migrations->options.before;
}

static int complain(const struct hp_problem *problem, int code) {
    usage_complain(manual.command, problem);
    return code;
}

static int update_ledger(const struct migrations_command *migrations) {
    const struct migration_drift *options = &migrations->options;
    struct hp_problem problem = {0};
    if (!options->ledger) {
        hp_problem_set(&problem, HP_INVALID, NULL, "--update-ledger needs --ledger FILE");
        return complain(&problem, EXIT_USAGE);
    }
    enum hp_status status =
        ledger_write(options->directory, options->ledger, migrations->command.vocabulary, &problem);
    switch (status) {
    case HP_OK:
        return EXIT_CONFORMS;
    case HP_CONFLICT:
        return complain(&problem, EXIT_FAILS);
    case HP_INVALID:
        return complain(&problem, EXIT_USAGE);
    default:
        return complain(&problem, EXIT_BROKEN);
    }
}

static int rehearse(struct migrations_command *migrations) {
    struct drift_command *command = &migrations->command;
    struct hp_problem problem = {0};
    enum hp_status status =
        migration_drift(&migrations->options, command->vocabulary, &command->report, &problem);
    return drift_command_end(command, &manual, status, &problem);
}

int command_drift_migrations(int count, char **arguments) {
    struct migrations_command migrations = {0};
    struct option table[OPTION_COUNT];
    int code;
    fill_table(&migrations, table);
    if (drift_command_begin(&migrations.command, &manual, table, OPTION_COUNT, count, arguments, &code)) {
        migrations.options.directory = migrations.command.operands.items[0];
        code = migrations.update_ledger ? update_ledger(&migrations) : rehearse(&migrations);
    }
    drift_command_release(&migrations.command);
    return code;
}
