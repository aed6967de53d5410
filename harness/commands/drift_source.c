/* `holdpoint drift source`: a tree of source code held against the vocabulary. */
#include "harness/drift/source/source.h"

#include "harness/commands/drift.h"

#include <string.h>

static const struct manual manual = {
    .command = "drift source",
    .synopsis = "[OPTION]... DIR",
    .purpose = "Reads the source code below a folder (Python, Go, TypeScript and JavaScript,\n"
               "Rust, Java, C) as syntax trees, with its SQL, and says where it has drifted from\n"
               "the contract's vocabulary: kinds or statuses that an enum lacks, fields that a\n"
               "record has in one language only, tables that are gone, tests of what is gone,\n"
               "maps between enums with holes, services that live for one request, SQL outside\n"
               "the data layer, stages written into code. Nothing of the tree is run.\n"
               "\n"
               "What stands for what is told from names and members. holdpoint-source.json in the\n"
               "folder may say more: \"types\" (what a type stands for), \"folders\" (data_layer,\n"
               "tests, skip), \"ignore\" (check, path, reason). How sure a finding is stands behind\n"
               "its rule: certain, likely or a guess.\n"
               "\n"
               "Exit codes: 0 no drift; 1 drift; 2 wrong use, or no source file that is\n"
               "understood; 3 the grammars are not installed (scripts/grammars does that), or a\n"
               "report could not be written.\n",
    .examples = "  holdpoint drift source .\n"
                "  holdpoint drift source --config ci/holdpoint-source.json services/\n"
                "  holdpoint drift source --format junit --output drift.xml src\n",
    .operands_min = 1,
    .operands_max = 1,
};

enum { OWN_OPTIONS = 1, OPTION_COUNT = OWN_OPTIONS + DRIFT_OPTION_COUNT };

int command_drift_source(int count, char **arguments) {
    struct drift_command command = {0};
    struct source_drift options = {0};
    struct option table[OPTION_COUNT] = {
        {.name = "config",
         .argument = "FILE",
         .kind = OPTION_TEXT,
         .value = &options.configuration,
         .help = "what types and folders stand for, and what is ignored; default: DIR/holdpoint-source.json "
                 "if there "
                 "is one"},
    };
    struct hp_problem problem = {0};
    int code;
    drift_command_fill(&command, table + OWN_OPTIONS);
    command.inputs[0] = &options.configuration;
    if (drift_command_begin(&command, &manual, table, OPTION_COUNT, count, arguments, &code)) {
        options.directory = command.operands.items[0];
        enum hp_status status = source_drift(&options, command.vocabulary, &command.report, &problem);
        code = drift_command_end(&command, &manual, status, &problem);
    }
    drift_command_release(&command);
    return code;
}
