/* `holdpoint drift db`: a database held against the vocabulary. */
#include "harness/drift/database/database.h"

#include "harness/commands/drift.h"

static const struct manual manual = {
    .command = "drift db",
    .synopsis = "[OPTION]... DSN",
    .purpose = "Holds the table of interrupts of any PostgreSQL database against the contract:\n"
               "its catalog, its rows, and what it accepts and refuses when it is tried.\n"
               "\n"
               "DSN is libpq's: \"host=db.example dbname=flows\" or postgresql://... .\n"
               "\n"
               "To see what the database refuses, rows are inserted and changed in one\n"
               "transaction that is rolled back; only those rows are touched, and nothing is\n"
               "waited for longer than a second. Triggers of yours run for them too: where\n"
               "one has effects outside the database, use --read-only.\n"
               "\n"
               "Exit codes: 0 no drift; 1 drift; 2 wrong use; 3 a check could not be decided,\n"
               "the database could not be reached, or a report could not be written.\n",
    .examples = "  holdpoint drift db 'host=/run/postgresql dbname=flows'\n"
                "  holdpoint drift db --schema app --read-only postgresql://reader@db.example/flows\n"
                "  holdpoint drift db --format junit --output drift.xml \"$DATABASE_URL\"\n",
    .operands_min = 1,
    .operands_max = 1,
};

int command_drift_db(int count, char **arguments) {
    struct drift_command command = {0};
    struct database_drift options = {0};
    struct hp_problem problem = {0};
    struct option table[DRIFT_OPTION_COUNT + 2] = {
        {.name = "schema",
         .argument = "NAME",
         .kind = OPTION_TEXT,
         .value = &options.schema,
         .help = "only the table in this schema; default: in every schema that has one"},
        {.name = "read-only",
         .kind = OPTION_FLAG,
         .value = &options.read_only,
         .help = "insert nothing; what only a try can tell is then undecided, which is no fault"},
    };
    int code;
    drift_command_fill(&command, table + 2);
    if (drift_command_begin(&command, &manual, table, DRIFT_OPTION_COUNT + 2, count, arguments, &code)) {
        options.conninfo = command.operands.items[0];
        enum hp_status status = database_drift(&options, command.vocabulary, &command.report, &problem);
        code = drift_command_end(&command, &manual, status, &problem);
    }
    drift_command_release(&command);
    return code;
}
